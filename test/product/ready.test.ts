import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { start } from "../../src/wiring.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";
import { environmentOf } from "./stage.ts";

const SILENT = pino({ level: "silent" });
const undo: (() => Promise<unknown>)[] = [];

/** A Slack that answers each call once `go` is called; `asked` resolves with the first call. */
async function slackThatWaits(): Promise<{ apiUrl: string; asked: Promise<void>; go: () => void }> {
  let go = () => {};
  const going = new Promise<void>((resolve) => {
    go = resolve;
  });
  let hear = () => {};
  const asked = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const server = createServer(async (_request, response) => {
    hear();
    await going;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ ok: true, team_id: "T0ACME" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  undo.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`, asked, go };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const statusOf = async (url: string) => (await fetch(url)).status;

describeWithDatabase("whether it is ready", () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await emptyDatabase();
    undo.push(() => database.drop());
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  test("is not before the chat was started, though it lives and the database answers", async () => {
    const slack = await slackThatWaits();
    const port = await freePort();
    const starting = start(readConfig({ ...environmentOf(slack, database), PORT: String(port) }), SILENT);
    await slack.asked;
    expect(await statusOf(`http://127.0.0.1:${port}/healthz`)).toBe(200);
    expect(await statusOf(`http://127.0.0.1:${port}/readyz`)).toBe(503);
    slack.go();
    const running = await starting;
    undo.push(() => running.stop());
    expect(await statusOf(`${running.address}/readyz`)).toBe(200);
  });

  test("is not while the database that it runs on isn't the one that was migrated", async () => {
    const slack = await slackThatWaits();
    slack.go();
    const other = await emptyDatabase();
    undo.push(() => other.drop());
    const environment = { ...environmentOf(slack, { url: other.url, ownerUrl: database.ownerUrl }), LATCHKEY_CONFIG_APPLY: "manual" };
    const running = await start(readConfig(environment), SILENT);
    undo.push(() => running.stop());
    expect(await statusOf(`${running.address}/healthz`)).toBe(200);
    expect(await statusOf(`${running.address}/readyz`)).toBe(503);
  });
});
