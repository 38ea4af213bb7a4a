import type postgres from "postgres";
import { DatabaseFault } from "./fault.ts";

/** Tables of which the run-time role may only read and add rows; a trigger of the schema refuses the rest as well. */
export const APPEND_ONLY: readonly string[] = ["event", "vote"];
/** Tables that only migrations write. */
export const READ_ONLY: readonly string[] = ["latchkey_migration", "installation"];

/**
 * Gives the run-time role what it needs on the schema and no more; does nothing when it is the owner itself.
 * One transaction, so that no running replica meets the moment between grant and revoke.
 */
export async function grantRunTime(tx: postgres.TransactionSql, role: string, owner: string): Promise<void> {
  if (role === owner) return;
  const [there] = await tx`select 1 from pg_roles where rolname = ${role}`;
  if (there === undefined)
    throw new DatabaseFault(
      "no-such-role",
      `The role "${role}" of DATABASE_URL does not exist. Create it, then start again: create role "${role}" login password '...'.`,
    );
  const to = tx(role);
  await tx`grant usage on schema public to ${to}`;
  await tx`grant select, insert, update, delete on all tables in schema public to ${to}`;
  await tx`grant usage, select on all sequences in schema public to ${to}`;
  await tx`grant execute on all functions in schema public to ${to}`;
  await tx`alter default privileges in schema public grant select, insert, update, delete on tables to ${to}`;
  await tx`alter default privileges in schema public grant usage, select on sequences to ${to}`;
  await tx`alter default privileges in schema public grant execute on functions to ${to}`;
  for (const table of await existing(tx, APPEND_ONLY)) await tx`revoke update, delete, truncate on ${tx(table)} from ${to}`;
  for (const table of await existing(tx, READ_ONLY)) await tx`revoke insert, update, delete, truncate on ${tx(table)} from ${to}`;
}

async function existing(tx: postgres.TransactionSql, tables: readonly string[]): Promise<string[]> {
  const rows = await tx<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename = any(${tables as string[]})`;
  return rows.map((row) => row.name);
}
