/** The read side: what cards are drawn from. Each view is one statement. */
import { type SQL, sql } from "drizzle-orm";
import type { Line, Task } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { Directory, HeldAccess, HomeView, RequestView, TaskRow, TaskView } from "../domain/views.ts";
import type { Db } from "./connect.ts";
import { LINE_JSON, PEOPLE_OF_LINE, peopleOf, SETTINGS, TECHNICAL_OWNERS } from "./fragments.ts";
import { instant, type Json, lineOf } from "./read-rows.ts";
import { account, assignment, definition, event, group, line, member, order, person, task, taskAssignee } from "./schema.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

export const PEOPLE_JSON = sql`jsonb_object_agg(x.id, jsonb_build_object('name', x.name, 'title', x.title, 'department', x.department, 'email', x.email))`;

/** Every group that a card of `line l` may name: those that are asked, those whom the policy asks, and those who look after the application. */
const GROUPS_OF_LINE = sql`(
  select a.group_id as id from ${taskAssignee} a join ${task} t on t.id = a.task_id where t.line_id = l.id
  union select s->'approvers'->>'group' from ${definition} d, jsonb_array_elements(d.content->'steps') s where d.id = l.policy_definition
  union select d.content->'fulfillers'->>'group' from ${definition} d where d.id = l.application_definition)`;

/** Names by id of the groups that cards of those lines may name, however many others there are. */
export function groupsJson(lines: SQL): SQL {
  return sql`(select jsonb_object_agg(g.id, g.name) from (select distinct named.id from ${lines} l, lateral ${GROUPS_OF_LINE} named) ids join ${group} g on g.id = ids.id)`;
}

export function directoryOf(row: Json): Directory {
  return { people: row.people ?? {}, groups: row.groups ?? {} };
}

const taskRead = statement<{ view: Json }>(sql`
with l as (select * from ${line} where id = (select line_id from ${task} where id = ${p("task")}::uuid))
select jsonb_build_object('line', (select ${LINE_JSON} from l),
  'siblings', (select jsonb_agg(jsonb_build_object('number', s.number, 'item', coalesce(
      (select e->>'name' from jsonb_array_elements(d.content->'entitlements') e where e->>'id' = s.entitlement_id), d.content->>'name')) order by s.number)
    from l join ${line} s on s.request_id = l.request_id and s.id <> l.id join ${definition} d on d.id = s.application_definition),
  'people', (select ${PEOPLE_JSON} from l, lateral ${PEOPLE_OF_LINE} who join ${person} x on x.id = who.id), 'groups', ${groupsJson(sql`l`)}) as view`);

export async function readTask(db: Db, id: string, viewer: PersonId | null): Promise<TaskView | null> {
  const [row] = await taskRead(db, { task: id });
  if (!row?.view.line) return null;
  const read = lineOf(row.view.line);
  const found = read.tasks.find((one) => one.id === id);
  return found ? { line: read, task: found, siblings: row.view.siblings ?? [], directory: directoryOf(row.view), viewer } : null;
}

const requestRead = statement<{ view: Json }>(sql`
with ls as (select * from ${line} where request_id = ${p("request")}::uuid)
select jsonb_build_object('lines', (select jsonb_agg(${LINE_JSON} order by l.number) from ls l),
  'people', (select ${PEOPLE_JSON} from (select distinct who.id from ls l, lateral ${PEOPLE_OF_LINE} who) ids join ${person} x on x.id = ids.id),
  'groups', ${groupsJson(sql`ls`)},
  'ends', (select jsonb_object_agg(a.line_id, a.until_at) from ${assignment} a join ls l on l.id = a.line_id)) as view`);

export async function readRequest(db: Db, id: string): Promise<RequestView | null> {
  const [row] = await requestRead(db, { request: id });
  const lines: Line[] = (row?.view.lines ?? []).map(lineOf);
  const [first] = lines;
  if (!row || !first) return null;
  const ends = Object.fromEntries(Object.entries(row.view.ends ?? {}).map(([lineId, at]) => [lineId, instant(at as string | null)]));
  return { requester: first.requester, lines, directory: directoryOf(row.view), ends };
}

/** Rows on one page of a list of the home page: App Home holds 100 blocks, and four lists share them. */
export const HOME_PAGE = 5;

/** The open tasks that wait for a person: named, or in a group that is asked, unless somebody else who may still do it has claimed it; parties never decide. */
const TASKS_OF_PERSON = sql`(
  select t.* from ${task} t join ${line} tl on tl.id = t.line_id where t.state = 'open'
    and (t.claimed_by is null or t.claimed_by = ${p("person")}::text or not exists (
      select from ${person} c where c.id = t.claimed_by and c.state = 'active' and exists (select from ${taskAssignee} a where a.task_id = t.id
        and (a.person_id = c.id or a.group_id in (select m.group_id from ${member} m where m.person_id = c.id)))))
    and exists (select from ${taskAssignee} a where a.task_id = t.id and (a.person_id = ${p("person")}::text
      or a.group_id in (select m.group_id from ${member} m where m.person_id = ${p("person")}::text)))
    and (t.kind <> 'approval' or ${p("person")}::text not in (tl.requester_id, tl.beneficiary_id))
    and not exists (select from vote v where v.task_id = t.id and v.person_id = ${p("person")}::text)
    -- whose approval of an earlier step counts here too
    and not exists (select from vote v join ${task} e on e.id = v.task_id and e.step < t.step join ${definition} d on d.id = tl.policy_definition
      where v.line_id = t.line_id and v.person_id = ${p("person")}::text and (d.content->'steps'->t.step->>'once')::boolean))`;

/** Whether the person is one of those who look after Latchkey today; never an authority: acts work it out again. In scope: `s.settings`. */
const IS_ADMINISTRATOR = sql`(case when jsonb_typeof(s.settings->'administrators') = 'object'
  then exists (select from ${peopleOf(sql`(s.settings->'administrators')`)} x where x.id = ${p("person")}::text and x.state = 'active')
  else exists (select from ${TECHNICAL_OWNERS} x where x.id = ${p("person")}::text and x.state = 'active') end)`;

/** How far back the log is looked through for what the person did last: it only has to reach some minutes back. */
const LATEST_EVENTS = sql.raw("200");

/** Acts of people, by what the log calls them; of a request that is over only what ended it or led there. An approval that decides is counted as the vote that it is. */
const LAST_ACT = sql`(
  select jsonb_build_object('did', e.did, 'number', l.number, 'application', d.content->>'name', 'at', e.at)
  from (select n.line_id, n.at, n.seq, case
      when n.kind = 'voted' and n.data->'vote'->>'vote' = 'approved' then 'approve'
      when n.kind = 'task-decided' and n.data->>'outcome' = 'cancelled' then 'cancel-order'
      else (jsonb_build_object('submitted', 'ask', 'rejected', 'reject', 'claimed', 'claim', 'released', 'release', 'reassigned', 'reassign', 'nudged', 'nudge',
        'withdrawn', 'withdraw', 'cancelled', 'cancel', 'order-executed', 'confirm', 'order-errored', 'report-error', 'order-retried', 'retry'))->>n.kind end as did
    from (select * from ${event} order by seq desc limit ${LATEST_EVENTS}) n
    where n.actor_id = ${p("person")}::text and n.at > app_now() - interval '2 minutes') e
  join ${line} l on l.id = e.line_id join ${definition} d on d.id = l.application_definition
  where e.did is not null and (l.open or e.did in ('approve', 'reject', 'confirm', 'cancel-order', 'withdraw', 'cancel'))
  order by e.seq desc limit 1)`;

const homeRead = statement<{ view: Json }>(sql`
with mine as materialized ${TASKS_OF_PERSON},
s as (select ${SETTINGS} as settings),
admin as materialized (select ${IS_ADMINISTRATOR} as yes from s),
overdue as materialized (select t.* from ${task} t where t.state = 'open' and t.due_at < app_now() and (select yes from admin)),
late as (select * from overdue order by due_at, opened_at, id limit ${p("size")}::int offset ${p("size")}::int * ${p("late")}::int),
tasks as (select * from mine order by due_at nulls last, opened_at, id limit ${p("size")}::int offset ${p("size")}::int * ${p("tasks")}::int),
asked as (select * from ${line} l where l.requester_id = ${p("person")}::text or l.beneficiary_id = ${p("person")}::text),
requests as (select * from asked order by open desc, submitted_at desc, number desc limit ${p("size")}::int offset ${p("size")}::int * ${p("requests")}::int),
held as (select a.*, c.login, l.number, o.state as order_state, d.content from ${assignment} a join ${account} c on c.id = a.account_id
  join ${line} l on l.id = a.line_id join ${order} o on o.line_id = l.id join ${definition} d on d.id = l.application_definition
  where a.person_id = ${p("person")}::text and a.state <> 'ended'),
access as (select * from held order by content->>'name', entitlement_id nulls first limit ${p("size")}::int offset ${p("size")}::int * ${p("access")}::int),
shown as (select l.* from ${line} l where l.id in (select line_id from tasks union select line_id from late union select id from requests))
select jsonb_build_object(
  'now', app_now(),
  'late', (select jsonb_agg(jsonb_build_object('task', t.id, 'line', ${LINE_JSON}) order by t.due_at, t.opened_at, t.id) from late t join ${line} l on l.id = t.line_id),
  'lateCount', case when (select yes from admin) then (select count(*) from overdue) end,
  'last', ${LAST_ACT},
  'tasks', (select jsonb_agg(jsonb_build_object('task', t.id, 'line', ${LINE_JSON}) order by t.due_at nulls last, t.opened_at, t.id) from tasks t join ${line} l on l.id = t.line_id),
  'taskCount', (select count(*) from mine),
  'requests', (select jsonb_agg(${LINE_JSON} order by l.open desc, l.submitted_at desc, l.number desc) from requests l),
  'requestCount', (select count(*) from asked),
  'access', (select jsonb_agg(jsonb_build_object('application', h.content->>'name', 'login', h.login, 'from', h.from_at, 'until', h.until_at, 'state', h.order_state,
      'number', h.number, 'entitlement', (select e->>'name' from jsonb_array_elements(h.content->'entitlements') e where e->>'id' = h.entitlement_id))
      order by h.content->>'name', h.entitlement_id nulls first) from access h),
  'accessCount', (select count(*) from held),
  'people', (select ${PEOPLE_JSON} from (select distinct who.id from shown l, lateral ${PEOPLE_OF_LINE} who) ids join ${person} x on x.id = ids.id),
  'groups', ${groupsJson(sql`shown`)}) as view`);

export interface Pages {
  readonly tasks: number;
  readonly requests: number;
  readonly access: number;
  /** Of the administrators' list; left out: its first page. */
  readonly late?: number;
}

/** One page of each of a person's lists; a page beyond the end is empty. */
export async function readHome(db: Db, of: PersonId, pages: Pages): Promise<HomeView> {
  const { tasks, requests, access, late = 0 } = pages;
  const [row] = await homeRead(db, { person: of, size: HOME_PAGE, tasks, requests, access, late });
  const it = row?.view ?? {};
  const page = <T>(rows: readonly T[], total: Json, at: number) => ({ rows, total: Number(total ?? 0), page: at, size: HOME_PAGE });
  return {
    person: of,
    directory: directoryOf(it),
    now: new Date(it.now),
    tasks: page(taskRows(it.tasks), it.taskCount, tasks),
    requests: page((it.requests ?? []).map(lineOf), it.requestCount, requests),
    access: page((it.access ?? []).map(heldOf), it.accessCount, access),
    late: it.lateCount === null || it.lateCount === undefined ? null : page(taskRows(it.late), it.lateCount, late),
    last: it.last ? { did: it.last.did, number: Number(it.last.number), application: it.last.application, at: new Date(it.last.at) } : null,
  };
}

export function taskRows(rows: Json): readonly TaskRow[] {
  return (rows ?? []).flatMap((one: Json) => {
    const read = lineOf(one.line);
    const found = read.tasks.find((candidate) => candidate.id === one.task);
    return found ? [{ line: read, task: found }] : [];
  });
}

function heldOf(row: Json): HeldAccess {
  return {
    application: row.application,
    entitlement: row.entitlement,
    login: row.login,
    from: new Date(row.from),
    until: instant(row.until),
    state: row.state === "verified" ? "verified" : "executed",
    lineNumber: Number(row.number),
  };
}

const numberRead = statement<{ line: string; request: string; tasks: Json }>(sql`
select l.id as line, l.request_id as request, coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'kind', t.kind, 'state', t.state) order by t.opened_at, t.id)
  from ${task} t where t.line_id = l.id), '[]') as tasks from ${line} l where l.number = ${p("number")}::bigint`);

/** The line with that number and its tasks, the newest last; null: there is none. */
export async function readNumbered(
  db: Db,
  number: number,
): Promise<{ readonly line: string; readonly request: string; readonly tasks: readonly Pick<Task, "id" | "kind" | "state">[] } | null> {
  const [row] = await numberRead(db, { number });
  return row ?? null;
}
