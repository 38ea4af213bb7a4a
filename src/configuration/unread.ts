/** The folder's files as they stand on the disk, nothing read out of them yet: a large folder in which no byte changed needn't be read again. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ReadFolder } from "./folder.ts";
import { bytesOf, sourceOf } from "./source.ts";

export interface UnreadFolder {
  /**
   * sha256 in hex of both files' bytes, and of everything else that what is read depends on: Latchkey's code, and the Node that runs it with its time zones.
   * null: not known, because a file can't be read or the sources run as they are.
   */
  readonly bytesDigest: string | null;
  read(): Promise<ReadFolder>;
}

/** Doesn't throw on what it finds there; `read` says it. `code`: what tells this code from any other. */
export async function openFolder(folder: string, code: Promise<string | null> = ownCode()): Promise<UnreadFolder> {
  const [reader, catalogue, people] = await Promise.all([code, bytesOf(folder, "latchkey.yaml"), bytesOf(folder, "people.csv")]);
  const known = reader !== null && catalogue.ok && people.ok;
  const bytesDigest = known ? digestOf([reader, process.version, process.versions.tz ?? ""], [catalogue.bytes, people.bytes]) : null;
  return {
    bytesDigest,
    async read() {
      const { readSources } = await import("./folder.ts");
      const read = readSources(
        catalogue.ok ? sourceOf("latchkey.yaml", catalogue.bytes) : catalogue,
        people.ok ? sourceOf("people.csv", people.bytes) : people,
      );
      return read.ok ? { ...read, bytesDigest } : read;
    },
  };
}

function digestOf(words: readonly string[], files: readonly Uint8Array[]): string {
  const hash = createHash("sha256").update(JSON.stringify([...words, ...files.map((bytes) => bytes.length)]));
  for (const bytes of files) hash.update(bytes);
  return hash.digest("hex");
}

/** What src/build.mjs wrote beside the code that it made; null where the sources run as they are, which may change at any time. */
async function ownCode(): Promise<string | null> {
  try {
    return await readFile(new URL("../.code", import.meta.url), "utf8");
  } catch {
    return null;
  }
}
