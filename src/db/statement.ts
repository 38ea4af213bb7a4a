/** One SQL statement, written once over the schema's own names, prepared by the server at its first run on each connection. */
import { type Column, type SQL, sql } from "drizzle-orm";
import { PgDialect, type PgTable } from "drizzle-orm/pg-core";
import type { Db } from "./connect.ts";

const dialect = new PgDialect();

/** What a placeholder may hold: lists and objects travel as one jsonb each. */
export type Value = string | number | boolean | null | object;

/**
 * Compiles a template once. `sql.placeholder(name)` marks a parameter; cast each one in the template (`::jsonb`, `::uuid`), since the
 * server can't guess. The returned function runs it and gives the rows; it throws what the driver throws.
 */
export function statement<Row>(template: SQL): (db: Db, values: Readonly<Record<string, Value>>) => Promise<readonly Row[]> {
  const { sql: numbered, params } = dialect.sqlToQuery(template);
  const all = params.map((param) => {
    const name = (param as { name?: unknown }).name;
    if (typeof name !== "string") throw new Error("a compiled statement takes its values by placeholder only");
    return name;
  });
  // Each value travels once, however often the template names it.
  const names = [...new Set(all)];
  const text = numbered.replaceAll(/\$(\d+)/g, (_, n: string) => `$${names.indexOf(all[Number(n) - 1] ?? "") + 1}`);
  return async (db, values) => {
    const given = names.map((name) => {
      const value = values[name];
      if (value === undefined) throw new Error(`no value for ${name}`);
      if (typeof value === "string") return storable(value);
      return value !== null && typeof value === "object" ? storableJson(value) : value;
    });
    return (await db.$client.unsafe(text, given as never[], { prepare: true })) as unknown as readonly Row[];
  };
}

/** Postgres holds no NUL and no half of a surrogate pair: what a person typed must not fail for one, so it goes, or gives way to U+FFFD. */
function storable(text: string): string {
  return UNSTORABLE.test(text) ? text.replaceAll("\0", "").replace(/[\ud800-\udfff]/gu, "\ufffd") : text;
}

/** Looked for in what was written, where NUL and halves stand as escapes: going through every value of every command costs more than all the rest of it. */
function storableJson(value: object): string {
  const text = JSON.stringify(value);
  return ESCAPED.test(text) ? JSON.stringify(value, (_, one) => (typeof one === "string" ? storable(one) : one)) : text;
}

const ESCAPED = /\\u(?:0000|d[89a-f])/;
const UNSTORABLE = /[\0\ud800-\udfff]/u;

/** Bare quoted column names, as `insert` and `set` want them. */
export function names(columns: readonly Column[], alias?: string): SQL {
  const prefix = alias === undefined ? sql`` : sql.raw(`${alias}.`);
  return sql.join(
    columns.map((column) => sql`${prefix}${sql.identifier(column.name)}`),
    sql`, `,
  );
}

/**
 * A jsonb list of objects, read as rows of those columns (by their SQL names), under an alias. The limit is no limit: without it Postgres expects a
 * hundred rows and reads whole tables to join them; a limit that it can't know beforehand makes it expect a tenth of that and go by the index.
 */
export function listed(parameter: string, columns: readonly Column[], alias: string): SQL {
  const typed = columns.map((column) => sql`${sql.identifier(column.name)} ${sql.raw(column.getSQLType())}`);
  const list = sql`${sql.placeholder(parameter)}::jsonb`;
  return sql`(select * from jsonb_to_recordset(${list}) as rows(${sql.join(typed, sql`, `)}) limit jsonb_array_length(${list})) as ${sql.raw(alias)}`;
}

/** All columns of a table but some. */
export function columnsOf(table: PgTable, ...without: readonly Column[]): readonly Column[] {
  const columns = Object.values(table).filter((value): value is Column => isColumn(value));
  return columns.filter((column) => !without.includes(column));
}

function isColumn(value: unknown): value is Column {
  return typeof value === "object" && value !== null && "columnType" in value && "table" in value;
}
