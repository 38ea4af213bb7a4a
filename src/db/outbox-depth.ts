/** What waits in the outbox, for whoever watches it: asked at every scrape, so it reads a bounded number of rows however much has piled up. */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { effect } from "./schema.ts";
import { statement } from "./statement.ts";

/** Rows that are looked at for each priority: what waits beyond them isn't counted. */
export const MOST_COUNTED = 5_000;

export interface OutboxDepth {
  readonly due: readonly {
    readonly kind: string;
    readonly priority: number;
    readonly count: number;
    /** Seconds since the oldest of them was due. */
    readonly oldest: number;
  }[];
  readonly dead: readonly { readonly kind: string; readonly count: number }[];
}

const most = sql.raw(String(MOST_COUNTED));

/** Walks the index of what is due from one priority to the next; of each, those that can be taken soonest come first in it. */
const depth = statement<OutboxDepth>(sql`
with recursive urgency(priority) as (
  (select priority from ${effect} where state = 'due' order by priority limit 1)
  union all
  select (select e.priority from ${effect} e where e.state = 'due' and e.priority > u.priority order by e.priority limit 1)
  from urgency u where u.priority is not null),
due as (select o.kind, u.priority, count(*)::int as count, greatest(extract(epoch from app_now() - min(o.run_at)), 0)::float8 as oldest
  from urgency u cross join lateral (select e.kind, e.run_at from ${effect} e where e.state = 'due' and e.priority = u.priority order by coalesce(e.leased_until, e.run_at) limit ${most}) o
  group by 1, 2),
dead as (select kind, count(*)::int as count from (select kind from ${effect} where state = 'dead' limit ${most}) d group by 1)
select coalesce((select jsonb_agg(to_jsonb(due)) from due), '[]') as due, coalesce((select jsonb_agg(to_jsonb(dead)) from dead), '[]') as dead`);

export async function outboxDepth(db: Db): Promise<OutboxDepth> {
  const [row] = await depth(db, {});
  return row ?? { due: [], dead: [] };
}
