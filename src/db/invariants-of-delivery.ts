/** I11, I12: nothing strands, neither for want of somebody who can act nor on its way out. */
import type { Invariant } from "./invariants.ts";

/** Somebody was told, or the question who is asked instead is already on its way. */
const I11 = `
select t.id::text as id, 'line ' || l.number || ': its ' || t.kind || ' needs ' || t.needed || ' and only ' || c.able || ' can act' as about
from task t join line l on l.id = t.line_id
cross join lateral (select count(*) as given from vote v where v.task_id = t.id and v.vote = 'approved') g
cross join lateral (
  select count(distinct x.id) as able from task_assignee a left join member m on m.group_id = a.group_id join person x on x.id = coalesce(a.person_id, m.person_id)
  where a.task_id = t.id and x.state = 'active' and (t.kind <> 'approval' or x.id not in (l.requester_id, l.beneficiary_id))
    and not exists (select from vote v where v.task_id = t.id and v.person_id = x.id)) c
where t.state = 'open' and c.able < t.needed - g.given
  and not exists (select from event e where e.line_id = l.id and e.kind = 'fallback-used')
  and not exists (select from event e where e.kind = 'nobody-to-ask' and e.data->>'line' = l.id::text)
  and not exists (select from effect f where f.subject = 'reroute:' || l.id and f.state = 'due')`;

/** Waiting for the outside holds a lease until the next try; what has neither is looked at by nobody. */
const I12 = `
with stuck as (
  select f.id, f.kind, f.subject, f.why, f.state from effect f
  where f.state = 'due' and f.run_at < app_now() - interval '10 minutes' and (f.leased_until is null or f.leased_until < clock_timestamp() - interval '10 minutes')),
dead as materialized (select f.id, f.kind, f.subject, f.why, f.state from effect f where f.state = 'dead')
select s.id::text as id, s.kind || ' ' || s.subject || ': due for more than 10 minutes, and nobody carries it out' || coalesce(' (' || s.why || ')', '') as about from stuck s
union all
select d.id::text, d.kind || ' ' || d.subject || ': given up (' || coalesce(d.why, 'no reason') || '), and no administrator was told' from dead d
where not exists (select from event e where e.kind in ('not-delivered', 'effect-dead') and left(e.data->>'why', 500) = d.why)`;

export const DELIVERY: readonly Invariant[] = [
  {
    id: "I11",
    holds: "Every open task has enough people who can act, or an administrator was told.",
    otherwise: "These requests wait for nobody. Reassign them, or give the group somebody who is active.",
    query: I11,
  },
  {
    id: "I12",
    holds: "What has to go out goes out, or an administrator was told.",
    otherwise:
      "Cards or orders don't leave. Is Latchkey running, and does its log speak of this effect? Start it again; what it gave up has its reason in effect.why.",
    query: I12,
  },
];
