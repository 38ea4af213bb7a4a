/**
 * A database in which one walk follows another, served by three processes of one connection each. Between two walks it goes back to how it was made, its
 * clock too: so a walk depends on nothing but its steps, queries stay quick, and what Postgres has planned once is used thousands of times.
 */
import postgres from "postgres";
import { v7 } from "uuid";
import { moveClock } from "../../src/db/clock.ts";
import { type Connection, connect } from "../../src/db/connect.ts";
import { operations } from "../../src/operations/wire.ts";
import type { World } from "../../src/operations/world.ts";
import { freshDatabase } from "../setup/database.ts";
import { MONDAY_TEN } from "./acts.ts";
import type { Company } from "./company.ts";
import { applyShape, SHAPE } from "./office.ts";

/** Processes that serve the same database. */
const REPLICAS = 3;

export interface Strand {
  /** One company, as each of the processes sees it. */
  readonly replicas: readonly Company[];
  /** As it was made; without the rows, the events and the answers of what happened since. */
  back(): Promise<void>;
  close(): Promise<void>;
}

/** The office as `SHAPE` has it, on a Monday at ten in the morning in Berlin. */
export async function strand(): Promise<Strand> {
  const database = await freshDatabase();
  const connections = Array.from({ length: REPLICAS }, () => connect(database.url, { max: 1, lifetime: null }));
  const replicas = connections.map((connection): Company => {
    const world: World = { db: connection.db, newId: v7, wake: () => {} };
    return { database, connection, world, operations: operations(world), close: () => connection.close() };
  });
  const first = replicas[0] as Company;
  await moveClock(first.world.db, Date.parse(MONDAY_TEN) - 3_600_000 - Date.now());
  await applyShape(first, SHAPE);
  const admin = postgres(database.adminUrl, { max: 1, max_lifetime: null, onnotice: () => {} });
  await admin.unsafe(await kept(first.connection));
  return {
    replicas,
    back: async () => void (await admin`select kept.back()`),
    close: async () => {
      await Promise.all([admin.end(), ...replicas.map((one) => one.close())]);
      await database.drop();
    },
  };
}

/** Keeps every row beside the tables, and makes the function that puts them back; guards and foreign keys look away meanwhile, as for whoever owns the server. */
async function kept({ sql }: Connection): Promise<string> {
  const tables = await sql<{ name: string; columns: string }[]>`
    select quote_ident(c.relname) as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not in ('clock', 'installation', 'latchkey_migration') group by c.relname`;
  const full: (typeof tables)[number][] = [];
  for (const table of tables) if ((await sql.unsafe(`select from ${table.name} limit 1`)).length > 0) full.push(table);
  return `create schema kept;
    ${full.map(({ name, columns }) => `create table kept.${name} as select ${columns} from public.${name};`).join("\n")}
    create function kept.back() returns void language plpgsql set session_replication_role = replica as $$ begin
      ${tables.map(({ name }) => `delete from public.${name};`).join("\n")}
      ${full.map(({ name, columns }) => `insert into public.${name} (${columns}) overriding system value select * from kept.${name};`).join("\n")}
      update public.clock set ahead = timestamptz '${MONDAY_TEN}' - clock_timestamp();
    end $$`;
}
