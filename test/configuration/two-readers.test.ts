import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Path, quickDocument, readWithPlaces, type Spot } from "../../src/configuration/document.ts";
import { YAML } from "./small.ts";

const CASES = Number(process.env.LATCHKEY_YAML_CASES ?? 100);
const ACME = readFileSync("examples/acme/latchkey.yaml", "utf8");

/** Whatever the quick reader takes, the one that knows the places reads alike. Whether it was taken. */
function mustAgree(text: string): boolean {
  const quick = quickDocument(text);
  if (quick === undefined) return false;
  const placed = readWithPlaces("latchkey.yaml", text);
  if (!placed.ok) return expect.fail(`refused with ${placed.faults[0]?.message}: ${JSON.stringify(text)}`);
  if (!isDeepStrictEqual(quick.value, placed.document.value)) expect(quick.value, JSON.stringify(text)).toEqual(placed.document.value);
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  for (const path of [...pathsOf(quick.value), ["nowhere"]])
    for (const spot of SPOTS) {
      const offset = quick.places.offsetOf(path, spot);
      if (offset === undefined) continue;
      placesFound++;
      const line = starts.findLastIndex((start) => start <= offset);
      const position = { line: line + 1, column: offset - starts[line]! + 1 };
      const [at, about] = [placed.document.at(path, spot), `${JSON.stringify(path)} ${JSON.stringify(spot)} in ${JSON.stringify(text)}`];
      if (!isDeepStrictEqual(position, at)) expect(position, about).toEqual(at);
    }
  return true;
}

const SPOTS: readonly Spot[] = ["value", "key", { text: "a", nth: 0 }, { text: "a", nth: 1 }];
let placesFound = 0;

/** Of everything in a value, itself first. */
function pathsOf(value: unknown): readonly Path[] {
  const inside = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const step = (key: string) => (Array.isArray(value) ? Number(key) : key);
  return [[], ...inside.flatMap(([key, one]) => pathsOf(one).map((path) => [step(key), ...path]))];
}

const scalar = fc.oneof(
  fc.constantFrom(
    "a",
    "E12",
    "it-desk",
    "x y z",
    "a#b",
    "a # c",
    "8 working hours",
    "2026-12-25",
    "12",
    "0",
    "007",
    "1.5",
    "1e3",
    "0x1F",
    "1_000",
    "+1",
    "-1",
  ),
  fc.constantFrom(
    "~",
    "null",
    "true",
    "No",
    "yes",
    "TRUE",
    "nUll",
    "http://x.y/z",
    "a:b",
    "a: b",
    "a:",
    "é",
    "🎉",
    "- a",
    "a - b",
    "{{ a }}",
    "@a",
    "`",
    "&x a",
    "*x",
  ),
  fc.constantFrom(
    '"a"',
    '"{{ person.email }}"',
    '"a\\nb"',
    '"a\\\\b"',
    '"\\x41"',
    '"a',
    "'it''s'",
    "'a'",
    '"a" b',
    '"a"#c',
    '"a" # c',
    "''",
    '""',
    "<a",
    "(a)",
    "a b  # c",
  ),
  fc.constantFrom(
    "{ a: b }",
    "[a, b]",
    "[a, b, ]",
    "[]",
    "{}",
    "{ a: [b, { c: d }] }",
    "{a: b}",
    "{ a:b }",
    '{ "a": b }',
    "[a: b]",
    "{ a }",
    "[ {a: 1}, 2 ]",
    "[a,\n    b]",
    "[a,\n b\n]",
  ),
  fc.constantFrom(
    "|\n      a\n      b",
    "|-\n      a\n\n      b\n",
    ">\n      a\n      b\n\n      c",
    "|\n    a\n      b",
    "|+\n      a\n\n",
    "|2\n      a",
    ">-\n   a\n    b",
    "a\n      b",
  ),
);
const key = fc.constantFrom(
  "a",
  "b",
  "c_d",
  "id",
  "Sales team",
  '"quoted key"',
  "'k'",
  "é",
  "true",
  "1",
  "a b",
  "a-b",
  "<<",
  "__proto__",
  "k ",
  "null",
);

/** Lines of a document: mostly well indented. */
const lines = fc.array(
  fc.record({
    indent: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0, 2, 4) }, { weight: 1, arbitrary: fc.nat(6) }),
    dash: fc.oneof(
      { weight: 3, arbitrary: fc.constant("") },
      { weight: 2, arbitrary: fc.constant("- ") },
      { weight: 1, arbitrary: fc.constantFrom("-", "-   ", "- - ") },
    ),
    key: fc.option(key, { freq: 4 }),
    value: fc.option(scalar, { freq: 4 }),
    end: fc.oneof(
      { weight: 8, arbitrary: fc.constant("") },
      { weight: 1, arbitrary: fc.constantFrom(" ", " # c", "\n", "\n# c", "\n      # c", " #", "#") },
    ),
  }),
  { minLength: 1, maxLength: 8 },
);
const written = fc
  .tuple(lines, fc.constantFrom("\n", "\n", "\n", "", "\n\n", "\n "))
  .map(
    ([all, end]) =>
      all
        .map(
          (one) =>
            `${" ".repeat(one.indent)}${one.dash}${one.key === null ? "" : `${one.key}:`}${one.value === null ? "" : `${one.key === null ? "" : " "}${one.value}`}${one.end}`,
        )
        .join("\n") + end,
  );

const tame = fc.constantFrom(
  "a",
  "it-desk",
  "12",
  "true",
  "8 working hours",
  '"{{ a }}"',
  "{ a: [b, { c: d }] }",
  "[a, b]",
  "x # c",
  "'it''s'",
);
const leaf = fc.oneof({ weight: 9, arbitrary: tame }, { weight: 1, arbitrary: scalar });
const tameKey = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("a", "b", "c_d", "id", "Sales team", '"q k"', "é") },
  { weight: 1, arbitrary: key },
);

/** A document as somebody might indent it, with texts at its ends that are plain or not. */
const { tree } = fc.letrec<{ tree: readonly string[]; map: readonly string[]; list: readonly string[] }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, { weight: 2, arbitrary: tie("map") }, { weight: 1, arbitrary: tie("list") }),
  map: fc
    .uniqueArray(fc.tuple(tameKey, fc.oneof(leaf, tie("tree"), tie("tree")), fc.nat(1)), {
      minLength: 1,
      maxLength: 4,
      selector: ([name]) => name,
    })
    .map((pairs) =>
      pairs.flatMap(([name, value, more]) =>
        typeof value === "string" ? [`${name}: ${value}`] : [`${name}:`, ...indented(value, value[0]?.startsWith("-") ? 2 * more : 2)],
      ),
    ),
  list: fc
    .array(fc.oneof(leaf, tie("map")), { minLength: 1, maxLength: 3 })
    .map((items) =>
      items.flatMap((item) =>
        typeof item === "string" ? [`- ${item}`] : indented(item, 2).map((line, nth) => (nth === 0 ? `- ${line.slice(2)}` : line)),
      ),
    ),
}));
const indented = (all: readonly string[], by: number) => all.map((line) => " ".repeat(by) + line);

test("what the quick reader takes, the one that knows the places reads alike: texts made of all kinds of values", () => {
  let read = 0;
  const property = fc.property(tree, (all) => {
    if (mustAgree(`${all.join("\n")}\n`)) read += 1;
  });
  fc.assert(property, { numRuns: 2 * CASES });
  expect(read).toBeGreaterThan(CASES / 10);
});

test("what the quick reader takes, the one that knows the places reads alike: texts made of all kinds of lines", () => {
  fc.assert(
    fc.property(written, (text) => void mustAgree(text)),
    { numRuns: 2 * CASES },
  );
});

const spice = fc.constantFrom(
  ..."\n\"'{}[],:#&*!|>?%@`~-. \t0a",
  ": ",
  "- ",
  " #",
  "\n  ",
  "\n- ",
  "\n    ",
  "null",
  "true",
  "''",
  '""',
  "<<: ",
  "é",
  "🎉",
  "\r",
  "---\n",
  "id: x\n",
);
const damage = fc.record({ at: fc.nat(), cut: fc.nat({ max: 6 }), put: spice });

test("what the quick reader takes, the one that knows the places reads alike: a folder that somebody damages", () => {
  // two pieces of the example, each a document of its own
  const parts = [
    YAML,
    ACME.slice(0, ACME.indexOf("\npolicies:") + 1),
    ACME.slice(ACME.indexOf("\napplications:") + 1)
      .slice(0, 6000)
      .replace(/\n[^\n]*$/, "\n"),
  ];
  for (const part of parts) expect(mustAgree(part)).toBe(true);
  const property = fc.property(fc.constantFrom(...parts), fc.array(damage, { minLength: 1, maxLength: 3 }), (part, damages) => {
    mustAgree(
      damages.reduce((text, { at, cut, put }) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + cut), part),
    );
  });
  fc.assert(property, { numRuns: Math.ceil(CASES / 3) });
});

test("a block text that says how far it is indented is left to the library: of blank lines at its end the two think otherwise", () => {
  for (const mark of ["|2", ">2", "|-2", "|2+"]) expect(mustAgree(`a: ${mark}\n      a\n    \nb:\n`), mark).toBe(false);
});

test("the example is read by the quick reader, as the library reads it, and it knows where nearly everything stands", () => {
  const before = placesFound;
  expect(mustAgree(ACME)).toBe(true);
  const asked = pathsOf(quickDocument(ACME)?.value).length * SPOTS.length;
  expect((placesFound - before) / asked).toBeGreaterThan(0.9);
});
