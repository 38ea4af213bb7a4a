import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { configCheck } from "../../src/cli/config-commands.ts";
import { readConfig } from "../../src/config.ts";
import { CSV, YAML } from "../configuration/small.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "latchkey-"));
  vi.stubEnv("HOME", home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

async function folder(yaml: string, csv: string): Promise<string> {
  const path = await mkdtemp(join(home, "folder-"));
  await writeFile(join(path, "latchkey.yaml"), yaml);
  await writeFile(join(path, "people.csv"), csv);
  return path;
}

test("config check counts what is there, one thing as one", async () => {
  const path = await folder(YAML, CSV);
  expect(await configCheck({}, path)).toMatchObject({
    ok: true,
    lines: [`${path}: no mistakes. 4 people, 1 application, 1 entitlement, 1 group, 2 policies.`],
    json: { folder: path, people: 4, applications: 1, entitlements: 1, groups: 1, policies: 2 },
  });
});

test("a ~ that no shell has read is the home folder, for the folder and for the data", async () => {
  await cp(await folder(YAML, CSV), join(home, "acme"), { recursive: true });
  expect(await configCheck({ LATCHKEY_CONFIG: "~/acme" }, undefined)).toMatchObject({ ok: true, json: { folder: join(home, "acme") } });
  expect(readConfig({ LATCHKEY_HOME: "~/data" }).home).toBe(join(home, "data"));
  expect(readConfig({ LATCHKEY_HOME: "~data" }).home).toBe("~data");
});
