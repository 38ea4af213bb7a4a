/** The embedded database of a Latchkey that runs at this moment: commands that only look, or change a row or two, work beside it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import postgres from "postgres";
import { DATABASE, type Passwords, ROLES } from "./cluster.ts";
import { isAlive, postmasterOf } from "./server.ts";
import { urlOf } from "./url.ts";

/** Its addresses; null: no server runs for that folder, or this user may not look into it. */
export async function joinEmbedded(home: string): Promise<{ readonly url: string; readonly ownerUrl: string } | null> {
  const folder = path.resolve(home);
  const elsewhere = await readFile(path.join(folder, "postgres-lies-elsewhere"), "utf8").catch(() => undefined);
  const server = await postmasterOf(path.join(elsewhere ?? path.join(folder, "postgres"), "data"));
  if (!server?.ready || !isAlive(server.pid)) return null;
  const passwords = await passwordsIn(folder);
  if (!passwords) return null;
  const url = urlOf(server.port, ROLES.runtime, passwords.runtime, DATABASE);
  // The process id may be another program's by now, and the port another server's: that one doesn't take the password.
  if (!(await takes(url))) return null;
  return { url, ownerUrl: urlOf(server.port, ROLES.owner, passwords.owner, DATABASE) };
}

async function passwordsIn(folder: string): Promise<Passwords | null> {
  try {
    const { admin, owner, runtime } = JSON.parse(await readFile(path.join(folder, "passwords.json"), "utf8")) as Partial<Passwords>;
    return admin && owner && runtime ? { admin, owner, runtime } : null;
  } catch {
    return null;
  }
}

async function takes(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
