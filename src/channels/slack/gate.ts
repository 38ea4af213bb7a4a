/**
 * What stands in front of Bolt: nothing large, late, early, unsigned or misshapen gets past it. Bolt 5.1 takes 4 MB, accepts any future
 * timestamp and lets `ssl_check` through unsigned; its HTTPReceiver ends the process on a JSON body of `null`.
 */
import type { IncomingMessage } from "node:http";
import { parse } from "node:querystring";
import { isValidSlackRequest } from "@slack/bolt";

/** Slack's own payloads stay far below; a modal's view is at most 250 kB and Latchkey's are a tenth of that. */
export const MOST_BODY_BYTES = 256 * 1024;
/** docs.slack.dev/authentication/verifying-requests-from-slack: five minutes; here to both sides. */
export const MOST_SKEW_S = 300;
/** A body that trickles in is given up: Slack sends its own at once. */
const BODY_WITHIN_MS = 10_000;

/** HTTP status of a request that is turned away, with a word for the log. */
export interface TurnedAway {
  readonly ok: false;
  readonly status: 400 | 401 | 405 | 408 | 413;
  readonly why: string;
}

export type Admitted = { readonly ok: true; readonly body: Buffer };

/** Reads, measures and checks a request; `nowMs` is the clock that signatures are held against. */
export async function admit(req: IncomingMessage, signingSecret: string, nowMs: number): Promise<Admitted | TurnedAway> {
  if (req.method !== "POST") return turnAway(405, "method");
  if (Number(req.headers["content-length"] ?? 0) > MOST_BODY_BYTES) return turnAway(413, "content-length");
  const signed = signatureOf(req, nowMs);
  if (!signed) return turnAway(401, "headers or clock");

  const read = await readBody(req);
  if (!Buffer.isBuffer(read)) return read;
  const text = exactText(read);
  if (text === null) return turnAway(400, "encoding");
  const headers = { "x-slack-signature": signed.signature, "x-slack-request-timestamp": signed.timestamp };
  if (!isValidSlackRequest({ signingSecret, body: text, headers, nowMilliseconds: nowMs })) return turnAway(401, "signature");
  return isEnvelope(text, req.headers["content-type"]) ? { ok: true, body: read } : turnAway(400, "shape");
}

function turnAway(status: TurnedAway["status"], why: string): TurnedAway {
  return { ok: false, status, why };
}

/** The two headers in the one form that Slack sends; null for anything else, and for a time more than five minutes ahead or behind. */
function signatureOf(req: IncomingMessage, nowMs: number): { signature: string; timestamp: number } | null {
  const signature = only(req, "x-slack-signature");
  const timestamp = only(req, "x-slack-request-timestamp");
  if (signature === null || !/^v0=[0-9a-f]{64}$/.test(signature)) return null;
  if (timestamp === null || !/^[1-9]\d{0,11}$/.test(timestamp)) return null;
  return Math.abs(nowMs / 1000 - Number(timestamp)) <= MOST_SKEW_S ? { signature, timestamp: Number(timestamp) } : null;
}

/** A header that stands there once; node joins repeated ones, so the raw list is counted. */
function only(req: IncomingMessage, name: string): string | null {
  const times = req.rawHeaders.filter((word, index) => index % 2 === 0 && word.toLowerCase() === name).length;
  const value = req.headers[name];
  return times === 1 && typeof value === "string" ? value : null;
}

/** Counted while reading: content-length may be missing or wrong. */
async function readBody(req: IncomingMessage): Promise<Buffer | TurnedAway> {
  const parts: Buffer[] = [];
  let size = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    req.destroy();
  }, BODY_WITHIN_MS);
  try {
    for await (const part of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MOST_BODY_BYTES) return turnAway(413, "body");
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch {
    return late ? turnAway(408, "slow body") : turnAway(400, "cut off");
  } finally {
    clearTimeout(timer);
  }
}

/** The text that is signed; null when the bytes aren't UTF-8, since two such bodies could read as one text. */
function exactText(body: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

/** Whether Bolt can look at it without falling over: an object whose parts, where they stand, are of their kind. */
function isEnvelope(text: string, contentType: string | undefined): boolean {
  const body = parsed(text, contentType);
  if (!isRecord(body)) return false;
  const objects = ["event", "team", "enterprise", "user", "view", "container", "channel", "message"] as const;
  const isOdd = (key: (typeof objects)[number]) => {
    const value = body[key];
    return value !== undefined && !isRecord(value) && !(value === null && key !== "event" && key !== "view" && key !== "user");
  };
  if (contentType === "application/json") return !isOdd("event");
  if (body.command !== undefined) return typeof body.command === "string";
  if (objects.some(isOdd)) return false;
  if (["view_submission", "view_closed"].includes(String(body.type)) && !isRecord(body.view)) return false;
  return body.actions === undefined || (Array.isArray(body.actions) && body.actions.length > 0 && body.actions.every(isRecord));
}

/** As Bolt will read it. */
function parsed(text: string, contentType: string | undefined): unknown {
  try {
    if (contentType !== "application/x-www-form-urlencoded") return JSON.parse(text);
    const form = parse(text);
    return typeof form.payload === "string" ? JSON.parse(form.payload) : { ...form };
  } catch {
    return null;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
