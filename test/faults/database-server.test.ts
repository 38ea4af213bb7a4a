/** What a database does to a running Latchkey: connections end, the server stops, is out of reach, slow or crowded. People are answered, and it goes on by itself. */
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Child, endChildren, environmentOf, eventually, launch, type Slack, slackOfAcme } from "../product/stage.ts";
import { addressesAt, type Cluster, cluster, describeWithDebian } from "./cluster.ts";
import { approved } from "./crowd.ts";
import { AGAIN, DONE, decides, heard, readinessOf, type Scene, STILL, soundly, untilReady } from "./recovery.ts";
import { type Between, wireTo } from "./wire-between.ts";

describeWithDebian("the database under a running Latchkey", () => {
  let slack: Slack;
  let server: Cluster;
  let wire: Between;
  let latchkey: Child;
  let scene: Scene;
  beforeAll(async () => {
    [slack, server] = await Promise.all([slackOfAcme(), cluster({ max_connections: "40" })]);
    wire = await wireTo(server.port);
    const sql = postgres(addressesAt(`127.0.0.1:${server.port}`).adminUrl, { max: 2, onnotice: () => {} });
    latchkey = launch(environmentOf(slack, addressesAt(`127.0.0.1:${wire.port}`)));
    scene = { slack, sql, latchkey, address: await latchkey.address };
    slack.eventsUrl = `${scene.address}/slack/events`;
  });
  afterEach(() => {
    wire.roundTrip = 0;
    wire.isDead = false;
  });
  afterAll(async () => {
    await endChildren();
    await slack?.close();
    await scene?.sql.end({ timeout: 1 });
    await wire?.close();
    await server?.remove();
  });

  test.each([
    ["fast", ["anna", "ben"]],
    ["immediate", ["mei", "aisha"]],
  ] as const)("the server is restarted (%s) under clicks", async (how, names) => {
    const round = await decides(scene, names);
    const pressing = round.press();
    await server.stop(how);
    await pressing;
    // While it is gone everybody is told so; on a busy machine it counts as slow for some seconds first.
    await round.press();
    await expect
      .poll(() => readinessOf(scene), { timeout: 20_000, interval: 100 })
      .toMatchObject({ ready: false, parts: { database: "silent" } });
    await heard(round, AGAIN);
    await server.start();
    await untilReady(scene);
    await soundly(round);
  });

  test("others have taken all of its connections", async () => {
    const round = await decides(scene, ["chloe", "diego"]);
    const [free] = await scene.sql<{ n: number }[]>`
      with cut as (select pg_terminate_backend(pid) from pg_stat_activity where usename = 'latchkey')
      select 40 - 3 - (select count(*)::int from pg_stat_activity where backend_type = 'client backend') + (select count(*)::int from cut) as n`;
    const others = postgres(addressesAt(`127.0.0.1:${server.port}`).url, { max: 60, onnotice: () => {}, fetch_types: false });
    const taken: Promise<unknown>[] = [];
    for (let n = 0; n < Number(free?.n) + 5; n++) taken.push(others.reserve().catch(() => {}));
    await Promise.all(taken);
    await round.press();
    await heard(round, AGAIN);
    await others.end({ timeout: 0 });
    await untilReady(scene);
    await soundly(round);
  });

  test("a lock keeps every connection of ours waiting: who clicks hears that it takes longer, and what they did lands when the lock is gone", async () => {
    const round = await decides(scene, ["farah", "arjun", "elif"]);
    const locker = await scene.sql.reserve();
    await locker`begin`;
    await locker`lock table line in access exclusive mode`;
    const pressing = [round.press(), round.press(), round.press()];
    await heard(round, STILL);
    await eventually(async () => {
      const [row] =
        await scene.sql`select count(*)::int as n from pg_stat_activity where usename = 'latchkey' and wait_event_type = 'Lock'`;
      return row?.n >= 6;
    });
    await locker`rollback`;
    locker.release();
    for (const acknowledged of await Promise.all(pressing)) expect(acknowledged.size).toBe(round.waiting.length);
    await untilReady(scene);
    await soundly(round);
  });

  test("its answers take two seconds: who clicks hears that it takes longer, before anything is decided; then it is, and they are told", async () => {
    const round = await decides(scene, ["rahul"]);
    wire.roundTrip = 2_000;
    const pressing = round.press();
    await heard(round, STILL);
    expect((await approved(scene.sql)).has(round.waiting[0]?.number ?? 0)).toBe(false);
    expect((await readinessOf(scene)).ready).toBe(true);
    expect((await pressing).size).toBe(round.waiting.length);
    await heard(round, DONE, round.waiting.length);
    expect((await readinessOf(scene)).ready).toBe(true);
    wire.roundTrip = 0;
    await soundly(round);
  });
});
