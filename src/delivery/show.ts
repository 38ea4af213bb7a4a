/** Makes every copy of the cards about one thing right: missing ones are posted, those that differ are redrawn. */
import { requestCard } from "../cards/request-card.ts";
import { taskCard } from "../cards/task-card.ts";
import { copiesOf } from "../db/messages.ts";
import { type GroupRow, readGroup } from "../db/people.ts";
import { readRequest, readTask } from "../db/views.ts";
import type { PersonId } from "../domain/people.ts";
import { undelivered } from "./alert.ts";
import { both, type Courier, DONE, type Ended } from "./courier.ts";
import { placeOf, type Spot, spotOf, spotsInstead, spotsOfTask } from "./places.ts";
import { put } from "./post.ts";

export async function showTask(courier: Courier, id: string): Promise<Ended> {
  const { db } = courier.world;
  const view = await readTask(db, id, null);
  if (!view) return DONE;
  const { line, task } = view;
  const groups: Record<string, GroupRow> = {};
  for (const assignee of task.assignees) {
    const group = assignee.kind === "group" ? await readGroup(db, assignee.group) : null;
    if (group && assignee.kind === "group") groups[assignee.group] = group;
  }
  const wanted = task.state === "open" ? spotsOfTask(line, task, groups) : [];
  const draw = (spot: Spot) => async () => {
    const fresh = await readTask(db, id, viewerOf(spot));
    return fresh ? taskCard(fresh, courier.texts) : null;
  };
  const subject = `task:${id}`;
  return everywhere(courier, { subject, wanted, draw, instead: () => spotsInstead(line, task), number: line.number });
}

export async function showRequest(courier: Courier, id: string): Promise<Ended> {
  const { db } = courier.world;
  const view = await readRequest(db, id);
  if (!view) return DONE;
  const people = new Set<PersonId>([view.requester, ...view.lines.map((line) => line.beneficiary)]);
  const wanted = [...people].map((person): Spot => ({ kind: "person", person }));
  const draw = (spot: Spot) => async () => {
    const fresh = await readRequest(db, id);
    return fresh ? requestCard(fresh, courier.texts, viewerOf(spot) ?? fresh.requester) : null;
  };
  return everywhere(courier, { subject: `request:${id}`, wanted, draw, instead: () => [], number: view.lines[0]?.number ?? 0 });
}

interface Showing {
  readonly subject: string;
  readonly wanted: readonly Spot[];
  readonly draw: (spot: Spot) => () => ReturnType<Parameters<typeof put>[2]>;
  /** Where the card goes when a wanted channel can't be reached. */
  readonly instead: () => readonly Spot[];
  readonly number: number;
}

async function everywhere(courier: Courier, it: Showing): Promise<Ended> {
  const copies = await copiesOf(courier.world.db, it.subject);
  const wanted = new Set(it.wanted.map(placeOf));
  const spots = new Map(it.wanted.map((spot) => [placeOf(spot), spot]));
  // Copies that stand already are redrawn wherever they are, and those that may stand: one that is being posted right now shows an older state,
  // and of one whose worker died nobody knows. Those that surely never arrived are posted only as long as they are wanted.
  for (const copy of copies) if (copy.state !== "lost") spots.set(copy.place, spotOf(copy.place));
  const stood = new Set(copies.flatMap(({ state, place }) => (state === "posted" ? [place] : [])));
  let ended: Ended = DONE;
  for (const [place, spot] of spots) {
    let outcome = await put(courier, { subject: it.subject, spot }, it.draw(spot));
    // The message is gone, which doesn't say that its place is: whoever has to act gets a new one.
    if (outcome.type === "unreachable" && stood.has(place) && wanted.has(place))
      outcome = await put(courier, { subject: it.subject, spot }, it.draw(spot));
    if (outcome.type !== "unreachable") {
      ended = both(ended, outcome);
      continue;
    }
    // Nobody misses a copy that is no longer needed.
    if (!wanted.has(place)) continue;
    await undelivered(courier, { spot, why: outcome.why, number: it.number });
    if (spot.kind !== "channel") continue;
    for (const other of it.instead()) {
      if (spots.has(placeOf(other))) continue;
      const direct = await put(courier, { subject: it.subject, spot: other }, it.draw(other));
      if (direct.type === "unreachable") await undelivered(courier, { spot: other, why: direct.why, number: it.number });
      else ended = both(ended, direct);
    }
  }
  return ended;
}

function viewerOf(spot: Spot): PersonId | null {
  return spot.kind === "person" ? spot.person : null;
}
