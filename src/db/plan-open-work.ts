/**
 * What becomes of open requests: those that go on under definitions that change, and those that would wait for other people. Who is asked is worked
 * out twice by the same rules, for the people and groups of today and for those of the folder, and what differs is the change. Where the policy's own
 * choice is too small, that the fallback steps in is said, not whom it names; chat accounts aren't looked at.
 */
import type { Transaction } from "./connect.ts";
import type { DefinitionChange } from "./plan-definitions.ts";
import type { Named } from "./plan-people.ts";

export interface OtherPeople {
  /** The request's number. */
  readonly number: number;
  readonly kind: "approval" | "fulfilment" | "review";
  /** Whom it waits for now, and whom it would wait for. */
  readonly from: readonly Named[];
  readonly to: readonly Named[];
  /** Nobody who is asked now would still be. */
  readonly losesAll: boolean;
  /** Too few would be left, so that others are asked in their place. */
  readonly fallsBack: boolean;
  /** Who has claimed it lets go of it. */
  readonly losesClaim: boolean;
}

export interface OpenWork {
  /** Open requests, by the numbers on their cards. */
  readonly total: number;
  /** Numbers of those whose application or policy changes or goes: they keep what they were filed under. */
  readonly keep: readonly number[];
  readonly others: readonly OtherPeople[];
}

type Sql = Transaction["sql"];

/** Reads the plan's temporary tables. */
export async function openWork(sql: Sql, definitions: readonly DefinitionChange[]): Promise<OpenWork> {
  const [count] = await sql`select count(*) as total from line where open`;
  const ids = (kind: DefinitionChange["kind"]) =>
    definitions.filter((one) => one.kind === kind && one.change !== "added").map(({ id }) => id);
  const keep = await sql`
    select distinct l.number from line l join definition d on d.id in (l.application_definition, l.policy_definition) and d.until is null
    where l.open and ((d.kind = 'application' and d.key = any(${ids("application")}::text[])) or (d.kind = 'policy' and d.key = any(${ids("policy")}::text[])))
    order by l.number`;
  return { total: Number(count?.total ?? 0), keep: keep.map(({ number }) => Number(number)), others: await othersAsked(sql) };
}

interface Asked {
  readonly number: string;
  readonly kind: OtherPeople["kind"];
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly falls_back: boolean;
  readonly loses_claim: boolean;
}

async function othersAsked(sql: Sql): Promise<readonly OtherPeople[]> {
  const rows = await sql<Asked[]>`
    with ${touched(sql)}, ${work(sql)},
    ${world(sql, "now", sql`person`, sql`member`)},
    ${world(sql, "then", sql`then_person`, sql`then_member`)},
    present as (
      select w.id, coalesce(array_agg(distinct x.id order by x.id) filter (where x.id is not null), '{}') as people from work w
      join task_assignee a on a.task_id = w.id left join member m on m.group_id = a.group_id
      left join person x on x.id = coalesce(a.person_id, m.person_id) and x.state = 'active' and not x.id = any(w.barred) group by w.id)
    select w.number, w.kind, p.people as "from", t.people as "to", t.falls_back and not n.falls_back as falls_back,
      w.claimed_by is not null and not w.claimed_by = any(t.people) as loses_claim
    from work w join now_asked n using (id) join then_asked t using (id) join present p using (id)
    where n.people <> t.people or n.falls_back <> t.falls_back order by w.number`;
  const everybody = [...new Set(rows.flatMap((row) => [...row.from, ...row.to]))];
  const names = await sql<Named[]>`select id, name from then_person where id = any(${everybody}::text[])`;
  const byId = new Map(names.map(({ id, name }) => [id, { id, name }]));
  const named = (ids: readonly string[]) => ids.map((id) => byId.get(id) ?? { id, name: id });
  return rows.map((row) => ({
    number: Number(row.number),
    kind: row.kind,
    from: named(row.from),
    to: named(row.to),
    losesAll: row.from.length > 0 && !row.from.some((id) => row.to.includes(id)),
    fallsBack: row.falls_back,
    losesClaim: row.loses_claim,
  }));
}

/** People who become able or unable to act, groups whose able members differ, and people with another manager. */
function touched(sql: Sql) {
  const able = (people: ReturnType<Sql>, members: ReturnType<Sql>) =>
    sql`select m.group_id, m.person_id from ${members} m join ${people} p on p.id = m.person_id where p.state = 'active'`;
  const [now, then] = [able(sql`person`, sql`member`), able(sql`then_person`, sql`then_member`)];
  return sql`
    moved as materialized (select t.id from then_person t left join person p using (id) where (t.state = 'active') is distinct from (p.state = 'active')),
    regrouped as materialized (select group_id as id from ((${now}) except (${then})) a union select group_id from ((${then}) except (${now})) b),
    remanaged as materialized (select t.id from then_person t join person p using (id) where t.manager_id is distinct from p.manager_id)`;
}

/** The open tasks that this may concern, with the rule by which each is asked and those who are out of the question: parties, and who has spoken. */
function work(sql: Sql) {
  return sql`
    work as materialized (
      select t.id, t.kind, t.claimed_by, l.number, l.beneficiary_id, rule.by_manager, rule.group_id, rule.person_id,
        case when t.kind = 'approval' then t.needed - (select count(*) from vote v where v.task_id = t.id and v.vote = 'approved') else 1 end as missing,
        case when t.kind = 'approval' then array[l.requester_id, l.beneficiary_id] || array(
          select v.person_id from vote v where v.line_id = l.id and (v.task_id = t.id or rule.once)) else '{}' end as barred
      from task t join line l on l.id = t.line_id
      join definition policy on policy.id = l.policy_definition join definition application on application.id = l.application_definition
      cross join lateral (select policy.content->'steps'->coalesce(t.step, l.step) as step) s
      cross join lateral (select
        t.kind = 'approval' and s.step#>>'{approvers,kind}' = 'manager' as by_manager, coalesce((s.step->>'once')::boolean, false) as once,
        case t.kind when 'approval' then s.step#>>'{approvers,group}' when 'fulfilment' then application.content#>>'{fulfillers,group}' end as group_id,
        case t.kind when 'fulfilment' then application.content#>>'{fulfillers,person}' when 'review' then application.content->>'technicalOwner' end
          as person_id) rule
      where t.state = 'open' and (
        rule.group_id in (select id from regrouped) or rule.person_id in (select id from moved)
        or exists (select from task_assignee a where a.task_id = t.id and (a.person_id in (select id from moved) or a.group_id in (select id from regrouped)))
        or rule.by_manager and (l.beneficiary_id in (select id from remanaged)
          or exists (select from person b left join person boss on boss.id = b.manager_id where b.id = l.beneficiary_id and (
            boss.id in (select id from moved) or boss.id in (select id from remanaged) or boss.manager_id in (select id from moved))))))`;
}

/** \`<world>_asked\`: by task, whom the rules ask among these people and members, and whether the policy's own choice is too small. */
function world(sql: Sql, name: "now" | "then", people: ReturnType<Sql>, members: ReturnType<Sql>) {
  const named = (part: string) => sql(`${name}_${part}`);
  return sql`
    ${named("choice")} as (
      select w.id, m.person_id from work w join ${members} m on m.group_id = w.group_id
      union select w.id, w.person_id from work w where w.person_id is not null
      union select w.id, boss.id from work w cross join lateral (
        select x.id from ${people} b left join ${people} one on one.id = b.manager_id
        cross join lateral (values (1, b.manager_id), (2, one.manager_id)) above(place, id) join ${people} x on x.id = above.id
        where b.id = w.beneficiary_id and w.by_manager and w.missing = 1 and x.state = 'active' and not x.id = any(w.barred)
        order by above.place limit 1) boss),
    ${named("able")} as (
      select w.id, p.id as person_id from ${named("choice")} c join work w on w.id = c.id join ${people} p on p.id = c.person_id
      where p.state = 'active' and not p.id = any(w.barred)),
    -- named by an administrator, by an escalation, or in the place of others: they stay as long as they can
    ${named("kept")} as (
      select w.id, p.id as person_id, a.because from work w join task_assignee a on a.task_id = w.id join ${people} p on p.id = a.person_id
      where p.state = 'active' and not p.id = any(w.barred)),
    ${named("count")} as (
      select w.id, coalesce(able.people, 0) < w.missing as too_few, by_hand.id is not null and by_hand.people >= w.missing as by_hand
      from work w left join (select id, count(*) as people from ${named("able")} group by id) able using (id)
      left join (select id, count(*) as people from ${named("kept")} where because in ('reassigned', 'escalated') group by id
        having bool_or(because = 'reassigned')) by_hand using (id)),
    ${named("who")} as (
      select x.id, x.person_id from ${named("able")} x join ${named("count")} c using (id) where not c.by_hand
      union select k.id, k.person_id from ${named("kept")} k join ${named("count")} c using (id)
      where k.because = 'escalated' or (k.because = 'reassigned' and c.by_hand)
        or (k.because in ('fallback-approver', 'business-owner', 'technical-owner', 'administrator') and c.too_few and not c.by_hand)),
    ${named("asked")} as (
      select c.id, c.too_few and not c.by_hand as falls_back,
        coalesce(array_agg(w.person_id order by w.person_id) filter (where w.person_id is not null), '{}') as people
      from ${named("count")} c left join ${named("who")} w using (id) group by c.id, c.too_few, c.by_hand)`;
}
