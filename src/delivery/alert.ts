/** Tells administrators of something that they have to mend: once, not with every card that meets it. */
import { commit } from "../db/commit.ts";
import { databaseNow } from "../db/now.ts";
import { personById } from "../db/people.ts";
import { effectRows, eventRow, NO_ROWS } from "../db/rows.ts";
import type { Alert } from "../domain/effects.ts";
import type { World } from "../operations/world.ts";
import type { Courier } from "./courier.ts";
import { placeOf, type Spot } from "./places.ts";

export interface AlertOnce {
  readonly alert: Alert;
  readonly about: Readonly<Record<string, string>>;
  /** What counts as the same thing; said again at the earliest on the next day. */
  readonly key: string;
}

export async function alertOnce(world: World, { alert, about, key }: AlertOnce): Promise<void> {
  const at = await databaseNow(world.db);
  const committed = await commit(world.db, {
    form: "all",
    actor: null,
    once: { key: `${key}:${at.toISOString().slice(0, 10)}`, fingerprint: "", answer: {}, at },
    rows: {
      ...NO_ROWS,
      events: [eventRow(alert, { at, actor: null, data: about })],
      effects: effectRows([{ kind: "alert", alert, about }], at, null),
    },
  });
  if (committed.type === "unknown") throw new Error("the connection was lost while an alert was written");
  if (committed.type === "committed") world.wake();
}

/** A card or message that did not reach its place: an administrator hears where and why, once a day. */
export async function undelivered(
  courier: Courier,
  { spot, why, number }: { readonly spot: Spot; readonly why: string; readonly number: number },
): Promise<void> {
  const place = placeOf(spot);
  courier.log.warn({ place, why, number }, "a card could not be delivered");
  const to = spot.kind === "channel" ? `#${spot.channel}` : ((await personById(courier.world.db, spot.person))?.name ?? spot.person);
  await alertOnce(courier.world, {
    alert: "not-delivered",
    about: { to, place, why, number: String(number) },
    key: `not-delivered:${courier.channel.platform}:${place}:${why}`,
  });
}
