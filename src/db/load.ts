/** Load: all that one decision needs, read in one statement together with the stored answer of its key. */
import { sql } from "drizzle-orm";
import type { Candidates } from "../domain/candidates.ts";
import type { Settings } from "../domain/catalogue.ts";
import type { KnownAccount } from "../domain/commands.ts";
import type { Line } from "../domain/line.ts";
import type { Person, PersonId } from "../domain/people.ts";
import type { Refusal } from "../domain/refusals.ts";
import type { Db } from "./connect.ts";
import { contentsOf } from "./definitions.ts";
import { LINE_JSON, LINE_WITH_REFS, SETTINGS } from "./fragments.ts";
import { CANDIDATES, candidatesOf } from "./load-candidates.ts";
import { type Json, lineOf, settingsOf } from "./read-rows.ts";
import { account, inbound, line, order, task } from "./schema.ts";
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
  /** null: there is no such person, or no line. */
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

/** The scope of `CANDIDATES` for `l`, but for `named` and `actor`. */
const SCOPE = sql`l.beneficiary_id as beneficiary, ${CONTENT} as content,
  (select jsonb_build_array(d.content) from definition d where d.id = l.policy_definition) as policies, ${SETTINGS} as settings, l.id as line`;

const loaded = statement<{ now: string; loaded: Json }>(sql`
with l as materialized (
  select * from ${line} where id = coalesce(${p("line")}::uuid, (select line_id from ${task} where id = ${p("task")}::uuid)))
select to_json(${NOW}) as now, jsonb_build_object(
  'stored', (select jsonb_build_object('fingerprint', fingerprint, 'answer', answer) from ${inbound} where key = ${p("key")}::text),
  'refused', (select answer->'refused' from ${inbound} where key = ${p("delivery")}::text),
  'administratorsGroup', ${SETTINGS}->'administrators'->>'group',
  'line', (select ${LINE_WITH_REFS} from l),
  'candidates', (select ${CANDIDATES} from (select ${SCOPE}, ${p("named")}::jsonb as named, ${p("actor")}::text as actor from l offset 0) s),
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
  const { candidates, person } = await candidatesOf(db, it.candidates);
  return {
    now: new Date(row.now),
    stored: it.stored ?? null,
    refused: it.refused ?? null,
    administratorsGroup: it.administratorsGroup ?? null,
    line: it.line ? await lineWith(db, it.line) : null,
    actor: person(wanted.actor),
    beneficiary: person(it.line?.line.beneficiary_id ?? null),
    candidates,
    accounts: it.accounts ?? [],
    accountOnItsWay: it.accountOnItsWay ?? false,
    ownerOfLogin: it.ownerOfLogin ?? null,
  };
}

const alone = statement<{ line: Json }>(sql`select ${LINE_JSON} as line from ${line} l where l.id = ${p("line")}::uuid`);

/** A line without anybody who comes into question for it: enough to tell what became of it. */
export async function loadLine(db: Db, id: string): Promise<Line | null> {
  const [row] = await alone(db, { line: id });
  return row ? lineOf(row.line) : null;
}

/** A line out of `LINE_WITH_REFS`. */
async function lineWith(db: Db, row: Json): Promise<Line> {
  const [application, policy] = await contentsOf(db, [{ ref: row.application, entitlement: row.line.entitlement_id }, { ref: row.policy }]);
  return lineOf({ ...row, application, policy });
}

const routed = statement<{ now: string; line: Json; candidates: Json }>(sql`
select to_json(${NOW}) as now, ${LINE_WITH_REFS} as line, (select ${CANDIDATES} from (select ${SCOPE}, '[]'::jsonb as named, null::text as actor offset 0) s) as candidates
from ${line} l where l.id in (select (jsonb_array_elements_text(${p("lines")}::jsonb))::uuid)`);

/** Several lines with whoever comes into question for them: what routing them anew needs. */
export async function loadForRouting(
  db: Db,
  lines: readonly string[],
): Promise<readonly { readonly line: Line; readonly candidates: Candidates; readonly now: Date }[]> {
  const rows = await routed(db, { lines });
  return Promise.all(
    rows.map(async (row) => ({
      line: await lineWith(db, row.line),
      candidates: (await candidatesOf(db, row.candidates)).candidates,
      now: new Date(row.now),
    })),
  );
}

const settings = statement<{ settings: Json }>(sql`select ${SETTINGS} as settings`);

/** The settings in force; null before the first configuration was applied. */
export async function loadSettings(db: Db): Promise<Settings | null> {
  const [row] = await settings(db, {});
  return row?.settings ? settingsOf(row.settings) : null;
}
