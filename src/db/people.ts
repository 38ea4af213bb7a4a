/** People by id and by what they are for: who is who, read one at a time or as a list. */
import { sql } from "drizzle-orm";
import type { Person } from "../domain/people.ts";
import type { Db } from "./connect.ts";
import { peopleOf, SETTINGS, TECHNICAL_OWNERS } from "./fragments.ts";
import { type Json, personOf } from "./read-rows.ts";
import { group, member, person } from "./schema.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

const byId = statement<{ person: Json }>(sql`select to_jsonb(x) as person from ${person} x where x.id = ${p("id")}::text`);

export async function personById(db: Db, id: string): Promise<Person | null> {
  const [row] = await byId(db, { id });
  return row ? personOf(row.person) : null;
}

const administrators = statement<{ person: Json }>(sql`
with s as (select ${SETTINGS} as settings)
select to_jsonb(x) as person from s, lateral ${peopleOf(sql`(s.settings->'administrators')`)} x where x.state = 'active'
union select to_jsonb(x) from s, lateral ${TECHNICAL_OWNERS} x where jsonb_typeof(s.settings->'administrators') is distinct from 'object' and x.state = 'active'`);

/** Who is told when something strands: the administrators, by default the technical owners; active ones only. */
export async function readAdministrators(db: Db): Promise<readonly Person[]> {
  return (await administrators(db, {})).map((row) => personOf(row.person));
}

const groupRead = statement<{ channel: string | null; notify: "channel" | "direct" | "both" | null; members: Json[] | null }>(sql`
select g.slack_channel as channel, g.notify, (select jsonb_agg(to_jsonb(x) order by x.id) from ${member} m join ${person} x on x.id = m.person_id
  where m.group_id = g.id and x.state = 'active') as members from ${group} g where g.id = ${p("id")}::text`);

export interface GroupRow {
  readonly channel: string | null;
  readonly notify: "channel" | "direct" | "both" | null;
  readonly members: readonly Person[];
}

/** A group with its active members; null: the configuration no longer has it. */
export async function readGroup(db: Db, id: string): Promise<GroupRow | null> {
  const [row] = await groupRead(db, { id });
  return row ? { channel: row.channel, notify: row.notify, members: (row.members ?? []).map(personOf) } : null;
}
