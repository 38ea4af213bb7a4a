import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { TURN_LIMITS } from "../../src/channels/slack/turns.ts";
import type { Operations } from "../../src/operations/operations.ts";
import { en } from "../../src/texts/en.ts";
import { rounds } from "../setup/thorough.ts";
import { counting } from "./counting.ts";
import { SIGNING_SECRET, type Stage, stage } from "./stage.ts";

const agent = new Agent({ keepAlive: true, maxSockets: 200 });
let it: Stage;

/** Who was looked up, in order: the first thing that any listener does. Ana's wait until they are let go. */
const begun: string[] = [];
const held = new Set<() => void>();
let anasUnderWay = 0;
let mostUnderWay = 0;
let isHeld = true;

const { operations } = counting();
const identify: Operations["identify"] = async ({ user }) => {
  begun.push(user);
  if (user === "UANA") {
    anasUnderWay += 1;
    mostUnderWay = Math.max(mostUnderWay, anasUnderWay);
    if (isHeld) await new Promise<void>((resolve) => held.add(resolve));
    anasUnderWay -= 1;
  }
  return { ok: false, stranger: "not-linked" };
};

beforeAll(async () => {
  it = await stage({ ...operations, identify });
});
afterEach(() => {
  letGo();
  begun.length = 0;
  mostUnderWay = 0;
  isHeld = true;
});
afterAll(async () => {
  agent.destroy();
  await it.close();
});

function letGo(): void {
  isHeld = false;
  for (const resolve of held) resolve();
  held.clear();
}

/** Sends a signed form and gives what was answered, with its status. */
function send(fields: Record<string, string>): Promise<string> {
  const body = new URLSearchParams(fields).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac("sha256", SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest("hex")}`;
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": Buffer.byteLength(body),
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": signature,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(it.eventsUrl, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(`${response.statusCode} ${text}`));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const from = (user: string) => ({ user: { id: user, team_id: "T0ACME" }, team: { id: "T0ACME" } });
const command = (user: string, n: number) =>
  send({ command: "/access", text: "tasks", user_id: user, team_id: "T0ACME", channel_id: "C0HANDS", trigger_id: `c${n}` });
const click = (user: string, n: number) =>
  send({
    payload: JSON.stringify({
      type: "block_actions",
      ...from(user),
      trigger_id: `b${n}`,
      actions: [{ action_id: "do.approve", block_id: "b", value: `act:approve:${n}:x` }],
    }),
  });
const question = (user: string, typed: string) =>
  send({
    payload: JSON.stringify({
      type: "block_suggestion",
      ...from(user),
      action_id: "in.application",
      block_id: "b",
      value: typed,
      view: { id: "V1", callback_id: "ask", private_metadata: '{"purpose":{"kind":"ask","words":""}}', blocks: [], state: { values: {} } },
    }),
  });
const form = (user: string, n: number) =>
  send({
    payload: JSON.stringify({
      type: "view_submission",
      ...from(user),
      view: {
        id: `V${n}`,
        callback_id: "ask",
        private_metadata: '{"purpose":{"kind":"ask","words":""}}',
        blocks: [
          {
            type: "input",
            block_id: "why",
            label: { type: "plain_text", text: "Why?" },
            element: { type: "plain_text_input", action_id: "in.justification" },
          },
        ],
        state: { values: {} },
      },
    }),
  });

const MOST = TURN_LIMITS.underWay + TURN_LIMITS.waiting;
/** How many one person sends at once: far more than may wait. */
const MANY = rounds(300, 1_000);

test(`THREAT-20 one person's ${MANY} commands and clicks at once: others are served meanwhile, each is answered, and few are carried out`, async () => {
  const answers = Array.from({ length: MANY }, (_, n) => (n % 2 === 0 ? command("UANA", n) : click("UANA", n)));
  const done: string[] = [];
  for (const one of answers) void one.then((answer) => done.push(answer));
  // All but those under way are answered while Ana's first ones still hold their places: also those that waited until patience ran out.
  await expect.poll(() => done.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(MANY - TURN_LIMITS.underWay);
  expect(begun).toEqual(Array(TURN_LIMITS.underWay).fill("UANA"));
  expect(await command("UBEN", 1)).toMatch(/^200 /);
  expect(begun.at(-1)).toBe("UBEN");
  letGo();
  const all = await Promise.all(answers);
  expect(all.every((answer) => answer.startsWith("200"))).toBe(true);
  expect(mostUnderWay).toBeLessThanOrEqual(TURN_LIMITS.underWay);
  expect(begun.filter((user) => user === "UANA").length).toBeLessThanOrEqual(MOST);
  const said = all.filter((answer) => answer.includes(en.slack.tooMuch)).length;
  expect(said).toBeGreaterThanOrEqual(MANY / 2 - MOST);
  // Afterwards Ana is served as ever.
  const before = begun.length;
  expect(await command("UANA", 2000)).not.toContain(en.slack.tooMuch);
  expect(begun.slice(before)).toEqual(["UANA"]);
});

test("THREAT-20 forms that are too much at once stay open with what was typed", async () => {
  const answers = Array.from({ length: 60 }, (_, n) => form("UANA", n));
  const done: string[] = [];
  for (const one of answers) void one.then((answer) => done.push(answer));
  await expect.poll(() => done.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(60 - MOST);
  for (const answer of done)
    expect(JSON.parse(answer.slice(4))).toEqual({ response_action: "errors", errors: { why: en.slack.tooMuchForm } });
  letGo();
  await Promise.all(answers);
});

test("THREAT-20 of a type-ahead's questions the newest is looked at; the overtaken ones are answered with nothing", async () => {
  const first = question("UANA", "s");
  await expect.poll(() => begun.length).toBe(1);
  const more = Array.from({ length: 50 }, (_, n) => question("UANA", "sales".slice(0, 1 + (n % 5))));
  const done: string[] = [];
  for (const one of more) void one.then((answer) => done.push(answer));
  await expect.poll(() => done.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(49);
  for (const answer of done) expect(JSON.parse(answer.slice(4))).toEqual({ options: [] });
  expect(begun).toEqual(["UANA"]);
  letGo();
  await Promise.all([first, ...more]);
  expect(begun.length).toBeLessThanOrEqual(2);
});
