/** Effects -> the outside. The only place that carries them out: takes the due ones under a lease, and writes how each ended. */
import { faultName, isAway } from "../db/fault.ts";
import { bury, finish, type Held, type Leased, lease, nextDue, postpone } from "../db/outbox.ts";
import { type Effect, priorityOf } from "../domain/effects.ts";
import { alertOnce } from "../operations/alert.ts";
import { reroute } from "../operations/tick.ts";
import type { Urgency } from "../ports.ts";
import { carryOut } from "./carry-out.ts";
import { type Courier, DONE, type Ended, urgently } from "./courier.ts";
import { remark } from "./remark.ts";
import { show } from "./show.ts";
import { alert, home, tell } from "./tell.ts";

/** Effects taken at once; each takes one of the database's connections while it runs. */
const AT_ONCE = 6;
/** A fault of our own is tried that often; what the outside makes us wait for is tried for a week. */
const MOST_FAULTS = 12;
const LONGEST_WAIT_SECONDS = 7 * 86_400;
const LONGEST_BACK_OFF_MS = 600_000;
/** Milliseconds until an effect is tried again for which the database itself was away. */
const AWAY_MS = 1_000;

/** Carries out what is due until nothing is; gives the milliseconds until more will be, null when nothing is waiting. */
export async function drain(courier: Courier, going: () => boolean): Promise<number | null> {
  const { db } = courier.world;
  while (going()) {
    const batch = await lease(db, AT_ONCE * 4);
    if (batch.length === 0) return nextDue(db);
    for (const { id } of batch) courier.inHand.effects.add(id);
    const queue = bySubject(batch);
    const workers = Array.from({ length: Math.min(AT_ONCE, queue.length) }, async () => {
      for (let same = queue.shift(); same; same = queue.shift()) await settle(courier, same);
    });
    await Promise.all(workers);
  }
  return null;
}

/** Effects with one subject do the same thing: one of them is enough, and never two at once. */
function bySubject(batch: readonly Leased[]): Leased[][] {
  const groups = new Map<string, Leased[]>();
  for (const one of batch) groups.set(one.subject, [...(groups.get(one.subject) ?? []), one]);
  return [...groups.values()];
}

async function settle(courier: Courier, same: readonly Leased[]): Promise<void> {
  const { db } = courier.world;
  const [first] = same;
  if (!first) return;
  const held: Held = { ids: same.map(({ id }) => id), lease: first.lease };
  const { effects } = courier.inHand;
  const count = (outcome: "done" | "later" | "failed") => courier.meters?.carriedOut(first.effect.kind, outcome);
  try {
    const ended = await carry(courier, first);
    if (ended.type === "done") await finish(db, held);
    else if (first.age > LONGEST_WAIT_SECONDS && mayBeBuried(first) && !ended.held) await giveUp(courier, held, first, ended.why);
    else await postpone(db, held, { ...ended, because: "outside" });
    count(ended.type);
  } catch (error) {
    count("failed");
    const why = faultName(error);
    courier.log.error({ effect: first.id, kind: first.effect.kind, attempts: first.attempts, fault: why }, "an effect failed");
    // A database that is out of disk or connections for an hour must cost no card: that is waited for like the outside.
    if (isAway(error)) return void (await postpone(db, held, { afterMs: AWAY_MS, why, because: "outside" }).catch(() => {}));
    const afterMs = Math.min(200 * 2 ** first.attempts, LONGEST_BACK_OFF_MS);
    // A database that doesn't answer can't be told either: the lease runs out by itself.
    if (first.attempts >= MOST_FAULTS && mayBeBuried(first)) await giveUp(courier, held, first, why).catch(() => {});
    else await postpone(db, held, { afterMs, why, because: "fault" }).catch(() => {});
  } finally {
    for (const id of held.ids) effects.delete(id);
  }
}

/** An order that nobody hands over strands its request without anybody noticing: that is tried for as long as it takes. */
function mayBeBuried({ effect }: Leased): boolean {
  return effect.kind !== "transmit" && effect.kind !== "reroute";
}

function urgencyOf(effect: Effect): Urgency {
  const priority = priorityOf(effect);
  return priority <= 1 ? "outcome" : priority === 2 ? "card" : "bulk";
}

async function giveUp(courier: Courier, held: Held, { id, effect, subject }: Leased, why: string): Promise<void> {
  courier.log.error({ effect: id, kind: effect.kind, why }, "an effect was given up");
  // Said first: what is buried is never looked at again. An alert that can't be told doesn't lead to another one.
  if (effect.kind !== "alert")
    await alertOnce(courier.world, { alert: "effect-dead", about: { why, place: subject }, key: `given-up:${effect.kind}:${why}` });
  await bury(courier.world.db, held, why);
  courier.meters?.carriedOut(effect.kind, "dead");
}

async function carry(on: Courier, { effect, id }: Leased): Promise<Ended> {
  const courier = urgently(on, urgencyOf(effect));
  switch (effect.kind) {
    case "show":
      return show(courier, effect);
    case "tell":
      return tell(courier, effect, id);
    case "alert":
      return alert(courier, effect, id);
    case "remark":
      return remark(courier, effect, id);
    case "transmit":
      return carryOut(courier, effect.line);
    case "reroute":
      await reroute(courier.world, effect.line);
      return DONE;
    case "home":
      return home(courier, effect);
  }
}
