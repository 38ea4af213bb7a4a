import fc from "fast-check";
import { expect, test } from "vitest";
import { daysOf, parseDuration } from "../../src/domain/duration.ts";

test.each([
  ["90 seconds", { kind: "elapsed", seconds: 90 }],
  ["1 minute", { kind: "elapsed", seconds: 60 }],
  ["4 hours", { kind: "elapsed", seconds: 14_400 }],
  ["1.5 hours", { kind: "elapsed", seconds: 5400 }],
  ["14 days", { kind: "elapsed", seconds: 1_209_600 }],
  ["2 weeks", { kind: "elapsed", seconds: 1_209_600 }],
  ["  3 days ", { kind: "elapsed", seconds: 259_200 }],
  ["8 working hours", { kind: "working-hours", hours: 8 }],
  ["0.5 working hours", { kind: "working-hours", hours: 0.5 }],
  ["1 working day", { kind: "working-days", days: 1 }],
] as const)("%s is a length of time", (text, duration) => {
  expect(parseDuration(text)).toEqual(duration);
});

test.each([
  ...["", "4", "hours", "4h", "-1 day", "0 days", "0.0 hours", "1,5 hours", "1.5 working days", "2 working minutes", "1 working week"],
  ...["1  day", "4 Hours", "1 month", "1e3 days", "9999999 days", "Infinity days", "NaN hours", "1 day or so"],
])("%j is no length of time", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test("whole days of elapsed time are rounded down, and working time has none", () => {
  expect(daysOf({ kind: "elapsed", seconds: 86_399 })).toBe(0);
  expect(daysOf({ kind: "elapsed", seconds: 2_592_000 })).toBe(30);
  expect(daysOf({ kind: "working-days", days: 3 })).toBeUndefined();
});

test("any whole number of any unit is read back as that many seconds", () => {
  const units = fc.constantFrom(["second", 1], ["minute", 60], ["hour", 3600], ["day", 86_400], ["week", 604_800] as const);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999 }), units, fc.boolean(), (amount, [unit, seconds], plural) => {
      expect(parseDuration(`${amount} ${unit}${plural ? "s" : ""}`)).toEqual({ kind: "elapsed", seconds: amount * Number(seconds) });
    }),
  );
});

test("no text makes it throw, and what it reads is positive and finite", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      const read = parseDuration(text);
      if (!read) return;
      const amount = read.kind === "elapsed" ? read.seconds : read.kind === "working-hours" ? read.hours : read.days;
      expect(amount).toBeGreaterThan(0);
      expect(Number.isFinite(amount)).toBe(true);
    }),
  );
});
