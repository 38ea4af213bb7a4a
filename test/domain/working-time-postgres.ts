/** What clocks all over the world show, as Postgres has it: its own library of zones and its own edition of the tz database, neither of which the product counts with. */
import postgres from "postgres";
import { testServer } from "../setup/database.ts";
import { BEGIN, type Clock, END } from "./working-time-oracle.ts";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** From an instant on a zone's clocks run so many minutes ahead of UTC's. */
interface Stretch {
  readonly from: number;
  readonly ahead: number;
}

export interface Zones {
  /** Zones that Postgres knows. */
  readonly names: readonly string[];
  /** The instants of the years 2025 to 2035 at which its clocks are changed. */
  changes(timeZone: string): readonly number[];
  readonly clock: Clock;
}

/** Of those zones, or of all, what is known for the years 2025 to 2035 and some days more. Every change is found: offsets are compared day by day, then half hour by half hour. */
export async function zonesOfPostgres(only: readonly string[] | null): Promise<Zones> {
  const sql = postgres(testServer().adminUrl, { max: 1, onnotice: () => {}, connection: { TimeZone: "UTC" } });
  try {
    const rows = await sql<{ name: string; from: number | null; ahead: number }[]>`
      with zone as materialized (select name from pg_timezone_names where name !~ '^(posix|right)/' and (${only === null} or name = any(${only ?? []}::text[]))),
      day as (select z.name, d.at, (d.at at time zone z.name) - (d.at at time zone 'UTC') as ahead
        from zone z cross join generate_series(timestamptz '2024-12-25 UTC', '2036-12-31 UTC', '1 day') d(at)),
      changed as (select * from (select name, at, ahead, lead(ahead) over (partition by name order by at) as later from day) x where later <> ahead),
      half as (select c.name, h.at, (h.at at time zone c.name) - (h.at at time zone 'UTC') as ahead
        from changed c cross join lateral generate_series(c.at, c.at + interval '1 day', '30 minutes') h(at)),
      found as (select * from (select name, at, ahead, lag(ahead) over (partition by name order by at) as before from half) x where before <> ahead)
      select name, null::float8 as from, (extract(epoch from (timestamptz '2024-12-25 UTC' at time zone name) - timestamp '2024-12-25') / 60)::float8 as ahead from zone
      union all select name, extract(epoch from at)::float8 * 1000, (extract(epoch from ahead) / 60)::float8 from found order by 1, 2 nulls first`;
    const known = new Map<string, Stretch[]>();
    for (const { name, from, ahead } of rows) {
      const list = known.get(name) ?? [];
      known.set(name, list);
      list.push({ from: from ?? Number.NEGATIVE_INFINITY, ahead });
    }
    const of = (timeZone: string) => {
      const list = known.get(timeZone);
      if (!list) throw new Error(`Postgres does not know ${timeZone}`);
      return list;
    };
    return {
      names: [...known.keys()],
      changes: (timeZone) => of(timeZone).flatMap(({ from }) => (from > BEGIN && from < END ? [from] : [])),
      clock: (ms, timeZone) => {
        const wall = ms + (of(timeZone).findLast(({ from }) => from <= ms)?.ahead ?? 0) * MINUTE;
        const days = Math.floor(wall / DAY);
        // 1970-01-01 was a Thursday.
        return {
          date: new Date(wall).toISOString().slice(0, 10),
          weekday: ((days + 3) % 7) + 1,
          minute: Math.floor((wall - days * DAY) / MINUTE),
        };
      },
    };
  } finally {
    await sql.end();
  }
}
