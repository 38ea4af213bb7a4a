/** What an applied configuration means for work that is open already: its cards go to whoever has joined, and who is asked is worked out again. */
import type { Transaction } from "./connect.ts";

export interface Touched {
  /** Whose members or settings changed. */
  readonly groups: readonly string[];
  /** Who joined or left one of them. */
  readonly regrouped: readonly string[];
  /** Whose state changed. */
  readonly moved: readonly string[];
  /** Whose manager is another one now. */
  readonly remanaged: readonly string[];
}

/** Those who are asked because the policy's own choice could not act: perhaps it can again. */
export const INSTEAD = ["manager-of-manager", "fallback-approver", "business-owner", "technical-owner", "administrator"];

/** Writes the effects that follow from the change; the applying transaction calls it last. */
export async function followUp(sql: Transaction["sql"], { groups, regrouped, moved, remanaged }: Touched): Promise<void> {
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
  // Who is asked is worked out again for every open task that asks somebody who moved or a group that changed, whose beneficiary's managers changed, or
  // that others or nobody was asked to decide: work of the outbox, one line at a time, under each line's version.
  await sql`
    with above as (
      select p.id from person p where p.id = any(${remanaged as string[]}::text[]) or p.manager_id = any(${[...moved, ...remanaged]}::text[])
        or p.manager_id in (select m.id from person m where m.manager_id = any(${moved as string[]}::text[])))
    insert into effect (kind, priority, subject, body, run_at)
    select distinct 'reroute', 1, 'reroute:' || t.line_id, jsonb_build_object('kind', 'reroute', 'line', t.line_id), app_now()
    from task t join line l on l.id = t.line_id where t.state = 'open' and (
      (t.kind = 'approval' and l.beneficiary_id in (select id from above))
      or not exists (select from task_assignee a where a.task_id = t.id)
      or exists (select from task_assignee a where a.task_id = t.id and (a.group_id = any(${groups as string[]}::text[])
        or a.person_id = any(${moved as string[]}::text[]) or a.because = any(${INSTEAD}::text[])
        or exists (select from member m where m.group_id = a.group_id and m.person_id = any(${moved as string[]}::text[])))))`;
}
