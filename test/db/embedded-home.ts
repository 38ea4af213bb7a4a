/** A home folder of one's own for each test of the embedded database, and other Latchkeys that use it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeEach } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { startOf } from "../../src/db/embedded/lock.ts";
import { postmasterOf } from "../../src/db/embedded/server.ts";
import { type Embedded, startEmbedded } from "../../src/db/embedded/start.ts";
import { SILENT } from "../../src/db/fault.ts";

export const ROOT = process.getuid?.() === 0;
export const NOBODY = 65534;

export let home: string;
let template: string | undefined;
const running = new Set<Embedded>();
const children = new Set<ChildProcess>();

/** Gives every test of the file an empty `home`, and ends whatever it leaves running. */
export function homeForEachTest(): void {
  beforeEach(async () => {
    home = await emptyFolder();
  });
  afterEach(async () => {
    for (const child of children) await end(child, "SIGKILL");
    for (const embedded of running) await embedded.stop();
    running.clear();
    const left = await serverPid();
    if (await runs(left)) process.kill(left, "SIGQUIT");
    await until(async () => !(await runs(left)));
    await chmod(home, 0o755);
    await rm(home, { recursive: true, force: true });
  });
  afterAll(async () => {
    if (template !== undefined) await rm(template, { recursive: true, force: true });
    template = undefined;
  });
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "latchkey-embedded-"));
  await chmod(folder, 0o755); // where root runs the tests, the server runs as nobody
  return folder;
}

/** Puts a cluster that was started once before into the test's home: quicker than a first start. */
export async function startedOnce(): Promise<void> {
  if (template === undefined) {
    template = await emptyFolder();
    await (await startEmbedded(template, SILENT)).stop();
  }
  spawnSync("cp", ["-a", `${template}/.`, home]);
}

export async function start(settings: Readonly<Record<string, string>> = {}): Promise<Embedded> {
  const embedded = await startEmbedded(home, SILENT, settings);
  running.add(embedded);
  return embedded;
}

export async function stop(embedded: Embedded): Promise<void> {
  await embedded.stop();
  running.delete(embedded);
}

export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const { sql, close } = connect(url, { max: 1 });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await close();
  }
}

interface Told {
  readonly url: string;
  readonly ownerUrl: string;
  readonly fault?: string;
  readonly message?: string;
}

/** Another Latchkey in a process of its own, with what it says; `user`: whom it runs as, where the tests run as root. */
export function another(job: string, user?: number): { child: ChildProcess; first: Promise<Told>; acknowledged: number[] } {
  const script = path.join(path.dirname(fileURLToPath(import.meta.url)), "embedded-process.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, home, job], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env.PATH, TMPDIR: tmpdir() },
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  children.add(child);
  const acknowledged: number[] = [];
  const first = new Promise<Told>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line));
      else acknowledged.push(Number(line));
    });
    child.once("exit", () => reject(new Error("it ended without a word")));
  });
  return { child, first, acknowledged };
}

/** Some other program, as the user that the server runs as. */
export function stranger(): ChildProcess {
  const child = spawn("sleep", ["60"], ROOT ? { uid: NOBODY, gid: NOBODY } : {});
  children.add(child);
  return child;
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}

/** The test's own time limit is the judge of how long. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

/** The server's process in the test's home, 0 when there is none. */
export async function serverPid(): Promise<number> {
  return (await postmasterOf(path.join(home, "postgres", "data")))?.pid ?? 0;
}

/** A process that is dead but not yet buried by its parent does not count. */
export async function runs(pid: number): Promise<boolean> {
  return pid > 0 && (await startOf(pid)) !== undefined;
}
