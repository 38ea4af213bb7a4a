/** One number for what a folder says, so that it is applied again only when it says something else. */
import { createHash } from "node:crypto";

/** Rises when Latchkey reads more out of the same words than before, so that an upgrade applies a folder that didn't change. */
const READING = 2;

/** Characters that are hashed together: a large folder is never one text. */
const PORTION = 64 * 1024;

/** sha256, in hex, of a JSON value with its keys in order: comments, spacing and the order of keys don't count. */
export function digestOf(value: unknown): string {
  const hash = createHash("sha256");
  let portion = `${READING} `;
  const write = (text: string): void => {
    portion += text;
    if (portion.length < PORTION) return;
    hash.update(portion);
    portion = "";
  };
  canonical(value, write);
  return hash.update(portion).digest("hex");
}

function canonical(value: unknown, write: (text: string) => void): void {
  if (typeof value !== "object" || value === null) {
    write(JSON.stringify(value) ?? "null");
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      write(index === 0 ? "[" : ",");
      canonical(value[index], write);
    }
    write(value.length === 0 ? "[]" : "]");
  } else {
    let sign = "{";
    for (const key of inOrder(Object.keys(value))) {
      const one = (value as Record<string, unknown>)[key];
      if (one === undefined) continue;
      write(`${sign}${JSON.stringify(key)}:`);
      canonical(one, write);
      sign = ",";
    }
    write(sign === "{" ? "{}" : "}");
  }
}

/** Sorted; most come sorted, or as the last ones did: a hundred thousand people have the same keys. */
function inOrder(keys: readonly string[]): readonly string[] {
  if (keys.length === last.keys.length && keys.every((key, index) => key === last.keys[index])) return last.sorted;
  const isSorted = keys.every((key, index) => index === 0 || (keys[index - 1] as string) < key);
  if (isSorted) return keys;
  const sorted = [...keys].sort();
  if (keys.length > 3) last = { keys, sorted };
  return sorted;
}

let last: { readonly keys: readonly string[]; readonly sorted: readonly string[] } = { keys: [], sorted: [] };
