/** Two processes over Socket Mode on one database: one is killed, one is told to stop, and no click that was acknowledged is lost or counted twice. */
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { press } from "../product/people.ts";
import { type Child, endChildren, environmentOf, eventually, launch, quiet, type Slack, slackOfAcme } from "../product/stage.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";
import { type Front, socketFront } from "../setup/socket-front.ts";
import { amiss, approved, everybodyAsks, type Waiting } from "./crowd.ts";

describeWithDatabase("two Latchkeys over Socket Mode", () => {
  let front: Front;
  let slack: Slack;
  let database: TestDatabase;
  let sql: postgres.Sql;
  let first: Child;
  let second: Child;

  const begin = async () => {
    const environment = {
      ...environmentOf({ apiUrl: front.apiUrl }, database),
      SLACK_APP_TOKEN: "xapp-1-of-the-faults",
      SLACK_SIGNING_SECRET: "",
    };
    const child = launch({ ...environment, LOG_LEVEL: "debug" });
    await child.address;
    return child;
  };
  /** Each card is approved, and whoever's click Slack could not deliver presses again; `progress` hears how many are through. */
  const approveEach = async (waiting: readonly Waiting[], progress: (done: number) => void) => {
    for (const [index, { decider, card }] of waiting.entries()) {
      await eventually(() =>
        press(slack.as(decider), card, "Approve").then(
          () => true,
          () => false,
        ),
      );
      progress(index + 1);
    }
  };
  const numbers = (waiting: readonly Waiting[]) => waiting.map(({ number }) => number);

  beforeAll(async () => {
    let apiUrl = "";
    front = await socketFront(() => apiUrl);
    slack = await slackOfAcme({}, { deliver: front.carry });
    apiUrl = slack.apiUrl;
    database = await emptyDatabase();
    sql = postgres(database.adminUrl, { max: 2, onnotice: () => {} });
    first = await begin();
    second = await begin();
    await front.until(4);
  });
  afterAll(async () => {
    await endChildren();
    await front.close();
    await slack.close();
    await sql.end();
    await database.drop();
  });

  test("one is killed in the middle of a stream of clicks", async () => {
    const waiting = await everybodyAsks(slack, ["anna", "ben", "mei"]);
    await quiet({ sql });
    await approveEach(waiting, (done) => {
      if (done === 2) first.process.kill("SIGKILL");
    });
    expect(await first.ended).toBe("SIGKILL");
    await quiet({ sql });
    const kept = await approved(sql);
    expect(numbers(waiting).filter((number) => !kept.has(number))).toEqual([]);
    expect(await amiss(sql, numbers(waiting))).toEqual([]);
  });

  test("one is told to stop: it ends by itself, with code 0, and its links with it; the other takes everything", async () => {
    first = await begin();
    await front.until(4);
    const waiting = await everybodyAsks(slack, ["chloe", "diego", "farah"]);
    await quiet({ sql });
    await approveEach(waiting, (done) => {
      if (done === 2) second.process.kill("SIGTERM");
    });
    expect(await second.ended).toBe(0);
    await front.until(2);
    await quiet({ sql });
    expect(await amiss(sql, numbers(waiting))).toEqual([]);
    expect(second.said()).not.toContain("a rejection nobody handled");
    for (const secret of ["xapp-1-of-the-faults", "ticket=", "Seats for both of us"]) expect(second.said()).not.toContain(secret);
  });
});
