import { chmod, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { postmasterOf } from "../../src/db/embedded/server.ts";
import { describeWithDatabase, emptyDatabase, freshDatabase, type TestDatabase } from "../setup/database.ts";
import { ACME, BOT_TOKEN, type Child, endChildren, launch, SIGNING_SECRET } from "./stage.ts";

const SLACK = { SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_SIGNING_SECRET: SIGNING_SECRET };

/** Starts Latchkey with settings that must stop it; what it says then. */
async function refused(environment: Readonly<Record<string, string>>): Promise<string> {
  const child = launch(environment);
  expect([await child.ended, child.said()]).toEqual([1, expect.any(String)]);
  return child.said();
}

afterAll(endChildren);

describe.concurrent("what stops the start", () => {
  test("all faulty settings are named at once, by name and never by value, and the exit code is 1", async () => {
    const said = await refused({
      SLACK_BOT_TOKEN: "xoxb-a-secret-token",
      MicrosoftAppId: "11111111-2222-3333-4444-555555555555",
      DATABASE_URL: "mysql://root:a-secret-password@db.example/latchkey",
      PORT: "70000",
      LOG_LEVEL: "chatty",
      LATCHKEY_TICK: "often",
      SLACK_API_URL: "not a url with a-secret",
    });
    for (const name of [
      "SLACK_SIGNING_SECRET",
      "MicrosoftAppId",
      "DATABASE_URL",
      "PORT",
      "LOG_LEVEL",
      "LATCHKEY_TICK",
      "SLACK_API_URL",
      "LATCHKEY_CONFIG",
    ])
      expect(said).toContain(name);
    for (const value of ["a-secret", "11111111", "db.example", "70000", "chatty", "often"]) expect(said).not.toContain(value);
    expect(said).not.toMatch(/^ +at /m);
  });

  test("playground mode listens on loopback alone", async () => {
    const said = await refused({ HOST: "0.0.0.0" });
    expect(said).toContain("HOST must be a loopback address in playground mode");
    expect(said).toContain("Set SLACK_BOT_TOKEN, and SLACK_SIGNING_SECRET or SLACK_APP_TOKEN, to run for real.");
  });

  test("a faulty folder is named with file, line and column before anything else is touched", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "latchkey-faulty-"));
    try {
      await cp(ACME, folder, { recursive: true });
      const yaml = await readFile(path.join(folder, "latchkey.yaml"), "utf8");
      await writeFile(path.join(folder, "latchkey.yaml"), yaml.replace("policy: crm, risk: medium", "policy: crn, risk: medium"));
      const line = yaml.slice(0, yaml.indexOf("policy: crm, risk: medium")).split("\n").length;
      const said = await refused({ ...SLACK, LATCHKEY_CONFIG: folder, DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" });
      expect(said).toMatch(new RegExp(`latchkey\\.yaml:${line}:\\d+`));
      expect(said).toContain("crm");
      expect(said).toContain("nothing was changed");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("a database that doesn't answer is named by its place, without the password", async () => {
    const said = await refused({
      ...SLACK,
      LATCHKEY_CONFIG: ACME,
      DATABASE_URL: "postgres://latchkey:a-secret-password@127.0.0.1:1/latchkey",
    });
    expect(said).toContain("No Postgres answers at 127.0.0.1:1");
    expect(said).toContain("DATABASE_URL");
    expect(said).not.toContain("a-secret-password");
  });
});

describeWithDatabase("what stops the start when the database is there", () => {
  let playground: TestDatabase;
  let empty: TestDatabase;
  beforeAll(async () => {
    [playground, empty] = await Promise.all([freshDatabase(), emptyDatabase()]);
  });
  afterAll(async () => {
    await Promise.all([playground, empty].map((one) => one.drop()));
  });
  const at = ({ url, ownerUrl }: TestDatabase) => ({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, HOST: "127.0.0.1", PORT: "0" });

  test("a database of the playground is not used for real", async () => {
    const said = await refused({ ...SLACK, LATCHKEY_CONFIG: ACME, ...at(playground) });
    expect(said).toContain("made by the playground");
    expect(said).not.toMatch(/^ +at /m);
  });

  test("a taken port is said with the variable that changes it; and the playground does not touch the real database that is there by then", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const PORT = String((blocker.address() as AddressInfo).port);
    const said = await refused({ ...SLACK, LATCHKEY_CONFIG: ACME, ...at(empty), PORT });
    expect(said).toContain(`Port ${PORT} is taken by another program. Set PORT to a free one`);
    await new Promise((resolve) => blocker.close(resolve));
    expect(await refused(at(empty))).toContain("This database holds a real installation");
  });
});

describe("the playground as npm start gives it", () => {
  let home: string;
  let child: Child;
  let address: string;
  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), "latchkey-home-"));
    await chmod(home, 0o755); // where root runs the tests, the server runs as nobody
    child = launch({ LATCHKEY_HOME: home, PORT: "0" });
    address = await child.address;
  });
  afterAll(async () => {
    await endChildren();
    await rm(home, { recursive: true, force: true });
  });

  /** Status and body of a request under any Host name and Origin. */
  const get = (where: string, headers: Readonly<Record<string, string>>, method = "GET") =>
    new Promise<number>((resolve, reject) => {
      const outgoing = request(`${address}${where}`, { method, headers }, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      });
      outgoing.on("error", reject).end(method === "POST" ? JSON.stringify({ user: "UE015", type: "home" }) : undefined);
    });

  test("a page of another site can neither read nor act: a foreign Host is 421, a foreign Origin 403", async () => {
    expect(await get("/readyz", {})).toBe(200);
    for (const where of [
      "/",
      "/playground/",
      "/playground/slack/page/state?user=UE015",
      "/playground/timeline",
      "/slack/events",
      "/readyz",
    ])
      expect(await get(where, { host: "evil.example" }), where).toBe(421);
    expect(await get("/readyz", { host: "127.0.0.1.evil.example:3000" })).toBe(421);
    const json = { "content-type": "application/json" };
    expect(await get("/playground/slack/page/act", { ...json, origin: "https://evil.example" }, "POST")).toBe(403);
    expect(await get("/playground/slack/page/act", { ...json, origin: "null" }, "POST")).toBe(403);
    expect(await get("/playground/slack/page/act", json, "POST")).toBe(200);
  });

  test("told to stop, it ends with 0, and its database with it, though a page is still looking", async () => {
    const looking = await fetch(`${address}/playground/slack/page/events?user=UE015`);
    expect(looking.status).toBe(200);
    const server = await postmasterOf(path.join(home, "postgres", "data"));
    expect(server?.ready).toBe(true);
    child.process.kill("SIGTERM");
    expect(await child.ended).toBe(0);
    await looking.text().catch(() => {});
    // Latchkey leaves after five seconds at the latest; a slow disk may keep the server at its last checkpoint for longer.
    await vi.waitFor(() => expect(() => process.kill(server?.pid ?? 0, 0)).toThrow(/ESRCH/), { timeout: 20_000 });
    expect(await postmasterOf(path.join(home, "postgres", "data"))).toBeUndefined();
  });
});
