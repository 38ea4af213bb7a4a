/** One number for what a folder says, so that it is applied again only when it says something else. */
import { createHash } from "node:crypto";

/** Rises when Latchkey reads more out of the same words than before, so that an upgrade applies a folder that didn't change. */
const READING = 2;

/** sha256, in hex, of a JSON value with its keys in order: comments, spacing and the order of keys don't count. */
export function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(`${READING} ${canonical(value)}`)
    .digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
    .join(",")}}`;
}
