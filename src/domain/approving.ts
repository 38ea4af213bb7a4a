/** Deciding: who may, when, and what follows. Reads top-down as the rules themselves. */
import type { Candidates } from "./candidates.ts";
import type { Step } from "./catalogue.ts";
import { clockOf } from "./clocks.ts";
import type { Aim, Facts } from "./commands.ts";
import { LONGEST_TEXT } from "./commands.ts";
import type { LineEvent } from "./events.ts";
import type { Line, Order, Task, Vote } from "./line.ts";
import { missingVotes } from "./line.ts";
import { mayAct } from "./may.ts";
import type { PersonId } from "./people.ts";
import type { Result } from "./refusals.ts";
import { ok, refuse } from "./refusals.ts";
import { approversOf, type Routing } from "./routing.ts";
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
  if (missingVotes(task) > 1) return ok([voted]);

  const step = task.step ?? line.step;
  const passed: LineEvent[] = [
    voted,
    { type: "task-decided", task: task.id, outcome: "approved", by: facts.actor.id, reason: said },
    { type: "step-passed", step },
  ];
  return ok([...passed, ...stepsAfter(line, step, facts)]);
}

/** The next step that somebody has to decide, or the approval of the line: steps that earlier approvals satisfy are passed on the way. */
function stepsAfter(line: Line, step: number, facts: Facts): readonly LineEvent[] {
  const events: LineEvent[] = [];
  for (let next = step + 1; next < line.policy.steps.length; next++) {
    const opened = openStep(line, next, facts, [facts.actor.id]);
    events.push(...opened);
    if (opened.some((event) => event.type === "task-opened")) return events;
  }
  return [...events, { type: "approved" }, { type: "order-created", order: orderOf(facts) }];
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

/**
 * Opens the task of a step; says when somebody else than the policy's choice had to be asked. With `once`, those who approved an earlier step count
 * here too: then fewer are asked, or nobody is and the step has passed.
 */
export function openStep(line: Line, position: number, facts: Opening, approvedNow: readonly PersonId[] = []): readonly LineEvent[] {
  const step = line.policy.steps[position];
  if (!step) return [];
  const counted = step.once ? countedFor(line, step, facts.candidates, approvedNow).slice(0, step.needed) : [];
  const needed = step.needed - counted.length;
  const before: readonly LineEvent[] = counted.length > 0 ? [{ type: "step-counted", step: position, by: counted }] : [];
  if (needed === 0) return [...before, { type: "step-passed", step: position }];
  const routing = approversOf(line, step, facts.candidates, { needed, spoken: counted });
  const opened: LineEvent = {
    type: "task-opened",
    task: newTask("approval", line, facts, { step: position, needed, assignees: routing.assignees }),
  };
  return [...before, ...fallbackOf(position, routing), opened];
}

/** Who approved an earlier step and sits in this one. */
function countedFor(line: Line, step: Step, candidates: Candidates, approvedNow: readonly PersonId[]): readonly PersonId[] {
  const earlier = line.tasks.flatMap((task) => task.votes.filter((vote) => vote.vote === "approved").map((vote) => vote.by));
  const asked = approversOf(line, step, candidates).assignees.flatMap((one) => (one.kind === "person" ? [one.person] : one.members));
  return asked.filter((person) => earlier.includes(person) || approvedNow.includes(person));
}

/** Says so when others than those named had to be asked, or nobody could be. */
export function fallbackOf(step: number, { assignees, fellBack }: Routing): readonly LineEvent[] {
  return fellBack === null ? [] : [{ type: "fallback-used", step, because: assignees.map((one) => one.because), why: fellBack }];
}

/** What a new task takes from the facts. */
type Opening = Pick<Facts, "now" | "newId" | "candidates">;

export function newTask(
  kind: Task["kind"],
  line: Line,
  facts: Opening,
  more: Pick<Task, "assignees"> & Partial<Pick<Task, "step" | "needed">>,
): Task {
  const task = { assignees: more.assignees, claimedBy: null, openedAt: facts.now };
  return {
    id: facts.newId(),
    kind,
    state: "open",
    step: more.step ?? null,
    needed: more.needed ?? 1,
    ...task,
    votes: [],
    claimedAt: null,
    face: 1,
    clock: clockOf(kind, line, task, facts.candidates),
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
