/** What the playground's timeline says of what was refused, in words and never by a code. */
import { expect, test } from "vitest";
import type { LineVerb, Verb } from "../../src/domain/commands.ts";
import { REFUSALS } from "../../src/domain/refusals.ts";
import { notDone, timeline, tried } from "../../src/texts/en/timeline.ts";

/** Complete by its type: a verb that is added is missing here at once. */
const VERBS = {
  approve: true,
  reject: true,
  claim: true,
  release: true,
  confirm: true,
  "report-error": true,
  retry: true,
  "cancel-order": true,
  reassign: true,
  withdraw: true,
  nudge: true,
  cancel: true,
  status: true,
} as const satisfies Record<Verb | LineVerb | "status", true>;

const told = (verb: string, refusal: string) =>
  timeline.refused?.({ kind: "refused", actor: "Ines", what: "", whom: "", to: "", step: 1, data: { verb, refusal } });

test("every refusal and every verb has its words in the timeline, and no refusal has words that no longer exists", () => {
  expect(Object.keys(notDone).toSorted()).toEqual([...REFUSALS].toSorted());
  expect(Object.keys(tried).toSorted()).toEqual(Object.keys(VERBS).toSorted());
});

test("a refused attempt is told in a sentence", () => {
  expect(told("approve", "own-request")).toBe("Ines wanted to approve it, but nobody decides about what they asked for or receive");
  expect(told("status", "not-shown")).toBe("Ines wanted to look at it, but the request is shown only to those whom it concerns");
  expect(told("ask salesforce", "already-held")).toBe("Ines wanted to ask for salesforce, but it is theirs already");
  for (const refusal of REFUSALS) expect(told("approve", refusal)).not.toContain(`: ${refusal}`);
});
