/** Many tasks for one place at once: each is arranged once, alone or on a digest, and a digest is drawn from everything that stands on it. */
import type { Card } from "../cards/card.ts";
import { digestCard } from "../cards/digest-card.ts";
import { taskCard } from "../cards/task-card.ts";
import { readArrival, readDigest, redrawDigest, writeArrangement } from "../db/digests.ts";
import { readTask } from "../db/views.ts";
import { arrange } from "../domain/digest.ts";
import { askedSince, type Task } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { DigestView } from "../domain/views.ts";
import { ATTEMPTS, backOff } from "../operations/world.ts";
import type { Courier } from "./courier.ts";
import { placeOf, type Spot, spotOf, viewerOf } from "./places.ts";

interface Arriving {
  readonly task: Task;
  readonly spot: Spot;
  readonly home: string;
}

/**
 * True: the task is a row of a digest there, which will be drawn. What was arranged once stays: a task has one copy at a place. Several processes agree
 * by the row of the place's allowance.
 */
export async function arrangedOn(courier: Courier, { task, spot, home }: Arriving): Promise<boolean> {
  const { db, newId } = courier.world;
  const viewer = viewerOf(spot);
  const groups = task.assignees.flatMap((one) => (one.kind === "group" ? [one.group] : []));
  const asked = viewer === null ? { groups } : { person: viewer };
  const arrival = { task: task.id, platform: courier.channel.platform, home, place: placeOf(spot), asked };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = await readArrival(db, arrival);
    if (found.known) {
      if (found.digest !== null) await redrawDigest(db, found.digest);
      return found.digest !== null;
    }
    const { allowance: before, together, now } = found;
    const said = arrange(before, { askedSince: askedSince(task, viewer), together }, now);
    if (await writeArrangement(db, arrival, { said, before, now, id: newId(), digest: newId() })) return said.type !== "alone";
    await backOff(attempt);
  }
  throw new Error("others kept arranging tasks for the same place");
}

/** As it stands at its place: one for its reader. null: nothing stands on it. */
export async function readDigestAt(courier: Courier, id: string): Promise<(DigestView & { readonly spot: Spot }) | null> {
  const read = await readDigest(courier.world.db, id);
  if (!read) return null;
  const spot = spotOf(read.place);
  return { ...read, spot, viewer: viewerOf(spot) };
}

/** A single task is drawn as its own card: that others may join it makes no difference to its reader. */
export async function drawDigest(courier: Courier, id: string, viewer: PersonId | null): Promise<Card | null> {
  const { db } = courier.world;
  const read = await readDigest(db, id);
  if (!read) return null;
  const [first, ...others] = [...read.open, ...read.over];
  if (!first || others.length > 0) return digestCard({ ...read, viewer }, courier.texts);
  const view = await readTask(db, first.task.id, viewer);
  return view && taskCard(view, courier.texts);
}
