/** Processes that start at once on one empty database, one that dies while migrating, and one that is older than its database. */
import postgres from "postgres";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MIGRATIONS, readMigrations } from "../../src/db/migrations.ts";
import { type Child, endChildren, environmentOf, eventually, launch, type Slack, slackOfAcme } from "../product/stage.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";

describeWithDatabase("migrations of real processes", () => {
  let slack: Slack;
  let database: TestDatabase;
  let sql: postgres.Sql;
  beforeEach(async () => {
    [slack, database] = await Promise.all([slackOfAcme(), emptyDatabase()]);
    sql = postgres(database.adminUrl, { max: 3, onnotice: () => {} });
    // Notes each table that is made and by whom, by a hand of its own.
    await sql.unsafe(`create table made (name text not null, backend int not null);
      grant insert on made to public;
      create function note_made() returns event_trigger language plpgsql security definer as $$
        begin insert into public.made select object_identity, pg_backend_pid() from pg_event_trigger_ddl_commands() where object_type = 'table'; end $$;
      create event trigger note_made on ddl_command_end when tag in ('CREATE TABLE') execute function note_made()`);
  });
  afterEach(async () => {
    await endChildren();
    await slack.close();
    await sql.end();
    await database.drop();
  });

  const begin = () => launch(environmentOf(slack, database));
  /** Once it is ready: a busy machine may keep it from that for a moment. */
  const ready = async (child: Child) => {
    const address = await child.address;
    return eventually(async () => (await fetch(`${address}/readyz`)).ok);
  };

  /** Each migration stands there once, and each table was made once and stands. */
  async function migratedOnce(): Promise<void> {
    const migrations = await readMigrations(MIGRATIONS);
    const applied = await sql`select name, hash from latchkey_migration order by name`;
    expect(applied.map(({ name, hash }) => [name, hash])).toEqual(migrations.map(({ name, hash }) => [name, hash]).sort());
    const twice = await sql`select name from made where name not like 'pg_temp%' group by name having count(*) > 1`;
    expect([...twice]).toEqual([]);
    expect(
      (await sql`select to_regclass(name) is not null as stands from made where name like 'public.%'`).every(({ stands }) => stands),
    ).toBe(true);
  }

  test("five that start at once apply each migration and the configuration once, and all of them run", async () => {
    const five = Array.from({ length: 5 }, begin);
    expect(await Promise.all(five.map(ready))).toEqual([true, true, true, true, true]);
    await migratedOnce();
    const backends = await sql`select distinct backend from made where name in ('public.line', 'public.event', 'public.effect')`;
    expect(backends).toHaveLength(1);
    expect(Number((await sql`select count(*)::int as n from configuration`)[0]?.n)).toBe(1);
  });

  test("one that is killed while it migrates leaves nothing half done, and those that waited go on", async () => {
    // Whoever migrates is held up in the middle of its work.
    await sql.unsafe(`create function hold_up() returns event_trigger language plpgsql as $$
        begin if exists (select from pg_event_trigger_ddl_commands() where object_identity = 'public.line') then perform pg_sleep(60); end if; end $$;
      create event trigger hold_up on ddl_command_end when tag in ('CREATE TABLE') execute function hold_up()`);
    const first = begin();
    const migrating = await eventually(async () => {
      const [row] = await sql<
        { pid: number }[]
      >`select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
      return row?.pid;
    });
    await sql`drop event trigger hold_up`.catch(() => {});
    const others = [begin(), begin()];
    await eventually(async () => {
      const rows =
        await sql`select from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and not l.granted and a.datname = current_database()`;
      return rows.length === 2;
    });
    first.process.kill("SIGKILL");
    expect(await first.ended).toBe("SIGKILL");
    // Its server notices at the next word that it can't say; a sleep says none.
    await sql`select pg_terminate_backend(${migrating})`;
    expect(await Promise.all(others.map(ready))).toEqual([true, true]);
    await migratedOnce();
  });

  test("one that is older than its database doesn't start, and says what to do; the newer one beside it runs on", async () => {
    const newer = begin();
    expect(await ready(newer)).toBe(true);
    await sql`insert into latchkey_migration (hash, name) values ('of-the-next-version', '9999_next')`;
    const older = begin();
    expect(await older.ended).toBe(1);
    expect(older.said()).toMatch(/^The database is newer than this Latchkey \(it has 9999_next\): upgrade Latchkey first\.$/m);
    expect(await ready(newer)).toBe(true);
  });
});
