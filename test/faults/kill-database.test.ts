/** The database dies or cuts its connections under the running product: people are answered, and it goes on by itself. */
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DATABASE, ROLES } from "../../src/db/embedded/cluster.ts";
import { postmasterOf } from "../../src/db/embedded/server.ts";
import { newest, press, read, whisper } from "../product/people.ts";
import { type Child, endChildren, environmentOf, eventually, launch, quiet, type Slack, slackOfAcme } from "../product/stage.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";
import { amiss, approveAll, approved, everybodyAsks, isAbout, roomForCards, standing, type Waiting } from "./crowd.ts";

/** Presses again, as people do who were told to try again, until each decision is there. */
async function untilDecided(slack: Slack, sql: postgres.Sql, waiting: readonly Waiting[]): Promise<void> {
  await eventually(async () => {
    const done = await approved(sql);
    const left = waiting.filter(({ number }) => !done.has(number));
    if (left.length > 0) await approveAll(slack, left);
    return left.length === 0;
  });
}

describeWithDatabase("the embedded database is killed under the running product", () => {
  let slack: Slack;
  let home: string;
  let latchkey: Child;
  let sql: postgres.Sql;
  const server = async () => (await postmasterOf(path.join(home, "postgres", "data"))) ?? { pid: 0, port: 0, ready: false };
  beforeAll(async () => {
    slack = await slackOfAcme();
    home = await mkdtemp(path.join(tmpdir(), "latchkey-home-"));
    await chmod(home, 0o755); // where root runs the tests, the server runs as nobody
    const { DATABASE_URL: _, DATABASE_OWNER_URL: __, ...environment } = environmentOf(slack, { url: "", ownerUrl: "" });
    latchkey = launch({ ...environment, LATCHKEY_HOME: home });
    slack.eventsUrl = `${await latchkey.address}/slack/events`;
    const { admin } = JSON.parse(await readFile(path.join(home, "passwords.json"), "utf8")) as { admin: string };
    const { port } = await server();
    sql = postgres(`postgres://${ROLES.admin}:${admin}@127.0.0.1:${port}/${DATABASE}`, { max: 2, onnotice: () => {} });
  });
  afterAll(async () => {
    await sql?.end({ timeout: 1 });
    await endChildren();
    await slack.close();
    const { pid } = await server();
    if (pid > 0) process.kill(pid, "SIGQUIT");
    await rm(home, { recursive: true, force: true });
  });

  test("a click while it is away is answered, nothing is half done, and the same click is safe afterwards", async () => {
    const waiting = await everybodyAsks(slack, ["anna", "ben", "mei", "aisha"]);
    await quiet({ sql });
    for (const { number, decider, card } of waiting.slice(0, 3)) {
      const person = slack.as(decider);
      const before = newest(person);
      const { pid } = await server();
      process.kill(pid, "SIGKILL");
      await press(person, card, "Approve");
      await whisper(person, /try again|Still working on it|You approved request/, before);
      await eventually(async () => (await server()).ready && (await server()).pid !== pid);
      await untilDecided(
        slack,
        sql,
        waiting.filter((one) => one.number === number),
      );
      const decided = new RegExp(`Request ${number}[:,][^]*Approved by`);
      await person.until(() => person.direct()?.messages.findLast((message) => isAbout(message, number) && decided.test(read(message))));
    }
    await untilDecided(slack, sql, waiting);
    await quiet({ sql });
    const numbers = waiting.map(({ number }) => number);
    expect(await amiss(sql, numbers)).toEqual([]);
    expect(standing(slack, waiting)).toEqual({ missing: [], doubled: [] });
    expect(latchkey.process.exitCode).toBeNull();
  });
});

describeWithDatabase("backends are terminated under load", () => {
  let slack: Slack;
  let database: TestDatabase;
  let sql: postgres.Sql;
  let latchkey: Child;
  beforeAll(async () => {
    [slack, database] = await Promise.all([slackOfAcme(), emptyDatabase()]);
    sql = postgres(database.adminUrl, { max: 3, onnotice: () => {} });
    latchkey = launch(environmentOf(slack, database));
    slack.eventsUrl = `${await latchkey.address}/slack/events`;
  });
  afterAll(async () => {
    await endChildren();
    await slack.close();
    await sql.end();
    await database.drop();
  });

  test.each([[["anna", "ben", "mei", "aisha"]], [["chloe", "diego", "farah", "arjun"]]])(
    "every click is answered, each request is decided once, and all cards arrive (%j)",
    async (names) => {
      await roomForCards(sql);
      const waiting = await everybodyAsks(slack, names);
      await quiet({ sql });
      let over = false;
      let terminated = 0;
      // Longer each time, so that a click gets through on the busiest machine too.
      let pause = 150;
      const terminator = (async () => {
        while (!over) {
          const cut =
            await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'latchkey%'`;
          terminated += cut.length;
          await new Promise((resolve) => setTimeout(resolve, pause));
          pause *= 1.1;
        }
      })();
      const answered = await approveAll(slack, waiting);
      await untilDecided(slack, sql, waiting.slice(0, 4));
      over = true;
      await terminator;
      expect(terminated).toBeGreaterThan(5);
      expect(answered.size).toBe(waiting.length);
      await untilDecided(slack, sql, waiting);
      await quiet({ sql });
      const numbers = waiting.map(({ number }) => number);
      expect(await amiss(sql, numbers)).toEqual([]);
      expect(standing(slack, waiting)).toEqual({ missing: [], doubled: [] });
      expect(latchkey.process.exitCode).toBeNull();
    },
  );
});
