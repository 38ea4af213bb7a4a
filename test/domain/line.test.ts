import { expect, test } from "vitest";
import type { Assignee, Line, Task } from "../../src/domain/line.ts";
import {
  askedSince,
  awaited,
  claimerOf,
  commented,
  currentStep,
  hasSpoken,
  holdersOf,
  isOpen,
  liveClaim,
  missingVotes,
  openTask,
  riskOf,
} from "../../src/domain/line.ts";
import {
  after,
  application,
  byGroup,
  byManager,
  claim,
  entitlement,
  given,
  noon,
  type Situation,
  toBeDone,
  when,
  yes,
} from "./situation.ts";

const HOUR = 3_600_000;
const held = after(toBeDone(), "lena", claim);
const lastOf = ({ line }: Situation): Task => {
  const task = line.tasks.at(-1);
  if (!task) throw new Error("the line has no task");
  return task;
};
const lena: Assignee = { kind: "person", person: "lena", because: "fulfiller" };
const lou: Assignee = { kind: "person", person: "lou", because: "escalated", since: new Date(noon.getTime() + HOUR) };
const cleo: Assignee = { kind: "person", person: "cleo", because: "reassigned", since: new Date(noon.getTime() - HOUR) };
const hands: Assignee = { kind: "group", group: "hands", members: ["lena", "stan"], because: "fulfiller" };

test("a claim lives as long as its holder may do the work, and as the task is open", () => {
  const { line } = held;
  const task = lastOf(held);
  expect(liveClaim(line, task)).toBe(task);
  const without = { ...task, assignees: [lou] };
  expect(liveClaim(line, without)).toEqual({ ...without, claimedBy: null, claimedAt: null });
  expect(liveClaim(line, { ...without, state: "done" })).toMatchObject({ claimedBy: "lena" });
  const free = { ...without, claimedBy: null, claimedAt: null };
  expect(liveClaim(line, free)).toBe(free);
});

test("who holds the claim is its claimer; a single named person counts as one, several or a group don't", () => {
  const task = { ...lastOf(held), claimedBy: null };
  expect(claimerOf({ ...task, claimedBy: "stan", assignees: [lena] })).toBe("stan");
  expect(claimerOf({ ...task, assignees: [lena] })).toBe("lena");
  for (const assignees of [[lena, lou], [hands], []]) expect(claimerOf({ ...task, assignees })).toBeNull();
});

test("somebody is asked since they were added; whom it doesn't ask hears since when the first was", () => {
  const task = { ...lastOf(held), openedAt: noon, assignees: [lou, hands, cleo] };
  expect(askedSince(task, "lou")).toEqual(lou.since);
  expect(askedSince(task, "cleo")).toEqual(cleo.since);
  for (const member of ["lena", "stan"]) expect(askedSince(task, member)).toEqual(noon);
  expect(askedSince(task, "rita")).toEqual(cleo.since);
  expect(askedSince(task, null)).toEqual(cleo.since);
  expect(askedSince({ ...task, assignees: [lou, { ...lou, since: cleo.since ?? noon }] }, "lou")).toEqual(cleo.since);
  expect(askedSince({ ...task, assignees: [] }, "lou")).toEqual(noon);
});

test("comments of approvals are kept in their order; a rejection's reason is none, nor are blanks", () => {
  const first = after(given({ steps: [byGroup(3)] }), "ines", { verb: "approve", comment: "Fine" });
  const second = after(first, "omar", { verb: "approve", comment: "   " });
  const third = after(second, "uma", { verb: "reject", reason: "No" });
  expect(commented(third.line).map(({ by, reason }) => [by, reason])).toEqual([["ines", "Fine"]]);
  expect(commented(given().line)).toEqual([]);
});

test("the step that stands next is the policy's; the risk is the item's own, else the application's", () => {
  const { line } = given({ steps: [byManager, byGroup(2)] });
  expect(currentStep(line)).toEqual(byManager);
  expect(currentStep({ ...line, step: 1 })).toEqual(byGroup(2));
  expect(currentStep({ ...line, step: 2 })).toBeUndefined();
  expect(riskOf({ ...line, entitlement: null, application: application({ risk: "high" }) })).toBe("high");
  expect(riskOf({ ...line, entitlement: entitlement("admin", { risk: "medium" }), application: application({ risk: "high" }) })).toBe(
    "medium",
  );
});

test("an open task waits for its claimer, else for those who may act and haven't", () => {
  expect(awaited(held.line, lastOf(held))).toEqual(["lena"]);
  const voted = after(given({ steps: [byGroup(3)] }), "ines", yes);
  expect(awaited(voted.line, lastOf(voted))).toEqual(["omar", "uma"]);
  expect(missingVotes(lastOf(voted))).toBe(2);
  const rejected = { ...lastOf(voted), votes: [{ by: "ines", vote: "rejected" as const, reason: "No", at: noon }] };
  expect(missingVotes(rejected)).toBe(3);
});

test("an approval of an earlier step counts later only where the policy says so, and takes nobody's place in the work", () => {
  const once = { ...byGroup(2), once: true };
  const second = after(given({ steps: [byGroup(1), once] }), "ines", yes);
  const task = lastOf(second);
  expect(holdersOf(second.line, task)).toEqual(["omar", "uma"]);
  expect(hasSpoken(second.line, task, "ines")).toBe(true);
  expect(hasSpoken(second.line, task, "omar")).toBe(false);
  expect(when(second, "ines", yes)).toMatchObject({ refusal: { name: "already-voted" } });
  const twice = after(given({ steps: [byGroup(1), byGroup(2)] }), "ines", yes);
  expect(holdersOf(twice.line, lastOf(twice))).toEqual(["ines", "omar", "uma"]);
  expect(hasSpoken(twice.line, lastOf(twice), "ines")).toBe(false);
  // The first step itself, looked at again, has none before it.
  const [first] = second.line.tasks;
  const line: Line = { ...second.line, policy: { ...second.line.policy, steps: [{ ...byGroup(1), once: true }, once] } };
  expect(first && holdersOf(line, first)).toEqual(["ines", "omar", "uma"]);
});

test("who does the work may be who asked for it: only approvals leave the parties out", () => {
  const task = { ...lastOf(toBeDone()), assignees: [{ kind: "person", person: "rita", because: "fulfiller" } as const] };
  expect(holdersOf(toBeDone().line, task)).toEqual(["rita"]);
});

test("a line is open until it is refused, over or carried out", () => {
  const { line } = given();
  expect(isOpen(line)).toBe(true);
  expect(isOpen({ ...line, approval: "draft" })).toBe(true);
  for (const approval of ["rejected", "withdrawn", "expired"] as const) expect(isOpen({ ...line, approval })).toBe(false);
  expect(isOpen({ ...line, approval: "approved", order: null })).toBe(true);
  const { order } = held.line;
  if (!order) throw new Error("no order");
  for (const state of ["executed", "verified", "cancelled", "inactive"] as const)
    expect(isOpen({ ...held.line, order: { ...order, state } })).toBe(false);
  for (const state of ["pending", "transmitted", "errored"] as const)
    expect(isOpen({ ...held.line, order: { ...order, state } })).toBe(true);
  expect(openTask({ ...line, tasks: [] })).toBeUndefined();
});
