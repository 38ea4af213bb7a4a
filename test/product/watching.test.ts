import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { connect } from "../../src/db/connect.ts";
import { MOST_COUNTED, outboxDepth } from "../../src/db/outbox-depth.ts";
import { start } from "../../src/wiring.ts";
import { describeWithDatabase, freshDatabase, type TestDatabase } from "../setup/database.ts";
import { ask, cardSaying, press } from "./people.ts";
import { environmentOf, eventually, type Product, product, quiet } from "./stage.ts";

/** Where the metrics stand, as the log says. */
function metricsOf(logged: readonly string[]): string {
  return String(logged.map((line) => (JSON.parse(line) as { metrics?: string }).metrics).find((one) => one !== undefined));
}

const statusOf = (url: string, options: { readonly method?: string; readonly host?: string } = {}) =>
  new Promise<number | undefined>((resolve, reject) => {
    const headers = options.host === undefined ? {} : { host: options.host };
    request(url, { method: options.method ?? "GET", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once("error", reject)
      .end();
  });

describeWithDatabase("watching a Latchkey that runs", () => {
  let it: Product;
  let metrics = "";
  beforeAll(async () => {
    it = await product();
    metrics = metricsOf(it.logged);
  });
  afterAll(() => it.stop());
  const page = async () => (await fetch(metrics)).text();
  const figureOf = (text: string, line: string) =>
    Number(
      text
        .split("\n")
        .find((one) => one.startsWith(`${line} `))
        ?.slice(line.length),
    );

  test("metrics stand on a listener of their own, on loopback, to be read and nothing else", async () => {
    expect(metrics).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    expect(new URL(metrics).port).not.toBe(new URL(it.address).port);
    expect(await statusOf(metrics)).toBe(200);
    expect(await statusOf(metrics, { method: "POST" })).toBe(405);
    expect(await statusOf(metrics, { host: "latchkey.example" })).toBe(421);
    expect(await statusOf(metrics.replace("/metrics", "/slack/events"), { method: "POST" })).toBe(404);
    expect(await statusOf(`${it.address}/metrics`)).toBe(404);
  });

  test("what people do, what time does and what goes out is counted", async () => {
    const [anna, ines] = [it.slack.as("anna"), it.slack.as("ines")];
    const number = await ask(anna, "figma", { entitlements: ["viewer"] });
    const card = await cardSaying(ines, { title: `Request ${number}: Figma` });
    await press(anna, card, "Approve").catch(() => {});
    await press(ines, card, "Approve");
    await cardSaying(anna, { title: `Request ${number}: Figma` }, "Approved by Ines Moreau");
    await quiet(it);
    const text = await page();
    expect(figureOf(text, 'latchkey_operations_total{verb="ask",result="filed"}')).toBe(1);
    expect(figureOf(text, 'latchkey_operations_total{verb="approve",result="approved"}')).toBe(1);
    expect(figureOf(text, 'latchkey_events_total{event="submitted"}')).toBe(1);
    expect(figureOf(text, 'latchkey_events_total{event="approved"}')).toBe(1);
    expect(figureOf(text, 'latchkey_ack_seconds_count{envelope="command",outcome="answered"}')).toBe(1);
    expect(figureOf(text, 'latchkey_ack_seconds_count{envelope="form",outcome="answered"}')).toBe(1);
    expect(figureOf(text, 'latchkey_ack_seconds_count{envelope="button",outcome="answered"}')).toBeGreaterThan(0);
    expect(figureOf(text, 'latchkey_cards_total{act="post",outcome="done"}')).toBeGreaterThan(2);
    expect(figureOf(text, 'latchkey_effects_total{kind="show",outcome="done"}')).toBeGreaterThan(1);
    expect(figureOf(text, 'latchkey_tick_seconds_count{outcome="done"}')).toBeGreaterThan(0);
    expect(text).not.toMatch(/^latchkey_outbox_effects\{/m);
    expect(await eventually(async () => figureOf(await page(), "latchkey_database_up") === 1)).toBe(true);
  });

  test("what was turned away at the door is counted by its status", async () => {
    await fetch(`${it.address}/slack/events`, { method: "POST", body: "payload={}" });
    expect(figureOf(await page(), 'latchkey_turned_away_total{status="401"}')).toBe(1);
  });

  test("ready names every part", async () => {
    const ready = await fetch(`${it.address}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { ready: true, parts: { database: "answers", schema: "migrated", chat: "up", process: "runs" } },
    ]);
  });

  test("a port for metrics that is taken costs the metrics; one that was named stops the start", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const database = { url: it.database.url, ownerUrl: it.database.ownerUrl };
    const config = readConfig({ ...environmentOf(it.slack, database), LATCHKEY_CONFIG_APPLY: "manual", METRICS_PORT: String(port) });
    await expect(start(config, pino({ level: "silent" }))).rejects.toThrow(`METRICS_PORT ${port} is taken by another program.`);
    const logged: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => void logged.push(line) });
    const running = await start({ ...config, metrics: { host: "127.0.0.1", port, portIsNamed: false } }, log);
    expect(logged.join("")).toContain("set METRICS_PORT to a free one");
    expect(await statusOf(`${running.address}/readyz`)).toBe(200);
    await running.stop();
    await new Promise((resolve) => other.close(resolve));
  });
});

describeWithDatabase("the depth of the outbox", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  test("counts by kind and priority, says how old the oldest is, and stops counting where it would get dear", async () => {
    const { db, sql, close } = connect(database.url);
    expect(await outboxDepth(db)).toEqual({ due: [], dead: [] });
    const add = (kind: string, priority: number, count: number, state = "due") =>
      sql`insert into effect (kind, priority, subject, body, run_at, state)
        select ${kind}, ${priority}, 'x' || n, '{}', app_now() - make_interval(secs => n), ${state} from generate_series(1, ${count}) n`;
    await add("tell", 1, 3);
    await add("transmit", 1, 1);
    await add("show", 2, MOST_COUNTED + 100);
    await add("home", 7, 2);
    await add("tell", 1, 4, "done");
    await add("alert", 2, 2, "dead");
    const { due, dead } = await outboxDepth(db);
    const rows = [...due].sort((a, b) => a.priority - b.priority || a.kind.localeCompare(b.kind));
    expect(rows.map(({ kind, priority, count }) => [kind, priority, count])).toEqual([
      ["tell", 1, 3],
      ["transmit", 1, 1],
      ["show", 2, MOST_COUNTED],
      ["home", 7, 2],
    ]);
    expect(Math.floor(rows[0]?.oldest ?? 0)).toBeGreaterThanOrEqual(3);
    expect(dead).toEqual([{ kind: "alert", count: 2 }]);
    await close();
  });
});
