import { describe, expect, test } from "vitest";
import { requestCard } from "../../src/cards/request-card.ts";
import type { Line } from "../../src/domain/line.ts";
import { NO_CLOCK } from "../../src/domain/line.ts";
import { statusOf } from "../../src/domain/status.ts";
import { en } from "../../src/texts/en.ts";
import {
  aLine,
  approved,
  approvers,
  cancelled,
  claimed,
  closed,
  done,
  failed,
  groupStep,
  hour,
  managerStep,
  policy,
  rejected,
  requestOf,
  retried,
  transmitted,
  voted,
} from "./fixtures.ts";
import { buttonsOf, factsOf, labelsOf, warningsOf, wordsOf } from "./reading.ts";

const card = (...lines: readonly Line[]) => requestCard(requestOf(...lines), en);
const ofGroup = aLine({ policy: policy(groupStep(2), managerStep) }, { needed: 2, assignees: [approvers] });

describe("IDH-12 the requester reads in plain words where it stands", () => {
  test.each([
    ["waiting for a manager", aLine(), "Waiting for approval"],
    ["waiting for a group", ofGroup, "Waiting for approval"],
    ["approved", approved(), "Approved"],
    ["rejected", rejected(), "Rejected"],
    ["waiting to be set up", transmitted(), "Waiting to be set up"],
    ["claimed", claimed(), "Being set up"],
    ["failed", failed(), "Failed"],
    ["cancelled", cancelled(), "Cancelled"],
    ["complete", done(), "Complete"],
    ["withdrawn", closed({ type: "withdrawn", by: "ana", reason: null }), "Withdrawn"],
    ["expired", closed({ type: "expired" }), "Expired"],
    ["a draft", { ...aLine(), approval: "draft", tasks: [] } as const, "Draft"],
  ])("IDH-12 when %s", (_, line, words) => {
    expect(wordsOf(card(line)).split("\n").slice(0, 2)).toEqual(["Report builder in Salesforce", words]);
  });

  test("IDH-12 no two statuses share their words", () => {
    const words = Object.values(en.status);
    expect(new Set(words).size).toBe(words.length);
  });

  test("IDH-12 the reason of a rejection is kept on the card", () => {
    expect(warningsOf(card(rejected(aLine(), "Ask for the viewer instead")))).toEqual(["Reason: Ask for the viewer instead"]);
  });
});

describe("NWX-1 both lives stand beside each other, with who and since when", () => {
  const byPaul = "Approved by Paul Weber, 2026-11-21 09:00 UTC";
  test.each([
    ["waits for a person", aLine(), "Waiting for Paul Weber (manager) since 2026-11-21 08:00 UTC", "Not started"],
    [
      "waits for a group, which is named with who is in it",
      ofGroup,
      "Waiting for CRM approvers (Ines Roth or Omar Said) since 2026-11-21 08:00 UTC, 0 of 2 approvals, step 1 of 2",
      "Not started",
    ],
    [
      "has one of two approvals, and waits for the others only",
      voted(ofGroup, "ines"),
      "Waiting for CRM approvers (Omar Said) since 2026-11-21 08:00 UTC, 1 of 2 approvals, step 1 of 2",
      "Not started",
    ],
    ["was rejected", rejected(), "Rejected by Paul Weber, 2026-11-21 09:00 UTC", "Not started"],
    ["was approved", approved(), byPaul, "About to start"],
    [
      "was approved by two",
      approved(voted(aLine({}, { needed: 2, assignees: [approvers] }), "ines"), {}, "omar"),
      "Approved by Ines Roth and Omar Said, 2026-11-21 09:00 UTC",
      "About to start",
    ],
    ["is on a list", transmitted(), byPaul, "Waiting for Salesforce administrators (Lena Vogel or Tom Keller) since 2026-11-21 10:00 UTC"],
    ["is claimed", claimed(), byPaul, "Lena Vogel has been on it since 2026-11-21 11:00 UTC"],
    ["is done", done(), byPaul, "Done by Lena Vogel, 2026-11-21 12:00 UTC"],
    ["failed", failed(), byPaul, "Failed"],
    ["is tried again", retried(), byPaul, "About to start"],
    ["was cancelled", cancelled(), byPaul, "Cancelled by Tom Keller, 2026-11-21 13:00 UTC"],
    ["was withdrawn", closed({ type: "withdrawn", by: "ana", reason: null }), "Withdrawn by Ana Ruiz, 2026-11-21 13:00 UTC", "Not started"],
    ["expired", closed({ type: "expired" }), "Expired, 2026-11-21 13:00 UTC", "Not started"],
    [
      "an administrator cancelled",
      closed({ type: "cancelled", by: "tom", reason: "The licence ends" }),
      "Cancelled by Tom Keller, 2026-11-21 13:00 UTC",
      "Not started",
    ],
  ])("NWX-1 a line that %s", (_, line, approval, setup) => {
    expect(factsOf(card(line))).toMatchObject({ Approval: approval, Setup: setup });
  });

  test("many people who are asked are named in part, and somebody unknown is somebody", () => {
    const assignees = ["tom", "ines", "omar", "nobody"].map((person) => ({ kind: "person", person, because: "administrator" }) as const);
    const approvalOf = (asked: typeof assignees) => factsOf(card(aLine({}, { assignees: asked }))).Approval;
    expect(approvalOf(assignees)).toContain("Waiting for Tom Keller (administrator), Ines Roth (administrator) or 2 others since");
    expect(approvalOf(assignees.slice(3))).toContain("Waiting for somebody (administrator) since");
  });

  test("of a large group a few are named", () => {
    const large = { ...approvers, members: ["ines", "omar", "lena", "tom", "siti"] };
    expect(factsOf(card(aLine({}, { assignees: [large] }))).Approval).toContain("CRM approvers (Ines Roth, Omar Said or 3 others)");
  });

  test("who asked or receives it isn't named among those who decide", () => {
    const withAna = { ...approvers, members: ["ana", "ines"] };
    expect(factsOf(card(aLine({}, { assignees: [withAna] }))).Approval).toContain("CRM approvers (Ines Roth) since");
  });

  test("a single fulfiller is named without being told what fulfillers are", () => {
    const line = transmitted(approved(), { assignees: [{ kind: "person", person: "siti", because: "fulfiller" }] });
    expect(factsOf(card(line)).Setup).toBe("Waiting for Siti Rahman since 2026-11-21 10:00 UTC");
  });

  test("NWX-1 every state of either life has words of its own", () => {
    for (const words of [Object.values(en.approval), Object.values(en.provisioning)]) expect(new Set(words).size).toBe(words.length);
  });
});

describe("what comes next", () => {
  test.each([
    ["at its last step", aLine(), "Next, if approved: setup by Salesforce administrators."],
    ["before a manager's step", ofGroup, "Next: decision by the manager."],
    ["before a group's step", aLine({ policy: policy(managerStep, groupStep(1)) }), "Next: decision by CRM approvers."],
    ["once approved", approved(), "Next: setup by Salesforce administrators."],
    ["while it is being done", claimed(), "You are told as soon as it is done."],
    ["after an error", failed(), "Next: Tom Keller (technical owner) tries again or cancels it. You are told."],
    ["once complete", done(), "You can sign in to Salesforce as ana@acme.example now."],
    ["after a rejection", rejected(), "If you still need it, talk to Paul Weber or request it again and say more."],
    ["after the order was cancelled", cancelled(), "If you still need it, talk to Tom Keller or request it again and say more."],
  ])("is said %s", (_, line, words) => {
    expect(wordsOf(card(line)).split("\n")).toContain(words);
  });

  test("what ended without access offers to request it again; what still moves can be withdrawn, and nudged while somebody holds it", () => {
    expect(buttonsOf(card(rejected()))[0]).toMatchObject({ label: "Request again", action: { kind: "ask", application: "salesforce" } });
    expect(labelsOf(card(cancelled()))).toEqual(["Request again"]);
    for (const line of [aLine(), transmitted(), claimed(), failed()]) expect(labelsOf(card(line))).toEqual(["Nudge", "Withdraw"]);
    expect(labelsOf(card(approved()))).toEqual(["Withdraw"]);
    expect(labelsOf(card(done()))).toEqual([]);
    expect(buttonsOf(card(aLine())).map(({ action }) => action)).toEqual([
      { kind: "act-on-line", verb: "nudge", line: "line" },
      { kind: "act-on-line", verb: "withdraw", line: "line" },
    ]);
  });

  test("a beneficiary's copy offers nothing that only the requester may do", () => {
    const asked = aLine({ requester: "ana", beneficiary: "siti" });
    expect(labelsOf(requestCard(requestOf(asked), en, "siti"))).toEqual([]);
    expect(labelsOf(requestCard(requestOf(asked), en, "ana"))).toEqual(["Nudge", "Withdraw"]);
  });

  test("what expires by itself says when", () => {
    const line = aLine({}, { clock: { ...NO_CLOCK, expireAt: hour(300) } });
    expect(wordsOf(card(line))).toContain(
      "Next, if approved: setup by Salesforce administrators. If nobody decides, it expires 2026-12-03 20:00 UTC.",
    );
  });

  test("NWX-5 while an error is looked into, its reason and who reported it are shown", () => {
    expect(warningsOf(card(failed()))).toEqual(["Lena Vogel reported an error, 2026-11-21 12:00 UTC: No licence left"]);
  });
});

describe("when it is complete", () => {
  test("login and end are shown; the end is the assignment's", () => {
    const view = { ...requestOf(done(claimed(), "aruiz")), ends: { line: hour(24) } };
    expect(factsOf(requestCard(view, en))).toMatchObject({ Login: "aruiz", Ends: "2026-11-22" });
    expect(factsOf(requestCard({ ...view, ends: { line: null } }, en)).Ends).toBe("No end date");
  });

  test("before the assignment can be read, the end is counted from the confirmation and not from the request", () => {
    expect(factsOf(card(done())).Ends).toBe("2026-12-21");
    const untilDay = aLine({ until: { kind: "date", date: "2027-01-31" } });
    expect(factsOf(card(done(claimed(transmitted(approved(untilDay)))))).Ends).toBe("Jan 31, 2027");
  });
});

describe("several lines", () => {
  const second = { ...done(), id: "second", number: 13 };

  test("each line stands under its own number", () => {
    const drawn = card(aLine(), second);
    expect(drawn.title).toBe("Requests 12 and 13: Salesforce");
    expect(wordsOf(drawn)).toContain("Request 12: Report builder in Salesforce");
    expect(wordsOf(drawn)).toContain("Request 13: Report builder in Salesforce");
    expect(drawn.summary).toBe("Requests 12 and 13: Salesforce. Waiting for approval.");
  });

  test("numbers in a row are said as a span, others one by one", () => {
    const numbered = (...numbers: readonly number[]) =>
      card(...numbers.map((number) => ({ ...aLine(), id: String(number), number }))).title;
    expect(numbered(12)).toBe("Request 12: Salesforce");
    expect(numbered(12, 13, 14)).toBe("Requests 12 to 14: Salesforce");
    expect(numbered(12, 13, 16)).toBe("Requests 12, 13 and 16: Salesforce");
  });

  test("fifty lines fit in few blocks and none is left out", () => {
    const lines = Array.from({ length: 50 }, (_, index) => ({
      ...(index % 2 ? failed() : claimed()),
      id: String(index),
      number: 100 + index,
    }));
    const drawn = card(...lines);
    expect(drawn.blocks.length).toBeLessThanOrEqual(13);
    for (const line of lines) expect(wordsOf(drawn)).toContain(`Request ${line.number}: `);
    expect(wordsOf(drawn)).toContain("Approval: Approved. Setup: Failed.");
    expect(wordsOf(drawn)).toContain("write me withdraw or nudge and its number");
  });

  test("a line for somebody else names that person", () => {
    expect(wordsOf(card(aLine({ beneficiary: "omar" })))).toContain("Report builder in Salesforce for Omar Said");
  });
});

test("the card's summary is the status in words", () => {
  for (const line of [aLine(), rejected(), done(), failed()])
    expect(card(line).summary).toBe(`Request 12: Salesforce. ${en.status[statusOf(line).status]}.`);
});

test.each([
  ["withdrawn", closed({ type: "withdrawn", by: "ana", reason: null }), "Request it again if you still need it."],
  ["expired", closed({ type: "expired" }), "Request it again if you still need it."],
  ["a draft", { ...aLine(), approval: "draft", tasks: [] } as const, "Next: send it."],
  [
    "cancelled by an administrator",
    closed({ type: "cancelled", by: "tom", reason: "The licence ends" }),
    "If you still need it, talk to Tom Keller or request it again and say more.",
  ],
])("a line that is %s says what can be done", (_, line, next) => {
  expect(wordsOf(card(line)).split("\n")).toContain(next);
});

test("why an administrator cancelled it is kept on the card", () => {
  expect(warningsOf(card(closed({ type: "cancelled", by: "tom", reason: "The licence ends" })))).toEqual(["Reason: The licence ends"]);
});

describe("a request for somebody else", () => {
  const given = (line: Partial<Line> = {}) => aLine({ requester: "tom", beneficiary: "ana", ...line });
  const seen = (viewer: string, ...lines: readonly Line[]) => requestCard({ ...requestOf(...lines), requester: "tom" }, en, viewer);

  test("who receives it reads who asked, of several lines once", () => {
    expect(factsOf(seen("ana", given()))["Asked by"]).toBe("Tom Keller, IT lead, IT");
    expect(wordsOf(seen("ana", given(), given({ id: "other" }))).split("Asked by")).toHaveLength(2);
    expect(factsOf(seen("tom", given()))["Asked by"]).toBeUndefined();
  });

  test("once complete, it says who can sign in", () => {
    const line = done(claimed(transmitted(approved(given()))));
    expect(wordsOf(seen("tom", line))).toContain("Ana Ruiz can sign in to Salesforce as ana@acme.example now.");
    expect(wordsOf(seen("ana", line))).toContain("You can sign in to Salesforce as ana@acme.example now.");
  });
});

test("what an approver wrote with the approval stands on the card", () => {
  expect(wordsOf(card(approved(voted(aLine(), "ines", "Only until June"))))).toContain(
    "Ines Roth approved, 2026-11-21 09:00 UTC: Only until June",
  );
});

describe("the requester's own words", () => {
  test("reason and answers stand on the card as those who decide see them", () => {
    expect(factsOf(card(aLine({ values: { region: "EMEA", territory: "DACH" } })))).toMatchObject({
      Why: "Quarterly forecast",
      "Sales region": "EMEA",
      Territory: "DACH",
    });
  });

  test("of several lines they stand there once", () => {
    for (const count of [3, 20]) {
      const lines = Array.from({ length: count }, (_, index) => ({ ...aLine(), id: String(index), number: 12 + index }));
      expect(wordsOf(card(...lines)).split("Quarterly forecast")).toHaveLength(2);
    }
  });
});
