/** Two Latchkeys on one database, as behind a load balancer, and what comes at them over the wire. */
import { createHmac } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";
import { rounds } from "../setup/thorough.ts";
import { ask, cardSaying, messagesOf, press, read, whisper } from "./people.ts";
import { type Child, endChildren, environmentOf, launch, quiet, SIGNING_SECRET, type Slack, slackOfAcme } from "./stage.ts";
import { clickOn, deliver, type Sent, signed } from "./wire.ts";

/** How often the same click is sent. */
const TIMES = rounds(60, 200);

describeWithDatabase("two processes on one database", () => {
  let slack: Slack;
  let database: TestDatabase;
  let sql: postgres.Sql;
  let children: readonly Child[];
  let addresses: readonly string[];
  beforeAll(async () => {
    [slack, database] = await Promise.all([slackOfAcme(), emptyDatabase()]);
    sql = postgres(database.adminUrl, { max: 2, onnotice: () => {} });
    // Both at once: they migrate the same empty database, and one of them waits for the other.
    children = [launch(environmentOf(slack, database)), launch(environmentOf(slack, database))];
    addresses = await Promise.all(children.map(({ address }) => address));
    slack.eventsUrl = `${addresses[0]}/slack/events`;
  });
  afterAll(async () => {
    await endChildren();
    await slack.close();
    await sql.end();
    await database.drop();
  });
  const as = (name: string) => slack.as(name);
  const events = async () => (await sql`select 1 from event`).length;

  /** A card that waits for Ines, and a click on its Approve that nobody has delivered yet. */
  async function waiting(who: string, entitlement: string): Promise<{ number: number; body: string }> {
    const number = await ask(as(who), "figma", { entitlements: [entitlement] });
    const card = await cardSaying(as("ines"), { title: `Request ${number}: Figma` });
    await quiet({ sql });
    return { number, body: clickOn(slack, "UE012", card, "Approve") };
  }

  test(`THREAT-3 the same signed click, sent ${TIMES} times to both, decides once and leaves one event`, async () => {
    const { number, body } = await waiting("anna", "viewer");
    const sent = signed(slack, body);
    const statuses = await Promise.all(Array.from({ length: TIMES }, (_, n) => deliver(`${addresses[n % 2]}/slack/events`, sent)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await cardSaying(as("anna"), { title: `Request ${number}: Figma` }, "Approval: Approved");
    await quiet({ sql });
    const kinds =
      await sql`select e.kind, count(*)::int as n from event e join line l on l.id = e.line_id where l.number = ${number} group by 1 order by 1`;
    for (const kind of ["voted", "approved", "order-created", "order-transmitted"]) expect(kinds).toContainEqual({ kind, n: 1 });
    expect(
      await sql`select 1 from vote v join task t on t.id = v.task_id join line l on l.id = t.line_id where l.number = ${number}`,
    ).toHaveLength(1);
    expect(await sql`select 1 from inbound where key like '%approve%'`).toHaveLength(1);
    const outcomes = messagesOf(as("anna")).filter((message) => read(message).startsWith(`Request ${number} is approved`));
    expect(outcomes).toHaveLength(1);
    // An hour later the same bytes are worth nothing.
    expect(await deliver(`${addresses[1]}/slack/events`, { body, headers: slack.world.sign(body, seconds() - 3600) })).toBe(401);
  });

  test("THREAT-1 nothing that Slack didn't sign for this moment, letter by letter, moves anything", async () => {
    const { number, body } = await waiting("anna", "dev");
    const good = signed(slack, body);
    const before = await events();
    const signature = good.headers["x-slack-signature"] ?? "";
    const flipped = `${signature.slice(0, -1)}${signature.endsWith("0") ? "1" : "0"}`;
    const forgeries: Record<string, Sent> = {
      "another secret": { body, headers: signedWith("another-secret-of-the-same-length", body) },
      "an empty secret": { body, headers: signedWith("", body) },
      "one letter of the signature": { body, headers: { ...good.headers, "x-slack-signature": flipped } },
      "one letter of the body": { body: body.replace("UE012", "UE011"), headers: good.headers },
      "something after the body": { body: `${body}&x=1`, headers: good.headers },
      "no signature": { body, headers: without(good.headers, "x-slack-signature") },
      "no time": { body, headers: without(good.headers, "x-slack-request-timestamp") },
      "another time": { body, headers: { ...good.headers, "x-slack-request-timestamp": String(seconds() - 1) } },
      "a time gone by": { body, headers: slack.world.sign(body, seconds() - 301) },
      "a time to come": { body, headers: slack.world.sign(body, seconds() + 86_400) },
      "ssl_check, which Bolt lets through": { body: `ssl_check=1&${body}`, headers: without(good.headers, "x-slack-signature") },
    };
    for (const [how, sent] of Object.entries(forgeries)) expect(await deliver(slack.eventsUrl, sent), how).toBe(401);
    expect(await events()).toBe(before);
    expect(await deliver(slack.eventsUrl, signed(slack, body))).toBe(200);
    await cardSaying(as("anna"), { title: `Request ${number}: Figma` }, "Approval: Approved");
  });

  test("a workspace that isn't listed reaches nothing, though its envelope is well signed and names a listed user", async () => {
    const { number, body } = await waiting("chloe", "viewer");
    const before = await events();
    const foreign = body.replaceAll("T0ACME", "T0EVIL");
    expect(foreign).not.toBe(body);
    expect(await deliver(slack.eventsUrl, signed(slack, foreign))).toBe(200);
    const form = new URLSearchParams({
      command: "/request-access",
      text: "figma",
      team_id: "T0EVIL",
      user_id: "UE015",
      channel_id: "D1",
      trigger_id: "1",
    });
    expect(await deliver(slack.eventsUrl, signed(slack, form.toString()))).toBe(200);
    expect(await events()).toBe(before);
    await press(as("ines"), await cardSaying(as("ines"), { title: `Request ${number}: Figma` }), "Approve");
  });

  test("somebody whom nobody has linked is told what to do, and an administrator hears of it once", async () => {
    const nora = as("nora");
    for (let times = 0; times < 3; times++) await nora.command("/request-access figma");
    await whisper(nora, "I don't know yet who you are. Ask an administrator of Latchkey to link your chat account, then try again.");
    expect(nora.modal()).toBeUndefined();
    await as("gil").command("/access mine");
    await whisper(as("gil"), "Guests can't use Latchkey.");
    for (const administrator of ["tom", "weiling", "jonas"]) await cardSaying(as(administrator), { title: "A chat account is not linked" });
    await quiet({ sql });
    expect(messagesOf(as("tom")).filter((message) => read(message).startsWith("A chat account is not linked"))).toHaveLength(1);
    expect(await sql`select 1 from chat_account where "user" in ('UNORA', 'UGUEST')`).toHaveLength(0);
  });

  test("nothing of the playground is served for real", async () => {
    for (const where of ["/playground/", "/playground/slack/page/state?user=UE015", "/playground/timeline", "/"])
      expect((await fetch(`${addresses[0]}${where}`)).status, where).toBe(404);
    expect((await fetch(`${addresses[1]}/readyz`)).status).toBe(200);
  });

  test("what either process prints holds neither credentials nor what people wrote", async () => {
    await ask(as("ben"), "figma", { entitlements: ["viewer"], justification: "a-canary-that-people-wrote" });
    await quiet({ sql });
    const said = children.map((child) => child.said()).join("");
    const password = new URL(database.url).password;
    for (const secret of [SIGNING_SECRET, "xoxb-", password, "a-canary-that-people-wrote"]) expect(said).not.toContain(secret);
  });
});

const seconds = () => Math.floor(Date.now() / 1000);

function signedWith(secret: string, body: string): Record<string, string> {
  const time = seconds();
  const signature = `v0=${createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex")}`;
  return { "content-type": "application/x-www-form-urlencoded", "x-slack-request-timestamp": String(time), "x-slack-signature": signature };
}

function without(headers: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}
