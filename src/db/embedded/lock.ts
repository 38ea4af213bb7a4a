/**
 * One Latchkey per data folder. The lock is a file that names its holder by process id, by when that process started (ids are used again)
 * and by the place it runs in. From the same place the operating system tells whether the holder lives; of another container or
 * machine it can't, so the holder touches the file every second and whoever waits looks whether it still does.
 */
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { link, readFile, readlink, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { DatabaseFault } from "../fault.ts";
import { bareEnvironment, isCode } from "./engine.ts";

interface Holder {
  readonly pid: number;
  readonly started: string;
  readonly place: string;
  /** Makes every lock's text different from every other's. */
  readonly nonce: string;
}

const BEAT = 1_000;
/** Milliseconds without a beat after which a holder elsewhere counts as dead. */
const SILENCE = 6_000;

export interface Lock {
  release(): Promise<void>;
}

/** Takes the lock, over a dead holder's body if need be; throws `folder-in-use` when the holder lives. `silence`: milliseconds. */
export async function lockFolder(folder: string, silence = SILENCE): Promise<Lock> {
  const file = path.join(folder, "latchkey.lock");
  const me: Holder = { pid: process.pid, started: (await startOf(process.pid)) ?? "", place: await placeOf(), nonce: randomUUID() };
  for (let attempt = 0; attempt < 50; attempt++) {
    const holder = await take(file, me, silence);
    if (holder === "taken") return holding(file, JSON.stringify(me));
    if (holder !== "again")
      throw new DatabaseFault(
        "folder-in-use",
        `The data folder ${folder} is in use by another Latchkey (${sayHolder(holder, me)}). Stop that one, or give this one another LATCHKEY_HOME.`,
      );
    await sleep(20);
  }
  throw new DatabaseFault(
    "folder-in-use",
    `Several processes are trying to use the data folder ${folder} at once. Start one Latchkey only.`,
  );
}

/**
 * One try at a lock file: taken, held by a living holder, or to be tried again because somebody else moved meanwhile.
 * A dead holder's file is replaced, never removed and made anew: in the gap a third could step in. Who may replace that very file is
 * settled by a lock of the same kind beside it, named after the dead holder; so its own holder may die as well.
 */
async function take(file: string, me: Holder, silence: number): Promise<Holder | "taken" | "again"> {
  if (await put(file, JSON.stringify(me))) return "taken";
  const found = await readFile(file, "utf8").catch(() => undefined);
  if (found === undefined) return "again";
  const holder = read(found);
  if (holder !== undefined && (await lives(holder, me, file, silence))) return holder;

  const right = `${file}.${createHash("sha256").update(found).digest("hex").slice(0, 8)}`;
  if ((await take(right, me, silence)) !== "taken") return "again";
  try {
    if ((await readFile(file, "utf8").catch(() => undefined)) !== found) return "again";
    const draft = `${file}.${me.nonce}`;
    await writeFile(draft, JSON.stringify(me), { mode: 0o600 });
    await rename(draft, file);
    return "taken";
  } finally {
    await rm(right, { force: true });
  }
}

function sayHolder(holder: Holder, me: Holder): string {
  return holder.place === me.place ? `process ${holder.pid}` : `process ${holder.pid} in ${holder.place.split(" ")[0]}`;
}

/** Creates the file whole or not at all. */
async function put(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    if (!isCode(error, "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) throw error;
    // a file system without hard links: exclusive creation is the next best
    return await writeFile(file, text, { flag: "wx", mode: 0o600 }).then(
      () => true,
      (failure: unknown) => {
        if (isCode(failure, "EEXIST")) return false;
        throw failure;
      },
    );
  } finally {
    await rm(draft, { force: true });
  }
}

function holding(file: string, text: string): Lock {
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {}); // a folder that vanished is noticed by the server
  }, BEAT);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      const found = await readFile(file, "utf8").catch(() => undefined);
      if (found === text) await rm(file, { force: true });
    },
  };
}

async function lives(holder: Holder, me: Holder, file: string, silence: number): Promise<boolean> {
  if (holder.place === me.place)
    return holder.pid === me.pid ? holder.started === me.started : (await startOf(holder.pid)) === holder.started;
  const before = await beatOf(file);
  for (let waited = 0; waited < silence; waited += BEAT / 4) {
    await sleep(BEAT / 4);
    if ((await beatOf(file)) !== before) return true;
  }
  return false;
}

async function beatOf(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.mtimeMs,
    () => 0,
  );
}

function read(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    if (typeof holder.pid === "number" && typeof holder.started === "string" && typeof holder.place === "string") return holder as Holder;
  } catch {} // a torn file has no living writer: it is created whole
  return undefined;
}

const run = promisify(execFile);

/** When a process started, in whatever words the system has for it; undefined when there is no such process. */
export async function startOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === "linux") {
      const line = await readFile(`/proc/${pid}/stat`, "utf8");
      const fields = line.slice(line.lastIndexOf(")") + 2).split(" "); // the name before may hold spaces and brackets
      return fields[0] === "Z" ? undefined : fields[19]; // field 22 of proc(5), in clock ticks since boot
    }
    if (process.platform === "win32") {
      const { stdout } = await run("powershell", ["-NoProfile", "-Command", `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]);
      return stdout.trim() || undefined;
    }
    const { stdout } = await run("ps", ["-o", "lstart=", "-p", String(pid)], { env: bareEnvironment() });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The host, its boot and the process-id namespace: two processes of one place can see each other. */
async function placeOf(): Promise<string> {
  const parts = [hostname()];
  if (process.platform === "linux") {
    parts.push(
      await readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
        (id) => id.trim(),
        () => "",
      ),
    );
    parts.push(await readlink("/proc/self/ns/pid").catch(() => ""));
  }
  return parts.join(" ");
}
