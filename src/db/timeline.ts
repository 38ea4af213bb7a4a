/** The events as they were written, with the names that go with them: what the playground shows beside the chat. */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import type { Json } from "./read-rows.ts";
import { event, group, line, person } from "./schema.ts";
import { statement } from "./statement.ts";

export interface TimelineRow {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly actor: string | null;
  readonly lineNumber: number | null;
  readonly application: string | null;
  readonly entitlement: string | null;
  readonly beneficiary: string | null;
  readonly move: { readonly life: string; readonly from: string | null; readonly to: string } | null;
  readonly data: Json;
  /** Names of the people and groups that the data names. */
  readonly names: Readonly<Record<string, string>>;
}

/** An event names who is asked either with the task that it opens or, when others are asked, by itself. */
const assignees = sql`coalesce(case when jsonb_typeof(e.data->'task') = 'object' then e.data->'task'->'assignees' end, e.data->'assignees', '[]')`;

const p = (name: string) => sql.placeholder(name);

const read = statement<{ row: TimelineRow }>(sql`
select jsonb_build_object('seq', e.seq, 'at', e.at, 'kind', e.kind, 'actor', (select x.name from ${person} x where x.id = e.actor_id), 'lineNumber', l.number,
  'application', (select d.content->>'name' from definition d where d.id = l.application_definition),
  'entitlement', (select n->>'name' from definition d, jsonb_array_elements(d.content->'entitlements') n where d.id = l.application_definition and n->>'id' = l.entitlement_id),
  'beneficiary', (select x.name from ${person} x where x.id = l.beneficiary_id),
  'move', case when e.life is null then null else jsonb_build_object('life', e.life, 'from', e.from_state, 'to', e.to_state) end,
  'data', e.data,
  'names', coalesce((select jsonb_object_agg(x.id, x.name) from ${person} x where x.id in (
      select a->>'person' from jsonb_array_elements(${assignees}) a
      union select t from jsonb_array_elements_text(case when jsonb_typeof(e.data->'to') = 'array' then e.data->'to' else '[]' end) t
      union select e.data->>'person')), '{}') || coalesce((select jsonb_object_agg(g.id, g.name) from ${group} g where g.id in (
      select a->>'group' from jsonb_array_elements(${assignees}) a)), '{}')) as row
from ${event} e left join ${line} l on l.id = e.line_id where e.seq > ${p("after")}::bigint order by e.seq limit ${p("most")}::int`);

/** Events after a number, in their order; `most` at a time. */
export async function readTimeline(db: Db, after: number, most: number): Promise<readonly TimelineRow[]> {
  return (await read(db, { after, most })).map(({ row }) => row);
}
