/** Chat accounts: which login belongs to whom, and who has to be told of one that belongs to nobody. */
import { sql } from "drizzle-orm";
import type { Home } from "../domain/catalogue.ts";
import type { Person } from "../domain/people.ts";
import type { Db } from "./connect.ts";
import { SETTINGS } from "./fragments.ts";
import { type Json, personOf } from "./read-rows.ts";
import { chatAccount, person, unreachable } from "./schema.ts";
import { statement } from "./statement.ts";

export interface LoginRow {
  readonly platform: string;
  readonly home: string;
  readonly user: string;
}

const p = (name: string) => sql.placeholder(name);

const linked = statement<{ homes: Json; link: Json }>(sql`
select ${SETTINGS}->'homes' as homes, (select jsonb_build_object('person', to_jsonb(x), 'proved', c.proved_at is not null,
    'unreachable', exists (select from ${unreachable} u where u.person_id = x.id and u.platform = c.platform)) from ${chatAccount} c join ${person} x on x.id = c.person_id
  where c.platform = ${p("platform")}::text and c.home = ${p("home")}::text and c."user" = ${p("user")}::text) as link`);

export interface LinkedPerson {
  readonly person: Person;
  /** The directory has called the login a full member. */
  readonly proved: boolean;
  /** The last card to them on that platform could not be delivered. */
  readonly unreachable: boolean;
}

export interface Found {
  /** The login's home as the settings list it; null: it isn't listed. */
  readonly home: Home | null;
  /** The person linked to the login; null: nobody. */
  readonly link: LinkedPerson | null;
}

/** What is known of a login, whether or not its home is listed. */
export async function findLogin(db: Db, login: LoginRow): Promise<Found> {
  const [row] = await linked(db, { platform: login.platform, home: login.home, user: login.user });
  const homes: readonly Home[] = row?.homes ?? [];
  return {
    home: homes.find(({ platform, id }) => platform === login.platform && id === login.home) ?? null,
    link: row?.link ? { ...row.link, person: personOf(row.link.person) } : null,
  };
}

/** The person linked to a login, listed or not; null: nobody. */
export async function linkOf(db: Db, login: LoginRow): Promise<LinkedPerson | null> {
  return (await findLogin(db, login)).link;
}

const proving = statement(sql`
update ${chatAccount} set proved_at = app_now() where platform = ${p("platform")}::text and home = ${p("home")}::text and "user" = ${p("user")}::text and proved_at is null`);

/** Remembers that the directory called the linked login a full member, so that it isn't asked again. */
export async function proveLogin(db: Db, login: LoginRow): Promise<void> {
  await proving(db, { platform: login.platform, home: login.home, user: login.user });
}

const doubting = statement(sql`
update ${chatAccount} set proved_at = null where platform = ${p("platform")}::text and home = ${p("home")}::text and "user" = ${p("user")}::text and proved_at is not null`);

/** The directory no longer calls the login a full member: it is asked again before the login is used. */
export async function doubtLogin(db: Db, login: LoginRow): Promise<void> {
  await doubting(db, { platform: login.platform, home: login.home, user: login.user });
}

const byEmail = statement<{ now: string; person: Json }>(sql`
select to_json(app_now()) as now, (select to_jsonb(x) from ${person} x where lower(x.email) = lower(${p("email")}::text)) as person`);

export async function personByEmail(db: Db, email: string): Promise<{ readonly now: Date; readonly person: Person | null }> {
  const [row] = await byEmail(db, { email });
  return { now: new Date(row?.now ?? Number.NaN), person: row?.person ? personOf(row.person) : null };
}

export interface LoginOf {
  readonly home: string;
  readonly user: string;
  readonly homeOpened: boolean;
  /** The directory has called it a full member. */
  readonly proved: boolean;
}

const logins = statement<LoginOf>(sql`
select home, "user", home_opened_at is not null as "homeOpened", proved_at is not null as proved from ${chatAccount} c
where c.person_id = ${p("person")}::text and c.platform = ${p("platform")}::text order by c.linked_at desc, c.id desc`);

/** A person's logins on one platform, newest link first: the one that was linked last is the one in use. */
export async function loginsOf(db: Db, of: { readonly person: string; readonly platform: string }): Promise<readonly LoginOf[]> {
  return logins(db, { ...of });
}

const opened = statement(sql`
update ${chatAccount} set home_opened_at = app_now() where platform = ${p("platform")}::text and home = ${p("home")}::text and "user" = ${p("user")}::text and home_opened_at is null`);

/** Remembers that somebody looks at the home page, so that it is redrawn when something changes. */
export async function homeOpened(db: Db, login: LoginRow): Promise<void> {
  await opened(db, { ...login });
}
