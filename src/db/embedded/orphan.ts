/** A server outlives a Latchkey that was killed: it is ended in order before a new one starts on its files. */
import { execFile } from "node:child_process";
import { readlink, realpath, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { DatabaseFault, type Log } from "../fault.ts";
import { isAlive, postmasterOf } from "./server.ts";

const run = promisify(execFile);
const PATIENCE = 15_000;

/** Ends the server that still runs on this data folder, if one does. The caller holds the home's lock, so nobody else uses it. */
export async function endOrphan(data: string, pgCtl: string, log: Log): Promise<void> {
  const found = await postmasterOf(data);
  if (found === undefined || !isAlive(found.pid)) return; // a dead server's file is for the next server to judge
  if (!(await servesFolder(found.pid, data))) {
    // The number belongs to another program by now, and Postgres would take that one for a living server.
    await rm(path.join(data, "postmaster.pid"), { force: true });
    return;
  }
  log.warn({ pid: found.pid }, "a database server was left over from a Latchkey that was killed; ending it first");
  for (const mode of ["fast", "immediate"] as const) {
    await ask(found.pid, data, pgCtl, mode);
    for (let waited = 0; waited < PATIENCE; waited += 50) {
      if (!isAlive(found.pid) || !(await servesFolder(found.pid, data))) return;
      await sleep(50);
    }
  }
  throw new DatabaseFault(
    "folder-in-use",
    `The database server ${found.pid} still runs on ${data} and does not end. End it, then start again.`,
  );
}

async function ask(pid: number, data: string, pgCtl: string, mode: "fast" | "immediate"): Promise<void> {
  if (process.platform === "win32") {
    await run(pgCtl, ["stop", "-W", "-D", data, "-m", mode], { windowsHide: true }).catch(() => {});
    return;
  }
  try {
    process.kill(pid, mode === "fast" ? "SIGINT" : "SIGQUIT");
  } catch {} // it ended by itself
}

/** Whether a process is a Postgres server on this folder; a server's working directory is its data folder. */
async function servesFolder(pid: number, data: string): Promise<boolean> {
  try {
    if (process.platform === "linux") return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(data));
    if (process.platform === "win32") {
      const { stdout } = await run("powershell", ["-NoProfile", "-Command", `(Get-Process -Id ${pid}).ProcessName`]);
      return stdout.trim() === "postgres";
    }
    const { stdout } = await run("ps", ["-o", "command=", "-p", String(pid)]);
    return stdout.includes("postgres") && stdout.includes(data);
  } catch {
    return false;
  }
}
