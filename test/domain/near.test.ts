import fc from "fast-check";
import { expect, test } from "vitest";
import { distance, wordsOf } from "../../src/domain/near.ts";

const far = (typed: string, text: string) => distance(wordsOf(typed), wordsOf(text));

test.each([
  ["slaesforce", "Salesforce", 1],
  ["salesfroce", "Salesforce", 1],
  ["salesforse", "Salesforce", 1],
  ["saleforce", "Salesforce", 1],
  ["sallesfforce", "Salesforce", 2],
  ["slaesf", "Salesforce", 1],
  ["gti", "Git", 1],
  ["übersciht", "Übersicht", 1],
  ["code reveiw", "Git\ncode review", 1],
  ["salesforce", "Salesforce", 0],
])("%j is a typing error or two away from %j", (typed, text, errors) => {
  expect(far(typed, text)).toBe(errors);
});

test.each([
  ["xx", "xy"],
  ["git nowhere", "Git"],
  ["sapfiori", "Salesforce"],
  ["x".repeat(64), "Salesforce"],
  ["%%%", "100%"],
  ["", "Git"],
  ["git", ""],
])("%j is too far from %j", (typed, text) => {
  expect(far(typed, text)).toBeNull();
});

test("one error in a long word is always forgiven", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"), minLength: 6, maxLength: 20 });
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom("left out", "doubled", "swapped"), (it, seed, error) => {
      const at = 1 + (seed % (it.length - 2));
      const [before, letter, next, after] = [it.slice(0, at), it.charAt(at), it.charAt(at + 1), it.slice(at + 2)];
      const wrong = {
        "left out": before + next + after,
        doubled: before + letter + letter + next + after,
        swapped: before + next + letter + after,
      }[error];
      expect(far(wrong, `something else ${it}`)).toBeLessThanOrEqual(1);
    }),
  );
});
