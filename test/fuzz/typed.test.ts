/** What people type: after a slash command, in the direct message, into a search; and what the rules make of dates and lengths of time. */
import fc from "fast-check";
import { test } from "vitest";
import { readWords } from "../../src/cards/steering-words.ts";
import { plain, plainLine } from "../../src/channels/slack/plain.ts";
import { MENTION, readText, withNames } from "../../src/channels/slack/typed-text.ts";
import { parseHours } from "../../src/configuration/hours.ts";
import { dateProblem } from "../../src/configuration/shapes.ts";
import { nearest } from "../../src/configuration/suggest.ts";
import { zoneProblem } from "../../src/configuration/time-zones.ts";
import { cleaned, rangesOf, rankByWords } from "../../src/db/search-words.ts";
import { daysOf, parseDuration } from "../../src/domain/duration.ts";
import { distance, wordsOf } from "../../src/domain/near.ts";
import { endFault, endOf, isDate } from "../../src/domain/until.ts";
import { en } from "../../src/texts/en.ts";
import { fuzz, LONG, must } from "./fuzzing.ts";
import { damagedText, text } from "./hostile.ts";

const COMMANDS = [
  ...Object.values(en.typedCommands),
  "approve 12 looks good",
  "reassign 12 <@U0BO|bo>, cy@acme.example and E7: on leave &amp; away",
  "cancel order 12, 13 and 14",
  "report-error #12: <https://a.example|no> licence",
];

test("whatever is typed is read as something, and only a command with a number ever names one", LONG, () => {
  fuzz(damagedText(...COMMANDS), (raw) => {
    const { words, mentions } = readText(raw);
    must(words.split(MENTION).length - 1 === mentions.length, "a mark for each mention, and none that was typed");
    must(
      mentions.every((user) => /^[UW][A-Z0-9]{1,20}$/.test(user)),
      "ids of users",
    );
    must(!withNames(words, [], 0, "somebody").includes(MENTION), "a name for each mention");
    const read = readWords(words);
    if (!("number" in read)) return;
    must(Number.isSafeInteger(read.number) && read.number >= 0 && /\d/.test(words), "a number that was typed");
    if ("rest" in read) must(words.includes(read.rest), "what follows, as it was typed");
  });
});

test("THREAT-9 whatever people write, nothing unseen is left of it, and what is left stays as it is", LONG, () => {
  fuzz(text, (written) => {
    const seen = plain(written);
    must(plain(seen) === seen, "nothing more to take out");
    must(!/\p{Cs}|(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u.test(seen), "nothing unseen");
    must(!/[\n\t]/.test(plainLine(written)), "one line");
  });
});

const ITEMS = ["Salesforce", "SAP Fiori (Finance)", "100 % Übersicht", "İstanbul\nßtraße"].map((name) => ({ name, search: name }));

test("THREAT-17 whatever is searched for, it is a few short words", LONG, () => {
  fuzz(damagedText("salesforce reports", "slaesforce 100% _\\", "übersciht"), (typed) => {
    const short = cleaned(typed);
    must([...short].length <= 64 && !/\u{10ffff}|\p{Cs}/u.test(short) && !short.includes("\0"), "64 characters that a database takes");
    must(
      rangesOf(short).every(({ word, until }) => word < until),
      "ranges",
    );
    must(rankByWords(ITEMS, typed, (item) => item).length <= ITEMS.length, "no more than there are");
    const words = wordsOf(short);
    const far = distance(words, wordsOf("Salesforce reports and dashboards"));
    must(far === null || (far >= 0 && far <= 2 * words.length), "two errors a word at most");
  });
});

test("a length of time is a positive one, or none", LONG, () => {
  fuzz(damagedText("90 seconds", "14 days", "8 working hours", "1.5 weeks", "1 working day"), (written) => {
    const read = parseDuration(written);
    if (!read) return;
    const amount = read.kind === "elapsed" ? read.seconds : read.kind === "working-hours" ? read.hours : read.days;
    must(Number.isFinite(amount) && amount >= 0, "an amount");
    const days = daysOf(read);
    must(days === undefined || Number.isSafeInteger(days), "whole days");
  });
});

test("hours are openings of days that don't overlap, or none", LONG, () => {
  fuzz(damagedText("Mon-Fri 09:00-17:30, Sat 10:00-14:00", "Sun 00:00-24:00"), (written) => {
    const read = parseHours(written);
    must(read.ok || read.message.length < 1_000, "a sentence");
    for (const { day, from, until } of read.ok ? read.openings : [])
      must(day >= 1 && day <= 7 && from >= 0 && from < until && until <= 1440, "an opening of a day");
  });
});

const NOW = new Date("2026-11-21T12:00:00Z");

test("a date is one of the calendar or none, and an end that is taken lies ahead", LONG, () => {
  const zones = fc.constantFrom("Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu", "UTC");
  const dates = damagedText("2026-12-25", "2027-02-28", "9999-12-31", "0001-01-01");
  fuzz(fc.tuple(dates, zones, fc.constantFrom(null, 0, 1, 30, 99_999)), ([date, timeZone, longest]) => {
    must(isDate(date) === (dateProblem(date) === undefined), "one opinion");
    const until = { kind: "date", date } as const;
    if (endFault(until, NOW, { timeZone, longest }) !== null) return;
    const end = endOf(until, NOW, { timeZone, longest });
    must(end !== null && end > NOW, "an end ahead");
  });
});

test("a name of a time zone, or of anything else that is known, is known, nearly known or unknown", LONG, () => {
  const known = new Set(["crm-approvers", "it-leads", "__proto__", "constructor"]);
  fuzz(damagedText("it-laeds", "crm-aprovers"), (written) => {
    const near = nearest(written, known);
    must(near === undefined || known.has(near), "a known one");
  });
  // An unknown zone is compared with all four hundred.
  fuzz(
    damagedText("Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"),
    (written) => {
      const problem = zoneProblem(written);
      must(problem === undefined || problem.length < 300, "a sentence");
    },
    0.02,
  );
});
