import { expect, test } from "vitest";
import { isOpen, openTask } from "../../src/domain/line.ts";
import { statusOf } from "../../src/domain/status.ts";
import {
  acme,
  after,
  application,
  at,
  but,
  byManager,
  claim,
  done,
  entitlement,
  failed,
  given,
  giveUp,
  later,
  noon,
  refused,
  release,
  retry,
  type Situation,
  toBeDone,
  toPerson,
  transmitted,
  when,
  yes,
} from "./situation.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const long = "x".repeat(3001);
const assignmentOf = (it: Situation) => it.last.find((event) => event.type === "assignment-started")?.assignment;
const accountOf = (it: Situation) => it.last.find((event) => event.type === "order-executed")?.account;
const claimed = (more: Parameters<typeof toBeDone>[0] = {}) => after(toBeDone(more), "lena", claim);

test("NWX-3 pending becomes transmitted when its task stands on somebody's list, with the time and whose list it is", () => {
  const approved = after(given(), "max", yes);
  expect(approved.line.order).toMatchObject({ state: "pending", transmittedAt: null });
  const it = transmitted(later(approved, HOUR));
  const task = openTask(it.line);
  expect(it.line.order).toMatchObject({ state: "transmitted", transmittedAt: it.now });
  expect(it.last).toEqual([
    { type: "task-opened", task: expect.objectContaining({ id: task?.id, kind: "fulfilment", openedAt: it.now }) },
    { type: "order-transmitted", task: task?.id, to: ["lena", "lou"] },
  ]);
});

test("transmitting again changes nothing, at whatever point the order stands", () => {
  for (const it of [toBeDone(), claimed(), after(claimed(), "lena", done), after(claimed(), "lena", failed), given()])
    expect(transmitted(it).last).toEqual([]);
  // Not even if the order were pending again while its task still stood on a list: one task at a time.
  const it = toBeDone();
  const torn = it.line.order && { ...it.line, order: { ...it.line.order, state: "pending" as const } };
  expect(torn && transmitted({ ...it, line: torn }).last).toEqual([]);
});

test("an order that nobody named can do goes to the technical owner, and that is said", () => {
  const it = toBeDone({ company: but(acme, { lena: "left", lou: "leave" }) });
  expect(it.last.map(({ type }) => type)).toEqual(["fallback-used", "task-opened", "order-transmitted"]);
  expect(openTask(it.line)?.assignees).toEqual([{ kind: "person", person: "tom", because: "technical-owner" }]);
});

test("IDH-9 a group's task is claimed before it is confirmed", () => {
  const it = toBeDone();
  expect(when(it, "lena", done)).toEqual(refused("not-claimed"));
  expect(when(it, "lena", failed)).toEqual(refused("not-claimed"));
  const mine = after(it, "lena", claim);
  expect(openTask(mine.line)).toMatchObject({ claimedBy: "lena", claimedAt: noon, face: 2 });
  expect(after(mine, "lena", done).line.order?.state).toBe("executed");
});

test("IDH-9 a claim is exclusive: others see whose it is and can neither claim nor finish it", () => {
  const it = claimed();
  expect(when(it, "lou", claim)).toEqual(refused("already-claimed", { by: "lena", at: noon.toISOString() }));
  expect(when(it, "lena", claim)).toEqual(refused("already-claimed", { by: "lena", at: noon.toISOString() }));
  for (const command of [done, failed, release]) expect(when(it, "lou", command)).toEqual(refused("not-claimer", { by: "lena" }));
});

test("IDH-9 a released task is everybody's again", () => {
  const it = after(claimed(), "lena", release);
  expect(openTask(it.line)).toMatchObject({ claimedBy: null, claimedAt: null, face: 3 });
  expect(when(it, "lena", release)).toEqual(refused("not-claimed"));
  expect(openTask(after(it, "lou", claim).line)?.claimedBy).toBe("lou");
});

test("a claim ends with the right to it: when the claimer left the group, a colleague takes over", () => {
  const it = claimed();
  for (const gone of [but(acme, { lena: "left" }), { ...acme, groups: { ...acme.groups, hands: ["lou"] } }]) {
    const left = { ...it, company: gone };
    expect(when(left, "lena", done)).toMatchObject({ ok: false });
    expect(after(after(left, "lou", claim), "lou", done).line.order?.state).toBe("executed");
  }
});

test("a single named fulfiller counts as claimer; a group of one doesn't", () => {
  const named = toBeDone({ application: application({ fulfillers: toPerson("lena") }) });
  expect(after(named, "lena", done).line.order?.state).toBe("executed");
  expect(when(named, "lou", done)).toEqual(refused("not-yours"));
  expect(when(named, "lena", release)).toEqual(refused("not-claimed"));
  const alone = toBeDone({ company: { ...acme, groups: { ...acme.groups, hands: ["lena"] } } });
  expect(when(alone, "lena", done)).toEqual(refused("not-claimed"));
});

test("several administrators who stand in claim the task as a group does", () => {
  const company = but({ ...acme, administrators: ["adam", "stan"] }, { lena: "left", lou: "left", tom: "left" });
  const it = toBeDone({ company });
  expect(when(it, "adam", done)).toEqual(refused("not-claimed"));
  expect(after(after(it, "stan", claim), "stan", done).line.order?.state).toBe("executed");
});

test.each([
  ["there is no such task", "lena", claim, { task: "nowhere" }, "no-such-task"],
  ["the actor is on leave", "lou", claim, {}, "not-active"],
  ["the actor isn't one of the fulfillers", "rita", claim, {}, "not-yours"],
  ["the approver isn't one of the fulfillers", "max", done, {}, "not-yours"],
  ["the card was redrawn since", "lena", claim, { face: 0 }, "stale-card"],
] as const)("work is refused when %s", (_, actor, command, aim, name) => {
  expect(when(toBeDone({ company: but(acme, { lou: "leave" }) }), actor, command, aim)).toMatchObject({ refusal: { name } });
});

test.each([
  ["no login", { verb: "confirm", login: " \t" }, "login-missing"],
  ["a login longer than any", { verb: "confirm", login: "x".repeat(255) }, "too-long"],
  ["no reason", { verb: "report-error", reason: " " }, "reason-missing"],
  ["a reason longer than any", { verb: "report-error", reason: long }, "too-long"],
] as const)("finishing with %s is refused", (_, command, name) => {
  expect(when(claimed(), "lena", command)).toMatchObject({ refusal: { name } });
});

test("an outdated card neither releases nor finishes", () => {
  for (const command of [release, done, failed]) expect(when(claimed(), "lena", command, { face: 1 })).toEqual(refused("stale-card"));
});

test("what is done can't be done again", () => {
  const it = after(claimed(), "lena", done);
  for (const command of [claim, release, done, failed])
    expect(when(it, "lou", command)).toEqual(refused("already-decided", { by: "lena", at: noon.toISOString(), outcome: "executed" }));
});

test("IDH-10 only the fulfiller's confirmation completes the line, with the login that was really given", () => {
  const before = claimed();
  expect(statusOf(before.line).status).toBe("being-done");
  expect(isOpen(before.line)).toBe(true);
  const it = after(later(before, HOUR), "lena", { verb: "confirm", login: " rita.r " });
  expect(it.line.order).toMatchObject({ state: "executed", login: "rita.r", executedAt: it.now, error: null });
  expect(statusOf(it.line).status).toBe("complete");
  expect(isOpen(it.line)).toBe(false);
  expect(accountOf(it)).toMatchObject({ isNew: true, login: "rita.r", attributes: [{ name: "Profile", proposed: "Standard" }] });
  expect(it.line.order?.accountId).toBe(accountOf(it)?.id);
  expect(assignmentOf(it)?.accountId).toBe(accountOf(it)?.id);
});

test("a login that somebody else has there is refused, with whose it is", () => {
  const it = { ...claimed(), accounts: [{ id: "a", login: "Rita@Acme.example", owner: "stan" }] };
  expect(when(it, "lena", done)).toEqual(refused("login-taken", { login: "rita@acme.example", by: "stan" }));
});

test("a login that the beneficiary has there already is that account, however it is written", () => {
  const it = { ...claimed(), accounts: [{ id: "a", login: "Rita@Acme.example", owner: "rita" }] };
  expect(accountOf(after(it, "lena", done))).toMatchObject({ id: "a", isNew: false, login: "Rita@Acme.example" });
  expect(accountOf(after(it, "lena", { verb: "confirm", login: "rita2" }))).toMatchObject({ isNew: true, login: "rita2" });
});

test("ASK-13 the clock of access starts at the confirmation, not at the request or the approval", () => {
  const filed = given({ submission: { until: { kind: "days", days: 30 } } });
  const approved = after(later(filed, 5 * DAY), "max", yes);
  const confirmed = after(after(transmitted(later(approved, 2 * DAY)), "lena", claim), "lena", done);
  expect(assignmentOf(confirmed)).toMatchObject({ from: confirmed.now, until: new Date(confirmed.now.getTime() + 30 * DAY) });
  expect(confirmed.now.getTime()).toBe(noon.getTime() + 7 * DAY);
});

test("ASK-13 the end is clipped to the longest time that application and entitlement allow, counted from the confirmation", () => {
  const days = (n: number) => ({ kind: "elapsed", seconds: n * 86_400 }) as const;
  const short = application({ maxDuration: days(90), entitlements: [entitlement("admin", { maxDuration: days(30) })] });
  const asked = { entitlements: ["admin"], until: { kind: "date", date: "2026-12-23" } } as const;
  const confirmed = (it: Situation) => after(after(it, "lena", claim), "lena", done);
  // Asked for until the 30th day; confirmed the same day, thirty times 24 hours are over before that day is.
  expect(assignmentOf(confirmed(toBeDone({ application: short, submission: asked })))?.until).toEqual(new Date(noon.getTime() + 30 * DAY));
  // Confirmed ten days later, the date that was asked for comes first.
  const late = transmitted(later(after(given({ application: short, submission: asked }), "max", yes), 10 * DAY));
  expect(assignmentOf(confirmed(late))?.until).toEqual(new Date("2026-12-23T22:59:59.999Z"));
});

test("ASK-13 access for good has no end", () => {
  expect(assignmentOf(after(claimed(), "lena", done))).toMatchObject({ from: noon, until: null });
});

test("NWX-5 an error is kept with its reason and waits for the technical owner: the line isn't closed", () => {
  const it = after(later(claimed(), HOUR), "lena", { verb: "report-error", reason: " No licence left " });
  expect(it.line.order).toMatchObject({ state: "errored", error: "No licence left" });
  expect(it.line.tasks.at(-2)).toMatchObject({ kind: "fulfilment", state: "done", outcome: "errored", reason: "No licence left" });
  expect(openTask(it.line)).toMatchObject({ kind: "review", assignees: [{ person: "tom", because: "technical-owner" }] });
  expect(isOpen(it.line)).toBe(true);
  expect(statusOf(it.line).status).toBe("failed");
  for (const who of ["lena", "max", "rita"]) expect(when(it, who, retry)).toEqual(refused("not-yours"));
});

test("NWX-5 an error that the technical owner can't look into goes to the administrators, and that is said", () => {
  const it = after({ ...claimed(), company: but(acme, { tom: "left" }) }, "lena", failed);
  expect(it.last.map(({ type }) => type)).toEqual(["task-decided", "order-errored", "fallback-used", "task-opened"]);
  expect(after(it, "adam", retry).line.order?.state).toBe("pending");
  const nobody = after({ ...claimed(), company: but(acme, { tom: "left", adam: "left" }) }, "lena", failed);
  expect(nobody.last).toContainEqual({ type: "fallback-used", step: 0, because: [], why: "not-active" });
  expect(isOpen(nobody.line)).toBe(true);
});

test("NWX-5 tried again, the order reaches the fulfillers as a new task, and can fail again", () => {
  const again = transmitted(after(after(claimed(), "lena", failed), "tom", retry));
  expect(again.line.order?.state).toBe("transmitted");
  expect(openTask(again.line)).toMatchObject({ kind: "fulfilment", claimedBy: null });
  expect(again.line.tasks.map(({ outcome }) => outcome)).toEqual(["approved", "errored", "retried", null]);
  const twice = after(after(again, "lou", claim), "lou", failed);
  expect(openTask(twice.line)?.kind).toBe("review");
  const worked = after(after(transmitted(after(twice, "tom", retry)), "lena", claim), "lena", done);
  expect(worked.line.order).toMatchObject({ state: "executed", error: null });
});

test("NWX-5 an order is given up only with a reason, and by whoever reviews it", () => {
  const it = after(claimed(), "lena", failed);
  expect(when(it, "tom", { verb: "cancel-order", reason: "" })).toEqual(refused("reason-missing"));
  expect(when(it, "tom", { verb: "cancel-order", reason: long })).toMatchObject({ refusal: { name: "too-long" } });
  expect(when(it, "lena", giveUp)).toEqual(refused("not-yours"));
  expect(when(it, "tom", giveUp, { face: 0 })).toEqual(refused("stale-card"));
  const over = after(it, "tom", giveUp);
  expect(over.line).toMatchObject({ approval: "approved", order: { state: "cancelled" } });
  expect(isOpen(over.line)).toBe(false);
  expect(when(over, "tom", retry)).toMatchObject({ refusal: { name: "already-decided" } });
});

test("work and review are told apart: neither's verbs fit the other", () => {
  for (const command of [retry, giveUp]) expect(when(claimed(), "lena", command)).toEqual(refused("no-such-task"));
  for (const command of [claim, release, done, failed])
    expect(when(after(claimed(), "lena", failed), "tom", command)).toEqual(refused("no-such-task"));
});

test("approval comes first: nothing is transmitted while a step is outstanding", () => {
  const it = after(given({ steps: [byManager, byManager] }), "max", yes);
  expect(transmitted(it).last).toEqual([]);
  expect(transmitted(after(it, "max", yes)).line.order?.state).toBe("transmitted");
});

test("words and logins may have as many characters as the form takes, and no more", () => {
  const full = "x".repeat(3000);
  const taken = { verb: "release", reason: full } as const;
  expect(when(claimed(), "adam", taken).ok).toBe(true);
  expect(when(claimed(), "adam", { ...taken, reason: long })).toEqual(refused("too-long", { most: "3000" }));
  expect(when(claimed(), "adam", { ...taken, reason: "   " })).toEqual(refused("reason-missing"));
  expect(when(claimed(), "adam", { ...taken, reason: " Lena is ill " })).toMatchObject({ value: [{ reason: "Lena is ill" }] });
  expect(when(claimed(), "lena", { verb: "confirm", login: "x".repeat(254) }).ok).toBe(true);
  expect(when(claimed(), "lena", { verb: "confirm", login: "x".repeat(255) })).toEqual(refused("too-long", { most: "254" }));
  expect(when(claimed(), "lena", { verb: "report-error", reason: full }).ok).toBe(true);
  expect(when(claimed(), "lena", { verb: "report-error", reason: long })).toEqual(refused("too-long", { most: "3000" }));
});

test("what was asked for until a day that is over can't be set up any more", () => {
  const late = at(claimed({ submission: { until: { kind: "date", date: "2026-11-24" } } }), "2026-11-24T23:00:00Z");
  expect(when(late, "lena", done)).toEqual(refused("end-passed"));
  expect(when(at(late, "2026-11-24T22:59:59Z"), "lena", done).ok).toBe(true);
});

test("giving an order up ends its review as cancelled", () => {
  const it = after(after(claimed(), "lena", failed), "tom", giveUp);
  expect(it.line.tasks.at(-1)).toMatchObject({ kind: "review", state: "done", outcome: "cancelled", decidedBy: "tom" });
});

test("the account that the order was made for stays that account, whatever else the beneficiary has there", () => {
  const own = { id: "a2", login: "Rita@Acme.example", owner: "rita" };
  const other = { id: "a1", login: "rita.admin", owner: "rita" };
  const it = { ...claimed(), accounts: [other, own] };
  expect(accountOf(after(it, "lena", done))).toMatchObject({ id: "a2", isNew: false, login: "Rita@Acme.example" });
  expect(accountOf(after(it, "lena", { verb: "confirm", login: "rita.new" }))).toMatchObject({ isNew: true, login: "rita.new" });
});
