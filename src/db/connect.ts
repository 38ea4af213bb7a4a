/**
 * The one way to Postgres: the `postgres` driver with drizzle on top.
 *
 * Driver and drizzle as they really behave (postgres 3.4.9, drizzle-orm 0.45.4):
 * - A lost connection used to end the process, to leave a pool that never answers, or to let a dead transaction's statements land
 *   in somebody else's: porsager/postgres #1154, #1189, #1192, #1193, #1208, #1216, #1223. `patches/postgres+3.4.9.patch` mends these;
 *   test/db/patch.test.ts shows that it is applied.
 * - A server that is gone without closing its connections was waited for until the system gave up, a quarter of an hour; and of several hosts one
 *   that never answers failed the query instead of leading to the next. The patch mends both (docs/decisions/0021).
 * - After a lost connection the outcome of a write is unknown: repeat it under the same key.
 * - `drizzle(client)` takes away the client's serializers and parsers for json and dates. `connect` puts tolerant serializers back, so raw SQL
 *   takes a Date or its ISO text, and an object or its JSON text. What raw SQL *reads* stays drizzle's way: dates come as text.
 * - drizzle prepares a statement only after `.prepare(name)`.
 */
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { codeOf, DatabaseFault } from "./fault.ts";

export type Sql = postgres.Sql;
export type Db = PostgresJsDatabase<Record<string, never>> & { $client: Sql };
/** What a batch job gets: both ways to speak inside its one transaction. */
export interface Transaction {
  readonly sql: postgres.TransactionSql;
  readonly db: PostgresJsDatabase<Record<string, never>>;
}

export interface Connection {
  readonly sql: Sql;
  readonly db: Db;
  /** Lets running queries end for up to 5 seconds, then closes. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Connections in the pool; default 10. */
  readonly max?: number;
  /** Shown in pg_stat_activity; default "latchkey". */
  readonly name?: string;
  /** Milliseconds after which the server cancels a statement; 0 means never; default 10,000. */
  readonly statementTimeout?: number;
  /** Seconds to wait for a connection; default 10. */
  readonly connectTimeout?: number;
  /** `false` behind a pooler in transaction mode; `?prepare=false` in the URL says the same. Session settings are then not sent either. */
  readonly prepare?: boolean;
  /** Seconds after which a connection is replaced by a fresh one; default 30 to 60 minutes; `null`: never. */
  readonly lifetime?: number | null;
}

/** Opens a pool; nothing is sent before the first query (`reach` tries it). Closing it is the caller's duty. */
export function connect(url: string, options: ConnectOptions = {}): Connection {
  const sql = client(url, options);
  const db = drizzle(sql);
  tolerant(sql);
  return { sql, db, close: () => sql.end({ timeout: 5 }) };
}

/**
 * One transaction on a connection of its own, for batch jobs (configuration, feeds): `fn`'s statements are committed together when it
 * resolves and undone when it throws or the connection is lost; in that last case nothing `fn` still sends reaches the server.
 */
export async function batch<T>(url: string, fn: (tx: Transaction) => Promise<T>, options: ConnectOptions = {}): Promise<T> {
  const sql = client(url, { name: "latchkey batch", statementTimeout: 0, lifetime: null, ...options, max: 1 });
  try {
    const result = await sql.begin(async (tx) => {
      // drizzle reads a client's options; a transaction's client has none of its own
      const db = drizzle(Object.assign(tx, { options: sql.options }) as unknown as Sql);
      tolerant(sql);
      const [before] = await tx`select pg_current_xact_id()::text as xid`;
      const value = await fn({ sql: tx, db });
      const [after] = await tx`select pg_current_xact_id()::text as xid`;
      if (before?.xid !== after?.xid)
        throw new DatabaseFault("connection-lost", "The transaction ended before its batch did; nothing is kept.");
      return { value };
    });
    return (result as { value: T }).value;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Asks the database for one answer; throws a DatabaseFault that says in a sentence what is wrong. */
export async function reach(connection: Pick<Connection, "sql">): Promise<void> {
  try {
    await connection.sql`select 1`;
  } catch (error) {
    throw connectionFault(error, connection.sql) ?? error;
  }
}

/** The fault behind a failure to connect, or undefined when the failure is of another kind. */
export function connectionFault(error: unknown, sql: Pick<Sql, "options">): DatabaseFault | undefined {
  const { host, port, user, database } = sql.options;
  const where = host.map((name, at) => `${name}:${port[at] ?? port[0]}`).join(", ");
  const code = codeOf(error) ?? "";
  switch (code) {
    case "ECONNREFUSED":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
    case "ECONNRESET":
    case "CONNECT_TIMEOUT":
      return new DatabaseFault(
        "unreachable",
        `No Postgres answers at ${where} (${code}). Is it running, and is DATABASE_URL right?`,
        error,
      );
    case "57P03":
      return new DatabaseFault("unreachable", `Postgres at ${where} is starting or stopping. Try again in a moment.`, error);
    case "28P01":
    case "28000":
      return new DatabaseFault(
        "login-refused",
        `Postgres at ${where} refuses the user "${user}". Check user and password in DATABASE_URL.`,
        error,
      );
    case "3D000":
      return new DatabaseFault(
        "no-such-database",
        `Postgres at ${where} has no database "${database}". Create it, or correct DATABASE_URL.`,
        error,
      );
    case "53300":
      return new DatabaseFault(
        "too-many-connections",
        `Postgres at ${where} has no connection left. Raise max_connections or run fewer replicas.`,
        error,
      );
    case "CONNECTION_DESTROYED":
      return new DatabaseFault("not-primary", `Postgres at ${where} is a standby. DATABASE_URL must name the primary.`, error);
    case "CONNECTION_CLOSED":
      return new DatabaseFault("connection-lost", `The connection to Postgres at ${where} was lost.`, error);
    default:
      return undefined;
  }
}

/** The user that a database URL names, decoded. */
export function userOf(url: string): string {
  return postgres(url, { max: 1 }).options.user; // reading a URL opens no connection
}

/** Throws where install scripts were switched off: without its patch the driver may mix transactions. */
export function demandPatch(driver: object = postgres): void {
  if (!("patchedByLatchkey" in driver))
    throw new DatabaseFault(
      "driver-unpatched",
      "The database driver lacks Latchkey's patch. Run \"npx patch-package\" in Latchkey's folder, then start again.",
    );
}

function client(url: string, options: ConnectOptions): Sql {
  demandPatch();
  const prepare = options.prepare ?? !/[?&]prepare=(false|disable)\b/.test(url);
  return postgres(url, {
    max: options.max ?? 10,
    prepare,
    connect_timeout: options.connectTimeout ?? 10,
    ...silence(options.statementTimeout ?? 10_000),
    ...(options.lifetime === undefined ? {} : { max_lifetime: options.lifetime }),
    // `read-write` can land on a standby that is being promoted
    target_session_attrs: "primary",
    // a new primary should be found within a second, and a dead one not be hammered
    backoff: (retries: number) => (0.5 + Math.random() / 2) * Math.min(0.05 * 2 ** retries, 1),
    onnotice: () => {},
    connection: {
      application_name: options.name ?? "latchkey",
      // poolers in transaction mode refuse to connect on settings that they don't know
      // jit: a load's plan looks dear enough to be compiled, which takes a second each time for a query of some milliseconds (seen on PostgreSQL 15 with LLVM)
      ...(prepare ? { statement_timeout: options.statementTimeout ?? 10_000, jit: "off" } : {}),
    },
  });
}

/** Seconds that the server may be silent longer than any statement takes there: what lies between us may be slow, and a busy server late. */
const SILENCE_S = 2;

/** A server whose statements end in time and that says nothing is gone: its connections are given up, though nobody closed them. (Ours, by the patch.) */
function silence(statementTimeout: number): object {
  return statementTimeout > 0 ? { silence_timeout: statementTimeout / 1000 + SILENCE_S } : {};
}

/** Postgres types whose serializers drizzle makes transparent: json, jsonb, and the dates and times with their arrays' elements. */
const JSON_TYPES = [114, 3802];
const DATE_TYPES = [1082, 1083, 1114, 1184];

function tolerant(sql: Sql): void {
  const serializers = sql.options.serializers as Record<number, (value: unknown) => unknown>;
  for (const type of JSON_TYPES) serializers[type] = (value) => (typeof value === "string" ? value : JSON.stringify(value));
  for (const type of DATE_TYPES) serializers[type] = (value) => (value instanceof Date ? value.toISOString() : value);
}
