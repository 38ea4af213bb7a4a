/** The parts of plain-yaml.ts that stand on one line, and flow lists and maps. */

/** Thrown where the library has to read the file. */
export class PlainEnd extends Error {}

/** For each list and map that was read: where the keys and the values in it start. */
export type Places = Map<object, Record<PropertyKey, readonly [number, number]>>;

interface Read<T> {
  readonly value: T;
  /** Behind it. */
  readonly end: number;
}

const DOUBLE = /"([^"\\\n]*(?:\\["\\/nt][^"\\\n]*)*)"/y;
const SINGLE = /'([^'\n]*(?:''[^'\n]*)*)'/y;
const ESCAPED: Readonly<Record<string, string>> = { n: "\n", t: "\t" };

/** A text in quotes that ends on its line. */
export function quoted(text: string, at: number): Read<string> {
  const isDouble = text[at] === '"';
  const pattern = isDouble ? DOUBLE : SINGLE;
  pattern.lastIndex = at;
  const inner = pattern.exec(text)?.[1];
  if (inner === undefined) throw new PlainEnd();
  const end = pattern.lastIndex;
  if (!isDouble) return { value: inner.includes("'") ? inner.replaceAll("''", "'") : inner, end };
  return { value: inner.includes("\\") ? inner.replace(/\\(.)/g, (_, sign: string) => ESCAPED[sign] ?? sign) : inner, end };
}

/** A plain text starts with a letter, a digit or a sign that means nothing else. */
const PLAIN_START = /[\p{L}\p{N}_/($;^]/uy;

/** Behind the last character of the plain text that starts here and fills its line up to a comment. */
export function plainEnd(text: string, at: number): number {
  startOfPlain(text, at);
  PLAIN_LINE.lastIndex = at;
  const line = PLAIN_LINE.exec(text)?.[0] ?? "";
  const comment = line.indexOf(" #");
  const plain = withoutEnd(comment === -1 ? line : line.slice(0, comment));
  if (plain.endsWith(":") || plain.includes(": ")) throw new PlainEnd();
  return at + plain.length;
}

const PLAIN_LINE = /[^\n]*/y;

/** Without the spaces at its end. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === " ") end -= 1;
  return text.slice(0, end);
}

function startOfPlain(text: string, at: number): void {
  PLAIN_START.lastIndex = at;
  if (!PLAIN_START.test(text)) throw new PlainEnd();
}

const WORDS = new Map<string, boolean | null>([
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
  ...["null", "Null", "NULL"].map((word) => [word, null] as const),
]);
const LONGEST_WORD = 5;

/** What a plain text means in YAML's core schema: a word, a whole number, or a text. */
export function resolved(plain: string): unknown {
  if (plain.length <= LONGEST_WORD) {
    const word = WORDS.get(plain);
    if (word !== undefined) return word;
  }
  const first = plain.charCodeAt(0);
  if (first < 0x30 || first > 0x39) return plain;
  if (/^(?:0|[1-9]\d{0,14})$/.test(plain)) return Number(plain);
  // whatever else may be a number, in any notation
  if (/^[\da-fox.+-]*$/i.test(plain) && !/^\d{4}-\d\d-\d\d$/.test(plain)) throw new PlainEnd();
  return plain;
}

const FLOW_KEY = /([\p{L}_][\p{L}\p{N}_./()-]*(?: [\p{L}\p{N}_./()-]+)*):(?= )/uy;
const NO_KEY = /^(?:null|true|false|__proto__)$/i;
/** A plain text between brackets: up to a comma, a bracket or the line's end. */
const FLOW_PLAIN = /[^,[\]{}\n]*/y;
const DEEPEST = 20;

/** A list or map in brackets; lines after the first stand further in than `column`. */
export function flow(text: string, at: number, column: number, places: Places | null, depth = 0): Read<unknown> {
  if (depth > DEEPEST) throw new PlainEnd();
  const isMap = text[at] === "{";
  const close = isMap ? "}" : "]";
  const list: unknown[] = [];
  const map: Record<string, unknown> = {};
  const spots: Record<PropertyKey, readonly [number, number]> = {};
  let next = between(text, at + 1, column);
  while (text[next] !== close) {
    const start = next;
    const key = isMap ? flowKey(text, next) : null;
    if (key) next = between(text, key.end, column);
    const one = flowValue(text, next, column, places, depth);
    if (key) {
      if (Object.hasOwn(map, key.value)) throw new PlainEnd();
      map[key.value] = one.value;
      if (places) spots[key.value] = [start, next];
    } else {
      if (places) spots[list.length] = [next, next];
      list.push(one.value);
    }
    next = between(text, one.end, column);
    if (text[next] === ",") next = between(text, next + 1, column);
    else if (text[next] !== close) throw new PlainEnd();
  }
  const value = isMap ? map : list;
  places?.set(value, spots);
  return { value, end: next + 1 };
}

function flowKey(text: string, at: number): Read<string> {
  FLOW_KEY.lastIndex = at;
  const key = FLOW_KEY.exec(text)?.[1];
  if (key === undefined || key.length > 200 || NO_KEY.test(key)) throw new PlainEnd();
  return { value: key, end: FLOW_KEY.lastIndex };
}

function flowValue(text: string, at: number, column: number, places: Places | null, depth: number): Read<unknown> {
  const sign = text[at];
  if (sign === "{" || sign === "[") return flow(text, at, column, places, depth + 1);
  if (sign === '"' || sign === "'") return quoted(text, at);
  startOfPlain(text, at);
  FLOW_PLAIN.lastIndex = at;
  const plain = withoutEnd(FLOW_PLAIN.exec(text)?.[0] ?? "");
  if (/:(?: |$)| #/.test(plain)) throw new PlainEnd();
  return { value: resolved(plain), end: at + plain.length };
}

/** Over spaces and line ends between brackets. */
function between(text: string, from: number, column: number): number {
  let at = from;
  for (;;) {
    while (text[at] === " ") at += 1;
    if (text[at] !== "\n") return at;
    const start = at + 1;
    at = start;
    while (text[at] === " ") at += 1;
    if (at - start <= column || text[at] === "\n") throw new PlainEnd();
  }
}

/** From 0. */
export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}
