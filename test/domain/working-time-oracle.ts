/**
 * Working time by brute force, minute by minute, to compare the module with: no Temporal, only what somebody else says a clock in the zone shows: the
 * platform's own formatter (`clockAt`), or Postgres (working-time-postgres.ts).
 */
import type { WorkingTime } from "../../src/domain/working-time.ts";

const MINUTE = 60_000;
/** Every change of clocks since 2025 falls on a full or half hour of UTC (a test says so), so 30 minutes from there are read at once. */
const HALF_HOUR = 30 * MINUTE;
const DAY = 24 * 60 * MINUTE;
/** The years that are looked at, and their leap days. */
export const [BEGIN, END] = [Date.UTC(2025, 0, 1), Date.UTC(2036, 0, 1)];
export const LEAP_DAYS = [Date.UTC(2028, 1, 29), Date.UTC(2032, 1, 29)];
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

export interface Shown {
  readonly date: string;
  /** 1 is Monday. */
  readonly weekday: number;
  readonly minute: number;
}

/** Remembers what was made for a key. */
export function remembered<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

const formatOf = remembered((timeZone: string) => {
  const numbers = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", weekday: "short", ...numbers });
});

/** What a clock in the zone shows at an instant, to the minute. */
export function clockAt(ms: number, timeZone: string): Shown {
  const text = formatOf(timeZone).format(ms);
  const match = /^(\w{3}), (\d\d)\/(\d\d)\/(\d{4}), (\d\d):(\d\d)$/.exec(text);
  if (!match) throw new Error(`the formatter wrote ${text}`);
  const [, weekday = "", day, month, year, hour, minute] = match;
  return { date: `${year}-${month}-${day}`, weekday: WEEKDAYS.indexOf(weekday) + 1, minute: Number(hour) * 60 + Number(minute) };
}

/** How far the clock on the wall runs ahead of UTC's, in minutes. */
export function ahead(ms: number, timeZone: string): number {
  const clock = clockAt(ms, timeZone);
  return (Date.parse(clock.date) + clock.minute * MINUTE - ms) / MINUTE;
}

/** The instants from 2025 to 2035 at which clocks in the zone are changed, found by looking at a clock there every six days: nowhere do two changes lie closer. */
export const changes = remembered((timeZone: string): readonly number[] => {
  const found: number[] = [];
  let before = ahead(BEGIN, timeZone);
  for (let at = BEGIN; at < END; at += 6 * DAY) {
    const then = ahead(at + 6 * DAY, timeZone);
    if (then !== before) {
      let [low, high] = [at, at + 6 * DAY];
      while (high - low > MINUTE) {
        const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
        if (ahead(middle, timeZone) === before) low = middle;
        else high = middle;
      }
      found.push(high);
    }
    before = then;
  }
  return found;
});

export type Clock = (ms: number, timeZone: string) => Shown;

export interface Oracle {
  hoursLater(start: number, hours: number, time: WorkingTime): number;
  daysLater(start: number, days: number, time: WorkingTime): number;
  nextOpen(at: number, time: WorkingTime): number;
  openBetween(start: number, end: number, time: WorkingTime): number;
}

const minuteOf = (ms: number) => Math.floor(ms / MINUTE) * MINUTE;

export function oracle(clock: Clock): Oracle {
  const clocksOf = remembered((timeZone: string) => remembered((ms: number) => clock(ms, timeZone)));

  /** The date and minute that the clock shows in the minute that begins then; null: that minute is closed. */
  function openMinute(start: number, { calendar, timeZone }: WorkingTime): { readonly date: string; readonly minute: number } | null {
    const begin = Math.floor(start / HALF_HOUR) * HALF_HOUR;
    const clocks = clocksOf(timeZone);
    const read = clocks(begin);
    const past = read.minute + (start - begin) / MINUTE;
    // Half an hour may run over midnight in zones that lie a quarter of an hour off.
    const shown = past < 1440 ? { ...read, minute: past } : { ...clocks(begin + HALF_HOUR - MINUTE), minute: past - 1440 };
    if (!calendar || calendar.holidays.includes(shown.date)) return null;
    const open = calendar.openings.some(
      (opening) => opening.day === shown.weekday && opening.from <= shown.minute && shown.minute < opening.until,
    );
    return open ? shown : null;
  }

  function hoursLater(start: number, hours: number, time: WorkingTime): number {
    let left = Math.round(hours * 60 * MINUTE);
    let at = start;
    for (;;) {
      const minute = minuteOf(at);
      const next = minute + MINUTE;
      if (openMinute(minute, time)) {
        if (left <= next - at) return at + left;
        left -= next - at;
      }
      at = next;
    }
  }

  function nextOpen(at: number, time: WorkingTime): number {
    let now = at;
    while (!openMinute(minuteOf(now), time)) now = minuteOf(now) + MINUTE;
    return now;
  }

  function openBetween(start: number, end: number, time: WorkingTime): number {
    let open = 0;
    for (let minute = minuteOf(start); minute < end; minute += MINUTE) {
      if (openMinute(minute, time)) open += Math.min(end, minute + MINUTE) - Math.max(start, minute);
    }
    return open;
  }

  function daysLater(start: number, days: number, time: WorkingTime): number {
    const from = beginning(start, time);
    const target = nthDay(from.at, { date: from.date, days, time });
    const exact = target.find(({ wall }) => wall <= from.wall && from.wall < wall + MINUTE);
    if (exact) return exact.at + from.wall - exact.wall;
    const closing = target.filter(({ wall }) => wall + MINUTE === from.wall).at(-1);
    if (closing) return closing.at + MINUTE;
    const later = target.find(({ wall }) => wall > from.wall);
    return later ? later.at : target.at(-1)!.at + MINUTE;
  }

  function beginning(start: number, time: WorkingTime): { readonly date: string; readonly wall: number; readonly at: number } {
    const closing = start % MINUTE === 0 && !openMinute(start, time) ? openMinute(start - MINUTE, time) : null;
    if (closing) return { date: closing.date, wall: (closing.minute + 1) * MINUTE, at: start };
    const at = nextOpen(start, time);
    const clock = openMinute(minuteOf(at), time)!;
    return { date: clock.date, wall: clock.minute * MINUTE + (at % MINUTE), at };
  }

  /** The open minutes of the nth date with any after that one. */
  function nthDay(at: number, { date, days, time }: { readonly date: string; readonly days: number; readonly time: WorkingTime }) {
    let found: { readonly at: number; readonly wall: number }[] = [];
    let last = date;
    let count = 0;
    for (let minute = minuteOf(at); ; minute += MINUTE) {
      const clock = openMinute(minute, time);
      if (!clock || clock.date === date) continue;
      if (clock.date !== last) {
        if (count === days) return found;
        count += 1;
        last = clock.date;
        found = [];
      }
      found.push({ at: minute, wall: clock.minute * MINUTE });
    }
  }

  return { hoursLater, daysLater, nextOpen, openBetween };
}
