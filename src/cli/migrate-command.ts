/** `latchkey migrate`: for installations that migrate before they start the new version. */
import { migrate } from "../db/migrate.ts";
import { type MarkOptions, markOf } from "./mark.ts";
import type { Said } from "./said.ts";
import { withDatabase } from "./with-database.ts";

export function migrateCommand(env: NodeJS.ProcessEnv, options: MarkOptions = {}): Promise<Said> {
  return withDatabase(env, async (database, config) => {
    const { applied } = await migrate({ ownerUrl: database.ownerUrl, runtimeUrl: database.url, mark: markOf(config, options) });
    const lines = applied.length === 0 ? ["The database is up to date."] : applied.map((name) => `applied ${name}`);
    return { ok: true, lines, json: { applied } };
  });
}
