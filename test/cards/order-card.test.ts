import { describe, expect, test } from "vitest";
import { taskCard } from "../../src/cards/task-card.ts";
import type { Line } from "../../src/domain/line.ts";
import { NO_CLOCK } from "../../src/domain/line.ts";
import { en } from "../../src/texts/en.ts";
import {
  aLine,
  approved,
  cancelled,
  claimed,
  closed,
  done,
  failed,
  fulfillers,
  happens,
  hour,
  reportBuilder,
  retried,
  salesforce,
  transmitted,
  viewOf,
} from "./fixtures.ts";
import { buttonsOf, factsOf, labelsOf, warningsOf, wordsOf } from "./reading.ts";

const card = (line: Line, viewer: string | null) => taskCard(viewOf(line, "fulfilment", viewer), en);
const review = (line: Line, viewer: string | null) => taskCard(viewOf(line, "review", viewer), en);

const single = transmitted(approved(), { assignees: [{ kind: "person", person: "siti", because: "fulfiller" }] });

describe("what is to be done", () => {
  test("IDH-10 the fulfiller's card shows the operation, the person, every form value, and who approved and when", () => {
    const drawn = card(transmitted(approved(aLine({ values: { region: "EMEA", territory: "DACH" } }))), "lena");
    expect(wordsOf(drawn)).toContain("Create an account in Salesforce for Ana Ruiz, with Report builder.");
    expect(factsOf(drawn)).toEqual({
      Who: "Ana Ruiz, Account executive, Sales",
      "E-mail": "ana@acme.example",
      "What it allows": "Create reports and dashboards",
      "How long": "30 days, from when it is set up",
      "Account type": "Standard",
      "Sales region": "EMEA",
      Territory: "DACH",
      "Approved by": "Paul Weber, 2026-11-21 09:00 UTC",
    });
  });

  test("the account template and the instructions are lines to copy; what is empty is left out", () => {
    expect(card(transmitted(), "lena").blocks.filter((block) => block.type === "copy")).toEqual([
      { type: "copy", label: "Account to enter", text: "Login: ana@acme.example\nProfile: Standard User" },
      { type: "copy", label: "Instructions", text: "1. Open Setup > Users.\n2. Press New User." },
    ]);
  });

  test("an order on an account names that account", () => {
    const update = transmitted(approved(aLine(), { operation: "update", accountId: "account", login: "aruiz", attributes: [] }));
    expect(wordsOf(card(update, "lena"))).toContain("Add Report builder to the account aruiz of Ana Ruiz in Salesforce.");
    expect(warningsOf(card(update, "lena"))).toEqual([]);
  });

  test("an account that another request is about to create is spoken of, so that nobody searches for it in vain", () => {
    const update = transmitted(approved(aLine(), { operation: "update", accountId: null, attributes: [] }));
    expect(warningsOf(card(update, "lena"))).toEqual(["If this account isn't there yet, another request creates it. Do that one first."]);
  });

  test("IDH-9 the instructions are those for what the order does, and then the entitlement's own", () => {
    const instructionsOn = (line: Line) =>
      card(transmitted(line), "lena").blocks.flatMap((block) =>
        block.type === "copy" && block.label === "Instructions" ? [block.text] : [],
      );
    const onAccount = { operation: "update", accountId: "account", login: "aruiz", attributes: [] } as const;
    const own = { ...reportBuilder, instructions: "Add the permission set Reports." };
    expect(instructionsOn(approved(aLine()))).toEqual(["1. Open Setup > Users.\n2. Press New User."]);
    expect(instructionsOn(approved(aLine(), onAccount))).toEqual(["1. Open the user > Permission Set Assignments."]);
    expect(instructionsOn(approved(aLine({ entitlement: own }), onAccount))).toEqual([
      "1. Open the user > Permission Set Assignments.\nAdd the permission set Reports.",
    ]);
    const silent = { ...salesforce, instructions: { create: "Press New User.", update: "" } };
    expect(instructionsOn(approved(aLine({ application: silent, entitlement: own }), onAccount))).toEqual([
      "Add the permission set Reports.",
    ]);
  });

  test("a change of an attribute shows what stands there now", () => {
    const change = approved(aLine(), {
      operation: "update",
      accountId: "a",
      attributes: [{ name: "Profile", current: "Reader", proposed: "Editor" }],
    });
    expect(wordsOf(card(transmitted(change), "lena"))).toContain("Profile: Reader -> Editor");
  });

  test("an application without instructions shows none", () => {
    const line = transmitted(
      approved(aLine({ application: { ...salesforce, instructions: { create: " ", update: " " } }, entitlement: null })),
    );
    expect(wordsOf(card(line, "lena"))).not.toContain("Instructions");
    expect(wordsOf(card(line, "lena"))).toContain("Create an account in Salesforce for Ana Ruiz.");
  });
});

describe("buttons", () => {
  test.each(["lena", "tom", null])("IDH-9 a group's task that nobody has claimed offers Claim and nothing else (seen by %s)", (viewer) => {
    expect(labelsOf(card(transmitted(), viewer))).toEqual(["Claim"]);
    expect(wordsOf(card(transmitted(), viewer))).toContain("Claim it first");
  });

  test("IDH-9 once claimed, the claimer confirms, reports an error or releases", () => {
    expect(labelsOf(card(claimed(), "lena"))).toEqual(["Confirm done", "Report error", "Release"]);
    expect(wordsOf(card(claimed(), "lena"))).toContain("You have been on it since 2026-11-21 11:00 UTC.");
  });

  test("IDH-9 once claimed, the others see by whom and since when, without buttons", () => {
    expect(labelsOf(card(claimed(), "tom"))).toEqual([]);
    expect(wordsOf(card(claimed(), "tom"))).toContain("Lena Vogel has been on it since 2026-11-21 11:00 UTC.");
  });

  test("the copy in a channel shows the buttons and says who may use them", () => {
    expect(labelsOf(card(claimed(), null))).toEqual(["Confirm done", "Report error", "Release"]);
    expect(wordsOf(card(claimed(), null))).toContain("Only Lena Vogel can confirm or release it.");
    expect(wordsOf(card(transmitted(), null))).toContain(
      "Waiting for Salesforce administrators (Lena Vogel or Tom Keller) since 2026-11-21 10:00 UTC. Claim it first,",
    );
    expect(wordsOf(card(single, null))).toContain("Waiting for Siti Rahman since 2026-11-21 10:00 UTC.");
    expect(wordsOf(card(single, "siti"))).toContain("Waiting for you since 2026-11-21 10:00 UTC. Confirm when it is done.");
  });

  test("ASK-9 who was chosen later reads since when it waits for them, who passed it on, and why", () => {
    const to = { kind: "person", person: "siti", because: "reassigned", since: hour(9) } as const;
    const line = happens(transmitted(), 9, { type: "reassigned", task: "fulfilment", assignees: [to], by: "tom", reason: "Lena is ill" });
    for (const viewer of ["siti", null]) expect(wordsOf(card(line, viewer))).toContain("Passed on by Tom Keller: Lena is ill");
    expect(wordsOf(card(line, "siti"))).toContain("Waiting for you since 2026-11-21 17:00 UTC.");
    expect(wordsOf(card(line, null))).toContain("since 2026-11-21 17:00 UTC.");
    expect(wordsOf(card(line, "lena"))).not.toContain("Lena is ill");
  });

  test.each(["siti", null])("a single named fulfiller confirms or reports at once (seen by %s)", (viewer) => {
    expect(labelsOf(card(single, viewer))).toEqual(["Confirm done", "Report error"]);
  });

  test("when it is due stands on every copy, claimed or not", () => {
    const clock = { ...NO_CLOCK, dueAt: hour(26), reminders: 1 };
    for (const viewer of ["lena", "tom", null])
      for (const line of [transmitted(approved(), { clock }), claimed(transmitted(approved(), { clock }))])
        expect(wordsOf(card(line, viewer))).toContain("Due 2026-11-22 10:00 UTC. Reminded once.");
  });

  test("whoever late work was escalated to can take the claim away and nothing else, unless they hold it", () => {
    const late = { kind: "person", person: "siti", because: "escalated", since: hour(7) } as const;
    const line = claimed(transmitted(approved(), { assignees: [fulfillers, late] }));
    expect(labelsOf(card(line, "siti"))).toEqual(["Release"]);
    expect(labelsOf(card(line, "lena"))).toEqual(["Confirm done", "Report error", "Release"]);
    expect(labelsOf(card(line, "tom"))).toEqual([]);
  });

  test("each button carries the face that rose with the claim", () => {
    expect(buttonsOf(card(transmitted(), "lena")).map(({ action }) => action)).toEqual([
      { kind: "act", verb: "claim", task: "fulfilment", face: 1 },
    ]);
    expect(buttonsOf(card(claimed(), "lena"))[0]?.action).toEqual({ kind: "act", verb: "confirm", task: "fulfilment", face: 2 });
  });

  test("who is no fulfiller any more sees whom it waits for, without buttons", () => {
    expect(wordsOf(card(transmitted(), "omar"))).toContain(
      "No longer waiting for you. It waits for Salesforce administrators (Lena Vogel or Tom Keller).",
    );
    expect(labelsOf(card(transmitted(), "omar"))).toEqual([]);
  });
});

describe("afterwards", () => {
  test.each(["lena", "tom", null])(
    "ASK-1 ASK-3 every copy says who did it and when, with the login, and has no buttons (seen by %s)",
    (viewer) => {
      const drawn = card(done(claimed(), "aruiz"), viewer);
      expect(wordsOf(drawn)).toContain("Done by Lena Vogel, 2026-11-21 12:00 UTC. Login: aruiz");
      expect(labelsOf(drawn)).toEqual([]);
      expect(drawn.blocks.some((block) => block.type === "copy")).toBe(false);
    },
  );

  test.each(["lena", "tom", null])("NWX-5 a reported error stands on every copy with its reason (seen by %s)", (viewer) => {
    expect(warningsOf(card(failed(), viewer))).toEqual(["Lena Vogel reported an error, 2026-11-21 12:00 UTC: No licence left"]);
    expect(labelsOf(card(failed(), viewer))).toEqual([]);
  });

  test.each(["lena", "tom", null])("NWX-5 every copy of the failed work says what came of it (seen by %s)", (viewer) => {
    const lastWords = (line: Line) => wordsOf(card(line, viewer)).split("\n").slice(0, 3);
    const error = "Lena Vogel reported an error, 2026-11-21 12:00 UTC: No licence left";
    expect(lastWords(failed()).slice(0, 2)).toEqual([error, "Next: Tom Keller (technical owner) tries again or cancels it."]);
    expect(lastWords(retried()).slice(0, 2)).toEqual([
      error,
      "Tom Keller sent it back for another try, 2026-11-21 13:00 UTC. A newer card shows the work.",
    ]);
    expect(lastWords(cancelled())).toEqual([
      error,
      "Tom Keller cancelled it, 2026-11-21 13:00 UTC. Nothing is left to do.",
      "Reason: We stop using it",
    ]);
    expect(card(retried(), viewer).summary).toBe("Request 12, Salesforce, Report builder: sent back for another try");
    expect(card(cancelled(), viewer).summary).toBe("Request 12, Salesforce, Report builder: cancelled");
  });

  test("NWX-5 work whose request was withdrawn while its error was looked into says so", () => {
    const line = closed({ type: "withdrawn", by: "ana", reason: "I found another way" }, failed());
    for (const task of ["fulfilment", "review"]) {
      const words = wordsOf(taskCard(viewOf(line, task, null), en));
      expect(words).toContain("Withdrawn by Ana Ruiz, 2026-11-21 13:00 UTC. Nothing is left to do.");
      expect(words).toContain("Reason: I found another way");
    }
  });

  test("ASK-1 ASK-3 work that was withdrawn before it was done says by whom, on every copy, without buttons", () => {
    const drawn = card(closed({ type: "withdrawn", by: "ana", reason: null }, claimed()), null);
    expect(wordsOf(drawn).split("\n")[0]).toBe("Withdrawn by Ana Ruiz, 2026-11-21 13:00 UTC. Nothing is left to do.");
    expect(labelsOf(drawn)).toEqual([]);
    expect(drawn.blocks.some((block) => block.type === "copy")).toBe(false);
  });
});

describe("another try", () => {
  const again = transmitted(retried(), { id: "again", openedAt: hour(6) });
  const secondTry = (line: Line, viewer: string | null) => taskCard(viewOf(line, "again", viewer), en);

  test.each(["lena", "tom", null])("NWX-5 its card tells what went wrong before and who sent it back (seen by %s)", (viewer) => {
    const drawn = secondTry(again, viewer);
    expect(warningsOf(drawn)).toEqual(["Lena Vogel reported an error, 2026-11-21 12:00 UTC: No licence left"]);
    expect(wordsOf(drawn)).toContain("Tom Keller sent it back for another try, 2026-11-21 13:00 UTC.");
    expect(labelsOf(drawn)).toEqual(["Claim"]);
  });

  test("once it is done, its card says only that", () => {
    const decided = happens(
      again,
      7,
      { type: "task-decided", task: "again", outcome: "executed", by: "tom", reason: null },
      { type: "order-executed", by: "tom", login: "aruiz", account: { id: "account", isNew: true, login: "aruiz", attributes: [] } },
    );
    expect(wordsOf(secondTry(decided, null)).split("\n")[0]).toBe("Done by Tom Keller, 2026-11-21 15:00 UTC. Login: aruiz");
    expect(warningsOf(secondTry(decided, null))).toEqual([]);
    expect(wordsOf(card(decided, null))).toContain("Tom Keller sent it back for another try");
  });

  test("a first try tells of none", () => {
    expect(warningsOf(card(transmitted(), "lena"))).toEqual([]);
  });
});

describe("the review of an error", () => {
  test("NWX-5 shows who reported what, and offers another try or the end", () => {
    const drawn = review(failed(), "tom");
    expect(warningsOf(drawn)).toEqual(["Lena Vogel reported an error, 2026-11-21 12:00 UTC: No licence left"]);
    expect(labelsOf(drawn)).toEqual(["Try again", "Cancel order"]);
    expect(wordsOf(drawn)).toContain("Try again sends it back to Salesforce administrators.");
    expect(factsOf(drawn)["To do"]).toBe("Create an account in Salesforce for Ana Ruiz, with Report builder.");
  });

  test("who isn't its reviewer gets no buttons", () => {
    expect(labelsOf(review(failed(), "lena"))).toEqual([]);
    expect(wordsOf(review(failed(), "lena"))).toContain("It waits for Tom Keller (technical owner).");
  });

  test("ASK-1 ASK-3 once decided it says who sent it back or cancelled it, and when", () => {
    expect(wordsOf(review(retried(), null))).toContain("Tom Keller sent it back to Salesforce administrators, 2026-11-21 13:00 UTC.");
    expect(labelsOf(review(retried(), null))).toEqual([]);
    const over = review(cancelled(), null);
    expect(wordsOf(over)).toContain("Tom Keller cancelled it, 2026-11-21 13:00 UTC.");
    expect(warningsOf(over)).toContain("Reason: We stop using it");
    expect(labelsOf(over)).toEqual([]);
  });
});
