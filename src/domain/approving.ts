/** Deciding: who may, when, and what follows. Reads top-down as the rules themselves. */
import type { Aim, Facts } from "./commands.ts";
import { LONGEST_TEXT } from "./commands.ts";
import type { LineEvent } from "./events.ts";
import type { Line, Order, Task, Vote } from "./line.ts";
import { mayAct } from "./may.ts";
import type { Result } from "./refusals.ts";
import { ok, refuse } from "./refusals.ts";
import { approversOf } from "./routing.ts";
import { hasPassed } from "./until.ts";

/** Approves at the click; the last approval needed passes the step, the last step approves the line and makes its order. */
export function approve(line: Line, aim: Aim, comment: string | null, facts: Facts): Result<readonly LineEvent[]> {
  const allowed = mayAct(line, aim, "approve", facts);
  if (!allowed.ok) return allowed;
  const task = allowed.value;
  const said = comment?.trim() || null;
  if (said !== null && said.length > LONGEST_TEXT) return refuse("too-long", { most: String(LONGEST_TEXT) });

  if (hasPassed(line.until, facts.now, facts.beneficiary.timeZone)) return refuse("end-passed");
  const vote: Vote = { by: facts.actor.id, vote: "approved", reason: said, at: facts.now };
  const voted: LineEvent = { type: "voted", task: task.id, vote };
  if (task.votes.length + 1 < task.needed) return ok([voted]);

  const step = task.step ?? line.step;
  const passed: LineEvent[] = [
    voted,
    { type: "task-decided", task: task.id, outcome: "approved", by: facts.actor.id, reason: said },
    { type: "step-passed", step },
  ];
  const next = line.policy.steps[step + 1];
  if (next) return ok([...passed, ...openStep(line, step + 1, facts)]);
  return ok([...passed, { type: "approved" }, { type: "order-created", order: orderOf(facts) }]);
}

/** One rejection ends the line, whatever the number of approvals needed; it asks for its reason. */
export function reject(line: Line, aim: Aim, reason: string, facts: Facts): Result<readonly LineEvent[]> {
  const allowed = mayAct(line, aim, "reject", facts);
  if (!allowed.ok) return allowed;
  const why = reason.trim();
  if (why === "") return refuse("reason-missing");
  if (why.length > LONGEST_TEXT) return refuse("too-long", { most: String(LONGEST_TEXT) });
  const by = facts.actor.id;
  return ok([
    { type: "voted", task: allowed.value.id, vote: { by, vote: "rejected", reason: why, at: facts.now } },
    { type: "task-decided", task: allowed.value.id, outcome: "rejected", by, reason: why },
    { type: "rejected", by, reason: why },
  ]);
}

/** Opens the task of a step; says when somebody else than the policy's choice had to be asked. */
export function openStep(line: Line, position: number, facts: Opening & Pick<Facts, "candidates">): readonly LineEvent[] {
  const step = line.policy.steps[position];
  if (!step) return [];
  const routing = approversOf(line, step, facts.candidates);
  const task = newTask("approval", facts, { step: position, needed: step.needed, assignees: routing.assignees });
  const opened: LineEvent = { type: "task-opened", task };
  if (!routing.fellBack) return [opened];
  return [{ type: "fallback-used", step: position, because: routing.assignees.map((assignee) => assignee.because) }, opened];
}

/** What a new task takes from the facts. */
type Opening = Pick<Facts, "now" | "newId">;

export function newTask(kind: Task["kind"], facts: Opening, more: Pick<Task, "assignees"> & Partial<Pick<Task, "step" | "needed">>): Task {
  return {
    id: facts.newId(),
    kind,
    state: "open",
    step: more.step ?? null,
    needed: more.needed ?? 1,
    assignees: more.assignees,
    votes: [],
    claimedBy: null,
    claimedAt: null,
    face: 1,
    openedAt: facts.now,
    outcome: null,
    decidedBy: null,
    decidedAt: null,
    reason: null,
  };
}

/** An entitlement goes to the account that the person has, or is about to have, there; else the order creates one. */
function orderOf(facts: Facts): Order {
  const account = facts.accounts[0];
  const has = account !== undefined || facts.accountOnItsWay;
  return {
    id: facts.newId(),
    operation: has ? "update" : "create",
    state: "pending",
    accountId: account?.id ?? null,
    login: account?.login ?? facts.filledIn.login,
    // Whoever gets the second order first has all it takes to make the account.
    attributes: account ? [] : facts.filledIn.attributes.map(({ name, value }) => ({ name, current: null, proposed: value })),
    createdAt: facts.now,
    transmittedAt: null,
    executedAt: null,
    error: null,
  };
}
