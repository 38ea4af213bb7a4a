import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type MigrateOptions, migrate, migrationGaps } from "../../src/db/migrate.ts";
import { MIGRATIONS, readMigrations } from "../../src/db/migrations.ts";
import { describeWithDatabase, emptyDatabase, freshDatabase, type TestDatabase } from "../setup/database.ts";

const FIRST = `create table "event" (seq bigint generated always as identity primary key, what text not null);
--> statement-breakpoint
create table person (id text primary key);`;
const SECOND = `create function greet() returns text language plpgsql as $$ begin return 'hello; you'; end $$;`;
const THIRD = "insert into person (id) values ('ana');";

let folder: string;
let database: TestDatabase;
let sql: postgres.Sql;
let asOwner: postgres.Sql;

/** Writes a folder as drizzle-kit does. */
async function write(files: Readonly<Record<string, string>>, stamp: (at: number) => number = (at) => 1_000 + at): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(path.join(folder, "meta"), { recursive: true });
  const entries = Object.keys(files).map((tag, idx) => ({ idx, version: "7", when: stamp(idx), tag, breakpoints: true }));
  await writeFile(path.join(folder, "meta", "_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }));
  for (const [tag, text] of Object.entries(files)) await writeFile(path.join(folder, `${tag}.sql`), text);
}

const run = (more: Partial<MigrateOptions> = {}) =>
  migrate({ ownerUrl: database.ownerUrl, runtimeUrl: database.url, mark: "real", folder, ...more });

describeWithDatabase("migrations", () => {
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "latchkey-migrations-"));
    database = await emptyDatabase();
    sql = postgres(database.url, { max: 2, onnotice: () => {} });
    asOwner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  });
  afterEach(async () => {
    await Promise.all([sql.end(), asOwner.end()]);
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  test("are applied once, in the journal's order, and kept by the hash of their text", async () => {
    await write({ "0000_first": FIRST, "0001_second": SECOND });
    expect(await run()).toMatchObject({ applied: ["0000_first", "0001_second"] });
    expect(await run()).toMatchObject({ applied: [] });
    await write({ "0000_first": FIRST, "0001_second": SECOND, "0002_third": THIRD });
    expect(await migrationGaps(sql, folder)).toEqual({ missing: ["0002_third"], unknown: [] });
    expect(await run()).toMatchObject({ applied: ["0002_third"] });
    expect(await migrationGaps(sql, folder)).toEqual({ missing: [], unknown: [] });
    const kept = await sql`select hash, name from latchkey_migration order by name`;
    expect([...kept]).toEqual([
      { hash: createHash("sha256").update(FIRST).digest("hex"), name: "0000_first" },
      { hash: createHash("sha256").update(SECOND).digest("hex"), name: "0001_second" },
      { hash: createHash("sha256").update(THIRD).digest("hex"), name: "0002_third" },
    ]);
    expect((await sql`select greet()`)[0]).toEqual({ greet: "hello; you" });
  });

  test("are applied once by five processes that start together", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [`000${at}_step`, `create table step_${at} (id int); insert into step_${at} values (1);`]),
    );
    await write(files);
    const results = await Promise.all(Array.from({ length: 5 }, () => run()));
    expect(results.flatMap((result) => result.applied).sort()).toEqual(Object.keys(files).sort());
    expect((await sql`select count(*)::int as n from latchkey_migration`)[0]?.n).toBe(8);
    for (let at = 0; at < 8; at++) expect((await sql`select count(*)::int as n from ${sql(`step_${at}`)}`)[0]?.n).toBe(1);
  });

  test("one that fails is undone whole, the ones before it stay, and the next start goes on", async () => {
    await write({
      "0000_first": FIRST,
      "0001_torn": "create table half (id int);\n--> statement-breakpoint\nselect no_such_column;",
      "0002_third": THIRD,
    });
    await expect(run()).rejects.toMatchObject({ fault: "migration-failed", message: expect.stringContaining("0001_torn") });
    expect((await asOwner`select to_regclass('half') as half, to_regclass('person') is not null as person`)[0]).toEqual({
      half: null,
      person: true,
    });
    await write({ "0000_first": FIRST, "0001_torn": "create table half (id int);", "0002_third": THIRD });
    expect(await run()).toMatchObject({ applied: ["0001_torn", "0002_third"] });
  });

  test("a database from a newer Latchkey is refused and left alone", async () => {
    await write({ "0000_first": FIRST, "0001_second": SECOND });
    await run();
    await write({ "0000_first": FIRST, "0001_other": THIRD });
    await expect(run()).rejects.toMatchObject({ fault: "newer-than-code", message: expect.stringContaining("upgrade Latchkey first") });
    expect((await sql`select count(*)::int as n from person`)[0]?.n).toBe(0);
    expect(await migrationGaps(sql, folder)).toEqual({ missing: ["0001_other"], unknown: ["0001_second"] });
  });

  test("a migration that was changed after it was applied is refused by its name", async () => {
    await write({ "0000_first": FIRST });
    await run();
    await write({ "0000_first": `${FIRST}\n-- improved`, "0001_second": SECOND });
    await expect(run()).rejects.toMatchObject({ fault: "migration-changed", message: expect.stringContaining("0000_first") });
    expect((await sql`select to_regproc('greet') as greet`)[0]?.greet).toBeNull();
  });

  test("line ends that git wrote for Windows are not a change", async () => {
    await write({ "0000_first": FIRST });
    await run();
    await write({ "0000_first": FIRST.replaceAll("\n", "\r\n") });
    expect(await run()).toMatchObject({ applied: [] });
  });

  test.each([
    ["the same", () => 5],
    ["an older", (at: number) => 10 - at],
  ])("a journal whose later entry has %s time is refused before anything is applied", async (_, stamp) => {
    await write({ "0000_first": FIRST, "0001_second": SECOND }, stamp);
    await expect(run()).rejects.toMatchObject({ fault: "migrations-broken", message: expect.stringContaining("0001_second") });
    expect((await sql`select to_regclass('installation') as there`)[0]?.there).toBeNull();
  });

  test("a migration that is named twice, has another's text or is missing is refused", async () => {
    await write({ "0000_first": FIRST, "0001_again": FIRST });
    await expect(run()).rejects.toMatchObject({ fault: "migrations-broken", message: expect.stringContaining("0001_again") });
    await write({ "0000_first": FIRST });
    await rm(path.join(folder, "0000_first.sql"));
    await expect(run()).rejects.toMatchObject({ fault: "migrations-broken", message: expect.stringContaining("0000_first.sql") });
    await rm(folder, { recursive: true });
    await expect(run()).rejects.toMatchObject({ fault: "migrations-broken", message: expect.stringContaining("_journal.json") });
  });

  test("a database keeps the mark of its first migration and refuses the other", async () => {
    await write({ "0000_first": FIRST });
    await run({ mark: "real" });
    await expect(run({ mark: "playground" })).rejects.toMatchObject({
      fault: "wrong-mark",
      message: expect.stringContaining("real installation"),
    });
    expect(await run({ mark: "real" })).toMatchObject({ applied: [] });
    const other = await emptyDatabase();
    const urls = { ownerUrl: other.ownerUrl, runtimeUrl: other.url, folder };
    await migrate({ ...urls, mark: "playground" });
    await expect(migrate({ ...urls, mark: "real" })).rejects.toMatchObject({
      fault: "wrong-mark",
      message: expect.stringContaining("playground"),
    });
    await other.drop();
  });

  test("THREAT-19 the run-time role adds events and can neither change nor remove them", async () => {
    await write({ "0000_first": FIRST, "0001_second": SECOND });
    await run();
    await sql`insert into event (what) values ('asked')`;
    for (const attempt of [
      sql`update event set what = 'x'`,
      sql`delete from event`,
      sql`truncate event`,
      sql`drop table event`,
      sql`alter table event add x int`,
    ])
      await expect(attempt).rejects.toMatchObject({ code: "42501" });
    expect([...(await sql`select what from event`)]).toEqual([{ what: "asked" }]);
    await sql`insert into person (id) values ('ben')`;
    await sql`update person set id = 'bo'`;
    await sql`delete from person`;
  });

  test("the run-time role reads what is migrated and marked, and changes neither", async () => {
    await write({ "0000_first": FIRST });
    await run();
    expect((await sql`select mark from installation`)[0]).toEqual({ mark: "real" });
    for (const attempt of [
      sql`update installation set mark = 'playground'`,
      sql`delete from latchkey_migration`,
      sql`insert into latchkey_migration values ('x', 'y')`,
    ])
      await expect(attempt).rejects.toMatchObject({ code: "42501" });
  });

  test("tables of a later migration are granted as well, and one role for both is fine", async () => {
    await write({ "0000_first": FIRST });
    await run();
    await write({ "0000_first": FIRST, "0001_more": "create table later (id bigint generated always as identity, note text);" });
    await run();
    await sql`insert into later (note) values ('granted')`;
    expect(await run({ runtimeUrl: database.ownerUrl })).toMatchObject({ applied: [] });
  });

  test("a run-time role that does not exist, and a wrong password, are said by name and without the password", async () => {
    await write({ "0000_first": FIRST });
    const stranger = new URL(database.url);
    stranger.username = "nobody_here";
    await expect(run({ runtimeUrl: stranger.href })).rejects.toMatchObject({
      fault: "no-such-role",
      message: expect.stringContaining("nobody_here"),
    });
    const wrong = new URL(database.ownerUrl);
    wrong.password = "s3cret-guess";
    await expect(run({ ownerUrl: wrong.href })).rejects.toMatchObject({
      fault: "login-refused",
      message: expect.not.stringContaining("s3cret"),
    });
  });
});

describeWithDatabase("a fresh database", () => {
  test("is migrated, is one's own, and refuses the run-time role what it refuses in production", async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    const clients = [one, other].map(({ url }) => postgres(url, { max: 1 }));
    for (const client of clients) {
      expect(await migrationGaps(client)).toEqual({ missing: [], unknown: [] });
      for (const attempt of [client`update event set at = now()`, client`delete from event`, client`truncate event`])
        await expect(attempt).rejects.toMatchObject({ code: "42501" });
    }
    const names = await Promise.all(clients.map(async (client) => (await client`select current_database() as name`)[0]?.name));
    expect(new Set(names).size).toBe(2);
    await Promise.all([one.drop(), other.drop()]); // with the clients still connected
    for (const client of clients) await client.end({ timeout: 0 });
  });
});

test("the repository's own journal is in order: dated upwards, every file there, none twice", async () => {
  const migrations = await readMigrations(MIGRATIONS);
  const journal = JSON.parse(await readFile(path.join(MIGRATIONS, "meta", "_journal.json"), "utf8")) as { entries: { when: number }[] };
  expect(migrations.length).toBe(journal.entries.length);
  expect(migrations.length).toBeGreaterThan(0);
  expect(journal.entries.map((entry) => entry.when)).toEqual(journal.entries.map((entry) => entry.when).sort((a, b) => a - b));
});
