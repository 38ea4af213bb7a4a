/** Pending -> transmitted: puts an order that has to be done by hand before the people who do it. */
import { loadLine } from "../db/load.ts";
import { transmit as transmitted } from "../domain/fulfilling.ts";
import type { Order } from "../domain/line.ts";
import { ok } from "../domain/refusals.ts";
import { change } from "./change.ts";
import type { World } from "./world.ts";

/** Opens the fulfilment task and records when it was put on whose list. Safe to repeat: what was transmitted stays as it is. */
export async function transmit(world: World, lineId: string): Promise<"transmitted" | "nothing-to-do"> {
  const changed = await change(world, {
    wanted: { task: null, line: lineId, actor: null, login: null },
    decide: (line, facts) => ok(transmitted(line, facts)),
    by: null,
  });
  if (changed.type === "busy") throw new Error("the order could not be transmitted: others kept changing its line");
  return changed.type === "changed" ? "transmitted" : "nothing-to-do";
}

/** The order that a connector is asked to carry out, with its application's kind; null: nothing is pending. */
export async function pendingOrder(world: World, lineId: string): Promise<{ readonly kind: string; readonly order: Order } | null> {
  const line = await loadLine(world.db, lineId);
  return line?.order?.state === "pending" ? { kind: line.application.kind, order: line.order } : null;
}
