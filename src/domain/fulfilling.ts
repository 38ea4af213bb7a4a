/** The work by hand: it reaches a list, is claimed, done and confirmed, or reported as an error and tried again. */
import { fallbackOf, newTask } from "./approving.ts";
import type { Aim, Facts } from "./commands.ts";
import { LONGEST_LOGIN, LONGEST_TEXT } from "./commands.ts";
import type { AccountRecord, LineEvent } from "./events.ts";
import type { Line, Order, Task } from "./line.ts";
import { holdersOf, openTask } from "./line.ts";
import { mayAct } from "./may.ts";
import type { Result } from "./refusals.ts";
import { ok, refuse } from "./refusals.ts";
import { fulfillersOf, reviewersOf } from "./routing.ts";
import { endOf, hasPassed, longestGrant } from "./until.ts";

/** Pending -> transmitted: the order's task is committed to somebody's list, and we know when and whose. No events when that is done already. */
export function transmit(line: Line, facts: Pick<Facts, "candidates" | "now" | "newId">): readonly LineEvent[] {
  if (line.order?.state !== "pending" || openTask(line)) return [];
  const routing = fulfillersOf(line, facts.candidates);
  const task = newTask("fulfilment", line, facts, { assignees: routing.assignees });
  return [
    ...fallbackOf(line.step, routing),
    { type: "task-opened", task },
    { type: "order-transmitted", task: task.id, to: holdersOf(line, task) },
  ];
}

/** Claiming makes a group's task exclusive, as long as the claimer is one of those who may do it. */
export function claim(line: Line, aim: Aim, facts: Facts): Result<readonly LineEvent[]> {
  const allowed = mayAct(line, aim, "claim", facts);
  return allowed.ok ? ok([{ type: "claimed", task: allowed.value.id, by: facts.actor.id }]) : allowed;
}

/** A claimer lets go without a word; whoever takes somebody else's claim away says why. */
export function release(line: Line, aim: Aim, reason: string | null, facts: Facts): Result<readonly LineEvent[]> {
  const allowed = mayAct(line, aim, "release", facts);
  if (!allowed.ok) return allowed;
  const from = allowed.value.claimedBy;
  if (from === null) return refuse("not-claimed");
  const by = facts.actor.id;
  const said = reason?.trim() || null;
  if (from !== by && said === null) return refuse("reason-missing");
  if (said !== null && said.length > LONGEST_TEXT) return refuse("too-long", { most: String(LONGEST_TEXT) });
  return ok([{ type: "released", task: allowed.value.id, by, from, reason: said }]);
}

/** The hands say done: only now the assignment starts, and its end is counted from now. */
export function confirm(line: Line, aim: Aim, login: string, facts: Facts): Result<readonly LineEvent[]> {
  const allowed = mayFinish(line, aim, "confirm", facts);
  if (!allowed.ok) return allowed;
  const { task, order } = allowed.value;
  if (hasPassed(line.until, facts.now, facts.beneficiary.timeZone)) return refuse("end-passed");
  const name = login.trim();
  if (name === "") return refuse("login-missing");
  if (name.length > LONGEST_LOGIN) return refuse("too-long", { most: String(LONGEST_LOGIN) });
  if (facts.ownerOfLogin && facts.ownerOfLogin.owner !== line.beneficiary)
    return refuse("login-taken", { login: name, by: facts.ownerOfLogin.owner });

  const by = facts.actor.id;
  const account = accountOf(name, order, facts);
  const rule = { timeZone: facts.beneficiary.timeZone, longest: longestGrant(line.application, line.entitlement) };
  return ok([
    { type: "task-decided", task: task.id, outcome: "executed", by, reason: null },
    { type: "order-executed", by, login: account.login, account },
    {
      type: "assignment-started",
      assignment: { id: facts.newId(), accountId: account.id, from: facts.now, until: endOf(line.until, facts.now, rule) },
    },
  ]);
}

/** Never silently closed: the order waits for the technical owner, who tries again or gives it up. */
export function reportError(line: Line, aim: Aim, reason: string, facts: Facts): Result<readonly LineEvent[]> {
  const allowed = mayFinish(line, aim, "report-error", facts);
  if (!allowed.ok) return allowed;
  const why = checkedReason(reason);
  if (!why.ok) return why;
  const by = facts.actor.id;
  const routing = reviewersOf(facts.candidates);
  const review = newTask("review", line, facts, { assignees: routing.assignees });
  return ok([
    { type: "task-decided", task: allowed.value.task.id, outcome: "errored", by, reason: why.value },
    { type: "order-errored", by, reason: why.value },
    ...fallbackOf(line.step, routing),
    { type: "task-opened", task: review },
  ]);
}

export function retry(line: Line, aim: Aim, facts: Facts): Result<readonly LineEvent[]> {
  const allowed = mayAct(line, aim, "retry", facts);
  if (!allowed.ok) return allowed;
  const by = facts.actor.id;
  return ok([
    { type: "task-decided", task: allowed.value.id, outcome: "retried", by, reason: null },
    { type: "order-retried", by },
  ]);
}

export function cancelOrder(line: Line, aim: Aim, reason: string, facts: Facts): Result<readonly LineEvent[]> {
  const allowed = mayAct(line, aim, "cancel-order", facts);
  if (!allowed.ok) return allowed;
  const why = checkedReason(reason);
  if (!why.ok) return why;
  const by = facts.actor.id;
  return ok([
    { type: "task-decided", task: allowed.value.id, outcome: "cancelled", by, reason: why.value },
    { type: "order-cancelled", by, reason: why.value },
  ]);
}

/** The task with the order that it carries out. */
function mayFinish(line: Line, aim: Aim, verb: "confirm" | "report-error", facts: Facts): Result<{ task: Task; order: Order }> {
  const allowed = mayAct(line, aim, verb, facts);
  if (!allowed.ok) return allowed;
  return line.order ? ok({ task: allowed.value, order: line.order }) : refuse("no-such-task");
}

export function checkedReason(reason: string): Result<string> {
  const why = reason.trim();
  if (why === "") return refuse("reason-missing");
  return why.length > LONGEST_TEXT ? refuse("too-long", { most: String(LONGEST_TEXT) }) : ok(why);
}

/** The account with that login if the beneficiary owns it already, else a new one. */
function accountOf(login: string, order: Order, facts: Facts): AccountRecord {
  const own =
    facts.ownerOfLogin ??
    facts.accounts.find((account) => account.id === order.accountId && account.login.toLowerCase() === login.toLowerCase());
  if (own) return { id: own.id, isNew: false, login: own.login, attributes: order.attributes };
  return { id: facts.newId(), isNew: true, login, attributes: order.attributes };
}
