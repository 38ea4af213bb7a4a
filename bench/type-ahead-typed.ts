/** What people type into a search: beginnings of names and words, with typing errors, and signs that mean something to databases. */
import { AREAS, nameOf, ROLES } from "./apply-folder.ts";

const HOSTILE = [
  "%",
  "_",
  "\\",
  "%%",
  "_a",
  "\\%",
  "' or 1=1 --",
  "🎉",
  "🎉🎉",
  "a' || 'b",
  ":*",
  "a & b",
  "$1",
  "x".repeat(64),
  "é".repeat(64),
  "%_\\".repeat(20),
  "\u0308",
];
/** Words that stand in most or many of the applications. */
const FREQUENT = [
  "reader",
  "writer",
  "keeps",
  "what it",
  "works on",
  "number",
  "sales",
  "tool",
  "payroll",
  "a",
  "e",
  "re",
  "1",
  "emea",
  "manager",
];

/** `count` inputs of 1 to 64 characters; the same seed gives the same. */
export function typedInputs(count: number, applications: number, seed: number): readonly string[] {
  const random = mulberry(seed);
  const below = (most: number) => Math.floor(random() * most);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const name = () => nameOf(1 + below(applications));
  const right = () => `${one(ROLES)} ${one(AREAS)} ${below(97)}`;
  const begun = (text: string) => text.slice(0, 1 + below(text.length));
  const slip = (text: string) => {
    const at = below(text.length);
    const kind = below(3);
    if (kind === 0) return text.slice(0, at) + text.slice(at + 1);
    if (kind === 1) return text.slice(0, at) + (text[at + 1] ?? "") + (text[at] ?? "") + text.slice(at + 2);
    return `${text.slice(0, at)}${one([..."aeinrst"])}${text.slice(at + 1)}`;
  };
  const kinds: readonly (() => string)[] = [
    () => begun(name()),
    () => begun(name()),
    () => begun(right()),
    () => one(name().split(" ")),
    () => slip(name()),
    () => slip(right()),
    () => `${one(FREQUENT)} ${one(FREQUENT)}`,
    () => one(FREQUENT),
    () => `${begun(right())} ${begun(name())}`,
    () => one(HOSTILE),
    () => `${one(HOSTILE)}${begun(name())}`,
    () => `${right()} ${right()} ${right()}`,
  ];
  return Array.from({ length: count }, (_, nth) => [...(kinds[nth % kinds.length] as () => string)()].slice(0, 64).join("") || "a");
}

/** Mulberry32. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
