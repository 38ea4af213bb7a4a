/** Hands an order to its connector, and does with the outcome what follows from it. */
import { pendingOrder, transmit } from "../operations/transmit.ts";
import { type Courier, DONE, type Ended } from "./courier.ts";

export async function carryOut(courier: Courier, line: string): Promise<Ended> {
  const pending = await pendingOrder(courier.world, line);
  if (!pending) return DONE;
  const connector = courier.connectors[pending.kind] ?? courier.byHand;
  const outcome = await connector.carryOut(pending.order);
  switch (outcome.type) {
    case "by-hand":
      await transmit(courier.world, line);
      return DONE;
  }
}
