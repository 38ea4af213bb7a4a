import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect, demandPatch } from "../../src/db/connect.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";

const require = createRequire(import.meta.url);

test.each(["src/connection.js", "cjs/src/connection.js"])("the driver's %s carries Latchkey's patch", async (file) => {
  const source = await readFile(path.join(path.dirname(require.resolve("postgres")), "..", "..", file), "utf8");
  expect(source).toContain("if (!socket) {");
  expect(source).toContain("chunk = nextWriteTimer = null\n\n    if (initial) {");
});

test("a driver without the patch, as after an install without scripts, is refused with what to do", () => {
  expect(() => demandPatch({})).toThrow(/npx patch-package/);
  demandPatch();
});

let database: TestDatabase;
let admin: postgres.Sql;
let strays: unknown[];
const stray = (error: unknown) => void strays.push(error);

/** A server that does to each connection what the test says. */
async function server(
  onConnection: (socket: net.Socket, nth: number) => void,
): Promise<{ url: string; connections(): number; close(): Promise<void> }> {
  let count = 0;
  const sockets = new Set<net.Socket>();
  const listening = net.createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    onConnection(socket, ++count);
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const url = new URL(database.url);
  url.host = `127.0.0.1:${(listening.address() as net.AddressInfo).port}`;
  return {
    url: url.href,
    connections: () => count,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => listening.close(() => resolve()));
    },
  };
}

/** What a backend says when it is terminated (protocol: "E", length, then fields). */
function terminated(): Buffer {
  const fields = Buffer.from("SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0");
  const head = Buffer.from("E\0\0\0\0");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** Passes a connection on to the real server until `goOn` says that the server "terminates" it; while it `isDead` nothing gets through. */
function passOn(socket: net.Socket, goOn: (text: string) => boolean, isDead: () => boolean = () => false): void {
  const { hostname, port } = new URL(database.url);
  const real = net.connect(Number(port || 5432), hostname).on("error", () => {});
  real.on("data", (data) => socket.write(data));
  socket.on("data", (data) => {
    if (isDead()) return;
    if (goOn(data.toString("latin1"))) real.write(data);
    else socket.end(terminated());
  });
  socket.on("close", () => real.destroy());
}

describeWithDatabase("a lost connection", () => {
  beforeEach(async () => {
    database = await emptyDatabase();
    admin = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
    strays = [];
    process.on("uncaughtExceptionMonitor", stray);
  });
  afterEach(async () => {
    process.off("uncaughtExceptionMonitor", stray);
    await admin.end();
    await database.drop();
    expect(strays).toEqual([]);
  });

  const cut = () =>
    admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.then(
      (rows) => rows.length,
    );

  test("many times under load settles every query, mixes no transactions, and the pool answers again", async () => {
    const { sql, close } = connect(database.ownerUrl, { max: 6 });
    await sql`create table pair (id int, half text)`;
    const acknowledged: number[] = [];
    const tally = { answered: 0, failed: 0 };
    let running = true;
    let id = 0;
    const long = "x".repeat(5_000);
    const work: ReadonlyArray<() => Promise<unknown>> = [
      () => sql`select ${1}::int`,
      () => sql`select ${long}::text, ${["a", "b"]}::text[]`,
      () => sql.unsafe("select generate_series(1, 500)"),
      () => sql`insert into pair select n, h from unnest(${[id]}::int[]) n, unnest(array['single', 'single']) h`,
      async () => {
        const mine = ++id;
        await sql.begin(async (tx) => {
          await tx`insert into pair values (${mine}, 'left')`;
          await sleep(Math.random() * 3);
          await tx`insert into pair values (${mine}, 'right')`;
        });
        acknowledged.push(mine);
      },
    ];
    async function worker(job: () => Promise<unknown>): Promise<void> {
      while (running)
        await job().then(
          () => tally.answered++,
          () => tally.failed++,
        );
    }
    const workers = Array.from({ length: 20 }, (_, at) => worker(work[at % work.length]!));
    let killed = 0;
    while (killed < 120) {
      killed += await cut();
      await sleep(Math.random() * 25);
    }
    running = false;
    await Promise.all(workers); // the test's own time limit is the judge of "settles"
    expect(tally.failed).toBeGreaterThan(0);
    expect(tally.answered).toBeGreaterThan(0);

    await Promise.all(Array.from({ length: 30 }, () => sql`select 1`.catch(() => {}))); // what was cut last may still be noticed now
    expect(await Promise.all(Array.from({ length: 30 }, () => sql`select 2 as n`.then(([row]) => row?.n)))).toEqual(Array(30).fill(2));
    const torn = await sql`select id from pair where half <> 'single' group by id having count(*) <> 2 or count(distinct half) <> 2`;
    expect([...torn]).toEqual([]);
    const kept = await sql`select distinct id from pair where half = 'left'`;
    const there = new Set(kept.map((row) => row.id));
    expect(acknowledged.filter((mine) => !there.has(mine))).toEqual([]);
    await close();
  });

  test("ends its transaction for good: what that still says does not land in the next one on the connection", async () => {
    const sql = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    await sql`create table said (what text)`;
    let wake: () => void = () => {};
    const slept = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let late: Promise<unknown> = Promise.resolve();
    const dead = sql.begin(async (tx) => {
      await tx`insert into said values ('A before')`;
      await cut();
      await slept;
      late = tx`insert into said values ('A after')`;
      await late;
    });
    await expect(dead).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    await sql.begin(async (tx) => {
      await tx`insert into said values ('B 1')`;
      wake();
      await sleep(50);
      await expect(late).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
      await tx`insert into said values ('B 2')`;
    });
    expect((await sql`select what from said order by what`).map((row) => row.what)).toEqual(["B 1", "B 2"]);
    await sql.end();
  });

  test("that was reserved fails the next query instead of the process", async () => {
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const reserved = await sql.reserve();
    await reserved`select 1`;
    await cut();
    await sleep(50);
    await expect(reserved`select 2`).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    await sql.end({ timeout: 0 });
  });

  test("that ends cleanly while it starts is given up after the connect timeout, with pauses between the tries", async () => {
    const closing = await server((socket) => socket.end());
    const { sql, close } = connect(closing.url, { max: 1, connectTimeout: 1 });
    await expect(sql`select 1`).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    expect(closing.connections()).toBeLessThan(30);
    await close();
    await closing.close();
  });

  test("while it fetches array types is tried again, and the query gets its answer", async () => {
    const cutting = await server((socket, nth) => passOn(socket, (text) => nth > 1 || !text.includes("typarray")));
    const { sql, close } = connect(cutting.url, { max: 1 });
    expect((await sql`select ${[1, 2]}::int[] as xs`)[0]).toEqual({ xs: [1, 2] });
    expect(cutting.connections()).toBe(2);
    await close();
    await cutting.close();
  });

  test("whose server says nothing any more, though nobody closed it, is given up with all that may be as dead; the next is a fresh one", async () => {
    let isDead = false;
    const falling = await server((socket, nth) =>
      passOn(
        socket,
        () => true,
        () => isDead && nth <= 3,
      ),
    );
    const sql = postgres(falling.url, { max: 3, onnotice: () => {}, silence_timeout: 0.3 } as object);
    await Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.05)`));
    expect(falling.connections()).toBe(3);
    isDead = true;
    await expect(sql`select 1`).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    // None of the idle two is tried in vain.
    expect(await Promise.all([1, 2, 3].map((n) => sql`select ${n}::int as n`.then(([row]) => row?.n)))).toEqual([1, 2, 3]);
    expect(falling.connections()).toBeGreaterThan(3);
    await sql.end();
    await falling.close();
  });

  test("aside: a connection that was idle for longer than a server may be silent isn't given up for that", async () => {
    const listening = await server((socket) => passOn(socket, () => true));
    const sql = postgres(listening.url, { max: 1, onnotice: () => {}, silence_timeout: 0.5 } as object);
    for (let times = 0; times < 2; times++) {
      await sql`select 1`;
      await sleep(600);
    }
    expect(listening.connections()).toBe(1);
    await sql.end();
    await listening.close();
  });

  test("to the first of several hosts that never answers costs nobody their answer: the next host is tried", async () => {
    const mute = await server(() => {});
    const { host } = new URL(mute.url);
    const real = new URL(database.url).host;
    const sql = postgres(database.url.replace(real, `${host},${real}`), { max: 1, onnotice: () => {}, connect_timeout: 0.3 });
    expect((await sql`select 1 as n`)[0]?.n).toBe(1);
    expect(mute.connections()).toBe(1);
    await sql.end();
    await mute.close();
  });

  test("with every host down is an error, not an endless try", async () => {
    const down = await server((socket) => socket.destroy());
    await down.close();
    const { host } = new URL(down.url);
    const { sql, close } = connect(down.url.replace(host, `${host},${host}`), { max: 1, connectTimeout: 1 });
    await expect(sql`select 1`).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    await close();
  });

  test("aside: a query that can't be sent fails alone, and not the one in flight before it", async () => {
    const { sql, close } = connect(database.url, { max: 1 });
    await sql`select 0`;
    const before = sql`select pg_sleep(0.1), 'before' as who`.execute();
    const nonsense = sql`select ${undefined as unknown as string}::text`.execute();
    const after = sql`select 'after' as who`.execute();
    await expect(nonsense).rejects.toMatchObject({ code: "UNDEFINED_VALUE" });
    expect((await before)[0]?.who).toBe("before");
    expect((await after)[0]?.who).toBe("after");
    await close();
  });

  test("aside: a transaction that begins at the end of a full pipeline is still one", async () => {
    const sql = postgres(`${database.ownerUrl}?max_pipeline=2`, { max: 1, onnotice: () => {} });
    await sql`create table kept (n int)`;
    const ahead = Array.from({ length: 2 }, () => sql`select pg_sleep(0.05)`.execute());
    const failing = sql.begin(async (tx) => {
      await tx`insert into kept values (1)`;
      throw new Error("undo");
    });
    await expect(failing).rejects.toThrow("undo");
    await Promise.all(ahead);
    expect([...(await sql`select n from kept`)]).toEqual([]);
    await sql.end();
  });
});
