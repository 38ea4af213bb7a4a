/** What an applied configuration means for work that is open already: its cards go to whoever has joined, and what nobody can do any more is said. */
import type { Transaction } from "./connect.ts";

export interface Touched {
  /** Whose members or settings changed. */
  readonly groups: readonly string[];
  /** Who joined or left one of them. */
  readonly regrouped: readonly string[];
  /** Whose state changed. */
  readonly moved: readonly string[];
}

/** Writes the effects that follow from the change; the applying transaction calls it last. */
export async function followUp(sql: Transaction["sql"], { groups, regrouped, moved }: Touched): Promise<void> {
  await sql`
    with touched as (select t.id, l.request_id from task t join line l on l.id = t.line_id
    where t.state = 'open' and exists (select from task_assignee a where a.task_id = t.id and (a.group_id = any(${groups as string[]}::text[])
      or a.person_id = any(${moved as string[]}::text[])
      or exists (select from member m where m.group_id = a.group_id and m.person_id = any(${moved as string[]}::text[])))))
    insert into effect (kind, priority, subject, body, run_at)
    select 'show', 2, kind || ':' || id, jsonb_build_object('kind', 'show', 'subject', kind, 'id', id), app_now()
    from (select 'task' as kind, id from touched union select 'request', request_id from touched) shown`;
  await sql`
    insert into effect (kind, priority, subject, body, run_at)
    select 'home', 3, 'home:' || who.id, jsonb_build_object('kind', 'home', 'person', who.id), app_now() from unnest(${[...new Set([...regrouped, ...moved])]}::text[]) as who(id)
    where exists (select from chat_account c where c.person_id = who.id and c.home_opened_at is not null)`;
  // Stranded: fewer people are left who could still decide than decisions are missing. Each such task is said once; an administrator then names somebody.
  await sql`
    with stranded as (
      select t.id, l.id as line, l.number from task t join line l on l.id = t.line_id
      where t.state = 'open' and (
        select count(distinct x.id) from task_assignee a left join member m on m.group_id = a.group_id join person x on x.id = coalesce(a.person_id, m.person_id)
        where a.task_id = t.id and x.state = 'active' and (t.kind <> 'approval' or x.id not in (l.requester_id, l.beneficiary_id))
          and not exists (select from vote v where v.task_id = t.id and v.person_id = x.id))
        < t.needed - (select count(*) from vote v where v.task_id = t.id)),
    told as (
      insert into inbound (key, fingerprint, answer, at) select 'nobody-to-ask:' || id, '', '{}', app_now() from stranded
      on conflict (key) do nothing returning key),
    fresh as (select s.* from stranded s join told on told.key = 'nobody-to-ask:' || s.id),
    said as (
      insert into event (at, kind, line_id, task_id, data)
      select app_now(), 'nobody-to-ask', line, id, jsonb_build_object('number', number::text) from fresh returning 1)
    insert into effect (kind, priority, subject, body, run_at)
    select 'alert', 2, 'alert:nobody-to-ask:' || id, jsonb_build_object('kind', 'alert', 'alert', 'nobody-to-ask',
      'about', jsonb_build_object('line', line, 'number', number::text)), app_now() from fresh`;
}
