import { describe, expect, test } from "vitest";
import { statusCard } from "../../src/cards/steering-card.ts";
import { lineCommandOf, lineForm, releaseForm } from "../../src/cards/steering-forms.ts";
import type { Line } from "../../src/domain/line.ts";
import { NO_CLOCK } from "../../src/domain/line.ts";
import type { StatusView } from "../../src/domain/views.ts";
import { en } from "../../src/texts/en.ts";
import {
  aLine,
  approved,
  approvers,
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
  transmitted,
  viewOf,
  voted,
} from "./fixtures.ts";
import { factsOf, fieldOf, labelsOf, saidIn, warningsOf, wordsOf } from "./reading.ts";

const view = (line: Line, viewer = "ana", administrator = false): StatusView => ({
  line,
  request: requestOf(line),
  viewer,
  administrator,
  now: hour(6),
});
const card = (line: Line, viewer?: string, administrator?: boolean) => statusCard(view(line, viewer, administrator), en);

describe("IDH-8 where a request stands", () => {
  test("IDH-8 the step that waits says for whom, since when and until when; the ones after it say who comes then", () => {
    const line = aLine({ policy: policy(managerStep, groupStep(2), managerStep) }, { clock: { ...NO_CLOCK, dueAt: hour(8) } });
    expect(factsOf(card(line))).toMatchObject({
      "Step 1 of 3": "Waiting for Paul Weber (manager) since 2026-11-21 08:00 UTC (6 hours), due 2026-11-21 16:00 UTC",
      "Step 2 of 3": "Then: decision by CRM approvers",
      "Step 3 of 3": "Then: decision by the manager",
      Setup: "Not started",
    });
  });

  test("IDH-8 an approval of which some are given says how many, and what is late since when", () => {
    const line = voted(
      aLine({ policy: policy(groupStep(2)) }, { needed: 2, assignees: [approvers], clock: { ...NO_CLOCK, dueAt: hour(3) } }),
      "ines",
    );
    expect(factsOf(card(line)).Approval).toMatch(/^Waiting for CRM approvers .*, 1 of 2, overdue since 2026-11-21 11:00 UTC \(3 hours\)$/);
  });

  test("IDH-8 what is decided says by whom and when, and who holds the work now", () => {
    expect(factsOf(card(claimed()))).toMatchObject({
      Approval: "approved by Paul Weber, 2026-11-21 09:00 UTC",
      Setup: "Lena Vogel has been on it since 2026-11-21 11:00 UTC (3 hours)",
    });
    expect(factsOf(card(transmitted())).Setup).toContain("Waiting for Salesforce administrators");
    expect(factsOf(card(failed())).Setup).toContain("Waiting for Tom Keller (technical owner)");
    expect(factsOf(card(done())).Setup).toContain("Lena Vogel");
  });

  test("IDH-8 a rejection, a withdrawal and a cancellation say who, when and why, and that nothing comes after", () => {
    const steps = { policy: policy(managerStep, groupStep(1)) };
    expect(factsOf(card(rejected(aLine(steps))))).toMatchObject({
      "Step 1 of 2": "rejected by Paul Weber, 2026-11-21 09:00 UTC",
      "Step 2 of 2": "Not needed any more",
      Setup: "Not needed any more",
    });
    const withdrawn = closed({ type: "withdrawn", by: "ana", reason: "Found another way" }, aLine(steps));
    expect(factsOf(card(withdrawn))["Step 1 of 2"]).toBe("withdrawn, 2026-11-21 13:00 UTC");
    expect(warningsOf(card(withdrawn))).toEqual(["Reason: Found another way"]);
    expect(wordsOf(card(withdrawn))).toContain("Withdrawn");
  });

  test("IDH-8 a step that was counted from an earlier one says so", () => {
    const line = approved(aLine({ policy: policy(managerStep, { ...groupStep(1), once: true }) }));
    expect(factsOf(card(line))["Step 2 of 2"]).toContain("Counted");
  });
});

describe("its buttons", () => {
  test.each([
    ["the requester", aLine(), "ana", false, ["Nudge", "Withdraw"]],
    ["whoever decides", aLine(), "paul", false, ["Approve", "Reject"]],
    ["an administrator", aLine(), "tom", true, ["Reassign", "Cancel request"]],
    ["an administrator, of somebody's claim", claimed(), "siti", true, ["Reassign", "Release", "Cancel request"]],
    [
      "a claimer who is an administrator, each once",
      claimed(),
      "lena",
      true,
      ["Confirm done", "Report error", "Release", "Reassign", "Cancel request"],
    ],
    ["somebody else", aLine(), "ines", false, []],
    ["anybody, once it is over", done(), "ana", true, []],
  ] as const)("for %s", (_, line, viewer, administrator, labels) => {
    expect(labelsOf(card(line, viewer, administrator))).toEqual(labels);
  });
});

describe("forms", () => {
  const LONGEST_TITLE = 24; // Slack's modal titles
  const long = { ...aLine(), number: 99_999 };

  test("withdrawing may leave its reason out; cancelling may not", () => {
    const withdraw = lineForm("withdraw", "line", requestOf(aLine()), en)!;
    expect(fieldOf(withdraw, "reason")).toMatchObject({ required: false });
    expect(withdraw.purpose).toEqual({ kind: "act-on-line", verb: "withdraw", line: "line" });
    expect(lineCommandOf("withdraw", {})).toEqual({ verb: "withdraw", reason: null });
    expect(lineCommandOf("withdraw", { reason: "no need" })).toEqual({ verb: "withdraw", reason: "no need" });
    const cancel = lineForm("cancel", "line", requestOf(aLine()), en)!;
    expect(fieldOf(cancel, "reason")).toMatchObject({ required: true });
    expect(saidIn(cancel)).toContain("This is final: it ends the request, and Ana Ruiz is told.");
    expect(lineCommandOf("cancel", {})).toEqual({ verb: "cancel", reason: "" });
  });

  test("a nudge has no form, and neither has a line that isn't there", () => {
    expect(lineForm("nudge", "line", requestOf(aLine()), en)).toBeNull();
    expect(lineForm("withdraw", "other", requestOf(aLine()), en)).toBeNull();
  });

  test("taking a claim away says who reads the reason", () => {
    const form = releaseForm(viewOf(claimed(), "fulfilment", "tom"), en);
    expect(fieldOf(form, "reason")).toMatchObject({ required: true, hint: "Lena Vogel reads this. Afterwards others can claim it." });
    expect(form.purpose).toMatchObject({ kind: "act", verb: "release", task: "fulfilment" });
  });

  test("titles fit a modal up to request 99999", () => {
    const titles = [
      lineForm("withdraw", "line", requestOf(long), en)!.title,
      lineForm("cancel", "line", requestOf(long), en)!.title,
      releaseForm(viewOf({ ...claimed(), number: 99_999 }, "fulfilment", "tom"), en).title,
    ];
    for (const title of titles) expect(title.length).toBeLessThanOrEqual(LONGEST_TITLE);
  });
});
