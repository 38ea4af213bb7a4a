/** The cluster's files: made once with initdb, and the passwords that go with them. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { access, chown, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseFault } from "../fault.ts";
import { bareEnvironment } from "./engine.ts";
import type { Quarters } from "./quarters.ts";
import { serverFault } from "./words.ts";

/** `admin` is the cluster's superuser and only the supervisor's; `owner` owns the schema; `runtime` is what Latchkey works as. */
export interface Passwords {
  readonly admin: string;
  readonly owner: string;
  readonly runtime: string;
}

export const ROLES = { admin: "postgres", owner: "latchkey_owner", runtime: "latchkey" } as const;
export const DATABASE = "latchkey";

export function dataFolder(quarters: Quarters): string {
  return path.join(quarters.room, "data");
}

/** Makes the cluster unless it is there, and answers its passwords. Interrupted at any point, it starts over or goes on. */
export async function openCluster(quarters: Quarters): Promise<Passwords> {
  const data = dataFolder(quarters);
  const made = await access(path.join(data, "PG_VERSION")).then(
    () => true,
    () => false,
  );
  const passwords = await passwordsOf(quarters, made);
  if (made) {
    await refuseOtherVersion(quarters, data);
    return passwords;
  }
  // initdb works in a folder of its own, so that `data` is either a whole cluster or not there
  const half = path.join(quarters.room, "half");
  const pwfile = path.join(quarters.room, "password");
  await rm(half, { recursive: true, force: true });
  try {
    await writeFile(pwfile, passwords.admin, { mode: 0o600 });
    if (quarters.user) await chown(pwfile, quarters.user.uid, quarters.user.gid);
    await initdb(quarters, half, pwfile);
    await rename(half, data);
  } finally {
    await rm(pwfile, { force: true });
    await rm(half, { recursive: true, force: true });
  }
  return passwords;
}

/** Text in code-point order with Unicode's upper and lower case, the same on every system: no locale of the machine is used. */
const LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"];

async function initdb(quarters: Quarters, folder: string, pwfile: string): Promise<void> {
  const child = spawn(
    quarters.engine.initdb,
    ["-D", folder, "-U", ROLES.admin, `--pwfile=${pwfile}`, "--auth=scram-sha-256", "--no-instructions", ...LOCALE],
    { cwd: quarters.room, env: bareEnvironment(), stdio: ["ignore", "pipe", "pipe"], windowsHide: true, ...quarters.user },
  );
  let words = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (words += text));
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw serverFault("The embedded database can't be created", words, quarters.home);
}

async function refuseOtherVersion(quarters: Quarters, data: string): Promise<void> {
  const version = (await readFile(path.join(data, "PG_VERSION"), "utf8")).trim();
  if (version !== SERVER)
    throw new DatabaseFault(
      "server-failed",
      `The data folder ${quarters.home} was made by PostgreSQL ${version} and this Latchkey carries PostgreSQL ${SERVER}. Move it with pg_dump and that version's server, or set LATCHKEY_HOME to a new folder.`,
    );
}

/** The major version inside the pinned packages. */
const SERVER = "18";

async function passwordsOf(quarters: Quarters, made: boolean): Promise<Passwords> {
  const file = path.join(quarters.home, "passwords.json");
  const known = parsePasswords(await readFile(file, "utf8").catch(() => ""));
  if (known !== undefined) return known;
  if (made)
    throw new DatabaseFault(
      "folder-unusable",
      `${file} is missing or damaged, and without it the database in ${quarters.home} can't be opened. Put it back from a backup, or move the folder away to start anew.`,
    );
  const fresh = (): string => randomBytes(24).toString("base64url");
  const passwords: Passwords = { admin: fresh(), owner: fresh(), runtime: fresh() };
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(passwords, undefined, 2)}\n`, { mode: 0o600, flush: true });
  await rename(draft, file); // before the cluster, so that no cluster is ever without its passwords
  return passwords;
}

function parsePasswords(text: string): Passwords | undefined {
  try {
    const { admin, owner, runtime } = JSON.parse(text) as Partial<Passwords>;
    if (admin && owner && runtime) return { admin, owner, runtime };
  } catch {} // missing or torn: the caller knows what that means
  return undefined;
}
