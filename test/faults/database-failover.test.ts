/** The primary dies and its standby takes over, twice: DATABASE_URL names both, and Latchkey finds the one that takes writes. */
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Child, endChildren, environmentOf, eventually, launch, type Slack, slackOfAcme } from "../product/stage.ts";
import { addressesAt, type Cluster, cluster, describeWithDebian, standbyOf } from "./cluster.ts";
import { AGAIN, decides, heard, readinessOf, type Scene, STILL, soundly, untilReady } from "./recovery.ts";
import { type Between, wireTo } from "./wire-between.ts";

describeWithDebian("a primary and its standby", () => {
  let slack: Slack;
  let primary: Cluster;
  let standby: Cluster;
  /** What the first of the two addresses leads to. */
  let first: Between;
  let second: Between;
  let latchkey: Child;
  let scene: Scene;
  const clients: postgres.Sql[] = [];
  const at = ({ port }: Cluster) => {
    const sql = postgres(addressesAt(`127.0.0.1:${port}`).adminUrl, { max: 2, onnotice: () => {} });
    clients.push(sql);
    return sql;
  };

  /** No commit is acknowledged before the standby has it. */
  async function inStep(sql: postgres.Sql): Promise<void> {
    await sql`alter system set synchronous_standby_names = 'standby'`;
    await sql`select pg_reload_conf()`;
    await eventually(async () => (await sql`select 1 from pg_stat_replication where sync_state = 'sync'`).length === 1);
  }

  beforeAll(async () => {
    [slack, primary] = await Promise.all([slackOfAcme(), cluster()]);
    standby = await standbyOf(primary);
    const sql = at(primary);
    await inStep(sql);
    [first, second] = await Promise.all([wireTo(primary.port), wireTo(standby.port)]);
    latchkey = launch(environmentOf(slack, addressesAt(`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`)));
    scene = { slack, sql, latchkey, address: await latchkey.address };
    slack.eventsUrl = `${scene.address}/slack/events`;
  });
  afterAll(async () => {
    await endChildren();
    await slack?.close();
    await Promise.all(clients.map((sql) => sql.end({ timeout: 1 })));
    await Promise.all([first?.close(), second?.close()]);
    await Promise.all([primary?.remove(), standby?.remove()]);
  });

  test("the primary is killed under clicks and the standby promoted: what was said to be done is there, and the rest is done there", async () => {
    const round = await decides(scene, ["anna", "ben", "mei"]);
    let killed: Promise<void> | undefined;
    // In the middle of the clicks, one of which has been answered.
    await round.press((acknowledged) => {
      if (acknowledged > 0) killed ??= primary.stop("kill");
    });
    await killed;
    await round.press();
    await heard(round, AGAIN);
    expect(await readinessOf(scene)).toMatchObject({ ready: false, parts: { database: "silent" } });
    await standby.promote();
    await untilReady(scene);
    scene = { ...scene, sql: at(standby) };
    await soundly({ ...round, scene });
  });

  test("the machine of the new primary is gone without a word: its connections are given up, and the standby in the old one's place takes over", async () => {
    // Where the first one was, a new standby follows the second.
    await primary.remove();
    const next = await standbyOf(standby);
    await inStep(scene.sql);
    first.target = next.port;
    const round = await decides(scene, ["aisha", "arjun"]);
    second.isDead = true;
    await round.press();
    await heard(round, STILL);
    await next.promote();
    await untilReady(scene);
    scene = { ...scene, sql: at(next) };
    primary = next;
    await soundly({ ...round, scene });
  });
});
