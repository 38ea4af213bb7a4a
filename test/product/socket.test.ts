/** Latchkey over Socket Mode, as it is run: its own server, real Postgres, real websockets to a front of Slack's. */
import { pino } from "pino";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { type Running, start } from "../../src/wiring.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";
import { type Front, socketFront } from "../setup/socket-front.ts";
import { copies, refusedBySlack } from "./copies.ts";
import { ask, cardSaying, faultsIn, openForm, press, send, whisper } from "./people.ts";
import { environmentOf, quiet, type Slack, slackOfAcme } from "./stage.ts";

const APP_TOKEN = "xapp-1-of-the-product-tests";

describeWithDatabase("the job over Socket Mode", () => {
  let front: Front;
  let slack: Slack;
  let database: TestDatabase;
  let sql: postgres.Sql;
  let running: Running;
  const logged: string[] = [];
  const crashes: unknown[] = [];
  const crash = (error: unknown) => void crashes.push(error);

  beforeAll(async () => {
    process.on("unhandledRejection", crash);
    let apiUrl = "";
    front = await socketFront(() => apiUrl);
    slack = await slackOfAcme({}, { deliver: front.carry });
    apiUrl = slack.apiUrl;
    database = await emptyDatabase();
    sql = postgres(database.adminUrl, { max: 2, onnotice: () => {} });
    const environment = { ...environmentOf({ apiUrl: front.apiUrl }, database), SLACK_APP_TOKEN: APP_TOKEN, SLACK_SIGNING_SECRET: "" };
    const log = pino({ base: null, level: "debug" }, { write: (line: string) => void logged.push(line) });
    running = await start(readConfig(environment), log);
    await front.until(2);
  });
  afterAll(async () => {
    await running.stop();
    await front.close();
    await slack.close();
    await sql.end();
    await database.drop();
    process.off("unhandledRejection", crash);
  });
  const as = (name: string) => slack.as(name);

  test("asked, approved, done by hand and confirmed, with no door open to the outside", async () => {
    const [anna, ines, lena] = [as("anna"), as("ines"), as("lena")];
    const number = await ask(anna, "crm", { entitlements: ["report-builder"], "form.region": "EMEA", "form.territory": "DACH" });
    const title = `Request ${number}: Salesforce`;
    await press(ines, await cardSaying(ines, { title }), "Approve");
    await whisper(ines, `You approved request ${number}.`);
    const work = { title: `${title}, to set up`, in: "salesforce-admins" };
    await press(lena, await cardSaying(lena, work), "Claim");
    await press(lena, await cardSaying(lena, work, "has been on it"), "Confirm done");
    expect(await lena.submit()).toEqual({ ok: true });
    await cardSaying(anna, { title }, "Complete");
    await quiet({ sql });
    expect((await copies({ slack, database, sql })).outdated).toEqual([]);
    expect(refusedBySlack({ slack })).toEqual([]);
    const shut = await fetch(`${running.address}/slack/events`, { method: "POST", headers: slack.world.sign("{}"), body: "{}" });
    expect(shut.status).toBe(404);
  });

  test("choices while typing and faults of a form come back in the acknowledgement", async () => {
    const ben = as("ben");
    await openForm(ben, "");
    const offered = await ben.suggest({ action_id: "in.application" }, "sales");
    expect(JSON.stringify(offered)).toContain("Salesforce");
    await openForm(ben, "crm");
    expect(await send(ben, { "form.territory": "DACH" })).toMatchObject({ ok: false });
    expect(Object.keys(faultsIn(ben.modal()))).not.toEqual([]);
  });

  test("Socket Mode switched off at Slack: an administrator is told, once", async () => {
    expect((await fetch(`${running.address}/readyz`)).status).toBe(200);
    for (const link of front.open()) link.dismiss("link_disabled");
    await cardSaying(as("tom"), { title: "Slack does not reach Latchkey" }, "Socket Mode is switched off in the app's settings");
    await quiet({ sql });
    expect(await sql`select from event where kind = 'slack-cut-off'`).toHaveLength(1);
  });

  test("THREAT-11 no token and nothing that people wrote stands in the log, at its finest level", () => {
    const log = logged.join("\n");
    expect(log).toContain("a link to Slack is up");
    for (const secret of [APP_TOKEN, "xoxb-of-the-product-tests", "It is my job now", "ticket="]) expect(log).not.toContain(secret);
    expect(crashes).toEqual([]);
  });
});
