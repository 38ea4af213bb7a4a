/** The right to act, worked out now from the live assignees; never from what a button says. Who asks before a form opens gets the same answer. */
import { isAdministrator } from "./candidates.ts";
import type { Aim, Facts, LineVerb, Verb } from "./commands.ts";
import type { Line, Task, TaskKind } from "./line.ts";
import { claimerOf, hasSpoken, holdersOf, isOpen, isParty, openTask, taskOf } from "./line.ts";
import type { PersonId } from "./people.ts";
import { isActive } from "./people.ts";
import type { Refusal, Result } from "./refusals.ts";
import { ok, refuse } from "./refusals.ts";

/** The task if the actor may do this to it as things stand; what they would fill in is checked by the act itself. */
export function mayAct(line: Line, aim: Aim, verb: Verb, facts: Pick<Facts, "actor" | "candidates">): Result<Task> {
  const { actor } = facts;
  const task = taskOf(line, aim.task);
  if (!task || !KINDS[verb].includes(task.kind)) return refuse("no-such-task");
  if (!isActive(actor)) return refuse("not-active");
  const refusal = hindrance(line, task, verb, actor.id, { administrator: isAdministrator(actor.id, facts.candidates) });
  if (refusal) return { ok: false, refusal: refusal.name === "not-yours" ? whyNotYours(task, aim) : refusal };
  // Last, so that whoever came too late hears who was first and not only that their card is old.
  if (aim.face !== null && aim.face !== task.face) return refuse("stale-card");
  return ok(task);
}

/** Whoever looks at an older card may have been asked: an administrator has asked others since, and that is what happened to them. */
function whyNotYours({ face, handed }: Task, aim: Aim): Refusal {
  if (!handed || aim.face === null || aim.face >= face) return named("not-yours");
  return named("not-yours", { by: handed.by, at: handed.at.toISOString(), outcome: "reassigned" });
}

/** Which kinds of task each verb acts on. */
const KINDS: Readonly<Record<Verb, readonly TaskKind[]>> = {
  approve: ["approval"],
  reject: ["approval"],
  claim: ["fulfilment"],
  release: ["fulfilment"],
  confirm: ["fulfilment"],
  "report-error": ["fulfilment"],
  retry: ["review"],
  "cancel-order": ["review"],
  reassign: ["approval", "fulfilment", "review"],
};

export function kindsOf(verb: Verb): readonly TaskKind[] {
  return KINDS[verb];
}

/** What an administrator may do beyond what everybody may. */
export interface Rights {
  readonly administrator: boolean;
}

const NO_RIGHTS: Rights = { administrator: false };

/** What keeps an active person who sees the task as it is from doing this to it; null: nothing. The verb is one of the task's kind. */
export function hindrance(line: Line, task: Task, verb: Verb, person: PersonId, rights: Rights = NO_RIGHTS): Refusal | null {
  if (verb === "reassign" && !rights.administrator) return named("not-administrator");
  if (task.kind === "approval" && isParty(line, person)) return named("own-request");
  if (task.state !== "open" || (task.kind === "approval" && line.approval !== "pending")) return alreadyDecided(line, task);
  if (verb === "reassign") return null;
  if (verb === "release") return keepsFromReleasing(line, task, person, rights);
  if ((verb === "approve" || verb === "reject") && hasSpoken(line, task, person)) return named("already-voted");
  if (!holdersOf(line, task).includes(person)) return named("not-yours");
  switch (verb) {
    case "approve":
    case "reject":
      return null;
    case "claim":
      return alreadyClaimed(line, task);
    case "confirm":
    case "report-error":
      // Only the claimer finishes; a single named fulfiller counts as claimer.
      return heldBy(claimerOf(task), person);
    case "retry":
    case "cancel-order":
      return null;
  }
}

/** A claim is let go of by its claimer, by an administrator, and by those to whom the late work was escalated. */
function keepsFromReleasing(line: Line, task: Task, person: PersonId, rights: Rights): Refusal | null {
  const escalated = task.assignees.some((one) => one.kind === "person" && one.person === person && one.because === "escalated");
  if (!rights.administrator && !holdersOf(line, task).includes(person)) return named("not-yours");
  if (task.claimedBy !== null && (rights.administrator || escalated)) return null;
  return heldBy(task.claimedBy, person);
}

/** What keeps an active person from withdrawing, nudging or cancelling the line; null: nothing. */
export function hindranceOnLine(line: Line, verb: LineVerb, person: PersonId, rights: Rights): Refusal | null {
  if (verb === "cancel" ? !rights.administrator : line.requester !== person)
    return named(verb === "cancel" ? "not-administrator" : "not-requester");
  if (!isOpen(line) || line.closing !== null) return named("already-over", overBy(line));
  if (verb === "nudge" && openTask(line) === undefined) return named("nothing-waits");
  return null;
}

/** Who ended it and when, as far as somebody did. */
function overBy(line: Line): Refusal["about"] {
  const last = line.tasks.findLast((task) => task.decidedAt !== null);
  const by = line.closing ? line.closing.by : (last?.decidedBy ?? null);
  const at = line.closing?.at ?? last?.decidedAt ?? null;
  const outcome = line.closing?.how ?? last?.outcome ?? null;
  return { ...(by ? { by } : {}), ...(at ? { at: at.toISOString() } : {}), ...(outcome ? { outcome } : {}) };
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
function alreadyDecided(line: Line, task: Task): Refusal {
  const by = task.decidedBy ?? line.closing?.by ?? null;
  return named("already-decided", {
    ...(by ? { by } : {}),
    ...(task.decidedAt ? { at: task.decidedAt.toISOString() } : {}),
    ...(task.outcome ? { outcome: task.outcome } : {}),
  });
}

function named(name: Refusal["name"], about: Refusal["about"] = {}): Refusal {
  return { name, about };
}
