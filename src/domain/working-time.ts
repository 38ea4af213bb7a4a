/**
 * Time as people work it: hours and days of a calendar, read off the clock on the wall of a zone.
 *
 * - An instant is open when that clock shows a time within the hours of that weekday, `from` included and `until` not, on a date that is no holiday.
 *   So a change of clocks needs no rule of its own: an hour that is skipped isn't worked, an hour that comes twice is worked twice.
 * - What counts is the time that really passes while it is open. Hours that adjoin (until 24:00, next day from 00:00) are one stretch.
 * - A working day is a date with open time. Hours over midnight belong to two.
 * - Without a calendar, time is plain: a working hour is an hour, a working day 24 hours.
 * - A calendar that stays closed for four years gets no answer from its hours: from the moment it closes on (or from the start, when it was closed already)
 *   time is plain, so that a mistake in the configuration makes nothing wait for ever. The same beyond thirty years.
 */
import { Temporal } from "temporal-polyfill";
import type { Calendar, Opening } from "./catalogue.ts";
import type { Duration } from "./duration.ts";

/** How time is counted for somebody: hours and holidays of a calendar (null: plain time), in an IANA zone, which needn't be the calendar's own. */
export interface WorkingTime {
  readonly calendar: Calendar | null;
  readonly timeZone: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;
const LONGEST_CLOSED_MS = 4 * YEAR_MS;
const LONGEST_WALK_MS = 30 * YEAR_MS;
/** The last instant whose ISO text has a year of four digits, as databases and people expect: 9999-12-31T23:59:59.999Z. */
const LATEST_MS = 253_402_300_799_999;

/**
 * The instant that lies `duration` after `start`; never later than the end of the year 9999.
 *
 * - `elapsed`: plain time, exactly.
 * - `working-hours`: that much open time, rounded to milliseconds. A start while it is closed counts from the next opening; what ends exactly at closing time
 *   ends then, not at the next opening.
 * - `working-days` (a whole number): the same wall time on the nth working day after the start's. A start while it is closed counts from the next opening
 *   (asked on Saturday, 1 working day ends on Tuesday at opening time); one exactly at closing time counts with the day that closes. Where the day reached isn't
 *   open at that wall time, it is the day's next opening (a later start of work, a break, an hour that the clock skips), else the day's closing time.
 *   Of a wall time that comes twice it is the first (of a closing time the second), so a start in an hour's second pass may end before one in its first; otherwise later starts never end earlier.
 *
 * An invalid date gives an invalid date. Throws RangeError on an unknown zone, where there are hours to read in it.
 */
export function after(start: Date, duration: Duration, time: WorkingTime): Date {
  const from = start.getTime();
  switch (duration.kind) {
    case "elapsed":
      return instant(from + Math.round(duration.seconds * 1000));
    case "working-hours":
      return instant(afterOpenTime(from, Math.round(duration.hours * HOUR_MS), time));
    case "working-days":
      return instant(afterDays(from, duration.days, time));
  }
}

/** The instant itself when it is open (closing time isn't), else the next opening. Faults as for `after`. */
export function workingFrom(at: Date, time: WorkingTime): Date {
  return instant(afterOpenTime(at.getTime(), 0, time));
}

/** Open milliseconds between two instants; 0 when the end isn't after the start. Faults as for `after`. */
export function workingMs(start: Date, end: Date, time: WorkingTime): number {
  const to = end.getTime();
  let at = start.getTime();
  let open = 0;
  for (const stretch of stretches(at, time)) {
    if (stretch.start >= to) return open;
    open += Math.min(stretch.end, to) - stretch.start;
    at = stretch.end;
  }
  return open + Math.max(0, to - at);
}

/** The duration with its amount multiplied, for pauses that grow. Seconds and working days are rounded to whole ones, at least one. */
export function times(duration: Duration, factor: number): Duration {
  switch (duration.kind) {
    case "elapsed":
      return { kind: "elapsed", seconds: Math.max(1, Math.round(duration.seconds * factor)) };
    case "working-hours":
      return { kind: "working-hours", hours: duration.hours * factor };
    case "working-days":
      return { kind: "working-days", days: Math.max(1, Math.round(duration.days * factor)) };
  }
}

function instant(ms: number): Date {
  return new Date(Math.min(ms, LATEST_MS));
}

function afterOpenTime(from: number, open: number, time: WorkingTime): number {
  let left = open;
  let at = from;
  for (const stretch of stretches(from, time)) {
    const length = stretch.end - stretch.start;
    if (left <= length) return stretch.start + left;
    left -= length;
    at = stretch.end;
  }
  return at + left;
}

function afterDays(from: number, days: number, time: WorkingTime): number {
  const begin = beginning(from, time);
  let reached = begin.at;
  let left = days;
  for (const day of workingDays(begin.at, time)) {
    if (day[0].date <= begin.date) continue;
    if (left <= 0) return reached;
    reached = onDay(day, begin.wall);
    left--;
  }
  return reached + Math.max(0, left) * DAY_MS;
}

/** From which date and wall time days are counted, and the instant that this is. */
function beginning(from: number, time: WorkingTime): { readonly date: number; readonly wall: number; readonly at: number } {
  let closing: Stretch | null = null;
  // A millisecond earlier, so that a stretch which closes just now is met.
  for (const stretch of stretches(from - 1, time)) {
    if (stretch.end === from) closing = stretch;
    else if (stretch.start <= from) return { date: stretch.date, wall: stretch.wall + from - stretch.start, at: from };
    else if (closing) break;
    else return { date: stretch.date, wall: stretch.wall, at: stretch.start };
  }
  return { date: closing?.date ?? Number.NEGATIVE_INFINITY, wall: closing ? wallEnd(closing) : 0, at: from };
}

/** The instant of a wall time (ms after midnight) on a day; see `after` for the days that aren't open then. */
function onDay(day: Day, wall: number): number {
  const within = day.find((stretch) => stretch.wall <= wall && wall < wallEnd(stretch));
  if (within) return within.start + wall - within.wall;
  const closing = day.findLast((stretch) => wallEnd(stretch) === wall);
  if (closing) return closing.end;
  const later = day.find((stretch) => stretch.wall > wall);
  return later ? later.start : day[day.length - 1]!.end;
}

/** Open time without a pause, within one date and between two changes of clocks. */
interface Stretch {
  /** Days after 1970-01-01, where the clock hangs. */
  readonly date: number;
  /** What the clock shows at the start, in ms after midnight. */
  readonly wall: number;
  /** In epoch ms; the end is no longer open. */
  readonly start: number;
  readonly end: number;
}
type Day = readonly [Stretch, ...Stretch[]];

function wallEnd(stretch: Stretch): number {
  return stretch.wall + stretch.end - stretch.start;
}

/** Stretches by date, each day whole; the first is cut at `from`. */
function* workingDays(from: number, time: WorkingTime): Generator<Day> {
  let day: [Stretch, ...Stretch[]] | null = null;
  for (const stretch of stretches(from, time)) {
    if (day && stretch.date <= day[0].date) {
      // A clock that is set back over midnight shows yesterday again: yesterday is over.
      if (stretch.date === day[0].date) day.push(stretch);
      continue;
    }
    if (day) yield day;
    day = [stretch];
  }
  if (day) yield day;
}

/** Open time from an instant on, in order; ends where time is plain. Walks days between two changes of clocks, in which wall time is plain arithmetic. */
function* stretches(from: number, time: WorkingTime): Generator<Stretch> {
  const { calendar, timeZone } = time;
  const horizon = Math.min(from + LONGEST_WALK_MS, LATEST_MS);
  if (!calendar || calendar.openings.length === 0) return;
  const week = byWeekday(calendar.openings);
  const holidays = new Set(calendar.holidays.map((date) => Date.parse(date) / DAY_MS));
  let closedSince = from;
  for (let at = from; at < horizon; ) {
    const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
    const offset = here.offsetNanoseconds / 1e6;
    const change = here.getTimeZoneTransition("next")?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
    const until = Math.min(change, horizon);
    for (let date = Math.floor((at + offset) / DAY_MS); date * DAY_MS - offset < until; date++) {
      const midnight = date * DAY_MS - offset;
      if (midnight - closedSince > LONGEST_CLOSED_MS) return;
      if (holidays.has(date)) continue;
      for (const opening of week[weekdayOf(date)]!) {
        const start = Math.max(at, midnight + opening.from * MINUTE_MS);
        const end = Math.min(until, midnight + opening.until * MINUTE_MS);
        if (start >= end) continue;
        yield { date, wall: start - midnight, start, end };
        closedSince = end;
      }
    }
    at = until;
  }
}

/** Index 0 is Monday. */
function byWeekday(openings: readonly Opening[]): readonly (readonly Opening[])[] {
  return [1, 2, 3, 4, 5, 6, 7].map((day) => openings.filter((opening) => opening.day === day).sort((a, b) => a.from - b.from));
}

/** 0 is Monday; 1970-01-01 was a Thursday. */
function weekdayOf(date: number): number {
  return (((date + 3) % 7) + 7) % 7;
}
