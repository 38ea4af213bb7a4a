/** Effects -> the outside. The only place that carries them out: takes the due ones under a lease, and writes how each ended. */
import { bury, finish, type Leased, lease, nextDue, postpone } from "../db/outbox.ts";
import { carryOut } from "./carry-out.ts";
import type { Courier, Ended } from "./courier.ts";
import { showRequest, showTask } from "./show.ts";
import { alert, home, tell } from "./tell.ts";

/** Effects taken at once; each takes one of the database's connections while it runs. */
const AT_ONCE = 6;
/** A fault of our own is tried that often; what the outside makes us wait for is tried for a week. */
const MOST_FAULTS = 12;
const LONGEST_WAIT_SECONDS = 7 * 86_400;

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
  const ids = same.map(({ id }) => id);
  const { effects } = courier.inHand;
  try {
    const ended = await carry(courier, first);
    if (ended.type === "done") await finish(db, ids);
    else if (first.age > LONGEST_WAIT_SECONDS) await giveUp(courier, ids, first, ended.why);
    else await postpone(db, ids, { ...ended, because: "outside" });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    courier.log.error(
      { effect: first.id, kind: first.effect.kind, attempts: first.attempts, fault: error instanceof Error ? error.name : "unknown" },
      "an effect failed",
    );
    // A database that doesn't answer can't be told either: the lease runs out by itself.
    if (first.attempts >= MOST_FAULTS) await giveUp(courier, ids, first, why).catch(() => {});
    else await postpone(db, ids, { afterMs: 200 * 2 ** first.attempts, why, because: "fault" }).catch(() => {});
  } finally {
    for (const id of ids) effects.delete(id);
  }
}

async function giveUp(courier: Courier, ids: readonly number[], first: Leased, why: string): Promise<void> {
  courier.log.error({ effect: first.id, kind: first.effect.kind, subject: first.subject, why }, "an effect was given up");
  await bury(courier.world.db, ids, why);
}

async function carry(courier: Courier, { effect, id }: Leased): Promise<Ended> {
  switch (effect.kind) {
    case "show":
      return effect.subject === "task" ? showTask(courier, effect.id) : showRequest(courier, effect.id);
    case "tell":
      return tell(courier, effect, id);
    case "alert":
      return alert(courier, effect, id);
    case "transmit":
      return carryOut(courier, effect.line);
    case "home":
      return home(courier, effect);
  }
}
