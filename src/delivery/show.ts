/** Makes every copy of the cards about one thing right: missing ones are posted, those that differ are redrawn. */
import { isWaiting } from "../cards/digest-card.ts";
import { requestCard } from "../cards/request-card.ts";
import { taskCard } from "../cards/task-card.ts";
import { type Copy, copiesOf } from "../db/messages.ts";
import { type GroupRow, readGroup } from "../db/people.ts";
import { readRequest, readTask } from "../db/views.ts";
import type { Effect } from "../domain/effects.ts";
import type { Task } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import { undelivered } from "./alert.ts";
import { both, type Courier, DONE, type Ended } from "./courier.ts";
import { arrangedOn, drawDigest, readDigestAt } from "./digest.ts";
import { placeOf, type Spot, spotOf, spotsInstead, spotsOfTask, viewerOf } from "./places.ts";
import { type Put, placesOf, put, putInto } from "./post.ts";

export async function show(courier: Courier, { subject, id }: Extract<Effect, { readonly kind: "show" }>): Promise<Ended> {
  switch (subject) {
    case "task":
      return showTask(courier, id);
    case "request":
      return showRequest(courier, id);
    case "digest":
      return showDigest(courier, id);
  }
}

async function showTask(courier: Courier, id: string): Promise<Ended> {
  const { db } = courier.world;
  const subject = `task:${id}`;
  const [view, copies] = await Promise.all([readTask(db, id, null), copiesOf(db, subject)]);
  if (!view) return DONE;
  const { line, task } = view;
  const groups: Record<string, GroupRow> = {};
  for (const assignee of task.assignees) {
    const group = assignee.kind === "group" ? await readGroup(db, assignee.group) : null;
    if (group && assignee.kind === "group") groups[assignee.group] = group;
  }
  const wanted = task.state === "open" ? spotsOfTask(line, task, groups) : [];
  const at = (spot: Spot): Showing => ({ spot, put: () => putTask(courier, task, spot) });
  const instead = () => spotsInstead(line, task).map(at);
  return everywhere(courier, { copies, wanted: wanted.map(at), at, instead, number: line.number });
}

/** A task comes alone, or as a row of the digest on which it was put; that one is drawn by an effect of its own, once for all of its rows. */
async function putTask(courier: Courier, task: Task, spot: Spot): Promise<Put> {
  const sheet = { subject: `task:${task.id}`, spot };
  const places = await placesOf(courier, sheet);
  if (places.type !== "done") return places;
  if (await arrangedOn(courier, { task, spot, home: places.value[0].home })) return DONE;
  return putInto(courier, sheet, places.value, async () => {
    const fresh = await readTask(courier.world.db, task.id, viewerOf(spot));
    return fresh ? taskCard(fresh, courier.texts) : null;
  });
}

async function showDigest(courier: Courier, id: string): Promise<Ended> {
  const subject = `digest:${id}`;
  const [view, copies] = await Promise.all([readDigestAt(courier, id), copiesOf(courier.world.db, subject)]);
  if (!view) return DONE;
  const at = (spot: Spot): Showing => ({
    spot,
    put: () => put(courier, { subject, spot }, () => drawDigest(courier, id, viewerOf(spot))),
  });
  // A channel that can't be reached: each of its tasks goes to its people, as it would have alone.
  const instead = () =>
    view.open.flatMap(({ line, task }) => spotsInstead(line, task).map((spot) => ({ spot, put: () => putTask(courier, task, spot) })));
  const [first] = [...view.open, ...view.over];
  // One that nobody has seen yet is posted only while somebody can act on it.
  const wanted = isWaiting(view) ? [at(view.spot)] : [];
  return everywhere(courier, { copies, wanted, at, instead, number: first?.line.number ?? 0 });
}

export async function showRequest(courier: Courier, id: string): Promise<Ended> {
  const { db } = courier.world;
  const subject = `request:${id}`;
  const [view, copies] = await Promise.all([readRequest(db, id), copiesOf(db, subject)]);
  if (!view) return DONE;
  const people = new Set<PersonId>([view.requester, ...view.lines.map((line) => line.beneficiary)]);
  const draw = (spot: Spot) => async () => {
    const fresh = await readRequest(db, id);
    return fresh ? requestCard(fresh, courier.texts, viewerOf(spot) ?? fresh.requester) : null;
  };
  const at = (spot: Spot): Showing => ({ spot, put: () => put(courier, { subject, spot }, draw(spot)) });
  const wanted = [...people].map((person) => at({ kind: "person", person }));
  return everywhere(courier, { copies, wanted, at, instead: () => [], number: view.lines[0]?.number ?? 0 });
}

/** One copy: where it belongs, and what makes it right. */
interface Showing {
  readonly spot: Spot;
  readonly put: () => Promise<Put>;
}

interface Shown {
  /** Where it stands already. */
  readonly copies: readonly Copy[];
  readonly wanted: readonly Showing[];
  /** A copy that is there already. */
  readonly at: (spot: Spot) => Showing;
  /** Where the card goes when a wanted channel can't be reached. */
  readonly instead: () => readonly Showing[];
  readonly number: number;
}

async function everywhere(courier: Courier, it: Shown): Promise<Ended> {
  const { copies } = it;
  const wanted = new Set(it.wanted.map(({ spot }) => placeOf(spot)));
  const showings = new Map(it.wanted.map((one) => [placeOf(one.spot), one]));
  // Copies that stand already are redrawn wherever they are, and those that may stand: one that is being posted right now shows an older state,
  // and of one whose worker died nobody knows. Those that surely never arrived are posted only as long as they are wanted.
  for (const copy of copies) if (copy.state !== "lost") showings.set(copy.place, it.at(spotOf(copy.place)));
  const stood = new Set(copies.flatMap(({ state, place }) => (state === "posted" ? [place] : [])));
  let ended: Ended = DONE;
  for (const [place, { spot, put }] of showings) {
    let outcome = await put();
    // The message is gone, which doesn't say that its place is: whoever has to act gets a new one.
    if (outcome.type === "unreachable" && stood.has(place) && wanted.has(place)) outcome = await put();
    if (outcome.type !== "unreachable") {
      ended = both(ended, outcome);
      continue;
    }
    // Nobody misses a copy that is no longer needed.
    if (!wanted.has(place)) continue;
    await undelivered(courier, { spot, why: outcome.why, number: it.number });
    if (spot.kind !== "channel") continue;
    for (const other of it.instead()) {
      if (showings.has(placeOf(other.spot))) continue;
      const direct = await other.put();
      if (direct.type === "unreachable") await undelivered(courier, { spot: other.spot, why: direct.why, number: it.number });
      else ended = both(ended, direct);
    }
  }
  return ended;
}
