/** For a playground whose stand-in for Slack starts empty: forgets where cards stood and how many came, and has those of open requests posted again. */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { allowance, effect, line, message, task } from "./schema.ts";
import { statement } from "./statement.ts";

const forgotten = statement(sql`
with gone as (delete from ${message} returning 1),
fresh as (delete from ${allowance} returning 1)
insert into ${effect} (kind, priority, subject, body, run_at)
select 'show', 2, kind || ':' || id, jsonb_build_object('kind', 'show', 'subject', kind, 'id', id), app_now()
from (select 'task' as kind, t.id, t.opened_at as at from ${task} t where t.state = 'open'
  union all select 'request', l.request_id, min(l.submitted_at) from ${line} l group by l.request_id
    having bool_or(l.open)) again
where (select count(*) from gone) >= 0 order by at`);

export async function repostEverything(db: Db): Promise<void> {
  await forgotten(db, {});
}
