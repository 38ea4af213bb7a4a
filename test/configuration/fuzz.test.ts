import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSources } from "../../src/configuration/folder.ts";
import { sourceOf } from "../../src/configuration/source.ts";
import { CSV, YAML } from "./small.ts";

const ACME_YAML = readFileSync("examples/acme/latchkey.yaml");
const ACME_CSV = readFileSync("examples/acme/people.csv");

/** Whatever the bytes: a result, or at least one fault with a place inside of a file of the folder and a sentence. Never an exception. */
function mustAnswer(yaml: Uint8Array, csv: Uint8Array): void {
  const found = readSources(sourceOf("latchkey.yaml", yaml), sourceOf("people.csv", csv));
  if (found.ok) {
    expect(found.digest).toMatch(/^[0-9a-f]{64}$/);
    return;
  }
  expect(found.faults.length).toBeGreaterThan(0);
  for (const fault of found.faults) {
    const bytes = fault.file === "latchkey.yaml" ? yaml : csv;
    const lines = Buffer.from(bytes)
      .toString("utf8")
      .split(/\r\n|\r|\n/);
    expect(["latchkey.yaml", "people.csv"]).toContain(fault.file);
    expect(fault.line).toBeGreaterThanOrEqual(1);
    expect(fault.line, fault.message).toBeLessThanOrEqual(lines.length);
    expect(fault.column).toBeGreaterThanOrEqual(1);
    expect(fault.column, fault.message).toBeLessThanOrEqual(lines[fault.line - 1]!.length + 1);
    expect(fault.message).toMatch(/^[^\n]{5,1000}$/);
  }
}

/** One small damage: bytes taken out, put in, doubled or overwritten. */
const spice = fc.constantFrom(
  ...[
    "\t",
    "\n",
    "\r",
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ": ",
    "- ",
    "#",
    "&a ",
    "*a",
    "!x ",
    "|\n",
    ">",
    "?",
    "%",
    "@",
    "`",
    "~",
    "null",
    "true",
    "7",
    "\0",
    "\ufeff",
  ],
  ...[
    "{{ person.x }}",
    "{% if",
    "%}",
    "<<: *a\n",
    "__proto__: { a: b }\n",
    "constructor",
    "  ",
    "---\n",
    "...\n",
    "\u202e",
    "😀",
    "'\n",
    '""',
    "E001",
    ";",
    "0",
    "-1",
    "1e999",
  ],
);
const bytes = fc.oneof(
  spice.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 4 }).map((array) => Buffer.from(array)),
);
const damage = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat({ max: 12 }), put: bytes, double: fc.boolean() });
type Damage = { readonly at: number; readonly cut: number; readonly put: Buffer; readonly double: boolean };

function damaged(original: Uint8Array, damages: readonly Damage[]): Uint8Array {
  return damages.reduce<Buffer>((whole, { at, cut, put, double }) => {
    const start = Math.floor(at * whole.length);
    const taken = whole.subarray(start, start + cut);
    return Buffer.concat([whole.subarray(0, start), ...(double ? [taken, taken] : []), put, whole.subarray(start + cut)]);
  }, Buffer.from(original));
}

const damages = fc.array(damage, { minLength: 1, maxLength: 4 });

test("random bytes in either file are answered with faults", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (yaml, csv) => mustAnswer(yaml, csv)),
    { numRuns: 200 },
  );
});

test("random text made of YAML's and CSV's own signs is answered with faults", () => {
  const text = fc.array(spice, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join("")));
  fc.assert(
    fc.property(text, text, (yaml, csv) => mustAnswer(yaml, csv)),
    { numRuns: 200 },
  );
});

test("a small folder, damaged anywhere, is read or answered with faults", () => {
  const property = fc.property(damages, damages, (yaml, csv) =>
    mustAnswer(damaged(Buffer.from(YAML), yaml), damaged(Buffer.from(CSV), csv)),
  );
  fc.assert(property, { numRuns: 150 });
});

test("Acme's folder, damaged anywhere, is read or answered with faults", () => {
  const property = fc.property(damages, damages, (yaml, csv) => mustAnswer(damaged(ACME_YAML, yaml), damaged(ACME_CSV, csv)));
  fc.assert(property, { numRuns: 20 });
});

test("a value of any kind in the place of any of Acme's is read or answered with faults", () => {
  const lines = ACME_YAML.toString("utf8").split("\n");
  const values = fc.constantFrom(
    "",
    "null",
    "7",
    "true",
    "[]",
    "{}",
    "[a, [b]]",
    "{ a: { b: c } }",
    '""',
    "x",
    "{ group: it-leads }",
    '"{{ x }}"',
    "[null]",
  );
  fc.assert(
    fc.property(fc.nat({ max: lines.length - 1 }), values, (at, value) => {
      const changed = lines.with(at, lines[at]!.replace(/: .*$|:$/, `: ${value}`));
      mustAnswer(Buffer.from(changed.join("\n")), ACME_CSV);
    }),
    { numRuns: 40 },
  );
});
