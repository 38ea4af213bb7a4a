import { describe, expect, test } from "vitest";
import { homeCard, listCard } from "../../src/cards/home-card.ts";
import type { Line } from "../../src/domain/line.ts";
import type { HomeView, Page } from "../../src/domain/views.ts";
import { en } from "../../src/texts/en.ts";
import { aLine, approvers, claimed, directory, done, failed, hour, systemAdministrator, transmitted, voted } from "./fixtures.ts";
import { buttonsOf, labelsOf, warningsOf, wordsOf } from "./reading.ts";

function page<T>(rows: readonly T[], more: Partial<Page<T>> = {}): Page<T> {
  return { rows, total: rows.length, page: 0, size: 5, ...more };
}

function home(person: string, more: Partial<HomeView> = {}): HomeView {
  return { person, directory, tasks: page([]), requests: page([]), access: page([]), ...more };
}

function taskRows(...lines: readonly Line[]): HomeView["tasks"] {
  return page(lines.map((line) => ({ line, task: line.tasks.at(-1)! })));
}

const held = {
  application: "Salesforce",
  entitlement: "Report builder",
  login: "aruiz",
  from: hour(0),
  until: null,
  state: "executed",
  lineNumber: 12,
} as const;

test("an empty home says what to do and offers Request access", () => {
  const drawn = homeCard(home("ana"), en);
  expect(wordsOf(drawn).split("\n")).toEqual([
    "My tasks",
    "Nothing waits for you.",
    "My requests",
    "You have asked for nothing yet. Press Request access to begin.",
    "My access",
    "You have no access through Latchkey yet. Press Request access to ask for some.",
  ]);
  expect(buttonsOf(drawn)).toEqual([
    { label: "Request access", tone: "go", action: { kind: "ask", application: null }, spoken: "Request access" },
  ]);
});

describe("my tasks", () => {
  test("an approval can be decided from here, because why, how long, account type and risk are said", () => {
    const drawn = homeCard(home("paul", { tasks: taskRows(aLine()) }), en);
    expect(wordsOf(drawn)).toContain("Request 12: decide on Report builder in Salesforce for Ana Ruiz");
    expect(wordsOf(drawn)).toContain("Why: Quarterly forecast");
    expect(wordsOf(drawn)).toContain(
      "30 days, from when it is set up · Account type: Standard · Risk: Low · waiting since 2026-11-21 08:00 UTC",
    );
    expect(labelsOf(drawn)).toEqual(["Request access", "Approve", "Reject"]);
  });

  test("ASK-24 high risk is a warning here too", () => {
    expect(warningsOf(homeCard(home("paul", { tasks: taskRows(aLine({ entitlement: systemAdministrator })) }), en))).toHaveLength(1);
  });

  test.each([
    ["a task to claim", transmitted(), ["Claim"], "waiting since"],
    ["the claimer's task", claimed(), ["Confirm done", "Report error", "Release"], "you are on it since"],
    ["a colleague's task", claimed(transmitted(), "tom"), [], "Tom Keller is on it since"],
  ])("%s offers what can be done with it", (_, line, labels, words) => {
    const drawn = homeCard(home("lena", { tasks: taskRows(line) }), en);
    expect(labelsOf(drawn).slice(1)).toEqual(labels);
    expect(wordsOf(drawn)).toContain(words);
  });

  test("an approval that I have given already offers nothing", () => {
    const line = voted(aLine({}, { needed: 2, assignees: [approvers] }), "ines");
    expect(labelsOf(homeCard(home("ines", { tasks: taskRows(line) }), en))).toEqual(["Request access"]);
  });

  test("an error to look into shows its reason", () => {
    const drawn = homeCard(home("tom", { tasks: taskRows(failed()) }), en);
    expect(wordsOf(drawn)).toContain("Error: No licence left");
    expect(labelsOf(drawn).slice(1)).toEqual(["Try again", "Cancel order"]);
  });
});

test("NWX-1 my requests and my access show both states in plain words", () => {
  const drawn = homeCard(
    home("ana", { requests: page([transmitted()]), access: page([held, { ...held, state: "verified", lineNumber: 9 }]) }),
    en,
  );
  expect(wordsOf(drawn)).toContain("Approval: Approved. Setup: Handed over.");
  expect(wordsOf(drawn)).toContain("Request 12, since 2026-11-21, no end date. Approval: Approved. Setup: Done.");
  expect(wordsOf(drawn)).toContain("Request 9, since 2026-11-21, no end date. Approval: Approved. Setup: Done and checked.");
});

test("access that ends says when, and an account alone is named as one", () => {
  const drawn = listCard("access", home("ana", { access: page([{ ...held, entitlement: null, until: hour(48) }]) }), en);
  expect(drawn.title).toBe("My access (1)");
  expect(wordsOf(drawn)).toContain("An account in Salesforce, as aruiz");
  expect(wordsOf(drawn)).toContain("until 2026-11-23");
});

describe("pages", () => {
  const pagesOf = (requests: HomeView["requests"]) =>
    buttonsOf(listCard("requests", home("ana", { requests }), en)).map(({ label, action }) => [label, action]);
  const next = (to: number) => ["Next", { kind: "page", list: "requests", page: to }];
  const previous = (to: number) => ["Previous", { kind: "page", list: "requests", page: to }];
  const rows = (count: number) => Array.from({ length: count }, () => done());

  test("a list that fits has no page buttons", () => {
    expect(pagesOf(page(rows(5)))).toEqual([]);
  });

  test("the first page leads on, a middle one both ways, the last one back", () => {
    expect(pagesOf(page(rows(5), { total: 12 }))).toEqual([next(1)]);
    expect(pagesOf(page(rows(5), { total: 12, page: 1 }))).toEqual([previous(0), next(2)]);
    expect(pagesOf(page(rows(2), { total: 12, page: 2 }))).toEqual([previous(1)]);
  });

  test("a page that emptied in the meantime leads back", () => {
    expect(pagesOf(page(rows(0), { total: 5, page: 1 }))).toEqual([previous(0)]);
  });

  test("the card says which part is shown", () => {
    expect(wordsOf(listCard("requests", home("ana", { requests: page(rows(2), { total: 12, page: 2 }) }), en))).toContain("11 to 12 of 12");
  });
});
