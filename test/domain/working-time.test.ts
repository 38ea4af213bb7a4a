import { expect, test } from "vitest";
import { parseHours } from "../../src/configuration/hours.ts";
import type { Duration } from "../../src/domain/duration.ts";
import { parseDuration } from "../../src/domain/duration.ts";
import { after, times, type WorkingTime, workingFrom, workingMs } from "../../src/domain/working-time.ts";

const OFFICE = "Mon-Fri 09:00-17:30";

function working(hours: string, timeZone = "Europe/Berlin", holidays: readonly string[] = []): WorkingTime {
  const read = parseHours(hours);
  if (!read.ok) throw new Error(read.message);
  return { timeZone, calendar: { id: "acme", timeZone: "UTC", hours, openings: read.openings, holidays } };
}

function duration(text: string): Duration {
  const read = parseDuration(text);
  if (!read) throw new Error(text);
  return read;
}

/** From an instant, such as `2026-11-23T10:00+01:00`, a length of time later, as text in UTC. */
function later(start: string, length: string, time: WorkingTime): string {
  return after(new Date(start), duration(length), time).toISOString().replace(":00.000Z", "Z");
}

const berlin = working(OFFICE);
const plain: WorkingTime = { calendar: null, timeZone: "Europe/Berlin" };

test.each([
  // 2026-11-23 is a Monday; Berlin is an hour ahead of UTC in winter.
  ["a working day is the same time on the next day", "2026-11-23T10:15+01:00", "1 working day", "2026-11-24T09:15Z"],
  ["from Friday it is Monday", "2026-11-27T10:15+01:00", "1 working day", "2026-11-30T09:15Z"],
  ["five working days are a week", "2026-11-25T16:00+01:00", "5 working days", "2026-12-02T15:00Z"],
  ["from the weekend it counts from Monday's opening", "2026-11-28T15:00+01:00", "1 working day", "2026-12-01T08:00Z"],
  ["from the evening it counts from the next opening", "2026-11-23T20:00+01:00", "1 working day", "2026-11-25T08:00Z"],
  ["from before work it counts from the opening", "2026-11-23T06:00+01:00", "1 working day", "2026-11-24T08:00Z"],
  ["closing time belongs to the day that closes", "2026-11-23T17:30+01:00", "1 working day", "2026-11-24T16:30Z"],
  ["Friday's closing time comes again on Monday", "2026-11-27T17:30+01:00", "1 working day", "2026-11-30T16:30Z"],
  ["hours within a day", "2026-11-23T10:00+01:00", "4 working hours", "2026-11-23T13:00Z"],
  ["hours over the night", "2026-11-23T16:30+01:00", "4 working hours", "2026-11-24T11:00Z"],
  ["hours over the weekend", "2026-11-27T16:30+01:00", "1.5 working hours", "2026-11-30T08:30Z"],
  ["hours that end exactly at closing time", "2026-11-23T09:30+01:00", "8 working hours", "2026-11-23T16:30Z"],
  ["hours from before work", "2026-11-23T05:00+01:00", "8.5 working hours", "2026-11-23T16:30Z"],
  ["hours from exactly closing time", "2026-11-23T17:30+01:00", "1 working hour", "2026-11-24T09:00Z"],
  ["a moment more than a day's hours", "2026-11-23T09:00+01:00", "8.501 working hours", "2026-11-24T08:00:03.600Z"],
  ["elapsed time knows no hours", "2026-11-28T15:00+01:00", "36 hours", "2026-11-30T02:00Z"],
  ["elapsed days are 24 hours each", "2026-10-24T15:00+02:00", "2 days", "2026-10-26T13:00Z"],
])("in an office in Berlin, %s", (_, start, length, end) => {
  expect(later(start, length, berlin)).toBe(end);
});

test("holidays are no working days, wherever in the week they lie, and only in the year they are listed for", () => {
  const time = working(OFFICE, "Europe/Berlin", ["2026-12-25", "2026-12-28", "2028-02-29"]);
  expect(later("2026-12-24T11:00+01:00", "1 working day", time)).toBe("2026-12-29T10:00Z");
  expect(later("2026-12-25T11:00+01:00", "1 working hour", time)).toBe("2026-12-29T09:00Z");
  expect(later("2026-12-24T17:00+01:00", "1 working hour", time)).toBe("2026-12-29T08:30Z");
  expect(later("2028-02-28T11:00+01:00", "1 working day", time)).toBe("2028-03-01T10:00Z");
  expect(later("2027-12-24T11:00+01:00", "1 working day", time)).toBe("2027-12-27T10:00Z");
});

test("hours and holidays are read off the clock of the one who works, not of the calendar", () => {
  const kolkata = working(OFFICE, "Asia/Kolkata", ["2026-11-24"]);
  // 18:00 on Monday in Kolkata: closed, and Tuesday is a holiday there.
  expect(later("2026-11-23T12:30Z", "1 working hour", kolkata)).toBe("2026-11-25T04:30Z");
  expect(later("2026-11-23T12:30Z", "1 working hour", working(OFFICE, "America/New_York", ["2026-11-24"]))).toBe("2026-11-23T15:00Z");
});

test("a day that opens later, closes earlier or has a break then has the nearest time that it can", () => {
  const time = working("Mon 08:00-18:00, Tue 10:00-12:00, Tue 13:00-16:00, Wed 09:00-17:00", "UTC");
  const fromMonday = (clock: string) => later(`2026-11-23T${clock}Z`, "1 working day", time);
  expect(fromMonday("08:30")).toBe("2026-11-24T10:00Z");
  expect(fromMonday("10:30")).toBe("2026-11-24T10:30Z");
  expect(fromMonday("12:00")).toBe("2026-11-24T12:00Z");
  expect(fromMonday("12:01")).toBe("2026-11-24T13:00Z");
  expect(fromMonday("13:00")).toBe("2026-11-24T13:00Z");
  expect(fromMonday("16:00")).toBe("2026-11-24T16:00Z");
  expect(fromMonday("17:59")).toBe("2026-11-24T16:00Z");
  expect(later("2026-11-23T17:00Z", "2 working days", time), "only the last day's hours matter").toBe("2026-11-25T17:00Z");
});

test("a break is no working time", () => {
  const time = working("Mon-Fri 09:00-12:00, Mon-Fri 13:00-17:00", "UTC");
  expect(later("2026-11-23T11:30Z", "1 working hour", time)).toBe("2026-11-23T13:30Z");
  expect(later("2026-11-23T11:30Z", "0.5 working hours", time)).toBe("2026-11-23T12:00Z");
  expect(workingFrom(new Date("2026-11-23T12:00Z"), time)).toEqual(new Date("2026-11-23T13:00Z"));
  expect(workingMs(new Date("2026-11-23T09:00Z"), new Date("2026-11-24T09:00Z"), time)).toBe(7 * 3_600_000);
});

test("hours over midnight are one stretch, and two working days", () => {
  const time = working("Mon 22:00-24:00, Tue 00:00-06:00, Wed 10:00-24:00", "UTC");
  expect(later("2026-11-23T22:00Z", "8 working hours", time)).toBe("2026-11-24T06:00Z");
  expect(later("2026-11-23T22:00Z", "2 working hours", time)).toBe("2026-11-24T00:00Z");
  expect(later("2026-11-23T23:00Z", "1 working day", time)).toBe("2026-11-24T06:00Z");
  expect(later("2026-11-24T00:00Z", "1 working day", time)).toBe("2026-11-25T10:00Z");
  // 24:00 on Wednesday is closing time: the same on Monday.
  expect(later("2026-11-26T00:00Z", "1 working day", time)).toBe("2026-12-01T00:00Z");
});

test("an hour that the clock skips isn't worked, and one that comes twice is worked twice", () => {
  const nights = working("Mon-Sun 00:00-06:00");
  // Berlin: 2027-03-28 has no 02:00-03:00, 2027-10-31 has it twice.
  expect(later("2027-03-28T00:00+01:00", "5 working hours", nights)).toBe("2027-03-28T04:00Z");
  expect(later("2027-10-31T00:00+02:00", "7 working hours", nights)).toBe("2027-10-31T05:00Z");
  expect(later("2027-03-27T02:30+01:00", "1 working day", nights), "02:30 is skipped: 03:00").toBe("2027-03-28T01:00Z");
  expect(later("2027-10-30T02:30+02:00", "1 working day", nights), "the first 02:30").toBe("2027-10-31T00:30Z");
  expect(later("2027-10-30T04:30+02:00", "1 working day", nights)).toBe("2027-10-31T03:30Z");
  expect(later("2027-10-30T03:00+02:00", "1 working day", nights), "03:00 comes once").toBe("2027-10-31T02:00Z");
  const missing = working("Sun 02:00-03:00, Mon 09:00-10:00");
  expect(later("2027-03-22T09:30+01:00", "1 working day", missing), "a day whose only hour is skipped is none").toBe("2027-03-29T07:30Z");
});

test.each([
  ["within the hour that comes twice", "02:30", "2027-10-31T01:30Z"],
  ["at its end", "03:00", "2027-10-31T02:00Z"],
])("on a day that closes %s, closing time is the later one", (_, clock, end) => {
  const time = working(`Sat 00:00-06:00, Sun 00:00-${clock}`);
  expect(later(`2027-10-30T${clock}+02:00`, "1 working day", time)).toBe(end);
  expect(later("2027-10-30T05:00+02:00", "1 working day", time)).toBe(end);
});

test("ten years of working days are walked one by one", () => {
  expect(later("2026-11-23T10:00+01:00", "2600 working days", berlin)).toBe("2036-11-10T09:00Z");
  expect(later("2026-11-23T10:00+01:00", "22100 working hours", berlin)).toBe("2036-11-10T09:00Z");
});

test("the same time stays the same on the wall when clocks change in between", () => {
  expect(later("2027-03-26T10:00+01:00", "1 working day", berlin)).toBe("2027-03-29T08:00Z");
  expect(later("2027-10-29T10:00+02:00", "1 working day", berlin)).toBe("2027-11-01T09:00Z");
});

test("a date that a country never had is no working day", () => {
  // Samoa crossed the date line: after 2011-12-29 came 2011-12-31.
  expect(later("2011-12-29T10:00-10:00", "1 working day", working("Mon-Sun 09:00-17:00", "Pacific/Apia"))).toBe("2011-12-30T20:00Z");
});

test("without a calendar time is plain", () => {
  expect(later("2026-10-24T20:00+02:00", "2 working days", plain)).toBe("2026-10-26T18:00Z");
  expect(later("2026-11-28T20:00+01:00", "1.5 working hours", plain)).toBe("2026-11-28T20:30Z");
  const saturday = new Date("2026-11-28T20:00Z");
  expect(workingFrom(saturday, plain)).toEqual(saturday);
  expect(workingMs(saturday, new Date("2026-11-28T21:00Z"), plain)).toBe(3_600_000);
});

test("the next opening is now while it is open, and not at closing time", () => {
  const next = (at: string) => workingFrom(new Date(at), berlin).toISOString();
  expect(next("2026-11-23T08:00:00.000Z")).toBe("2026-11-23T08:00:00.000Z");
  expect(next("2026-11-23T16:29:59.999Z")).toBe("2026-11-23T16:29:59.999Z");
  expect(next("2026-11-23T16:30:00.000Z")).toBe("2026-11-24T08:00:00.000Z");
  expect(next("2026-11-27T16:30:00.000Z")).toBe("2026-11-30T08:00:00.000Z");
});

test("no open time lies between an instant and itself, nor before it", () => {
  const [monday, tuesday] = [new Date("2026-11-23T10:00Z"), new Date("2026-11-24T10:00Z")];
  for (const time of [berlin, plain]) {
    expect(workingMs(monday, monday, time)).toBe(0);
    expect(workingMs(tuesday, monday, time)).toBe(0);
  }
  expect(workingMs(monday, tuesday, berlin)).toBe(8.5 * 3_600_000);
});

const everyDay = Array.from({ length: 3700 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10));

test.each([
  ["has no hours", { ...berlin, calendar: { ...berlin.calendar!, openings: [] } }],
  ["has nothing but holidays", working(OFFICE, "Europe/Berlin", everyDay)],
])("a calendar that %s makes nothing wait: time is plain", (_, time) => {
  expect(later("2026-11-28T15:00Z", "8 working hours", time)).toBe("2026-11-28T23:00Z");
  expect(later("2026-11-28T15:00Z", "2 working days", time)).toBe("2026-11-30T15:00Z");
  const saturday = new Date("2026-11-28T15:00Z");
  expect(workingFrom(saturday, time)).toEqual(saturday);
  expect(workingMs(saturday, new Date("2026-11-29T15:00Z"), time)).toBe(86_400_000);
});

test("a calendar that closes for four years counts plain time from its closing, one that closes for less is waited for", () => {
  const closed = (days: number) => working("Mon-Sun 09:00-17:00", "UTC", everyDay.slice(1, 1 + days));
  expect(later("2026-01-01T16:00Z", "3 working hours", closed(1462))).toBe("2026-01-01T19:00Z");
  expect(later("2026-01-01T16:00Z", "3 working days", closed(1462))).toBe("2026-01-04T16:00Z");
  expect(later("2025-12-31T16:00Z", "12 working hours", closed(1462)), "plain only from the closing on").toBe("2026-01-01T20:00Z");
  const thenFriday = working("Mon-Thu 09:00-17:00, Fri 09:00-12:00", "UTC", everyDay.slice(2, 1464));
  expect(later("2026-01-01T16:00Z", "1 working day", thenFriday), "the last open day still counts").toBe("2026-01-02T12:00Z");
  expect(later("2026-01-01T16:00Z", "3 working days", thenFriday)).toBe("2026-01-04T12:00Z");
  expect(later("2026-01-01T16:00Z", "3 working hours", closed(1400))).toBe("2029-11-02T11:00Z");
});

test.each(["999999 working hours", "999999 working days", "999999 weeks"])("%s, grown a thousandfold, are still an instant", (text) => {
  const end = after(new Date("2026-11-23T10:00Z"), times(duration(text), 1000), berlin);
  expect(end.toISOString()).toBe("9999-12-31T23:59:59.999Z");
});

test("lengths of time are multiplied in their own unit, days and seconds to whole ones", () => {
  expect(times(duration("90 seconds"), 1.5)).toEqual({ kind: "elapsed", seconds: 135 });
  expect(times(duration("1.5 working hours"), 1.5)).toEqual({ kind: "working-hours", hours: 2.25 });
  expect([1, 1.5, 2.25, 3.375, 0.1].map((factor) => times(duration("1 working day"), factor))).toEqual(
    [1, 2, 2, 3, 1].map((days) => ({ kind: "working-days", days })),
  );
});

test("an unknown zone is a fault where hours are read in it", () => {
  expect(() => after(new Date("2026-11-23T10:00Z"), duration("1 working hour"), working(OFFICE, "Mars/Olympus"))).toThrow(RangeError);
});
