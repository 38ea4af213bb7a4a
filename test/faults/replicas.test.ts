/** Two processes on one database serve one workspace; one is killed, one is told to stop, and nothing is lost or done twice. */
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copies } from "../product/copies.ts";
import { type Child, endChildren, environmentOf, eventually, launch, quiet, type Slack, slackOfAcme } from "../product/stage.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";
import { amiss, approveAll, approved, everybodyAsks, standing, type Waiting } from "./crowd.ts";

describeWithDatabase("two Latchkeys on one database", () => {
  let slack: Slack;
  let database: TestDatabase;
  let sql: postgres.Sql;
  let first: Child;
  let second: Child;
  let waiting: readonly Waiting[];

  /** Both look at the clocks every second. */
  const begin = () => launch({ ...environmentOf(slack, database), LATCHKEY_TICK: "* * * * * *" });
  const eventsTo = async (child: Child) => {
    slack.eventsUrl = `${await child.address}/slack/events`;
  };
  const numbers = () => waiting.map(({ number }) => number);
  const runOut = () => sql`update task set remind_at = now() where state = 'open'`;
  const reminders = async (nth: number) =>
    await sql<{ number: string; n: number }[]>`select l.number, count(*)::int as n from event e join line l on l.id = e.line_id
      where e.kind = 'reminded' and (e.data->>'nth')::int = ${nth} group by 1`;
  const allReminded = (nth: number) => eventually(async () => (await reminders(nth)).length === waiting.length);
  /** How many words stand in the threads below the cards of those who decide, by request. */
  const inThreads = () =>
    waiting.map(({ decider, card }) => {
      const { messages } = slack.world.world.channels.get(slack.as(decider).direct()?.id ?? "") ?? { messages: [] };
      return messages.filter((message) => message.thread_ts === card.ts && message.ts !== card.ts).length;
    });

  beforeAll(async () => {
    [slack, database] = await Promise.all([slackOfAcme(), emptyDatabase()]);
    sql = postgres(database.adminUrl, { max: 3, onnotice: () => {} });
    first = begin();
    second = begin();
    await Promise.all([first.address, second.address]);
  });
  afterAll(async () => {
    await endChildren();
    await slack.close();
    await sql.end();
    await database.drop();
  });

  test("what people do may reach either of them: each request is filed once, and its cards stand once", async () => {
    await eventsTo(first);
    const some = await everybodyAsks(slack, ["anna", "ben"]);
    await eventsTo(second);
    waiting = [...some, ...(await everybodyAsks(slack, ["mei", "aisha"]))];
    await quiet({ sql });
    expect(waiting).toHaveLength(8);
    expect((await copies({ slack, database, sql })).outdated).toEqual([]);
  });

  test("OIM-3 the clocks of all requests run out at once, with both looking: each is reminded once, in the thread of its card", async () => {
    await runOut();
    await allReminded(1);
    await quiet({ sql });
    expect((await reminders(1)).map(({ n }) => n)).toEqual(Array(8).fill(1));
    expect(inThreads()).toEqual(Array(8).fill(1));
  });

  test("one is killed while they look at the clocks: the other reminds whom it did not get to, and nobody twice", async () => {
    await runOut();
    await eventually(async () => (await reminders(2)).length > 0);
    first.process.kill("SIGKILL");
    expect(await first.ended).toBe("SIGKILL");
    await allReminded(2);
    await quiet({ sql });
    expect((await reminders(2)).map(({ n }) => n)).toEqual(Array(8).fill(1));
    const threads = inThreads();
    expect(threads.filter((n) => n < 2)).toEqual([]);
    // What was under way to Slack in that instant may stand there twice.
    expect(threads.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(17);
  });

  test("one is told to stop in the middle of the work: it ends by itself, and the other brings everything to its end", async () => {
    first = begin();
    await eventsTo(first);
    let ending: Promise<number | string> | undefined;
    const acknowledged = await approveAll(slack, waiting, (count) => {
      if (count < 3 || ending) return;
      second.process.kill("SIGTERM");
      ending = second.ended;
    });
    expect(acknowledged.size).toBe(waiting.length);
    expect(await ending).toBe(0);
    await quiet({ sql });
    expect([...(await approved(sql))].sort()).toEqual([...numbers()].sort());
    expect(await amiss(sql, numbers())).toEqual([]);
    expect(standing(slack, waiting)).toEqual({ missing: [], doubled: [] });
    expect((await copies({ slack, database, sql })).outdated).toEqual([]);
  });
});
