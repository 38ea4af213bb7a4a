import { expect, test } from "vitest";
import { isDenial } from "../../src/domain/refusals.ts";
import {
  acme,
  after,
  ask,
  at,
  but,
  byGroup,
  byManager,
  claim,
  done,
  given,
  later,
  no,
  noon,
  refused,
  toBeDone,
  when,
  yes,
} from "./situation.ts";

const long = "x".repeat(3001);

test("the manager's approval at the click approves the line and makes its order", () => {
  const it = after(given(), "max", yes);
  expect(it.last.map(({ type }) => type)).toEqual(["voted", "task-decided", "step-passed", "approved", "order-created"]);
  expect(it.line).toMatchObject({ approval: "approved", decidedAt: noon, order: { state: "pending", operation: "create" } });
  expect(it.line.tasks[0]).toMatchObject({ state: "done", outcome: "approved", decidedBy: "max", decidedAt: noon, reason: null });
});

test("a comment is kept with the vote, and one of spaces is none", () => {
  const said = (comment: string) => after(given(), "max", { verb: "approve", comment }).line.tasks[0];
  expect(said("  For the forecast ")?.votes).toEqual([{ by: "max", vote: "approved", reason: "For the forecast", at: noon }]);
  expect(said("  ")?.votes[0]?.reason).toBeNull();
  expect(said("  ")?.reason).toBeNull();
});

test("one rejection ends the line and keeps its reason", () => {
  const it = after(given({ steps: [byGroup(3), byManager] }), "ines", { verb: "reject", reason: " Not this quarter " });
  expect(it.line).toMatchObject({ approval: "rejected", decidedAt: noon, order: null });
  expect(it.line.tasks).toMatchObject([{ state: "done", outcome: "rejected", decidedBy: "ines", reason: "Not this quarter" }]);
});

test("a rejection after approvals of others still ends the line", () => {
  const it = after(after(given({ steps: [byGroup(3)] }), "ines", yes), "omar", no);
  expect(it.line.approval).toBe("rejected");
  expect(it.line.tasks[0]?.votes.map(({ by, vote }) => [by, vote])).toEqual([
    ["ines", "approved"],
    ["omar", "rejected"],
  ]);
});

test("a group's votes are counted until as many have approved as are needed, and the card's face stays while they are", () => {
  const one = after(given({ steps: [byGroup(2)] }), "omar", yes);
  expect(one.last.map(({ type }) => type)).toEqual(["voted"]);
  expect(one.line).toMatchObject({ approval: "pending", tasks: [{ state: "open", face: 1 }] });
  const two = after(one, "uma", yes);
  expect(two.line).toMatchObject({ approval: "approved", tasks: [{ state: "done", decidedBy: "uma", face: 2 }] });
});

test("each step opens after the one before it, and the last one approves the line", () => {
  const first = given({ steps: [byManager, byGroup(1), byManager] });
  const second = after(later(first, 1000), "max", yes);
  expect(second.line).toMatchObject({ approval: "pending", step: 1, order: null });
  expect(second.line.tasks[1]).toMatchObject({ kind: "approval", step: 1, state: "open", openedAt: second.now });
  expect(when(second, "max", yes)).toEqual(refused("not-yours"));
  const third = after(second, "ines", yes);
  expect(third.line).toMatchObject({ approval: "pending", step: 2 });
  // Who sits in two steps decides in each.
  const approved = after(third, "max", yes);
  expect(approved.line).toMatchObject({ approval: "approved", step: 2 });
  expect(approved.line.tasks).toHaveLength(3);
});

test("whoever decides later is told who decided, when and how", () => {
  const decided = after(given({ steps: [byGroup(1)] }), "ines", yes);
  const task = decided.line.tasks[0]?.id ?? "";
  expect(when(later(decided, 60_000), "omar", no, { task, face: 1 })).toEqual(
    refused("already-decided", { by: "ines", at: noon.toISOString(), outcome: "approved" }),
  );
});

test.each([
  ["there is no such task", "max", yes, { task: "nowhere" }, "no-such-task"],
  ["the actor is on leave", "omar", yes, {}, "not-active"],
  ["the actor asked for it", "rita", yes, {}, "own-request"],
  ["the actor is nobody's choice", "stan", yes, {}, "not-yours"],
  ["the actor voted already", "ines", yes, {}, "already-voted"],
  ["the actor voted already and now rejects", "ines", no, {}, "already-voted"],
  ["the card was redrawn since", "uma", yes, { face: 0 }, "stale-card"],
  ["the comment is too long", "uma", { verb: "approve", comment: long } as const, {}, "too-long"],
  ["the rejection has no reason", "uma", { verb: "reject", reason: " \n" } as const, {}, "reason-missing"],
  ["the reason is too long", "uma", { verb: "reject", reason: long } as const, {}, "too-long"],
] as const)("an approval is refused when %s", (_, actor, command, aim, name) => {
  const company = but(acme, { omar: "leave" });
  const it = after(given({ company, steps: [byGroup(2)] }), "ines", yes);
  expect(when(it, actor, command, aim)).toMatchObject({ ok: false, refusal: { name } });
});

/** From the first reason that counts to the last: with several at once the earlier one is said. */
test("refusals of an approval have an order", () => {
  const filed = given({ steps: [byGroup(2)] });
  const retired = { ...filed, company: but(acme, { rita: "left" }) };
  expect(when(retired, "rita", yes, { task: "nowhere", face: 0 })).toEqual(refused("no-such-task"));
  expect(when(retired, "rita", yes, { face: 0 })).toEqual(refused("not-active"));
  const over = after(filed, "ines", no);
  expect(when(over, "rita", yes, { face: 0 })).toEqual(refused("own-request"));
  expect(when(over, "stan", yes, { face: 0 })).toMatchObject({ refusal: { name: "already-decided" } });
  expect(when(filed, "stan", { verb: "reject", reason: "" }, { face: 0 })).toEqual(refused("not-yours"));
  const voted = after(filed, "ines", yes);
  expect(when(voted, "ines", { verb: "reject", reason: "" }, { face: 0 })).toEqual(refused("already-voted"));
  expect(when(voted, "omar", { verb: "reject", reason: "" }, { face: 0 })).toEqual(refused("stale-card"));
});

test("typed commands, which see no card, are never stale", () => {
  expect(when(given(), "max", yes, { face: null })).toMatchObject({ ok: true });
});

test("an approval isn't claimed, released, confirmed or reported, and work isn't approved", () => {
  for (const command of [claim, done]) expect(when(given(), "max", command)).toEqual(refused("no-such-task"));
  for (const command of [yes, no]) expect(when(toBeDone(), "lena", command)).toEqual(refused("no-such-task"));
});

test("a group is never frozen: who joins it may decide at once, who leaves it no longer may", () => {
  const it = given({ steps: [byGroup(1)] });
  const changed = { ...it, company: { ...acme, groups: { ...acme.groups, approvers: ["stan", "omar"] } } };
  expect(when(changed, "stan", yes)).toMatchObject({ ok: true });
  expect(when(changed, "ines", yes)).toEqual(refused("not-yours"));
});

test("THREAT-13 who left the company between the card and the click decides nothing", () => {
  const it = given({ steps: [byGroup(1)] });
  for (const state of ["left", "leave", "future"] as const)
    expect(when({ ...it, company: but(acme, { ines: state }) }, "ines", yes)).toEqual(refused("not-active"));
});

test("a line that is over is not decided, even if a task were left open on it", () => {
  const it = given();
  for (const approval of ["withdrawn", "expired", "approved"] as const)
    expect(when({ ...it, line: { ...it.line, approval } }, "max", yes)).toEqual(refused("already-decided"));
});

test("THREAT-6 a card from before a claim was taken, given back or finished changes nothing", () => {
  const open = toBeDone();
  const claimed = after(open, "lena", claim);
  expect(when(claimed, "lena", done, { face: 1 })).toEqual(refused("stale-card"));
  expect(when(claimed, "lena", done, { face: 2 })).toMatchObject({ ok: true });
  expect(when(after(claimed, "lena", { verb: "release", reason: null }), "lou", claim, { face: 1 })).toEqual(refused("stale-card"));
});

test("a refusal for want of right is told from others, so that it leaves an event behind", () => {
  const denials = ["own-request", "not-yours", "not-shown", "not-claimer", "not-active", "stale-card", "not-requestable"] as const;
  for (const name of denials) expect(isDenial({ name, about: {} })).toBe(true);
  for (const name of ["already-decided", "already-voted", "reason-missing", "faulty-form", "busy", "login-taken"] as const)
    expect(isDenial({ name, about: {} })).toBe(false);
});

test("the order goes to the account that the beneficiary has, oldest first, and creates one only when there is none", () => {
  const account = (id: string, owner: string) => ({ id, login: `${id}@acme.example`, owner });
  const approvedWith = (more: object) => after({ ...given(), ...more }, "max", yes).line.order;
  expect(approvedWith({ accounts: [account("first", "rita"), account("second", "rita")] })).toMatchObject({
    operation: "update",
    accountId: "first",
    login: "first@acme.example",
    attributes: [],
  });
  expect(approvedWith({ accounts: [account("other", "stan")] })).toMatchObject({ operation: "create", accountId: null });
  expect(approvedWith({ accountOnItsWay: true })).toMatchObject({ operation: "update", accountId: null, login: "rita@acme.example" });
  expect(approvedWith({})).toMatchObject({
    operation: "create",
    login: "rita@acme.example",
    attributes: [{ name: "Profile", current: null, proposed: "Standard" }],
  });
});

test("nothing that can't be decided is taken in", () => {
  const company = { ...acme, administrators: [] };
  const nobody = but(company, { max: "left", cleo: "left", bo: "left", tom: "leave" });
  expect(ask({ company: nobody })).toEqual(refused("nobody-can-approve"));
  // Two have to approve, and one is there: that would wait for ever.
  const few = but(company, { ines: "left", omar: "leave", bo: "left", tom: "left" });
  expect(ask({ company: few, steps: [byGroup(2)] })).toEqual(refused("nobody-can-approve"));
  expect(ask({ company: few, steps: [byGroup(1)] })).toMatchObject({ ok: true });
  expect(ask({ steps: [] })).toEqual(refused("nobody-can-approve"));
});

test("a comment and a reason may have as many characters as the form takes, and no more", () => {
  const full = "x".repeat(3000);
  expect(when(given(), "max", { verb: "approve", comment: full }).ok).toBe(true);
  expect(when(given(), "max", { verb: "reject", reason: full }).ok).toBe(true);
  expect(when(given(), "max", { verb: "approve", comment: long })).toEqual(refused("too-long", { most: "3000" }));
  expect(when(given(), "max", { verb: "reject", reason: long })).toEqual(refused("too-long", { most: "3000" }));
});

test("what was asked for until a day that is over can't be approved any more, only rejected", () => {
  const until = { kind: "date", date: "2026-11-24" } as const;
  const late = at(given({ submission: { until } }), "2026-11-24T23:00:00Z");
  expect(when(late, "max", yes)).toEqual(refused("end-passed"));
  expect(when(late, "max", no).ok).toBe(true);
  expect(when(at(late, "2026-11-24T22:59:59Z"), "max", yes).ok).toBe(true);
});

test("where one approval counts in several steps, it counts in a later one too, and no more of them than are needed", () => {
  const once = (needed: number) => ({ ...byGroup(needed), once: true });
  const two = after(after(given({ steps: [byGroup(2), byManager, once(1)] }), "ines", yes), "omar", yes);
  const passed = after(two, "max", yes);
  expect(passed.line.approval).toBe("approved");
  expect(passed.last).toContainEqual({ type: "step-counted", step: 2, by: ["ines"] });
  const more = after(after(given({ steps: [byGroup(1), byManager, once(3)] }), "ines", yes), "max", yes);
  expect(more.last).toContainEqual({ type: "step-counted", step: 2, by: ["ines"] });
  expect(more.line.tasks.at(-1)).toMatchObject({ state: "open", needed: 2, step: 2 });
  // A group's later step asks nobody to count who only decided as a person elsewhere.
  expect(more.last.some((event) => event.type === "fallback-used")).toBe(false);
});

test.each([
  "own-request",
  "not-yours",
  "not-shown",
  "not-claimer",
  "not-active",
  "stale-card",
  "not-requester",
  "not-administrator",
  "not-requestable",
] as const)("%s is a refusal for want of right", (name) => {
  expect(isDenial({ name, about: {} })).toBe(true);
});

test.each(["already-decided", "reason-missing", "busy", "no-such-task", "end-passed", "too-long"] as const)("%s is none", (name) => {
  expect(isDenial({ name, about: {} })).toBe(false);
});
