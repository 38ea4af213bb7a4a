/** I4, I5, I6, I7: the state of things and what their events say of it. */
import { APPROVAL_MOVES, HOLDING_MOVES, movesOf, PROVISIONING_MOVES, TASK_MOVES } from "../domain/lives.ts";
import type { Invariant } from "./invariants.ts";

const TABLES = { approval: APPROVAL_MOVES, provisioning: PROVISIONING_MOVES, task: TASK_MOVES, holding: HOLDING_MOVES } as const;

/** Every listed move as SQL rows `(life, from, to)`; what is made begins from nothing. */
const LISTED = [
  ...Object.entries(TABLES).flatMap(([life, moves]) =>
    movesOf(moves as Readonly<Record<string, readonly string[]>>).map(([from, to]) => `('${life}', '${from}', '${to}')`),
  ),
  "('task', null, 'open')",
  "('holding', null, 'active')",
  ...["awaiting-review", "scheduled", "pending"].map((state) => `('provisioning', null, '${state}')`),
].join(", ");

/** States that are never left, as SQL rows `(life, state)`. */
const FINAL = Object.entries(TABLES)
  .flatMap(([life, moves]) =>
    Object.entries(moves).flatMap(([state, to]) => ((to as readonly string[]).length === 0 ? [`('${life}', '${state}')`] : [])),
  )
  .join(", ");

const I4 = `
with moves as materialized (
  select e.seq, e.life, e.from_state, e.to_state, case e.life when 'task' then e.task_id when 'provisioning' then e.order_id else e.line_id end as thing
  from event e where e.life is not null),
chained as (
  select m.*, lag(m.to_state, 1, case m.life when 'approval' then 'draft' end) over (partition by m.life, m.thing order by m.seq) as before,
    lead(m.seq) over (partition by m.life, m.thing order by m.seq) is null as is_last from moves m),
standing as (
  select 'approval' as life, l.id as thing, l.approval as state from line l where l.approval <> 'draft'
  union all select 'task', t.id, t.state from task t
  union all select 'provisioning', o.id, o.state from "order" o)
select coalesce(s.thing, c.thing)::text as id, coalesce(s.life, c.life) || ' ' || coalesce(s.thing, c.thing) || ': stands at ' || coalesce(s.state, 'nothing')
    || ', and its events say ' || coalesce(c.to_state, 'nothing') as about
from standing s full join (select * from chained where is_last and life <> 'holding') c on c.life = s.life and c.thing = s.thing
where c.to_state is distinct from s.state
union all
select c.thing::text, c.life || ' ' || c.thing || ': event ' || c.seq || ' goes from ' || coalesce(c.from_state, 'nothing') || ' to ' || c.to_state
    || ', and it stood at ' || coalesce(c.before, 'nothing')
from chained c where c.from_state is distinct from c.before
  or (not exists (select from (values ${LISTED}) listed(life, a, b) where listed.life = c.life and listed.a is not distinct from c.from_state and listed.b = c.to_state)
    and not exists (select from (values ${FINAL}) final(life, state) where final.life = c.life and final.state = c.from_state))
union all
select coalesce(v.task_id, e.task_id)::text, 'task ' || coalesce(v.task_id, e.task_id) || ': a vote and its event don''t go together'
from vote v full join (select * from event where kind = 'voted') e on e.task_id = v.task_id and e.actor_id = v.person_id and e.data->'vote'->>'vote' = v.vote
where v.task_id is null or e.seq is null
union all
select s.id::text, 'assignment ' || s.id || ': began without an event' from assignment s
where not exists (select from event e where e.line_id = s.line_id and e.kind = 'assignment-started')`;

/** An answer names the line, or the lines that were filed; the change behind it carries the same instant. */
const I5 = `
select i.key as id, 'answered "' || (i.answer->>'said') || '" to ' || i.key as about
from inbound i cross join lateral (select substring(coalesce(i.answer->'about'->>'number', i.answer->'about'->>'numbers') from '^[0-9]{1,18}')::bigint as number) n
where i.answer->>'said' is not null and n.number is not null
  and not exists (select from line l join event e on e.line_id = l.id
    where l.number = n.number and date_trunc('milliseconds', e.at) = date_trunc('milliseconds', i.at))`;

const I6 = `
select min(e.seq)::text as id, e.kind || ' happened ' || count(*) || ' times to ' || coalesce(e.task_id::text, e.line_id::text) as about
from event e where e.kind in ('submitted', 'approved', 'rejected', 'expired', 'order-created', 'order-executed', 'assignment-started', 'task-opened', 'voted')
group by e.kind, e.line_id, e.task_id, case e.kind when 'voted' then e.actor_id end
having count(*) > 1`;

const I7 = `
select e.seq::text as id, e.life || ' of ' || coalesce(case e.life when 'task' then e.task_id when 'provisioning' then e.order_id else e.line_id end::text, '?')
    || ' left ' || e.from_state || ', which is final' as about
from event e join (values ${FINAL}) final(life, state) on final.life = e.life and final.state = e.from_state
union all
select l.id::text, 'line ' || l.number || ': is over (' || l.approval || ') and still counts as open' from line l
where l.open and l.approval in ('rejected', 'withdrawn', 'expired')
union all
select t.id::text, 'line ' || l.number || ': is over and has an open task' from task t join line l on l.id = t.line_id where t.state = 'open' and not l.open`;

export const LIVES: readonly Invariant[] = [
  {
    id: "I4",
    holds: "Every state stands where its events led it, move by move.",
    otherwise:
      "Something was changed behind Latchkey's back, or its event is missing: the evidence and the state differ. Compare with a backup, and ask who changed the database.",
    query: I4,
  },
  {
    id: "I5",
    holds: "What was acknowledged is in the database.",
    otherwise: "Somebody was told that something was done, and no event says so. Compare with a backup, and tell the person.",
    query: I5,
  },
  {
    id: "I6",
    holds: "One command has one effect.",
    otherwise: "Something that happens once happened twice. Compare the events with the cards, and report it as a fault of Latchkey.",
    query: I6,
  },
  {
    id: "I7",
    holds: "What is over stays over.",
    otherwise: "A final state was left again, or work stays open on what is over. Withdraw or cancel it, and ask who changed the database.",
    query: I7,
  },
];
