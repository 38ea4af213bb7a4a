import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { slack } from "../../src/channels/slack/slack.ts";
import { en } from "../../src/texts/en.ts";
import { rounds } from "../setup/thorough.ts";
import { counting } from "./counting.ts";
import { BOT_TOKEN, SIGNING_SECRET, SILENT, type Stage, stage } from "./stage.ts";

const { operations, called } = counting();
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const crashes: unknown[] = [];
const crash = (error: unknown) => void crashes.push(error);
let it: Stage;

beforeAll(async () => {
  process.on("unhandledRejection", crash);
  it = await stage(operations);
});
afterAll(async () => {
  agent.destroy();
  await it.close();
  process.off("unhandledRejection", crash);
});
afterEach(() => {
  called.length = 0;
  expect(crashes).toEqual([]);
});

interface Sent {
  readonly body: string | Buffer;
  /** Pairs, so that a header can stand there twice. */
  readonly headers: readonly (readonly [string, string])[];
  readonly method?: string;
}

/** Sends exactly this and gives the status. */
function send({ body, headers, method = "POST" }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const flat = [["host", "latchkey.test"], ...headers, ["content-length", String(Buffer.byteLength(body))]].flat();
    const outgoing = request(it.eventsUrl, { method, agent, headers: flat as unknown as Record<string, string> }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const FORM = "application/x-www-form-urlencoded";
const now = () => Math.floor(Date.now() / 1000);

function sign(body: string | Buffer, timestamp: number | string = now(), secret = SIGNING_SECRET): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;
}

function signed(body: string | Buffer, contentType = FORM, timestamp: number | string = now()): Sent {
  return {
    body,
    headers: [
      ["content-type", contentType],
      ["x-slack-request-timestamp", String(timestamp)],
      ["x-slack-signature", sign(body, timestamp)],
    ],
  };
}

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const payload = (content: object) => form({ payload: JSON.stringify(content) });
const sender = { user: { id: "URITA", team_id: "T0ACME" }, team: { id: "T0ACME" } };

const COMMAND = form({ command: "/access", text: "help", user_id: "URITA", team_id: "T0ACME", channel_id: "C0HANDS", trigger_id: "1" });
const CLICK = payload({
  type: "block_actions",
  ...sender,
  trigger_id: "1",
  actions: [{ action_id: "do.approve", block_id: "b", value: "act:approve:1:x" }],
});
const SUBMISSION = payload({
  type: "view_submission",
  ...sender,
  view: { id: "V1", callback_id: "ask", private_metadata: '{"purpose":{"kind":"ask","words":""}}', blocks: [], state: { values: {} } },
});
const EVENT = JSON.stringify({ type: "event_callback", team_id: "T0ACME", event: { type: "app_home_opened", user: "URITA", tab: "home" } });
const GOOD: readonly Sent[] = [signed(COMMAND), signed(CLICK), signed(SUBMISSION), signed(EVENT, "application/json")];

/** A header of a request replaced; null: left out. */
function withHeader(sent: Sent, name: string, value: string | null): Sent {
  const others = sent.headers.filter(([one]) => one !== name);
  return { ...sent, headers: value === null ? others : [...others, [name, value]] };
}

test("what Slack signed reaches its listener", async () => {
  for (const good of GOOD) expect(await send(good)).toBe(200);
  await expect.poll(() => called.length).toBe(GOOD.length);
  expect(new Set(called)).toEqual(new Set(["identify"]));
});

/** CI forges 3,000. */
const FORGERIES = Number(process.env.LATCHKEY_FORGERIES ?? 200);

test("THREAT-1 no forged signature, changed body or missing header gets a listener to run", async () => {
  const flip = (text: string, at: number) => {
    const index = at % text.length;
    const letter = text[index] === "a" ? "b" : "a";
    return `${text.slice(0, index)}${letter}${text.slice(index + 1)}`;
  };
  const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
  const signatures = fc.oneof(
    hex.map((one) => `v0=${one}`),
    fc.string({ maxLength: 80, unit: fc.constantFrom(..."v0=123abcABC, ;") }),
    fc.constantFrom("", "v0=", "v1=0", "v0", "null", "undefined", "v0=[object Object]"),
  );
  const mutations = fc.oneof(
    fc.record({ kind: fc.constant("body" as const), at: fc.nat(100_000) }),
    fc.record({ kind: fc.constant("more" as const), tail: fc.constantFrom("&x=1", " ", "\n", "&ssl_check=1", "\0", "é") }),
    fc.record({ kind: fc.constant("signature" as const), value: signatures }),
    fc.record({ kind: fc.constant("one digit" as const), at: fc.nat(63) }),
    fc.record({ kind: fc.constant("upper case" as const) }),
    fc.record({
      kind: fc.constant("other secret" as const),
      secret: fc.string({ minLength: 1, maxLength: 40 }).filter((one) => one !== SIGNING_SECRET),
    }),
    fc.record({ kind: fc.constant("version" as const), version: fc.constantFrom("v1", "V0", "v00", "") }),
    fc.record({ kind: fc.constant("time" as const), by: fc.integer({ min: -299, max: 299 }).filter((by) => by !== 0) }),
    fc.record({
      kind: fc.constant("timestamp" as const),
      value: fc.constantFrom("", "0", "-1", "NaN", "1e12", "0x1", "Infinity", `${now()}.0`, `0${now()}`),
    }),
    fc.record({ kind: fc.constant("without" as const), name: fc.constantFrom("x-slack-signature", "x-slack-request-timestamp") }),
    fc.record({ kind: fc.constant("twice" as const), name: fc.constantFrom("x-slack-signature", "x-slack-request-timestamp") }),
  );
  const forged = (sent: Sent, how: typeof mutations extends fc.Arbitrary<infer M> ? M : never): Sent => {
    const body = String(sent.body);
    const headerOf = (name: string) => sent.headers.find(([one]) => one === name)?.[1] ?? "";
    const signature = headerOf("x-slack-signature");
    const timestamp = headerOf("x-slack-request-timestamp");
    switch (how.kind) {
      case "body":
        return { ...sent, body: flip(body, how.at) };
      case "more":
        return { ...sent, body: body + how.tail };
      case "signature":
        return withHeader(sent, "x-slack-signature", how.value);
      case "one digit":
        return withHeader(sent, "x-slack-signature", `v0=${flip(signature.slice(3), how.at)}`);
      case "upper case":
        return withHeader(sent, "x-slack-signature", `v0=${signature.slice(3).toUpperCase()}`);
      case "other secret":
        return withHeader(sent, "x-slack-signature", sign(body, timestamp, how.secret));
      case "version":
        return withHeader(sent, "x-slack-signature", `${how.version}=${signature.slice(3)}`);
      case "time":
        return withHeader(sent, "x-slack-request-timestamp", String(Number(timestamp) + how.by));
      case "timestamp":
        return withHeader(sent, "x-slack-request-timestamp", how.value);
      case "without":
        return withHeader(sent, how.name, null);
      case "twice":
        return { ...sent, headers: [...sent.headers, [how.name, headerOf(how.name)]] };
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...GOOD), mutations, async (good, how) => {
      expect(await send(forged(good, how))).toBe(401);
    }),
    { numRuns: FORGERIES },
  );
  expect(called).toEqual([]);
});

test("THREAT-1 an old or a future timestamp is refused although the signature is right", async () => {
  const day = 86_400;
  for (const off of [-10 * 60, -302, 302, day, 10 * 365 * day]) {
    expect(await send(signed(COMMAND, FORM, now() + off))).toBe(401);
  }
  expect(called).toEqual([]);
  for (const off of [-290, 290]) expect(await send(signed(COMMAND, FORM, now() + off))).toBe(200);
  await expect.poll(() => called).toEqual(["identify", "identify"]);
});

test("THREAT-1 ssl_check opens no door", async () => {
  const smuggled = [
    "ssl_check=1",
    `ssl_check=1&${COMMAND}`,
    `${COMMAND}&ssl_check=1`,
    `ssl_check=true&${CLICK}`,
    `ssl_check=1&ssl_check=1&${CLICK}`,
    `ssl_check=&${CLICK}`,
    payload({ ssl_check: "1", type: "block_actions" }),
    JSON.stringify({ ssl_check: "1" }),
  ];
  for (const body of smuggled) {
    for (const contentType of [FORM, `${FORM}; charset=utf-8`, "application/json", "text/plain"]) {
      expect(await send({ body, headers: [["content-type", contentType]] })).toBe(401);
      expect(await send(withHeader(signed(body, contentType), "x-slack-signature", `v0=${"0".repeat(64)}`))).toBe(401);
    }
  }
  expect(await send(signed("ssl_check=1&token=x"))).toBe(200);
  expect(called).toEqual([]);
});

test("only POST is answered", async () => {
  for (const method of ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"]) expect(await send({ ...signed(COMMAND), method })).toBe(405);
  expect(called).toEqual([]);
});

test("THREAT-17 a huge body is refused before it is read, with and without its length told", async () => {
  const huge = Buffer.alloc(4_000_000, "a");
  expect(await send(signed(huge))).toBe(413);
  expect(await send(signed(Buffer.alloc(256 * 1024 + 1, "a")))).toBe(413);
  const chunked = await new Promise<number>((resolve, reject) => {
    const headers = Object.fromEntries(signed("x").headers);
    const outgoing = request(it.eventsUrl, { method: "POST", headers: { ...headers, "transfer-encoding": "chunked" } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on("error", reject);
    for (let part = 0; part < 8; part++) outgoing.write(Buffer.alloc(64 * 1024, "a"));
    outgoing.end();
  });
  expect(chunked).toBe(413);
  expect(called).toEqual([]);
});

test("THREAT-17 a body that nests without end is refused, as JSON and as a form, and one as deep as Slack's own is not", async () => {
  const click = (inside: string) =>
    `{"type":"block_actions","user":{"id":"URITA","team_id":"T0ACME"},"team":{"id":"T0ACME"},"trigger_id":"1","actions":[{"action_id":"do.x","block_id":"b","value":${inside}}]}`;
  for (const deep of [
    "[".repeat(60_000) + "]".repeat(60_000),
    `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
    "[".repeat(100) + "]".repeat(100),
  ]) {
    expect(await send(signed(form({ payload: click(deep) }))), deep.slice(0, 10)).toBe(deep.length > 80_000 ? 413 : 400);
    expect(await send(signed(`{"type":"event_callback","event":{"type":"x","a":${deep}}}`, "application/json")), deep.slice(0, 10)).toBe(
      400,
    );
  }
  expect(called).toEqual([]);
  expect(await send(signed(form({ payload: click('"show:x"') })))).toBe(200);
  await expect.poll(() => called).toEqual(["identify"]);
});

test("THREAT-17 a header longer than any of Slack's is refused before a listener runs", async () => {
  const good = signed(COMMAND);
  // The server may have closed before all of it was written: then the sender sees a reset in place of the status.
  const status = await send({ ...good, headers: [...good.headers, ["x-long", "a".repeat(100_000)]] }).catch(
    (error: NodeJS.ErrnoException) => error.code,
  );
  expect([431, "ECONNRESET", "EPIPE"]).toContain(status);
  expect(called).toEqual([]);
});

test("a body that breaks off hurts nobody", async () => {
  const { port } = new URL(it.eventsUrl);
  const { headers } = signed(COMMAND);
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  for (const part of ["", COMMAND.slice(0, 20)]) {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), "127.0.0.1", () => {
        socket.write(`POST /slack/events HTTP/1.1\r\nhost: x\r\n${head}content-length: ${COMMAND.length}\r\n\r\n${part}`, () => {
          socket.destroy();
          resolve();
        });
      });
      socket.on("error", reject);
    });
  }
  expect(await send(signed(COMMAND))).toBe(200);
  await expect.poll(() => called).toEqual(["identify"]);
});

test("a signed but misshapen payload is refused at once, and the process lives on", async () => {
  const odd = [
    "null",
    "[]",
    '"text"',
    "1",
    "{}",
    "",
    "{",
    '{"type":"event_callback"}',
    '{"type":"event_callback","event":null}',
    '{"type":"event_callback","event":[]}',
    '{"type":"event_callback","event":{"type":"message","channel":null}}',
    '{"type":"event_callback","event":{"type":"x","item":null}}',
    '{"type":"toString"}',
    '{"type":"__proto__"}',
    '{"type":"block_actions"}',
    '{"type":"block_actions","user":{"id":"U1"},"actions":[]}',
    '{"type":"block_actions","user":{"id":"U1"},"actions":[null]}',
    '{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":1}]}',
    '{"type":"block_actions","user":null,"actions":[{"action_id":"a","block_id":"b"}]}',
    '{"type":"view_submission","user":{"id":"U1"},"view":null}',
    '{"type":"view_submission","user":{"id":"U1"},"view":{}}',
    '{"type":"shortcut","user":{"id":"U1"}}',
  ];
  for (const body of odd) {
    expect(await send(signed(body, "application/json")), body).toBe(400);
    expect(await send(signed(form({ payload: body }))), body).toBe(400);
  }
  expect(await send(signed(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), "application/json"))).toBe(400);
  expect(await send(signed("command=&user_id=U1"))).toBe(400);
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 4 }), async (any) => {
      expect([400, 200]).toContain(await send(signed(any, "application/json")));
    }),
    { numRuns: rounds(100, 1_000) },
  );
  expect(called).toEqual([]);
});

test("THREAT-12 another workspace's envelope reaches no listener, wherever its id stands", async () => {
  const foreign = "T0EVIL";
  const view = { id: "V1", callback_id: "ask", private_metadata: "{}", blocks: [], state: { values: {} } };
  const click = {
    type: "block_actions",
    ...sender,
    trigger_id: "1",
    actions: [{ action_id: "do.approve", block_id: "b", value: "act:approve:1:x" }],
  };
  const envelopes: readonly object[] = [
    { ...click, team: { id: foreign } },
    { ...click, user: { id: "URITA", team_id: foreign } },
    { ...click, team: null, user: { id: "URITA" } },
    { ...click, context_team_id: foreign },
    { ...click, team: { id: foreign }, user: { id: "URITA", team_id: foreign }, enterprise: { id: "E0EVIL" } },
    { type: "view_submission", ...sender, view: { ...view, team_id: foreign } },
    { type: "view_submission", ...sender, view: { ...view, app_installed_team_id: foreign } },
    { type: "block_suggestion", ...sender, team: { id: foreign }, action_id: "in.application", block_id: "b", value: "x", view },
    { type: "shortcut", ...sender, user: { id: "URITA", team_id: foreign }, callback_id: "request_access", trigger_id: "1" },
  ];
  for (const envelope of envelopes) expect(await send(signed(payload(envelope))), JSON.stringify(envelope)).toBe(200);
  expect(await send(signed(form({ command: "/request-access", user_id: "URITA", team_id: foreign })))).toBe(200);
  expect(await send(signed(form({ command: "/request-access", user_id: "URITA" })))).toBe(200);
  const events = [
    { team_id: foreign, event: { type: "app_home_opened", user: "URITA", tab: "home" } },
    { team_id: "T0ACME", context_team_id: foreign, event: { type: "app_home_opened", user: "URITA", tab: "home" } },
    { team_id: "T0ACME", event: { type: "message", channel: "D1", channel_type: "im", user: "URITA", team: foreign, text: "hi" } },
    { team_id: "T0ACME", event: { type: "message", channel: "D1", channel_type: "im", user: "URITA", user_team: foreign, text: "hi" } },
  ];
  for (const event of events)
    expect(await send(signed(JSON.stringify({ type: "event_callback", ...event }), "application/json"))).toBe(200);
  // Events are acknowledged before they are looked at; one of ours that is heard shows that those before it have been.
  await send(signed(EVENT, "application/json"));
  await expect.poll(() => called).toEqual(["identify"]);
});

test("an empty secret or token stops the start, with a sentence that says what to set", () => {
  const options = { botToken: BOT_TOKEN, signingSecret: SIGNING_SECRET, homes: () => [], operations, texts: en, log: SILENT };
  for (const empty of ["", "  "]) {
    expect(() => slack({ ...options, signingSecret: empty })).toThrow("SLACK_SIGNING_SECRET");
    expect(() => slack({ ...options, botToken: empty })).toThrow("SLACK_BOT_TOKEN");
  }
});

test("THREAT-11 neither secret nor what people wrote stands in the log", () => {
  const log = it.logged.join("\n");
  expect(log).toContain("turned a request away");
  for (const secret of [BOT_TOKEN, SIGNING_SECRET, "act:approve:1:x", "hooks.slack.com"]) expect(log).not.toContain(secret);
});
