/** Puts one copy of a card at one place: posts it, redraws it, or leaves it when it looks right already. The only place that sends cards. */
import { createHash } from "node:crypto";
import type { Card } from "../cards/card.ts";
import { type Copy, settleCopy, type TakenCopy, takeCopy } from "../db/messages.ts";
import { backOff } from "../operations/world.ts";
import { type Courier, DONE, destinationOf, type Ended } from "./courier.ts";
import { placeOf, type Spot } from "./places.ts";

export type Put = Ended | { readonly type: "unreachable"; readonly why: string };

/** Somebody else is drawing that copy: it is looked at again in a moment, since what they draw may be older. */
export const DRAWN_ELSEWHERE: Extract<Ended, { type: "later" }> = { type: "later", afterMs: 250, why: "another worker is drawing it" };

export interface Sheet {
  /** `task:<id>`, `request:<id>`, `notice:<effect>`. */
  readonly subject: string;
  readonly spot: Spot;
}

/**
 * Draws anew under the copy's lease: `draw` reads the state only once the lease is held, so the last drawing always shows the newest state.
 * `draw` giving null means that there is nothing to show there (any more).
 */
export async function put(courier: Courier, { subject, spot }: Sheet, draw: () => Promise<Card | null>): Promise<Put> {
  const destination = await destinationOf(courier, spot);
  if (destination.type !== "done") return destination;
  const { db, newId } = courier.world;
  const { platform } = courier.channel;
  const { home } = destination.value;
  const copy = await takeCopy(db, { id: newId(), subject, platform, home, place: placeOf(spot) });
  if (!copy) return DRAWN_ELSEWHERE;
  courier.inHand.copies.add(copy.id);
  try {
    return await putTaken(courier, { subject, copy, destination: destination.value }, await draw());
  } catch (error) {
    await settleCopy(db, copy.id, { ...copy, drawn: null, why: "fault" });
    throw error;
  } finally {
    courier.inHand.copies.delete(copy.id);
  }
}

interface Taken {
  readonly subject: string;
  readonly copy: TakenCopy;
  readonly destination: Parameters<Courier["channel"]["post"]>[0];
}

async function putTaken(courier: Courier, { subject, copy, destination }: Taken, card: Card | null): Promise<Put> {
  const { db } = courier.world;
  const settle = (it: Partial<Copy> & { why: string | null }) => insist(() => settleCopy(db, copy.id, { ...copy, ...it }));
  if (!card) {
    await settle({ why: null });
    return DONE;
  }
  const drawn = createHash("sha256").update(JSON.stringify(card)).digest("hex");
  if (copy.conversation && copy.message && copy.state === "posted") {
    if (copy.drawn === drawn) {
      await settle({ why: null });
      return DONE;
    }
    const redrawn = await courier.channel.redraw({ home: destination.home, conversation: copy.conversation, message: copy.message }, card);
    if (redrawn.type === "done") await settle({ drawn, why: null });
    // Perhaps it was drawn after all: a state that comes back must not pass for the one that is shown.
    else if (redrawn.type === "later") await settle({ drawn: null, why: redrawn.why });
    else await settle({ state: "lost", why: redrawn.why });
    return redrawn.type === "done" ? DONE : redrawn;
  }
  const posted = await courier.channel.post(destination, card, `${subject}@${copy.id}`, copy.abandoned);
  if (posted.type === "done")
    await settle({ state: "posted", conversation: posted.value.conversation, message: posted.value.message, drawn, why: null });
  else if (posted.type === "later") await settle({ state: "posting", why: posted.why });
  else await settle({ state: "lost", why: posted.why });
  return posted.type === "done" ? DONE : posted;
}

/** Where a card stands now must not be forgotten for one lost connection: it would be posted twice. */
async function insist(write: () => Promise<void>): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      return await write();
    } catch {
      await backOff(attempt);
    }
  }
  return write();
}
