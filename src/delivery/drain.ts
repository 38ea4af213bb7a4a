/** Effects -> the outside. The only place that carries them out: takes the due ones under a lease, and writes how each ended. */
import { faultName, isAway } from "../db/fault.ts";
import { bury, finish, type Held, type Leased, lease, nextDue, postpone } from "../db/outbox.ts";
import { type Effect, priorityOf } from "../domain/effects.ts";
import { alertOnce } from "../operations/alert.ts";
import { reroute } from "../operations/tick.ts";
import type { Urgency } from "../ports.ts";
import { carryOut } from "./carry-out.ts";
import { type Courier, DONE, type Ended, urgently } from "./courier.ts";
import { handsFor } from "./hands.ts";
import { remark } from "./remark.ts";
import { show } from "./show.ts";
import { alert, home, tell } from "./tell.ts";

/** A fault of our own is tried that often; what the outside makes us wait for is tried for a week. */
const MOST_FAULTS = 12;
const LONGEST_WAIT_SECONDS = 7 * 86_400;
const LONGEST_BACK_OFF_MS = 600_000;
/** Milliseconds until an effect is tried again for which the database itself was away. */
const AWAY_MS = 1_000;

/** Milliseconds between looks at what is due while something is under way and nobody wakes us. */
const LOOK_MS = 1_000;

/** Says that something may be due that wasn't a moment ago. */
export interface Bell {
  /** From here on it has to ring anew: whoever heeds it looks now. */
  heed(): void;
  /** Resolves when it has rung since it was heeded, at the latest after so long. */
  sleep(ms: number): Promise<void>;
}

const NEVER: Bell = { heed: () => {}, sleep: () => new Promise(() => {}) };

/**
 * Carries out what is due until nothing is; gives the milliseconds until more will be, null when nothing is waiting. What falls due meanwhile doesn't wait
 * for what is under way: one place that answers late holds up nobody else.
 */
export async function drain(courier: Courier, going: () => boolean, bell: Bell = NEVER): Promise<number | null> {
  const { db } = courier.world;
  const hands = handsFor((same) => settle(courier, same));
  /** Something has fallen due, perhaps something urgent; and there was more than could be taken. */
  let news = true;
  let more = false;
  let sleeping: Promise<void> | null = null;
  try {
    while (going()) {
      const room = hands.room();
      if (room > 0 && (news || (more && hands.isFree()))) {
        bell.heed();
        const batch = await lease(db, room);
        for (const { id } of batch) courier.inHand.effects.add(id);
        hands.add(batch);
        news = false;
        more = batch.length === room;
        if (hands.isEmpty()) return await nextDue(db);
      } else {
        if (room > 0)
          sleeping ??= bell.sleep(LOOK_MS).then(() => {
            news = true;
            sleeping = null;
          });
        await Promise.race(sleeping ? [hands.freed(), sleeping] : [hands.freed()]);
        news ||= hands.isEmpty();
      }
    }
    return null;
  } finally {
    while (!hands.isEmpty()) await hands.freed();
  }
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
