/** One run of the server process, from start to end. Unix: our child. Windows: pg_ctl's, which gives up an administrator's rights first. */
import { execFile, spawn } from "node:child_process";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Log } from "../fault.ts";
import { dataFolder } from "./cluster.ts";
import { bareEnvironment, isCode } from "./engine.ts";
import type { Quarters } from "./quarters.ts";
import { serverFault, tailOf } from "./words.ts";

const run = promisify(execFile);

export interface Server {
  readonly port: number;
  readonly pid: number;
  /** Settles with the server's last words when the process has ended, for whatever reason. */
  readonly ended: Promise<string>;
  /** Asks it to end: connections are cut, everything is written; forced after 15 seconds. */
  stop(): Promise<void>;
  /** The same without waiting, for the moment when this process itself ends. */
  stopNow(): void;
}

/** Starts the server and answers when it takes connections, crash recovery included, however long that takes. */
export async function startServer(quarters: Quarters, port: number, settings: Readonly<Record<string, string>>, log: Log): Promise<Server> {
  const file = path.join(quarters.home, "postgres.log");
  const from = await makeRoomIn(file);
  const options = serverOptions(port, settings);
  const server =
    process.platform === "win32"
      ? await startByPgCtl(quarters, port, file, options)
      : await startAsChild(quarters, port, file, from, options);
  await ready(quarters, server, log);
  return server;
}

function serverOptions(port: number, settings: Readonly<Record<string, string>>): string[] {
  const all = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    logging_collector: "off",
    timezone: "UTC",
    // Errors of a statement reach whoever sent it; in the server's own log they would quote what somebody typed.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

async function startAsChild(quarters: Quarters, port: number, file: string, from: number, options: string[]): Promise<Server> {
  // the log is a file and not a pipe: an orphan whose reader died could no longer say anything
  const output = await open(file, "a", 0o600);
  const child = spawn(quarters.engine.postgres, ["-D", dataFolder(quarters), ...options], {
    cwd: quarters.room,
    env: bareEnvironment(),
    stdio: ["ignore", output.fd, output.fd],
    detached: true, // a Ctrl-C in the terminal is for Latchkey, which then stops the server in its own time
    ...quarters.user,
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", () => void tailOf(file, from).then(resolve));
  });
  await new Promise<void>((resolve) => child.once("spawn", resolve).once("error", () => resolve()));
  await output.close();
  child.unref();
  const signal = (name: NodeJS.Signals): void => void (child.exitCode === null && child.signalCode === null && child.kill(name));
  return {
    port,
    pid: child.pid ?? 0,
    ended,
    async stop() {
      signal("SIGINT"); // "fast": cuts connections, writes a checkpoint
      const force = setTimeout(signal, 15_000, "SIGQUIT");
      await ended;
      clearTimeout(force);
    },
    stopNow: () => signal("SIGINT"),
  };
}

async function startByPgCtl(quarters: Quarters, port: number, file: string, options: string[]): Promise<Server> {
  const data = dataFolder(quarters);
  const quoted = options.map((option) => (option === "-c" ? option : `"${option}"`)).join(" ");
  await run(quarters.engine.pgCtl, ["start", "-W", "-D", data, "-l", file, "-o", quoted], { windowsHide: true, env: bareEnvironment() });
  let pid = 0;
  for (let waited = 0; pid === 0 && waited < 5_000; waited += 100) {
    await sleep(100);
    const found = (await postmasterOf(data))?.pid ?? 0;
    if (found > 0 && isAlive(found)) pid = found; // else the file is a dead server's, or not written yet
  }
  const stop = (mode: string): Promise<unknown> =>
    run(quarters.engine.pgCtl, ["stop", "-D", data, "-m", mode, "-t", "15"], { windowsHide: true }).catch(() => {});
  let over = false;
  const ended = (async () => {
    while (!over && pid > 0 && isAlive(pid)) await sleep(250, undefined, { ref: false });
    return tailOf(file, 0);
  })();
  return {
    port,
    pid,
    ended,
    async stop() {
      await stop("fast");
      if (pid > 0 && isAlive(pid)) await stop("immediate");
      over = true;
      await ended;
    },
    stopNow: () =>
      void spawn(quarters.engine.pgCtl, ["stop", "-W", "-D", data, "-m", "fast"], {
        detached: true,
        stdio: "ignore",
        windowsHide: true,
      }).unref(),
  };
}

/** The server writes "ready" into postmaster.pid once it takes connections; asking by connecting would fill its log. */
async function ready(quarters: Quarters, server: Server, log: Log): Promise<void> {
  let words: string | undefined;
  void server.ended.then((last) => {
    words = last;
  });
  for (let waited = 0; ; waited += 20) {
    if (words !== undefined) throw serverFault("The embedded database does not start", words, quarters.home);
    const found = await postmasterOf(dataFolder(quarters));
    if (found?.pid === server.pid && found.ready) return;
    if (waited > 0 && waited % 10_000 === 0) log.info({ seconds: waited / 1_000 }, "the database is still recovering what it had written");
    await sleep(20);
  }
}

/** What postmaster.pid says, when there is one (pidfile.h: pid, folder, start, port, socket, address, memory, status). */
export async function postmasterOf(data: string): Promise<{ pid: number; port: number; ready: boolean } | undefined> {
  const text = await readFile(path.join(data, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number.parseInt(lines[0] ?? "", 10);
  if (!(pid > 0)) return undefined;
  return { pid, port: Number.parseInt(lines[3] ?? "", 10), ready: (lines[7] ?? "").trim() === "ready" };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

const FULL_LOG = 4 * 1024 * 1024;

/** Keeps the log to two files of 4 MB; answers where this run's words will begin. */
async function makeRoomIn(file: string): Promise<number> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size < FULL_LOG) return size;
  await rm(`${file}.old`, { force: true });
  await rename(file, `${file}.old`);
  return 0;
}
