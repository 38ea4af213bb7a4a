/** I1, I2, I3, I8, I9: who decided, with what right, and that nothing was done without it. */
import type { Invariant } from "./invariants.ts";

/** Who asks for what, for people. */
const LINE = "'line ' || l.number";

/**
 * Approvals of a step: of its own task, and, where the policy says `once`, of those whose approval of an earlier step was counted here.
 * The policy is the one that the line was filed under.
 */
const I1 = `
select o.id::text as id, ${LINE} || case when l.approval <> 'approved' then ' has an order and is ' || l.approval
    else ': step ' || s.position || ' of the policy ' || (d.content->>'id') || ' demands ' || s.needed || ' approvals and has ' || s.given end as about
from "order" o join line l on l.id = o.line_id join definition d on d.id = l.policy_definition
cross join lateral (
  select n.position, coalesce((n.step->>'needed')::int, 1) as needed, (
      select count(distinct v.person_id) from task t join vote v on v.task_id = t.id and v.vote = 'approved'
      where t.line_id = l.id and t.kind = 'approval' and t.state = 'done' and t.outcome = 'approved' and (t.step = n.position - 1 or (
        t.step < n.position - 1 and coalesce((n.step->>'once')::boolean, false) and exists (
          select from event e where e.line_id = l.id and e.kind = 'step-counted' and (e.data->>'step')::int = n.position - 1 and e.data->'by' ? v.person_id)))
    ) as given
  from jsonb_array_elements(d.content->'steps') with ordinality n(step, position)) s
where l.approval <> 'approved' or s.given < s.needed`;

const I2 = `
select t.id::text as id, ${LINE} || ': ' || by.person || ' decided what they asked for or receive' as about
from line l join task t on t.line_id = l.id and t.kind = 'approval'
cross join lateral (select v.person_id as person from vote v where v.task_id = t.id union select t.decided_by where t.decided_by is not null) by
where by.person in (l.requester_id, l.beneficiary_id)`;

const I3 = `
select t.id::text as id, ${LINE} || ': a task was decided more than once' as about
from task t join line l on l.id = t.line_id
where t.state <> 'open' and (
  (select count(*) from event e where e.line_id = t.line_id and e.task_id = t.id and e.kind in ('task-decided', 'task-closed')) > 1
  or exists (select from vote v where v.task_id = t.id and v.at > t.decided_at)
  or (t.outcome = 'approved' and exists (select from vote v where v.task_id = t.id and v.vote = 'rejected')))`;

/**
 * The place of an event among the others (seq) tells what came first: a change of people is written behind the locks that it waited for.
 * Whose state never changed since has always been in it.
 */
const WAS_ACTIVE = `coalesce(
    (select m.data->>'to' from moved m where m.person = e.actor_id and m.seq < e.seq order by m.seq desc limit 1),
    (select m.data->>'from' from moved m where m.person = e.actor_id and m.seq > e.seq order by m.seq limit 1),
    x.state) = 'active'`;

/** Whom a task asked is said by its latest event that names them; who was in a group by the configuration that was in force then. */
const I8 = `
with moved as materialized (select seq, data, data->>'person' as person from event where kind = 'person-moved'),
doubtful as materialized (select person as id from moved union select id from person where state <> 'active'),
idle as (
  select coalesce(e.line_id::text, e.seq::text) as id, coalesce(${LINE}, 'event ' || e.seq) || ': ' || e.actor_id || ' acted (' || e.kind || ') without being active' as about
  from event e join doubtful on doubtful.id = e.actor_id join person x on x.id = e.actor_id left join line l on l.id = e.line_id
  where e.kind <> 'refused' and not (${WAS_ACTIVE})),
applied as materialized (select seq, (data->>'version')::int as version from event where kind = 'configuration-applied'),
belonged as materialized (
  select d.key as grp, m.person, s.seq as since, u.seq as until from definition d cross join lateral jsonb_array_elements_text(d.content->'members') m(person)
  join applied s on s.version = d.since left join applied u on u.version = d.until where d.kind = 'group'),
acts as (
  select e.seq, e.kind, e.line_id, e.task_id, e.actor_id,
    max(case when e.kind in ('task-opened', 'reassigned', 'escalated') then e.seq end) over (partition by e.task_id order by e.seq) as asking
  from event e where e.task_id is not null and e.kind in ('task-opened', 'reassigned', 'escalated', 'voted', 'claimed', 'task-decided')),
unasked as (
  select a.seq, a.kind, a.line_id, a.task_id, a.actor_id from acts a left join event q on q.seq = a.asking
  left join lateral jsonb_array_elements(coalesce(q.data->'assignees', q.data->'task'->'assignees')) n(one) on true
  left join belonged b on b.grp = n.one->>'group' and b.person = a.actor_id and b.since < a.seq and (b.until is null or b.until > a.seq)
  where a.kind in ('voted', 'claimed', 'task-decided') and a.actor_id is not null
  group by a.seq, a.kind, a.line_id, a.task_id, a.actor_id
  having not coalesce(bool_or(n.one->>'person' = a.actor_id or b.grp is not null), false))
select id, about from idle
union all
select u.task_id::text, ${LINE} || ': ' || u.actor_id || ' acted (' || u.kind || ') on a task that did not ask them' from unasked u join line l on l.id = u.line_id`;

const I9 = `
select o.id::text as id, ${LINE} || ': was carried out before it was approved' as about
from "order" o join line l on l.id = o.line_id
where o.state in ('executed', 'verified') and not exists (
  select from event a join event e on e.line_id = a.line_id and e.kind = 'order-executed' and e.seq > a.seq
  where a.line_id = l.id and a.kind = 'approved')
union all
select s.id::text, ${LINE} || ': access began without the work, or ended before it began' from assignment s join line l on l.id = s.line_id
where not exists (select from "order" o where o.line_id = l.id and o.state in ('executed', 'verified')) or s.ended_at < s.from_at`;

export const RIGHTS: readonly Invariant[] = [
  {
    id: "I1",
    holds: "No order without every approval that the policy of its line demands.",
    otherwise:
      "Access was ordered that nobody, or too few, approved. Stop the work on these orders, ask who changed the database, and have the access removed or approved.",
    query: I1,
  },
  {
    id: "I2",
    holds: "Nobody decided what they asked for or receive.",
    otherwise:
      "Somebody approved their own access: the database's own check was got round. Have somebody else review that access, and ask who changed the database.",
    query: I2,
  },
  {
    id: "I3",
    holds: "Each task was decided at most once.",
    otherwise:
      "Two decisions stand on one task, so that nobody can tell which one counts. Compare its events and votes, and ask who changed the database.",
    query: I3,
  },
  {
    id: "I8",
    holds: "Whoever acted was active and was asked at that moment.",
    otherwise: "Somebody acted who had left, had not started or was not asked. Have the decision reviewed by somebody who is.",
    query: I8,
  },
  {
    id: "I9",
    holds: "Work is done after the approval, and access begins with the work.",
    otherwise:
      "Access exists on paper without the approval or the work behind it. Look at the application itself, then correct or remove the access there.",
    query: I9,
  },
];
