/** Every zone with every change of its clocks from 2025 to 2035, and leap days, against Postgres, which has a library and a tz database of its own. */
import { beforeAll, expect, test, vi } from "vitest";
import type { Opening } from "../../src/domain/catalogue.ts";
import { after, type WorkingTime, workingFrom, workingMs } from "../../src/domain/working-time.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { changes, clockAt, LEAP_DAYS, type Oracle, oracle } from "./working-time-oracle.ts";
import { type Zones, zonesOfPostgres } from "./working-time-postgres.ts";

/** All zones from so many cases on: CI, and the long run. */
const ALL = Number(process.env.WORKING_TIME_CASES ?? 100) >= 300;
vi.setConfig({ testTimeout: 600_000, hookTimeout: 120_000 });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SOME = [
  "Africa/Casablanca",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Europe/Berlin",
  "America/New_York",
  "Pacific/Chatham",
];

/** Half an hour's pause in the night and one at noon: nearly every change of clocks falls into open time, or right beside it. */
const AROUND: readonly Opening[] = [1, 2, 3, 4, 5, 6, 7].flatMap((day) => [
  { day, from: 0, until: 150 },
  { day, from: 180, until: 720 },
  { day, from: 750, until: 1440 },
]);
const OFFSETS = [-26 * HOUR, -90 * MINUTE, -1, 0, 1, 31 * MINUTE, 25 * HOUR];

const iso = (ms: number) => new Date(ms).toISOString();

function isKnownHere(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

describeWithDatabase("working time in every zone", () => {
  let zones: Zones;
  let names: readonly string[];
  /** Zones of which Postgres knows other rules, or none: its edition of the tz database is another. */
  const differing = new Set<string>();

  beforeAll(async () => {
    zones = await zonesOfPostgres(ALL ? null : SOME);
    names = ALL ? [...new Set([...Intl.supportedValuesOf("timeZone"), ...zones.names])].filter(isKnownHere).sort() : SOME;
    for (const name of names) if (!zones.names.includes(name) || String(changes(name)) !== String(zones.changes(name))) differing.add(name);
  });

  test("Postgres and the platform agree on when clocks are changed, but for what one edition of the tz database has over the other", () => {
    expect(zones.changes("Europe/Berlin")).toHaveLength(22);
    // Twice a year, in and out of Ramadan, which comes twice in 2030.
    expect(zones.changes("Africa/Casablanca")).toHaveLength(24);
    expect(zones.changes("Asia/Kolkata")).toEqual([]);
    // Each Node brings an edition of its own, and from one to the next Morocco's clocks change on other days.
    expect([...differing]).toHaveLength(Math.min(differing.size, Math.max(1, Math.floor(names.length * 0.05))));
    if (ALL) expect(names.length).toBeGreaterThan(550);
  });

  test("around every change of clocks and every leap day, working hours and days end when counting minutes on Postgres' clock says so", () => {
    const theirs = oracle(zones.clock);
    const ours = oracle(clockAt);
    const rules = new Set<string>();
    let met = 0;
    for (const timeZone of names) {
      const counted = differing.has(timeZone) ? ours : theirs;
      const found = differing.has(timeZone) ? changes(timeZone) : zones.changes(timeZone);
      met += found.length;
      // Days are counted long: once for all zones whose clocks always show the same.
      const rule = [...found, BEGINNING].map((at) => `${at}:${clockAt(at, timeZone).minute}`).join();
      const days = !rules.has(rule);
      rules.add(rule);
      const time: WorkingTime = { timeZone, calendar: { id: "any", timeZone, hours: "", openings: AROUND, holidays: [] } };
      for (const at of [...found, ...LEAP_DAYS]) compare(at, time, counted, days);
    }
    if (ALL) expect(met).toBeGreaterThan(4_000);
    else expect(met).toBeGreaterThan(100);
  });
});

const BEGINNING = Date.UTC(2025, 0, 1);

function compare(at: number, time: WorkingTime, { hoursLater, daysLater, nextOpen, openBetween }: Oracle, days: boolean): void {
  // What the counting takes for granted.
  if (at % (30 * MINUTE) !== 0) expect.fail(`${time.timeZone} changes its clocks at ${iso(at)}`);
  const same = (is: Date, should: number, what: string) => {
    if (is.getTime() !== should) expect(`${what}: ${is.toISOString()}`).toBe(`${what}: ${iso(should)}`);
  };
  let before = 0;
  for (const offset of OFFSETS) {
    const start = new Date(at + offset);
    const what = `${time.timeZone} from ${start.toISOString()}`;
    const end = after(start, { kind: "working-hours", hours: 2.5 }, time);
    same(end, hoursLater(start.getTime(), 2.5, time), `${what}, 2.5 hours`);
    if (end.getTime() < before) expect.fail(`${what}: ends before what began before`);
    before = end.getTime();
    if (days) same(after(start, { kind: "working-days", days: 1 }, time), daysLater(start.getTime(), 1, time), `${what}, 1 day`);
  }
  const [start, end] = [new Date(at - 3 * HOUR), new Date(at + 4 * HOUR + 1)];
  if (workingMs(start, end, time) !== openBetween(start.getTime(), end.getTime(), time))
    expect.fail(`${time.timeZone}: open time around ${iso(at)}`);
  same(workingFrom(new Date(at - 1), time), nextOpen(at - 1, time), `${time.timeZone}, open after ${iso(at)}`);
}
