/** Where the copies of a card belong. Pure: notify settings and today's holders in, places out. */
import type { GroupRow } from "../db/people.ts";
import type { Line, Task } from "../domain/line.ts";
import { holdersOf, isParty } from "../domain/line.ts";
import type { Notify, PersonId } from "../domain/people.ts";

export type Spot = { readonly kind: "person"; readonly person: PersonId } | { readonly kind: "channel"; readonly channel: string };

/** `person:<id>` or `channel:<name or id>`: the form in which a place is stored. */
export function placeOf(spot: Spot): string {
  return spot.kind === "person" ? `person:${spot.person}` : `channel:${spot.channel}`;
}

export function spotOf(place: string): Spot {
  const [kind, ...rest] = place.split(":");
  const name = rest.join(":");
  return kind === "channel" ? { kind: "channel", channel: name } : { kind: "person", person: name };
}

/** Whose copy it is; null: a channel, the same for everybody. */
export function viewerOf(spot: Spot): PersonId | null {
  return spot.kind === "person" ? spot.person : null;
}

/** Where a task's card goes: to each person named, and to groups as their `notify` (for work: the application's before the group's) says. */
export function spotsOfTask(line: Line, task: Task, groups: Readonly<Record<string, GroupRow>>): readonly Spot[] {
  const spots = new Map<string, Spot>();
  const add = (spot: Spot) => spots.set(placeOf(spot), spot);
  const own = task.kind === "fulfilment" ? line.application : null;
  const fits = (person: PersonId) => task.kind !== "approval" || !isParty(line, person);
  for (const assignee of task.assignees) {
    if (assignee.kind === "person") {
      if (fits(assignee.person)) add({ kind: "person", person: assignee.person });
      if (own?.slackChannel && own.notify && own.notify !== "direct") add({ kind: "channel", channel: own.slackChannel });
      continue;
    }
    const group = groups[assignee.group];
    const channel = own?.slackChannel ?? group?.channel ?? null;
    const notify: Notify = own?.notify ?? group?.notify ?? (channel ? "channel" : "direct");
    if (channel && notify !== "direct") add({ kind: "channel", channel });
    if (!channel || notify !== "channel") for (const person of assignee.members.filter(fits)) add({ kind: "person", person });
  }
  return [...spots.values()];
}

/** Who gets the card directly when a channel can't be reached. */
export function spotsInstead(line: Line, task: Task): readonly Spot[] {
  return holdersOf(line, task).map((person) => ({ kind: "person", person }));
}
