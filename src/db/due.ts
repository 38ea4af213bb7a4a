/** Open work by its clocks, and people whom no card reaches. */
import { type SQL, sql } from "drizzle-orm";
import { INSTEAD } from "./apply-open-work.ts";
import type { Db } from "./connect.ts";
import { configuration, effect, event, member, task, taskAssignee, unreachable } from "./schema.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

const due = statement<{ line: string }>(sql`
select t.line_id as line from ${task} t where t.state = 'open' and least(t.remind_at, t.escalate_at, t.expire_at) <= app_now()
order by least(t.remind_at, t.escalate_at, t.expire_at) limit ${p("most")}::int`);

/** Lines of which a clock has run out, the longest overdue first. */
export async function dueLines(db: Db, most: number): Promise<readonly string[]> {
  return (await due(db, { most })).map((row) => row.line);
}

const lately = statement<{ line: string }>(sql`
select t.line_id as line from ${task} t, (select c.applied_at from ${configuration} c order by c.version desc limit 1) c
where t.state = 'open' and t.opened_at between c.applied_at - interval '1 minute' and c.applied_at + interval '1 minute'
  and app_now() < c.applied_at + interval '3 minutes' limit ${p("most")}::int`);

/**
 * Lines of which a task was opened around the moment in which the configuration last changed: their people may have been chosen by what was read just
 * before, and the change can't have seen the task yet. Empty a few minutes later.
 */
export async function openedAroundChange(db: Db, most: number): Promise<readonly string[]> {
  return (await lately(db, { most })).map((row) => row.line);
}

const told = statement(
  sql`select 1 from ${event} e where e.line_id = ${p("line")}::uuid and e.kind = 'fallback-used' and e.at > app_now() - interval '1 day' limit 1`,
);

/** True: administrators heard within a day that this line's people could not act, by the very change that found it. */
export async function wasToldLately(db: Db, line: string): Promise<boolean> {
  return (await told(db, { line })).length > 0;
}

/** Lines whose open tasks `which` holds for are routed anew. In scope: `t`. */
const reroutes = (which: SQL) => sql`
  insert into ${effect} (kind, priority, subject, body, run_at)
  select distinct 'reroute', 1, 'reroute:' || t.line_id, jsonb_build_object('kind', 'reroute', 'line', t.line_id), app_now()
  from ${task} t where t.state = 'open' and (${which}) returning 1`;

/** By name or as a member of a group. */
const ASKS_THEM = sql`exists (select from ${taskAssignee} a where a.task_id = t.id and (a.person_id = ${p("person")}::text
  or a.group_id in (select m.group_id from ${member} m where m.person_id = ${p("person")}::text)))`;

/** Others stand in for whom the rules would choose, or nobody does. */
const ASKS_OTHERS = sql`not exists (select from ${taskAssignee} a where a.task_id = t.id)
  or exists (select from ${taskAssignee} a where a.task_id = t.id and a.because in (${sql.raw(INSTEAD.map((one) => `'${one}'`).join(", "))}))`;

const marked = statement<{ fresh: boolean; lines: number }>(sql`
with said as (insert into ${unreachable} as u (person_id, platform, why, since) values (${p("person")}::text, ${p("platform")}::text, ${p("why")}::text, app_now())
  on conflict (person_id, platform) do nothing returning 1),
routed as (${reroutes(ASKS_THEM)})
select exists (select from said) as fresh, (select count(*)::int from routed) as lines`);

/** `fresh`: it wasn't known. `lines`: how many wait for them. */
export interface Marked {
  readonly fresh: boolean;
  readonly lines: number;
}

/**
 * Remembers that no card reaches the person there; what waits for them is routed anew, also when it was known: they may have been asked in the very
 * moment in which it became known.
 */
export async function markUnreachable(
  db: Db,
  it: { readonly person: string; readonly platform: string; readonly why: string },
): Promise<Marked> {
  const [row] = await marked(db, { ...it, why: it.why.slice(0, 200) });
  return row ?? { fresh: false, lines: 0 };
}

const cleared = statement(sql`
with said as (delete from ${unreachable} where person_id = ${p("person")}::text and platform = ${p("platform")}::text returning 1),
routed as (${reroutes(sql`(${ASKS_THEM} or ${ASKS_OTHERS}) and exists (select from said)`)})
select (select count(*) from said), (select count(*) from routed)`);

/** They acted: they can be asked again, also for what waits for others instead of them. */
export async function markReached(db: Db, it: { readonly person: string; readonly platform: string }): Promise<void> {
  await cleared(db, it);
}

export interface Unreached {
  readonly person: string;
  readonly why: string;
}

const unreached = statement<Unreached>(sql`
select u.person_id as person, u.why from ${unreachable} u where u.platform = ${p("platform")}::text
  and (${p("person")}::text is null or u.person_id = ${p("person")}::text) and u.why in (select jsonb_array_elements_text(${p("whys")}::jsonb))
order by random() limit ${p("most")}::int`);

/** Some of those whom no card reaches for one of these reasons, others the next time; `person`: only that one. */
export async function whomNothingReaches(
  db: Db,
  it: { readonly platform: string; readonly whys: readonly string[]; readonly most: number; readonly person?: string },
): Promise<readonly Unreached[]> {
  return unreached(db, { ...it, person: it.person ?? null });
}
