import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { v7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFolder } from "../../src/configuration/unread.ts";
import { applyFolder } from "../../src/db/apply.ts";
import { versionOf } from "../../src/db/in-force.ts";
import { describeWithDatabase, freshDatabase, type TestDatabase } from "../setup/database.ts";

const CODE = Promise.resolve("this code");
let folder: string;
let database: TestDatabase;

describeWithDatabase("a folder that was applied", () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "latchkey-unread-"));
    database = await freshDatabase();
  });
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  async function apply(code = CODE) {
    const read = await (await openFolder(folder, code)).read();
    if (!read.ok) throw new Error("the example has faults");
    return applyFolder(database.url, read, { by: "test", newId: v7 });
  }
  const known = async (code = CODE) => versionOf(database.url, (await openFolder(folder, code)).bytesDigest);

  test("a folder in which no byte changed is known to be in force without being read, until a byte, the code or the version changes", async () => {
    await cp("examples/acme", folder, { recursive: true });
    expect(await known()).toBeNull();
    expect(await apply()).toMatchObject({ type: "applied", version: 1 });
    expect(await known()).toBe(1);

    // Another code may read something else out of the same bytes; once it has read the same, it is known too.
    const newer = Promise.resolve("newer code");
    expect(await known(newer)).toBeNull();
    expect(await apply(newer)).toEqual({ type: "unchanged", version: 1 });
    expect([await known(newer), await known()]).toEqual([1, null]);

    const file = path.join(folder, "latchkey.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(file, `# a word more\n${text}`);
    expect(await known(newer)).toBeNull();
    expect(await apply(newer)).toEqual({ type: "unchanged", version: 1 });
    expect(await known(newer)).toBe(1);

    await writeFile(file, text.replace("name: Salesforce", "name: Sales force"));
    expect(await apply(newer)).toMatchObject({ type: "applied", version: 2 });
    await writeFile(file, text);
    // What was in force before is not in force now.
    expect(await known(newer)).toBeNull();
    expect(await apply(newer)).toMatchObject({ type: "applied", version: 3 });
  });

  test("nothing is known of a folder that lacks a file, of sources that run as they are, and while the database doesn't answer", async () => {
    expect((await openFolder("examples")).bytesDigest).toBeNull();
    expect((await openFolder("examples", CODE)).bytesDigest).toBeNull();
    expect((await openFolder("examples/acme")).bytesDigest).toBeNull();
    const { bytesDigest } = await openFolder("examples/acme", CODE);
    expect(bytesDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(await versionOf("postgres://nobody:x@127.0.0.1:1/none", bytesDigest)).toBeNull();
  });
});
