import { sql as template } from "drizzle-orm";
import { jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { batch, type Connection, connect, reach, userOf } from "../../src/db/connect.ts";
import { codeOf, constraintOf } from "../../src/db/fault.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";

const note = pgTable("note", { id: text().primaryKey(), body: jsonb(), at: timestamp({ withTimezone: true }) });

let database: TestDatabase;
let owner: Connection;

describeWithDatabase("a connection", () => {
  beforeEach(async () => {
    database = await emptyDatabase();
    owner = connect(database.ownerUrl, { max: 4, name: "a test" });
    await owner.sql`create table note (id text primary key, body jsonb, at timestamptz)`;
  });
  afterEach(async () => {
    await owner.close();
    await database.drop();
  });

  const noon = new Date("2026-03-01T12:00:00.000Z");

  test("takes dates and objects in raw SQL and in drizzle, also as text, and reads them back alike", async () => {
    const { sql, db } = owner;
    await db.insert(note).values({ id: "drizzle", body: { a: [1, "ü"] }, at: noon });
    await sql`insert into note values ('raw', ${sql.json({ a: [1, "ü"] })}, ${noon})`;
    await sql`insert into note values ('text', ${JSON.stringify({ a: [1, "ü"] })}, ${noon.toISOString()})`;
    await sql`insert into note values ('object', ${{ a: [1, "ü"] } as never}::jsonb, ${noon}::timestamptz)`;
    const rows = await db.select().from(note).orderBy(note.id);
    expect(rows).toEqual(["drizzle", "object", "raw", "text"].map((id) => ({ id, body: { a: [1, "ü"] }, at: noon })));
    expect((await sql`select jsonb_typeof(body) as type from note group by 1`).map((row) => row.type)).toEqual(["object"]);
  });

  test("runs drizzle's prepared statements and raw arrays", async () => {
    const { sql, db } = owner;
    await sql`insert into note (id) select * from unnest(${["a", "b", "c"]}::text[])`;
    const one = db
      .select({ id: note.id })
      .from(note)
      .where(template`${note.id} = ${template.placeholder("id")}`)
      .prepare("one_note");
    expect(await Promise.all(["a", "b", "x"].map((id) => one.execute({ id })))).toEqual([[{ id: "a" }], [{ id: "b" }], []]);
  });

  test("names itself, and lets the server cancel what takes too long", async () => {
    expect((await owner.sql`select current_setting('application_name') as name`)[0]?.name).toBe("a test");
    const hasty = connect(database.url, { max: 1, statementTimeout: 50 });
    await expect(hasty.sql`select pg_sleep(5)`).rejects.toMatchObject({ code: "57014" });
    expect((await hasty.sql`select 1 as n`)[0]?.n).toBe(1);
    await hasty.close();
  });

  test("sends no session settings when it may not prepare, as poolers want it", async () => {
    for (const pooled of [connect(`${database.url}?prepare=false`, { max: 1 }), connect(database.url, { max: 1, prepare: false })]) {
      await pooled.sql`select ${1}::int`;
      expect((await pooled.sql`select count(*)::int as n from pg_prepared_statements`)[0]?.n).toBe(0);
      expect((await pooled.sql`show statement_timeout`)[0]?.statement_timeout).toBe("0");
      await pooled.close();
    }
  });

  test("plans aren't compiled: what takes milliseconds would wait a second for it", async () => {
    const direct = connect(database.url);
    expect((await direct.sql`show jit`)[0]?.jit).toBe("off");
    await direct.close();
  });

  test.each([
    ["a wrong password", "login-refused", { password: "s3cret-guess" }],
    ["a database that is not there", "no-such-database", { pathname: "/nowhere" }],
    ["a port where nobody listens", "unreachable", { port: "1" }],
  ])("to %s is refused with a sentence that names the place and never the password", async (_, fault, change) => {
    const url = Object.assign(new URL(database.url), change);
    const wrong = connect(url.href, { max: 1 });
    const failure = await reach(wrong).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "DatabaseFault", fault, message: expect.stringContaining(`127.0.0.1:${url.port || "5432"}`) });
    expect(String(failure)).not.toContain(decodeURIComponent(url.password));
    await wrong.close();
  });

  test("a violation gives its SQLSTATE and its constraint through drizzle's wrapping", async () => {
    await owner.db.insert(note).values({ id: "a" });
    const failure = await owner.db
      .insert(note)
      .values({ id: "a" })
      .catch((error: unknown) => error);
    expect([codeOf(failure), constraintOf(failure)]).toEqual(["23505", "note_pkey"]);
    expect([codeOf(new Error("x")), codeOf("x"), constraintOf(undefined)]).toEqual([undefined, undefined, undefined]);
  });

  test("a URL's user is read as the driver reads it", () => {
    expect(userOf("postgres://lat%40chkey:x@one:5432,two:5433/db")).toBe("lat@chkey");
  });

  test("closing lets a running query end", async () => {
    const closing = connect(database.url, { max: 1 });
    const running = closing.sql`select pg_sleep(0.2), 'done' as word`.execute();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await closing.close();
    expect((await running)[0]?.word).toBe("done");
    await expect(closing.sql`select 1`).rejects.toMatchObject({ code: "CONNECTION_ENDED" });
  });
});

describeWithDatabase("a batch job", () => {
  beforeEach(async () => {
    database = await emptyDatabase();
    owner = connect(database.ownerUrl, { max: 2 });
    await owner.sql`create table note (id text primary key, body jsonb, at timestamptz)`;
  });
  afterEach(async () => {
    await owner.close();
    await database.drop();
  });

  const ids = async () => (await owner.sql`select id from note order by id`).map((row) => row.id);

  test("keeps all of it or nothing, in raw SQL and in drizzle", async () => {
    const kept = await batch(database.ownerUrl, async ({ sql, db }) => {
      await sql`insert into note (id) values ('raw')`;
      await db.insert(note).values({ id: "drizzle", body: { a: 1 }, at: new Date(0) });
      expect(await ids()).toEqual([]);
      return (await db.select({ at: note.at }).from(note).where(template`${note.id} = 'drizzle'`))[0]?.at;
    });
    expect(kept).toEqual(new Date(0));
    expect(await ids()).toEqual(["drizzle", "raw"]);
    const undone = batch(database.ownerUrl, async ({ sql }) => {
      await sql`insert into note (id) values ('undone')`;
      throw new Error("the file has a fault");
    });
    await expect(undone).rejects.toThrow("the file has a fault");
    expect(await ids()).toEqual(["drizzle", "raw"]);
  });

  test("whose connection is cut keeps nothing, even when it goes on as if nothing had happened", async () => {
    const failure = await batch(database.ownerUrl, async ({ sql }) => {
      await sql`insert into note (id) values ('before')`;
      await owner.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'latchkey batch' and datname = current_database()`;
      for (let after = 0; after < 20; after++) {
        await sql`insert into note (id) values (${`after ${after}`})`.catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }).catch((error: unknown) => error);
    expect(codeOf(failure)).toBe("CONNECTION_CLOSED");
    expect(await ids()).toEqual([]);
  });
});
