import { describe, expect, test } from "vitest";
import { answerText, fieldFaultText, refusalText, strangerText } from "../../src/cards/answers.ts";
import type { FieldFault, RefusalName } from "../../src/domain/refusals.ts";
import { REFUSALS } from "../../src/domain/refusals.ts";
import type { Answer, Stranger } from "../../src/operations/operations.ts";
import { en } from "../../src/texts/en.ts";
import { hour } from "./fixtures.ts";
import { plainText } from "./reading.ts";

const refused = (name: RefusalName, about: Record<string, string> = {}) => refusalText({ name, about }, en);
const HOLES = /undefined|null|NaN|\[object| {2}| \.|\(\)/;

describe("refusals", () => {
  test.each(REFUSALS)("%s has a sentence, with and without anything known", (name) => {
    const everything = {
      number: "12",
      by: "Ines Roth",
      at: hour(1).toISOString(),
      item: "Report builder",
      application: "Salesforce",
      login: "aruiz",
      most: "3000",
      again: hour(5).toISOString(),
      needed: "2",
      to: "Tom Keller",
    };
    for (const about of [{}, everything]) {
      const words = plainText(refused(name, about));
      expect(words).toMatch(/^[A-Z].*\.$/);
      expect(words).not.toMatch(HOLES);
      expect(words).not.toContain("!");
    }
  });

  test("ASK-3 whoever comes too late is told who decided and when, in the reader's own time zone", () => {
    const text = refused("already-decided", { by: "Ines Roth", at: hour(1).toISOString(), outcome: "approved" });
    expect(text).toContainEqual({ at: hour(1), show: "time" });
    expect(plainText(text)).toBe("Ines Roth has already approved this, 2026-11-21 09:00 UTC. You don't need to do anything.");
  });

  test.each([
    ["rejected", "has already rejected this"],
    ["executed", "has already confirmed this"],
    ["errored", "has already reported an error here"],
    ["retried", "has already sent this back for another try"],
    ["cancelled", "has already cancelled this"],
    ["withdrawn", "has already withdrawn this"],
  ])("a task that was %s says so", (outcome, words) => {
    expect(plainText(refused("already-decided", { by: "Ines Roth", outcome }))).toContain(words);
  });

  test("what expired was decided by nobody", () => {
    expect(plainText(refused("already-decided", { at: hour(1).toISOString(), outcome: "expired" }))).toBe(
      "This has expired, because nobody decided in time. You don't need to do anything.",
    );
  });

  test("whoever comes after the end of a request is told who ended it", () => {
    expect(plainText(refused("already-over", { by: "Ana Ruiz", at: hour(1).toISOString(), outcome: "withdrawn" }))).toBe(
      "Ana Ruiz has already withdrawn this, 2026-11-21 09:00 UTC. Nothing was changed.",
    );
  });

  test("a second nudge too soon is told when the next one is possible", () => {
    expect(plainText(refused("nudged-already", { again: hour(5).toISOString() }))).toBe(
      "You have reminded them already. You can do it again from 2026-11-21 13:00 UTC.",
    );
  });

  test("IDH-9 a second claim is told who is on it and since when", () => {
    expect(plainText(refused("already-claimed", { by: "Lena Vogel", at: hour(3).toISOString() }))).toBe(
      "Lena Vogel has been on it since 2026-11-21 11:00 UTC. You don't need to do anything.",
    );
  });

  test("a name that reads like markup stays a literal piece", () => {
    expect(refused("not-claimer", { by: "<!channel> *x*" })).toContainEqual({ strong: "<!channel> *x*" });
  });

  test("an instant that isn't one is left out", () => {
    expect(plainText(refused("already-claimed", { by: "Lena Vogel", at: "yesterday" }))).toBe(
      "Lena Vogel is on it. You don't need to do anything.",
    );
  });
});

describe("faults of fields", () => {
  const faults: Readonly<Record<FieldFault["name"], readonly [Record<string, string>, string]>> = {
    missing: [{}, "Please fill this in."],
    "too-long": [{ most: "60" }, "Please use at most 60 characters."],
    "not-an-option": [{}, "Please choose from the list."],
    "not-a-number": [{}, "Please write a number, such as 250 or 12.5."],
    "not-a-date": [{}, "Please choose a day."],
    past: [{}, "This day is over. Please choose a later one."],
    "too-long-a-time": [{ most: "30" }, "Please choose at most 30 days."],
    "already-held": [{ item: "Report builder" }, "You already have Report builder. Choose something else."],
    "already-asked": [{ item: "Report builder", number: "12" }, "You have already asked for Report builder: see request 12."],
    "comes-with": [{ number: "12" }, "The account comes with request 12. Choose something else, or wait for it."],
    "not-active": [{ name: "Ana Ruiz" }, "Ana Ruiz is not listed as active, so nothing can be asked for them. Choose somebody else."],
  };

  test.each(Object.entries(faults))("%s says what to do, in plain words", (name, [about, words]) => {
    expect(fieldFaultText({ name: name as FieldFault["name"], about }, en)).toBe(words);
  });

  test("an account alone has no name and is spoken of as the account", () => {
    expect(fieldFaultText({ name: "already-asked", about: { number: "7" } }, en)).toBe(
      "You have already asked for this account: see request 7.",
    );
    expect(fieldFaultText({ name: "already-held", about: {} }, en)).toBe("You already have an account here. Choose something else.");
  });

  test("a limit of one day is said in the singular", () => {
    expect(fieldFaultText({ name: "too-long-a-time", about: { most: "1" } }, en)).toBe("Please choose at most 1 day.");
  });
});

describe("answers after an act", () => {
  const answers: Readonly<Record<Answer["said"], string>> = {
    approved: "Thank you. You approved request 12.",
    "vote-counted": "Thank you, your approval counts. Request 12 needs 1 more.",
    rejected: "Request 12 is rejected. The requester is told why.",
    claimed: "Request 12 is yours. Press Confirm done when it is set up.",
    released: "Request 12 is free again for others to claim.",
    confirmed: "Thank you. Request 12 is complete, and the requester is told.",
    "error-reported": "Thank you. Request 12 goes to whoever decides about another try, and the requester is told.",
    retried: "Request 12 goes back for another try.",
    "order-cancelled": "Request 12 is cancelled. The requester is told why.",
    reassigned: "Request 12 now waits for those you chose. They are told.",
    withdrawn: "Request 12 is withdrawn. Whoever it waited for is told.",
    nudged: "Whoever it waits for got a friendly reminder.",
    cancelled: "Request 12 is cancelled. The requester and whoever it waited for are told.",
    filed: "Sent as request 12. A card in our direct messages shows where it stands.",
  };

  test.each(Object.entries(answers))("%s is said with the request's number", (said, words) => {
    const about = { number: "12", given: "1", needed: "2" };
    expect(plainText(answerText({ said: said as Answer["said"], about }, en))).toBe(words);
  });

  test.each(Object.keys(answers))("%s is a sentence when nothing else is known", (said) => {
    const words = plainText(answerText({ said: said as Answer["said"], about: {} }, en));
    expect(words).toMatch(/^[A-Z].*\.$/);
    expect(words).not.toMatch(HOLES);
  });

  test("several lines filed at once are all numbered", () => {
    expect(plainText(answerText({ said: "filed", about: { numbers: "12, 13" } }, en))).toBe(
      "Sent as requests 12, 13. A card in our direct messages shows where each of them stands.",
    );
  });

  test.each([
    ["error-reported", "Thank you. Request 12 goes to Tom Keller, who can send it back or cancel it. The requester is told."],
    ["retried", "Request 12 goes back to Tom Keller."],
    ["reassigned", "Request 12 now waits for Tom Keller. They are told."],
    ["nudged", "Tom Keller got a friendly reminder."],
  ] as const)("%s names those whom it goes to, where they are known", (said, words) => {
    expect(plainText(answerText({ said, about: { number: "12", to: "Tom Keller" } }, en))).toBe(words);
  });
});

describe("a login that is nobody here", () => {
  const strangers: Readonly<Record<Stranger, RegExp>> = {
    "foreign-home": /your company's own workspace/,
    guest: /Guests can't use Latchkey/,
    "not-linked": /Ask an administrator of Latchkey to link your chat account, then try again\./,
    "not-active": /Ask your manager or an administrator/,
    "directory-silent": /try again in a minute/,
  };

  test.each(Object.entries(strangers))("%s is told what to do", (stranger, words) => {
    expect(plainText(strangerText(stranger as Stranger, en))).toMatch(words);
  });
});
