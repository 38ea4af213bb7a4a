/** When a task is late, when its people are reminded, when others are turned to, when it expires: worked out at its opening and after each hop. */
import { type Candidates, candidate } from "./candidates.ts";
import type { Escalating, Reminding } from "./catalogue.ts";
import type { Duration } from "./duration.ts";
import type { Line, Task, TaskClock, TaskKind } from "./line.ts";
import { NO_CLOCK } from "./line.ts";
import { after, times, type WorkingTime } from "./working-time.ts";

/** Between two nudges of a requester: four working hours of whoever holds the task. */
export const NUDGE_PAUSE: Duration = { kind: "working-hours", hours: 4 };

/** The longest pause between reminders, in rounds of `every`: growth ends here, so that no sum leaves what a Date can hold. */
const MOST_GROWTH = 1000;

/**
 * Whose hours count: a person's calendar in that person's own time zone; for a group's task that nobody has claimed the group's calendar.
 * Who names no calendar has the first one.
 */
export function timeOf(task: Pick<Task, "assignees" | "claimedBy">, candidates: Candidates): WorkingTime {
  const { calendars } = candidates;
  const named = (id: string | null | undefined) => calendars.find((calendar) => calendar.id === id) ?? calendars[0] ?? null;
  const group = task.assignees.find((assignee) => assignee.kind === "group");
  if (group && task.claimedBy === null) {
    const calendar = named(candidates.groupCalendars[group.group]);
    return { calendar, timeZone: calendar?.timeZone ?? "UTC" };
  }
  const first = task.assignees.find((assignee) => assignee.kind === "person");
  const holder = task.claimedBy ?? first?.person;
  const person = holder === undefined ? null : candidate(holder, candidates);
  const calendar = named(person?.calendar);
  return { calendar, timeZone: person?.timeZone ?? calendar?.timeZone ?? "UTC" };
}

/**
 * The clocks of a new task. Approvals count from their opening. Fulfilment counts by the service level's own `remind` and `escalate` from its opening;
 * without them by the policy's, once the work is due. A review has the policy's rhythm and never expires.
 */
export function clockOf(
  kind: TaskKind,
  line: Line,
  task: Pick<Task, "assignees" | "claimedBy" | "openedAt">,
  candidates: Candidates,
): TaskClock {
  const { policy } = line;
  const level = line.application.serviceLevel;
  const start = task.openedAt;
  const time = timeOf(task, candidates);
  const then = (from: Date, wait: Duration | undefined | null) => (wait ? after(from, wait, time) : null);
  switch (kind) {
    case "approval": {
      const escalateAt = then(start, policy.escalate?.after);
      const expireAt = then(start, policy.expireAfter);
      return { ...NO_CLOCK, dueAt: escalateAt ?? expireAt, remindAt: then(start, policy.remind?.after), escalateAt, expireAt };
    }
    case "fulfilment": {
      const dueAt = then(start, level.fulfilWithin);
      const remindAt = level.remind ? then(start, level.remind.after) : policy.remind ? (dueAt ?? then(start, policy.remind.after)) : null;
      const escalateAt = level.escalate ? then(start, level.escalate.after) : then(dueAt ?? start, policy.escalate?.after);
      return { ...NO_CLOCK, dueAt, remindAt, escalateAt };
    }
    case "review": {
      const escalateAt = then(start, policy.escalate?.after);
      return { ...NO_CLOCK, dueAt: escalateAt, remindAt: then(start, policy.remind?.after), escalateAt };
    }
  }
}

export function remindingOf(line: Line, kind: TaskKind): Reminding | null {
  return (kind === "fulfilment" ? line.application.serviceLevel.remind : null) ?? line.policy.remind;
}

export function escalatingOf(line: Line, kind: TaskKind): Escalating | null {
  return (kind === "fulfilment" ? line.application.serviceLevel.escalate : null) ?? line.policy.escalate;
}

/** When the next reminder comes after one that is sent now; null: the last one was. After a downtime it counts from now, so none comes in a heap. */
export function nextReminder(line: Line, task: Task, candidates: Candidates, now: Date): Date | null {
  const reminding = remindingOf(line, task.kind);
  const sent = task.clock.reminders + 1;
  if (!reminding || sent >= reminding.atMost) return null;
  const pause = times(reminding.every, Math.min(reminding.grow ** (sent - 1), MOST_GROWTH));
  return after(now, pause, timeOf(task, candidates));
}

/** When the first reminder of people who are newly asked comes. */
export function firstReminder(line: Line, task: Task, candidates: Candidates, now: Date): Date | null {
  const reminding = remindingOf(line, task.kind);
  return reminding ? after(now, reminding.after, timeOf(task, candidates)) : null;
}

/** The earliest instant at which the task's clocks want something; null: never. */
export function nextTick({ clock }: Pick<Task, "clock">): Date | null {
  const all = [clock.remindAt, clock.escalateAt, clock.expireAt].filter((at) => at !== null);
  return all.length === 0 ? null : new Date(Math.min(...all.map((at) => at.getTime())));
}
