/** What docs/operate.md says of backups, done: dumped, restored into another database, granted anew, and everything holds. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { standingOf } from "../../src/db/health.ts";
import { checkInvariants } from "../../src/db/invariants.ts";
import { migrate } from "../../src/db/migrate.ts";
import { operations } from "../../src/operations/wire.ts";
import { everything } from "../operations/changes.ts";
import { type Company, company, file, on } from "../operations/company.ts";
import { carried } from "../operations/outbox.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";

/** Folders that may hold Postgres's own programs; npm's embedded one brings none of these. */
function programFolders(): readonly string[] {
  const debian = "/usr/lib/postgresql";
  const majors = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  return [...(process.env.PATH ?? "").split(":"), ...majors.map((major) => join(debian, major, "bin"))];
}

/** The programs dump a server of their own version or an older one; null: there are none that can. */
async function programsFor(url: string): Promise<string | null> {
  const sql = postgres(url, { max: 1 });
  const [server] = await sql`select current_setting('server_version_num')::int / 10000 as major`.finally(() => sql.end());
  for (const folder of programFolders()) {
    if (!existsSync(join(folder, "pg_dump")) || !existsSync(join(folder, "pg_restore"))) continue;
    const said = execFileSync(join(folder, "pg_dump"), ["--version"], { encoding: "utf8" });
    if (Number(/ (\d+)/.exec(said)?.[1]) >= Number(server?.major)) return folder;
  }
  return null;
}

describeWithDatabase("a backup", () => {
  let it: Company;
  let restored: TestDatabase;
  let programs: string | null = null;
  const folder = mkdtempSync(join(tmpdir(), "latchkey-"));
  beforeAll(async () => {
    it = await company();
    // What the tests keep there to work in it again is no part of Latchkey, and nothing that its owner may dump.
    const admin = postgres(it.database.adminUrl, { max: 1, onnotice: () => {} });
    await admin`drop schema if exists kept cascade`.finally(() => admin.end());
    restored = await emptyDatabase();
    programs = await programsFor(it.database.adminUrl);
  });
  afterAll(async () => {
    await restored.drop();
    await it.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("restored elsewhere holds every row and every guard, all invariants, and work goes on in it", async (context) => {
    if (programs === null) return context.skip("no pg_dump here that can dump this server");
    const run = (program: string, ...args: readonly string[]) =>
      execFileSync(join(programs ?? "", program), args, { encoding: "utf8", stdio: "pipe" });
    const [done = 0] = await file(it, "rita", "salesforce", ["reports"]);
    await on(it, done, "max", { verb: "approve", comment: "yes" });
    await carried(it);
    await on(it, done, "lena", { verb: "claim" });
    await on(it, done, "lena", { verb: "confirm", login: "rita" });
    const [open = 0] = await file(it, "stan", "wiki", [], {});

    const dump = join(folder, "latchkey.dump");
    run("pg_dump", "--format=custom", `--file=${dump}`, it.database.ownerUrl);
    run("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", `--dbname=${restored.ownerUrl}`, dump);
    expect(await migrate({ ownerUrl: restored.ownerUrl, runtimeUrl: restored.url, mark: { otherwise: null } })).toMatchObject({
      applied: [],
    });

    const connection = connect(restored.url);
    try {
      expect(await everything({ connection })).toEqual(await everything(it));
      expect((await checkInvariants(connection.sql)).filter(({ type }) => type !== "holds")).toEqual([]);
      expect(await standingOf(connection.db)).toMatchObject({ lacks: [], excess: [], asleep: [] });
      await expect(connection.sql`delete from event`).rejects.toThrow(/permission denied/);
      const world = { ...it.world, db: connection.db };
      const there = { ...it, connection, world, operations: operations(world), database: restored };
      expect(await on(there, open, "max", { verb: "approve", comment: null })).toMatchObject({ ok: true, value: { said: "approved" } });
      const [next = 0] = await file(there, "stan", "salesforce", ["reports"]);
      expect(next).toBeGreaterThan(open);
    } finally {
      await connection.close();
    }
  });
});
