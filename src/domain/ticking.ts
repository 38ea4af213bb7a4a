/** What time alone does to a line: reminders, escalation rung by rung, expiry. One thing at a tick; the next tick finds the next. */
import { type Candidates, canAct, candidate } from "./candidates.ts";
import type { Rung } from "./catalogue.ts";
import { escalatingOf, firstReminder, nextReminder, timeOf } from "./clocks.ts";
import type { Facts } from "./commands.ts";
import type { LineEvent } from "./events.ts";
import type { Assignee, Line, Task } from "./line.ts";
import { awaited, hasSpoken, holdersOf, isParty, openTask } from "./line.ts";
import type { Person, PersonId } from "./people.ts";
import { after } from "./working-time.ts";

/** Empty: nothing is due. */
export function tick(line: Line, facts: Pick<Facts, "candidates" | "now">): readonly LineEvent[] {
  const task = openTask(line);
  if (!task) return [];
  const { expireAt, escalateAt, remindAt } = task.clock;
  const isDue = (at: Date | null) => at !== null && at <= facts.now;
  if (isDue(expireAt)) return [{ type: "expired" }, { type: "task-closed", task: task.id, outcome: "expired", by: null }];
  // After a downtime both may be due: what was due first comes first, so that the reminder isn't lost.
  const reminderFirst = remindAt !== null && escalateAt !== null && remindAt < escalateAt;
  if (isDue(escalateAt) && !(isDue(remindAt) && reminderFirst)) return [escalate(line, task, facts)];
  if (isDue(remindAt)) return [remind(line, task, facts)];
  return [];
}

function remind(line: Line, task: Task, { candidates, now }: Pick<Facts, "candidates" | "now">): LineEvent {
  const remindAt = nextReminder(line, task, candidates, now);
  return { type: "reminded", task: task.id, nth: task.clock.reminders + 1, to: awaited(line, task), remindAt };
}

/** Climbs to the first rung on which somebody stands who isn't asked yet; those who are asked already stay asked. */
function escalate(line: Line, task: Task, { candidates, now }: Pick<Facts, "candidates" | "now">): LineEvent {
  const ladder = escalatingOf(line, task.kind);
  const rungs = ladder?.to ?? [];
  let rung = task.clock.rungs;
  let to: readonly PersonId[] = [];
  while (rung < rungs.length && to.length === 0) {
    const next = rungs[rung];
    rung += 1;
    if (next) to = usableOn(next, line, task, candidates);
  }
  const asked = task.assignees.filter((one) => one.kind === "group" || isStillThere(one.person, candidates));
  const assignees = [...asked, ...to.map((person): Assignee => ({ kind: "person", person, because: "escalated", since: now }))];
  const more = to.length > 0 && ladder !== null && rung < rungs.length;
  return {
    type: "escalated",
    task: task.id,
    rung,
    to,
    assignees,
    remindAt: to.length > 0 ? firstReminder(line, task, candidates, now) : task.clock.remindAt,
    escalateAt: more ? after(now, ladder.after, timeOf(task, candidates)) : null,
  };
}

/** Never the requester or the beneficiary, nobody who can't act, nobody who is asked already. */
function usableOn(rung: Rung, line: Line, task: Task, candidates: Candidates): readonly PersonId[] {
  const asked = holdersOf(line, task);
  const people = standingOn(rung, line, task, candidates).filter((person) => canAct(person, candidates));
  return [...new Set(people.map((person) => person.id))].filter(
    (id) => !isParty(line, id) && !asked.includes(id) && !hasSpoken(line, task, id),
  );
}

function standingOn(rung: Rung, line: Line, task: Task, candidates: Candidates): readonly Person[] {
  const one = (person: Person | null | undefined) => (person ? [person] : []);
  switch (rung.kind) {
    case "manager":
      return awaited(line, task).flatMap((id) => one(candidates.managerOf[id]));
    case "business-owner":
      return one(candidates.businessOwner);
    case "technical-owner":
      return one(candidates.technicalOwner);
    case "administrators":
      return candidates.administrators;
    case "person":
      return one(candidate(rung.person, candidates));
    case "group":
      return candidates.groups[rung.group] ?? [];
  }
}

/** Who left is no longer named, so that nobody waits for them. */
function isStillThere(id: PersonId, candidates: Candidates): boolean {
  const person = candidate(id, candidates);
  return person !== null && person.state === "active";
}
