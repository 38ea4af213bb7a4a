/** Load: all that one decision needs, read in one statement together with the stored answer of its key. */
import { sql } from "drizzle-orm";
import type { Candidates } from "../domain/candidates.ts";
import type { Settings } from "../domain/catalogue.ts";
import type { KnownAccount } from "../domain/commands.ts";
import type { Line } from "../domain/line.ts";
import type { Person, PersonId } from "../domain/people.ts";
import type { Refusal } from "../domain/refusals.ts";
import type { Db } from "./connect.ts";
import { LINE_JSON, peopleJson, SETTINGS, TECHNICAL_OWNERS } from "./fragments.ts";
import { type Json, lineOf, personOf, settingsOf } from "./read-rows.ts";
import { account, definition, group, inbound, line, member, order, person, task, taskAssignee, unreachable } from "./schema.ts";
import { statement } from "./statement.ts";

/** A command that was taken before, with its answer. */
export interface Stored {
  readonly fingerprint: string;
  readonly answer: object;
}

export interface Loaded {
  readonly now: Date;
  readonly stored: Stored | null;
  /** What this very delivery was refused with before. */
  readonly refused: Refusal | null;
  /** null: there is no such line or task. */
  readonly line: Line | null;
  /** The group of the setting `administrators`; null: it is a person, or the technical owners. */
  readonly administratorsGroup: string | null;
  readonly actor: Person | null;
  readonly beneficiary: Person | null;
  readonly candidates: Candidates;
  readonly accounts: readonly KnownAccount[];
  readonly accountOnItsWay: boolean;
  readonly ownerOfLogin: KnownAccount | null;
}

export interface Wanted {
  readonly task: string | null;
  readonly line: string | null;
  readonly actor: PersonId | null;
  readonly key: string | null;
  /** Left out or null: nothing names it. */
  readonly delivery?: string | null;
  /** The login that is being confirmed. */
  readonly login: string | null;
  /** People whom the command names. */
  readonly named?: readonly PersonId[];
}

const p = (name: string) => sql.placeholder(name);
const CONTENT = sql`(select d.content from definition d where d.id = l.application_definition)`;

/** Read once the snapshot is taken, so that what is decided by it never bears an earlier instant than what it saw: `now()` is when the statement arrived. */
const NOW = sql`clock_timestamp() + (app_now() - now())`;

/**
 * Candidates as JSON. In scope as `s`: `beneficiary`, `content` (application), `policies` (jsonb array), `settings`, `line` (its tasks' people come into
 * question too; null: there is none yet) and `named` (jsonb array of people whom a command names). Give `s` an `offset 0`, or Postgres works its columns out
 * anew wherever they are used. People are looked up by arrays of ids: Postgres then expects few of them and goes by the index, where it would read the
 * whole table to join it with a list out of JSON, which it takes for a hundred.
 */
export const CANDIDATES = sql`(with recursive asked as materialized (
    select t.state, t.claimed_by, a.person_id, a.group_id from ${task} t join ${taskAssignee} a on a.task_id = t.id where t.line_id = s.line),
  rungs as materialized (
    select rung from jsonb_array_elements(s.policies) q(policy), jsonb_array_elements(case when jsonb_typeof(q.policy->'escalate') = 'object' then q.policy->'escalate'->'to' end) r(rung)
    union all select jsonb_array_elements(s.content->'serviceLevel'->'escalate'->'to') where jsonb_typeof(s.content->'serviceLevel'->'escalate') = 'object'),
  named_groups as materialized (
    select step->'approvers'->>'group' as id from jsonb_array_elements(s.policies) q(policy), jsonb_array_elements(q.policy->'steps') steps(step)
    union select s.content->'fulfillers'->>'group' union select rung->>'group' from rungs union select group_id from asked where state = 'open'),
  up(id, level) as (
    select b.manager_id, 1 from ${person} b where b.id = s.beneficiary
    union all select m.manager_id, up.level + 1 from up join ${person} m on m.id = up.id where up.level < 3)
  select jsonb_build_object(
    'managers', (select coalesce(jsonb_agg(m.person order by m.level) filter (where m.person is not null), '[]')
      from (select (select to_jsonb(x) from ${person} x where x.id = up.id) as person, level from up) m),
    'groups', (select jsonb_object_agg(g.id, (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]')
        from ${member} m join ${person} x on x.id = m.person_id where m.group_id = g.id)) from named_groups g where g.id is not null),
    'groupCalendars', (select jsonb_object_agg(g.id, g.calendar) from ${group} g where g.id = any(array(select id from named_groups))),
    'businessOwner', (select to_jsonb(x) from ${person} x where x.id = s.content->>'businessOwner'),
    'technicalOwner', (select to_jsonb(x) from ${person} x where x.id = s.content->>'technicalOwner'),
    'fulfiller', (select to_jsonb(x) from ${person} x where x.id = s.content->'fulfillers'->>'person'),
    'fallback', case when jsonb_typeof(s.settings->'fallbackApprovers') = 'object' then ${peopleJson(sql`(s.settings->'fallbackApprovers')`)} end,
    'administrators', case when jsonb_typeof(s.settings->'administrators') = 'object' then ${peopleJson(sql`(s.settings->'administrators')`)}
      else (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from ${TECHNICAL_OWNERS} x) end,
    'named', (select jsonb_object_agg(x.id, to_jsonb(x)) from ${person} x where x.id = any(array(
      select rung->>'person' from rungs union select person_id from asked union select claimed_by from asked
      union select jsonb_array_elements_text(s.named)))),
    'managerOf', (select jsonb_object_agg(who.id, to_jsonb(x)) from ${person} who join ${person} x on x.id = who.manager_id where who.id = any(array(
      select person_id from asked where state = 'open' union select claimed_by from asked where state = 'open'
      union select m.person_id from asked join ${member} m on m.group_id = asked.group_id where asked.state = 'open'))),
    'unreachable', (select jsonb_agg(distinct u.person_id) from ${unreachable} u),
    'calendars', (select jsonb_agg(d.content order by o.nth nulls last, d.id) from ${definition} d
      left join jsonb_array_elements_text(coalesce(s.settings->'calendars', '[]')) with ordinality o(id, nth) on o.id = d.key
      where d.kind = 'calendar' and d.until is null)))`;

/** The scope of `CANDIDATES` for `l`, but for `named`. */
const SCOPE = sql`l.beneficiary_id as beneficiary, ${CONTENT} as content,
  (select jsonb_build_array(d.content) from definition d where d.id = l.policy_definition) as policies, ${SETTINGS} as settings, l.id as line`;

const loaded = statement<{ now: string; loaded: Json }>(sql`
with l as materialized (
  select * from ${line} where id = coalesce(${p("line")}::uuid, (select line_id from ${task} where id = ${p("task")}::uuid)))
select to_json(${NOW}) as now, jsonb_build_object(
  'stored', (select jsonb_build_object('fingerprint', fingerprint, 'answer', answer) from ${inbound} where key = ${p("key")}::text),
  'refused', (select answer->'refused' from ${inbound} where key = ${p("delivery")}::text),
  'actor', (select to_jsonb(x) from ${person} x where x.id = ${p("actor")}::text),
  'administratorsGroup', ${SETTINGS}->'administrators'->>'group',
  'line', (select ${LINE_JSON} from l),
  'beneficiary', (select to_jsonb(x) from l join ${person} x on x.id = l.beneficiary_id),
  'candidates', (select ${CANDIDATES} from (select ${SCOPE}, coalesce(${p("named")}::jsonb, '[]') as named from l offset 0) s),
  'accounts', (select jsonb_agg(jsonb_build_object('id', a.id, 'login', a.login, 'owner', a.person_id) order by a.created_at, a.id)
    from l join ${account} a on a.person_id = l.beneficiary_id and a.application_id = l.application_id and a.state = 'active'),
  'accountOnItsWay', (select exists (select from l join ${line} other on other.beneficiary_id = l.beneficiary_id and other.application_id = l.application_id
    and other.id <> l.id join ${order} o on o.line_id = other.id and o.operation = 'create' and o.state in ('awaiting-review', 'scheduled', 'pending', 'transmitted', 'errored'))),
  'ownerOfLogin', (select jsonb_build_object('id', a.id, 'login', a.login, 'owner', a.person_id) from l join ${account} a
    on a.application_id = l.application_id and a.state = 'active' and lower(a.login) = lower(${p("login")}::text))) as loaded
`);

export async function load(db: Db, wanted: Wanted): Promise<Loaded> {
  const [row] = await loaded(db, { ...wanted, named: wanted.named ?? [], delivery: wanted.delivery ?? null });
  if (!row) throw new Error("the load gave no row");
  const it = row.loaded;
  return {
    now: new Date(row.now),
    stored: it.stored ?? null,
    refused: it.refused ?? null,
    administratorsGroup: it.administratorsGroup ?? null,
    line: it.line ? lineOf(it.line) : null,
    actor: it.actor ? personOf(it.actor) : null,
    beneficiary: it.beneficiary ? personOf(it.beneficiary) : null,
    candidates: candidatesOf(it.candidates),
    accounts: it.accounts ?? [],
    accountOnItsWay: it.accountOnItsWay ?? false,
    ownerOfLogin: it.ownerOfLogin ?? null,
  };
}

const routed = statement<{ now: string; line: Json; candidates: Json }>(sql`
select to_json(${NOW}) as now, ${LINE_JSON} as line, (select ${CANDIDATES} from (select ${SCOPE}, '[]'::jsonb as named offset 0) s) as candidates
from ${line} l where l.id in (select (jsonb_array_elements_text(${p("lines")}::jsonb))::uuid)`);

/** Several lines with whoever comes into question for them: what routing them anew needs. */
export async function loadForRouting(
  db: Db,
  lines: readonly string[],
): Promise<readonly { readonly line: Line; readonly candidates: Candidates; readonly now: Date }[]> {
  const rows = await routed(db, { lines });
  return rows.map((row) => ({ line: lineOf(row.line), candidates: candidatesOf(row.candidates), now: new Date(row.now) }));
}

export function candidatesOf(row: Json): Candidates {
  const people = (rows: Json) => (rows ?? []).map(personOf) as readonly Person[];
  const one = (found: Json) => (found ? personOf(found) : null);
  const byId = (found: Json) => Object.fromEntries(Object.entries(found ?? {}).map(([id, person]) => [id, personOf(person)]));
  return {
    managers: people(row?.managers),
    groups: Object.fromEntries(Object.entries(row?.groups ?? {}).map(([id, rows]) => [id, people(rows)])),
    businessOwner: one(row?.businessOwner),
    technicalOwner: one(row?.technicalOwner),
    fulfiller: one(row?.fulfiller),
    fallback: row?.fallback ? people(row.fallback) : null,
    administrators: people(row?.administrators),
    named: byId(row?.named),
    managerOf: byId(row?.managerOf),
    unreachable: row?.unreachable ?? [],
    calendars: row?.calendars ?? [],
    groupCalendars: row?.groupCalendars ?? {},
  };
}

const settings = statement<{ settings: Json }>(sql`select ${SETTINGS} as settings`);

/** The settings in force; null before the first configuration was applied. */
export async function loadSettings(db: Db): Promise<Settings | null> {
  const [row] = await settings(db, {});
  return row?.settings ? settingsOf(row.settings) : null;
}
