/** Ends before the end: withdrawn by its requester, cancelled by an administrator; and the requester's nudge. */

import { isAdministrator } from "./candidates.ts";
import { NUDGE_PAUSE, timeOf } from "./clocks.ts";
import type { Facts, LineVerb } from "./commands.ts";
import { LONGEST_TEXT } from "./commands.ts";
import type { LineEvent } from "./events.ts";
import { checkedReason } from "./fulfilling.ts";
import type { Line } from "./line.ts";
import { openTask } from "./line.ts";
import { hindranceOnLine } from "./may.ts";
import { isActive } from "./people.ts";
import type { Refusal, Result } from "./refusals.ts";
import { ok, refuse } from "./refusals.ts";
import { after } from "./working-time.ts";

/** Only the requester, at any stage before the work is confirmed. What is approved already stays approved: its order is cancelled. */
export function withdraw(line: Line, reason: string | null, facts: Facts): Result<readonly LineEvent[]> {
  const refusal = keepsFrom(line, "withdraw", facts);
  if (refusal) return { ok: false, refusal };
  const said = reason?.trim() || null;
  if (said !== null && said.length > LONGEST_TEXT) return refuse("too-long", { most: String(LONGEST_TEXT) });
  const by = facts.actor.id;
  return ok([{ type: "withdrawn", by, reason: said }, ...closingOf(line, "withdrawn", facts.actor.id, said ?? "")]);
}

/** An administrator's, with a reason. */
export function cancel(line: Line, reason: string, facts: Facts): Result<readonly LineEvent[]> {
  const refusal = keepsFrom(line, "cancel", facts);
  if (refusal) return { ok: false, refusal };
  const why = checkedReason(reason);
  if (!why.ok) return why;
  const by = facts.actor.id;
  return ok([{ type: "cancelled", by, reason: why.value }, ...closingOf(line, "cancelled", by, why.value)]);
}

/** Asks whoever holds the task to get on with it; once in four working hours of theirs. */
export function nudge(line: Line, facts: Facts): Result<readonly LineEvent[]> {
  const refusal = keepsFrom(line, "nudge", facts);
  if (refusal) return { ok: false, refusal };
  const task = openTask(line);
  if (!task) return refuse("nothing-waits");
  const again = task.clock.nudgedAt && after(task.clock.nudgedAt, NUDGE_PAUSE, timeOf(task, facts.candidates));
  if (again && again > facts.now) return refuse("nudged-already", { again: again.toISOString() });
  return ok([{ type: "nudged", task: task.id, by: facts.actor.id }]);
}

/** Whether the actor may do this to the line now, before a form is filled in; null: nothing keeps them from it. */
export function keepsFrom(line: Line, verb: LineVerb, { actor, candidates }: Pick<Facts, "actor" | "candidates">): Refusal | null {
  if (!isActive(actor)) return { name: "not-active", about: {} };
  return hindranceOnLine(line, verb, actor.id, { administrator: isAdministrator(actor.id, candidates) });
}

/** The open task lapses; an order that was made is cancelled. */
function closingOf(line: Line, outcome: "withdrawn" | "cancelled", by: Facts["actor"]["id"], reason: string): readonly LineEvent[] {
  const task = openTask(line);
  return [
    ...(task ? ([{ type: "task-closed", task: task.id, outcome, by }] as const) : []),
    ...(line.order ? ([{ type: "order-cancelled", by, reason }] as const) : []),
  ];
}
