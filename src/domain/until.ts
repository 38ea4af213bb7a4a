/** Until when access shall last, and the instant that this comes to once the work is done. */
import { Temporal } from "temporal-polyfill";
import type { Application, Entitlement } from "./catalogue.ts";
import { daysOf } from "./duration.ts";

/** `days` are counted from the confirmation; a `date` means the end of that day where the beneficiary lives. */
export type Until = { readonly kind: "days"; readonly days: number } | { readonly kind: "date"; readonly date: string };

const DAY_MS = 86_400_000;
/** More days than anybody means (273 years), so that no sum with an instant leaves what a Date can hold. */
const MOST_DAYS = 99_999;

/** The most days that the item may be granted for; null: no limit. */
export function longestGrant(application: Application, entitlement: Entitlement | null): number | null {
  const limits = [application.maxDuration, entitlement?.maxDuration ?? null].flatMap((limit) =>
    limit ? [daysOf(limit) ?? []].flat() : [],
  );
  return limits.length === 0 ? null : Math.min(...limits);
}

/** The last instant of a date (YYYY-MM-DD) in an IANA zone. Throws RangeError on a date that isn't one. */
export function endOfDay(date: string, timeZone: string): Date {
  const next = Temporal.PlainDate.from(date, { overflow: "reject" }).add({ days: 1 });
  return new Date(next.toZonedDateTime({ timeZone }).epochMilliseconds - 1);
}

export function isDate(date: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return false;
  try {
    Temporal.PlainDate.from(date, { overflow: "reject" });
    return true;
  } catch {
    return false;
  }
}

/** When the assignment ends, counted from `start`; never later than the limit allows; null: for good. */
export function endOf(until: Until | null, start: Date, rule: { readonly timeZone: string; readonly longest: number | null }): Date | null {
  const asked =
    until === null ? null : until.kind === "days" ? new Date(start.getTime() + until.days * DAY_MS) : endOfDay(until.date, rule.timeZone);
  const latest = rule.longest === null ? null : new Date(start.getTime() + rule.longest * DAY_MS);
  if (asked === null) return latest;
  return latest !== null && latest < asked ? latest : asked;
}

/** True when the day until which it was asked for is over: access that ends before it begins is nothing to approve or to set up. */
export function hasPassed(until: Until | null, now: Date, timeZone: string): boolean {
  return until?.kind === "date" && endOfDay(until.date, timeZone) <= now;
}

/** Why an asked end can't be: it lies in the past, or beyond the limit; null when it can. */
export function endFault(
  until: Until | null,
  now: Date,
  rule: { readonly timeZone: string; readonly longest: number | null },
): "past" | "too-long" | "not-a-date" | null {
  if (until === null) return rule.longest === null ? null : "too-long";
  if (until.kind === "days") {
    if (!Number.isInteger(until.days) || until.days < 1 || until.days > MOST_DAYS) return "not-a-date";
    return rule.longest !== null && until.days > rule.longest ? "too-long" : null;
  }
  if (!isDate(until.date)) return "not-a-date";
  const end = endOfDay(until.date, rule.timeZone);
  if (end <= now) return "past";
  if (rule.longest === null) return null;
  // Dates are compared by the calendar: "30 days" allows the 30th day from today, whatever the hour of asking and whether a clock change lies between.
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(rule.timeZone).toPlainDate();
  const last = today.add({ days: rule.longest });
  return Temporal.PlainDate.compare(until.date, last) > 0 ? "too-long" : null;
}
