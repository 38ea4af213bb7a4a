import { expect, test } from "vitest";
import type { LineEvent } from "../../src/domain/events.ts";
import { requestStatus, type Status, statusOf } from "../../src/domain/status.ts";
import {
  acme,
  after,
  application,
  byGroup,
  byManager,
  claim,
  done,
  failed,
  given,
  giveUp,
  happens,
  later,
  no,
  noon,
  retry,
  type Situation,
  toBeDone,
  toPerson,
  transmitted,
  yes,
} from "./situation.ts";

const HOUR = 3_600_000;
const at = (hours: number) => new Date(noon.getTime() + hours * HOUR);
const next = (it: Situation) => later(it, HOUR);

/** The main job, an hour for each step; `approved` is an hour after filing. */
const filed = given();
const approved = after(next(filed), "max", yes);
const waiting = transmitted(next(approved));
const claimed = after(next(waiting), "lena", claim);
const complete = after(next(claimed), "lena", done);
const errored = after(next(claimed), "lena", failed);
const retried = after(next(errored), "tom", retry);
const cancelled = after(next(errored), "tom", giveUp);
const rejected = after(next(filed), "max", no);

test.each([
  ["is waiting for its manager", filed, "pending", undefined, { status: "waiting-for-approval", holder: "max", since: at(0) }],
  ["was approved", approved, "approved", "pending", { status: "approved", holder: null, since: at(1) }],
  ["waits for its fulfillers", waiting, "approved", "transmitted", { status: "waiting-for-fulfilment", group: "hands", since: at(2) }],
  ["is being done", claimed, "approved", "transmitted", { status: "being-done", holder: "lena", since: at(3) }],
  ["is complete", complete, "approved", "executed", { status: "complete", holder: null, since: at(4) }],
  ["has failed", errored, "approved", "errored", { status: "failed", holder: "tom", since: at(4) }],
  ["is tried again", retried, "approved", "pending", { status: "approved", holder: null }],
  ["was given up", cancelled, "approved", "cancelled", { status: "cancelled", holder: null, since: at(5) }],
  ["was rejected", rejected, "rejected", undefined, { status: "rejected", holder: null, since: at(1) }],
] as const)(
  "IDH-12, NWX-1 a line that %s says so in one word, beside its approval and its provisioning state",
  (_, it, approval, order, status) => {
    expect(it.line.approval).toBe(approval);
    expect(it.line.order?.state).toBe(order);
    expect(statusOf(it.line)).toMatchObject(status);
  },
);

test("IDH-12 the words for states that later verbs bring are there already", () => {
  const word = (more: object) => statusOf({ ...filed.line, ...more }).status;
  const order = approved.line.order;
  for (const approval of ["draft", "withdrawn", "expired"] as const) expect(word({ approval })).toBe(approval);
  const states = { "awaiting-review": "approved", scheduled: "approved", verified: "complete", inactive: "cancelled" };
  for (const [state, status] of Object.entries(states)) expect(word({ approval: "approved", order: { ...order, state } })).toBe(status);
});

test("IDH-12 whom an approval waits for is said: the manager, or the group and those in it who may decide", () => {
  expect(statusOf(given().line)).toMatchObject({ holder: "max", group: null, asked: ["max"] });
  const group = given({ steps: [byGroup(2)], requester: "omar", beneficiary: "omar" });
  expect(statusOf(group.line)).toMatchObject({ holder: null, group: "approvers", asked: ["ines", "uma"] });
});

test("which step of how many is due, and how many of how many have approved it", () => {
  const it = given({ steps: [byManager, byGroup(2), byManager] });
  expect(statusOf(it.line)).toMatchObject({ step: 1, steps: 3, given: 0, needed: 1 });
  const second = after(it, "max", yes);
  expect(statusOf(second.line)).toMatchObject({ step: 2, steps: 3, given: 0, needed: 2 });
  expect(statusOf(after(second, "uma", yes).line)).toMatchObject({ step: 2, steps: 3, given: 1, needed: 2 });
  expect(statusOf(after(after(second, "uma", yes), "ines", yes).line)).toMatchObject({ step: 3, steps: 3, given: 0, needed: 1 });
});

test("work for a single named fulfiller waits for that person; a claimed task is held by its claimer", () => {
  const named = toBeDone({ application: application({ fulfillers: toPerson("lou") }) });
  expect(statusOf(named.line)).toMatchObject({ status: "waiting-for-fulfilment", holder: "lou", group: null });
  expect(statusOf(claimed.line)).toMatchObject({ holder: "lena", group: "hands", asked: ["lena", "lou"] });
  const alone = toBeDone({ company: { ...acme, groups: { ...acme.groups, hands: ["lena"] } } });
  expect(statusOf(alone.line)).toMatchObject({ holder: null, group: "hands", asked: ["lena"] });
});

test("an event that is no move changes no word", () => {
  const events: readonly LineEvent[] = [{ type: "fallback-used", step: 0, because: [], why: "none" }];
  expect(statusOf(happens(filed, events).line)).toEqual(statusOf(filed.line));
});

test.each([
  [["complete", "waiting-for-approval"], "waiting-for-approval"],
  [["being-done", "waiting-for-fulfilment", "approved"], "approved"],
  [["complete", "failed", "waiting-for-approval"], "failed"],
  [["complete", "rejected"], "rejected"],
  [["complete", "cancelled"], "cancelled"],
  [["withdrawn", "complete"], "withdrawn"],
  [["rejected", "being-done"], "being-done"],
  [["complete", "complete"], "complete"],
  [[], "draft"],
] as const)("a request whose lines are %j is %s", (statuses, status) => {
  expect(requestStatus(statuses)).toBe(status);
});

test("every word of a line is a word of a request that has only that line", () => {
  const all: readonly Status[] = [
    ...(["draft", "waiting-for-approval", "approved", "waiting-for-fulfilment", "being-done", "failed"] as const),
    ...(["complete", "rejected", "withdrawn", "expired", "cancelled"] as const),
  ];
  for (const status of all) expect(requestStatus([status])).toBe(status);
});
