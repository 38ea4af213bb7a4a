/** The disk of the database is full: nothing is half written, people are told, and with room made it goes on. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Child, endChildren, environmentOf, eventually, launch, type Slack, slackOfAcme } from "../product/stage.ts";
import { addressesAt, type Cluster, cluster, describeWithDebian } from "./cluster.ts";
import { AGAIN, decides, heard, type Scene, soundly, untilReady } from "./recovery.ts";

describeWithDebian("a database on a small disk", () => {
  let slack: Slack;
  let disk: string;
  let server: Cluster;
  let latchkey: Child;
  let scene: Scene;
  beforeAll(async () => {
    disk = await mkdtemp(path.join(tmpdir(), "latchkey-small-disk-"));
    // Only root can have one, in memory.
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=160m,mode=755", "tmpfs", disk], { encoding: "utf8" });
    if (mounted.status !== 0) throw new Error(`no disk to fill: run this as root where mounting is allowed (${mounted.stderr})`);
    const small = { max_wal_size: "32MB", min_wal_size: "32MB", wal_keep_size: "0" };
    [slack, server] = await Promise.all([slackOfAcme(), cluster(small, disk)]);
    const sql = postgres(addressesAt(`127.0.0.1:${server.port}`).adminUrl, { max: 2, onnotice: () => {} });
    latchkey = launch(environmentOf(slack, addressesAt(`127.0.0.1:${server.port}`)));
    scene = { slack, sql, latchkey, address: await latchkey.address };
    slack.eventsUrl = `${scene.address}/slack/events`;
  });
  afterAll(async () => {
    await endChildren();
    await slack?.close();
    await scene?.sql.end({ timeout: 1 });
    await server?.remove().catch(() => {});
    spawnSync("umount", ["-l", disk]);
    for (const left of [disk, `${disk}.log`]) await rm(left, { recursive: true, force: true });
  });

  test("it fills up under clicks: what was said to be done is there, the rest is told to try again, and after room was made it is done", async () => {
    const round = await decides(scene, ["anna", "ben", "mei"]);
    const ballast = path.join(disk, "ballast");
    // Written until nothing fits any more.
    await writeFile(ballast, Buffer.alloc(160 * 1024 * 1024)).catch(() => {});
    // Whatever else of the log is left is written over by somebody, until the server needs more.
    await eventually(async () => {
      const [written] = await Promise.all([
        scene.sql`select pg_logical_emit_message(false, 'ballast', repeat('x', 4000000))`.then(
          () => true,
          () => false,
        ),
        round.press(),
      ]);
      return !written;
    });
    await round.press();
    await heard(round, AGAIN);
    expect(await server.said()).toMatch(/No space left on device/);
    await rm(ballast);
    // A server that couldn't write its log has ended; whoever looks after it starts it once there is room.
    if (!(await server.lives())) await server.start();
    await untilReady(scene);
    await soundly(round);
  });
});
