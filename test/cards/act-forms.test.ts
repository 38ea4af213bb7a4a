import { describe, expect, test } from "vitest";
import { actForm, commandOf, fieldOfRefusal } from "../../src/cards/act-forms.ts";
import type { Verb } from "../../src/domain/commands.ts";
import { en } from "../../src/texts/en.ts";
import { aLine, approved, claimed, failed, transmitted, viewOf } from "./fixtures.ts";
import { fieldOf, saidIn } from "./reading.ts";

const LONGEST_TITLE = 24; // Slack's modal titles

test.each(["approve", "claim", "release", "retry"] as const)("%s acts at the click, without a form", (verb) => {
  expect(actForm(verb, viewOf(aLine(), "approval", "paul"), en)).toBeNull();
  const more = verb === "approve" ? { comment: null } : verb === "release" ? { reason: null } : {};
  expect(commandOf(verb, {})).toEqual({ verb, ...more });
});

describe.each([
  ["reject", viewOf(aLine(), "approval", "paul"), "Reject", "Reject request 12"],
  ["report-error", viewOf(claimed(), "fulfilment", "lena"), "Report error", "Error in request 12"],
  ["cancel-order", viewOf(failed(), "review", "tom"), "Cancel order", "Cancel the order"],
] as const)("%s", (verb, view, submit, title) => {
  const form = actForm(verb, view, en)!;

  test("asks for its reason, and says what it is about", () => {
    expect(form).toMatchObject({
      title,
      submit,
      close: "Go back",
      purpose: { kind: "act", verb, task: view.task.id, face: view.task.face },
    });
    expect(fieldOf(form, "reason")).toMatchObject({ type: "paragraph", required: true, initial: "" });
    expect(saidIn(form)).toContain("Request 12: Report builder in Salesforce for Ana Ruiz.");
  });

  test("reads the reason back as it was typed", () => {
    expect(commandOf(verb, { reason: " No licence " })).toEqual({ verb, reason: " No licence " });
    expect(commandOf(verb, {})).toEqual({ verb, reason: "" });
  });
});

test("what ends the request says so before it is sent", () => {
  const forms = [
    actForm("reject", viewOf(aLine(), "approval", "paul"), en)!,
    actForm("cancel-order", viewOf(failed(), "review", "tom"), en)!,
  ];
  for (const form of forms) expect(saidIn(form)).toContain("This is final: it ends the request, and Ana Ruiz is told.");
  expect(saidIn(actForm("report-error", viewOf(claimed(), "fulfilment", "lena"), en)!)).not.toContain("final");
});

test("a bare account is spoken of within the sentence", () => {
  const form = actForm("reject", viewOf(aLine({ entitlement: null }), "approval", "paul"), en)!;
  expect(saidIn(form)).toContain("Request 12: an account in Salesforce for Ana Ruiz.");
});

test("passing a task on asks to whom and why, and reads both back", () => {
  const form = actForm("reassign", viewOf(aLine(), "approval", "tom"), en)!;
  expect(form).toMatchObject({ title: "Pass on request 12", submit: "Reassign" });
  expect(fieldOf(form, "to")).toMatchObject({ type: "search", many: true, required: true });
  expect(fieldOf(form, "reason")).toMatchObject({ type: "paragraph", required: true });
  expect(commandOf("reassign", { to: ["ines", "omar"], reason: "On leave" })).toEqual({
    verb: "reassign",
    to: ["ines", "omar"],
    reason: "On leave",
  });
  expect(commandOf("reassign", { to: null })).toEqual({ verb: "reassign", to: [], reason: "" });
});

test("confirming shows the proposed login, which can be changed, and says what follows", () => {
  const form = actForm("confirm", viewOf(claimed(transmitted(approved(aLine(), { login: "aruiz" }))), "fulfilment", "lena"), en)!;
  expect(fieldOf(form, "login")).toMatchObject({ type: "line", required: true, initial: "aruiz" });
  expect(saidIn(form)).toContain("The access starts now, and Ana Ruiz is told.");
  expect(commandOf("confirm", { login: "ana.ruiz" })).toEqual({ verb: "confirm", login: "ana.ruiz" });
});

test("a comment typed with an approval is kept", () => {
  expect(commandOf("approve", { reason: "Fine" })).toEqual({ verb: "approve", comment: "Fine" });
});

test("titles fit a modal up to request 9,999,999", () => {
  const line = { ...failed(), number: 9_999_999 };
  for (const verb of ["reject", "confirm", "report-error", "cancel-order", "reassign"] as const)
    expect(actForm(verb, viewOf(line, "review", "tom"), en)!.title.length).toBeLessThanOrEqual(LONGEST_TITLE);
  expect(en.askForm.title.length).toBeLessThanOrEqual(LONGEST_TITLE);
});

test.each([
  ["reject", "reason-missing", "reason"],
  ["report-error", "too-long", "reason"],
  ["confirm", "too-long", "login"],
  ["confirm", "login-taken", "login"],
  ["confirm", "login-missing", "login"],
  ["reassign", "unfit-assignee", "to"],
  ["reassign", "too-few-named", "to"],
  ["reassign", "no-such-person", "to"],
  ["reassign", "reason-missing", "reason"],
  ["confirm", "not-claimer", null],
] as const)("a refusal of %s for %s is marked at field %s", (verb: Verb, name, field) => {
  expect(fieldOfRefusal(verb, { name, about: {} })).toBe(field);
});
