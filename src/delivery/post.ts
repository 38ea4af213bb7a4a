/** Puts one copy of a card at one place: posts it, redraws it, or leaves it when it looks right already. The only place that sends cards. */
import { createHash } from "node:crypto";
import type { Card } from "../cards/card.ts";
import { type Copy, copiesOf, settleCopy, type TakenCopy, takeCopy } from "../db/messages.ts";
import { backOff } from "../operations/world.ts";
import type { Delivery, Destination } from "../ports.ts";
import { type Courier, DONE, destinationsOf, type Ended, type Places } from "./courier.ts";
import { placeOf, type Spot } from "./places.ts";

/** `gone`: a message that stood is no longer there; nothing is said about its place. */
export type Put = Ended | { readonly type: "unreachable"; readonly why: string; readonly gone?: true };

/** Somebody else is drawing that copy: it is looked at again in a moment, since what they draw may be older. */
export const DRAWN_ELSEWHERE: Extract<Ended, { type: "later" }> = { type: "later", afterMs: 250, why: "another worker is drawing it" };

export interface Sheet {
  /** `task:<id>`, `request:<id>`, `digest:<id>`, `notice:<effect>`. */
  readonly subject: string;
  readonly spot: Spot;
}

/**
 * Draws anew under the copy's lease: `draw` reads the state only once the lease is held, so the last drawing always shows the newest state.
 * `draw` giving null means that there is nothing to show there (any more).
 */
export async function put(courier: Courier, { subject, spot }: Sheet, draw: () => Promise<Card | null>): Promise<Put> {
  const destinations = await placesOf(courier, { subject, spot });
  return destinations.type === "done" ? putInto(courier, { subject, spot }, destinations.value, draw) : destinations;
}

/** Where a copy can go, the place where it stands first. */
export async function placesOf(courier: Courier, { subject, spot }: Sheet): Promise<Delivery<Places>> {
  const destinations = await destinationsOf(courier, spot);
  if (destinations.type !== "done") return destinations;
  return { type: "done", value: await standingFirst(courier, { subject, spot }, destinations.value) };
}

/** The same as `put` where it is known already where it can go. */
export async function putInto(
  courier: Courier,
  { subject, spot }: Sheet,
  [first, ...others]: Places,
  draw: () => Promise<Card | null>,
): Promise<Put> {
  let outcome = await putAt(courier, { subject, spot, destination: first }, draw);
  for (const destination of others) {
    // A login that can't be reached is perhaps one that its person has left; a message that is gone says nothing about the login.
    if (outcome.type !== "unreachable" || outcome.gone) break;
    outcome = await putAt(courier, { subject, spot, destination }, draw);
  }
  return outcome;
}

/** Puts a remark into the thread of a copy that stands. */
export async function putUnder(
  courier: Courier,
  sheet: Sheet & { readonly destination: Extract<Destination, { readonly kind: "thread" }> },
  draw: () => Promise<Card | null>,
): Promise<Put> {
  return putAt(courier, sheet, draw);
}

/** A copy that stands in another workspace stays there. */
async function standingFirst(courier: Courier, { subject, spot }: Sheet, destinations: Places): Promise<Places> {
  const [best] = destinations;
  if (destinations.every(({ home }) => home === best.home)) return destinations;
  const copies = await copiesOf(courier.world.db, subject);
  const homes = new Set(copies.flatMap(({ place, state, home }) => (place === placeOf(spot) && state !== "lost" ? [home] : [])));
  const [first = best, ...others] = [...destinations].sort((a, b) => Number(homes.has(b.home)) - Number(homes.has(a.home)));
  return [first, ...others];
}

async function putAt(
  courier: Courier,
  sheet: Sheet & { readonly destination: Destination },
  draw: () => Promise<Card | null>,
): Promise<Put> {
  const { db, newId } = courier.world;
  const { platform } = courier.channel;
  const { subject, spot, destination } = sheet;
  const copy = await takeCopy(db, { id: newId(), subject, platform, home: destination.home, place: placeOf(spot) });
  if (!copy) return DRAWN_ELSEWHERE;
  courier.inHand.copies.add(copy.id);
  try {
    return await putTaken(courier, { subject, copy, destination }, await draw());
  } catch (error) {
    await settleCopy(db, copy, { ...copy, drawn: null, why: "fault" });
    throw error;
  } finally {
    courier.inHand.copies.delete(copy.id);
  }
}

interface Taken {
  readonly subject: string;
  readonly copy: TakenCopy;
  readonly destination: Destination;
}

async function putTaken(courier: Courier, { subject, copy, destination }: Taken, card: Card | null): Promise<Put> {
  const { db } = courier.world;
  // Overtaken: whoever has the copy now looks for what was sent under its key; what they draw is newer.
  const settle = async (it: Partial<Copy> & { why: string | null }, outcome: Put): Promise<Put> => {
    if (await insist(() => settleCopy(db, copy, { ...copy, ...it }))) return outcome;
    const { conversation, message } = { ...copy, ...it };
    courier.log.warn(
      { subject, copy: copy.id, conversation, message, outcome: outcome.type },
      "a copy was taken over while it was being drawn",
    );
    return DRAWN_ELSEWHERE;
  };
  if (!card) return settle({ why: null }, DONE);
  const drawn = createHash("sha256").update(JSON.stringify(card)).digest("hex");
  if (copy.conversation && copy.message && copy.state === "posted") {
    if (copy.drawn === drawn) return settle({ why: null }, DONE);
    const redrawn = await courier.channel.redraw({ home: destination.home, conversation: copy.conversation, message: copy.message }, card);
    if (redrawn.type === "done") return settle({ drawn, why: null }, DONE);
    // Perhaps it was drawn after all: a state that comes back must not pass for the one that is shown.
    if (redrawn.type === "later") return settle({ drawn: null, why: redrawn.why }, redrawn);
    return settle({ state: "lost", why: redrawn.why }, { ...redrawn, gone: true });
  }
  const posted = await courier.channel.post(destination, card, `${subject}@${copy.id}`, copy.perhapsSent);
  switch (posted.type) {
    case "done":
      return settle({ state: "posted", conversation: posted.value.conversation, message: posted.value.message, drawn, why: null }, DONE);
    case "later":
      // Whoever tries next, perhaps another process, has to look first, unless it surely isn't there.
      return settle({ state: posted.unsent && !copy.perhapsSent ? "lost" : "posting", why: posted.why }, posted);
    case "unreachable":
      return settle({ state: "lost", why: posted.why }, posted);
  }
}

/** Where a card stands now must not be forgotten for one lost connection: it would be posted twice. */
async function insist(write: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      return await write();
    } catch {
      await backOff(attempt);
    }
  }
  return write();
}
