/** Which new task comes alone and which on a digest, as it was arranged: what the rule is asked with, its answer, and what stands on a digest. */
import { sql } from "drizzle-orm";
import type { Allowance, Arrangement, Arriving } from "../domain/digest.ts";
import { CARDS_AT_ONCE } from "../domain/digest.ts";
import type { GroupId, PersonId } from "../domain/people.ts";
import type { DigestView } from "../domain/views.ts";
import type { Db } from "./connect.ts";
import { LINE_JSON, PEOPLE_OF_LINE } from "./fragments.ts";
import type { Place } from "./messages.ts";
import type { Json } from "./read-rows.ts";
import { allowance, effect, event, group, line, member, message, person, task, taskAssignee } from "./schema.ts";
import { statement } from "./statement.ts";
import { directoryOf, groupsJson, PEOPLE_JSON, taskRows } from "./views.ts";

const p = (name: string) => sql.placeholder(name);

/** A task at a place where it perhaps has no copy yet. */
export interface Arrival extends Place {
  readonly task: string;
  /** Whom the place stands for: the person, or of a channel the groups that are asked there. */
  readonly asked: { readonly person: PersonId } | { readonly groups: readonly GroupId[] };
}

/** `known`: it was arranged before; `digest` null: as a card of its own. */
export type Arranged =
  | { readonly known: true; readonly digest: string | null }
  | { readonly known: false; readonly allowance: Allowance | null; readonly together: Arriving["together"]; readonly now: Date };

/** Groups whose cards go to the person directly, at least also. */
const GROUPS_OF_PERSON = sql`select m.group_id from ${member} m join ${group} g on g.id = m.group_id
  where m.person_id = ${p("person")}::text and (g.slack_channel is null or g.notify in ('direct', 'both'))`;

/** Effects that are looked at for it. In a larger heap the place's allowance gathers what this doesn't see. */
const MOST_WAITING = sql.raw("1000");

/** New tasks for the place that wait to be posted, the one in question among them; no more than matter are counted, and no more is read than waits. */
const TOGETHER = sql`(select count(*)::int from (
  select from (select 'task:' || ${p("task")}::text as subject union select d.subject from (
      select e.subject from ${effect} e where e.state = 'due' and e.priority = 2 order by coalesce(e.leased_until, e.run_at) limit ${MOST_WAITING}) d
    where d.subject like 'task:%') due
  join ${task} t on t.id = substr(due.subject, 6)::uuid and t.state = 'open'
  where (t.id = ${p("task")}::uuid or exists (select from ${taskAssignee} a where a.task_id = t.id and (a.person_id = ${p("person")}::text
      or a.group_id in (${GROUPS_OF_PERSON}) or a.group_id in (select jsonb_array_elements_text(${p("groups")}::jsonb)))))
    and not exists (select from ${message} m where m.subject = due.subject and m.platform = ${p("platform")}::text and m.place = ${p("place")}::text)
  limit ${sql.raw(String(CARDS_AT_ONCE + 1))}) waiting)`;

const AT_PLACE = sql`platform = ${p("platform")}::text and home = ${p("home")}::text and place = ${p("place")}::text`;

const read = statement<{ row: Json }>(sql`
with known as (select digest from ${message} where subject = 'task:' || ${p("task")}::text and ${AT_PLACE})
select jsonb_build_object('known', (select to_jsonb(k) from known k), 'now', app_now(),
  'allowance', (select to_jsonb(a) || jsonb_build_object('stands', exists (select from ${message} m where m.subject = 'digest:' || a.digest and m.state = 'posted'))
    from ${allowance} a where ${AT_PLACE}),
  'together', case when exists (select from known) then 0 else ${TOGETHER} end) as row`);

/** How the task stands at the place, or what the rule needs to arrange it. */
export async function readArrival(db: Db, it: Arrival): Promise<Arranged> {
  const { task, platform, home, place } = it;
  const asked = "person" in it.asked ? { person: it.asked.person, groups: [] } : { person: null, groups: it.asked.groups };
  const [found] = await read(db, { task, platform, home, place, ...asked });
  const row = found?.row;
  if (row?.known) return { known: true, digest: row.known.digest };
  return { known: false, allowance: allowanceOf(row?.allowance), together: row?.together ?? 1, now: new Date(row?.now) };
}

function allowanceOf(row: Json): Allowance | null {
  if (!row) return null;
  const digest = row.digest ? { id: row.digest, openedAt: new Date(row.opened_at), stands: row.stands } : null;
  return { fullAt: new Date(row.full_at), digest };
}

const SHOW_DIGEST = sql`insert into ${effect} (kind, priority, subject, body, run_at)
  select 'show', 2, 'digest:' || ${p("digest")}::text, jsonb_build_object('kind', 'show', 'subject', 'digest', 'id', ${p("digest")}::text), app_now()`;

const arranged = statement<{ done: boolean }>(sql`
with spent as (insert into ${allowance} as a (platform, home, place, full_at, digest, opened_at)
  select ${p("platform")}::text, ${p("home")}::text, ${p("place")}::text, ${p("fullAt")}::timestamptz, ${p("opened")}::uuid, ${p("now")}::timestamptz
  where ${p("fullAt")}::timestamptz is not null
  on conflict (platform, home, place) do update set full_at = excluded.full_at, digest = coalesce(excluded.digest, a.digest),
    opened_at = case when excluded.digest is null then a.opened_at else excluded.opened_at end
  where a.full_at = ${p("before")}::timestamptz returning 1),
copy as (insert into ${message} (id, subject, platform, home, place, state, digest)
  select ${p("id")}::uuid, 'task:' || ${p("task")}::text, ${p("platform")}::text, ${p("home")}::text, ${p("place")}::text,
    case when ${p("digest")}::uuid is null then 'lost' else 'listed' end, ${p("digest")}::uuid
  where ${p("fullAt")}::timestamptz is null or exists (select from spent)
  on conflict (subject, platform, home, place) do nothing returning 1),
shown as (${SHOW_DIGEST} from copy where ${p("digest")}::uuid is not null returning 1)
select exists (select from copy) as done, (select count(*) from shown)`);

/**
 * Writes what the rule said, with the effect that draws the digest; `id` names the copy, `digest` a digest that is opened. False: somebody else
 * arranged something for the place in the meantime, and nothing was written.
 */
export async function writeArrangement(
  db: Db,
  { task, platform, home, place }: Arrival,
  it: { readonly said: Arrangement; readonly before: Allowance | null; readonly now: Date; readonly id: string; readonly digest: string },
): Promise<boolean> {
  const { said } = it;
  const opened = said.type === "opens" ? it.digest : null;
  const [row] = await arranged(db, {
    task,
    platform,
    home,
    place,
    id: it.id,
    fullAt: said.type === "joins" ? null : said.fullAt.toISOString(),
    before: it.before?.fullAt.toISOString() ?? null,
    now: opened === null ? null : it.now.toISOString(),
    opened,
    digest: said.type === "joins" ? said.digest : opened,
  });
  return row?.done ?? false;
}

const redraw = statement(sql`${SHOW_DIGEST} where not exists (
  select from ${effect} where subject = 'digest:' || ${p("digest")}::text and state = 'due' and leased_until is null) returning 1`);

/** Something on it has changed: it is drawn anew, once for everything that changes in the meantime. */
export async function redrawDigest(db: Db, digest: string): Promise<void> {
  await redraw(db, { digest });
}

/** Reminders that are due within so many seconds share a reply: a few ticks, and much less than people's rhythm. */
const WINDOW = sql.raw("900");

const reminded = statement<{ window: string; tasks: readonly string[] | null }>(sql`
select w.nth::text as window, (select jsonb_agg(distinct t.id) from ${message} m join ${task} t on t.id = substr(m.subject, 6)::uuid
    join ${event} e on e.line_id = t.line_id and e.task_id = t.id and e.kind = 'reminded' and floor(extract(epoch from e.at) / ${WINDOW}) = w.nth
  where m.digest = ${p("digest")}::uuid and t.state = 'open') as tasks
from (select floor(extract(epoch from f.run_at) / ${WINDOW})::bigint as nth from ${effect} f where f.id = ${p("effect")}::bigint) w`);

/** The open tasks of the digest that were reminded of together with what the effect tells, and what names that moment. */
export async function readReminded(
  db: Db,
  it: { readonly digest: string; readonly effect: number },
): Promise<{ readonly window: string; readonly tasks: readonly string[] }> {
  const [row] = await reminded(db, it);
  return { window: row?.window ?? "", tasks: row?.tasks ?? [] };
}

/** Open tasks that are read in full: more than any platform shows. */
const MOST_OPEN = sql.raw("40");
const MOST_OVER = sql.raw("30");

const digestRead = statement<{ row: Json }>(sql`
with on_it as materialized (select t.*, m.place from ${message} m join ${task} t on t.id = substr(m.subject, 6)::uuid where m.digest = ${p("digest")}::uuid),
open as (select * from on_it where state = 'open' order by due_at nulls last, opened_at, id limit ${MOST_OPEN}),
over as (select * from on_it where state <> 'open' order by coalesce(decided_at, opened_at) desc, id limit ${MOST_OVER}),
shown as (select l.* from ${line} l where l.id in (select line_id from open union select line_id from over))
select jsonb_build_object('now', app_now(), 'place', (select min(place) from on_it),
  'openCount', (select count(*) from on_it where state = 'open'), 'overCount', (select count(*) from on_it where state <> 'open'),
  'open', (select jsonb_agg(jsonb_build_object('task', t.id, 'line', ${LINE_JSON}) order by t.due_at nulls last, t.opened_at, t.id)
    from open t join ${line} l on l.id = t.line_id),
  'over', (select jsonb_agg(jsonb_build_object('task', t.id, 'line', ${LINE_JSON}) order by coalesce(t.decided_at, t.opened_at) desc, t.id)
    from over t join ${line} l on l.id = t.line_id),
  'people', (select ${PEOPLE_JSON} from (select distinct who.id from shown l, lateral ${PEOPLE_OF_LINE} who) ids join ${person} x on x.id = ids.id),
  'groups', ${groupsJson(sql`shown`)}) as row`);

/** What stands on the digest now, and where it belongs; null: nothing does. */
export async function readDigest(db: Db, digest: string): Promise<(Omit<DigestView, "viewer"> & { readonly place: string }) | null> {
  const [found] = await digestRead(db, { digest });
  const row = found?.row;
  if (!row?.place) return null;
  return {
    place: row.place,
    now: new Date(row.now),
    directory: directoryOf(row),
    open: taskRows(row.open),
    openCount: row.openCount,
    over: taskRows(row.over),
    overCount: row.overCount,
  };
}
