/** What must happen outside because of what happened: drawn from events alone, carried out after the commit. */
import type { LineEvent } from "./events.ts";
import type { Line } from "./line.ts";
import { awaited, holdersOf, missingVotes, openTask, taskOf } from "./line.ts";
import type { PersonId } from "./people.ts";

/** Messages that tell somebody an outcome, by the name of their text. */
export type Notice =
  | "approved"
  | "rejected"
  | "executed"
  | "errored"
  | "retried"
  | "order-cancelled"
  | "withdrawn"
  | "cancelled"
  | "expired";

/** Words in the thread of a task's cards, for those whom the task asks. */
export type Remark = "reminder" | "nudge" | "escalated" | "reassigned" | "released" | "withdrawn" | "cancelled" | "expired";

/** Messages for administrators. */
export type Alert =
  | "fallback-used"
  | "nobody-to-ask"
  | "nobody-to-escalate"
  | "nobody-can-approve"
  | "not-linked"
  | "not-a-member"
  | "not-delivered"
  /** Nothing that people do reaches Latchkey: Socket Mode is off, or its token is refused. */
  | "slack-cut-off"
  /** The platform let the app do nothing for a while: its token was taken away. */
  | "shut-out"
  /** An effect was given up: `why` says after what. */
  | "effect-dead";

export type Effect =
  /** Makes every copy of the cards about it right: posts those that are missing, redraws those that differ. */
  | { readonly kind: "show"; readonly subject: "task" | "request" | "digest"; readonly id: string }
  | { readonly kind: "tell"; readonly person: PersonId; readonly notice: Notice; readonly line: string }
  | {
      readonly kind: "remark";
      readonly remark: Remark;
      readonly task: string;
      readonly line: string;
      readonly to: readonly PersonId[];
      readonly by: PersonId | null;
      readonly reason: string | null;
    }
  | { readonly kind: "alert"; readonly alert: Alert; readonly about: Readonly<Record<string, string>> }
  /** Hands the line's order to whoever or whatever carries it out. */
  | { readonly kind: "transmit"; readonly line: string }
  /** Works out again who is asked, because people changed. */
  | { readonly kind: "reroute"; readonly line: string }
  /** `left`: that login was taken away from the person, and its home page with it. */
  | { readonly kind: "home"; readonly person: PersonId; readonly left?: { readonly home: string; readonly user: string } };

/** Outcomes first, then cards, then the rest: the lower, the sooner. */
export function priorityOf(effect: Effect): number {
  switch (effect.kind) {
    case "tell":
    case "transmit":
    case "reroute":
      return 1;
    case "show":
    case "remark":
    case "alert":
      return 2;
    case "home":
      return 3;
  }
}

/** The effects of the events that led to `line`; each thing is shown once, however much happened to it. */
export function effectsOf(line: Line, events: readonly LineEvent[]): readonly Effect[] {
  const effects: Effect[] = [{ kind: "show", subject: "request", id: line.requestId }];
  const tasks = new Set<string>();
  const touched = new Set<PersonId>([line.requester, line.beneficiary]);
  for (const event of events) {
    for (const id of taskIds(line, event)) tasks.add(id);
    effects.push(...ownEffects(line, event));
  }
  for (const id of tasks) {
    effects.push({ kind: "show", subject: "task", id });
    const task = line.tasks.find((one) => one.id === id);
    if (task) for (const person of holdersOf(line, task)) touched.add(person);
  }
  for (const person of touched) effects.push({ kind: "home", person });
  return effects;
}

function taskIds(line: Line, event: LineEvent): readonly string[] {
  switch (event.type) {
    case "task-opened":
      return [event.task.id];
    case "voted":
    case "task-decided":
    case "claimed":
    case "released":
    case "order-transmitted":
    case "reassigned":
    case "reminded":
    case "escalated":
    case "nudged":
    case "task-closed":
      return [event.task];
    case "order-retried":
    case "order-cancelled":
      // The cards of the work that was tried say what came of it.
      return line.tasks.filter((task) => task.kind !== "approval").map((task) => task.id);
    case "withdrawn":
    case "cancelled":
    case "expired":
    case "submitted":
    case "fallback-used":
    case "step-counted":
    case "step-passed":
    case "approved":
    case "rejected":
    case "order-created":
    case "order-executed":
    case "assignment-started":
    case "order-errored":
      return [];
  }
}

function ownEffects(line: Line, event: LineEvent): readonly Effect[] {
  const parties = [...new Set([line.requester, line.beneficiary])];
  const tell = (notice: Notice): readonly Effect[] => parties.map((person) => ({ kind: "tell", person, notice, line: line.id }));
  const transmit: Effect = { kind: "transmit", line: line.id };
  const remark = (what: Remark, id: string, more: { to?: readonly PersonId[]; by?: PersonId | null; reason?: string | null }): Effect => {
    const task = taskOf(line, id);
    const to = more.to ?? (task ? awaited(line, task) : []);
    return { kind: "remark", remark: what, task: id, line: line.id, to, by: more.by ?? null, reason: more.reason ?? null };
  };
  switch (event.type) {
    case "approved":
      return [...tell("approved"), transmit];
    case "rejected":
      return tell("rejected");
    case "order-executed":
      return tell("executed");
    case "order-errored":
      return tell("errored");
    case "order-cancelled":
      // Withdrawn or cancelled as a whole: that is what is told.
      return line.closing ? [] : tell("order-cancelled");
    case "withdrawn":
      return tell("withdrawn").filter((effect) => effect.kind !== "tell" || effect.person !== event.by);
    case "cancelled":
      return tell("cancelled");
    case "expired":
      return tell("expired");
    case "task-closed":
      return [remark(event.outcome, event.task, { by: event.by, reason: line.closing?.reason ?? null })];
    case "reminded":
      return [remark("reminder", event.task, { to: event.to })];
    case "nudged":
      return [remark("nudge", event.task, { by: event.by })];
    case "escalated":
      return event.to.length > 0
        ? [remark("escalated", event.task, { to: event.to })]
        : [{ kind: "alert", alert: "nobody-to-escalate", about: { line: line.id, number: String(line.number) } }];
    case "reassigned": {
      const task = taskOf(line, event.task);
      // Administrators name enough; where the rules find too few, the fallback's own event says so.
      return task && awaited(line, task).length > 0 ? [remark("reassigned", event.task, { by: event.by, reason: event.reason })] : [];
    }
    case "released":
      return event.from === event.by ? [] : [remark("released", event.task, { to: [event.from], by: event.by, reason: event.reason })];
    case "order-retried":
      return [...tell("retried"), transmit];
    case "fallback-used": {
      const task = openTask(line);
      const nobody = task !== undefined && awaited(line, task).length < missingVotes(task);
      const about = { line: line.id, number: String(line.number), cause: event.why };
      return [{ kind: "alert", alert: nobody ? "nobody-to-ask" : "fallback-used", about }];
    }
    case "submitted":
    case "task-opened":
    case "voted":
    case "task-decided":
    case "step-passed":
    case "order-created":
    case "order-transmitted":
    case "claimed":
    case "step-counted":
    case "assignment-started":
      return [];
  }
}
