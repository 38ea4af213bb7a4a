/** Pending -> transmitted: puts an order that has to be done by hand before the people who do it. */
import { commit } from "../db/commit.ts";
import { load } from "../db/load.ts";
import { rowsOf } from "../db/rows.ts";
import { effectsOf } from "../domain/effects.ts";
import { evolve } from "../domain/events.ts";
import { transmit as transmitted } from "../domain/fulfilling.ts";
import type { Order } from "../domain/line.ts";
import { factsOf } from "./act.ts";
import { ATTEMPTS, backOff, type World } from "./world.ts";

/** Opens the fulfilment task and records when it was put on whose list. Safe to repeat: what was transmitted stays as it is. */
export async function transmit(world: World, lineId: string): Promise<"transmitted" | "nothing-to-do"> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const loaded = await load(world.db, { task: null, line: lineId, actor: null, key: null, login: null });
    const { line, now: at } = loaded;
    if (!line) return "nothing-to-do";
    const events = transmitted(line, factsOf(world, loaded, line));
    if (events.length === 0) return "nothing-to-do";
    const is = events.reduce((state, event) => evolve(state, event, at), line);
    const rows = rowsOf({
      was: line,
      from: line,
      is,
      events,
      effects: effectsOf(is, events),
      actor: null,
      at,
      seen: null,
      filedUnder: null,
    });
    const committed = await commit(world.db, { form: "all", actor: null, once: null, rows });
    if (committed.type === "committed") {
      world.wake();
      return "transmitted";
    }
    await backOff(attempt);
  }
  throw new Error("the order could not be transmitted: others kept changing its line");
}

/** The order that a connector is asked to carry out, with its application's kind; null: nothing is pending. */
export async function pendingOrder(world: World, lineId: string): Promise<{ readonly kind: string; readonly order: Order } | null> {
  const { line } = await load(world.db, { task: null, line: lineId, actor: null, key: null, login: null });
  return line?.order?.state === "pending" ? { kind: line.application.kind, order: line.order } : null;
}
