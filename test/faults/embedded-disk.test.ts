import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { type Embedded, startEmbedded } from "../../src/db/embedded/start.ts";
import { codeOf, SILENT } from "../../src/db/fault.ts";

let home: string;
let mounted: boolean;
let embedded: Embedded | undefined;

/** A disk of so many megabytes; only root can have one, in memory. */
async function disk(megabytes: number): Promise<void> {
  const outcome = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=755`, "tmpfs", home]);
  mounted = outcome.status === 0;
  if (!mounted) throw new Error(`no disk to fill: run this as root where mounting is allowed (${outcome.stderr})`);
}

const fill = (megabytes: number, name = "ballast") => writeFile(path.join(home, name), Buffer.alloc(megabytes * 1024 * 1024));

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "latchkey-disk-"));
  await chmod(home, 0o755);
  embedded = undefined;
});
afterEach(async () => {
  await embedded?.stop();
  if (mounted) spawnSync("umount", [home]);
  await rm(home, { recursive: true, force: true });
});

const full = () => ({ fault: "disk-full", message: expect.stringContaining(home) });

test("a disk too small for the database is refused before anything is made", async () => {
  await disk(40);
  await expect(startEmbedded(home, SILENT)).rejects.toMatchObject(full());
});

test("a disk that fills up during the first start is named, and with room made the next start works", async () => {
  await disk(100);
  await fill(30);
  // 70 MB are left and asked for at the door; more is taken away while the cluster is being made
  const starting = startEmbedded(home, SILENT);
  const outcome = starting.then(
    (started) => {
      embedded = started;
    },
    (error: unknown) => error,
  );
  await fill(50, "more ballast").catch(() => {});
  expect(await outcome).toMatchObject(full());
  await rm(path.join(home, "ballast"));
  await rm(path.join(home, "more ballast"), { force: true });
  embedded = await startEmbedded(home, SILENT);
});

test("a disk that fills up while writing fails the write with its reason; what was acknowledged is there after room is made", async () => {
  await disk(150);
  embedded = await startEmbedded(home, SILENT);
  const { sql, close } = connect(embedded.ownerUrl, { max: 1 });
  await sql`create table written (n int primary key, ballast text)`;
  const acknowledged: number[] = [];
  let reason: unknown;
  for (let n = 1; reason === undefined; n++)
    await sql`insert into written select ${n}, string_agg(md5(i::text), '') from generate_series(1, 30000) i`.then(
      () => acknowledged.push(n),
      (error: unknown) => {
        reason = error;
      },
    );
  expect(["53100", "CONNECTION_CLOSED", "57P02", "ECONNRESET"]).toContain(codeOf(reason));
  await close();
  await embedded.stop();
  spawnSync("mount", ["-o", "remount,size=400m", home]);
  embedded = await startEmbedded(home, SILENT);
  const again = connect(embedded.ownerUrl, { max: 1 });
  const rows = new Set((await again.sql`select n from written`).map((row) => row.n));
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(acknowledged.filter((n) => !rows.has(n))).toEqual([]);
  await again.close();
});
