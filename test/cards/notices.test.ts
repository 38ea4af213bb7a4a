import { describe, expect, test } from "vitest";
import { alertCard, helpCard, noticeCard } from "../../src/cards/notices.ts";
import type { Alert, Notice } from "../../src/domain/effects.ts";
import type { Line } from "../../src/domain/line.ts";
import { en } from "../../src/texts/en.ts";
import { aLine, approved, approvers, cancelled, claimed, directory, done, failed, rejected, transmitted, voted } from "./fixtures.ts";
import { labelsOf, wordsOf } from "./reading.ts";

const OUTCOMES: Readonly<Record<Notice, { readonly line: Line; readonly title: string; readonly words: readonly string[] }>> = {
  approved: {
    line: approved(),
    title: "Request 12 is approved",
    words: [
      "Report builder in Salesforce was approved by Paul Weber.",
      "Next: setup by Salesforce administrators. You are told when it is done.",
    ],
  },
  rejected: {
    line: rejected(),
    title: "Request 12 is rejected",
    words: [
      "Report builder in Salesforce was rejected by Paul Weber.",
      "Reason: Not this quarter",
      "Next: talk to Paul Weber, or ask again and say more.",
    ],
  },
  executed: {
    line: done(claimed(), "aruiz"),
    title: "Request 12 is complete",
    words: ["Report builder in Salesforce was set up by Lena Vogel.", "You can sign in to Salesforce as aruiz now.", "Ends: 2026-12-21"],
  },
  errored: {
    line: failed(),
    title: "Request 12 could not be set up",
    words: [
      "Lena Vogel reported an error with Report builder in Salesforce.",
      "Reason: No licence left",
      "Next: Tom Keller (technical owner) tries again or cancels it. You don't need to do anything.",
    ],
  },
  "order-cancelled": {
    line: cancelled(),
    title: "Request 12 is cancelled",
    words: [
      "Report builder in Salesforce was cancelled by Tom Keller.",
      "Reason: We stop using it",
      "Next: talk to Tom Keller, or ask again if you still need it.",
    ],
  },
};

describe("ASK-2 the requester hears every outcome with who, why and the next step", () => {
  test.each(Object.entries(OUTCOMES))("ASK-2 %s", (notice, { line, title, words }) => {
    const card = noticeCard(notice as Notice, line, directory, en);
    expect(card.title).toBe(title);
    expect(card.summary).toBe(`${title}: Salesforce, Report builder`);
    expect(wordsOf(card).split("\n")).toEqual(words);
  });
});

test("only what ended without access offers to request it again", () => {
  const labels = Object.entries(OUTCOMES).map(([notice, { line }]) => labelsOf(noticeCard(notice as Notice, line, directory, en)));
  expect(labels).toEqual([[], ["Request again"], [], [], ["Request again"]]);
});

test("all who approved are named", () => {
  const line = aLine({}, { needed: 2, assignees: [approvers] });
  expect(wordsOf(noticeCard("approved", approved(voted(line, "ines"), {}, "omar"), directory, en))).toContain(
    "was approved by Ines Roth and Omar Said.",
  );
});

test("the notice of a request for somebody else names that person", () => {
  const line = rejected(aLine({ beneficiary: "omar" }));
  expect(wordsOf(noticeCard("rejected", line, directory, en))).toContain("Report builder in Salesforce for Omar Said was rejected");
});

test("an error reported twice is told with the latest reason", () => {
  const again = transmitted(failed(), { id: "again" });
  const twice: Line = {
    ...again,
    tasks: again.tasks.map((task) =>
      task.id === "again" ? { ...task, state: "done", outcome: "errored", decidedBy: "tom", reason: "Still no licence" } : task,
    ),
  };
  expect(wordsOf(noticeCard("errored", twice, directory, en))).toContain("Reason: Still no licence");
});

const ALERTS: Readonly<Record<Alert, readonly [Record<string, string>, string]>> = {
  "fallback-used": [{ number: "12", line: "id" }, "Request 12 went to a stand-in, because nobody whom its rules name can act."],
  "nobody-can-approve": [
    { by: "Anna Lind", application: "Salesforce" },
    "Anna Lind could not ask for Salesforce, because nobody can approve it.",
  ],
  "nobody-to-ask": [{ number: "12", line: "id" }, "Request 12 waits, and nobody is left to ask."],
  "not-linked": [
    { platform: "slack", home: "T0ACME", user: "U1" },
    "The chat account U1 in workspace T0ACME tried to use Latchkey, but nobody is linked to it.",
  ],
  "not-a-member": [
    { platform: "slack", home: "T0ACME", user: "U1" },
    "The chat account U1 in workspace T0ACME stands in people.csv, but it belongs to a guest, a bot, another company or somebody switched off.",
  ],
  "not-delivered": [
    { number: "12", to: "#crm", why: "not_in_channel" },
    "The card of request 12 did not reach #crm: the app is not in that channel.",
  ],
};

test.each(Object.entries(ALERTS))("administrators read what happened and what to do: %s", (alert, [about, words]) => {
  const [first, next, ...others] = wordsOf(alertCard(alert as Alert, about, en)).split("\n");
  expect(first).toBe(words);
  expect(next).toBe(en.alerts[alert as Alert].next);
  expect(others).toEqual([]);
});

test.each(Object.keys(ALERTS))("an alert with nothing known is still a sentence: %s", (alert) => {
  expect(wordsOf(alertCard(alert as Alert, {}, en))).not.toMatch(/undefined|null|\(\)| {2}| \./);
});

test("help names every command, and offers Request access", () => {
  const words = wordsOf(helpCard(en));
  for (const word of ["/request-access [words]", "/access tasks", "/access requests", "/access mine", "/access help"])
    expect(words).toContain(word);
  expect(labelsOf(helpCard(en))).toEqual(["Request access"]);
});
