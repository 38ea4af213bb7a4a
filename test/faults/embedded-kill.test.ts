import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { another, end, homeForEachTest, query, runs, serverPid, start, startedOnce, until } from "../db/embedded-home.ts";
import { describeWithDatabase } from "../setup/database.ts";

describeWithDatabase("the embedded database", () => {
  if ("missing" in inject("database")) return;
  homeForEachTest();

  test("a Latchkey killed with -9 while writing loses nothing acknowledged, and the next one ends the server it left", async () => {
    await startedOnce();
    const { child, first, acknowledged } = another("write");
    expect((await first).fault).toBeUndefined();
    await until(() => acknowledged.length >= 50);
    await end(child, "SIGKILL");
    const orphan = await serverPid();
    expect(await runs(orphan)).toBe(true);
    const embedded = await start();
    expect(await runs(orphan)).toBe(false);
    const rows = new Set((await query(embedded.ownerUrl, "select n from written")).map((row) => row.n));
    expect(acknowledged.filter((n) => !rows.has(n))).toEqual([]);
  });

  test("both killed with -9 while writing lose nothing acknowledged", async () => {
    await startedOnce();
    const { child, first, acknowledged } = another("write");
    await first;
    await until(() => acknowledged.length >= 50);
    const pid = await serverPid();
    process.kill(pid, "SIGKILL");
    await end(child, "SIGKILL");
    const embedded = await start();
    const rows = new Set((await query(embedded.ownerUrl, "select n from written")).map((row) => row.n));
    expect(acknowledged.filter((n) => !rows.has(n))).toEqual([]);
  });

  test("a server killed with -9 runs again on its port, and nothing acknowledged is lost", async () => {
    await startedOnce();
    const embedded = await start();
    const { sql, close } = connect(embedded.ownerUrl, { max: 2 });
    await sql`create table written (n int primary key)`;
    const acknowledged: number[] = [];
    let writing = true;
    const writer = (async () => {
      for (let n = 1; writing; n++)
        await sql`insert into written values (${n})`.then(
          () => acknowledged.push(n),
          () => sleep(20),
        );
    })();
    for (let round = 1; round <= 2; round++) {
      const before = acknowledged.length;
      await until(() => acknowledged.length >= before + 30);
      const killed = await serverPid();
      process.kill(killed, "SIGKILL");
      await until(async () => ![0, killed].includes(await serverPid()));
    }
    const before = acknowledged.length;
    await until(() => acknowledged.length >= before + 30);
    writing = false;
    await writer;
    const rows = new Set((await sql`select n from written`).map((row) => row.n));
    expect(acknowledged.filter((n) => !rows.has(n))).toEqual([]);
    await close();
  });

  test("a Latchkey that exits without stopping it takes the server along", async () => {
    await startedOnce();
    const { child, first } = another("exit");
    await first;
    await until(() => child.exitCode !== null);
    await until(async () => (await serverPid()) === 0);
  });
});
