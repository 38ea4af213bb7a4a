import { describe, expect, test } from "vitest";
import { taskCard } from "../../src/cards/task-card.ts";
import type { Assignee, Line } from "../../src/domain/line.ts";
import { NO_CLOCK } from "../../src/domain/line.ts";
import { en } from "../../src/texts/en.ts";
import {
  aLine,
  approved,
  approvers,
  closed,
  groupStep,
  happens,
  hour,
  manager,
  managerStep,
  policy,
  rejected,
  reportBuilder,
  salesforce,
  systemAdministrator,
  viewOf,
  voted,
} from "./fixtures.ts";
import { buttonsOf, factsOf, labelsOf, warningsOf, wordsOf } from "./reading.ts";

const card = (line: Line, viewer: string | null = "paul") => taskCard(viewOf(line, "approval", viewer), en);
const ofGroup = aLine({ policy: policy(groupStep(2), managerStep) }, { needed: 2, assignees: [approvers] });

describe("while it is open", () => {
  test("the card says who, what, why, how long, account type and risk, and what the form asked", () => {
    expect(factsOf(card(aLine()))).toEqual({
      Who: "Ana Ruiz, Account executive, Sales",
      What: "Report builder in Salesforce",
      "What it allows": "Create reports and dashboards",
      Why: "Quarterly forecast",
      "How long": "30 days, from when it is set up",
      "Account type": "Standard",
      Risk: "Low",
      "Sales region": "EMEA",
    });
  });

  test("it says why this person is asked, and offers Approve and Reject", () => {
    expect(wordsOf(card(aLine()))).toContain("You are asked as the manager of Ana Ruiz, since 2026-11-21 08:00 UTC.");
    expect(wordsOf(card(ofGroup, "omar"))).toContain("You are asked as one of CRM approvers, since 2026-11-21 08:00 UTC.");
    expect(labelsOf(card(aLine()))).toEqual(["Approve", "Reject"]);
  });

  test.each([
    ["manager-of-manager", "You are asked as the manager of Ana Ruiz's manager, since"],
    ["fallback-approver", "You are asked as a stand-in, since 2026-11-21 08:00 UTC: whoever should decide can't."],
    ["business-owner", "You are asked as business owner of Salesforce, since"],
    ["technical-owner", "You are asked as technical owner of Salesforce, since"],
    ["administrator", "You are asked as an administrator of Latchkey, since"],
    ["escalated", "You are asked because this is late, since"],
    ["reassigned", "You are asked because an administrator chose you, since"],
  ] as const)("who is asked for another reason reads it: %s", (because, words) => {
    expect(wordsOf(card(aLine({}, { assignees: [{ kind: "person", person: "paul", because }] })))).toContain(words);
  });

  test("who was asked later reads since when", () => {
    const late = { kind: "person", person: "tom", because: "escalated", since: hour(7) } as const;
    expect(wordsOf(card(aLine({}, { assignees: [manager, late] }), "tom"))).toContain("because this is late, since 2026-11-21 15:00 UTC.");
  });

  test("what time has done and will do stands on the card: due, expiry, reminders, a nudge, others asked", () => {
    const clock = { ...NO_CLOCK, dueAt: hour(30), expireAt: hour(300), reminders: 2, nudgedAt: hour(5) };
    const late = { kind: "person", person: "tom", because: "escalated", since: hour(7) } as const;
    const too = { ...late, person: "lena" };
    const later = { kind: "person", person: "siti", because: "reassigned", since: hour(9) } as const;
    expect(wordsOf(card(aLine({}, { clock, assignees: [manager, late, too, later] })))).toContain(
      "Due 2026-11-22 14:00 UTC. Expires 2026-12-03 20:00 UTC. Reminded 2 times. Nudged by Ana Ruiz, 2026-11-21 13:00 UTC. " +
        "It was late, so Tom Keller and Lena Vogel can act too since 2026-11-21 15:00 UTC. Passed on to Siti Rahman, 2026-11-21 17:00 UTC.",
    );
    expect(wordsOf(card(aLine({}, { clock: { ...NO_CLOCK, reminders: 1 } })))).toContain("Reminded once.");
    expect(wordsOf(card(aLine()))).not.toMatch(/Due|Expires|Reminded/);
  });

  test("ASK-9 whoever it was passed on to reads by whom and why, and so does a channel; nobody else", () => {
    const to: Assignee = { kind: "person", person: "siti", because: "reassigned", since: hour(9) };
    const handed = happens(aLine(), 9, {
      type: "reassigned",
      task: "approval",
      assignees: [to, approvers],
      by: "tom",
      reason: "Paul is at a fair",
    });
    for (const viewer of ["siti", null]) expect(wordsOf(card(handed, viewer))).toContain("Passed on by Tom Keller: Paul is at a fair");
    expect(wordsOf(card(handed, "siti"))).toContain("because an administrator chose you, since 2026-11-21 17:00 UTC.");
    for (const viewer of ["ines", "paul"]) expect(wordsOf(card(handed, viewer))).not.toContain("at a fair");
    const rerouted = happens(handed, 10, { type: "reassigned", task: "approval", assignees: [manager], by: null, reason: null });
    expect(wordsOf(card(rerouted))).not.toContain("Passed on");
  });

  test("a channel reads whom it waits for", () => {
    expect(wordsOf(card(ofGroup, null))).toContain("Waiting for CRM approvers (Ines Roth or Omar Said) since 2026-11-21 08:00 UTC.");
  });

  test("what was asked for in the same request is named, a long list in part", () => {
    const seats = (count: number) => Array.from({ length: count }, (_, index) => ({ number: 13 + index, item: `Seat ${index + 1}` }));
    const withSiblings = (count: number) => wordsOf(taskCard(viewOf(aLine(), "approval", "paul", ...seats(count)), en));
    expect(withSiblings(2)).toContain("Asked together with request 13 (Seat 1) and request 14 (Seat 2).");
    expect(withSiblings(7)).toContain("request 17 (Seat 5) and 2 others.");
    expect(withSiblings(6)).toContain("request 17 (Seat 5) and request 18 (Seat 6).");
    expect(withSiblings(0)).not.toContain("Asked together");
  });

  test("a button carries the verb, the task's id and its face, and is spoken with the request's number", () => {
    expect(buttonsOf(card(aLine({}, { face: 3 })))[0]).toEqual({
      label: "Approve",
      tone: "go",
      action: { kind: "act", verb: "approve", task: "approval", face: 3 },
      spoken: "Approve, request 12, Salesforce, Report builder",
    });
  });

  test.each([
    [{ kind: "days", days: 1 }, "1 day, from when it is set up"],
    [{ kind: "date", date: "2027-03-09" }, "Until Mar 9, 2027"],
    [null, "No end date"],
  ] as const)("an end of %j is said in words", (until, words) => {
    expect(factsOf(card(aLine({ until })))["How long"]).toBe(words);
  });

  test("an account alone is named as one, with what the application is", () => {
    const facts = factsOf(card(aLine({ entitlement: null })));
    expect(facts.What).toBe("An account in Salesforce");
    expect(facts["About it"]).toBe("Customer relationship management");
    expect(facts.Risk).toBe("Medium");
  });

  test("somebody who asks for another person is named beside that person", () => {
    const facts = factsOf(card(aLine({ requester: "tom" })));
    expect(facts.Who).toContain("Ana Ruiz");
    expect(facts["Asked by"]).toBe("Tom Keller, IT lead, IT");
  });

  test("a long justification gets a paragraph of its own and stays whole", () => {
    const justification = "We need it. ".repeat(30);
    const drawn = card(aLine({ justification }));
    expect(factsOf(drawn).Why).toBeUndefined();
    expect(wordsOf(drawn)).toContain(`Why\n${justification}`);
  });

  test("an answer left empty isn't shown, a ticked box reads Yes, several choices are listed, a date is said in words", () => {
    const form = [
      { id: "territory", label: "Territory", type: "text", options: [], required: false, hint: null, maxLength: null },
      { id: "trained", label: "Trained", type: "checkbox", options: [], required: false, hint: null, maxLength: null },
      { id: "brands", label: "Brands", type: "choices", options: ["A", "B"], required: false, hint: null, maxLength: null },
      { id: "start", label: "Start", type: "date", options: [], required: false, hint: null, maxLength: null },
      { id: "constructor", label: "Constructor", type: "text", options: [], required: false, hint: null, maxLength: null },
    ] as const;
    const values = { territory: "  ", trained: true, brands: ["A", "B"], start: "2026-12-01" };
    const facts = factsOf(card(aLine({ application: { ...salesforce, form }, values })));
    expect(facts).toMatchObject({ Trained: "Yes", Brands: "A, B", Start: "Dec 1, 2026" });
    expect(facts).not.toHaveProperty("Territory");
    expect(facts.Constructor).toBeUndefined(); // what every object answers to is no answer of a person's
  });
});

describe("risk", () => {
  test("ASK-24 high risk is a warning, and account type and risk are always shown", () => {
    const risky = card(aLine({ entitlement: systemAdministrator }));
    expect(warningsOf(risky)).toEqual(["High risk. Approve only if you are sure that it is needed."]);
    expect(factsOf(risky)).toMatchObject({ "Account type": "Standard, gains privileged rights", Risk: "High" });
    expect(warningsOf(card(aLine()))).toEqual([]);
    expect(factsOf(card(aLine()))).toMatchObject({ "Account type": "Standard", Risk: "Low" });
  });

  test("ASK-24 account type and risk stay on the card when it is decided", () => {
    expect(factsOf(card(approved(aLine({ entitlement: systemAdministrator }))))).toMatchObject({
      "Account type": "Standard, gains privileged rights",
      Risk: "High",
    });
  });

  test("ASK-24 an account that is privileged itself is called so, whatever is added to it", () => {
    const application = { ...salesforce, account: { ...salesforce.account, type: "privileged" } } as const;
    for (const entitlement of [null, reportBuilder, systemAdministrator])
      expect(factsOf(card(aLine({ application, entitlement })))["Account type"]).toBe("Privileged");
  });
});

describe("several approvals", () => {
  test("the card counts approvals and steps only where there are several", () => {
    expect(factsOf(card(ofGroup, "ines")).Approvals).toBe("0 of 2, step 1 of 2");
    expect(factsOf(card(voted(ofGroup, "ines"), "omar")).Approvals).toBe("1 of 2, step 1 of 2");
    expect(factsOf(card(aLine()))).not.toHaveProperty("Approvals");
  });

  test("ASK-3 an earlier approval is shown with who gave it, when, and what they said", () => {
    expect(wordsOf(card(voted(ofGroup, "ines", "Fine with me"), "omar"))).toContain(
      "Ines Roth approved, 2026-11-21 09:00 UTC: Fine with me",
    );
    expect(wordsOf(card(voted(ofGroup, "ines"), "omar"))).toContain("Ines Roth approved, 2026-11-21 09:00 UTC.");
  });

  test("who has approved already sees that, how many are missing, and no buttons", () => {
    const own = card(voted(ofGroup, "ines"), "ines");
    expect(wordsOf(own)).toContain("You approved this, 2026-11-21 09:00 UTC. 1 more approval is needed.");
    expect(labelsOf(own)).toEqual([]);
    expect(labelsOf(card(voted(ofGroup, "ines"), "omar"))).toEqual(["Approve", "Reject"]);
  });

  test("the copy in a channel keeps its buttons for the others", () => {
    expect(labelsOf(card(voted(ofGroup, "ines"), null))).toEqual(["Approve", "Reject"]);
  });
});

describe("who is asked no longer", () => {
  test("sees that it waits for somebody else, and no buttons", () => {
    const drawn = card(ofGroup, "lena");
    expect(wordsOf(drawn)).toContain("No longer waiting for you. It waits for CRM approvers (Ines Roth or Omar Said).");
    expect(labelsOf(drawn)).toEqual([]);
  });

  test("the beneficiary gets no buttons, even as a member of the group that decides", () => {
    const withAna = aLine({}, { assignees: [{ ...approvers, members: ["ana", "ines"] }] });
    expect(labelsOf(card(withAna, "ana"))).toEqual([]);
  });
});

describe("once decided", () => {
  test.each(["paul", "lena", null])("ASK-1 ASK-3 every copy names who approved and when, without buttons (seen by %s)", (viewer) => {
    const drawn = card(approved(), viewer);
    expect(wordsOf(drawn)).toContain("Approved by Paul Weber, 2026-11-21 09:00 UTC.");
    expect(labelsOf(drawn)).toEqual([]);
  });

  test.each(["paul", "lena", null])("ASK-1 ASK-3 every copy names who rejected, when and why, without buttons (seen by %s)", (viewer) => {
    const drawn = card(rejected(), viewer);
    expect(wordsOf(drawn)).toContain("Rejected by Paul Weber, 2026-11-21 09:00 UTC.");
    expect(warningsOf(drawn)).toEqual(["Reason: Not this quarter"]);
    expect(labelsOf(drawn)).toEqual([]);
  });

  test("the instant of the decision is left to the reader's own time zone", () => {
    const pieces = card(approved()).blocks.flatMap((block) => (block.type === "text" ? block.text : []));
    expect(pieces).toContainEqual({ at: hour(1), show: "time" });
  });

  test("where two had to approve, both are named", () => {
    const line = approved(voted(aLine({}, { needed: 2, assignees: [approvers] }), "ines"), {}, "omar");
    expect(wordsOf(card(line, null))).toContain("Approved by Ines Roth and Omar Said, 2026-11-21 09:00 UTC.");
  });

  test.each([
    [{ type: "withdrawn", by: "ana", reason: null }, "Withdrawn by Ana Ruiz, 2026-11-21 13:00 UTC. Nothing is left to do.", []],
    [
      { type: "cancelled", by: "tom", reason: "The licence ends" },
      "Cancelled by Tom Keller, 2026-11-21 13:00 UTC. Nothing is left to do.",
      ["Reason: The licence ends"],
    ],
    [{ type: "expired" }, "Expired, 2026-11-21 13:00 UTC: nobody decided in time.", []],
  ] as const)("ASK-1 ASK-3 when the request ends undecided, every copy says how, without buttons: %j", (event, words, warnings) => {
    const drawn = card(closed(event));
    expect(wordsOf(drawn).split("\n")[0]).toBe(words);
    expect(warningsOf(drawn)).toEqual(warnings);
    expect(labelsOf(drawn)).toEqual([]);
  });

  test("a task that lapsed says that no decision is needed", () => {
    const line = aLine();
    const lapsed = { ...line, approval: "withdrawn", tasks: line.tasks.map((task) => ({ ...task, state: "closed" })) } as Line;
    expect(wordsOf(card(lapsed))).toContain("Closed. No decision is needed any more.");
    expect(labelsOf(card(lapsed))).toEqual([]);
  });

  test("the approvals of an earlier step are shown to the next one", () => {
    const second = happens(
      voted(aLine({ policy: policy(managerStep, groupStep(1)) })),
      1,
      { type: "task-decided", task: "approval", outcome: "approved", by: "paul", reason: null },
      { type: "step-passed", step: 0 },
      { type: "task-opened", task: { ...aLine({}, { id: "second", step: 1, assignees: [approvers] }).tasks[0]! } },
    );
    const drawn = taskCard(viewOf(second, "second", "ines"), en);
    expect(wordsOf(drawn)).toContain("Paul Weber approved, 2026-11-21 09:00 UTC.");
    expect(factsOf(drawn).Approvals).toBe("step 2 of 2");
  });
});
