import { describe, expect, test } from "vitest";
import { alertCard, helpCard, noticeCard } from "../../src/cards/notices.ts";
import type { Alert, Notice } from "../../src/domain/effects.ts";
import type { Line } from "../../src/domain/line.ts";
import { en } from "../../src/texts/en.ts";
import {
  aLine,
  approved,
  approvers,
  cancelled,
  claimed,
  closed,
  directory,
  done,
  failed,
  rejected,
  retried,
  transmitted,
  voted,
} from "./fixtures.ts";
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
  retried: {
    line: retried(),
    title: "Request 12 is being tried again",
    words: [
      "Report builder in Salesforce was sent back for another try by Tom Keller.",
      "Next: setup by Salesforce administrators. You are told when it is done.",
    ],
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
  cancelled: {
    line: closed({ type: "cancelled", by: "tom", reason: "The licence ends" }),
    title: "Request 12 is cancelled",
    words: [
      "Report builder in Salesforce was cancelled by Tom Keller, an administrator.",
      "Reason: The licence ends",
      "Next: talk to Tom Keller, or ask again if you still need it.",
    ],
  },
  withdrawn: {
    line: closed({ type: "withdrawn", by: "ana", reason: null }),
    title: "Request 12 is withdrawn",
    words: ["Report builder in Salesforce was withdrawn by Ana Ruiz.", "You don't need to do anything."],
  },
  expired: {
    line: closed({ type: "expired" }),
    title: "Request 12 has expired",
    words: ["Report builder in Salesforce expired, because nobody decided in time.", "Next: ask again if you still need it."],
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
  expect(labels).toEqual([[], ["Request again"], [], [], [], ["Request again"], ["Request again"], [], ["Request again"]]);
});

test("all who approved are named", () => {
  const line = aLine({}, { needed: 2, assignees: [approvers] });
  expect(wordsOf(noticeCard("approved", approved(voted(line, "ines"), {}, "omar"), directory, en))).toContain(
    "was approved by Ines Roth and Omar Said.",
  );
});

test("a bare account that could not be set up is spoken of within the sentence", () => {
  const line = failed(claimed(transmitted(approved(aLine({ entitlement: null })))));
  expect(wordsOf(noticeCard("errored", line, directory, en))).toContain("Lena Vogel reported an error with an account in Salesforce.");
});

test("the notice of a request for somebody else names that person", () => {
  const line = rejected(aLine({ beneficiary: "omar" }));
  expect(wordsOf(noticeCard("rejected", line, directory, en))).toContain("Report builder in Salesforce for Omar Said was rejected");
});

test("ASK-2 the login is the beneficiary's: who asked for somebody else reads who can sign in", () => {
  const line = done(claimed(transmitted(approved(aLine({ requester: "tom", beneficiary: "ana" })))), "aruiz");
  const read = (reader: string) => wordsOf(noticeCard("executed", line, directory, en, reader));
  expect(read("tom")).toContain("Ana Ruiz can sign in to Salesforce as aruiz now.");
  expect(read("ana")).toContain("You can sign in to Salesforce as aruiz now.");
});

test("what an approver wrote with the approval is passed on", () => {
  const line = approved(voted(aLine({}, { needed: 2, assignees: [approvers] }), "ines", "Only until June"), {}, "omar");
  expect(wordsOf(noticeCard("approved", line, directory, en))).toContain("Ines Roth approved, 2026-11-21 09:00 UTC: Only until June");
  expect(wordsOf(noticeCard("approved", line, directory, en))).not.toContain("Omar Said approved");
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
  "fallback-used": [{ number: "12", line: "id" }, "Request 12 went to a stand-in: nobody whom the configuration names can act."],
  "nobody-can-approve": [
    { by: "Anna Lind", application: "Salesforce" },
    "Anna Lind could not ask for Salesforce, because nobody can approve it.",
  ],
  "nobody-to-ask": [{ number: "12", line: "id" }, "Request 12 waits, and nobody is left to ask."],
  "nobody-to-escalate": [{ number: "12", line: "id" }, "Request 12 is late, and nobody further up can be asked."],
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
  "slack-cut-off": [
    { why: "link_disabled" },
    "Nothing that people press, type or send in Slack reaches Latchkey now: Socket Mode is switched off in the app's settings. What was decided is safe.",
  ],
  "shut-out": [
    { why: "token_revoked" },
    "For a while Slack let Latchkey do nothing: the app's token was revoked. Cards and messages waited, and come now.",
  ],
  "effect-dead": [
    { place: "task:1", why: "TypeError" },
    "A card or message failed again and again and is not tried any more (TypeError). Decisions are safe.",
  ],
};

test.each(Object.entries(ALERTS))("administrators read what happened and what to do: %s", (alert, [about, words]) => {
  const [first, next, ...others] = wordsOf(alertCard(alert as Alert, about, en)).split("\n");
  expect(first).toBe(words);
  expect(next).toBe(en.alerts[alert as Alert].next);
  expect(others).toEqual([]);
});

describe("the alert about a stand-in", () => {
  const words = (about: Record<string, string>) => wordsOf(alertCard("fallback-used", about, en)).split("\n")[0];

  test("names whose request it is, who was asked instead and why", () => {
    const about = { number: "12", application: "Salesforce", by: "Ana Ruiz", to: "Tom Keller, Siti Rahman", cause: "not-active" };
    expect(words(about)).toBe(
      "Request 12 (Salesforce, for Ana Ruiz) went to Tom Keller, Siti Rahman instead: whoever is named is on leave or has left.",
    );
  });

  test.each([
    [{ application: "Salesforce" }, "Request 12 (Salesforce) went to a stand-in: nobody whom the configuration names can act."],
    [{ by: "Ana Ruiz" }, "Request 12 (for Ana Ruiz) went to a stand-in: nobody whom the configuration names can act."],
    [{ cause: "too-few" }, "Request 12 went to a stand-in: fewer people can act than have to approve."],
    [{ cause: "none" }, "Request 12 went to a stand-in: no manager or group member is known."],
    [{ cause: "own-request" }, "Request 12 went to a stand-in: the only ones named asked for it or receive it."],
    [{ cause: "not-reachable" }, "Request 12 went to a stand-in: no chat account is known for whoever is named."],
  ])("says what is known: %j", (about, sentence) => {
    expect(words({ number: "12", ...about })).toBe(sentence);
  });
});

test.each(Object.keys(ALERTS))("an alert with nothing known is still a sentence: %s", (alert) => {
  expect(wordsOf(alertCard(alert as Alert, {}, en))).not.toMatch(/undefined|null|\(\)| {2}| \./);
});

test("help names every command, and offers Request access", () => {
  const words = wordsOf(helpCard(en, { administrator: false }));
  for (const word of ["/request-access [words]", "/access tasks", "/access requests", "/access mine", "/access help"])
    expect(words).toContain(word);
  expect(labelsOf(helpCard(en, { administrator: false }))).toEqual(["Request access"]);
  for (const command of Object.values(en.help.typed)) expect(words).toContain(command);
});
