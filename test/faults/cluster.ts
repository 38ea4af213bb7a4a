/** A Postgres server of one's own, to be stopped, filled up and failed over: Debian's PostgreSQL 15, whose tools the embedded one lacks. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { describe } from "vitest";

const BIN = "/usr/lib/postgresql/15/bin";
const isThere = existsSync(path.join(BIN, "initdb"));

/** `describe` for suites that need Debian's PostgreSQL: skipped, with the reason in the title, where it isn't installed. */
export function describeWithDebian(title: string, suite: () => void): void {
  if (isThere) describe(title, suite);
  else describe.skip(`${title} (PostgreSQL 15 is not in ${BIN}: apt-get install postgresql-15)`, suite);
}

export interface Cluster {
  readonly port: number;
  /** Its data; the log stands beside it. */
  readonly folder: string;
  start(): Promise<void>;
  /** As `pg_ctl stop` names them; `kill`: -9 for the postmaster, as when its machine dies. */
  stop(how: "fast" | "immediate" | "kill"): Promise<void>;
  /** Whether its postmaster lives. */
  lives(): Promise<boolean>;
  /** A standby becomes the primary. */
  promote(): Promise<void>;
  /** What the server wrote. */
  said(): Promise<string>;
  remove(): Promise<void>;
}

export interface Addresses {
  readonly url: string;
  readonly ownerUrl: string;
  readonly adminUrl: string;
}

/** Of the database made by `prepare`, at one or several places "host:port". */
export function addressesAt(...places: readonly string[]): Addresses {
  const at = (user: string) => `postgres://${user}@${places.join(",")}/latchkey`;
  return { url: at("latchkey"), ownerUrl: at("latchkey_owner"), adminUrl: at("postgres") };
}

/** A fresh cluster that runs; `folder`: where, such as on a disk of its own; left out: below the system's temporary folder. */
export async function cluster(settings: Readonly<Record<string, string>> = {}, folder?: string): Promise<Cluster> {
  const made = await prepared(settings, folder);
  await as(`${BIN}/initdb`, "-D", dataOf(made), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync");
  await made.start();
  const admin = postgres(`postgres://postgres@127.0.0.1:${made.port}/postgres`, { max: 1, onnotice: () => {} });
  await admin`create role latchkey_owner login`;
  await admin`create role latchkey login`;
  await admin`create database latchkey owner latchkey_owner`;
  await admin.end();
  return made;
}

/** A standby that follows `primary`, by the name of "standby". */
export async function standbyOf(primary: Cluster, settings: Readonly<Record<string, string>> = {}): Promise<Cluster> {
  const made = await prepared(settings);
  const from = `host=127.0.0.1 port=${primary.port} user=postgres application_name=standby`;
  await as(`${BIN}/pg_basebackup`, "-D", dataOf(made), "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", from);
  await made.start();
  return made;
}

const dataOf = ({ folder }: Pick<Cluster, "folder">) => path.join(folder, "data");

async function prepared(settings: Readonly<Record<string, string>>, at?: string): Promise<Cluster> {
  const folder = at ?? (await mkdtemp(path.join(tmpdir(), "latchkey-cluster-")));
  await chmod(folder, 0o755);
  const data = dataOf({ folder });
  await mkdir(data, { mode: 0o700 });
  if (owner) {
    await chown(folder, owner.uid, owner.gid);
    await chown(data, owner.uid, owner.gid);
  }
  const port = await freePort();
  // Beside it, so that a full disk leaves room for the words about it.
  const log = `${folder}.log`;
  // What is synchronised survives the machine, and only the server dies here.
  const all = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "", fsync: "off", ...settings };
  const options = Object.entries(all)
    .map(([name, value]) => `-c ${name}='${value}'`)
    .join(" ");
  const ctl = (...args: readonly string[]) => as(`${BIN}/pg_ctl`, "-D", data, ...args);
  const pid = async () => Number((await readFile(path.join(data, "postmaster.pid"), "utf8").catch(() => "")).split("\n")[0]);
  const lives = async () => {
    const found = await pid();
    return found > 0 && existsSync(`/proc/${found}`);
  };
  return {
    port,
    folder,
    start: () => ctl("-w", "-t", "60", "-l", log, "-o", options, "start"),
    stop: async (how) => {
      if (how !== "kill") return ctl("-w", "-m", how, "stop");
      process.kill(await pid(), "SIGKILL");
      while (await lives()) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    lives,
    promote: () => ctl("-w", "promote"),
    said: () => readFile(log, "utf8"),
    remove: async () => {
      if (await lives()) await ctl("-w", "-m", "immediate", "stop");
      await rm(folder, { recursive: true, force: true });
      await rm(log, { force: true });
    },
  };
}

/** Postgres refuses to run as root; Debian's package brings a user for it. */
const owner = isThere && process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : undefined;

function idOf(which: "-u" | "-g"): number {
  return Number(execFileSync("id", [which, "postgres"], { encoding: "utf8" }));
}

/** Runs a tool as that user; rejects with what it said. */
async function as(program: string, ...args: readonly string[]): Promise<void> {
  // A server that is started keeps what it was given open: its words go to its log, so nobody waits for the end of a pipe.
  const child = spawn(program, args, {
    ...owner,
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env.PATH, LC_ALL: "C" },
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new Error(`${path.basename(program)} ${args.join(" ")} ended with ${code}: ${said}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
