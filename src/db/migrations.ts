import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DatabaseFault } from "./fault.ts";

/** The folder that came with this code: src/db and dist/db are equally deep. */
export const MIGRATIONS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "migrations");

export interface Migration {
  /** The file's name without ".sql", such as 0003_orders. */
  readonly name: string;
  /** sha256 of the file's text, in hex; line ends count as \n, since git may write \r\n on Windows. */
  readonly hash: string;
  readonly statements: readonly string[];
}

interface Journal {
  readonly entries: readonly { readonly idx: number; readonly when: number; readonly tag: string }[];
}

/** Reads drizzle-kit's output in journal order; throws a DatabaseFault when folder or journal are not in order. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const { entries } = await readJournal(folder);
  for (const [at, entry] of entries.entries()) {
    const before = entries[at - 1];
    if (before !== undefined && entry.when <= before.when)
      throw broken(
        `${entry.tag} is not dated after ${before.tag} (the "when" of meta/_journal.json): generate it again on top of what is there`,
      );
  }
  const migrations = await Promise.all(entries.map((entry) => readMigration(folder, entry.tag)));
  for (const kind of ["name", "hash"] as const) {
    const twice = migrations.find((migration, at) => migrations.findIndex((other) => other[kind] === migration[kind]) !== at);
    if (twice !== undefined) throw broken(`${twice.name} is there twice`);
  }
  return migrations;
}

async function readJournal(folder: string): Promise<Journal> {
  const file = path.join(folder, "meta", "_journal.json");
  try {
    const journal: Journal = JSON.parse(await readFile(file, "utf8"));
    if (Array.isArray(journal.entries) && journal.entries.every((entry) => typeof entry.tag === "string" && Number.isFinite(entry.when)))
      return journal;
  } catch (error) {
    throw broken(`${file} can't be read`, error);
  }
  throw broken(`${file} is not drizzle-kit's journal`);
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  let text: string;
  try {
    text = (await readFile(path.join(folder, `${name}.sql`), "utf8")).replaceAll("\r\n", "\n");
  } catch (error) {
    throw broken(`${name}.sql is in the journal but can't be read`, error);
  }
  const statements = text.split("--> statement-breakpoint").filter((statement) => statement.trim() !== "");
  return { name, hash: createHash("sha256").update(text).digest("hex"), statements };
}

function broken(what: string, cause?: unknown): DatabaseFault {
  return new DatabaseFault("migrations-broken", `The migrations are not in order: ${what}.`, cause);
}
