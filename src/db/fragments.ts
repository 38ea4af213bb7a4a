/** Pieces of SQL that several queries share: a line with all that belongs to it, and who is who. */
import { type SQL, sql } from "drizzle-orm";
import { REF } from "./definitions.ts";
import { application, configuration, definition, event, member, order, person, task, taskAssignee, vote } from "./schema.ts";

const OWN_ROWS: SQL = sql`'line', to_jsonb(l), 'tasks', (select jsonb_agg(to_jsonb(t) || jsonb_build_object(
      'assignees', (select jsonb_agg(to_jsonb(a) || jsonb_build_object('members', case when a.group_id is null then null else (
          select coalesce(jsonb_agg(m.person_id order by m.person_id), '[]') from ${member} m join ${person} mp on mp.id = m.person_id
          where m.group_id = a.group_id and mp.state = 'active') end) order by a.position) from ${taskAssignee} a where a.task_id = t.id),
      'handed', case when t.state = 'open' then (
          select jsonb_build_object('by', e.actor_id, 'reason', e.data->>'reason', 'at', e.at) from ${event} e
          where e.line_id = l.id and e.task_id = t.id and e.kind = 'reassigned' and e.actor_id is not null order by e.seq desc limit 1) end,
      'votes', (select jsonb_agg(to_jsonb(v) order by v.at) from ${vote} v where v.task_id = t.id)) order by t.opened_at, t.id)
    from ${task} t where t.line_id = l.id),
  'order', (select to_jsonb(o) from ${order} o where o.line_id = l.id)`;

/** `line l` as the JSON that `lineOf` reads: row, tasks, order, application (with the line's entitlement only) and policy. */
export const LINE_JSON: SQL = sql`jsonb_build_object(${OWN_ROWS},
  'application', (select jsonb_set(d.content, '{entitlements}', coalesce(
      (select jsonb_agg(e) from jsonb_array_elements(d.content->'entitlements') e where e->>'id' = l.entitlement_id), '[]'))
    from ${definition} d where d.id = l.application_definition),
  'policy', (select d.content from ${definition} d where d.id = l.policy_definition))`;

/** The same with a `Ref` in place of application and policy: `contentsOf` knows the rest. */
export const LINE_WITH_REFS: SQL = sql`jsonb_build_object(${OWN_ROWS},
  'application', (select ${REF} from ${definition} d where d.id = l.application_definition),
  'policy', (select ${REF} from ${definition} d where d.id = l.policy_definition))`;

/** Acts of administrators on one line whose names are known: the latest, which cards and remarks speak of. */
const MOST_STEERED = sql.raw("20");

/** Everybody whose name a card of `line l` may show. */
export const PEOPLE_OF_LINE: SQL = sql`(
  select l.requester_id as id union select l.beneficiary_id
  union select coalesce(d.content->'fulfillers'->>'person', d.content->>'technicalOwner') from ${definition} d where d.id = l.application_definition
  union select d.content->>'technicalOwner' from ${definition} d where d.id = l.application_definition
  union select t.claimed_by from ${task} t where t.line_id = l.id union select t.decided_by from ${task} t where t.line_id = l.id
  union select l.closing->>'by'
  union (select e.actor_id from ${event} e where e.line_id = l.id and e.kind in ('reassigned', 'released') and e.actor_id is not null
    order by e.seq desc limit ${MOST_STEERED})
  union select v.person_id from ${vote} v where v.line_id = l.id
  union select a.person_id from ${taskAssignee} a join ${task} t on t.id = a.task_id where t.line_id = l.id
  union select m.person_id from ${taskAssignee} a join ${task} t on t.id = a.task_id and t.state = 'open' join ${member} m on m.group_id = a.group_id where t.line_id = l.id)`;

/** The settings of the current configuration. */
export const SETTINGS: SQL = sql`(select c.settings from ${configuration} c order by c.version desc limit 1)`;

/** The people behind a setting that names a person or a group, as `setof person`; nobody when it is left out. */
export function peopleOf(setting: SQL): SQL {
  return sql`(select p.* from ${person} p where p.id = ${setting}->>'person'
    union select p.* from ${person} p join ${member} m on m.person_id = p.id where m.group_id = ${setting}->>'group')`;
}

/** The technical owners of all applications, as `setof person`: the administrators where the configuration names none. */
export const TECHNICAL_OWNERS: SQL = sql`(select p.* from ${person} p where p.id in
  (select d.content->>'technicalOwner' from ${application} a join ${definition} d on d.id = a.definition_id))`;
