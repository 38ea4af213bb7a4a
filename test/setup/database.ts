import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { describe, inject } from "vitest";
import { type TestServer, urlFor } from "./postgres.ts";

export interface TestDatabase {
  /** As the run-time role. */
  readonly url: string;
  /** As the role that owns the schema. */
  readonly ownerUrl: string;
  /** As the server's superuser. */
  readonly adminUrl: string;
  /** Drops it, cutting whoever is still connected. */
  drop(): Promise<void>;
}

/** A migrated database of one's own, cloned from the template; marked `playground`. */
export async function freshDatabase(): Promise<TestDatabase> {
  const server = testServer();
  if (server.broken !== undefined) throw new Error(`No migrated database: ${server.broken}`);
  return create(server, server.template);
}

/** A database with nothing in it, owned by the owner role: for tests of the migrator and of connections. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return create(testServer(), "template0");
}

/** `describe` for suites that need a database: skipped, with the reason in the title, where no server can be had. */
export function describeWithDatabase(title: string, suite: () => void): void {
  const database = inject("database");
  if ("missing" in database) describe.skip(`${title} (no database: ${database.missing})`, suite);
  else describe(title, suite);
}

export function testServer(): TestServer {
  const database = inject("database");
  if ("missing" in database) throw new Error(database.missing);
  return database.server;
}

async function create(server: TestServer, template: string): Promise<TestDatabase> {
  const name = `${server.prefix}_${randomBytes(5).toString("hex")}`;
  const sql = adminOf(server);
  await sql`create database ${sql(name)} template ${sql(template)} owner ${sql(server.owner.name)} strategy ${sql(server.cloning)}`;
  const admin = new URL(server.adminUrl);
  admin.pathname = `/${name}`;
  return {
    url: urlFor(server.adminUrl, server.runtime, name),
    ownerUrl: urlFor(server.adminUrl, server.owner, name),
    adminUrl: admin.href,
    drop: async () => void (await sql`drop database if exists ${sql(name)} with (force)`),
  };
}

let admin: postgres.Sql | undefined;

/** One connection for all clones of this process, given back when nobody has wanted one for some seconds. */
function adminOf(server: TestServer): postgres.Sql {
  admin ??= postgres(server.adminUrl, { max: 1, idle_timeout: 5, fetch_types: false, onnotice: () => {} });
  return admin;
}
