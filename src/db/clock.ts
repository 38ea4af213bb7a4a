/** The playground's clock: how far `app_now()` runs ahead of the database's own. A trigger refuses it to a real installation. */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { clock, effect, task } from "./schema.ts";
import { statement } from "./statement.ts";

const read = statement<{ ms: number }>(sql`select (coalesce((select extract(epoch from ahead) from ${clock}), 0) * 1000)::float8 as ms`);

const move = statement<{ ms: number }>(sql`
insert into ${clock} as c (ahead) values (make_interval(secs => ${sql.placeholder("ms")}::float8 / 1000))
on conflict (one) do update set ahead = c.ahead + excluded.ahead
returning (extract(epoch from c.ahead) * 1000)::float8 as ms`);

/** Milliseconds that `app_now()` is ahead; 0 where it was never moved. */
export async function clockAhead(db: Db): Promise<number> {
  return (await read(db, {}))[0]?.ms ?? 0;
}

/**
 * Moves the clock on by so many milliseconds and says how far it is ahead then. Only forward, since what has happened stays happened: throws a
 * RangeError otherwise, and what the driver throws (SQLSTATE LK002) where the installation is a real one.
 */
export async function moveClock(db: Db, ms: number): Promise<number> {
  if (!(Number.isFinite(ms) && ms > 0)) throw new RangeError("the clock only moves forward");
  const [row] = await move(db, { ms });
  if (!row) throw new Error("the clock was not moved");
  return row.ms;
}

const next = statement<{ at: string | null; waiting: boolean }>(sql`
select to_json((select min(least(t.remind_at, t.escalate_at, t.expire_at)) from ${task} t where t.state = 'open')) #>> '{}' as at,
  exists (select from ${effect} e where e.state = 'due' and e.run_at <= app_now()) as waiting`);

/** When the next clock of an open task runs out (null: none will), and whether something waits to be carried out now. */
export async function nextDueClock(db: Db): Promise<{ readonly at: Date | null; readonly waiting: boolean }> {
  const [row] = await next(db, {});
  return { at: row?.at ? new Date(row.at) : null, waiting: row?.waiting ?? false };
}
