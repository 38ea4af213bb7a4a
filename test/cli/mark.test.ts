import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configApply } from "../../src/cli/config-commands.ts";
import { migrateCommand } from "../../src/cli/migrate-command.ts";
import { ACME, environmentOf } from "../product/stage.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";

let database: TestDatabase;
/** What a deploy job has: the database's addresses and nothing of the chat. */
const bare = () => ({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl });
const chat = () => environmentOf({ apiUrl: "http://127.0.0.1:9/api/" }, database);

async function asAdmin<T>(ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
  try {
    return await ask(sql);
  } finally {
    await sql.end();
  }
}

/** The mark that the database has; null: none. */
const mark = () =>
  asAdmin(async (sql) => {
    const [table] = await sql`select to_regclass('installation') is not null as there`;
    const [row] = table?.there ? await sql<{ mark: string }[]>`select mark from installation` : [];
    return row?.mark ?? null;
  });

describeWithDatabase("what a database is for", () => {
  beforeEach(async () => {
    database = await emptyDatabase();
  });
  afterEach(() => database.drop());

  test("isn't guessed for a new one when only its address is known: both commands ask for a word, and leave it untouched", async () => {
    for (const said of [await migrateCommand(bare()), await configApply(bare(), ACME)]) {
      expect(said.ok).toBe(false);
      expect(said.lines.join()).toContain("Set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, or pass --real or --playground.");
    }
    expect(await mark()).toBeNull();
  });

  test("is what --real says, and stays: without chat variables both commands work on it then, and --playground is refused", async () => {
    expect(await migrateCommand(bare(), { real: true })).toMatchObject({ ok: true });
    expect(await migrateCommand(bare())).toMatchObject({ ok: true, lines: ["The database is up to date."] });
    expect(await configApply(bare(), ACME)).toMatchObject({ ok: true });
    expect(await migrateCommand(bare(), { playground: true })).toMatchObject({
      ok: false,
      lines: [expect.stringMatching(/real installation.*with DATABASE_URL set, another one; else another LATCHKEY_HOME/)],
    });
    expect(await mark()).toBe("real");
  });

  test("is what the chat variables say when nothing else does; the example company is never applied to it by leaving out the folder", async () => {
    expect(await migrateCommand(chat())).toMatchObject({ ok: true });
    expect(await mark()).toBe("real");
    const said = await configApply(bare(), undefined, { manyMayLeave: true });
    expect(said).toMatchObject({ ok: false, lines: [expect.stringContaining("set LATCHKEY_CONFIG")] });
    expect(await asAdmin((sql) => sql`select from configuration`)).toHaveLength(0);
  });

  test("may be the playground's by --playground, and is kept when the chat variables come later", async () => {
    expect(await configApply(bare(), undefined, { playground: true })).toMatchObject({ ok: true });
    expect(await migrateCommand(chat())).toMatchObject({ ok: true });
    expect(await mark()).toBe("playground");
  });

  test("config apply says which login of people.csv was not linked because it is somebody else's", async () => {
    await migrateCommand(bare(), { playground: true });
    await configApply(bare(), ACME);
    await asAdmin(
      (sql) => sql`insert into chat_account (id, platform, home, "user", person_id, because, linked_at)
        values (gen_random_uuid(), 'slack', 'T0ACME', 'U0HELEN', 'E001', 'people.csv', now())`,
    );
    const folder = await mkdtemp(path.join(tmpdir(), "latchkey-folder-"));
    await cp(ACME, folder, { recursive: true });
    const people = path.join(folder, "people.csv");
    const before = await readFile(people, "utf8");
    await writeFile(people, before.replace("active,new-york,,,CC-2000", "active,new-york,U0HELEN,,CC-2000"));
    const said = await configApply(bare(), folder);
    await rm(folder, { recursive: true });
    expect(said.lines.join("\n")).toMatch(/slack_user_id U0HELEN of E002 was not linked: it is E001's already, and a link never moves/);
  });
});
