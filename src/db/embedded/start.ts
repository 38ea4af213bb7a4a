/**
 * The embedded database: the real Postgres from npm, kept running while Latchkey runs.
 * Killing either side with -9 loses nothing that was acknowledged: fsync is on, a killed server is started again on its port, and a server
 * whose Latchkey was killed is ended in order by the next one.
 */
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { codeOf, DatabaseFault, type Log } from "../fault.ts";
import { DATABASE, dataFolder, openCluster, type Passwords, ROLES } from "./cluster.ts";
import { lockFolder } from "./lock.ts";
import { endOrphan } from "./orphan.ts";
import { findQuarters, folderFault, openHome, type Quarters } from "./quarters.ts";
import { freePort, type Server, startServer } from "./server.ts";
import { urlOf } from "./url.ts";

export interface Embedded {
  /** The role that owns the schema and migrates. */
  readonly ownerUrl: string;
  /** The role that Latchkey works as. */
  readonly url: string;
  /** The superuser, database "postgres": for tests and repairs only. */
  readonly adminUrl: string;
  /** Ends the server and gives the folder back; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts (on first use: creates) the embedded database under `home` and keeps it running until `stop()`.
 * `settings` are server settings on top of Postgres's own (tests switch fsync off). Throws a DatabaseFault: folder-in-use,
 * folder-unusable, disk-full, platform-unsupported or server-failed with the server's last words.
 */
export async function startEmbedded(home: string, log: Log, settings: Readonly<Record<string, string>> = {}): Promise<Embedded> {
  const folder = await openHome(home);
  const lock = await lockFolder(folder);
  let server: Server | undefined;
  try {
    const quarters = await findQuarters(folder, log);
    await endOrphan(dataFolder(quarters), quarters.engine.pgCtl, log);
    const passwords = await openCluster(quarters);
    server = await startSomewhere(quarters, settings, log);
    await openDatabase(server.port, passwords);
    const keeper = keepRunning(quarters, server, settings, log);
    const { port } = server;
    log.info({ home: folder, port, pid: server.pid }, "the embedded database runs");
    return {
      ownerUrl: urlOf(port, ROLES.owner, passwords.owner, DATABASE),
      url: urlOf(port, ROLES.runtime, passwords.runtime, DATABASE),
      adminUrl: urlOf(port, ROLES.admin, passwords.admin, "postgres"),
      async stop() {
        await keeper.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await server?.stop();
    await lock.release();
    throw folderFault(error, folder);
  }
}

/** Seconds in which a killed server's last children let go of its memory, or another program of a port. */
const RETRY_FOR = 15_000;

async function startSomewhere(quarters: Quarters, settings: Readonly<Record<string, string>>, log: Log): Promise<Server> {
  return retrying(async () => startServer(quarters, await freePort(), settings, log), RETRY_FOR);
}

async function retrying(start: () => Promise<Server>, patience: number): Promise<Server> {
  for (let since = performance.now(); ; await sleep(250)) {
    try {
      return await start();
    } catch (error) {
      const passing = error instanceof DatabaseFault && error.fault === "server-failed" && PASSES.test(error.message);
      if (!passing || performance.now() - since > patience) throw error;
    }
  }
}

/** What a server says when waiting a little helps. */
const PASSES = /shared memory|address already in use|lock file .* already exists|text file busy/i;

/** Starts the server again whenever it ends by itself, on the port that everybody knows, for as long as it takes. */
function keepRunning(quarters: Quarters, first: Server, settings: Readonly<Record<string, string>>, log: Log): { stop(): Promise<void> } {
  let server = first;
  const stopping = new AbortController();
  const onExit = (): void => server.stopNow();
  process.once("exit", onExit);

  async function keep(): Promise<void> {
    while (!stopping.signal.aborted) {
      const words = await server.ended;
      if (stopping.signal.aborted) return;
      log.error({ words }, "the embedded database ended by itself; starting it again");
      await again();
    }
  }

  async function again(): Promise<void> {
    for (let pause = 100; !stopping.signal.aborted; pause = Math.min(pause * 2, 5_000)) {
      // A server that ends at once, again and again, must not keep the machine busy.
      await sleep(pause, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        await endOrphan(dataFolder(quarters), quarters.engine.pgCtl, log);
        server = await startServer(quarters, first.port, settings, log);
        log.warn({ pid: server.pid, port: server.port }, "the embedded database runs again");
        return;
      } catch (error) {
        log.error({ err: error }, "the embedded database does not start; trying again");
      }
    }
  }

  const kept = keep();
  return {
    async stop() {
      stopping.abort();
      await server.stop();
      await kept;
      await server.stop(); // one that was being started meanwhile
      process.off("exit", onExit);
    },
  };
}

/** Makes sure of the two roles and the database; quick when they are there. */
async function openDatabase(port: number, passwords: Passwords): Promise<void> {
  const sql = postgres(urlOf(port, ROLES.admin, passwords.admin, "postgres"), { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    const [there] = await sql`select 1 from pg_database d join pg_roles r on r.rolname = ${ROLES.runtime} where d.datname = ${DATABASE}`;
    if (there) return;
    for (const kind of ["owner", "runtime"] as const) {
      const [role] = await sql`select 1 from pg_roles where rolname = ${ROLES[kind]}`;
      if (!role) await sql`create role ${sql(ROLES[kind])} login`;
      // a password is no parameter in Postgres's grammar; these are of base64url's alphabet
      await sql.unsafe(`alter role "${ROLES[kind]}" password '${passwords[kind]}'`);
    }
    await sql`create database ${sql(DATABASE)} owner ${sql(ROLES.owner)}`;
  } catch (error) {
    if (codeOf(error) === "28P01")
      throw new DatabaseFault(
        "folder-unusable",
        "The embedded database does not take its own password: passwords.json is of another database. Put the right one back.",
        error,
      );
    throw error;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
