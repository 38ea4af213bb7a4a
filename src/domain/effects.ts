/** What must happen outside because of what happened: drawn from events alone, carried out after the commit. */
import type { LineEvent } from "./events.ts";
import type { Line } from "./line.ts";
import { holdersOf, openTask } from "./line.ts";
import type { PersonId } from "./people.ts";

/** Messages that tell somebody an outcome, by the name of their text. */
export type Notice = "approved" | "rejected" | "executed" | "errored" | "order-cancelled";

/** Messages for administrators. */
export type Alert = "fallback-used" | "nobody-to-ask" | "nobody-can-approve" | "not-linked" | "not-a-member" | "not-delivered";

export type Effect =
  /** Makes every copy of the cards about it right: posts those that are missing, redraws those that differ. */
  | { readonly kind: "show"; readonly subject: "task" | "request"; readonly id: string }
  | { readonly kind: "tell"; readonly person: PersonId; readonly notice: Notice; readonly line: string }
  | { readonly kind: "alert"; readonly alert: Alert; readonly about: Readonly<Record<string, string>> }
  /** Hands the line's order to whoever or whatever carries it out. */
  | { readonly kind: "transmit"; readonly line: string }
  | { readonly kind: "home"; readonly person: PersonId };

/** Outcomes first, then cards, then the rest: the lower, the sooner. */
export function priorityOf(effect: Effect): number {
  switch (effect.kind) {
    case "tell":
    case "transmit":
      return 1;
    case "show":
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
    for (const id of taskIds(event)) tasks.add(id);
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

function taskIds(event: LineEvent): readonly string[] {
  switch (event.type) {
    case "task-opened":
      return [event.task.id];
    case "voted":
    case "task-decided":
    case "claimed":
    case "released":
    case "order-transmitted":
      return [event.task];
    case "submitted":
    case "fallback-used":
    case "step-passed":
    case "approved":
    case "rejected":
    case "order-created":
    case "order-executed":
    case "assignment-started":
    case "order-errored":
    case "order-retried":
    case "order-cancelled":
      return [];
  }
}

function ownEffects(line: Line, event: LineEvent): readonly Effect[] {
  const parties = [...new Set([line.requester, line.beneficiary])];
  const tell = (notice: Notice): readonly Effect[] => parties.map((person) => ({ kind: "tell", person, notice, line: line.id }));
  const transmit: Effect = { kind: "transmit", line: line.id };
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
      return tell("order-cancelled");
    case "order-retried":
      return [transmit];
    case "fallback-used": {
      const task = openTask(line);
      const nobody = task !== undefined && holdersOf(line, task).length < task.needed;
      return [{ kind: "alert", alert: nobody ? "nobody-to-ask" : "fallback-used", about: { line: line.id, number: String(line.number) } }];
    }
    case "submitted":
    case "task-opened":
    case "voted":
    case "task-decided":
    case "step-passed":
    case "order-created":
    case "order-transmitted":
    case "claimed":
    case "released":
    case "assignment-started":
      return [];
  }
}
