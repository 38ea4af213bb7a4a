import { open } from "node:fs/promises";
import { DatabaseFault } from "../fault.ts";

/** A fault that carries the server's last words; a full disk is named as such, since that is what one must mend. */
export function serverFault(what: string, words: string, home: string): DatabaseFault {
  if (/no space left on device|disk quota exceeded|not enough space|check free disk space/i.test(words))
    return new DatabaseFault(
      "disk-full",
      `${what}: the disk under ${home} is full. Make room, or set LATCHKEY_HOME to a folder on another disk.`,
    );
  if (/permission denied/i.test(words))
    return new DatabaseFault(
      "folder-unusable",
      `${what}: its user may not use the files under ${home}. The server's last words: ${lastWords(words)}`,
    );
  return new DatabaseFault("server-failed", `${what}. The server's last words: ${lastWords(words) || "none"}`);
}

const LINES = 12;

function lastWords(words: string): string {
  return words.trim().split("\n").slice(-LINES).join("\n");
}

/** The end of a log file, from `from` bytes on; at most 8 kB. */
export async function tailOf(file: string, from: number): Promise<string> {
  const handle = await open(file, "r").catch(() => undefined);
  if (handle === undefined) return "";
  try {
    const { size } = await handle.stat();
    const start = Math.max(from, size - 8_192, 0);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.max(size - start, 0)), 0, Math.max(size - start, 0), start);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
