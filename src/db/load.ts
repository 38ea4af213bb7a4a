/** Load: all that one decision needs, read in one statement together with the stored answer of its key. */
import { sql } from "drizzle-orm";
import type { Settings } from "../domain/catalogue.ts";
import type { KnownAccount } from "../domain/commands.ts";
import type { Line } from "../domain/line.ts";
import type { Person, PersonId } from "../domain/people.ts";
import type { Candidates } from "../domain/routing.ts";
import type { Db } from "./connect.ts";
import { LINE_JSON, PEOPLE_OF_LINE, peopleOf, SETTINGS, TECHNICAL_OWNERS } from "./fragments.ts";
import { type Json, lineOf, personOf, settingsOf } from "./read-rows.ts";
import { account, inbound, line, member, order, person, task } from "./schema.ts";
import { statement } from "./statement.ts";

/** A command that was taken before, with its answer. */
export interface Stored {
  readonly fingerprint: string;
  readonly answer: object;
}

export interface Loaded {
  readonly now: Date;
  readonly stored: Stored | null;
  /** null: there is no such line or task. */
  readonly line: Line | null;
  readonly actor: Person | null;
  readonly beneficiary: Person | null;
  readonly candidates: Candidates;
  readonly accounts: readonly KnownAccount[];
  readonly accountOnItsWay: boolean;
  readonly ownerOfLogin: KnownAccount | null;
  readonly names: Readonly<Record<PersonId, string>>;
}

export interface Wanted {
  readonly task: string | null;
  readonly line: string | null;
  readonly actor: PersonId | null;
  readonly key: string | null;
  /** The login that is being confirmed. */
  readonly login: string | null;
}

const p = (name: string) => sql.placeholder(name);
const CONTENT = sql`(select d.content from definition d where d.id = l.application_definition)`;

/** Candidates as JSON, given `content` (application) and `policies` (jsonb array of policies) and `beneficiary` in scope. */
export const CANDIDATES = sql`jsonb_build_object(
  'managers', (with recursive up(id, level) as (
      select b.manager_id, 1 from ${person} b where b.id = s.beneficiary
      union all select m.manager_id, up.level + 1 from up join ${person} m on m.id = up.id where up.level < 3)
    select coalesce(jsonb_agg(to_jsonb(x) order by up.level), '[]') from up join ${person} x on x.id = up.id),
  'groups', (select jsonb_object_agg(g.id, (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]')
      from ${member} m join ${person} x on x.id = m.person_id where m.group_id = g.id))
    from (select distinct step->'approvers'->>'group' as id from jsonb_array_elements(s.policies) q(policy), jsonb_array_elements(q.policy->'steps') step
      union select s.content->'fulfillers'->>'group') g where g.id is not null),
  'businessOwner', (select to_jsonb(x) from ${person} x where x.id = s.content->>'businessOwner'),
  'technicalOwner', (select to_jsonb(x) from ${person} x where x.id = s.content->>'technicalOwner'),
  'fulfiller', (select to_jsonb(x) from ${person} x where x.id = s.content->'fulfillers'->>'person'),
  'fallback', case when jsonb_typeof(s.settings->'fallbackApprovers') = 'object'
    then (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from ${peopleOf(sql`(s.settings->'fallbackApprovers')`)} x) end,
  'administrators', case when jsonb_typeof(s.settings->'administrators') = 'object'
    then (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from ${peopleOf(sql`(s.settings->'administrators')`)} x)
    else (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from ${TECHNICAL_OWNERS} x) end)`;

const loaded = statement<{ now: string; loaded: Json }>(sql`
with l as (
  select * from ${line} where id = coalesce(${p("line")}::uuid, (select line_id from ${task} where id = ${p("task")}::uuid)))
select to_json(app_now()) as now, jsonb_build_object(
  'stored', (select jsonb_build_object('fingerprint', fingerprint, 'answer', answer) from ${inbound} where key = ${p("key")}::text),
  'actor', (select to_jsonb(x) from ${person} x where x.id = ${p("actor")}::text),
  'line', (select ${LINE_JSON} from l),
  'beneficiary', (select to_jsonb(x) from l join ${person} x on x.id = l.beneficiary_id),
  'candidates', (select ${CANDIDATES} from (select l.beneficiary_id as beneficiary, l.application_definition as definition, ${CONTENT} as content,
      (select jsonb_build_array(d.content) from definition d where d.id = l.policy_definition) as policies, ${SETTINGS} as settings from l) s),
  'accounts', (select jsonb_agg(jsonb_build_object('id', a.id, 'login', a.login, 'owner', a.person_id) order by a.created_at, a.id)
    from l join ${account} a on a.person_id = l.beneficiary_id and a.application_id = l.application_id and a.state = 'active'),
  'accountOnItsWay', (select exists (select from l join ${line} other on other.beneficiary_id = l.beneficiary_id and other.application_id = l.application_id
    and other.id <> l.id join ${order} o on o.line_id = other.id and o.operation = 'create' and o.state in ('awaiting-review', 'scheduled', 'pending', 'transmitted', 'errored'))),
  'ownerOfLogin', (select jsonb_build_object('id', a.id, 'login', a.login, 'owner', a.person_id) from l join ${account} a
    on a.application_id = l.application_id and a.state = 'active' and lower(a.login) = lower(${p("login")}::text)),
  'names', (select jsonb_object_agg(x.id, x.name) from l, lateral (select id from ${PEOPLE_OF_LINE} known union select a.person_id from ${account} a
    where a.application_id = l.application_id and a.state = 'active' and lower(a.login) = lower(${p("login")}::text)) who join ${person} x on x.id = who.id)) as loaded
`);

export async function load(db: Db, wanted: Wanted): Promise<Loaded> {
  const [row] = await loaded(db, { ...wanted });
  if (!row) throw new Error("the load gave no row");
  const it = row.loaded;
  return {
    now: new Date(row.now),
    stored: it.stored ?? null,
    line: it.line ? lineOf(it.line) : null,
    actor: it.actor ? personOf(it.actor) : null,
    beneficiary: it.beneficiary ? personOf(it.beneficiary) : null,
    candidates: candidatesOf(it.candidates),
    accounts: it.accounts ?? [],
    accountOnItsWay: it.accountOnItsWay ?? false,
    ownerOfLogin: it.ownerOfLogin ?? null,
    names: it.names ?? {},
  };
}

export function candidatesOf(row: Json): Candidates {
  const people = (rows: Json) => (rows ?? []).map(personOf) as readonly Person[];
  const one = (found: Json) => (found ? personOf(found) : null);
  return {
    managers: people(row?.managers),
    groups: Object.fromEntries(Object.entries(row?.groups ?? {}).map(([id, rows]) => [id, people(rows)])),
    businessOwner: one(row?.businessOwner),
    technicalOwner: one(row?.technicalOwner),
    fulfiller: one(row?.fulfiller),
    fallback: row?.fallback ? people(row.fallback) : null,
    administrators: people(row?.administrators),
  };
}

const settings = statement<{ settings: Json }>(sql`select ${SETTINGS} as settings`);

/** The settings in force; null before the first configuration was applied. */
export async function loadSettings(db: Db): Promise<Settings | null> {
  const [row] = await settings(db, {});
  return row?.settings ? settingsOf(row.settings) : null;
}
