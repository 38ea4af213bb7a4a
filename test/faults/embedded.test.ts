import { spawnSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { startEmbedded } from "../../src/db/embedded/start.ts";
import { SILENT } from "../../src/db/fault.ts";
import {
  another,
  end,
  home,
  homeForEachTest,
  NOBODY,
  query,
  ROOT,
  runs,
  serverPid,
  start,
  startedOnce,
  stop,
  stranger,
} from "../db/embedded-home.ts";
import { describeWithDatabase } from "../setup/database.ts";

describeWithDatabase("the embedded database", () => {
  if ("missing" in inject("database")) return;
  homeForEachTest();

  test("is made at the first start, durable, on this machine only, and with two roles of different rights", async () => {
    const embedded = await start();
    const [settings] = await query(
      embedded.ownerUrl,
      "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync, current_setting('listen_addresses') as listen, current_setting('server_encoding') as encoding",
    );
    expect(settings).toEqual({ fsync: "on", sync: "on", listen: "127.0.0.1", encoding: "UTF8" });
    const roles = await query(
      embedded.ownerUrl,
      "select rolname, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname like 'latchkey%' order by 1",
    );
    const powerless = { rolsuper: false, rolcreaterole: false, rolcreatedb: false };
    expect(roles).toEqual([
      { rolname: "latchkey", ...powerless },
      { rolname: "latchkey_owner", ...powerless },
    ]);
    await query(embedded.ownerUrl, "create table kept as select 'Ärger' as word");
    await expect(query(embedded.url, "create table mine (n int)")).rejects.toMatchObject({ code: "42501" });
  });

  test("lets nobody in without its password, which only its user can read", async () => {
    await startedOnce();
    const embedded = await start();
    for (const url of [embedded.url, embedded.ownerUrl, embedded.adminUrl]) {
      const wrong = Object.assign(new URL(url), { password: "guess" });
      await expect(query(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
    }
    const file = await stat(path.join(home, "passwords.json"));
    expect(file.mode & 0o777).toBe(0o600);
    const words = await readFile(path.join(home, "postgres.log"), "utf8");
    for (const password of Object.values(JSON.parse(await readFile(path.join(home, "passwords.json"), "utf8"))))
      expect(words).not.toContain(password);
  });

  test("THREAT-11 is not told Latchkey's secrets", async () => {
    await startedOnce();
    process.env.SLACK_BOT_TOKEN = "canary-token";
    await start();
    delete process.env.SLACK_BOT_TOKEN;
    const environment = spawnSync("ps", ["e", "-ww", "-o", "command=", "-p", String(await serverPid())], { encoding: "utf8" }).stdout;
    expect(environment).toContain("PATH=");
    expect(environment).not.toContain("canary-token");
  });

  test("keeps what it holds over an orderly stop, after which nothing runs and nothing is locked", async () => {
    await startedOnce();
    const first = await start();
    await query(first.ownerUrl, "create table kept as select 1 as n");
    const pid = await serverPid();
    await stop(first);
    await first.stop();
    expect(await runs(pid)).toBe(false);
    expect((await readdir(home)).sort()).toEqual(["passwords.json", "postgres", "postgres.log"]);
    const second = await start();
    expect(await query(second.ownerUrl, "select n from kept")).toEqual([{ n: 1 }]);
  });

  test("refuses a folder that another living Latchkey uses, and says whose it is", async () => {
    await startedOnce();
    await start();
    await expect(startEmbedded(home, SILENT)).rejects.toMatchObject({
      fault: "folder-in-use",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    const { first } = another("");
    expect(await first).toMatchObject({ fault: "folder-in-use", message: expect.stringContaining(home) });
  });

  test("starts over after a first start that was interrupted anywhere", async () => {
    await mkdir(path.join(home, "postgres", "half", "base"), { recursive: true });
    await writeFile(path.join(home, "passwords.json.new"), "{ torn");
    const first = await start();
    await query(first.adminUrl, "drop database latchkey");
    await query(first.adminUrl, "drop role latchkey");
    await stop(first);
    const second = await start();
    expect(await query(second.url, "select current_user::text as me")).toEqual([{ me: "latchkey" }]);
  });

  test("is not deceived by a process id that another program has by now", async () => {
    await startedOnce();
    const first = await start();
    await query(first.ownerUrl, "create table kept as select 1 as n");
    const pid = await serverPid();
    await stop(first);
    const other = stranger();
    const file = path.join(home, "postgres", "data", "postmaster.pid");
    await writeFile(file, `${other.pid}\n${path.dirname(file)}\n1\n1\n\n127.0.0.1\n\nready\n`);
    if (ROOT) await chown(file, NOBODY, NOBODY);
    expect(other.pid).not.toBe(pid);
    const second = await start();
    expect(await query(second.ownerUrl, "select n from kept")).toEqual([{ n: 1 }]);
    expect(other.exitCode).toBeNull();
  });

  test("a server that fails is heard: its last words are in the fault", async () => {
    await expect(startEmbedded(home, SILENT, { shared_buffers: "plenty" })).rejects.toMatchObject({
      fault: "server-failed",
      message: expect.stringContaining('invalid value for parameter "shared_buffers"'),
    });
    await start(); // and nothing stays locked
  });

  test("a cluster of another Postgres, and one without its passwords, are refused with what to do", async () => {
    await startedOnce();
    await stop(await start());
    const version = path.join(home, "postgres", "data", "PG_VERSION");
    await writeFile(version, "17\n");
    await expect(startEmbedded(home, SILENT)).rejects.toMatchObject({
      fault: "server-failed",
      message: expect.stringContaining("made by PostgreSQL 17"),
    });
    await writeFile(version, "18\n");
    await rm(path.join(home, "passwords.json"));
    await expect(startEmbedded(home, SILENT)).rejects.toMatchObject({
      fault: "folder-unusable",
      message: expect.stringContaining("passwords.json"),
    });
  });

  test("a home that is a file is refused by name", async () => {
    const file = path.join(home, "file");
    await writeFile(file, "");
    await expect(startEmbedded(file, SILENT)).rejects.toMatchObject({ fault: "folder-unusable", message: expect.stringContaining(file) });
    await expect(startEmbedded(path.join(file, "below"), SILENT)).rejects.toMatchObject({ fault: "folder-unusable" });
  });

  test("an unwritable home is refused by name, to a user who is not root", async () => {
    await chmod(home, 0o555);
    const { first } = another("", ROOT ? NOBODY : undefined);
    expect(await first).toMatchObject({ fault: "folder-unusable", message: expect.stringContaining(`${home} can't be written`) });
  });

  test("runs for a user who is not root", async () => {
    if (ROOT) await chown(home, NOBODY, NOBODY);
    const { child, first } = another("", ROOT ? NOBODY : undefined);
    const { url } = await first;
    expect(await query(url, "select current_user::text as me")).toEqual([{ me: "latchkey" }]);
    const data = await stat(path.join(home, "postgres", "data"));
    expect([data.uid, data.mode & 0o777]).toEqual([ROOT ? NOBODY : process.getuid?.(), 0o700]);
    await end(child, "SIGTERM");
    expect(await serverPid()).toBe(0);
  });

  if (ROOT)
    test("started by root below a folder that only root may enter, keeps its data where its own user can work", async () => {
      await chmod(home, 0o700);
      const first = await start();
      await query(first.ownerUrl, "create table kept as select 1 as n");
      const far = await readFile(path.join(home, "postgres-lies-elsewhere"), "utf8");
      expect((await stat(path.join(far, "data"))).uid).toBe(NOBODY);
      await stop(first);
      const second = await start();
      expect(await query(second.ownerUrl, "select n from kept")).toEqual([{ n: 1 }]);
      await stop(second);
      await rm(path.dirname(far), { recursive: true });
    });
});
