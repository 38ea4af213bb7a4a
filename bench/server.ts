/** A temporary Postgres of the run's own: Debian's where it is installed, else the embedded one. Nothing of it stays behind. */
import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, chmodSync, chownSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { freePort } from "../src/db/embedded/server.ts";
import { startEmbedded } from "../src/db/embedded/start.ts";
import { SILENT } from "../src/db/fault.ts";
import { migrate } from "../src/db/migrate.ts";

const run = promisify(execFile);

/**
 * Without waiting for the disk: then what Latchkey costs beside the database shows most, and ratios come out at their lowest.
 * Planner and memory stay as a fresh installation has them.
 */
const SETTINGS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "300" } as const;

export interface Database {
  readonly name: string;
  /** As the run-time role. */
  readonly url: string;
  /** As the role that owns the schema. */
  readonly ownerUrl: string;
  /** As the superuser. */
  readonly adminUrl: string;
  drop(): Promise<void>;
}

export interface Server {
  /** For people: "PostgreSQL 15.14 (Debian)". */
  readonly version: string;
  /** The program pgbench; null with the embedded server, which comes without. */
  readonly pgbench: string | null;
  /** A migrated database of one's own, marked `real`. */
  fresh(): Promise<Database>;
  stop(): Promise<void>;
}

interface Cluster {
  readonly adminUrl: string;
  readonly pgbench: string | null;
  stop(): Promise<void>;
}

export async function startServer(): Promise<Server> {
  const bin = debian();
  const cluster = bin === null ? await embedded() : await ofDebian(bin);
  const admin = postgres(cluster.adminUrl, { max: 1, onnotice: () => {} });
  const [row] = await admin<{ version: string }[]>`select current_setting('server_version') as version`;
  const role = async (name: string): Promise<{ name: string; password: string }> => {
    const password = randomBytes(12).toString("hex");
    await admin.unsafe(`create role ${name} login password '${password}'`);
    return { name, password };
  };
  const owner = await role("bench_owner");
  const runtime = await role("bench_runtime");
  return {
    version: `PostgreSQL ${row?.version ?? "?"}`,
    pgbench: cluster.pgbench,
    async fresh() {
      const name = `bench_${randomBytes(4).toString("hex")}`;
      await admin.unsafe(`create database ${name} owner ${owner.name}`);
      const url = (as: { name: string; password: string } | null): string => {
        const one = new URL(cluster.adminUrl);
        one.pathname = `/${name}`;
        if (as) Object.assign(one, { username: as.name, password: as.password });
        return one.href;
      };
      await migrate({ ownerUrl: url(owner), runtimeUrl: url(runtime), mark: "real" });
      return {
        name,
        url: url(runtime),
        ownerUrl: url(owner),
        adminUrl: url(null),
        drop: async () => void (await admin.unsafe(`drop database if exists ${name} with (force)`)),
      };
    },
    async stop() {
      await admin.end();
      await cluster.stop();
    },
  };
}

/** The folder of the newest Postgres that Debian installed, 15 or later; null: none is there. */
function debian(): string | null {
  try {
    const versions = readdirSync("/usr/lib/postgresql").map(Number);
    const newest = Math.max(...versions.filter((version) => version >= 15));
    const bin = `/usr/lib/postgresql/${newest}/bin`;
    for (const program of ["initdb", "pg_ctl", "pgbench"]) accessSync(path.join(bin, program));
    return bin;
  } catch {
    return null;
  }
}

async function ofDebian(bin: string): Promise<Cluster> {
  const folder = await mkdtemp(path.join(tmpdir(), "latchkey-bench-"));
  const asRoot = process.getuid?.() === 0; // the server itself refuses to run as root
  const ids = asRoot ? idsOf("postgres") : {};
  if (asRoot) chownSync(folder, ids.uid ?? 0, ids.gid ?? 0);
  chmodSync(folder, 0o700);
  const password = randomBytes(16).toString("hex");
  const secret = path.join(folder, "secret");
  await writeFile(secret, password, { mode: 0o600 });
  if (asRoot) chownSync(secret, ids.uid ?? 0, ids.gid ?? 0);
  const data = path.join(folder, "data");
  const options = { ...ids, cwd: folder };
  await run(
    path.join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8", "-N"],
    options,
  );
  const port = await freePort();
  const settings = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "", ...SETTINGS };
  const words = Object.entries(settings).map(([name, value]) => `-c ${name}=${value === "" ? "''" : value}`);
  const control = (verb: string, ...more: string[]) => run(path.join(bin, "pg_ctl"), [verb, "-D", data, "-w", ...more], options);
  await control("start", "-l", path.join(folder, "log"), "-o", words.join(" "));
  return {
    adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    pgbench: path.join(bin, "pgbench"),
    async stop() {
      await control("stop", "-m", "immediate");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function idsOf(user: string): { uid?: number; gid?: number } {
  const id = (flag: string): number => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function embedded(): Promise<Cluster> {
  const home = await mkdtemp(path.join(tmpdir(), "latchkey-bench-"));
  chmodSync(home, 0o755); // where root runs it, the server runs as nobody
  const one = await startEmbedded(home, SILENT, SETTINGS);
  return {
    adminUrl: one.adminUrl,
    pgbench: null,
    async stop() {
      await one.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
