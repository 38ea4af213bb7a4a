/** Decisions in process, load and decide included, beside pgbench running the same commit statement on the same server. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { v7 } from "uuid";
import { commandOf } from "../src/cards/act-forms.ts";
import { connect, type Db } from "../src/db/connect.ts";
import { act } from "../src/operations/act.ts";
import type { World } from "../src/operations/world.ts";
import type { Bench } from "./bench.ts";
import { fileLines, settle, waiting } from "./decide-company.ts";
import { type Figure, spreadOf } from "./figure.ts";

const run = promisify(execFile);

const IN_FLIGHT: readonly number[] = [8, 32];

export const inProcess: Bench = {
  name: "in-process",
  about: "decisions in process, beside pgbench running the same commit statement",
  run: async (ground) => {
    const rounds = ground.quick ? 1 : 5;
    const each = ground.quick ? 320 : 4_800;
    const server = await ground.server();
    const database = await server.fresh();
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    const connection = connect(database.url, { max: Math.max(...IN_FLIGHT) });
    const folder = await mkdtemp(path.join(tmpdir(), "latchkey-bench-"));
    try {
      await settle(database, owner);
      ground.say("in-process: filing requests");
      const perLoad = rounds * each;
      await fileLines(owner, 0, 2 * IN_FLIGHT.length * perLoad + each);
      let next = 0;
      const world = { db: connection.db, newId: v7, wake: () => {} };
      const decideMany = (inFlight: number, amount: number) => inTurns(inFlight, amount, () => decideOne(world, next++));
      await decideMany(8, each); // warm
      const statement = await prepare(connection.db, owner, { from: next, count: IN_FLIGHT.length * perLoad, say: ground.say });
      next += IN_FLIGHT.length * perLoad;
      let used = 0;
      const figures: Figure[] = [];
      for (const inFlight of IN_FLIGHT) {
        const limits: number[] = [];
        const ours: number[] = [];
        const latencies: number[] = [];
        for (let round = 1; round <= rounds; round++) {
          ground.say(`in-process: ${inFlight} in flight, round ${round} of ${rounds}`);
          const few = Math.floor(each / inFlight);
          const file = path.join(folder, "commit.sql");
          await writeFile(file, scriptOf(statement, used, few));
          limits.push(
            server.pgbench === null
              ? await byDriver(connection.db, statement, { inFlight, from: used, count: few * inFlight })
              : await byPgbench(server.pgbench, database.url, { file, clients: inFlight, each: few }),
          );
          used += few * inFlight;
          const began = performance.now();
          latencies.push(...(await decideMany(inFlight, each)));
          ours.push(each / ((performance.now() - began) / 1000));
        }
        figures.push({
          bench: "in-process",
          what: `decided, ${inFlight} in flight`,
          unit: "per s",
          value: spreadOf(ours).p50,
          limit: {
            what: server.pgbench === null ? "the commit alone, by the driver" : "the commit alone, by pgbench",
            value: spreadOf(limits).p50,
          },
          target: { type: "at-least-of-limit", factor: 0.5 },
          spread: spreadOf(latencies),
        });
      }
      return figures;
    } finally {
      await rm(folder, { recursive: true, force: true });
      await connection.close();
      await owner.end();
      await database.drop();
    }
  },
};

async function inTurns(inFlight: number, amount: number, one: () => Promise<void>): Promise<readonly number[]> {
  const latencies: number[] = [];
  let left = amount;
  const worker = async () => {
    while (left-- > 0) {
      const began = performance.now();
      await one();
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return latencies;
}

async function decideOne(world: World, n: number): Promise<void> {
  const { task, approver } = waiting(n);
  const decided = await act(world, {
    actor: approver,
    aim: { task, face: 1 },
    command: commandOf("approve", {}),
    once: { key: `bench:${n}`, fingerprint: "bench" },
    seen: { platform: "slack", conversation: "D0BENCH", message: `1790000000.${n}` },
  });
  if (!decided.ok || decided.value.said !== "approved") throw new Error(`not approved: ${JSON.stringify(decided)}`);
}

/** The commit as the product sends it, and a table with the values of many commits: `n` from 0, `p1`, `p2` ... as text. */
interface Prepared {
  readonly text: string;
  readonly parameters: number;
  readonly rows: number;
}

/** Lets the product load and decide, and keeps what it would have committed. */
async function prepare(db: Db, owner: postgres.Sql, it: { from: number; count: number; say: (text: string) => void }): Promise<Prepared> {
  it.say("in-process: preparing what pgbench commits");
  const kept: (readonly unknown[])[] = [];
  let text = "";
  const unsafe = (sql: string, values: never[], options: object) => {
    if (!sql.includes("live as (")) return db.$client.unsafe(sql, values, options);
    text = sql;
    kept.push(values);
    return Promise.resolve([{ lines: [] }]);
  };
  const keeping = { $client: { unsafe } } as unknown as Db;
  let next = it.from;
  await inTurns(8, it.count, () => decideOne({ db: keeping, newId: v7, wake: () => {} }, next++));
  const parameters = kept[0]?.length ?? 0;
  const names = Array.from({ length: parameters }, (_, at) => `p${at + 1}`);
  await owner.unsafe(`create table bench_commit (n integer primary key, ${names.map((name) => `${name} text`).join(", ")})`);
  await owner.unsafe("grant select on bench_commit to public");
  for (let at = 0; at < kept.length; at += 500) {
    const rows = kept.slice(at, at + 500).map((values, i) => ({
      n: at + i,
      ...Object.fromEntries(values.map((value, k) => [`p${k + 1}`, value === null ? null : String(value)])),
    }));
    await owner`insert into bench_commit ${owner(rows)}`;
  }
  await owner`analyze bench_commit`;
  return { text, parameters, rows: kept.length };
}

/**
 * The product's statement, whose answer brings the values of the client's next commit along, so that each commit is one statement and one answer here too.
 * The values are a row of a table, found by its key.
 */
function scriptOf({ text, parameters, rows }: Prepared, from: number, each: number): string {
  const names = Array.from({ length: parameters }, (_, at) => `p${at + 1}`);
  // pgbench binds text; the product's driver lets the server name the types, which the casts in the statement do.
  const commit = text.trim().replace(/\$(\d+)/g, (_, at: string) => `:p${at}`);
  return [
    "\\if :first",
    `\\set n ${from} + :client_id * ${each}`,
    `select ${names.map((name) => `coalesce(${name}, '') as ${name}`).join(", ")} from bench_commit where n = :n \\gset`,
    "\\set first 0",
    "\\endif",
    `\\set n (:n + 1) % ${rows}`,
    `${withNulls(commit, names)}, ${names.map((name) => `coalesce(bench.${name}, '') as ${name}`).join(", ")} from bench_commit bench where bench.n = :n \\gset`,
    "",
  ].join("\n");
}

/** An empty text stands for null, which pgbench can't bind. */
function withNulls(commit: string, names: readonly string[]): string {
  return names.reduceRight((text, name) => text.replaceAll(new RegExp(`:${name}(?!\\d)`, "g"), `nullif(:${name}::text, '')`), commit);
}

async function byPgbench(program: string, url: string, it: { file: string; clients: number; each: number }): Promise<number> {
  const address = new URL(url);
  const words = ["-n", "-M", "prepared", "-c", String(it.clients), "-j", "1", "-t", String(it.each), "-D", "first=1", "-f", it.file];
  const where = ["-h", address.hostname, "-p", address.port, "-U", decodeURIComponent(address.username), address.pathname.slice(1)];
  const { stdout } = await run(program, [...words, ...where], {
    env: { ...process.env, PGPASSWORD: decodeURIComponent(address.password) },
  });
  const failed = /number of failed transactions: (\d+)/.exec(stdout)?.[1] ?? "0";
  const rate = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
  if (rate === undefined || failed !== "0") throw new Error(`pgbench said: ${stdout}`);
  return Number(rate);
}

/** Without pgbench: the same statement by the driver, nothing else of Latchkey. */
async function byDriver(db: Db, { text, parameters }: Prepared, it: { inFlight: number; from: number; count: number }): Promise<number> {
  const rows = await db.$client.unsafe(`select * from bench_commit where n >= ${it.from} and n < ${it.from + it.count} order by n`);
  const values = rows.map((row) => Array.from({ length: parameters }, (_, at) => (row as Record<string, unknown>)[`p${at + 1}`] ?? null));
  const began = performance.now();
  await inTurns(it.inFlight, values.length, async () => void (await db.$client.unsafe(text, values.pop() as never[], { prepare: true })));
  return it.count / ((performance.now() - began) / 1000);
}
