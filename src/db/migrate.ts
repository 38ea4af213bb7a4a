/**
 * Applies what drizzle-kit wrote into migrations/. drizzle's own migrator takes no lock and goes by time stamps, so that an older stamp is
 * skipped without a word (drizzle-orm #874, #5316); this one goes by content, under an advisory lock, and compares the sets afterwards.
 */
import postgres from "postgres";
import { connectionFault, demandPatch, userOf } from "./connect.ts";
import { DatabaseFault } from "./fault.ts";
import { grantRunTime } from "./grants.ts";
import { MIGRATIONS, type Migration, readMigrations } from "./migrations.ts";

/** What a database is for; decided at its first migration, for good. */
export type Mark = "playground" | "real";

export interface MigrateOptions {
  /** The role that owns the schema; a direct connection, never through a pooler in transaction mode. */
  readonly ownerUrl: string;
  /** The role that Latchkey runs as; the same URL when there is only one. */
  readonly runtimeUrl: string;
  /** Given to a database that has none, demanded of one that has; `otherwise`: it keeps the one it has, and null refuses one that has none. */
  readonly mark: Mark | { readonly otherwise: Mark | null };
  /** Folder with meta/_journal.json and the .sql files; default: the one that came with this code. */
  readonly folder?: string;
}

/** Any constant will do, as long as every version of Latchkey uses it: the bytes of "latchkey". */
const LOCK = "7809651199139603833";
const OLDEST = 15;

const BOOTSTRAP = `
create table if not exists latchkey_migration (
  hash text primary key,
  name text not null,
  applied_at timestamptz not null default now()
);
create table if not exists installation (
  one boolean primary key default true check (one),
  mark text not null check (mark in ('playground', 'real')),
  created_at timestamptz not null default now()
);`;

/** Brings the database to this code's schema and grants the run-time role its rights. Any number of processes may call it at once; throws a DatabaseFault. */
export async function migrate(options: MigrateOptions): Promise<{ applied: string[]; mark: Mark }> {
  demandPatch();
  const migrations = await readMigrations(options.folder ?? MIGRATIONS);
  const sql = postgres(options.ownerUrl, {
    max: 1,
    max_lifetime: null,
    connect_timeout: 10,
    target_session_attrs: "primary",
    onnotice: () => {},
    connection: { application_name: "latchkey migrate", statement_timeout: 0 },
  });
  try {
    await refuseOld(sql);
    const [backend] = await sql`select pg_backend_pid() as pid, pg_advisory_lock(${LOCK}::bigint)`;
    const step: Step = (fn) =>
      sql.begin(async (tx) => {
        // the lock lives as long as its connection: on another one it is not ours
        const [here] = await tx`select pg_backend_pid() as pid`;
        if (here?.pid !== backend?.pid) throw new DatabaseFault("connection-lost", "The connection was lost while migrating. Start again.");
        return await fn(tx);
      }) as Promise<never>;
    const mark = await step((tx) => prepare(tx, options.mark));
    const applied = await step((tx) => appliedHashes(tx));
    refuseStrangers(applied, migrations);
    const missing = migrations.filter((migration) => !applied.has(migration.hash));
    for (const migration of missing) await step((tx) => apply(tx, migration));
    await step(async (tx) => refuseGaps(await appliedHashes(tx), migrations));
    await step((tx) => grantRunTime(tx, userOf(options.runtimeUrl), sql.options.user));
    return { applied: missing.map((migration) => migration.name), mark };
  } catch (error) {
    throw error instanceof DatabaseFault ? error : (connectionFault(error, sql) ?? error);
  } finally {
    await sql.end({ timeout: 5 }); // and with the connection goes the lock
  }
}

/** What stands between a database and this code; both empty when they agree. The run-time role may ask. */
export async function migrationGaps(sql: postgres.Sql, folder = MIGRATIONS): Promise<{ missing: string[]; unknown: string[] }> {
  const migrations = await readMigrations(folder);
  const [table] = await sql`select to_regclass('latchkey_migration') is not null as there`;
  const applied = table?.there ? await appliedHashes(sql) : new Map<string, string>();
  const known = new Set(migrations.map((migration) => migration.hash));
  return {
    missing: migrations.filter((migration) => !applied.has(migration.hash)).map((migration) => migration.name),
    unknown: [...applied].filter(([hash]) => !known.has(hash)).map(([, name]) => name),
  };
}

type Step = <T>(fn: (tx: postgres.TransactionSql) => Promise<T>) => Promise<T>;

async function refuseOld(sql: postgres.Sql): Promise<void> {
  const [server] = await sql`select current_setting('server_version_num')::int as number, current_setting('server_version') as version`;
  if (server?.number < OLDEST * 10_000)
    throw new DatabaseFault("too-old", `This is PostgreSQL ${server?.version}; Latchkey needs PostgreSQL ${OLDEST} or later.`);
}

async function prepare(tx: postgres.TransactionSql, wanted: MigrateOptions["mark"]): Promise<Mark> {
  await tx.unsafe(BOOTSTRAP);
  const first = typeof wanted === "string" ? wanted : wanted.otherwise;
  if (first !== null) await tx`insert into installation (mark) values (${first}) on conflict do nothing`;
  const [installation] = await tx<{ mark: Mark }[]>`select mark from installation`;
  if (!installation) throw new DatabaseFault("unmarked", UNMARKED);
  if (typeof wanted === "string" && installation.mark !== wanted) throw new DatabaseFault("wrong-mark", WRONG_MARK[wanted]);
  return installation.mark;
}

const UNMARKED =
  "This database is new, and what it is for is decided once, for good. Set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, or pass --real or --playground.";

/** By what was asked for; the database holds the other mark. */
const WRONG_MARK: Readonly<Record<Mark, string>> = {
  playground:
    "This database holds a real installation, so the playground won't touch it. Set the chat credentials to run it for real, or give the playground a database of its own: with DATABASE_URL set, another one; else another LATCHKEY_HOME.",
  real: "This database was made by the playground and is full of made-up people, so it can't be used for real. Give Latchkey another, empty one: with DATABASE_URL set, another database; else another LATCHKEY_HOME.",
};

async function appliedHashes(sql: postgres.ISql): Promise<Map<string, string>> {
  const rows = await sql<{ hash: string; name: string }[]>`select hash, name from latchkey_migration order by applied_at, name`;
  return new Map(rows.map((row) => [row.hash, row.name]));
}

function refuseStrangers(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const hashes = new Set(migrations.map((migration) => migration.hash));
  const names = new Set(migrations.map((migration) => migration.name));
  const strangers = [...applied].filter(([hash]) => !hashes.has(hash)).map(([, name]) => name);
  const changed = strangers.filter((name) => names.has(name));
  if (changed.length > 0)
    throw new DatabaseFault(
      "migration-changed",
      `Already applied and changed since: ${changed.join(", ")}. Put the old text back and write a new migration.`,
    );
  if (strangers.length > 0)
    throw new DatabaseFault(
      "newer-than-code",
      `The database is newer than this Latchkey (it has ${strangers.join(", ")}): upgrade Latchkey first.`,
    );
}

async function apply(tx: postgres.TransactionSql, migration: Migration): Promise<void> {
  for (const statement of migration.statements) {
    try {
      await tx.unsafe(statement);
    } catch (error) {
      const [line = ""] = statement.trim().split("\n");
      const why = error instanceof Error ? error.message : String(error);
      throw new DatabaseFault(
        "migration-failed",
        `Migration ${migration.name} failed and was undone: ${why} (in "${line.slice(0, 100)}").`,
        error,
      );
    }
  }
  await tx`insert into latchkey_migration (hash, name) values (${migration.hash}, ${migration.name})`;
}

function refuseGaps(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const missing = migrations.filter((migration) => !applied.has(migration.hash)).map((migration) => migration.name);
  if (missing.length > 0 || applied.size !== migrations.length)
    throw new DatabaseFault(
      "migrations-broken",
      `After migrating, the database does not hold what this Latchkey knows; missing: ${missing.join(", ") || "none"}.`,
    );
}
