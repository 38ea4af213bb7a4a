/** Inputs that nobody sends by accident: real ones with a few parts dropped, doubled, nested, renamed or put wrong, and texts with what parsers stumble over. */
import fc from "fast-check";

const BAD_NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "length", "then", "toJSON", ""];
const PIECES = [
  ...BAD_NAMES,
  ...["\0", "\u0001", "\u001b[31m", "\u007f", "\u0085", "\u2028", "\ufeff", "\u202e", "\u2066", "\ufffd", "\uffff"],
  ...["\ud800", "\udfff", "\udc00\ud800", "😀", "a\u0301\u0301\u0301", "ﬁ", "İ", "ß", "שלום", "\u200d"],
  ...[
    "\n",
    "\r\n",
    "\t",
    " ",
    "\u00a0",
    "\u3000",
    '"',
    "'",
    "\\",
    "/",
    "//",
    ":",
    ";",
    ",",
    ".",
    "#",
    "@",
    "&",
    "|",
    "~",
    "-",
    "%",
    "_",
    "*",
    "=",
    "+",
  ],
  ...[
    "<",
    ">",
    "<@U1>",
    "<@U0ANA|ana>",
    "<!channel>",
    "<#C1|x>",
    "<mailto:a@b|a@b>",
    "&lt;",
    "&amp;amp;",
    "{",
    "}",
    "[",
    "]",
    "{{",
    "}}",
    "{%",
    "%}",
  ],
  ...[
    "0",
    "-0",
    "-1",
    "00",
    "1e999",
    "1e-999",
    "0x10",
    "NaN",
    "Infinity",
    "9007199254740993",
    "999999999999999999999",
    "null",
    "true",
    "undefined",
    "[object Object]",
  ],
  ...["2026-02-30", "9999-12-31", "0000-00-00", "+275760-09-13", "24:00", "00:60", "P1D", "Europe/Berlin", "1 day", "99999 working days"],
];
const HUGE = [
  "a".repeat(100_000),
  "\ud800".repeat(50_000),
  "<@U1>".repeat(20_000),
  " ".repeat(100_000),
  "a ".repeat(50_000),
  "9".repeat(100_000),
  "\0".repeat(100_000),
];

const piece = fc.constantFrom(...PIECES);
/** Any code units, halves of pairs among them. (fast-check's own "binary" unit costs half a second before its first text.) */
const units = fc.array(fc.nat(0xffff), { maxLength: 12 }).map((codes) => String.fromCharCode(...codes));

/** A text of a few odd pieces; one in a thousand is 100 kB long. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 500, arbitrary: piece },
  { weight: 400, arbitrary: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")) },
  { weight: 99, arbitrary: units },
  { weight: 1, arbitrary: fc.constantFrom(...HUGE) },
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

const DEEP = [nested(20), nested(62), nested(70), nested(1_500)];
const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    0.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    "",
    [],
    {},
    [null],
    [[]],
    [{}],
    { "": "" },
    { id: {} },
    { length: 3 },
    ["a", 1],
  ],
  ...[JSON.parse('{"__proto__":{"isAdmin":true}}'), JSON.parse('{"constructor":{"prototype":{}}}'), { toString: 1, valueOf: null }],
  Array.from({ length: 300 }, () => null),
];

/** Values that many cases share, and no case may change. */
const SHARED: ReadonlySet<unknown> = new Set([...DEEP, ...ODD]);

/** Any value that JSON can hold. */
export const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 250, arbitrary: fc.constantFrom(...ODD) },
  { weight: 250, arbitrary: text },
  { weight: 3, arbitrary: fc.constantFrom(...DEEP) },
);

interface Change {
  /** Which of the parts, from 0 to 1. */
  readonly at: number;
  readonly how: "put" | "drop" | "double" | "wrap" | "rename" | "swap";
  readonly put: unknown;
  readonly name: string;
}

const share = fc.nat(9_999).map((at) => at / 10_000);
const change: fc.Arbitrary<Change> = fc.record({
  at: share,
  how: fc.constantFrom("put", "put", "put", "drop", "double", "wrap", "rename", "swap"),
  put: value,
  name: fc.constantFrom(...BAD_NAMES),
});

type Held = Record<string, unknown>;
interface Slot {
  readonly of: Held;
  readonly key: string;
}

/** Every place in a value that holds a part; not within the values that were put there. */
function slotsOf(root: Held): readonly Slot[] {
  const slots: Slot[] = [];
  const walk = (of: Held, depth: number): void => {
    for (const key of Object.keys(of)) {
      slots.push({ of, key });
      const held = of[key];
      if (typeof held === "object" && held !== null && !SHARED.has(held) && depth < 12 && slots.length < 400) walk(held as Held, depth + 1);
    }
  };
  walk(root, 0);
  return slots;
}

/** Sets it as the object's own part, also where the name is `__proto__`. */
function set(of: Held, key: string, put: unknown): void {
  Object.defineProperty(of, key, { value: put, writable: true, enumerable: true, configurable: true });
}

function changed(json: string, changes: readonly Change[]): unknown {
  const root: Held = { it: JSON.parse(json) as unknown };
  for (const { at, how, put, name } of changes) {
    const slots = slotsOf(root);
    const slot = slots[Math.floor(at * slots.length)];
    if (!slot) continue;
    const { of, key } = slot;
    switch (how) {
      case "put":
        set(of, key, put);
        break;
      case "drop":
        if (Array.isArray(of)) of.splice(Number(key), 1);
        else delete of[key];
        break;
      case "double":
        if (Array.isArray(of)) of.push(of[Number(key)]);
        else set(of, name, of[key]);
        break;
      case "wrap":
        set(of, key, Array.isArray(of[key]) ? { 0: of[key] } : [of[key]]);
        break;
      case "rename":
        if (!Array.isArray(of)) {
          set(of, name, of[key]);
          delete of[key];
        }
        break;
      case "swap": {
        const other = slots[Math.floor(((at * 7) % 1) * slots.length)];
        if (other) set(of, key, typeof other.of[other.key] === "object" ? put : other.of[other.key]);
        break;
      }
    }
  }
  return root.it;
}

/** One of these values with a few of its parts changed. The values themselves are among them. */
export function damagedValue(...originals: readonly unknown[]): fc.Arbitrary<unknown> {
  const all = originals.map((one) => JSON.stringify(one));
  return fc.tuple(fc.constantFrom(...all), fc.array(change, { maxLength: 4 })).map(([json, changes]) => changed(json, changes));
}

interface Cut {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
  readonly double: boolean;
}

const cut: fc.Arbitrary<Cut> = fc.record({ at: share, cut: fc.nat(12), put: text, double: fc.boolean() });

function withCuts(original: string, cuts: readonly Cut[]): string {
  return cuts.reduce((whole, { at, cut: length, put, double }) => {
    const start = Math.floor(at * whole.length);
    const taken = whole.slice(start, start + length);
    return whole.slice(0, start) + (double ? taken + taken : "") + put + whole.slice(start + length);
  }, original);
}

/** One of these texts with pieces taken out, doubled or put in. The texts themselves are among them. */
export function damagedText(...originals: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...originals), fc.array(cut, { maxLength: 3 })).map(([original, cuts]) => withCuts(original, cuts));
}

/** A damaged value as JSON, and now and then that JSON damaged as a text. */
export function damagedJson(...originals: readonly unknown[]): fc.Arbitrary<string> {
  return fc
    .tuple(damagedValue(...originals), fc.nat(9), fc.array(cut, { minLength: 1, maxLength: 2 }))
    .map(([it, often, cuts]) => (often === 0 ? withCuts(JSON.stringify(it) ?? "", cuts) : (JSON.stringify(it) ?? "null")));
}
