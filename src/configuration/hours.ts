/** Opening hours as written in a calendar: `Mon-Fri 09:00-17:30, Sat 10:00-14:00`. */
import type { Opening } from "../domain/catalogue.ts";
import { quote } from "./suggest.ts";

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const WRITTEN = /^([A-Z][a-z]{2})(?:-([A-Z][a-z]{2}))? (\d{2}):(\d{2})-(\d{2}):(\d{2})$/;

/** `part`: the piece that is wrong, as written. */
export type Hours =
  | { readonly ok: true; readonly openings: readonly Opening[] }
  | { readonly ok: false; readonly part: string; readonly message: string };

/** Reads written hours; openings come by day and time and don't overlap. */
export function parseHours(text: string): Hours {
  const openings: Opening[] = [];
  for (const part of text.split(",").map((piece) => piece.trim())) {
    const read = parsePart(part);
    if (typeof read === "string") return { ok: false, part, message: read };
    for (const opening of read) {
      const clash = openings.some((other) => other.day === opening.day && other.from < opening.until && opening.from < other.until);
      if (clash) return { ok: false, part, message: `${quote(part)} overlaps hours that stand before it: name each time of a day once` };
      openings.push(opening);
    }
  }
  return { ok: true, openings: openings.sort((a, b) => a.day - b.day || a.from - b.from) };
}

function parsePart(part: string): Opening[] | string {
  const match = WRITTEN.exec(part);
  if (!match) return `${quote(part)} are no hours: write them as in "Mon-Fri 09:00-17:30, Sat 10:00-14:00"`;
  const [, first = "", last = first, ...clock] = match;
  const [from, until] = [DAYS.indexOf(first as (typeof DAYS)[number]), DAYS.indexOf(last as (typeof DAYS)[number])];
  if (from < 0 || until < 0) return `${quote(from < 0 ? first : last)} is no day: write ${DAYS.join(", ")}`;
  if (from > until) return `${quote(part)} runs over the end of the week: write two, such as "Sat-Sun 10:00-14:00, Mon 10:00-14:00"`;
  const [hour = 0, minute = 0, endHour = 0, endMinute = 0] = clock.map(Number);
  const [start, end] = [hour * 60 + minute, endHour * 60 + endMinute];
  if (hour > 23 || minute > 59 || endMinute > 59 || end > 1440) return `${quote(part)} names a time that no clock shows: 00:00 to 24:00`;
  if (start >= end) return `${quote(part)} ends before it starts: for a night write two, such as "Mon 22:00-24:00, Tue 00:00-06:00"`;
  return DAYS.slice(from, until + 1).map((_, index) => ({ day: from + index + 1, from: start, until: end }));
}
