/** The people of an applied folder: written where they differ, in a few statements for all of them. */
import type { PersonEntry } from "./apply.ts";
import type { Transaction } from "./connect.ts";
import { type Cells, copyInto } from "./copy-in.ts";

type Sql = Transaction["sql"];

/** Upserts people; whoever is missing from the file stays and is reported. A change of state is an event. */
export async function writePeople(
  sql: Sql,
  entries: readonly PersonEntry[],
): Promise<{
  changed: number;
  missing: readonly string[];
  erased: readonly string[];
  moved: readonly string[];
  remanaged: readonly string[];
}> {
  await sql`create temp table incoming (id text, email text, name text, manager_id text, department text, title text, location text, time_zone text, calendar text,
    state text, start_date date, end_date date, attributes jsonb) on commit drop`;
  await copyInto(sql, "incoming", PERSON_COLUMNS, personRows(entries));
  const erased = await passOverErased(sql);
  await sql`analyze incoming`;
  await sql`create temp table moved on commit drop as
    select p.id, p.state as was, i.state as now from person p join incoming i using (id) where p.state <> i.state`;
  const remanaged = await sql`select p.id from person p join incoming i using (id) where p.manager_id is distinct from i.manager_id`;
  // Addresses are unique: whoever has one that the file gives to somebody else makes room first. For those in the file the right one follows at
  // once (two people may swap); those missing from the file go without.
  await sql`update person p set email = 'parked:' || p.id from incoming i where i.id <> p.id and lower(i.email) = lower(p.email)`;
  // Those who stay as they are aren't even locked, so that they go on acting meanwhile. Found before anything is written: a statement that looks for
  // rows in the very table that it fills looks through ever more of what it has just written.
  await sql`create temp table differing on commit drop as select i.* from incoming i left join person p using (id)
    where p.id is null or (p.email, p.name, p.manager_id, p.department, p.title, p.location, p.time_zone, p.calendar, p.state, p.start_date, p.end_date, p.attributes)
      is distinct from (i.email, i.name, i.manager_id, i.department, i.title, i.location, i.time_zone, i.calendar, i.state, i.start_date, i.end_date, i.attributes)`;
  const changed = await sql`
    insert into person as p (id, email, name, manager_id, department, title, location, time_zone, calendar, state, start_date, end_date, attributes)
    select id, email, name, manager_id, department, title, location, time_zone, calendar, state, start_date, end_date, attributes from differing
    on conflict (id) do update set email = excluded.email, name = excluded.name, manager_id = excluded.manager_id, department = excluded.department,
      title = excluded.title, location = excluded.location, time_zone = excluded.time_zone, calendar = excluded.calendar, state = excluded.state,
      start_date = excluded.start_date, end_date = excluded.end_date, attributes = excluded.attributes`;
  // Behind the change, which waited for whoever was acting in that moment: so an event's place tells what came first.
  const moved = await sql`insert into event (at, kind, data)
    select app_now(), 'person-moved', jsonb_build_object('person', id, 'from', was, 'to', now) from moved order by id returning data->>'person' as id`;
  const missing =
    await sql`select id from person p where state <> 'left' and not exists (select from incoming i where i.id = p.id) order by id`;
  const ids = (rows: readonly { readonly id?: unknown }[]) => rows.map((row) => String(row.id));
  return { changed: changed.count, missing: ids(missing), erased, moved: ids(moved), remanaged: ids(remanaged) };
}

const PERSON_COLUMNS =
  "id, email, name, manager_id, department, title, location, time_zone, calendar, state, start_date, end_date, attributes";

function* personRows(entries: readonly PersonEntry[]): Generator<Cells> {
  for (const { person: p } of entries)
    yield [
      ...[p.id, p.email, p.name, p.managerId, p.department, p.title, p.location, p.timeZone, p.calendar, p.state, p.startDate, p.endDate],
      p.attributes,
    ];
}

/** Takes those who were erased out of the incoming rows: a file that still holds them doesn't bring them back. Gives their ids. */
async function passOverErased(sql: Sql): Promise<readonly string[]> {
  const rows = await sql`delete from incoming i using person p where p.id = i.id and p.email = 'erased:' || p.id returning i.id`;
  return rows.map((row) => String(row.id)).sort();
}
