/** Tells administrators of something that they have to mend: once, or once a day, not each time that it is met. */
import { commit } from "../db/commit.ts";
import { effectRows } from "../db/effect-rows.ts";
import { databaseNow } from "../db/now.ts";
import { eventRow, NO_ROWS } from "../db/rows.ts";
import type { Alert } from "../domain/effects.ts";
import type { World } from "./world.ts";

/** What counts as the same trouble with a place. An archived channel is one that can't be found by its name any more. */
export function troubleAt(platform: string, place: string, why: string): string {
  return `not-delivered:${platform}:${place}:${why === "channel_not_found" ? "is_archived" : why}`;
}

export interface AlertOnce {
  readonly alert: Alert;
  readonly about: Readonly<Record<string, string>>;
  /** What counts as the same thing. */
  readonly key: string;
  /** Whether the same thing is said again on the next day, should it still be met; left out: yes. */
  readonly again?: "daily" | "never";
}

export async function alertOnce(world: World, { alert, about, key, again = "daily" }: AlertOnce): Promise<void> {
  const at = await databaseNow(world.db);
  const committed = await commit(world.db, {
    form: "all",
    actor: null,
    once: { key: again === "never" ? key : `${key}:${at.toISOString().slice(0, 10)}`, fingerprint: "", answer: {}, at },
    rows: {
      ...NO_ROWS,
      events: [eventRow(alert, { at, actor: null, data: about })],
      effects: effectRows([{ kind: "alert", alert, about }], at, null),
    },
  });
  if (committed.type === "unknown") throw new Error("the connection was lost while an alert was written");
  if (committed.type === "committed") world.wake();
}
