/** What asking needs: the application as it stands, its policies, what the beneficiary has or has asked for, and who could decide. */
import { sql } from "drizzle-orm";
import { MOST_OPEN, type Standing } from "../domain/asking.ts";
import type { Candidates } from "../domain/candidates.ts";
import type { Application, Policy } from "../domain/catalogue.ts";
import type { Line } from "../domain/line.ts";
import type { Person, PersonId } from "../domain/people.ts";
import type { Refusal } from "../domain/refusals.ts";
import type { Db } from "./connect.ts";
import { LINE_JSON, SETTINGS } from "./fragments.ts";
import type { Stored, Wanted } from "./load.ts";
import { CANDIDATES, candidatesOf } from "./load-candidates.ts";
import { type Json, lineOf, personOf } from "./read-rows.ts";
import { account, application, assignment, configuration, definition, group, inbound, line, person } from "./schema.ts";
import { statement } from "./statement.ts";

export interface LoadedAsk {
  readonly now: Date;
  readonly stored: Stored | null;
  /** What this very delivery was refused with before. */
  readonly refused: Refusal | null;
  readonly actor: Person | null;
  readonly beneficiary: Person | null;
  readonly application: Application | null;
  /** By policy id, with the row each stands in. */
  readonly policies: Readonly<Record<string, { readonly policy: Policy; readonly row: number }>>;
  readonly applicationRow: number;
  readonly configurationVersion: number;
  readonly standing: Standing;
  /** Open lines of the actor as requester, counted up to `MOST_OPEN`. */
  readonly open: number;
  readonly candidates: Candidates;
  /** The beneficiary's login there, if there is one. */
  readonly login: string | null;
  /** Names of the groups among the candidates, by id. */
  readonly groupNames: Readonly<Record<string, string>>;
}

const p = (name: string) => sql.placeholder(name);

/** Holding any entitlement through an account means holding the account: that is what the null entry says. */
const loaded = statement<{ now: string; loaded: Json }>(sql`
with app as (select a.id, d.id as row, d.content from ${application} a join ${definition} d on d.id = a.definition_id where a.id = ${p("application")}::text),
rules as (
  select d.id as row, d.key, d.content from ${definition} d, app where d.kind = 'policy' and d.until is null
    and (d.key = app.content->>'policy' or d.key in (select e->>'policy' from jsonb_array_elements(app.content->'entitlements') e)))
select to_json(app_now()) as now, jsonb_build_object(
  'stored', (select jsonb_build_object('fingerprint', fingerprint, 'answer', answer) from ${inbound} where key = ${p("key")}::text),
  'refused', (select answer->'refused' from ${inbound} where key = ${p("delivery")}::text),
  'actor', (select to_jsonb(x) from ${person} x where x.id = ${p("actor")}::text),
  'beneficiary', (select to_jsonb(x) from ${person} x where x.id = ${p("beneficiary")}::text),
  'application', (select content from app), 'applicationRow', (select row from app),
  'policies', (select jsonb_object_agg(key, jsonb_build_object('policy', content, 'row', row)) from rules),
  'configurationVersion', (select max(version) from ${configuration}),
  'held', (select jsonb_agg(distinct a.entitlement_id) from ${assignment} a
    where a.person_id = ${p("beneficiary")}::text and a.application_id = ${p("application")}::text and a.state <> 'ended'),
  'login', (select a.login from ${account} a where a.person_id = ${p("beneficiary")}::text and a.application_id = ${p("application")}::text
    and a.state = 'active' order by a.created_at limit 1),
  'asked', (select jsonb_agg(jsonb_build_object('entitlement', l.entitlement_id, 'number', l.number) order by l.number) from ${line} l
    where l.beneficiary_id = ${p("beneficiary")}::text and l.application_id = ${p("application")}::text and l.open),
  'open', (select count(*) from (select from ${line} l where l.requester_id = ${p("actor")}::text and l.open limit ${sql.raw(String(MOST_OPEN))}) x),
  'groupNames', (select jsonb_object_agg(g.id, g.name) from ${group} g where g.id in (
    select step->'approvers'->>'group' from rules, jsonb_array_elements(rules.content->'steps') step union select content->'fulfillers'->>'group' from app)),
  'candidates', (select ${CANDIDATES} from (select ${p("beneficiary")}::text as beneficiary, app.row as definition, app.content as content,
    (select coalesce(jsonb_agg(content), '[]') from rules) as policies, ${SETTINGS} as settings, null::uuid as line, '[]'::jsonb as named, null::text as actor from app offset 0) s)) as loaded`);

export async function loadAsk(
  db: Db,
  wanted: Pick<Wanted, "key" | "delivery"> & {
    readonly actor: string;
    readonly beneficiary: string;
    readonly application: string;
  },
): Promise<LoadedAsk> {
  const [row] = await loaded(db, { ...wanted, delivery: wanted.delivery ?? null });
  if (!row) throw new Error("the load gave no row");
  const it = row.loaded;
  const held: (string | null)[] = it.held ?? [];
  return {
    now: new Date(row.now),
    stored: it.stored ?? null,
    refused: it.refused ?? null,
    actor: it.actor ? personOf(it.actor) : null,
    beneficiary: it.beneficiary ? personOf(it.beneficiary) : null,
    application: it.application ?? null,
    policies: it.policies ?? {},
    applicationRow: it.applicationRow ?? 0,
    configurationVersion: it.configurationVersion ?? 0,
    standing: { held: it.login !== null && !held.includes(null) ? [...held, null] : held, asked: it.asked ?? [] },
    open: it.open ?? 0,
    candidates: (await candidatesOf(db, it.candidates)).candidates,
    login: it.login ?? null,
    groupNames: it.groupNames ?? {},
  };
}

const filed = statement<{ line: Json }>(sql`select ${LINE_JSON} as line from ${line} l
  where l.id = ${p("id")}::uuid and ${p("party")}::text in (l.requester_id, l.beneficiary_id)`);

/** A line as it was filed, for somebody who asked for it or received it; null for everybody else. */
export async function loadFiled(db: Db, id: string, party: PersonId): Promise<Line | null> {
  const [row] = await filed(db, { id, party });
  return row ? lineOf(row.line) : null;
}

const numbered = statement<{ n: string }>(sql`select nextval('line_number') as n from generate_series(1, ${p("count")}::int)`);

/** That many numbers that no line has had. Taken only once a request is known to be good, so that few are skipped. */
export async function takeNumbers(db: Db, count: number): Promise<readonly number[]> {
  return (await numbered(db, { count })).map((row) => Number(row.n));
}
