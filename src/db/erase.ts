/**
 * Erasing a person: the rows. Evidence is append-only for the role that runs; this is the one act of the owner that goes behind those guards, in one
 * transaction, under locks that let nobody else write meanwhile, and it leaves an event. Guards that are off here are never seen off by others.
 */
import type { Erasable } from "../domain/erasing.ts";
import { erasedAddress, withoutPerson, withoutWords } from "../domain/erasing.ts";
import type { Transaction } from "./connect.ts";

type Sql = Transaction["sql"];
type Json = Parameters<Sql["json"]>[0];

/** The guards that refuse what erasing does: evidence is only added, and what is over stays as it is. */
const GUARDS = [
  ["event", "event_append_only"],
  ["vote", "vote_append_only"],
  ["task", "task_final"],
  ["line", "line_final"],
] as const;
/** Milliseconds to wait for the locks: less than Postgres takes to look for deadlocks (1 s), so that it is never a click that gives way. */
const LOCK_MS = 700;
/** Events rewritten by one statement. */
const AT_ONCE = 1000;

export interface Found extends Erasable {
  readonly email: string;
}

/** The person by HR id or e-mail address, locked until the transaction ends, and what hinders; null: nobody. No folder is applied meanwhile. */
export async function lockErasable(sql: Sql, word: string): Promise<Found | null> {
  await sql`select pg_advisory_xact_lock(hashtext('latchkey configuration'))`;
  const [person] = await sql<{ id: string; name: string; email: string; state: Found["person"]["state"] }[]>`
    select id, name, email, state from person where id = ${word} or lower(email) = lower(${word}) order by id = ${word} desc limit 1 for no key update`;
  if (!person) return null;
  const { id, name, email, state } = person;
  const open = await sql`select number from line where beneficiary_id = ${id} and open order by number`;
  const accounts = await sql<{ application: string; login: string }[]>`
    select application_id as application, login from account where person_id = ${id} and state = 'active' order by 1, 2`;
  return {
    person: { id, name, state },
    email,
    isErased: email === erasedAddress(id),
    open: open.map((row) => Number(row.number)),
    accounts: accounts.map((one) => ({ ...one })),
  };
}

/** Numbers of requests for others in whose words the person's name or address stands: these stay, and somebody should look at them. */
export async function namedElsewhere(sql: Sql, { person, email }: Found): Promise<readonly number[]> {
  const wanted = [person.name, email].map((word) => word.toLowerCase());
  // One walk through all events: no index finds a name in the middle of a text, and what people typed stands in the events too.
  const rows = await sql`
    with named as (
      select e.line_id as id from event e where e.line_id is not null and exists (select from unnest(${wanted}::text[]) one where position(one in lower(e.data::text)) > 0)
      union select l.id from line l where exists (select from unnest(${wanted}::text[]) one where position(one in lower(concat_ws(' ', l.justification, l."values"::text))) > 0))
    select l.number from line l join named on named.id = l.id where l.beneficiary_id <> ${person.id} order by 1`;
  return rows.map((row) => Number(row.number));
}

export interface EraseRows {
  readonly found: Found;
  /** What stands in place of the name, and of what was typed. */
  readonly former: string;
  readonly word: string;
  /** For the record. */
  readonly by: string;
  readonly reason: string;
}

export interface ErasedRows {
  readonly lines: number;
  readonly events: number;
  readonly links: number;
  readonly accounts: number;
}

/** Writes all of it. Throws with SQLSTATE 55P03 when others were writing: nothing happened, try again; with 42501 when it isn't the owner's connection. */
export async function eraseRows(sql: Sql, it: EraseRows): Promise<ErasedRows> {
  const { id } = it.found.person;
  const { former, word } = it;
  // What has to be searched for and what needs no guard off comes first, so that the tables are locked for the writing alone.
  const lines = (await sql`select id from line where beneficiary_id = ${id}`).map((row) => String(row.id));
  const gone = await namesOf(sql, it.found);
  const others = await eventsNaming(sql, gone);
  await sql.unsafe(`set local lock_timeout = ${LOCK_MS}`);
  await forgetCopies(sql, id, lines);
  await forgetAnswers(sql, [...gone, ...(await loginsOf(sql, id, lines))]);
  const links = (await sql`delete from chat_account where person_id = ${id} returning 1`).length;
  await sql`delete from unreachable where person_id = ${id}`;
  await sql`delete from unsent_form where person_id = ${id}`;
  await sql`update person set email = ${erasedAddress(id)}, name = ${former}, manager_id = null, department = '', title = '', location = '',
    time_zone = 'UTC', calendar = null, start_date = null, end_date = null, attributes = '{}' where id = ${id}`;

  await sql`lock table line, task, vote, event in share row exclusive mode`;
  for (const [table, guard] of GUARDS) await sql`alter table ${sql(table)} disable trigger ${sql(guard)}`;
  await eraseLines(sql, lines, word);
  const own = await sql<EventRow[]>`select seq, data from event where line_id = any(${lines}::uuid[])`;
  const { name } = it.found.person;
  const events =
    (await rewrite(sql, own, (data) => withoutWords(data, word))) +
    (await rewrite(sql, others, (data) => withoutPerson(data, { gone, name, former })));
  for (const [table, guard] of GUARDS) await sql`alter table ${sql(table)} enable trigger ${sql(guard)}`;
  const accounts = await endAccounts(sql, id, it);
  const counts = { lines: lines.length, events, links, accounts };
  await say(sql, "person-erased", { person: id, by: it.by, reason: it.reason, ...counts });
  return counts;
}

interface EventRow {
  readonly seq: string;
  readonly data: unknown;
}

/** What names them: name, address, chat accounts that are or were theirs. */
async function namesOf(sql: Sql, { person, email }: Found): Promise<readonly string[]> {
  const users = await sql`select "user" from chat_account where person_id = ${person.id}
    union select data->>'user' from event where line_id is null and data->>'person' = ${person.id} and data->>'user' is not null`;
  return [person.name, email, ...users.map((row) => String(row.user))];
}

async function loginsOf(sql: Sql, person: string, lines: readonly string[]): Promise<readonly string[]> {
  const rows = await sql`select login from account where person_id = ${person}
    union select login from "order" where line_id = any(${[...lines]}::uuid[])`;
  return rows.map((row) => String(row.login));
}

async function eraseLines(sql: Sql, lines: readonly string[], word: string): Promise<void> {
  const ids = [...lines];
  await sql`update line set justification = ${word}, "values" = '{}',
    closing = case when closing->>'reason' is null then closing else jsonb_set(closing, '{reason}', to_jsonb(${word}::text)) end where id = any(${ids}::uuid[])`;
  await sql`update task set reason = ${word} where line_id = any(${ids}::uuid[]) and reason is not null`;
  await sql`update vote set reason = ${word} where line_id = any(${ids}::uuid[]) and reason is not null`;
  await sql`update "order" set login = ${word}, attributes = '[]', error = case when error is null then null else ${word}::text end
    where line_id = any(${ids}::uuid[])`;
}

/** Alerts, links and the like: events of no line that name the person, or a chat account that is or was theirs. */
function eventsNaming(sql: Sql, gone: readonly string[]): Promise<readonly EventRow[]> {
  return sql<EventRow[]>`
    select seq, data from event where line_id is null and exists (select from jsonb_each_text(data) one where one.value = any(${[...gone]}::text[]))`;
}

async function rewrite(sql: Sql, rows: readonly EventRow[], change: (data: unknown) => unknown): Promise<number> {
  const parsed = rows.map(({ seq, data }) => ({ seq: Number(seq), data: typeof data === "string" ? (JSON.parse(data) as unknown) : data }));
  const changed = parsed
    .map(({ seq, data }) => ({ seq, was: JSON.stringify(data), data: change(data) }))
    .filter(({ was, data }) => was !== JSON.stringify(data));
  for (let at = 0; at < changed.length; at += AT_ONCE) {
    const some = changed.slice(at, at + AT_ONCE).map(({ seq, data }) => ({ seq, data }));
    await sql`update event e set data = n.data from jsonb_to_recordset(${sql.json(some as unknown as Json)}::jsonb) as n(seq bigint, data jsonb) where e.seq = n.seq`;
  }
  return changed.length;
}

/** What whoever erases says is gone from the applications ends here too, with an event each. */
async function endAccounts(sql: Sql, person: string, { by, word }: EraseRows): Promise<number> {
  await sql`with ended as (update assignment set state = 'ended', ended_at = app_now() where person_id = ${person} and state <> 'ended' returning id, line_id, account_id)
    insert into event (at, kind, line_id, request_id, data) select app_now(), 'assignment-ended', l.id, l.request_id,
      jsonb_build_object('assignment', x.id, 'account', x.account_id, 'because', 'erased', 'by', ${by}::text) from ended x join line l on l.id = x.line_id`;
  const accounts = await sql`update account a set login = ${word}, attributes = '[]', state = 'removed' from account was
    where was.id = a.id and a.person_id = ${person} returning was.state`;
  return accounts.filter((row) => row.state === "active").length;
}

/** Their own conversations and App Homes are written to no more; copies of finished work that stand elsewhere are redrawn, without the words. */
async function forgetCopies(sql: Sql, person: string, lines: readonly string[]): Promise<void> {
  await sql`delete from message where place = ${`person:${person}`} or subject in (${`home:${person}`}, ${`digest:${person}`})`;
  await sql`delete from effect where state = 'done' and body->>'line' = any(${[...lines]}::text[])`;
  await sql`insert into effect (kind, priority, subject, body, run_at)
    select 'show', 3, 'task:' || t.id, jsonb_build_object('kind', 'show', 'subject', 'task', 'id', t.id), app_now() from task t
    where t.line_id = any(${[...lines]}::uuid[]) and exists (select from message m where m.subject = 'task:' || t.id and m.state = 'posted')`;
}

/** Answers kept to recognise repeats, under keys that hold chat accounts, and alerts that went out: gone by themselves after 30 days, but not before. */
async function forgetAnswers(sql: Sql, gone: readonly string[]): Promise<void> {
  const words = [...gone];
  await sql`delete from inbound where string_to_array(key, ':') && ${words}::text[] or (jsonb_typeof(answer->'about') = 'object'
    and exists (select from jsonb_each_text(answer->'about') one where one.value = any(${words}::text[])))`;
  await sql`delete from effect where state <> 'due' and jsonb_typeof(body->'about') = 'object'
    and exists (select from jsonb_each_text(body->'about') one where one.value = any(${words}::text[]))`;
}

async function say(sql: Sql, kind: string, data: object): Promise<void> {
  await sql`insert into event (at, kind, data) values (app_now(), ${kind}, ${sql.json(data as unknown as Json)})`;
}

/** Ids of those who were erased. */
export async function erasedAmong(sql: Pick<Sql, "unsafe">, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await sql.unsafe(`select id from person where id = any($1::text[]) and email = 'erased:' || id order by id`, [[...ids]]);
  return rows.map((row) => String(row.id));
}
