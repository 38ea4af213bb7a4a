/** The right to act, worked out now from the live assignees; never from what a button says. Who asks before a form opens gets the same answer. */
import type { Aim, Facts, Verb } from "./commands.ts";
import type { Line, Task, TaskKind } from "./line.ts";
import { claimerOf, holdersOf, isParty, taskOf } from "./line.ts";
import type { PersonId } from "./people.ts";
import { isActive } from "./people.ts";
import type { Refusal, Result } from "./refusals.ts";
import { ok, refuse } from "./refusals.ts";

/** The task if the actor may do this to it as things stand; what they would fill in is checked by the act itself. */
export function mayAct(line: Line, aim: Aim, verb: Verb, { actor }: Pick<Facts, "actor">): Result<Task> {
  const task = taskOf(line, aim.task);
  if (task?.kind !== KIND[verb]) return refuse("no-such-task");
  if (!isActive(actor)) return refuse("not-active");
  const refusal = hindrance(line, task, verb, actor.id);
  if (refusal) return { ok: false, refusal };
  // Last, so that whoever came too late hears who was first and not only that their card is old.
  if (aim.face !== null && aim.face !== task.face) return refuse("stale-card");
  return ok(task);
}

/** Which kind of task each verb acts on. */
const KIND: Readonly<Record<Verb, TaskKind>> = {
  approve: "approval",
  reject: "approval",
  claim: "fulfilment",
  release: "fulfilment",
  confirm: "fulfilment",
  "report-error": "fulfilment",
  retry: "review",
  "cancel-order": "review",
};

/** What keeps an active person who sees the task as it is from doing this to it; null: nothing. The verb is one of the task's kind. */
export function hindrance(line: Line, task: Task, verb: Verb, person: PersonId): Refusal | null {
  if (task.kind === "approval" && isParty(line, person)) return named("own-request");
  if (task.state !== "open" || (task.kind === "approval" && line.approval !== "pending")) return alreadyDecided(task);
  if (!holdersOf(line, task).includes(person)) return named("not-yours");
  switch (verb) {
    case "approve":
    case "reject":
      return task.votes.some((vote) => vote.by === person) ? named("already-voted") : null;
    case "claim":
      return alreadyClaimed(line, task);
    case "release":
      return heldBy(task.claimedBy, person);
    case "confirm":
    case "report-error":
      // Only the claimer finishes; a single named fulfiller counts as claimer.
      return heldBy(claimerOf(task), person);
    case "retry":
    case "cancel-order":
      return null;
  }
}

/** Who left the group while holding the task can neither finish nor release it: a colleague may take it over. */
function alreadyClaimed(line: Line, task: Task): Refusal | null {
  if (task.claimedBy === null || !holdersOf(line, task).includes(task.claimedBy)) return null;
  return named("already-claimed", { by: task.claimedBy, at: (task.claimedAt ?? task.openedAt).toISOString() });
}

function heldBy(claimer: PersonId | null, person: PersonId): Refusal | null {
  if (claimer === null) return named("not-claimed");
  return claimer === person ? null : named("not-claimer", { by: claimer });
}

/** Who decided and when, for whoever came too late. */
function alreadyDecided(task: Task): Refusal {
  return named("already-decided", {
    ...(task.decidedBy ? { by: task.decidedBy } : {}),
    ...(task.decidedAt ? { at: task.decidedAt.toISOString() } : {}),
    ...(task.outcome ? { outcome: task.outcome } : {}),
  });
}

function named(name: Refusal["name"], about: Refusal["about"] = {}): Refusal {
  return { name, about };
}
