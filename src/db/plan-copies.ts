/**
 * Copies of the tables that applying a folder writes, as temporary tables of the same names: Postgres finds those first, so the very code that applies
 * a folder can be run on them, and whatever reads the tables afterwards sees how things would stand. Nothing real is written or locked.
 */
import type { Transaction } from "./connect.ts";

type Sql = Transaction["sql"];

interface CopiedTable {
  readonly table: string;
  /** Which rows are needed; left out: none. */
  readonly rows?: string;
  /** Keys that applying relies on, and what queries look rows up by. */
  readonly indexes: readonly string[];
}

const COPIED: readonly CopiedTable[] = [
  {
    table: "person",
    rows: "true",
    indexes: ["unique index on person (id)", "unique index on person (lower(email))", "index on person (manager_id)"],
  },
  { table: '"group"', rows: "true", indexes: ['unique index on "group" (id)'] },
  { table: "member", rows: "true", indexes: ["unique index on member (group_id, person_id)", "index on member (person_id)"] },
  // Those in force, and those that open work was filed under.
  {
    table: "definition",
    rows: "until is null or id in (select application_definition from line where open union select policy_definition from line where open)",
    indexes: ["unique index on definition (id)", "index on definition (kind, key)"],
  },
  { table: "application", rows: "true", indexes: ["unique index on application (id)"] },
  { table: "configuration", rows: "version = (select max(version) from public.configuration)", indexes: [] },
  { table: "chat_account", rows: "true", indexes: ['unique index on chat_account (platform, home, "user")'] },
  { table: "event", indexes: ["index on event (line_id)"] },
  { table: "effect", indexes: [] },
];

/** Makes the copies, for as long as the transaction lasts. */
export async function copyTables(sql: Sql): Promise<void> {
  for (const { table, rows, indexes } of COPIED) {
    await sql.unsafe(
      `create temp table ${table} (like public.${table} including defaults including generated including identity) on commit drop`,
    );
    if (rows) {
      const columns = await ownColumns(sql, table);
      await sql.unsafe(`insert into ${table} (${columns}) overriding system value select ${columns} from public.${table} where ${rows}`);
    }
    for (const index of indexes) await sql.unsafe(`create ${index}`);
    // Nobody else sees these tables, so nobody else counts their rows; without counts, large ones are joined row by row.
    await sql.unsafe(`analyze ${table}`);
  }
  await sql`select setval(pg_get_serial_sequence('definition', 'id'), (select coalesce(max(id), 0) + 1 from public.definition))`;
}

/** All columns but those that Postgres works out by itself. */
async function ownColumns(sql: Sql, table: string): Promise<string> {
  const [row] = await sql`select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
    where attrelid = ${`public.${table}`}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`;
  return String(row?.columns);
}

/** Throws when a real table was written: what applies a folder has come to write one that isn't copied. */
export async function demandUntouched(sql: Sql): Promise<void> {
  const written = await sql`select distinct c.relname as table from pg_locks l join pg_class c on c.oid = l.relation
    where l.pid = pg_backend_pid() and l.locktype = 'relation' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      and l.mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;
  if (written.length > 0) throw new Error(`a plan may not write ${written.map((row) => String(row.table)).join(", ")}: copy it first`);
}

/** Which tables are meant by their bare names: the real ones, or the copies. */
export async function lookAt(sql: Sql, which: "real" | "copied"): Promise<void> {
  await sql.unsafe(`set local search_path = ${which === "real" ? "public, pg_temp" : "pg_temp, public"}`);
}
