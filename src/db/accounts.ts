/** Chat accounts: which login belongs to whom, and who has to be told of one that belongs to nobody. */
import { sql } from "drizzle-orm";
import type { Person } from "../domain/people.ts";
import type { Db } from "./connect.ts";
import { type Json, personOf } from "./read-rows.ts";
import { chatAccount, person } from "./schema.ts";
import { statement } from "./statement.ts";

export interface LoginRow {
  readonly platform: string;
  readonly home: string;
  readonly user: string;
}

const p = (name: string) => sql.placeholder(name);

const linked = statement<{ person: Json }>(sql`
select to_jsonb(x) as person from ${chatAccount} c join ${person} x on x.id = c.person_id
where c.platform = ${p("platform")}::text and c.home = ${p("home")}::text and c."user" = ${p("user")}::text`);

/** The person linked to a login; null: nobody. */
export async function personByLogin(db: Db, login: LoginRow): Promise<Person | null> {
  const [row] = await linked(db, { ...login });
  return row ? personOf(row.person) : null;
}

const byEmail = statement<{ now: string; person: Json }>(sql`
select to_json(app_now()) as now, (select to_jsonb(x) from ${person} x where lower(x.email) = lower(${p("email")}::text)) as person`);

export async function personByEmail(db: Db, email: string): Promise<{ readonly now: Date; readonly person: Person | null }> {
  const [row] = await byEmail(db, { email });
  return { now: new Date(row?.now ?? Number.NaN), person: row?.person ? personOf(row.person) : null };
}

const logins = statement<{ home: string; user: string; homeOpened: boolean }>(sql`
select home, "user", home_opened_at is not null as "homeOpened" from ${chatAccount} c
where c.person_id = ${p("person")}::text and c.platform = ${p("platform")}::text order by c.linked_at, c.id`);

/** A person's logins on one platform, oldest link first. */
export async function loginsOf(
  db: Db,
  of: { readonly person: string; readonly platform: string },
): Promise<readonly { home: string; user: string; homeOpened: boolean }[]> {
  return logins(db, { ...of });
}

const opened = statement(sql`
update ${chatAccount} set home_opened_at = app_now() where platform = ${p("platform")}::text and home = ${p("home")}::text and "user" = ${p("user")}::text and home_opened_at is null`);

/** Remembers that somebody looks at the home page, so that it is redrawn when something changes. */
export async function homeOpened(db: Db, login: LoginRow): Promise<void> {
  await opened(db, { ...login });
}
