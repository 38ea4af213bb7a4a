/**
 * (c) A look at the clocks with 100 tasks due: the pages that the database touches must not grow with the tasks that wait beside them, open or closed.
 * Counted by the server itself, table by table, so that what commits is counted too.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres, { type Sql } from "postgres";
import { v7 } from "uuid";
import { readFolder } from "../src/configuration/folder.ts";
import { applyFolder } from "../src/db/apply.ts";
import { type Connection, connect } from "../src/db/connect.ts";
import { dueLines, openedAroundChange } from "../src/db/due.ts";
import { tick } from "../src/operations/tick.ts";
import { writeFolder } from "./apply-folder.ts";
import type { Bench } from "./bench.ts";
import type { Figure } from "./figure.ts";
import { addClosed, addOpen, holdStill, makeDue } from "./remind-work.ts";

const DUE = 100;

interface Counted {
  /** Pages that the questions touch which lines are due. */
  readonly looked: number;
  /** Pages of the whole tick: the questions, and for each due line its load and its commit. */
  readonly whole: number;
  /** Pages that it takes to read the same tasks by their primary keys. */
  readonly keyed: number;
}

export const remind: Bench = {
  name: "remind",
  about: "pages touched by a look at the clocks with 100 due tasks, among ever more open and closed ones",
  async run(ground) {
    const sizes = ground.quick ? [2_000, 20_000] : [10_000, 100_000, 1_000_000];
    const closed = ground.quick ? 100_000 : 10_000_000;
    const database = await (await ground.server()).fresh();
    const admin = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
    const connection = connect(database.url, { max: 1, statementTimeout: 0, lifetime: null });
    try {
      await applySmallCompany(database.url);
      await holdStill(admin);
      const among: [string, Counted][] = [];
      let last = 0;
      for (const size of sizes) {
        ground.say(`remind: ${size} open tasks`);
        await addOpen(admin, last + 1, size);
        last = size;
        among.push([`${size.toLocaleString("en")} open`, await counted(admin, connection, size)]);
      }
      ground.say(`remind: ${closed} closed tasks beside them`);
      await addClosed(admin, closed);
      among.push([`${last.toLocaleString("en")} open, ${closed.toLocaleString("en")} closed`, await counted(admin, connection, last)]);
      return figuresOf(among);
    } finally {
      await Promise.all([connection.close(), admin.end()]);
      await database.drop();
    }
  },
};

async function applySmallCompany(url: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "latchkey-bench-"));
  try {
    await writeFolder(folder, { people: 1000, applications: 101, entitlements: 10 });
    const read = await readFolder(folder);
    if (!read.ok) throw new Error(`the folder has faults: ${JSON.stringify(read.faults.slice(0, 3))}`);
    await applyFolder(url, read, { by: "bench", newId: v7 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function counted(admin: Sql, connection: Connection, open: number): Promise<Counted> {
  await makeDue(admin, DUE, open);
  await admin`select pg_stat_force_next_flush()`; // what was made is counted before, and not with, what is asked
  await admin`select 1`;
  const pages = async (act: () => Promise<unknown>): Promise<number> => {
    const before = await touched(connection);
    await act();
    return (await touched(connection)) - before;
  };
  const questions = async () => {
    const due = await dueLines(connection.db, 2 * DUE);
    if (due.length !== DUE) throw new Error(`${due.length} lines are due, and ${DUE} should be`);
    await openedAroundChange(connection.db, 2 * DUE);
  };
  await questions(); // plans are made, and asked about, at the first runs
  const looked = await pages(questions);
  const rows = await connection.sql`select id from task where state = 'open' and least(remind_at, escalate_at, expire_at) <= now()`;
  const byKey = () =>
    connection.sql`select line_id from task where id in (select jsonb_array_elements_text(${JSON.stringify(rows.map(({ id }) => id))}::jsonb)::uuid)`;
  await byKey();
  const keyed = await pages(byKey);
  let done = 0;
  const whole = await pages(async () => {
    done = await tick({ db: connection.db, newId: v7, wake: () => {} });
  });
  if (done !== DUE) throw new Error(`the tick made ${done} changes of ${DUE}`);
  return { looked, whole, keyed };
}

/** Pages of tables and indexes that anybody touched so far, found in memory or not. */
async function touched({ sql }: Connection): Promise<number> {
  await sql`select pg_stat_force_next_flush()`;
  await sql`select pg_stat_clear_snapshot()`;
  const [row] =
    await sql`select sum(coalesce(heap_blks_hit, 0) + coalesce(heap_blks_read, 0) + coalesce(idx_blks_hit, 0) + coalesce(idx_blks_read, 0)
    + coalesce(toast_blks_hit, 0) + coalesce(toast_blks_read, 0) + coalesce(tidx_blks_hit, 0) + coalesce(tidx_blks_read, 0)) as pages from pg_statio_user_tables`;
  return Number(row?.pages);
}

/** Each beside the fewest pages that it took among fewer tasks. (Tables of a few thousand rows are read from end to end where that looks cheaper.) */
function figuresOf(among: readonly (readonly [string, Counted])[]): readonly Figure[] {
  return among.flatMap(([where, counted], nth): Figure[] => {
    const before = among.slice(0, nth).map(([, one]) => one);
    const beside = (of: "looked" | "whole") => ({ what: "among fewer", value: Math.min(...before.map((one) => one[of])) });
    const base = { bench: "remind", unit: "buffers", spread: null, target: nth === 0 ? null : FLAT } as const;
    const key = { what: "the same tasks by key", value: counted.keyed };
    return [
      { ...base, what: `which ${DUE} are due, ${where}`, value: counted.looked, limit: nth === 0 ? key : beside("looked") },
      { ...base, what: `the whole tick, ${where}`, value: counted.whole, limit: nth === 0 ? null : beside("whole") },
    ];
  });
}

const FLAT = { type: "at-most-of-limit", factor: 1.05 } as const;
