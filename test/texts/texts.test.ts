import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { REFUSALS } from "../../src/domain/refusals.ts";
import { en } from "../../src/texts/en.ts";
import { listed, say } from "../../src/texts/say.ts";
import { ALERT_NAMES, BUTTON_LABELS } from "./promised.ts";

/** Every plain string of the catalogue with the path to it. */
function stringsOf(entry: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof entry === "string") return [[path, entry]];
  if (typeof entry !== "object" || entry === null) return [];
  return Object.entries(entry).flatMap(([key, value]) => stringsOf(value, path === "" ? key : `${path}.${key}`));
}

const strings = stringsOf(en, "");

describe("the catalogue", () => {
  test("the buttons read exactly as promised to the outside", () => {
    for (const [verb, label] of Object.entries(BUTTON_LABELS)) expect(en.buttons[verb as keyof typeof BUTTON_LABELS]).toBe(label);
  });

  test("every refusal and every alert has its entry, and nothing else has", () => {
    expect(Object.keys(en.refusals).sort()).toEqual([...REFUSALS].sort());
    expect(Object.keys(en.alerts).sort()).toEqual([...ALERT_NAMES].sort());
  });

  test("nothing shouts, and nothing is empty", () => {
    expect(strings.length).toBeGreaterThan(100);
    for (const [path, words] of strings) {
      expect(words.trim(), path).not.toBe("");
      expect(words, path).not.toContain("!");
    }
  });

  test("no sentence shows a code", () => {
    for (const [path, words] of strings) expect(words, path).not.toMatch(/\b[a-z]+(_[a-z]+)+\b|\b[A-Z]{2,}_[A-Z]/);
  });

  test("sentences stay short: at most 20 words each", () => {
    for (const [path, words] of strings)
      for (const sentence of words.split(/[.?]\s/)) expect(sentence.split(/\s+/).length, `${path}: ${sentence}`).toBeLessThanOrEqual(20);
  });
});

test("cards carry no words of their own: all of them stand in the catalogue", () => {
  for (const file of readdirSync("src/cards")) {
    const code = readFileSync(`src/cards/${file}`, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    const literals = [...code.matchAll(/"([^"\n]*)"|`([^`]*)`/g)].map((match) => (match[1] ?? match[2] ?? "").replace(/\$\{[^}]*\}/g, ""));
    expect(
      literals.filter((literal) => /[a-z]{2,} [a-z]{2,}/i.test(literal)),
      file,
    ).toEqual([]);
  }
});

describe("a sentence", () => {
  test("keeps what is filled in apart from the words", () => {
    expect(say`${{ strong: "Ana" }} approved this.`).toEqual([{ strong: "Ana" }, " approved this."]);
    expect(say`a ${"<b>"} c`).toEqual(["a ", "<b>", " c"]);
  });

  test("takes whole phrases in, and leaves out what isn't known", () => {
    expect(say`x ${say`y ${1}`} z`).toEqual(["x ", "y ", 1, " z"]);
    expect(say`x${null}.`).toEqual(["x", "."]);
  });

  test.each([
    [[], []],
    [["A"], ["A"]],
    [
      ["A", "B"],
      ["A", " and ", "B"],
    ],
    [
      ["A", "B", "C"],
      ["A", ", ", "B", " and ", "C"],
    ],
  ])("lists %j as people do", (items, words) => {
    expect(listed(items, "and")).toEqual(words);
  });
});
