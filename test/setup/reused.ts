/**
 * Databases that one test after the other works in, so that what Postgres has read and planned once is used again: that is most of what a test in a new
 * database costs. Each begins with the very rows, sequences and schema that a new one would hold. A database goes back into use only when its test left
 * nothing else behind: no other session, none that is at work, no lock, no changed schema or setting, not much data; else it is dropped. A test that fails
 * may still be at work, so after it all of them are dropped.
 */
import postgres from "postgres";
import { type Connection, connect } from "../../src/db/connect.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";

export interface Reused {
  readonly database: TestDatabase;
  /** A pool with connections that may have been used before. */
  readonly connection: Connection;
  /** For the next test, or for good. */
  giveBack(): Promise<void>;
}

interface Kept {
  readonly database: TestDatabase;
  readonly connection: Connection;
  readonly admin: postgres.Sql;
  /** What its schema and settings were when it was new. */
  readonly shape: string;
  /** By what was written: the number of the function that brings it back; null: written once so far. */
  readonly written: Map<string, number | null>;
  uses: number;
  /** How many tests had failed when it was made. */
  readonly failures: number;
}

/** Deleted rows stay in the tables' files: after so many tests a new database is cheaper than theirs. */
const MOST_USES = 60;
/** Bytes of all tables of ours, a few times what an ordinary test leaves. */
const MOST_DATA = 4 * 2 ** 20;
/** Each holds up to eleven connections of the server. */
const MOST_IDLE = 2;
const NAME = "latchkey reused";

const idle: Kept[] = [];
let failures = 0;

/** Told by failures.ts. */
export function testFailed(): void {
  failures += 1;
}

/** A migrated database in which nothing is but what `write` wrote; the same `key` stands for the same content. */
export async function reusedDatabase(key: string, write: (database: TestDatabase) => Promise<void>): Promise<Reused> {
  const kept = (await fromBefore()) ?? (await made());
  try {
    await begin(kept, key, write);
  } catch (error) {
    await end(kept);
    throw error;
  }
  return {
    database: kept.database,
    connection: kept.connection,
    giveBack: async () => {
      if (idle.length < MOST_IDLE && (await isClean(kept).catch(() => false))) idle.push(kept);
      else await end(kept);
    },
  };
}

async function fromBefore(): Promise<Kept | undefined> {
  for (let kept = idle.pop(); kept; kept = idle.pop()) {
    if (kept.failures === failures) return kept;
    await end(kept);
  }
  return undefined;
}

async function made(): Promise<Kept> {
  const database = await freshDatabase();
  const connection = connect(database.url, { name: NAME });
  const admin = postgres(database.adminUrl, { max: 1, fetch_types: false, onnotice: () => {}, connection: { application_name: NAME } });
  await admin`create schema kept`;
  // A statement's plan for whatever its values are, which Postgres comes to by itself after some runs on each connection, is made at once.
  await admin`alter database ${admin(new URL(database.url).pathname.slice(1))} set plan_cache_mode = force_generic_plan`;
  const kept = { database, connection, admin, shape: await shapeOf(admin), written: new Map<string, number | null>(), uses: 0, failures };
  await keep(kept, 0);
  return kept;
}

async function begin(kept: Kept, key: string, write: (database: TestDatabase) => Promise<void>): Promise<void> {
  const known = kept.written.get(key);
  if (kept.uses++ > 0 || known) await kept.admin.unsafe(`select kept.back_${known ?? 0}()`);
  if (known) return;
  await write(kept.database);
  if (known === undefined) {
    kept.written.set(key, null);
    return;
  }
  const number = 1 + Math.max(0, ...[...kept.written.values()].map((one) => one ?? 0));
  await keep(kept, number);
  kept.written.set(key, number);
}

async function end({ admin, connection, database }: Kept): Promise<void> {
  await Promise.all([admin.end({ timeout: 5 }), connection.close()]);
  await database.drop();
}

/**
 * Keeps every row beside the tables, and makes the function that puts them back. Guards and foreign keys look away meanwhile, as for whoever owns the
 * server.
 */
async function keep({ admin }: Pick<Kept, "admin">, number: number): Promise<void> {
  const tables = await admin<{ name: string; columns: string }[]>`
    select quote_ident(c.relname) as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by c.relname`;
  const full: (typeof tables)[number][] = [];
  for (const table of tables) if ((await admin.unsafe(`select from public.${table.name} limit 1`)).length > 0) full.push(table);
  const sequences = await admin<{ name: string; at: string; used: boolean }[]>`
    select quote_ident(sequencename) as name, coalesce(last_value, start_value)::text as at, last_value is not null as used
    from pg_sequences where schemaname = 'public'`;
  await admin.unsafe(`
    ${full.map(({ name, columns }) => `create table kept.${tableOf(name, number)} as select ${columns} from public.${name};`).join("\n")}
    create function kept.back_${number}() returns void language plpgsql set session_replication_role = replica as $$ begin
      ${tables.map(({ name }) => `delete from public.${name};`).join("\n")}
      ${full.map(({ name, columns }) => `insert into public.${name} (${columns}) overriding system value select * from kept.${tableOf(name, number)};`).join("\n")}
      ${sequences.map(({ name, at, used }) => `perform setval('public.${name}', ${at}, ${used});`).join("\n")}
    end $$`);
}

function tableOf(name: string, number: number): string {
  return `"${name.replaceAll('"', "")}_${number}"`;
}

/** Whether a next test would find nothing of this one but rows. */
async function isClean(kept: Kept): Promise<boolean> {
  if (kept.uses >= MOST_USES || (await isBusy(kept))) return false;
  // Fails where the test ended the pool.
  await kept.connection.sql`select 1`;
  const [left] = await kept.admin<{ data: number }[]>`
    select coalesce(sum(pg_relation_size(oid)), 0)::float8 as data from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  return left !== undefined && left.data < MOST_DATA && (await shapeOf(kept.admin)) === kept.shape;
}

/** Sessions that a test has just ended take a moment to be gone. */
async function isBusy({ admin }: Kept): Promise<boolean> {
  for (let look = 0; look < 10; look++) {
    const [left] = await admin<{ others: number }[]>`
      select (select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
          and (application_name <> ${NAME} or state is distinct from 'idle'))::int
        + (select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()))::int as others`;
    if (left?.others === 0) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

/**
 * Says of each catalogue how many rows are ours and which transaction wrote last in them: so it changes with any definition, and with whatever lies in a
 * temporary table.
 */
async function shapeOf(admin: postgres.Sql): Promise<string> {
  const [row] = await admin<{ shape: string }[]>`
    with ours as materialized (select oid, xmin from pg_class where relnamespace = 'public'::regnamespace or relpersistence = 't')
    select string_agg(concat_ws(' ', catalogue, many, last), ', ') as shape from (
      select 'relations', count(*), max(xmin::text::bigint) from ours
      union all select 'columns', count(*), max(xmin::text::bigint) from pg_attribute where attrelid in (select oid from ours)
      union all select 'defaults', count(*), max(xmin::text::bigint) from pg_attrdef
      union all select 'constraints', count(*), max(xmin::text::bigint) from pg_constraint where connamespace = 'public'::regnamespace
      union all select 'triggers', count(*), max(xmin::text::bigint) from pg_trigger
      union all select 'functions', count(*), max(xmin::text::bigint) from pg_proc where pronamespace = 'public'::regnamespace
      union all select 'schemas', count(*), max(xmin::text::bigint) from pg_namespace where not starts_with(nspname, 'pg_')
      union all select 'rules', count(*), max(xmin::text::bigint) from pg_rewrite where ev_class in (select oid from ours)
      union all select 'policies', count(*), max(xmin::text::bigint) from pg_policy
      union all select 'settings', count(*), max(xmin::text::bigint) from pg_db_role_setting
        where setdatabase = (select oid from pg_database where datname = current_database())
    ) as known(catalogue, many, last)`;
  return row?.shape ?? "";
}
