/** Doctor: is the database of this version, and can the process that runs not rewrite its own evidence? */
import type { Config } from "../config.ts";
import type { Database } from "../database.ts";
import { type Connection, userOf } from "../db/connect.ts";
import { standingOf } from "../db/health.ts";
import { migrationGaps } from "../db/migrate.ts";
import { type Examined, type Finding, note, someOf, wanting } from "./doctor-finding.ts";

const area = "database";

/** `usable`: whether the other areas can be examined at all. */
export async function examineDatabase(
  connection: Connection,
  database: Pick<Database, "url" | "ownerUrl">,
  config: Config,
): Promise<Examined & { readonly usable: boolean }> {
  const { missing, unknown } = await migrationGaps(connection.sql);
  if (unknown.length > 0)
    return cut("is newer than this Latchkey", {
      what: `The database holds migrations that this Latchkey doesn't know: ${someOf(unknown)}.`,
      why: "An older Latchkey would read and write it wrongly, so it refuses to.",
      todo: "Upgrade Latchkey to the version that migrated it.",
    });
  if (missing.length > 0)
    return cut("is not migrated", {
      what: `The database lacks the migrations ${someOf(missing)}.`,
      why: "Latchkey can't work on it.",
      todo: "Run: latchkey migrate (a start of Latchkey does it too). If you did, DATABASE_URL and DATABASE_OWNER_URL name two databases.",
    });

  const standing = await standingOf(connection.db);
  const findings: Finding[] = [];
  const oneRole = userOf(database.ownerUrl) === userOf(database.url);
  if (standing.isSuperuser)
    findings.push(
      wanting(area, {
        what: `Latchkey works as ${standing.role}, a superuser of the database.`,
        why: "Nothing that the database guards, its evidence above all, is guarded from a superuser.",
        todo: "Give DATABASE_URL a role of its own, and DATABASE_OWNER_URL the role that owns the schema.",
      }),
    );
  else if (oneRole)
    findings.push(
      note(area, {
        what: `One role, ${standing.role}, owns the schema and runs Latchkey.`,
        why: "Events are guarded by triggers alone, which the owner of a table can switch off.",
        todo: "Create a second role, put it into DATABASE_URL and the owner into DATABASE_OWNER_URL, then run: latchkey migrate",
      }),
    );
  else if (standing.excess.length > 0)
    findings.push(
      wanting(area, {
        what: `The role ${standing.role} may ${someOf(standing.excess)}.`,
        why: "Whoever runs Latchkey could rewrite the evidence of what was done.",
        todo: "Run: latchkey migrate (it takes these rights away)",
      }),
    );
  if (standing.lacks.length > 0)
    findings.push(
      wanting(area, {
        what: `The role ${standing.role} has no right to ${someOf(standing.lacks)}.`,
        why: "Whatever needs these tables fails, the rest of this examination too.",
        todo: "Run: latchkey migrate (it grants them), with DATABASE_OWNER_URL naming the role that owns the schema",
      }),
    );
  if (standing.asleep.length > 0)
    findings.push(
      wanting(area, {
        what: `Guards of the database are switched off: ${someOf(standing.asleep)}.`,
        why: "Evidence can be changed, or a final state be left, without the database objecting.",
        todo: "Find out who did it. As the owner: alter table ... enable trigger ...",
      }),
    );
  if (standing.mark !== config.mode)
    findings.push(
      wanting(area, {
        what: `The database is marked ${standing.mark}, and these settings are for ${config.mode === "real" ? "a real installation" : "the playground"}.`,
        why: "Latchkey refuses to start on it.",
        todo:
          config.mode === "real"
            ? "Give Latchkey an empty database with DATABASE_URL."
            : "Set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET as the running Latchkey has them.",
      }),
    );
  const roles = oneRole ? `one role (${standing.role})` : `owner ${userOf(database.ownerUrl)}, runs as ${standing.role}`;
  return {
    area,
    stands: `PostgreSQL ${standing.version}, migrated, ${standing.mark}, ${roles}`,
    findings,
    usable: standing.lacks.length === 0,
  };
}

function cut(stands: string, words: Pick<Finding, "what" | "why" | "todo">): Examined & { readonly usable: false } {
  return { area, stands, findings: [wanting(area, words)], usable: false };
}
