/** Whom each open task waits for, and where its cards stand: what the playground leads a newcomer by. Never an authority: that is `may.ts`. */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { group, line, member, message, person, task, taskAssignee, vote } from "./schema.ts";
import { statement } from "./statement.ts";

export interface OpenTask {
  readonly task: string;
  readonly kind: string;
  readonly number: number;
  readonly application: string;
  readonly entitlement: string | null;
  readonly requester: string;
  readonly requesterName: string;
  readonly beneficiaryName: string;
  readonly claimedBy: string | null;
  /** Active people who can act on it now, each once; who has voted, and for approvals who asked or benefits, isn't among them. */
  readonly holders: readonly { readonly person: string; readonly name: string; readonly because: string; readonly group: string | null }[];
  /** `place` is `person:<id>` or `channel:<name or id>`; the ids are the chat's own. */
  readonly cards: readonly { readonly place: string; readonly conversation: string; readonly message: string }[];
}

const read = statement<{ row: OpenTask }>(sql`
with seat as (
  select a.task_id, a.position, a.person_id, a.because, null as name from ${taskAssignee} a where a.person_id is not null
  union all
  select a.task_id, a.position, m.person_id, a.because, g.name from ${taskAssignee} a
    join ${group} g on g.id = a.group_id join ${member} m on m.group_id = g.id),
holder as (
  select distinct on (s.task_id, s.person_id) s.task_id, s.person_id, x.name, s.because, s.name as "group", s.position
  from seat s join ${task} t on t.id = s.task_id join ${line} l on l.id = t.line_id join ${person} x on x.id = s.person_id
  where t.state = 'open' and x.state = 'active' and (t.claimed_by is null or t.claimed_by = s.person_id)
    and (t.kind <> 'approval' or (s.person_id not in (l.requester_id, l.beneficiary_id)
      and not exists (select 1 from ${vote} v where v.task_id = t.id and v.person_id = s.person_id)))
  order by s.task_id, s.person_id, s.position)
select jsonb_build_object('task', t.id, 'kind', t.kind, 'number', l.number,
  'application', (select d.content->>'name' from definition d where d.id = l.application_definition),
  'entitlement', (select n->>'name' from definition d, jsonb_array_elements(d.content->'entitlements') n
    where d.id = l.application_definition and n->>'id' = l.entitlement_id),
  'requester', l.requester_id, 'requesterName', asked.name, 'beneficiaryName', gets.name, 'claimedBy', t.claimed_by,
  'holders', coalesce((select jsonb_agg(jsonb_build_object('person', h.person_id, 'name', h.name, 'because', h.because, 'group', h."group")
    order by h.position, h.name) from holder h where h.task_id = t.id), '[]'),
  'cards', coalesce((select jsonb_agg(jsonb_build_object('place', m.place, 'conversation', m.conversation, 'message', m.message) order by m.place)
    from ${message} m where m.subject = 'task:' || t.id and m.platform = 'slack' and m.state = 'posted' and m.message is not null), '[]')) as row
from ${task} t join ${line} l on l.id = t.line_id join ${person} asked on asked.id = l.requester_id join ${person} gets on gets.id = l.beneficiary_id
where t.state = 'open' order by l.number, t.opened_at limit ${sql.placeholder("most")}::int`);

/** The oldest request first; at most `most`. */
export async function readOpenTasks(db: Db, most: number): Promise<readonly OpenTask[]> {
  return (await read(db, { most })).map(({ row }) => row);
}
