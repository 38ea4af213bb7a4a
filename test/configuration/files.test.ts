import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readFolder } from "../../src/configuration/folder.ts";
import { LARGEST, sourceOf } from "../../src/configuration/source.ts";
import { broken, CSV, faultsOf, read, YAML } from "./small.ts";

describe("the files of the folder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "latchkey-configuration-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test("both are read", async () => {
    await writeFile(join(folder, "latchkey.yaml"), YAML);
    await writeFile(join(folder, "people.csv"), CSV);
    expect(await readFolder(folder)).toMatchObject({ ok: true, notes: [] });
  });

  test("each missing one is named, with what to do", async () => {
    const found = await readFolder(join(folder, "nowhere"));
    expect(!found.ok && found.faults).toEqual(
      ["latchkey.yaml", "people.csv"].map((file) => ({
        ...{ file, line: 1, column: 1 },
        message: `${join(folder, "nowhere", file)} does not exist: create it, or point LATCHKEY_CONFIG at the folder that has it`,
      })),
    );
  });

  test("a folder in the place of a file is named", async () => {
    await mkdir(join(folder, "latchkey.yaml"));
    await writeFile(join(folder, "people.csv"), CSV);
    const found = await readFolder(folder);
    expect(!found.ok && found.faults).toMatchObject([{ file: "latchkey.yaml", message: expect.stringContaining("is not a file") }]);
  });

  test("a file that can't be read for another reason is named with the system's word for it", async () => {
    await symlink("people.csv", join(folder, "people.csv"));
    await writeFile(join(folder, "latchkey.yaml"), YAML);
    const found = await readFolder(folder);
    const message = `${join(folder, "people.csv")} can't be read (ELOOP)`;
    expect(!found.ok && found.faults).toEqual([{ file: "people.csv", line: 1, column: 1, message }]);
  });
});

describe("encodings", () => {
  test("a byte order mark and Windows line ends change neither the content nor the places", () => {
    const plain = read(YAML, CSV);
    const windows = read(`\ufeff${YAML.replaceAll("\n", "\r\n")}`, `\ufeff${CSV.replaceAll("\n", "\r\n")}`);
    expect(windows).toEqual(plain);
    const { text, place } = broken(YAML, "policy: privileged", "policy: ▸privilegd");
    expect(faultsOf(`\ufeff${text.replaceAll("\n", "\r\n")}`, CSV)).toMatchObject([place]);
  });

  test("a character that isn't UTF-8 is named at its place in either file", () => {
    const latin1 = (text: string, find: string, put: string) => Buffer.from(text.replace(find, put), "latin1");
    const message = "a character is not UTF-8: save the file as UTF-8 (Excel: CSV UTF-8)";
    expect(faultsOf(latin1(YAML, "name: CRM", "name: B\u00fcro"), CSV)).toEqual([{ file: "latchkey.yaml", line: 16, column: 12, message }]);
    expect(faultsOf(YAML, latin1(CSV, "Bo,E1", "B\u00f6,E1"))).toEqual([{ file: "people.csv", line: 3, column: 21, message }]);
  });

  test("UTF-16 is recognised by its mark", () => {
    const utf16 = Buffer.from(`\ufeff${CSV}`, "utf16le");
    expect(faultsOf(YAML, utf16)).toMatchObject([{ message: "the file is written in UTF-16: save it as UTF-8 (Excel: CSV UTF-8)" }]);
  });

  test("a file far too large is refused before it is parsed", () => {
    const huge = new Uint8Array(LARGEST["latchkey.yaml"] + 1);
    const message = "the file has 17 MB; at most 16 MB are read: is it the right file?";
    expect(sourceOf("latchkey.yaml", huge)).toMatchObject({ ok: false, fault: { line: 1, column: 1, message } });
  });
});

/** What is replaced, by what (the mark stands where the fault is expected), and the sentence. */
const SYNTAX: readonly [string, string, string][] = [
  ["    name: CRM", "▸\tname: CRM", "a tab indents this line: YAML wants spaces, write two for each level"],
  ["    name: CRM", "    ▸id: crm", "this key stands here twice: keep one of the two"],
  [
    "name: CRM",
    "name: ▸Sales: CRM",
    'a second ": " stands in this value, or the line is indented too far: put texts with a colon in quotes',
  ],
  ["name: CRM", "name: ▸@CRM", "plain value cannot start with reserved character @: put the text in quotes"],
  ["name: CRM", 'name: "C▸\\RM"', "invalid escape sequence \\R: write \\\\ for a backslash, or use single quotes"],
  ["applications:\n", "▸---\napplications:\n", "a second document starts here (---): keep everything in one"],
  ["name: CRM", "name: ▸*crm", 'unknown alias "crm": no &crm stands above it; put the text in quotes if it shall start with *'],
  ["name: CRM", "name: &acme CRM\n    description: ▸*acm", 'unknown alias "acm": did you mean "acme"?'],
  ["name: CRM", "name: CRM\n    keywords: &k [a, ▸*k]", "*k stands inside of what it repeats: write that part out"],
  ["name: CRM", "name: ▸!secret CRM", "unresolved tag: !secret: tags (!) aren't used here; put the text in quotes"],
];

test.each(SYNTAX)("YAML that can't be read: %j as %j is named at its place", (find, put, message) => {
  const { text, place } = broken(YAML, find, put);
  expect(faultsOf(text, CSV)).toContainEqual({ file: "latchkey.yaml", ...place, message });
});

test("what is repeated by an alias is read, and a fault in it is named where it is written", () => {
  const repeated = `${YAML.replace("fulfillers: { group: desk }", "fulfillers: &desk { group: desk }").replace("administrators: { group: desk }\n", "")}administrators: *desk\n`;
  expect(read(repeated, CSV)).toMatchObject({ ok: true, catalogue: { settings: { administrators: { kind: "group", group: "desk" } } } });
  const faults = faultsOf(repeated.replace("&desk { group: desk }", "&desk { group: dsek }"), CSV);
  expect(faults).toEqual([{ file: "latchkey.yaml", line: 19, column: 32, message: 'unknown group "dsek": did you mean "desk"?' }]);
});

test("a few lines that would grow to gigabytes are refused", () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ..."bcdefghij".split("").map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghij"[index]}`)}]`),
  ];
  const message = "anchors (&) and aliases (*) repeat too much here: write the repeated parts out";
  expect(faultsOf(bomb.join("\n"), CSV)).toEqual([{ file: "latchkey.yaml", line: 1, column: 1, message }]);
});

test.each(["[", "{a: ", "- ", "? "])("deep nesting is refused in a sentence: %j ten thousand times", (piece) => {
  const faults = faultsOf(piece.repeat(10_000), CSV);
  expect(faults.length).toBeGreaterThan(0);
  expect(faults.every(({ message }) => message.length < 300)).toBe(true);
});

test.each(["", "# nothing but a comment", "just a text", "- a list", "42"])(
  "a file that is no map of keys is told what to write: %j",
  (yaml) => {
    const message = expect.stringMatching(/^the file (is empty: write|must be) keys such as groups:, policies: and applications:/);
    expect(faultsOf(yaml, CSV)).toMatchObject([{ line: 1, column: 1, message }]);
  },
);
