import fc from "fast-check";
import { expect, test } from "vitest";
import type { Duration } from "../../src/domain/duration.ts";
import { endFault, endOf, endOfDay, isDate, longestGrant } from "../../src/domain/until.ts";
import { application, entitlement } from "./situation.ts";

const DAY = 86_400_000;
const berlin = (longest: number | null = null) => ({ timeZone: "Europe/Berlin", longest });
const days = (n: number): Duration => ({ kind: "elapsed", seconds: n * 86_400 });

test.each([
  ["Europe/Berlin", "2026-11-23", "2026-11-23T22:59:59.999Z"],
  ["Europe/Berlin", "2026-07-01", "2026-07-01T21:59:59.999Z"],
  ["America/Los_Angeles", "2026-11-23", "2026-11-24T07:59:59.999Z"],
  ["Asia/Kolkata", "2026-11-23", "2026-11-23T18:29:59.999Z"],
  ["Pacific/Kiritimati", "2026-11-23", "2026-11-23T09:59:59.999Z"],
  // The days on which clocks change, and a zone in which the next day begins at 01:00.
  ["Europe/Berlin", "2026-03-29", "2026-03-29T21:59:59.999Z"],
  ["Europe/Berlin", "2026-10-25", "2026-10-25T22:59:59.999Z"],
  ["Africa/Cairo", "2026-04-23", "2026-04-23T21:59:59.999Z"],
  ["UTC", "2028-02-29", "2028-02-29T23:59:59.999Z"],
])("a day in %s, %s, ends at %s", (timeZone, date, end) => {
  expect(endOfDay(date, timeZone).toISOString()).toBe(end);
});

test.each(["2027-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026-01-01T00:00", "tomorrow", "", "-002026-01-01"])(
  "%j is no date",
  (text) => {
    expect(isDate(text)).toBe(false);
  },
);

test("days are counted as 24 hours from the start, also over a change of clocks", () => {
  const start = new Date("2026-10-20T10:00:00Z");
  expect(endOf({ kind: "days", days: 7 }, start, berlin())).toEqual(new Date("2026-10-27T10:00:00Z"));
});

test("a date means the end of that day where the beneficiary lives", () => {
  const until = { kind: "date", date: "2026-12-01" } as const;
  const start = new Date("2026-11-23T11:00:00Z");
  expect(endOf(until, start, berlin())?.toISOString()).toBe("2026-12-01T22:59:59.999Z");
  expect(endOf(until, start, { timeZone: "America/New_York", longest: null })?.toISOString()).toBe("2026-12-02T04:59:59.999Z");
});

test("without an asked end the limit is the end, and without a limit there is none", () => {
  const start = new Date("2026-11-23T11:00:00Z");
  expect(endOf(null, start, berlin(30))).toEqual(new Date(start.getTime() + 30 * DAY));
  expect(endOf(null, start, berlin())).toBeNull();
});

test("ASK-13 whatever was asked, access never lasts longer than the limit, nor longer than asked", () => {
  const until = fc.oneof(
    fc.constant(null),
    fc.record({ kind: fc.constant("days" as const), days: fc.integer({ min: 1, max: 99_999 }) }),
    fc.record({
      kind: fc.constant("date" as const),
      date: fc
        .date({ min: new Date("2026-01-01"), max: new Date("2035-12-31"), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    }),
  );
  const start = fc.date({ min: new Date("2026-01-01"), max: new Date("2035-12-31"), noInvalidDate: true });
  const zone = fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Africa/Cairo", "Australia/Lord_Howe");
  fc.assert(
    fc.property(until, start, zone, fc.option(fc.integer({ min: 1, max: 400 })), (asked, from, timeZone, longest) => {
      const end = endOf(asked, from, { timeZone, longest });
      const free = endOf(asked, from, { timeZone, longest: null });
      if (longest === null) expect(end).toEqual(free);
      else expect(end?.getTime()).toBe(Math.min(from.getTime() + longest * DAY, free?.getTime() ?? Number.POSITIVE_INFINITY));
    }),
  );
});

const now = new Date("2026-11-23T11:00:00Z");

test.each([
  ["for good without a limit", null, null, null],
  ["for good with a limit", null, 30, "too-long"],
  ["as many days as the limit", { kind: "days", days: 30 }, 30, null],
  ["one day more than the limit", { kind: "days", days: 31 }, 30, "too-long"],
  ["no days", { kind: "days", days: 0 }, null, "not-a-date"],
  ["half a day", { kind: "days", days: 0.5 }, null, "not-a-date"],
  ["days that aren't a number", { kind: "days", days: Number.NaN }, null, "not-a-date"],
  ["more days than there are instants", { kind: "days", days: 1e12 }, null, "not-a-date"],
  ["today", { kind: "date", date: "2026-11-23" }, null, null],
  ["yesterday", { kind: "date", date: "2026-11-22" }, null, "past"],
  ["no date", { kind: "date", date: "2026-11-31" }, null, "not-a-date"],
  ["an empty date", { kind: "date", date: "" }, null, "not-a-date"],
  ["the last day of the limit", { kind: "date", date: "2026-12-23" }, 30, null],
  ["the day after the limit", { kind: "date", date: "2026-12-24" }, 30, "too-long"],
] as const)("asking until %s is answered", (_, until, longest, fault) => {
  expect(endFault(until, now, berlin(longest))).toBe(fault);
});

test("whether a day is over, and which one is the last, is asked where the beneficiary lives", () => {
  // 23:30 on the 23rd in Berlin, already the 24th in Kolkata and still the 23rd in New York.
  const night = new Date("2026-11-23T22:30:00Z");
  const fault = (date: string, timeZone: string, longest: number | null = null) =>
    endFault({ kind: "date", date }, night, { timeZone, longest });
  expect(fault("2026-11-23", "Europe/Berlin")).toBeNull();
  expect(fault("2026-11-23", "Asia/Kolkata")).toBe("past");
  expect(fault("2026-11-24", "Europe/Berlin", 1)).toBeNull();
  expect(fault("2026-11-25", "Europe/Berlin", 1)).toBe("too-long");
  expect(fault("2026-11-25", "Asia/Kolkata", 1)).toBeNull();
});

test("the limit's last day is allowed at every hour of every day, also when clocks change on the way", () => {
  const zone = fc.constantFrom("Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "America/Santiago", "UTC");
  const minutes = fc.integer({ min: 0, max: 366 * 24 * 60 });
  fc.assert(
    fc.property(zone, minutes, fc.integer({ min: 1, max: 200 }), (timeZone, minute, longest) => {
      const at = new Date(Date.UTC(2026, 0, 1) + minute * 60_000);
      const [year, month, day] = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" })
        .format(at)
        .split("-")
        .map(Number);
      const after = (n: number) => new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, (day ?? 0) + n)).toISOString().slice(0, 10);
      const fault = (date: string) => endFault({ kind: "date", date }, at, { timeZone, longest });
      expect([fault(after(-1)), fault(after(0)), fault(after(longest)), fault(after(longest + 1))]).toEqual([
        "past",
        null,
        null,
        "too-long",
      ]);
    }),
    { numRuns: 500 },
  );
});

test("the shorter of the application's and the entitlement's limit counts, in whole days of elapsed time", () => {
  const both = (one: Duration | null, two: Duration | null) =>
    longestGrant(application({ maxDuration: one }), entitlement("admin", { maxDuration: two }));
  expect(both(null, null)).toBeNull();
  expect(both(days(30), null)).toBe(30);
  expect(both(days(30), days(7))).toBe(7);
  expect(both(days(7), days(30))).toBe(7);
  expect(longestGrant(application({ maxDuration: days(90) }), null)).toBe(90);
});
