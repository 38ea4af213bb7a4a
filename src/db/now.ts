/** The time that counts: the database's, plus what a playground has moved it ahead. */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { statement } from "./statement.ts";

const read = statement<{ now: string }>(sql`select to_json(app_now()) as now`);

export async function databaseNow(db: Db): Promise<Date> {
  const [row] = await read(db, {});
  if (!row) throw new Error("the database gave no time");
  return new Date(row.now);
}
