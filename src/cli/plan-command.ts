/** `latchkey config plan`: what `config apply` would change, without changing anything. */
import { readFolder } from "../configuration/folder.ts";
import { connect } from "../db/connect.ts";
import { migrationGaps } from "../db/migrate.ts";
import { planFolder } from "../db/plan.ts";
import { faulty, notesOf } from "./config-commands.ts";
import { planLines } from "./plan-text.ts";
import { failed, type Said } from "./said.ts";
import { withDatabase } from "./with-database.ts";

/** Refused, with exit code 1, where applying would be: a folder with mistakes, or more leavers at once than are taken for true. */
export function configPlan(env: NodeJS.ProcessEnv, given: string | undefined): Promise<Said> {
  return withDatabase(
    env,
    async ({ url }, config) => {
      const folder = given ?? config.folder;
      const read = await readFolder(folder);
      if (!read.ok) return faulty(folder, read.faults);
      const mark = await markIn(url);
      if (mark === null)
        return failed([
          'The database is not of this version. Run "latchkey migrate" (or start Latchkey), then try again. Nothing was changed.',
        ]);
      // As for `config apply`: without the chat variables nothing else demands a folder, and this would compare with the example company.
      if (mark === "real" && given === undefined && !env.LATCHKEY_CONFIG)
        return failed(["This database holds a real installation: name its folder, or set LATCHKEY_CONFIG. Nothing was changed."]);
      const plan = await planFolder(url, read);
      return {
        ok: plan.tooManyLeavers === null || plan.unchanged,
        lines: [...notesOf(read), ...planLines(plan)],
        json: { folder, ...plan, notes: read.notes },
      };
    },
    { join: true },
  );
}

/** What the database is for; null: it isn't migrated to this version. */
async function markIn(url: string): Promise<string | null> {
  const connection = connect(url, { max: 1, name: "latchkey plan" });
  try {
    const { missing, unknown } = await migrationGaps(connection.sql);
    if (missing.length + unknown.length > 0) return null;
    const [installation] = await connection.sql<{ mark: string }[]>`select mark from installation`;
    return installation?.mark ?? null;
  } finally {
    await connection.close();
  }
}
