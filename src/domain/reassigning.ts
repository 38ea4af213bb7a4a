/** Others are asked: because an administrator says so, or because people changed and the rules are worked out again. */

import { fallbackOf } from "./approving.ts";
import { type Candidates, canAct, candidate } from "./candidates.ts";
import type { Aim, Facts, TaskCommand } from "./commands.ts";
import type { LineEvent } from "./events.ts";
import { checkedReason } from "./fulfilling.ts";
import type { Assignee, Line, Task } from "./line.ts";
import { awaited, hasSpoken, isParty, missingVotes, openTask } from "./line.ts";
import { mayAct } from "./may.ts";
import type { PersonId } from "./people.ts";
import { isActive } from "./people.ts";
import type { Result } from "./refusals.ts";
import { ok, refuse } from "./refusals.ts";
import { approversOf, fulfillersOf, type Routing, reviewersOf } from "./routing.ts";

/** An administrator names who shall act instead. Votes that were given count on; the clocks run on. */
export function reassign(
  line: Line,
  aim: Aim,
  command: Extract<TaskCommand, { verb: "reassign" }>,
  facts: Facts,
): Result<readonly LineEvent[]> {
  const allowed = mayAct(line, aim, "reassign", facts);
  if (!allowed.ok) return allowed;
  const task = allowed.value;
  const why = checkedReason(command.reason);
  if (!why.ok) return why;
  const named = [...new Set(command.to)];
  for (const id of named) {
    const person = candidate(id, facts.candidates);
    if (!person) return refuse("no-such-person");
    const unfit = !isActive(person) || (task.kind === "approval" && (isParty(line, id) || hasSpoken(line, task, id)));
    if (unfit) return refuse("unfit-assignee", { by: id });
  }
  const needed = task.kind === "approval" ? missingVotes(task) : 1;
  if (named.length < needed) return refuse("too-few-named", { needed: String(needed) });
  const assignees = named.map((person): Assignee => ({ kind: "person", person, because: "reassigned", since: facts.now }));
  return ok([{ type: "reassigned", task: task.id, assignees, by: facts.actor.id, reason: why.value }]);
}

/**
 * Works out again who is asked, now that people changed. Empty: those who are asked are still the right ones. What an administrator said, and where
 * an escalation led, stays as long as it can be done.
 */
export function reroute(line: Line, facts: Pick<Facts, "candidates" | "now">): readonly LineEvent[] {
  const task = openTask(line);
  if (!task) return [];
  const { candidates } = facts;
  const kept = task.assignees.filter((one) => one.kind === "person" && isByHand(one) && isUsable(one.person, line, task, candidates));
  if (task.assignees.some((one) => one.because === "reassigned") && isEnough(kept, line, task)) {
    return kept.length === task.assignees.length ? [] : [reassigned(task, kept)];
  }
  const routing = routingOf(line, task, candidates);
  const chosen = routing.assignees.flatMap((one) => (one.kind === "person" ? [one.person] : []));
  const climbed = kept.filter((one) => one.kind === "person" && one.because === "escalated" && !chosen.includes(one.person));
  const wanted = [...routing.assignees, ...climbed];
  if (isSame(wanted, task.assignees)) return [];
  return [...fallbackOf(task.step ?? line.step, routing), reassigned(task, wanted)];
}

/** True when fewer people are left who could act than have to: the request would strand. */
export function isStranded(line: Line, candidates: Candidates): boolean {
  const task = openTask(line);
  if (!task) return false;
  const able = awaited(line, task).filter((id) => {
    const person = candidate(id, candidates);
    return person !== null && canAct(person, candidates);
  });
  return able.length < (task.kind === "approval" ? missingVotes(task) : 1);
}

function reassigned(task: Task, assignees: readonly Assignee[]): LineEvent {
  return { type: "reassigned", task: task.id, assignees, by: null, reason: null };
}

function isByHand({ because }: Assignee): boolean {
  return because === "reassigned" || because === "escalated";
}

function isUsable(id: PersonId, line: Line, task: Task, candidates: Candidates): boolean {
  const person = candidate(id, candidates);
  return person !== null && canAct(person, candidates) && !(task.kind === "approval" && isParty(line, id));
}

/** Counts those who can still act: who has voted stays on the list and is no help. */
function isEnough(assignees: readonly Assignee[], line: Line, task: Task): boolean {
  const able = assignees.filter((one) => one.kind === "person" && !hasSpoken(line, task, one.person));
  return able.length >= (task.kind === "approval" ? missingVotes(task) : 1);
}

function routingOf(line: Line, task: Task, candidates: Candidates): Routing {
  switch (task.kind) {
    case "approval": {
      const step = line.policy.steps[task.step ?? line.step];
      if (!step) return { assignees: [], fellBack: "none" };
      const counted = line.tasks.filter((one) => one.id !== task.id).flatMap((one) => one.votes.map((vote) => vote.by));
      const spoken = [...task.votes.map((vote) => vote.by), ...(step.once ? counted : [])];
      return approversOf(line, step, candidates, { needed: missingVotes(task), spoken });
    }
    case "fulfilment":
      return fulfillersOf(line, candidates);
    case "review":
      return reviewersOf(candidates);
  }
}

/** Groups count by name: who is in them counts at every click anyway. */
function isSame(wanted: readonly Assignee[], asked: readonly Assignee[]): boolean {
  const names = (list: readonly Assignee[]) =>
    list.map((one) => (one.kind === "person" ? `person ${one.person}` : `group ${one.group}`)).sort();
  return names(wanted).join("\n") === names(asked).join("\n");
}
