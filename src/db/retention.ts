/**
 * What is forgotten by itself. Evidence never is: requests, tasks, votes, orders, accounts and events stay. What goes is what only says where a card stands
 * in a chat, once nothing has happened to its request for so long that the card won't be drawn again.
 */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { event, line, message, request, task } from "./schema.ts";
import { statement } from "./statement.ts";

/** Days after the last thing that happened to a request, after which where its cards stand is forgotten. */
export const CARDS_KEPT_DAYS = 180;
/** Rows that one statement deletes, so that no lock is held for long. */
const AT_ONCE = 5000;

const p = (name: string) => sql.placeholder(name);
const LONG_AGO = sql.raw(`(app_now() - interval '${CARDS_KEPT_DAYS} days')`);
const isOver = sql`not l.open and not exists (select from ${event} e where e.line_id = l.id and e.at >= ${LONG_AGO})`;

/** Whatever isn't one of these kinds (App Homes, digests) stays. */
const forgotten = statement<{ id: string }>(sql`
with old as (select m.id, split_part(m.subject, ':', 1) as kind,
    case when m.subject ~ '^(task|request):' then split_part(m.subject, ':', 2)::uuid end as about from ${message} m
  where m.posted_at < ${LONG_AGO} and split_part(m.subject, ':', 1) in ('task', 'request', 'notice', 'remark')
    and (m.leased_until is null or m.leased_until < clock_timestamp())),
over as (
  select o.id from old o where o.kind in ('notice', 'remark')
  union all select o.id from old o where o.kind = 'task' and not exists (
    select from ${task} t join ${line} l on l.id = t.line_id where t.id = o.about and not (${isOver}))
  union all select o.id from old o where o.kind = 'request' and not exists (
    select from ${request} r join ${line} l on l.request_id = r.id where r.id = o.about and not (${isOver}))
  limit ${p("most")}::int)
delete from ${message} where id in (select id from over) returning id`);

/** Forgets where the cards of requests stand that were over long ago; says how many copies. Any number of processes may do it at once. */
export async function forgetOldCards(db: Db, goOn: () => boolean = () => true): Promise<number> {
  let gone = 0;
  while (goOn()) {
    const { length } = await forgotten(db, { most: AT_ONCE });
    gone += length;
    if (length < AT_ONCE) break;
  }
  return gone;
}
