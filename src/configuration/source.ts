/** A file of the folder as text: there, of a sane size, and UTF-8. */
import { isUtf8 } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Fault } from "./fault.ts";

/** 10,000 applications with 100,000 entitlements come to about 12 MB. */
export const LARGEST = { "latchkey.yaml": 16_000_000, "people.csv": 64_000_000 } as const;
export type SourceName = keyof typeof LARGEST;

export type Source = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: Fault };

export type Bytes = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly fault: Fault };

/** The bytes of one file, if it is there and of a sane size. */
export async function bytesOf(folder: string, file: SourceName): Promise<Bytes> {
  const path = join(folder, file);
  try {
    const found = await stat(path);
    if (!found.isFile()) return refuse(file, `${path} is not a file: put a file of this name there`);
    if (found.size > LARGEST[file]) return refuse(file, tooLarge(file, found.size));
    return { ok: true, bytes: await readFile(path) };
  } catch (error) {
    return refuse(file, unreadable(path, (error as NodeJS.ErrnoException).code));
  }
}

/** Reads them; line ends become \n and a byte order mark is dropped, so that positions are those that an editor shows. */
export function sourceOf(file: SourceName, bytes: Uint8Array): Source {
  if (bytes.length > LARGEST[file]) return refuse(file, tooLarge(file, bytes.length));
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return refuse(file, "the file is written in UTF-16: save it as UTF-8 (Excel: CSV UTF-8)");
  }
  if (!isUtf8(bytes)) return { ok: false, fault: notUtf8(file, bytes) };
  const text = new TextDecoder("utf-8", { ignoreBOM: false }).decode(bytes);
  return { ok: true, text: lineFeeds(text) };
}

/** Names the first piece between two line feeds that isn't UTF-8, at the character that stands for what can't be read. */
function notUtf8(file: string, bytes: Uint8Array): Fault {
  let [start, end] = [0, 0];
  do {
    start = end;
    end = bytes.indexOf(0x0a, start) === -1 ? bytes.length : bytes.indexOf(0x0a, start) + 1;
  } while (end < bytes.length && isUtf8(bytes.subarray(start, end)));
  const before = new TextDecoder().decode(bytes.subarray(0, start));
  const piece = new TextDecoder("utf-8", { ignoreBOM: start > 0 }).decode(bytes.subarray(start, end));
  const lines = lineFeeds(before + piece.slice(0, Math.max(0, piece.indexOf("\ufffd")))).split("\n");
  const message = "a character is not UTF-8: save the file as UTF-8 (Excel: CSV UTF-8)";
  return { file, line: lines.length, column: lines.at(-1)!.length + 1, message };
}

function lineFeeds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

function tooLarge(file: SourceName, size: number): string {
  const inMb = (bytes: number) => `${Math.ceil(bytes / 1_000_000)} MB`;
  return `the file has ${inMb(size)}; at most ${inMb(LARGEST[file])} are read: is it the right file?`;
}

function unreadable(path: string, code = "unknown reason"): string {
  if (code === "ENOENT" || code === "ENOTDIR")
    return `${path} does not exist: create it, or point LATCHKEY_CONFIG at the folder that has it`;
  if (code === "EACCES" || code === "EPERM") return `${path} may not be read by this user: change its permissions`;
  return `${path} can't be read (${code})`;
}

function refuse(file: string, message: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { file, line: 1, column: 1, message } };
}
