/** Tells administrators of something that they have to mend: once a day, not each time that it is met. */
import { commit } from "../db/commit.ts";
import { effectRows } from "../db/effect-rows.ts";
import { databaseNow } from "../db/now.ts";
import { eventRow, NO_ROWS } from "../db/rows.ts";
import type { Alert } from "../domain/effects.ts";
import type { World } from "./world.ts";

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
