import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Opening } from "../../src/domain/catalogue.ts";
import { after, type WorkingTime, workingFrom, workingMs } from "../../src/domain/working-time.ts";
import { ahead, BEGIN, changes, clockAt, END, LEAP_DAYS, oracle } from "./working-time-oracle.ts";

/** More cases for a thorough look: `WORKING_TIME_CASES=20000 npx vitest run working-time`. */
const CASES = Number(process.env.WORKING_TIME_CASES ?? 50);
vi.setConfig({ testTimeout: Math.max(30_000, CASES * 100) });

const ZONES = [
  ...["Africa/Casablanca", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Europe/Berlin", "America/New_York"],
  ...["Asia/Singapore", "Pacific/Chatham", "America/Santiago", "Africa/Cairo", "Asia/Gaza"],
];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const { hoursLater, daysLater, nextOpen, openBetween } = oracle(clockAt);

const week = (openings: readonly (readonly [days: readonly number[], from: number, until: number])[]): Opening[] =>
  openings.flatMap(([days, from, until]) => days.map((day) => ({ day, from, until })));
const WORKDAYS = [1, 2, 3, 4, 5];
const ALL = [...WORKDAYS, 6, 7];

const KNOWN: readonly Opening[][] = [
  week([[WORKDAYS, 540, 1050]]),
  week([
    [WORKDAYS, 540, 720],
    [WORKDAYS, 780, 1020],
    [[6], 600, 840],
  ]),
  week([
    [ALL, 1320, 1440],
    [ALL, 0, 360],
  ]),
  week([
    [[1, 3, 5], 1320, 1440],
    [[2, 4, 6], 0, 360],
  ]),
  week([[ALL, 0, 1440]]),
  week([[[7], 60, 190]]),
];

/** Up to three stretches a day, on any minute, some of them until 24:00 or from 00:00. */
const anyDay = fc
  .uniqueArray(fc.oneof(fc.integer({ min: 0, max: 1440 }), fc.constantFrom(0, 60, 120, 180, 1380, 1440)), { minLength: 2, maxLength: 6 })
  .map((edges) => edges.sort((a, b) => a - b))
  .map((edges) => Array.from({ length: Math.floor(edges.length / 2) }, (_, i) => ({ from: edges[2 * i]!, until: edges[2 * i + 1]! })));
const anyWeek = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 7 }), anyDay), { selector: ([day]) => day, minLength: 2, maxLength: 7 })
  .map((days) => days.sort(([a], [b]) => a - b).flatMap(([day, stretches]) => stretches.map((stretch) => ({ day, ...stretch }))));

const situation = fc.constantFrom(...ZONES).chain((timeZone) => {
  const days = [...changes(timeZone), ...LEAP_DAYS];
  const near = fc.tuple(fc.constantFrom(...days), fc.integer({ min: -4 * DAY, max: 2 * DAY })).map(([day, off]) => day + off);
  const anywhere = fc.integer({ min: BEGIN, max: END - 400 * DAY });
  const start = fc
    .tuple(fc.oneof({ weight: 3, arbitrary: near }, anywhere), fc.boolean())
    .map(([ms, whole]) => (whole ? ms - (ms % MINUTE) : ms));
  return fc.record({
    timeZone: fc.constant(timeZone),
    start,
    openings: fc.oneof(fc.constantFrom(...KNOWN), anyWeek),
    // Days from the start on which it is closed.
    closed: fc.array(fc.integer({ min: -1, max: 12 }), { maxLength: 4 }),
  });
});

function timeOf({
  timeZone,
  start,
  openings,
  closed,
}: {
  timeZone: string;
  start: number;
  openings: readonly Opening[];
  closed: number[];
}) {
  const holidays = closed.map((day) => clockAt(start + day * DAY, timeZone).date);
  return { timeZone, calendar: { id: "any", timeZone: "UTC", hours: "", openings, holidays } } satisfies WorkingTime;
}

const iso = (ms: number) => new Date(ms).toISOString();

test(`working hours end when counting minutes on the wall says so, in ${ZONES.length} zones around their changes of clocks`, () => {
  fc.assert(
    fc.property(
      situation,
      fc.oneof(
        fc.integer({ min: 1, max: 60_000 }),
        fc.integer({ min: 1, max: 160 }).map((n) => n * 250),
      ),
      (given, thousandths) => {
        const time = timeOf(given);
        const hours = thousandths / 1000;
        const end = after(new Date(given.start), { kind: "working-hours", hours }, time);
        expect(end.toISOString()).toBe(iso(hoursLater(given.start, hours, time)));
      },
    ),
    { numRuns: CASES },
  );
});

test("working days end when counting minutes on the wall says so", () => {
  fc.assert(
    fc.property(situation, fc.integer({ min: 1, max: 12 }), (given, days) => {
      const time = timeOf(given);
      const end = after(new Date(given.start), { kind: "working-days", days }, time);
      expect(end.toISOString()).toBe(iso(daysLater(given.start, days, time)));
    }),
    { numRuns: CASES },
  );
});

test("working days from exactly an opening or closing time end when counting minutes says so", () => {
  fc.assert(
    fc.property(situation, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 5 }), (given, minutes, days) => {
      const time = timeOf(given);
      let edge = nextOpen(given.start - (given.start % MINUTE), time);
      // To the end of the stretch, or to some minute of a long one.
      for (let i = 0; i < minutes * 8 && openBetween(edge, edge + MINUTE, time) > 0; i++) edge += MINUTE;
      const end = after(new Date(edge), { kind: "working-days", days }, time);
      expect(end.toISOString()).toBe(iso(daysLater(edge, days, time)));
    }),
    { numRuns: CASES },
  );
});

test("ages and next openings are what counting minutes on the wall says", () => {
  fc.assert(
    fc.property(situation, fc.integer({ min: 0, max: 20 * DAY }), (given, span) => {
      const time = timeOf(given);
      const [start, end] = [new Date(given.start), new Date(given.start + span)];
      expect(workingMs(start, end, time)).toBe(openBetween(given.start, given.start + span, time));
      expect(workingFrom(start, time).toISOString()).toBe(iso(nextOpen(given.start, time)));
    }),
    { numRuns: CASES },
  );
});

test("later starts never end earlier, but for a wall time that comes twice", () => {
  fc.assert(
    fc.property(situation, fc.integer({ min: 0, max: 3 * DAY }), fc.integer({ min: 1, max: 8 }), (given, apart, amount) => {
      const time = timeOf(given);
      const [one, two] = [new Date(given.start), new Date(given.start + apart)];
      const hours = (start: Date) => after(start, { kind: "working-hours", hours: amount }, time).getTime();
      const days = (start: Date) => after(start, { kind: "working-days", days: amount }, time).getTime();
      expect(hours(two)).toBeGreaterThanOrEqual(hours(one));
      const setBack = ahead(one.getTime(), given.timeZone) > ahead(two.getTime(), given.timeZone);
      if (!setBack) expect(days(two)).toBeGreaterThanOrEqual(days(one));
    }),
    { numRuns: CASES },
  );
});
