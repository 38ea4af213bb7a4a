/** Open work by its clocks, and people whom no card reaches. */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { effect, member, task, taskAssignee, unreachable } from "./schema.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

const due = statement<{ line: string }>(sql`
select t.line_id as line from ${task} t where t.state = 'open' and least(t.remind_at, t.escalate_at, t.expire_at) <= app_now()
order by least(t.remind_at, t.escalate_at, t.expire_at) limit ${p("most")}::int`);

/** Lines of which a clock has run out, the longest overdue first. */
export async function dueLines(db: Db, most: number): Promise<readonly string[]> {
  return (await due(db, { most })).map((row) => row.line);
}

/** The lines whose open tasks ask the person, by name or as a member of a group, are routed anew. */
const REROUTE = sql`
  insert into ${effect} (kind, priority, subject, body, run_at)
  select distinct 'reroute', 1, 'reroute:' || t.line_id, jsonb_build_object('kind', 'reroute', 'line', t.line_id), app_now()
  from ${task} t join ${taskAssignee} a on a.task_id = t.id where t.state = 'open' and (a.person_id = ${p("person")}::text
    or a.group_id in (select m.group_id from ${member} m where m.person_id = ${p("person")}::text)) and exists (select from said)`;

const marked = statement<{ fresh: boolean }>(sql`
with said as (insert into ${unreachable} as u (person_id, platform, why, since) values (${p("person")}::text, ${p("platform")}::text, ${p("why")}::text, app_now())
  on conflict (person_id, platform) do nothing returning 1),
routed as (${REROUTE} returning 1)
select exists (select from said) as fresh, (select count(*) from routed)`);

/** Remembers that no card reaches the person there; what waits for them is routed anew. True: it wasn't known. */
export async function markUnreachable(
  db: Db,
  it: { readonly person: string; readonly platform: string; readonly why: string },
): Promise<boolean> {
  const [row] = await marked(db, { ...it, why: it.why.slice(0, 200) });
  return row?.fresh ?? false;
}

const cleared = statement(sql`
with said as (delete from ${unreachable} where person_id = ${p("person")}::text and platform = ${p("platform")}::text returning 1),
routed as (${REROUTE} returning 1)
select (select count(*) from said), (select count(*) from routed)`);

/** A card arrived, or they acted: they can be asked again. */
export async function markReached(db: Db, it: { readonly person: string; readonly platform: string }): Promise<void> {
  await cleared(db, it);
}
