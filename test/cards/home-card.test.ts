import { describe, expect, test } from "vitest";
import type { Card } from "../../src/cards/card.ts";
import { homeCard, listCard } from "../../src/cards/home-card.ts";
import { printHome } from "../../src/channels/slack/print.ts";
import { HOME_PAGE } from "../../src/db/views.ts";
import type { Line, TaskClock } from "../../src/domain/line.ts";
import { NO_CLOCK } from "../../src/domain/line.ts";
import type { HomeView, Page } from "../../src/domain/views.ts";
import { en } from "../../src/texts/en.ts";
import {
  aLine,
  approved,
  approvers,
  claimed,
  directory,
  done,
  failed,
  hour,
  manager,
  rejected,
  salesforce,
  systemAdministrator,
  transmitted,
  voted,
} from "./fixtures.ts";
import { buttonsOf, labelsOf, warningsOf, wordsOf } from "./reading.ts";

function page<T>(rows: readonly T[], more: Partial<Page<T>> = {}): Page<T> {
  return { rows, total: rows.length, page: 0, size: 5, ...more };
}

function home(person: string, more: Partial<HomeView> = {}): HomeView {
  return { person, directory, now: hour(50), tasks: page([]), requests: page([]), access: page([]), late: null, last: null, ...more };
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

const due = (n: number): TaskClock => ({ ...NO_CLOCK, dueAt: hour(n) });
const blockTypes = (card: Card) => card.blocks.map(({ type }) => type);

describe("my tasks", () => {
  test("an approval can be decided from here, because why, how long, account type and risk are said", () => {
    const drawn = homeCard(home("paul", { tasks: taskRows(aLine()) }), en);
    expect(wordsOf(drawn)).toContain("Request 12: decide on Report builder in Salesforce for Ana Ruiz");
    expect(wordsOf(drawn)).toContain("Why: Quarterly forecast\n30 days, from when it is set up · Account type: Standard · Risk: Low");
    expect(wordsOf(drawn)).toContain("waiting since 2026-11-21 08:00 UTC (2 days)");
    expect(labelsOf(drawn)).toEqual(["Request access", "Approve", "Reject", "Show card"]);
  });

  test("who was asked later has it waiting since then", () => {
    const late = { kind: "person", person: "siti", because: "escalated", since: hour(47) } as const;
    const line = aLine({}, { assignees: [manager, late] });
    expect(wordsOf(homeCard(home("siti", { tasks: taskRows(line) }), en))).toContain("waiting since 2026-11-23 07:00 UTC (3 hours)");
    expect(wordsOf(homeCard(home("paul", { tasks: taskRows(line) }), en))).toContain("waiting since 2026-11-21 08:00 UTC (2 days)");
  });

  test("ASK-24 high risk is a warning here too", () => {
    expect(warningsOf(homeCard(home("paul", { tasks: taskRows(aLine({ entitlement: systemAdministrator })) }), en))).toHaveLength(1);
  });

  test.each([
    ["a task to claim", transmitted(), ["Claim"], "waiting since"],
    ["the claimer's task", claimed(), ["Confirm done", "Report error", "Release"], "you have been on it since"],
    ["a colleague's task", claimed(transmitted(), "tom"), [], "Tom Keller has been on it since"],
  ])("%s offers what can be done with it", (_, line, labels, words) => {
    const drawn = homeCard(home("lena", { tasks: taskRows(line) }), en);
    expect(labelsOf(drawn).slice(1)).toEqual([...labels, "Show card"]);
    expect(wordsOf(drawn)).toContain(words);
  });

  test("work says what has to be entered, and how", () => {
    const drawn = homeCard(home("lena", { tasks: taskRows(claimed()) }), en);
    expect(wordsOf(drawn)).toContain(
      "To enter\nLogin: ana@acme.example\nProfile: Standard User\n1. Open Setup > Users.\n2. Press New User.\n30 days, from when it is set up",
    );
    expect(wordsOf(drawn)).not.toContain("More on the card");
  });

  test("long instructions end at a whole line, and the rest is on the card", () => {
    const create = Array.from({ length: 40 }, (_, index) => `${index}. Press the next button.`).join("\n");
    const line = aLine({ application: { ...salesforce, instructions: { create, update: "" } } });
    const drawn = homeCard(home("lena", { tasks: taskRows(transmitted(approved(line))) }), en);
    expect(wordsOf(drawn)).toMatch(/Press the next button\. …\n/);
    expect(wordsOf(drawn)).not.toContain("39. Press");
    expect(wordsOf(drawn)).toContain("More on the card: press Show card.");
    expect(buttonsOf(drawn).at(-1)).toMatchObject({ label: "Show card", action: { kind: "show", task: "fulfilment" } });
  });

  test("work on an account that another request creates says so", () => {
    const drawn = homeCard(home("lena", { tasks: taskRows(transmitted(approved(aLine(), { operation: "update" }))) }), en);
    expect(warningsOf(drawn)).toEqual([en.orders.onItsWay]);
  });

  test("what is due says when; what is overdue says since when, and can't be overlooked", () => {
    const soon = homeCard(home("paul", { tasks: taskRows(aLine({}, { clock: due(51) })) }), en);
    expect(wordsOf(soon)).toContain("due 2026-11-23 11:00 UTC · waiting since");
    expect(warningsOf(soon)).toEqual([]);
    const late = homeCard(home("paul", { tasks: taskRows(aLine({}, { clock: due(45) })) }), en);
    expect(warningsOf(late)).toEqual(["overdue since 2026-11-23 05:00 UTC (5 hours) · waiting since 2026-11-21 08:00 UTC (2 days)"]);
  });

  test("rows stand apart", () => {
    const drawn = homeCard(home("paul", { tasks: taskRows(aLine(), aLine(), aLine()) }), en);
    expect(blockTypes(drawn).filter((type) => type === "divider")).toHaveLength(2);
  });

  test("an approval that I have given already offers nothing but its card", () => {
    const line = voted(aLine({}, { needed: 2, assignees: [approvers] }), "ines");
    expect(labelsOf(homeCard(home("ines", { tasks: taskRows(line) }), en))).toEqual(["Request access", "Show card"]);
  });

  test("an error to look into shows its reason", () => {
    const drawn = homeCard(home("tom", { tasks: taskRows(failed()) }), en);
    expect(wordsOf(drawn)).toContain("Error: No licence left");
    expect(labelsOf(drawn).slice(1)).toEqual(["Try again", "Cancel order", "Show card"]);
  });
});

describe("what I did last", () => {
  test.each([
    ["approve", "You approved request 3 (Salesforce), 2026-11-23 10:00 UTC."],
    ["retry", "You sent request 3 (Salesforce) back for another try, 2026-11-23 10:00 UTC."],
    ["nudge", "You sent a reminder for request 3 (Salesforce), 2026-11-23 10:00 UTC."],
  ] as const)("%s is acknowledged above all else", (did, words) => {
    const drawn = homeCard(home("tom", { last: { did, number: 3, application: "Salesforce", at: hour(50) } }), en);
    expect(wordsOf(drawn).split("\n")[0]).toBe(words);
  });
});

describe("late work", () => {
  const late = (...lines: readonly Line[]) => homeCard(home("tom", { late: taskRows(...lines) }), en);

  test("only administrators have the list at all", () => {
    expect(wordsOf(homeCard(home("tom"), en))).not.toContain("Late work");
    expect(wordsOf(late())).toContain("Late work\nNothing is late.");
  });

  test("it says whose work it is and how late, and offers what an administrator may do", () => {
    const drawn = late(aLine({}, { clock: due(45) }));
    expect(wordsOf(drawn)).toContain("Late work (1)\nRequest 12: decide on Report builder in Salesforce for Ana Ruiz");
    expect(wordsOf(drawn)).toContain("overdue since 2026-11-23 05:00 UTC (5 hours) · waiting for Paul Weber (manager) since");
    expect(labelsOf(drawn).slice(1)).toEqual(["Reassign", "Cancel request", "Show card"]);
    expect(labelsOf(late(claimed(transmitted(approved(), { clock: due(45) })))).slice(1)).toEqual([
      "Reassign",
      "Release",
      "Cancel request",
      "Show card",
    ]);
  });
});

describe("my requests", () => {
  const mine = (line: Line, viewer = "ana") => listCard("requests", home(viewer, { requests: page([line]) }), en);

  test("what was refused says why, and can be asked for again", () => {
    expect(warningsOf(mine(rejected(aLine(), "Ask for the viewer")))).toEqual(["Reason: Ask for the viewer"]);
    expect(buttonsOf(mine(rejected()))[0]).toMatchObject({
      label: "Request again",
      action: { kind: "ask", application: "salesforce", line: "line" },
    });
  });

  test("what still moves can be nudged and withdrawn by its requester alone", () => {
    expect(labelsOf(mine(aLine()))).toEqual(["Nudge", "Withdraw", "Request access"]);
    expect(labelsOf(mine(aLine({ beneficiary: "siti" }), "siti"))).toEqual(["Request access"]);
  });

  test("who receives it reads who asked", () => {
    const given = aLine({ requester: "tom", beneficiary: "ana" });
    expect(wordsOf(mine(given))).toContain("Setup: Not started. · Asked by Tom Keller · sent 2 days ago");
    expect(wordsOf(mine(given, "tom"))).not.toContain("Asked by");
  });

  test("an open request says how old it is and when it is due", () => {
    expect(wordsOf(mine(aLine({}, { clock: due(51) })))).toContain("Setup: Not started. · sent 2 days ago · due 2026-11-23 11:00 UTC");
  });
});

test("the fullest page keeps within the 100 blocks of an App Home", () => {
  const full = <T>(row: T): Page<T> =>
    page(
      Array.from({ length: HOME_PAGE }, () => row),
      { total: 99, page: 1, size: HOME_PAGE },
    );
  const risky = aLine({ entitlement: systemAdministrator }, { clock: due(45) });
  const view = home("paul", {
    tasks: full({ line: risky, task: risky.tasks[0]! }),
    late: full({ line: risky, task: risky.tasks[0]! }),
    requests: full(rejected()),
    access: full(held),
    last: { did: "approve", number: 3, application: "Salesforce", at: hour(50) },
  });
  const printed = printHome(homeCard(view, en), en.slack, "").blocks;
  expect(printed.length).toBeGreaterThan(80);
  expect(printed.length).toBeLessThanOrEqual(100);
  expect(printed.filter(({ block_id }) => block_id === "rest")).toEqual([]);
});

test("NWX-1 my requests and my access show both states in plain words", () => {
  const drawn = homeCard(
    home("ana", { requests: page([transmitted()]), access: page([held, { ...held, state: "verified", lineNumber: 9 }]) }),
    en,
  );
  expect(wordsOf(drawn)).toContain("Approval: Approved. Setup: On the work list.");
  expect(wordsOf(drawn)).toContain("Request 12, since 2026-11-21, no end date. Approved · Done");
  expect(wordsOf(drawn)).toContain("Request 9, since 2026-11-21, no end date. Approved · Done and checked");
});

test("NWX-1 a complete request says both states in short", () => {
  const words = wordsOf(listCard("requests", home("ana", { requests: page([done()]) }), en));
  expect(words).toContain("Complete. Set up by Lena Vogel, 2026-11-21 12:00 UTC.\nApproved · Done");
  expect(words).not.toContain("Approval:");
});

test("access whose end has passed doesn't look current", () => {
  const access = (until: Date) => listCard("access", home("ana", { access: page([{ ...held, until }]) }), en);
  expect(warningsOf(access(hour(48)))).toEqual(["Request 12, ended on 2026-11-23, and may still have to be removed"]);
  expect(wordsOf(access(hour(48)))).not.toContain("until");
  expect(warningsOf(access(hour(72)))).toEqual([]);
});

test("access that ends says when, and an account alone is named as one", () => {
  const drawn = listCard("access", home("ana", { access: page([{ ...held, entitlement: null, until: hour(72) }]) }), en);
  expect(drawn.title).toBe("My access (1)");
  expect(wordsOf(drawn)).toContain("An account in Salesforce, as aruiz");
  expect(wordsOf(drawn)).toContain("until 2026-11-24");
});

describe("pages", () => {
  const pagesOf = (requests: HomeView["requests"]) =>
    buttonsOf(listCard("requests", home("ana", { requests }), en))
      .filter(({ action }) => action.kind === "page")
      .map(({ label, action }) => [label, action]);
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
