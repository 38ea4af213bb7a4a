import { rm } from "node:fs/promises";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readFolder } from "../../src/configuration/folder.ts";
import { workspaceOf } from "../../src/playground/acme-slack.ts";
import { deliverTo } from "../../src/playground/slack/delivery.ts";
import { type StandIn, standIn } from "../../src/playground/slack/stand-in.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";
import { CANARY, canaryFolder, type Mood, moodySlack } from "./canary-folder.ts";
import { ask, cardSaying, filled, messagesOf, openForm, press, read } from "./people.ts";
import { type Child, endChildren, eventually, launch, quiet } from "./stage.ts";

const BOT_TOKEN = "xoxb-cnry-bot-token";
const SIGNING_SECRET = "cnry-signing-secret";
/** Throws inside Latchkey, as a fault of a driver would: with a message, a query and its values. */
const CRASH = Buffer.from(
  `process.on("SIGUSR2", () => { throw Object.assign(new Error("cnry message", { cause: new Error("cnry cause") }), { query: "cnry query", parameters: ["cnry"] }); });`,
).toString("base64");

describeWithDatabase("where secrets and people's words must not be", () => {
  const undo: (() => Promise<unknown>)[] = [];
  /** What Slack's requests carried that is a secret for a while. */
  const carried = new Set<string>();
  let database: TestDatabase;
  let sql: postgres.Sql;
  let world: StandIn;
  let slack: Awaited<ReturnType<typeof moodySlack>>;
  let latchkey: Child;
  let address = "";
  let metrics = "";
  const as = (name: string) => world.actAs([...world.world.users.values()].find((user) => user.name === `cnry${name}`)?.id ?? "");

  beforeAll(async () => {
    const folder = await canaryFolder();
    undo.push(() => rm(path.dirname(folder), { recursive: true }));
    const catalogue = await readFolder(folder);
    if (!catalogue.ok) throw new Error(JSON.stringify(catalogue.faults));
    const pass = deliverTo(() => `${address}/slack/events`);
    world = standIn({
      botToken: BOT_TOKEN,
      signingSecret: SIGNING_SECRET,
      ...workspaceOf(catalogue),
      eventRetriesMs: [],
      deliver: (request, signal) => {
        const words = decodeURIComponent(request.body.replaceAll("+", " "));
        for (const [, , found = ""] of words.matchAll(/"?(trigger_id|response_url|token)"?[=:]"?([^"&]+)/g))
          if (found.length > 8) carried.add(found);
        carried.add(String(request.headers["x-slack-signature"]));
        return pass(request, signal);
      },
    });
    const { url, close } = await world.listen();
    undo.push(close);
    slack = await moodySlack(() => url);
    undo.push(slack.close);
    database = await emptyDatabase();
    undo.push(() => database.drop());
    sql = postgres(database.adminUrl, { max: 2, onnotice: () => {} });
    undo.push(() => sql.end());
    latchkey = launch({
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: `${slack.url}/cnry/api/`,
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      LATCHKEY_CONFIG: folder,
      LATCHKEY_HOME: path.join(folder, "cnry-home"),
      LATCHKEY_TICK: "* * * * * *",
      PUBLIC_URL: "https://cnry.example/",
      HOST: "127.0.0.1",
      PORT: "0",
      LOG_LEVEL: "trace",
      NODE_OPTIONS: `--import data:text/javascript;base64,${CRASH}`,
    });
    address = await latchkey.address;
    metrics = await eventually(() => /"metrics":"([^"]+)"/.exec(latchkey.said())?.[1]);
  });
  afterAll(async () => {
    await endChildren();
    for (const step of undo.splice(0).reverse()) await step();
  });

  test("THREAT-11 the whole job, with refusals, faults of the database and of Slack, and a crash: no canary in logs, metrics and probes, no secret in the database or the chat", async () => {
    const [ann, ben, tom] = [as("ann"), as("ben"), as("tom")];
    const form = { entitlements: ["cnry-item"], justification: "cnry because", "form.cnry_region": "cnry answer" };

    // The job, with searching and typed commands.
    await ann.command("/access cnry words that nobody knows");
    await ann.command("/access status 4711 cnry");
    const number = await ask(ann, "cnryword", form);
    const title = `Request ${number}: Cnry App`;
    await press(ann, await cardSaying(ann, { title }), "Withdraw");
    await ann.close();
    await press(ben, await cardSaying(ben, { title }), "Approve");
    const work = { title: `${title}, to set up`, in: "cnry-channel" };
    await press(ben, await cardSaying(ben, work), "Claim");
    await press(tom, await cardSaying(tom, work, "has been on it"), "Release");
    await tom.close();
    await press(ben, await cardSaying(ben, work, "has been on it"), "Report error");
    await ben.submit(filled(ben.modal(), { reason: "cnry fault that I met" }));
    await press(tom, await cardSaying(tom, { title: `${title}, error` }), "Try again");
    await press(ben, await cardSaying(ben, work, "sent it back"), "Claim");
    await press(ben, await cardSaying(ben, work, "has been on it since"), "Confirm done");
    await ben.submit(filled(ben.modal(), { login: "cnry-login" }));
    await cardSaying(ann, { title }, "Complete");
    // Refused: forms that are faulty, what is held already, a rejection.
    await openForm(ann, "cnryword");
    await ann.submit();
    await ann.close(true);

    // Nobody can decide on what the only administrator asks for.
    await openForm(tom, "cnryword");
    await tom.submit(filled(tom.modal(), { justification: "cnry", "form.cnry_region": "cnry" }));
    await tom.close(true);

    // The database refuses, and quotes the row in its answer.
    await sql`alter table line add constraint cnry_check check (justification not like '%breaks%') not valid`;
    await openForm(ben, "cnryword");
    const broken = await ben.submit(filled(ben.modal(), { justification: "cnry breaks it", "form.cnry_region": "cnry" }));
    expect(JSON.stringify(broken)).toMatch(/went wrong/);
    expect(JSON.stringify(broken)).not.toMatch(/cnry/i);
    await ben.close(true);
    await sql`alter table line drop constraint cnry_check`;
    await sql`alter table message add constraint cnry_check check (place not like 'person:%') not valid`;
    const later = await ask(ben, "cnryword", { justification: "cnry later", "form.cnry_region": "cnry" });
    await eventually(() => /an effect failed/.test(latchkey.said()));
    await sql`alter table message drop constraint cnry_check`;
    await quiet({ sql });

    // Slack cuts, limits, refuses, breaks, or is a proxy.
    for (const mood of ["cut", "limited", "proxy", "refusing", "broken"] satisfies Mood[]) {
      slack.moods.now = mood;
      await ben.command(`/access withdraw ${later} cnry ${mood}`);
      await ben.command("/request-access cnryword");
      await eventually(() => slack.moods.met.has(mood));
      slack.moods.now = "fine";
    }
    expect(
      (await fetch(`${address}/slack/events`, { method: "POST", body: "token=cnry", headers: { "x-slack-signature": "cnry" } })).status,
    ).toBe(401);
    await quiet({ sql });

    const pages = await Promise.all([metrics, `${address}/readyz`, `${address}/healthz`].map(async (url) => (await fetch(url)).text()));
    latchkey.process.kill("SIGUSR2");
    expect(await latchkey.ended).toBe(1);

    // That all of it happened is what makes the zero worth something.
    const said = latchkey.said();
    for (const words of [
      "an operation ended",
      "a listener failed",
      "PostgresError 23514",
      "an effect failed",
      "turned a request away",
      "an error nobody caught",
    ])
      expect(said).toContain(words);
    expect(pages[0]).toMatch(/^latchkey_operations_total\{verb="ask",result="filed"\} 2$/m);
    expect(pages[0]).toMatch(/^latchkey_effects_total\{kind="\w+",outcome="failed"\} [1-9]/m);
    expect(carried.size).toBeGreaterThan(10);

    const leaks = (text: string) => text.split("\n").filter((line) => new RegExp(CANARY, "i").test(line));
    expect(leaks(said)).toEqual([]);
    expect(leaks(pages.join("\n"))).toEqual([]);
    const passwords = [database.url, database.ownerUrl].map((url) => new URL(url).password);
    const secrets = [BOT_TOKEN, SIGNING_SECRET, ...passwords, ...carried];
    const within = (text: string) => secrets.filter((secret) => text.includes(secret));
    expect(within(said)).toEqual([]);
    expect(within(pages.join("\n"))).toEqual([]);

    const tables = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public'`;
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables) {
      const rows = await sql`select t::text as row from ${sql(name)} t`;
      expect([name, within(rows.map(({ row }) => String(row)).join("\n"))]).toEqual([name, []]);
    }
    for (const person of [ann, ben, tom]) {
      expect(within(messagesOf(person).map(read).join("\n"))).toEqual([]);
      expect(within(JSON.stringify(person.sees().home ?? null))).toEqual([]);
    }
  }, 120_000);
});
