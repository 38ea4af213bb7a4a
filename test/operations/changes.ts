/** Changes made by the real rules but not committed yet, and what a database holds as a whole: for tests of the commit itself. */
import { connect } from "../../src/db/connect.ts";
import { load } from "../../src/db/load.ts";
import { type ChangeRows, rowsOf } from "../../src/db/rows.ts";
import type { TaskCommand } from "../../src/domain/commands.ts";
import { decide } from "../../src/domain/decide.ts";
import { effectsOf } from "../../src/domain/effects.ts";
import { evolve } from "../../src/domain/events.ts";
import { type Line, openTask } from "../../src/domain/line.ts";
import { factsOf } from "../../src/operations/change.ts";
import type { Company } from "./company.ts";

export interface Change {
  readonly line: Line;
  readonly task: string;
  readonly rows: ChangeRows;
}

/** What the command comes to on the line as it stands now. */
export async function changeOf(it: Company, number: number, actor: string, command: TaskCommand): Promise<Change> {
  const [found] = await it.connection.sql`select id from line where number = ${number}`;
  const login = command.verb === "confirm" ? command.login : null;
  const loaded = await load(it.world.db, { line: String(found?.id), task: null, actor, key: null, login });
  const { line, now: at } = loaded;
  const task = line ? openTask(line) : undefined;
  if (!line || !task) throw new Error(`line ${number} has no open task`);
  const decided = decide(line, { task: task.id, face: task.face }, command, factsOf(it.world, loaded, line));
  if (!decided.ok) throw new Error(`refused: ${decided.refusal.name}`);
  const events = decided.value;
  const is = events.reduce((state, event) => evolve(state, event, at), line);
  const effects = effectsOf(is, events);
  return { line, task: task.id, rows: rowsOf({ was: line, from: line, is, events, effects, actor, at, seen: null, filedUnder: null }) };
}

/** Every row of every public table, as text, by table: two of these are equal only when nothing at all has changed. */
export async function everything(it: Pick<Company, "connection">): Promise<Readonly<Record<string, readonly string[]>>> {
  const { sql } = it.connection;
  const tables = await sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`;
  const rows = await Promise.all(
    tables.map(async ({ name }) => [
      String(name),
      (await sql`select to_jsonb(x)::text as row from ${sql(String(name))} x order by 1`).map(({ row }) => String(row)),
    ]),
  );
  return Object.fromEntries(rows) as Record<string, string[]>;
}

/** Every insert into the table takes a moment, so that statements that insert there surely overlap. */
export async function slowly(ownerUrl: string, table: "account" | "line" | "event", work: () => Promise<void>): Promise<void> {
  const owner = connect(ownerUrl, { max: 1 });
  await owner.sql.unsafe(`create function a_moment() returns trigger language plpgsql as 'begin perform pg_sleep(0.02); return new; end'`);
  await owner.sql.unsafe(`create trigger a_moment before insert on ${table} for each row execute function a_moment()`);
  try {
    await work();
  } finally {
    await owner.sql.unsafe("drop function a_moment cascade");
    await owner.close();
  }
}

/** How many deadlocks the server has broken in this database; a backend reports its own at the latest when it ends. */
export async function deadlocks(it: Pick<Company, "connection">, ended: string): Promise<number> {
  const { sql } = it.connection;
  const [here] =
    await sql`select count(*)::int as n from pg_stat_activity where application_name = ${ended} and datname = current_database()`;
  if (here?.n > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return deadlocks(it, ended);
  }
  const [row] = await sql`select deadlocks::int as n from pg_stat_database where datname = current_database()`;
  return Number(row?.n);
}
