/** A card that did not reach its place. */
import { markUnreachable } from "../db/due.ts";
import { personById } from "../db/people.ts";
import { alertOnce, troubleAt } from "../operations/alert.ts";
import type { Courier } from "./courier.ts";
import { placeOf, type Spot } from "./places.ts";

/** A card or message that did not reach its place: an administrator hears where and why, once a day. */
export async function undelivered(
  courier: Courier,
  { spot, why, number }: { readonly spot: Spot; readonly why: string; readonly number: number },
): Promise<void> {
  const place = placeOf(spot);
  courier.log.warn({ place, why, number }, "a card could not be delivered");
  // Who can't be reached is asked no longer while others can be; a channel that doesn't answer says nothing about its people.
  if (spot.kind === "person") await markUnreachable(courier.world.db, { person: spot.person, platform: courier.channel.platform, why });
  const to = spot.kind === "channel" ? `#${spot.channel}` : ((await personById(courier.world.db, spot.person))?.name ?? spot.person);
  await alertOnce(courier.world, {
    alert: "not-delivered",
    about: { to, place, why, number: String(number) },
    key: troubleAt(courier.channel.platform, place, why),
  });
}
