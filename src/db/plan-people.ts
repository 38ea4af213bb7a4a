/** Who would join, leave or change with a folder. */
import type { PersonState } from "../domain/people.ts";
import type { Transaction } from "./connect.ts";

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface PersonChange extends Named {
  /** null: new. */
  readonly was: PersonState | null;
  readonly state: PersonState;
  /** By column of people.csv, what stands there now and what would; null: empty, or no such column. A manager is named as `Name (id)`. */
  readonly fields: Readonly<Record<string, readonly [string | null, string | null]>>;
}

export interface PeopleChanges {
  readonly joining: readonly PersonChange[];
  /** Active today, and `left` in the file. */
  readonly leaving: readonly PersonChange[];
  /** Everybody else of whom something differs. */
  readonly changing: readonly PersonChange[];
  /** Not in the file any more: they stay as they are. */
  readonly missing: readonly Named[];
}

type Sql = Transaction["sql"];

/** `absent`: ids of those whom the file no longer has. Reads the plan's copies, and `incoming`: the file's people. */
export async function peopleChanges(sql: Sql, absent: readonly string[]): Promise<PeopleChanges> {
  const rows = await sql<Row[]>`
    select t.id, t.name, p.state as was, t.state, case when p.id is null then '{}'::jsonb else (
        select coalesce(jsonb_object_agg(key, jsonb_build_array(was.value, now.value)), '{}') from jsonb_each_text(${columns(sql, "p", "boss")}) was
        full join jsonb_each_text(${columns(sql, "t", "then_boss")}) now using (key) where was.value is distinct from now.value) end as fields
    from incoming t left join public.person p using (id)
    left join public.person boss on boss.id = p.manager_id left join person then_boss on then_boss.id = t.manager_id
    where (p.id is null or ${row(sql, "p")} is distinct from ${row(sql, "t")}) order by t.id`;
  const missing = await sql<Named[]>`select id, name from person where id = any(${absent as string[]}::text[]) order by id`;
  const of = (test: (row: Row) => boolean) => rows.filter(test).map((one) => ({ ...one }));
  const leaves = (one: Row) => one.was === "active" && one.state === "left";
  return {
    joining: of((one) => one.was === null),
    leaving: of(leaves),
    changing: of((one) => one.was !== null && !leaves(one)),
    missing: missing.map((one) => ({ ...one })),
  };
}

type Row = PersonChange & Record<string, unknown>;

const PLAIN = ["email", "name", "department", "title", "location", "time_zone", "calendar", "state", "start_date", "end_date"] as const;

function row(sql: Sql, table: string) {
  return sql`(${[...PLAIN, "manager_id", "attributes"].flatMap((column, index) => {
    const one = sql`${sql(`${table}.${column}`)}`;
    return index === 0 ? [one] : [sql`, `, one];
  })})`;
}

/** The columns of people.csv as one JSON object. */
function columns(sql: Sql, table: string, boss: string) {
  const pairs = PLAIN.flatMap((column) => [sql`${column}::text, ${sql(`${table}.${column}`)}, `]);
  const manager = sql`${sql(`${table}.manager_id`)}`;
  return sql`(${sql(`${table}.attributes`)} || jsonb_build_object(${pairs} 'manager_id', ${sql(`${boss}.name`)} || ' (' || ${manager} || ')'))`;
}
