/** Everybody who might come into question for a line, as one JSON: each person once, and who of them is what by their ids. */
import { sql } from "drizzle-orm";
import type { Candidates } from "../domain/candidates.ts";
import type { Person } from "../domain/people.ts";
import type { Db } from "./connect.ts";
import { contentsOf, REF, type Ref } from "./definitions.ts";
import { TECHNICAL_OWNERS } from "./fragments.ts";
import { type Json, personOf } from "./read-rows.ts";
import { definition, group, member, person, task, taskAssignee, unreachable } from "./schema.ts";

/**
 * In scope as `s`: `beneficiary`, `content` (application), `policies` (jsonb array), `settings`, `line` (its tasks' people come into question too; null:
 * there is none yet), `named` (jsonb array of people whom a command names) and `actor` (null: nobody acts). Give `s` an `offset 0`, or Postgres works its
 * columns out anew wherever they are used. All lists are arrays of ids, and people are read once, by theirs: Postgres then expects few of them and
 * goes by the index, where it would read the whole table to join it with a list out of JSON, which it takes for a hundred.
 */
export const CANDIDATES = sql`(with asked as materialized (
    select t.state = 'open' as open, t.claimed_by, a.person_id, a.group_id from ${task} t join ${taskAssignee} a on a.task_id = t.id where t.line_id = s.line),
  wanted as materialized (select array(
      select jsonb_array_elements_text(jsonb_path_query_array(s.policies, '$[*].**.group') || jsonb_path_query_array(s.content, '$.serviceLevel.escalate.to[*].group'))
      union all select s.content->'fulfillers'->>'group' union all select s.settings->'fallbackApprovers'->>'group' union all select s.settings->'administrators'->>'group'
      union all select group_id from asked where open) as groups),
  seat as materialized (select m.group_id, m.person_id from ${member} m where m.group_id = any((select groups from wanted)::text[])),
  chain as materialized (select array_remove(array[b.manager_id, m1.manager_id, m2.manager_id], null) as ids
    from ${person} b left join ${person} m1 on m1.id = b.manager_id left join ${person} m2 on m2.id = m1.manager_id where b.id = s.beneficiary),
  named as materialized (select array(
      select jsonb_array_elements_text(jsonb_path_query_array(s.policies, '$[*].escalate.to[*].person') || jsonb_path_query_array(s.content, '$.serviceLevel.escalate.to[*].person') || s.named)
      union all select person_id from asked union all select claimed_by from asked) as ids),
  boss as materialized (select w.id, w.manager_id from ${person} w where w.manager_id is not null and w.id = any(array(
      select person_id from asked where open union all select claimed_by from asked where open
      union all select seat.person_id from asked join seat on seat.group_id = asked.group_id where asked.open))),
  everybody as materialized (select array(
      select s.beneficiary union all select s.actor union all select unnest(ids) from chain union all select unnest(ids) from named union all select person_id from seat union all select manager_id from boss
      union all select s.content->>'businessOwner' union all select s.content->>'technicalOwner' union all select s.content->'fulfillers'->>'person'
      union all select s.settings->'fallbackApprovers'->>'person' union all select s.settings->'administrators'->>'person') as ids)
  select jsonb_build_object(
    'people', (select jsonb_object_agg(x.id, to_jsonb(x)) from ${person} x where x.id = any((select ids from everybody)::text[])),
    'managers', (select to_jsonb(ids) from chain),
    'groups', (select to_jsonb(groups) from wanted),
    'seats', (select jsonb_agg(jsonb_build_array(group_id, person_id) order by person_id) from seat),
    'groupCalendars', (select jsonb_object_agg(g.id, g.calendar) from ${group} g where g.id = any((select groups from wanted)::text[])),
    'businessOwner', s.content->>'businessOwner', 'technicalOwner', s.content->>'technicalOwner', 'fulfiller', s.content->'fulfillers'->>'person',
    'fallback', s.settings->'fallbackApprovers', 'administrators', s.settings->'administrators',
    'owners', case when jsonb_typeof(s.settings->'administrators') = 'object' then null
      else (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from ${TECHNICAL_OWNERS} x) end,
    'named', (select to_jsonb(ids) from named),
    'managerOf', (select jsonb_object_agg(id, manager_id) from boss),
    'unreachable', (select jsonb_agg(distinct u.person_id) from ${unreachable} u),
    'calendars', (select jsonb_agg(${REF} order by o.nth nulls last, d.id) from ${definition} d
      left join jsonb_array_elements_text(coalesce(s.settings->'calendars', '[]')) with ordinality o(id, nth) on o.id = d.key
      where d.kind = 'calendar' and d.until is null)))`;

export interface ReadCandidates {
  readonly candidates: Candidates;
  /** Anybody among them, the beneficiary and whoever acts; null: nobody has that id. */
  readonly person: (id: string | null) => Person | null;
}

/** What `CANDIDATES` gave; null: there was nothing in scope. */
export async function candidatesOf(db: Db, row: Json): Promise<ReadCandidates> {
  const calendars: readonly Ref[] = row?.calendars ?? [];
  return read(
    row,
    await contentsOf(
      db,
      calendars.map((ref) => ({ ref })),
    ),
  );
}

function read(row: Json, calendars: readonly Json[]): ReadCandidates {
  const people = new Map<string, Person>(Object.entries(row?.people ?? {}).map(([id, one]) => [id, personOf(one)]));
  const person = (id: string | null) => people.get(id ?? "") ?? null;
  const known = (ids: readonly (string | null)[] | null) => (ids ?? []).map(person).filter((one) => one !== null);
  const seats: readonly (readonly [string, string])[] = row?.seats ?? [];
  const membersOf = (group: string) => known(seats.filter(([id]) => id === group).map(([, member]) => member));
  const behind = (setting: { readonly group?: string; readonly person?: string }) =>
    setting.group === undefined ? known([setting.person ?? null]) : membersOf(setting.group);
  const candidates: Candidates = {
    managers: known(row?.managers),
    groups: Object.fromEntries(((row?.groups ?? []) as (string | null)[]).filter((id) => id !== null).map((id) => [id, membersOf(id)])),
    businessOwner: person(row?.businessOwner ?? null),
    technicalOwner: person(row?.technicalOwner ?? null),
    fulfiller: person(row?.fulfiller ?? null),
    fallback: row?.fallback ? behind(row.fallback) : null,
    administrators: row?.administrators ? behind(row.administrators) : ((row?.owners ?? []) as Json[]).map(personOf),
    named: Object.fromEntries(known(row?.named).map((one) => [one.id, one])),
    managerOf: Object.fromEntries(
      Object.entries((row?.managerOf ?? {}) as Record<string, string>).flatMap(([id, boss]) => known([boss]).map((one) => [id, one])),
    ),
    unreachable: row?.unreachable ?? [],
    calendars,
    groupCalendars: row?.groupCalendars ?? {},
  };
  return { candidates, person };
}
