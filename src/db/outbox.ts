/** The outbox: effects written with a change, leased by whoever carries them out, so that a dead worker's lease simply runs out. */
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Effect } from "../domain/effects.ts";
import type { Db } from "./connect.ts";
import { effect, message } from "./schema.ts";
import { statement } from "./statement.ts";

/** Seconds after which an effect, and the copy of a card being drawn, may be taken by another worker; a worker that lives keeps extending it. */
export const LEASE_SECONDS = 4;

export interface Leased {
  readonly id: number;
  readonly effect: Effect;
  readonly subject: string;
  /** Tries that failed by a fault of our own or died under way, this one included; waiting for the outside isn't one. */
  readonly attempts: number;
  /** How long it has been due, in seconds. */
  readonly age: number;
  /** Names this take: only who still has it writes how it ended. */
  readonly lease: string;
}

/** Effects that were taken together. */
export interface Held {
  readonly ids: readonly number[];
  readonly lease: string;
}

const p = (name: string) => sql.placeholder(name);

/**
 * One walk of the index `effect_ready` for each priority: it ends at what isn't due yet, however much of that there is. `run_at` and what was put off are
 * told apart by the expression in that index.
 */
const SINCE = sql.raw("coalesce(e.leased_until, e.run_at)");
const PRIORITIES = sql.raw("generate_series(0, 9) as p(priority)");

const leased = statement<{ id: string; body: Effect; subject: string; priority: number; attempts: number; age: number }>(sql`
with next as (
  select n.id from ${PRIORITIES} cross join lateral (
    select e.id from ${effect} e where e.state = 'due' and e.priority = p.priority and ${SINCE} <= app_now()
      and (e.leased_until is null or e.leased_until < clock_timestamp()) and e.run_at <= app_now()
    order by ${SINCE} for update skip locked limit ${p("most")}::int) n
  limit ${p("most")}::int)
update ${effect} e set lease = ${p("lease")}::uuid, leased_until = clock_timestamp() + make_interval(secs => ${sql.raw(String(LEASE_SECONDS))}), attempts = e.attempts + 1
from next where e.id = next.id
returning e.id, e.body, e.subject, e.priority, e.attempts, extract(epoch from app_now() - e.run_at)::float8 as age`);

/** Takes the next due effects, most urgent first. */
export async function lease(db: Db, most: number): Promise<readonly Leased[]> {
  const token = randomUUID();
  const rows = await leased(db, { most, lease: token });
  const urgent = rows.map((row) => ({ ...row, id: Number(row.id) })).sort((a, b) => a.priority - b.priority || a.id - b.id);
  return urgent.map(({ id, body: effect, subject, attempts, age }) => ({ id, effect, subject, attempts, age, lease: token }));
}

const held = statement(sql`
with copies as (update ${message} set leased_until = clock_timestamp() + make_interval(secs => ${sql.raw(String(LEASE_SECONDS))})
  where id in (select (jsonb_array_elements_text(${p("copies")}::jsonb))::uuid) and leased_until is not null returning 1)
update ${effect} set leased_until = clock_timestamp() + make_interval(secs => ${sql.raw(String(LEASE_SECONDS))})
where id in (select (jsonb_array_elements_text(${p("ids")}::jsonb))::bigint) and state = 'due' and leased_until is not null`);

/** Extends the leases of what is still being worked on: short leases let others take over soon after a crash. */
export async function holdOn(db: Db, it: { readonly effects: readonly number[]; readonly copies: readonly string[] }): Promise<void> {
  if (it.effects.length + it.copies.length > 0) await held(db, { ids: it.effects, copies: it.copies });
}

const done = statement(sql`
update ${effect} set state = 'done', done_at = app_now(), leased_until = null, why = null
where id in (select (jsonb_array_elements_text(${p("ids")}::jsonb))::bigint) and state = 'due' and lease = ${p("lease")}::uuid`);

/** What another worker has taken meanwhile is that one's to finish. */
export async function finish(db: Db, { ids, lease }: Held): Promise<void> {
  await done(db, { ids, lease });
}

/** `run_at` stays: it says since when the effect has been due. */
const later = statement(sql`
update ${effect} set leased_until = clock_timestamp() + make_interval(secs => ${p("after")}::float8 / 1000), why = ${p("why")}::text,
  attempts = attempts - case when ${p("fault")}::boolean then 0 else 1 end
where id in (select (jsonb_array_elements_text(${p("ids")}::jsonb))::bigint) and state = 'due' and lease = ${p("lease")}::uuid`);

export interface Postponed {
  readonly afterMs: number;
  readonly why: string;
  /** `fault`: our own, which counts as a try; `outside`: the outside makes us wait, for as long as it takes. */
  readonly because: "fault" | "outside";
}

export async function postpone(db: Db, { ids, lease }: Held, it: Postponed): Promise<void> {
  await later(db, { ids, lease, after: it.afterMs, why: it.why.slice(0, 500), fault: it.because === "fault" });
}

const dead = statement(sql`
update ${effect} set state = 'dead', leased_until = null, why = ${p("why")}::text
where id in (select (jsonb_array_elements_text(${p("ids")}::jsonb))::bigint) and state = 'due' and lease = ${p("lease")}::uuid`);

/** Gives up: the effect stays, with the reason, for whoever looks after the installation. */
export async function bury(db: Db, { ids, lease }: Held, why: string): Promise<void> {
  await dead(db, { ids, lease, why: why.slice(0, 500) });
}

const waiting = statement<{ ms: number | null }>(sql`
select (extract(epoch from min(n.wait)) * 1000)::float8 as ms from ${PRIORITIES} cross join lateral (
  select greatest(e.run_at - app_now(), coalesce(e.leased_until - clock_timestamp(), e.run_at - app_now())) as wait
  from ${effect} e where e.state = 'due' and e.priority = p.priority order by ${SINCE} limit 1) n`);

/** Milliseconds until the next effect may be taken (0 or less: now); null: nothing is due at all. */
export async function nextDue(db: Db): Promise<number | null> {
  const [row] = await waiting(db, {});
  return row?.ms ?? null;
}

const reopened = statement<{ id: string }>(sql`
update ${effect} set leased_until = null, run_at = app_now(), why = null
where id in (select e.id from ${effect} e where e.state = 'due' and e.why like 'shut: %'
  and e.leased_until > clock_timestamp() + make_interval(secs => ${sql.raw(String(LEASE_SECONDS + 1))}) limit ${p("most")}::int for update skip locked) returning id`);

/**
 * What was put off because the platform had shut Latchkey out is due from now on, at most so many at a time; says how many. Those that somebody is
 * working on, and those due in a moment anyway, are left alone.
 */
export async function reopen(db: Db, most: number): Promise<number> {
  return (await reopened(db, { most })).length;
}

const pruned = statement(sql`
with old as (delete from ${effect} where id in (select id from ${effect} where state = 'done' and done_at < app_now() - interval '30 days' limit 5000) returning 1),
keys as (delete from inbound where key in (select key from inbound where at < app_now() - interval '30 days' limit 5000) returning 1),
forms as (delete from unsent_form where (platform, home, "view", person_id) in (
  select platform, home, "view", person_id from unsent_form where at < app_now() - interval '1 day' limit 5000) returning 1)
select (select count(*) from old) + (select count(*) from keys) + (select count(*) from forms) as gone`);

/** Forgets what was carried out, and the keys of commands, 30 days ago or more, and what was filled in but not sent for a day; a bounded number at a time. */
export async function prune(db: Db): Promise<void> {
  await pruned(db, {});
}
