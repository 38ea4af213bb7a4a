/**
 * Request forms that are longer than one window of the chat, while they are filled in: what stands on the pages that aren't shown. Any process may serve
 * the next page. A row belongs to one person and one view of one workspace, and is found by nothing else. No evidence: `prune` forgets it after a day.
 */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { unsentForm } from "./schema.ts";
import { statement } from "./statement.ts";

export interface UnsentRow {
  readonly platform: "slack";
  readonly home: string;
  readonly view: string;
  readonly person: string;
  readonly application: string;
  /** By field id. */
  readonly answers: Readonly<Record<string, unknown>>;
}

interface Kept {
  readonly answers: UnsentRow["answers"];
}

const p = (name: string) => sql.placeholder(name);
const VALUES = sql`(${p("platform")}::text, ${p("home")}::text, ${p("view")}::text, ${p("person")}::text, ${p("application")}::text, ${p("answers")}::jsonb, app_now())`;

/** Another application's answers give way; those of the same one are added to. */
const begun = statement<Kept>(sql`
insert into ${unsentForm} as u (platform, home, "view", person_id, application_id, answers, at) values ${VALUES}
on conflict (platform, home, "view", person_id) do update set application_id = excluded.application_id, at = excluded.at,
  answers = case when u.application_id = excluded.application_id then u.answers || excluded.answers else excluded.answers end
returning answers`);

const continued = statement<Kept>(sql`
update ${unsentForm} set answers = answers || ${p("answers")}::jsonb, at = app_now()
where platform = ${p("platform")}::text and home = ${p("home")}::text and "view" = ${p("view")}::text and person_id = ${p("person")}::text
  and application_id = ${p("application")}::text
returning answers`);

/** Adds to what is kept, and begins it where nothing is; all that is kept then. */
export async function beginUnsent(db: Db, row: UnsentRow): Promise<Kept["answers"]> {
  const [kept] = await begun(db, { ...row });
  if (!kept) throw new Error("a row was neither written nor changed");
  return kept.answers;
}

/** Adds to what is kept; null: nothing is (any more), for that person, view and application. */
export async function continueUnsent(db: Db, row: UnsentRow): Promise<Kept["answers"] | null> {
  const [kept] = await continued(db, { ...row });
  return kept?.answers ?? null;
}
