/** The configuration folder, damaged: each of its parsers with many small texts, and the whole of it with fewer. Whatever stands there: a result, or faults. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { catalogueReader } from "../../src/configuration/catalogue.ts";
import { readDocument } from "../../src/configuration/document.ts";
import type { Fault } from "../../src/configuration/fault.ts";
import { readSources } from "../../src/configuration/folder.ts";
import { outlineOf } from "../../src/configuration/outline.ts";
import { readPeople } from "../../src/configuration/people.ts";
import { sourceOf } from "../../src/configuration/source.ts";
import { knownVariables, templateProblems } from "../../src/configuration/templates.ts";
import { LONGEST_LOGIN } from "../../src/domain/commands.ts";
import type { Person } from "../../src/domain/people.ts";
import { LONGEST_TEMPLATE, LONGEST_VALUE, renderAccount } from "../../src/domain/template.ts";
import { CSV, YAML } from "../configuration/small.ts";
import { fuzz, LONG, must } from "./fuzzing.ts";
import { damagedText, damagedValue, text } from "./hostile.ts";

const ACME_YAML = readFileSync("examples/acme/latchkey.yaml", "utf8");
const ACME_CSV = readFileSync("examples/acme/people.csv", "utf8");

const linesOf = (content: string) => content.split(/\r\n|\r|\n/);

/** A sentence, at a place that the file has. */
function faultsAreSound(faults: readonly Fault[], lines: readonly string[]): void {
  must(faults.length > 0, "at least one fault");
  for (const { line, column, message } of faults) {
    must(line >= 1 && line <= lines.length, `a line of the file: ${message}`);
    must(column >= 1 && column <= (lines[line - 1] ?? "").length + 1, `a column of the line: ${message}`);
    must(/^[^\n]{5,1000}$/.test(message), `one sentence: ${message}`);
  }
}

/** Never an exception: what both files come to is a catalogue and people, or faults. */
function folderIsAnswered(yaml: Uint8Array, csv: Uint8Array): void {
  const found = readSources(sourceOf("latchkey.yaml", yaml), sourceOf("people.csv", csv));
  if (found.ok) {
    must(/^[0-9a-f]{64}$/.test(found.digest), "a digest");
    return;
  }
  for (const [file, bytes] of [
    ["latchkey.yaml", yaml],
    ["people.csv", csv],
  ] as const) {
    const own = found.faults.filter((fault) => fault.file === file);
    if (own.length > 0) faultsAreSound(own, linesOf(Buffer.from(bytes).toString("utf8")));
  }
  must(
    found.faults.every(({ file }) => file === "latchkey.yaml" || file === "people.csv"),
    "a file of the folder",
  );
  must(found.faults.length > 0, "at least one fault");
}

/** Pieces of YAML of every style, short: the parser's time goes with the length. */
const SNIPPETS = [
  'a: &x [1, "two"]\nb: *x\n',
  "- { id: desk, members: [E1, 'E2'] }\n",
  'text: |\n  one\nquoted: "\\u0041"\n',
  "? complex\n: - 1\n# note\n---\nlast: {}\n",
  "a:\n  b:\n    c: [[{ d: e }]]\n",
];
const sign = fc.constantFrom(
  "\t",
  "- ",
  ": ",
  "&a ",
  "*a",
  "!x ",
  "|\n",
  ">",
  "? ",
  "%",
  "`",
  "{",
  "}",
  "[",
  "]",
  "<<: *a\n",
  "--- ",
  "...\n",
  "#",
  "'",
  '"',
  "  ",
  "\n",
  "a",
  "1",
);
const yamls: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: damagedText(...SNIPPETS) },
  { weight: 1, arbitrary: fc.array(sign, { maxLength: 20 }).map((signs) => signs.join("")) },
);

test("a damaged piece of YAML is read, or answered with faults at places that it has", LONG, () => {
  fuzz(yamls, (written) => {
    const source = sourceOf("latchkey.yaml", Buffer.from(written));
    if (!source.ok) return;
    const read = readDocument("latchkey.yaml", source.text);
    const lines = linesOf(source.text);
    if (!read.ok) {
      faultsAreSound(read.faults, lines);
      return;
    }
    const { line, column } = read.document.at(["deep", "a", 0, "__proto__"], "key");
    must(line >= 1 && line <= lines.length && column >= 1, "a place of the file");
  });
});

test("THREAT-17 a few lines of YAML whose anchors repeat each other, or that nest without end, are refused", () => {
  const laughs = ["a0: &a0 [x, x]", ...Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}]`)].join(
    "\n",
  );
  for (const written of [laughs, "[".repeat(10_000), "- ".repeat(5_000), "{a: ".repeat(5_000), "a: &x [*x]"]) {
    const read = readDocument("latchkey.yaml", written);
    expect(read.ok, written.slice(0, 10)).toBe(false);
  }
});

const contentOf = (written: string): unknown => {
  const read = readDocument("latchkey.yaml", written);
  if (!read.ok) throw new Error("the original has faults");
  return read.document.value;
};

test("the catalogue with any of its values gone wrong is read, or answered with sentences", LONG, () => {
  const small = contentOf(YAML);
  const outline = outlineOf(small as Readonly<Record<string, unknown>>);
  const { directory } = readPeople("people.csv", CSV, outline);
  const read = catalogueReader(outline, directory);
  const at = () => ({ line: 1, column: 1 });
  expect(read({ file: "latchkey.yaml", value: small, at }).ok).toBe(true);
  // Keys that each folder names as it likes get a schema of their own, which costs more than all the rest: most cases do without.
  const lean = contentOf(YAML.replace(/ +(?:attributes|requestable_by): .*\n/g, ""));
  fuzz(
    damagedValue(lean, lean, lean, lean, lean, small),
    (value) => {
      const found = read({ file: "latchkey.yaml", value, at });
      if (!found.ok) faultsAreSound(found.faults, [""]);
    },
    0.1,
  );
});

test("people.csv with any of its cells gone wrong is read, or answered with faults at places that it has", LONG, () => {
  const outline = outlineOf(contentOf(YAML) as Readonly<Record<string, unknown>>);
  const [heading = "", ana = "", bo = ""] = CSV.split("\n");
  fuzz(damagedText(`${heading}\n${ana}\n${bo}\n`, `id,email\n"E1","a ""b"" c"\n\n${bo}`), (written) => {
    const source = sourceOf("people.csv", Buffer.from(written));
    if (!source.ok) return;
    const { people, faults, notes } = readPeople("people.csv", source.text, outline);
    if (faults.length + notes.length > 0) faultsAreSound([...faults, ...notes], linesOf(source.text));
    must(
      people.every(({ person }) => typeof person.id === "string" && typeof person.email === "string"),
      "people with ids",
    );
  });
});

const TEMPLATES = [
  "{{ person.email }}",
  '{{ person.name | downcase | replace: " ", "." | truncate: 20 }}-{{ request.number }}',
  "{% if form.region == 'EMEA' %}eu{% elsif form.level > 3 %}big{% else %}{{ form['region'] | default: \"us\" }}{% endif %}",
  "{% assign x = form.choices | join: \"-\" %}{% case x %}{% when 'a' %}{{ x | append: x }}{% endcase %}{# note #}",
  '{{ form.date | date: "%Y-%m-%d" }}{% raw %}{{ }}{% endraw %}{{ person.id | times: 3 | plus: 1 | divided_by: 0 }}',
];
const PERSON = {
  ...{ id: "E1", email: "ana@acme.example", name: "Ana Ruiz", managerId: null, department: "Sales", title: "Lead", location: "Berlin" },
  ...{
    timeZone: "Europe/Berlin",
    state: "active" as const,
    calendar: null,
    startDate: null,
    endDate: null,
    attributes: { cost_center: "C1" },
  },
} satisfies Person;
const APPLICATION = { id: "crm", name: "CRM", description: "", kind: "disconnected" } as const;

test(
  "THREAT-9 a damaged template is read or refused, and filled in with any words it is never longer than a login or a value may be",
  LONG,
  () => {
    const known = knownVariables(["region", "level", "choices", "date"], ["cost_center"]);
    const cases = fc.tuple(damagedText(...TEMPLATES), text);
    fuzz(cases, ([written, said]) => {
      const template = written.slice(0, LONGEST_TEMPLATE);
      for (const { message } of templateProblems(template, known)) must(/^[^\n]{5,1000}$/.test(message), `one sentence: ${message}`);
      const { login, attributes } = renderAccount(
        { login: template, type: "standard", attributes: [{ name: "A", value: template }] },
        {
          person: { ...PERSON, name: said },
          form: { region: said, choices: [said, "b"], level: "7" },
          application: APPLICATION,
          entitlement: null,
          number: 7,
        },
      );
      must(login.length <= LONGEST_LOGIN && (attributes[0]?.value.length ?? 0) <= LONGEST_VALUE, "lengths");
    });
  },
);

const bytes = fc.uint8Array({ maxLength: 6 }).map((array) => Buffer.from(array));
/** The small folder or Acme's, with bytes put anywhere, so that it needn't be UTF-8 any more. */
function damagedBytes(original: string): fc.Arbitrary<Uint8Array> {
  return fc.tuple(damagedText(original), fc.nat(9_999), bytes, fc.nat(3)).map(([written, at, put, often]) => {
    const whole = Buffer.from(written);
    if (often > 0) return whole;
    const start = Math.floor((at / 10_000) * whole.length);
    return Buffer.concat([whole.subarray(0, start), put, whole.subarray(start)]);
  });
}

test("a small folder, damaged anywhere, is read or answered with faults", LONG, () => {
  fuzz(fc.tuple(damagedBytes(YAML), damagedBytes(CSV)), ([yaml, csv]) => folderIsAnswered(yaml, csv), 0.01);
});

/** Acme's folder has 30 kB, and nobody waits for an application of it on a server's thread: its time goes with its length. */
const UNTIMED = false;

test("Acme's folder, damaged anywhere, is read or answered with faults", LONG, () => {
  fuzz(fc.tuple(damagedBytes(ACME_YAML), damagedBytes(ACME_CSV)), ([yaml, csv]) => folderIsAnswered(yaml, csv), 0.0005, UNTIMED);
});

test("random bytes in either file are answered with faults", LONG, () => {
  const few = fc.uint8Array({ maxLength: 60 });
  fuzz(fc.tuple(few, few), ([yaml, csv]) => folderIsAnswered(yaml, csv), 0.01);
});
