/**
 * Links between chat accounts and people as administrators make and remove them. What happened to a login is read from its events: one that has ever
 * been unlinked is linked by an administrator only, so that a link that was removed never comes back by itself.
 */
import { sql } from "drizzle-orm";
import type { Person } from "../domain/people.ts";
import type { LoginRow } from "./accounts.ts";
import type { Db, Transaction } from "./connect.ts";
import { type Json, personOf } from "./read-rows.ts";
import { chatAccount, event, person } from "./schema.ts";
import { statement } from "./statement.ts";

type Sql = Transaction["sql"];
type JsonValue = Parameters<Sql["json"]>[0];

const p = (name: string) => sql.placeholder(name);

const unlinked = statement<{ was: boolean }>(sql`
select exists (select from ${event} e where e.kind = 'account-unlinked' and e.data->>'platform' = ${p("platform")}::text
  and e.data->>'home' = ${p("home")}::text and e.data->>'user' = ${p("user")}::text) as was`);

/** True when an administrator has unlinked that login before: neither e-mail nor people.csv links it again. */
export async function wasUnlinked(db: Db, login: LoginRow): Promise<boolean> {
  const [row] = await unlinked(db, { platform: login.platform, home: login.home, user: login.user });
  return row?.was ?? false;
}

/** A link that stands; `person` is somebody's HR id. */
export interface Link extends LoginRow {
  readonly person: string;
  readonly name: string;
  readonly email: string;
  readonly because: "trusted-email" | "people.csv" | "administrator";
  readonly linkedAt: string;
  /** The directory has called it a full member. */
  readonly proved: boolean;
}

/** A login that an administrator took away and that is nobody's since. */
export interface TakenAway extends LoginRow {
  readonly person: string;
  readonly name: string;
  readonly at: string;
  readonly by: string;
}

const links = statement<Link>(sql`
select c.platform, c.home, c."user", x.id as person, x.name, x.email, c.because, to_json(c.linked_at) as "linkedAt", c.proved_at is not null as proved
from ${chatAccount} c join ${person} x on x.id = c.person_id
where ${p("person")}::text is null or x.id = ${p("person")}::text order by x.name, x.id, c.linked_at, c.id`);

const takenAway = statement<TakenAway>(sql`
select distinct on (e.data->>'platform', e.data->>'home', e.data->>'user') e.data->>'platform' as platform, e.data->>'home' as home, e.data->>'user' as "user",
  x.id as person, x.name, to_json(e.at) as at, e.data->>'by' as by
from ${event} e join ${person} x on x.id = e.data->>'person'
where e.kind = 'account-unlinked' and e.data->>'user' is not null and (${p("person")}::text is null or x.id = ${p("person")}::text)
  and not exists (select from ${chatAccount} c where c.platform = e.data->>'platform' and c.home = e.data->>'home' and c."user" = e.data->>'user')
order by e.data->>'platform', e.data->>'home', e.data->>'user', e.seq desc`);

/** The links that stand and the logins that were taken away; of one person, or with null of everybody. */
export async function linksOf(
  db: Db,
  person: string | null,
): Promise<{ readonly links: readonly Link[]; readonly takenAway: readonly TakenAway[] }> {
  const [standing, gone] = await Promise.all([links(db, { person }), takenAway(db, { person })]);
  return { links: standing, takenAway: gone };
}

const named = statement<{ person: Json }>(sql`
select to_jsonb(x) as person from ${person} x where x.id = ${p("word")}::text or lower(x.email) = lower(${p("word")}::text)
order by x.id = ${p("word")}::text desc limit 1`);

/** A person by HR id or e-mail address; an id goes first. */
export async function personNamed(db: Db, word: string): Promise<Person | null> {
  const [row] = await named(db, { word });
  return row ? personOf(row.person) : null;
}

/** A link as it stood before somebody wanted to change it, locked until the transaction ends. */
export interface Standing {
  readonly person: string;
  readonly name: string;
  readonly proved: boolean;
}

export async function standingLink(tx: Sql, { platform, home, user }: LoginRow): Promise<Standing | null> {
  const [row] = await tx<Standing[]>`
    select x.id as person, x.name, c.proved_at is not null as proved from chat_account c join person x on x.id = c.person_id
    where c.platform = ${platform} and c.home = ${home} and c."user" = ${user} for update of c`;
  return row ?? null;
}

export interface NewLink {
  readonly id: string;
  readonly login: LoginRow;
  readonly person: string;
  /** The directory calls it a full member now; false: it is asked at the first use. */
  readonly proved: boolean;
  /** Who ran the command, such as `cli:ops`. */
  readonly by: string;
}

/** Links and says so in an event; false: somebody else linked that login in this moment. What waits for the person then reaches the new login. */
export async function addLink(tx: Sql, { id, login, person, proved, by }: NewLink): Promise<boolean> {
  const { platform, home, user } = login;
  const made = await tx`insert into chat_account (id, platform, home, "user", person_id, because, linked_at, proved_at)
    values (${id}, ${platform}, ${home}, ${user}, ${person}, 'administrator', app_now(), case when ${proved} then app_now() end)
    on conflict (platform, home, "user") do nothing returning id`;
  if (made.length === 0) return false;
  await say(tx, "account-linked", { platform, home, user, person, because: "administrator", by });
  await showWhatWaits(tx, person);
  return true;
}

/** The directory's word on a link that only a file had named. */
export async function proveLink(tx: Sql, { platform, home, user }: LoginRow): Promise<void> {
  await tx`update chat_account set proved_at = app_now() where platform = ${platform} and home = ${home} and "user" = ${user} and proved_at is null`;
}

/**
 * Takes the login away from its person and says so in an event. What waits for the person goes to another login of theirs, or is found undeliverable and
 * asked of others. Its home page, if it was opened, becomes a stranger's.
 */
export async function removeLink(
  tx: Sql,
  login: LoginRow,
  { person, by }: { readonly person: string; readonly by: string },
): Promise<void> {
  const { platform, home, user } = login;
  const gone =
    await tx`delete from chat_account where platform = ${platform} and home = ${home} and "user" = ${user} and person_id = ${person}
    returning home_opened_at`;
  if (gone.length === 0) throw new Error("the link was not there any more");
  await say(tx, "account-unlinked", { platform, home, user, person, by });
  await showWhatWaits(tx, person);
  if (!gone[0]?.home_opened_at) return;
  const body = { kind: "home", person, left: { home, user } };
  await tx`insert into effect (kind, priority, subject, body, run_at)
    values ('home', 3, ${`home-left:${platform}:${home}:${user}`}, ${tx.json(body as unknown as JsonValue)}, app_now())`;
}

async function say(tx: Sql, kind: "account-linked" | "account-unlinked", data: object): Promise<void> {
  await tx`insert into event (at, kind, data) values (app_now(), ${kind}, ${tx.json(data as unknown as JsonValue)})`;
}

/** What they hold and what is theirs is shown anew: to a login that is new, or for want of one to nobody, which is then found out. */
async function showWhatWaits(tx: Sql, person: string): Promise<void> {
  await tx`
    insert into effect (kind, priority, subject, body, run_at)
    select 'show', 2, kind || ':' || id, jsonb_build_object('kind', 'show', 'subject', kind, 'id', id), app_now() from (
      select 'task' as kind, t.id from task t where t.state = 'open' and exists (select from task_assignee a where a.task_id = t.id
        and (a.person_id = ${person} or exists (select from member m where m.group_id = a.group_id and m.person_id = ${person})))
      union select 'request', l.request_id from line l where l.open and ${person} in (l.requester_id, l.beneficiary_id)) waits`;
}
