/** Refusals for want of right are events too: an auditor asks who tried. */
import { sql } from "drizzle-orm";
import { isForGood, type Refusal } from "../domain/refusals.ts";
import type { Db } from "./connect.ts";
import { event, inbound } from "./schema.ts";
import { statement } from "./statement.ts";

export interface RefusedAct {
  readonly actor: string;
  readonly line: string | null;
  readonly request: string | null;
  readonly task: string | null;
  readonly verb: string;
  readonly refusal: Refusal;
  readonly seen: object | null;
  /** Names what was delivered; null: nothing does. Delivered again it leaves no second event, however much later. */
  readonly delivery: string | null;
}

const p = (name: string) => sql.placeholder(name);

/** The key makes those that come at once wait for one another; the look back spans the turn of the minute. */
const recorded = statement(sql`
with again as (
  insert into ${inbound} (key, fingerprint, answer, at) select ${p("delivery")}::text, '', ${p("answer")}::jsonb, app_now()
  where ${p("delivery")}::text is not null on conflict (key) do nothing returning 1),
first as (
  insert into ${inbound} (key, fingerprint, answer, at)
  select 'refused:' || ${p("actor")}::text || ':' || coalesce(${p("task")}::text, ${p("line")}::text, '') || ':'
    || (${p("data")}::jsonb->>'verb') || ':' || to_char(app_now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI'), '', '{}', app_now()
  where (${p("delivery")}::text is null or exists (select from again)) and not exists (select from ${event} e where e.kind = 'refused' and e.actor_id = ${p("actor")}::text
    and e.task_id is not distinct from ${p("task")}::uuid and e.line_id is not distinct from ${p("line")}::uuid
    and e.data->>'verb' = ${p("data")}::jsonb->>'verb' and e.at > app_now() - interval '1 minute')
  on conflict (key) do nothing returning 1)
insert into ${event} (at, kind, actor_id, request_id, line_id, task_id, data, seen)
select app_now(), 'refused', ${p("actor")}::text, ${p("request")}::uuid, ${p("line")}::uuid, ${p("task")}::uuid, ${p("data")}::jsonb, ${p("seen")}::jsonb
from first`);

/** Writes the event, at most one a minute per person, thing and verb: somebody who hammers a button doesn't fill the disk, nor hide another try behind it. */
export async function recordRefusal(db: Db, it: RefusedAct): Promise<void> {
  await recorded(db, {
    actor: it.actor,
    request: it.request,
    line: it.line,
    task: it.task,
    data: { verb: it.verb, refusal: it.refusal.name },
    seen: it.seen,
    delivery: it.delivery,
    answer: { refused: it.refusal },
  });
}

const remembered = statement(sql`
insert into ${inbound} (key, fingerprint, answer, at) values (${p("delivery")}::text, '', ${p("answer")}::jsonb, app_now()) on conflict (key) do nothing`);

/** So that what is delivered again, when it would be allowed by then, is refused as it was. */
export async function rememberRefusal(db: Db, delivery: string | null, refusal: Refusal): Promise<void> {
  if (delivery !== null && !isForGood(refusal)) await remembered(db, { delivery, answer: { refused: refusal } });
}

const answering = statement<{ key: string }>(sql`
insert into ${inbound} (key, fingerprint, answer, at) values (${p("delivery")}::text || ':answer', '', '{}', app_now()) on conflict (key) do nothing returning key`);

/** True for the first who asks. */
export async function firstToAnswer(db: Db, delivery: string): Promise<boolean> {
  return (await answering(db, { delivery })).length > 0;
}
