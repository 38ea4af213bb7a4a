/**
 * One Postgres server for the whole run: the embedded one, or the one of TEST_DATABASE_URL (a superuser's URL of any Postgres 15 or later).
 * Migrations run once, into a template that test files clone in milliseconds (database.ts).
 */
import { randomBytes } from "node:crypto";
import { access, chmod, mkdtemp, readdir, rm, stat, statfs } from "node:fs/promises";
import { freemem, tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "../../src/db/embedded/start.ts";
import { DatabaseFault, SILENT } from "../../src/db/fault.ts";
import { migrate } from "../../src/db/migrate.ts";
import { MIGRATIONS } from "../../src/db/migrations.ts";

/** What test files get: a server, or the reason why there is none. */
export interface TestServer {
  readonly adminUrl: string;
  readonly owner: { readonly name: string; readonly password: string };
  readonly runtime: { readonly name: string; readonly password: string };
  /** Begins the name of every database of this run. */
  readonly prefix: string;
  readonly template: string;
  /** How the template is cloned: "wal_log", which is quicker on a disk, or "file_copy", which is quicker in memory. */
  readonly cloning: "wal_log" | "file_copy";
  /** Why the migrations could not be applied; then no migrated database is handed out. */
  readonly broken: string | undefined;
}

declare module "vitest" {
  interface ProvidedContext {
    database: { server: TestServer } | { missing: string };
  }
}

const HOME_PREFIX = "latchkey-test-";

/**
 * Linux's file system in memory. Each test has a database of its own, of three hundred files: on a disk making and dropping them takes a third of the
 * suite's time, though nothing waits for it to be written.
 */
const MEMORY = "/dev/shm";

/** Bytes that a run may take at most: ten megabytes for each database that is there at once, and the log of what was written. */
const ROOM = 2 * 2 ** 30;

async function hasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > 2 * ROOM && freemem() > 2 * ROOM;
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return prepared(project, given, "wal_log", async () => {});
  for (const folder of [tmpdir(), MEMORY]) await sweep(folder);
  const inMemory = await hasRoom(MEMORY);
  const home = await mkdtemp(path.join(inMemory ? MEMORY : tmpdir(), HOME_PREFIX));
  await chmod(home, 0o755); // where root runs the tests, the server runs as nobody
  try {
    const embedded = await startEmbedded(home, SILENT, {
      // only here: nobody grieves for a test's data after a power cut
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      max_connections: "200",
      // nor does anybody restore it, or read it for so long that dead rows would matter
      wal_level: "minimal",
      max_wal_senders: "0",
      autovacuum: "off",
      // a plan for whatever the values are, which Postgres comes to by itself after some runs on each connection, is made at once
      plan_cache_mode: "force_generic_plan",
      // nobody guesses at a password that lasts for minutes, and thousands of connections are opened
      scram_iterations: "1",
    });
    await hashAgain(embedded.adminUrl);
    return await prepared(project, embedded.adminUrl, inMemory ? "file_copy" : "wal_log", async () => {
      await embedded.stop();
      await rm(home, { recursive: true, force: true });
    });
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    if (!(error instanceof DatabaseFault) || error.fault !== "platform-unsupported") throw error;
    project.provide("database", { missing: `${error.message} (or TEST_DATABASE_URL, for tests)` });
    return async () => {};
  }
}

/** The superuser's password was hashed before the server had our settings. */
async function hashAgain(adminUrl: string): Promise<void> {
  const { username, password } = new URL(adminUrl);
  const admin = postgres(adminUrl, { max: 1 });
  await admin.unsafe(`alter role "${decodeURIComponent(username)}" password '${decodeURIComponent(password)}'`);
  await admin.end();
}

async function prepared(
  project: TestProject,
  adminUrl: string,
  cloning: TestServer["cloning"],
  stop: () => Promise<void>,
): Promise<() => Promise<void>> {
  const run = `lk_${process.pid}_${randomBytes(3).toString("hex")}`;
  const role = (name: string) => ({ name: `${run}_${name}`, password: randomBytes(12).toString("hex") });
  const server = { adminUrl, owner: role("owner"), runtime: role("runtime"), prefix: run, template: `${run}_template`, cloning };
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  for (const { name, password } of [server.owner, server.runtime]) await admin.unsafe(`create role "${name}" login password '${password}'`);
  await admin`create database ${admin(server.template)} owner ${admin(server.owner.name)}`;
  const broken = await migrateTemplate(server);
  // a connection to the template would stop every clone
  await admin`alter database ${admin(server.template)} with allow_connections false`;
  project.provide("database", { server: { ...server, broken } });
  return async () => {
    const left = await admin<{ name: string }[]>`select datname as name from pg_database where starts_with(datname, ${`${run}_`})`;
    for (const { name } of left) await admin`drop database ${admin(name)} with (force)`;
    for (const { name } of [server.owner, server.runtime]) await admin`drop role ${admin(name)}`;
    await admin.end();
    await stop();
  };
}

async function migrateTemplate(server: Omit<TestServer, "broken">): Promise<string | undefined> {
  const url = (role: TestServer["owner"]): string => urlFor(server.adminUrl, role, server.template);
  try {
    await access(path.join(MIGRATIONS, "meta", "_journal.json"));
    await migrate({ ownerUrl: url(server.owner), runtimeUrl: url(server.runtime), mark: "playground" });
    return undefined;
  } catch (error) {
    // tests without a database, and those of the migrator itself, can run all the same
    return error instanceof Error ? error.message : String(error);
  }
}

/** The same server, as another role, in another database. */
export function urlFor(adminUrl: string, role: { readonly name: string; readonly password: string }, database: string): string {
  const url = new URL(adminUrl);
  url.username = role.name;
  url.password = role.password;
  url.pathname = `/${database}`;
  return url.href;
}

/** Ends what a killed run of an earlier day left behind. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(HOME_PREFIX)) continue;
    const home = path.join(folder, name);
    const found = await stat(home).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < 60_000) continue; // may be starting just now
    try {
      const left = await startEmbedded(home, SILENT); // takes the folder over, ending the orphan in it; refused when its run lives
      await left.stop();
      await rm(home, { recursive: true, force: true });
    } catch {} // in use, or another user's
  }
}
