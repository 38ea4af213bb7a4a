/** Reading a request's body as Slack does: form fields whose structured values are JSON in text, or JSON as a whole. */
import type { IncomingMessage } from "node:http";
import { isObject } from "./checks.ts";
import { type Outcome, refused } from "./workspace.ts";
import type { Json } from "./world.ts";

/** Slack takes larger bodies in places; nothing that the app sends comes near this. */
const MAX_BODY_BYTES = 4_000_000;

/** The body as text; rejects when it is too large. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw new Error("request_too_large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** A call's arguments from its query, then its body. */
export function argumentsOf(query: URLSearchParams, contentType: string, body: string): Outcome<Arguments> {
  const fields: Json = Object.fromEntries(query);
  if (contentType.startsWith("application/json")) {
    try {
      const parsed: unknown = body === "" ? {} : JSON.parse(body);
      if (!isObject(parsed)) return refused("json_not_object");
      Object.assign(fields, parsed);
    } catch {
      return refused("invalid_json");
    }
  } else if (body !== "") {
    if (!contentType.startsWith("application/x-www-form-urlencoded")) return refused("invalid_post_type");
    Object.assign(fields, Object.fromEntries(new URLSearchParams(body)));
  }
  return { ok: true, value: reader(fields) };
}

export interface Arguments {
  readonly all: Json;
  /** Text; undefined when it is missing or empty. */
  text(name: string): string | undefined;
  /** Text that may be empty; undefined only when it is missing. */
  given(name: string): string | undefined;
  flag(name: string): boolean;
  /** An object or array, parsed when it came as text; text that is no JSON stays text, for the caller to refuse. */
  data(name: string): unknown;
  /** A page size within 1 and `max`. */
  limit(usual: number, max: number): number;
}

function reader(all: Json): Arguments {
  const given = (name: string) => {
    const value = all[name];
    return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
  };
  return {
    all,
    given,
    text: (name) => given(name) || undefined,
    flag: (name) => all[name] === true || all[name] === "true" || all[name] === "1" || all[name] === 1,
    data: (name) => {
      const value = all[name];
      if (typeof value !== "string") return value ?? undefined;
      if (value === "") return undefined;
      try {
        return JSON.parse(value) as unknown;
      } catch {
        return value;
      }
    },
    limit: (usual, max) => Math.min(max, Math.max(1, Number(given("limit")) || usual)),
  };
}

/** One page of a list. The cursor names the item after which to go on, in base64, as Slack's do. */
export function pageOf<T>(
  items: readonly T[],
  size: number,
  cursor: string | undefined,
  idOf: (item: T) => string,
): Outcome<{ page: readonly T[]; next: string }> {
  let start = 0;
  if (cursor !== undefined) {
    const after = Buffer.from(cursor, "base64")
      .toString("utf8")
      .replace(/^after:/, "");
    start = items.findIndex((each) => idOf(each) === after) + 1;
    if (start === 0) return refused("invalid_cursor");
  }
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  const more = last !== undefined && start + size < items.length;
  return { ok: true, value: { page, next: more ? Buffer.from(`after:${idOf(last)}`).toString("base64") : "" } };
}
