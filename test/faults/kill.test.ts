/** Latchkey dies with -9 at any moment: what Slack saw acknowledged is there, and every card arrives after the restart. */
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { copies } from "../product/copies.ts";
import { cardSaying, press } from "../product/people.ts";
import { type Child, endChildren, environmentOf, eventually, launch, quiet, type Slack, slackOfAcme } from "../product/stage.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";
import { amiss, approveAll, approved, everybodyAsks, roomForCards, standing } from "./crowd.ts";

describeWithDatabase("Latchkey is killed", () => {
  let slack: Slack;
  let database: TestDatabase;
  let sql: postgres.Sql;
  let latchkey: Child;
  const begin = async () => {
    latchkey = launch(environmentOf(slack, database));
    slack.eventsUrl = `${await latchkey.address}/slack/events`;
  };
  const kill = async () => {
    latchkey.process.kill("SIGKILL");
    expect(await latchkey.ended).toBe("SIGKILL");
  };
  beforeAll(async () => {
    [slack, database] = await Promise.all([slackOfAcme(), emptyDatabase()]);
    sql = postgres(database.adminUrl, { max: 2, onnotice: () => {} });
    await begin();
  });
  afterEach(() => {
    slack.world.world.faults.splice(0);
  });
  afterAll(async () => {
    await endChildren();
    await slack.close();
    await sql.end();
    await database.drop();
  });
  const rounds = [
    ["anna", "ben", "mei"],
    ["chloe", "diego", "farah"],
    ["aisha", "arjun", "elif"],
    ["rahul", "tomasz", "samuel"],
  ];

  test.each(rounds.map((names, round) => ({ names, round })))(
    "in the middle of a stream of clicks, round $round",
    async ({ names, round }) => {
      await roomForCards(sql);
      const waiting = await everybodyAsks(slack, names);
      await quiet({ sql });
      // After a click of its own in each round, and then a moment longer that nobody chose.
      const after = 1 + round;
      let dying: Promise<void> | undefined;
      const acknowledged = await approveAll(slack, waiting, (count) => {
        if (count >= after) dying ??= new Promise<void>((resolve) => setTimeout(resolve, Math.random() * 30)).then(kill);
      });
      await dying;
      const kept = await approved(sql);
      expect([...acknowledged].filter((number) => !kept.has(number))).toEqual([]);

      await begin();
      await quiet({ sql });
      // Whoever got no answer presses again, on the card as it stands or as it stood: both are safe.
      await approveAll(
        slack,
        waiting.filter(({ number }) => !acknowledged.has(number)),
      );
      await quiet({ sql });
      expect(
        await amiss(
          sql,
          waiting.map(({ number }) => number),
        ),
      ).toEqual([]);
      const stand = standing(slack, waiting);
      expect(stand.missing).toEqual([]);
      expect(stand.doubled.length, stand.doubled.join("; ")).toBeLessThanOrEqual(1);
      expect((await copies({ slack, database, sql })).outdated).toEqual([]);
    },
  );

  test("after the commit, while Slack is still being told: the decision stands, and the outcome arrives after the restart", async () => {
    const [one] = await everybodyAsks(slack, ["emily"]);
    if (!one) throw new Error("nobody asked");
    await quiet({ sql });
    await roomForCards(sql);
    const slow = { method: "chat.postMessage", type: "delay", ms: 1_500, times: 100 } as const;
    const posts = { ...slow };
    slack.world.world.faults.push(posts, { ...slow, method: "chat.update" });
    await press(slack.as(one.decider), one.card, "Approve");
    expect(await approved(sql)).toContain(one.number);
    // Slack has taken the outcome and the order's card, and nobody will hear its answer.
    await eventually(() => posts.times <= 98);
    await kill();
    await begin();
    await cardSaying(slack.as("emily"), { title: `Request ${one.number} is approved` });
    await cardSaying(slack.as("lena"), { title: `Request ${one.number}: Figma, to set up`, in: "it-desk" });
    slack.world.world.faults.splice(0);
    await quiet({ sql });
    expect(await amiss(sql, [one.number])).toEqual([]);
    expect(standing(slack, [one])).toEqual({ missing: [], doubled: [] });
  });

  test("before anything of it has been sent, three times in a row: nothing is lost and nothing is decided twice", async () => {
    const [one] = await everybodyAsks(slack, ["lin"]);
    if (!one) throw new Error("nobody asked");
    await quiet({ sql });
    slack.world.world.faults.push({ method: "*", type: "fail", status: 503 });
    await press(slack.as(one.decider), one.card, "Approve");
    for (let times = 0; times < 3; times++) {
      await kill();
      await begin();
    }
    slack.world.world.faults.splice(0);
    await cardSaying(slack.as("lin"), { title: `Request ${one.number} is approved` });
    await quiet({ sql });
    expect(await amiss(sql, [one.number])).toEqual([]);
    expect(standing(slack, [one])).toEqual({ missing: [], doubled: [] });
  });
});
