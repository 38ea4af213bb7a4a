/**
 * Where the server's files lie and as whom it runs. Postgres refuses to run as root, so Latchkey started as root runs it as
 * "nobody" (65534 on every Linux), which may not reach the folders that root may.
 */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { codeOf, DatabaseFault, type Log } from "../fault.ts";
import { copyEngine, type Engine, installedEngine, isCode, readyEngine, unwritable } from "./engine.ts";

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Quarters {
  readonly home: string;
  /** Folder that the server's user owns; holds the cluster's folder, `data`. */
  readonly room: string;
  readonly engine: Engine;
  /** Whom the server runs as; undefined: as whoever started Latchkey. */
  readonly user: User | undefined;
}

const NOBODY: User = { uid: 65534, gid: 65534 };
/** Where root keeps what nobody must reach, when LATCHKEY_HOME lies where nobody can't go. */
const ROOTS_ROOMS = "/var/lib/latchkey";
/** A fresh cluster takes 40 MB, and its first log segment may double. */
const NEEDED = 64 * 1024 * 1024;

/** Makes the home folder, or says why it can't be used. */
export async function openHome(home: string): Promise<string> {
  const folder = path.resolve(home);
  try {
    await mkdir(folder, { recursive: true });
    const probe = path.join(folder, `.probe-${process.pid}-${randomBytes(4).toString("hex")}`);
    await writeFile(probe, "latchkey");
    await rm(probe, { force: true });
  } catch (error) {
    throw folderFault(error, folder);
  }
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < NEEDED)
    throw new DatabaseFault(
      "disk-full",
      `The disk under ${folder} has ${Math.floor((bavail * bsize) / 1024 / 1024)} MB left and the database needs ${NEEDED / 1024 / 1024}. Make room, or set LATCHKEY_HOME to a folder on another disk.`,
    );
  return folder;
}

/** Decides user, folder and binaries; everything it makes is there to stay. The caller holds the home's lock. */
export async function findQuarters(home: string, log: Log): Promise<Quarters> {
  const installed = installedEngine();
  try {
    if (process.getuid?.() !== 0) {
      const engine = await readyEngine(installed, home);
      const room = path.join(home, "postgres");
      await mkdir(room, { recursive: true, mode: 0o700 });
      return { home, room, engine, user: undefined };
    }
    return await quartersForNobody(home, installed, log);
  } catch (error) {
    throw folderFault(error, home);
  }
}

async function quartersForNobody(home: string, installed: Engine, log: Log): Promise<Quarters> {
  const { room, user } = await roomForNobody(home, log);
  const spare = path.dirname(room);
  let engine = await readyEngine(installed, spare);
  if (!runs(engine, user)) {
    log.info({ from: engine.folder, to: spare }, "copying the database's programs to where its user can reach them");
    engine = await copyEngine(installed, spare);
  }
  if (!runs(engine, user))
    throw new DatabaseFault(
      "folder-unusable",
      `As root, Latchkey runs its database as user ${user.uid}, which can use neither ${home} nor ${spare}. Start Latchkey as another user, or set LATCHKEY_HOME to a folder that everybody can reach.`,
    );
  return { home, room, engine, user };
}

async function roomForNobody(home: string, log: Log): Promise<{ room: string; user: User }> {
  const near = path.join(home, "postgres");
  await mkdir(near, { recursive: true });
  const user = await earlierUser(near);
  await belongTo(near, user);
  if (reaches(near, user)) return { room: near, user };

  // The room's name lies in the home folder: without that folder's passwords the room would be of no use.
  const note = path.join(home, "postgres-lies-elsewhere");
  let far = await readFile(note, "utf8").catch(() => undefined);
  if (far === undefined) {
    far = path.join(ROOTS_ROOMS, randomBytes(8).toString("hex"), "postgres");
    await writeFile(note, far);
  }
  await mkdir(far, { recursive: true });
  await belongTo(far, NOBODY);
  log.warn({ home, data: far }, "the database's user can't reach LATCHKEY_HOME, so its data lies elsewhere");
  return { room: far, user: NOBODY };
}

/** Whoever owns the cluster goes on with it: root may well start once what another user starts otherwise. */
async function earlierUser(room: string): Promise<User> {
  const data = await stat(path.join(room, "data")).catch(() => undefined);
  return data === undefined || data.uid === 0 ? NOBODY : { uid: data.uid, gid: data.gid };
}

async function belongTo(room: string, user: User): Promise<void> {
  await chown(room, user.uid, user.gid);
  await chmod(room, 0o700);
}

/** Whether a user can work in the folder; asked of the system itself, since modes alone don't tell. (A child's `cwd` is entered before its user changes.) */
function reaches(folder: string, user: User): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd "$0" && test -w .', folder], { cwd: "/", ...user }).status === 0;
}

function runs(engine: Engine, user: User): boolean {
  return [engine.postgres, engine.initdb].every((program) => spawnSync(program, ["--version"], { cwd: "/", ...user }).status === 0);
}

/** What a failure of the file system, or of the server for want of it, means for the person who started Latchkey. */
export function folderFault(error: unknown, folder: string): unknown {
  if (error instanceof DatabaseFault) return error;
  if (unwritable(error))
    return new DatabaseFault(
      "folder-unusable",
      `The data folder ${folder} can't be written. Change its rights, or set LATCHKEY_HOME to a folder that this user may write.`,
      error,
    );
  if (isCode(error, "ENOTDIR", "EEXIST", "ENAMETOOLONG"))
    return new DatabaseFault("folder-unusable", `The data folder ${folder} is not a folder. Set LATCHKEY_HOME to one.`, error);
  if (["ENOSPC", "EDQUOT", "53100"].includes(codeOf(error) ?? ""))
    return new DatabaseFault(
      "disk-full",
      `The disk under ${folder} is full. Make room, or set LATCHKEY_HOME to a folder on another disk.`,
      error,
    );
  return error;
}
