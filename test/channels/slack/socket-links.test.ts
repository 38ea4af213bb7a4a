import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FrontLink } from "../../setup/socket-front.ts";
import { counting } from "../counting.ts";
import { BOT_TOKEN, hooked, TEAM } from "../stage.ts";
import { APP_TOKEN, type Latchkey, type SocketStage, socketStage } from "./socket-stage.ts";

const { operations, called } = counting();
const crashes: unknown[] = [];
const crash = (error: unknown) => void crashes.push(error);
const everLogged: string[] = [];
/** What stands before each operation, and whether the list of workspaces can be read. */
let gate: () => Promise<void> = async () => {};
let broken = false;
let entered = 0;
const held = hooked(operations, () => {
  entered += 1;
  return gate();
});
const homes = () => {
  if (broken) throw new Error("the database is away");
  return [TEAM];
};
let it: SocketStage;
let latchkey: Latchkey;

const SENDER = { user: { id: "URITA", team_id: TEAM }, team: { id: TEAM } };
const COMMAND = { command: "/access", text: "help", user_id: "URITA", team_id: TEAM, channel_id: "C0HANDS", trigger_id: "1" };
const MESSAGE = {
  type: "event_callback",
  team_id: TEAM,
  event: { type: "message", channel: "D1", channel_type: "im", user: "URITA", text: "a-word-of-ritas", ts: "1.1" },
};
const CLICK = {
  type: "block_actions",
  ...SENDER,
  trigger_id: "1",
  response_url: "https://hooks.slack.com/actions/a-secret-place",
  container: { type: "message", channel_id: "D1", message_ts: "1.1" },
  actions: [{ action_id: "do.approve", block_id: "b", value: "act:approve:1:x" }],
};

/** Time passes, and each link that isn't silent is heard at every step. */
async function pass(seconds: number, { silent = [], step = 1 }: { silent?: readonly FrontLink[]; step?: number } = {}): Promise<void> {
  for (let second = 0; second < seconds; second += step) {
    await Promise.all(it.front.open().flatMap((link) => (silent.includes(link) ? [] : [link.beat()])));
    latchkey.clock.advance(step * 1_000);
  }
}

const lines = (words: string) => latchkey.logged.filter((line) => line.includes(words)).length;
const logged = (words: string) => lines(words) > 0;
const opening = () => lines("opening a link") - lines("a link to Slack is up") - lines("can't be had now");

/** Time passes in steps until it is so, and only while nothing is being opened: what the network takes is not counted. */
async function until(so: () => boolean, step = 1): Promise<void> {
  for (let second = 0; ; second += step) {
    await expect.poll(opening, { interval: 1 }).toBe(0);
    if (so()) return;
    if (second > 3_600) throw new Error("it never came to that");
    await pass(step, { step });
  }
}

const both = async () => {
  const [one, two] = await it.front.until(2);
  if (!one || !two) throw new Error("there are not two links");
  return [one, two] as const;
};
beforeAll(() => void process.on("unhandledRejection", crash));
afterAll(() => void process.off("unhandledRejection", crash));
beforeEach(async () => {
  gate = async () => {};
  entered = 0;
  it = await socketStage();
});
afterEach(async () => {
  await it.close();
  everLogged.push(...latchkey.logged);
  called.length = 0;
  expect(crashes).toEqual([]);
});

describe("two links", () => {
  beforeEach(async () => {
    latchkey = await it.latchkey(held, { homes });
  });

  test("are opened with the app's token, one after the other, and both carry", async () => {
    expect(latchkey.slack.up()).toBe(true);
    const links = await both();
    expect(it.front.asked).toEqual([APP_TOKEN, APP_TOKEN]);
    for (const link of links) expect(await link.deliver("slash_commands", COMMAND)).toMatchObject({ ok: true });
    expect(called).toEqual(["identify", "identify"]);
  });

  test("one that has fallen silent is thrown away and made anew, while the other carries on", async () => {
    const [silent, other] = await both();
    silent.fallSilent();
    await pass(16, { silent: [silent] });
    expect(logged("a link is thrown away")).toBe(true);
    expect(other.isOpen()).toBe(true);
    // It had not lived for long, so the next one takes a moment.
    latchkey.clock.advance(1_000);
    await expect.poll(() => it.front.links.length).toBe(3);
    const fresh = it.front.links[2];
    expect(await fresh?.deliver("slash_commands", COMMAND)).toMatchObject({ ok: true });
    expect(it.front.asked).toHaveLength(3);
  });

  test("one that breaks off after it had worked for a while is replaced at once", async () => {
    const [one, two] = await both();
    await pass(31);
    one.breakOff();
    await expect.poll(() => it.front.links.length).toBe(3);
    expect(two.isOpen()).toBe(true);
    expect(latchkey.slack.up()).toBe(true);
  });

  test("a link that keeps breaking off is tried later and later, and never twice at a time", async () => {
    await both();
    const waited: number[] = [];
    for (let round = 1; round <= 5; round++) {
      const links = it.front.links.length;
      it.front.links.at(-1)?.breakOff();
      await expect.poll(() => lines("did not last")).toBe(round);
      const from = latchkey.clock.now();
      await until(() => it.front.links.length > links);
      waited.push(latchkey.clock.now() - from);
      expect(it.front.links.length).toBe(links + 1);
    }
    expect(waited).toEqual([1_000, 2_000, 3_000, 6_000, 12_000]);
  });

  test.each(["warning", "refresh_requested", "a_word_of_tomorrow"])(
    "asked to go (%s), a link stays until another carries, and still acknowledges what it had taken",
    async (reason) => {
      const [old, other] = await both();
      await pass(31);
      let go = () => {};
      const going = new Promise<void>((resolve) => {
        go = resolve;
      });
      gate = () => going;
      const answer = old.deliver("slash_commands", COMMAND);
      await expect.poll(() => entered).toBe(1);
      old.dismiss(reason);
      old.dismiss(reason);
      await expect.poll(() => it.front.links.length).toBe(3);
      expect(it.front.open()).toHaveLength(3);
      go();
      expect(await answer).toMatchObject({ ok: true });
      await expect.poll(() => old.isOpen()).toBe(false);
      expect(other.isOpen()).toBe(true);
      expect(it.front.links).toHaveLength(3);
    },
  );

  test("one that is up for long is replaced before it ends, one at a time, and there is always another", async () => {
    await both();
    let fewest = 2;
    const renewed = () => {
      fewest = Math.min(fewest, it.front.open().length);
      return it.front.links.length >= 4;
    };
    await until(renewed, 10);
    await expect.poll(() => it.front.open().length).toBe(2);
    expect(latchkey.clock.now()).toBeGreaterThan(25 * 60_000);
    expect(it.front.asked).toHaveLength(4);
    expect(fewest).toBe(2);
  });

  test("one over which nothing comes while much comes over the other is replaced, although it answers pings", async () => {
    const [busy, deaf] = await both();
    await pass(31);
    for (let n = 0; n < 50; n++) expect(await busy.deliver("slash_commands", COMMAND)).toMatchObject({ ok: true });
    latchkey.clock.advance(1_000);
    await expect.poll(() => it.front.links.length).toBe(3);
    await expect.poll(() => deaf.isOpen()).toBe(false);
    expect(busy.isOpen()).toBe(true);
    expect(logged("brought nothing while another brought much")).toBe(true);
  });

  test("Socket Mode switched off: an administrator is told, the log says it, and it is tried once a minute at most until it is on again", async () => {
    const links = await both();
    it.front.greeting = "link_disabled";
    const before = it.front.asked.length;
    for (const link of links) link.dismiss("link_disabled");
    for (const link of links) link.close();
    await expect.poll(() => lines("is gone")).toBe(2);
    expect(latchkey.troubles).toEqual(["off link_disabled", "off link_disabled"]);
    expect(logged("Socket Mode is switched off for the app")).toBe(true);
    const from = latchkey.clock.now();
    await until(() => latchkey.clock.now() - from >= 40_000);
    expect(it.front.asked.length).toBe(before);
    await until(() => latchkey.troubles.length >= 4);
    it.front.greeting = "hello";
    await until(() => it.front.open().length === 2);
    expect(latchkey.left()).toBe(0);
  });

  test("without any link it says that it isn't ready, and the log says so; with the first one it is again", async () => {
    const links = await both();
    it.front.greeting = "nothing";
    for (const link of links) link.breakOff();
    await expect.poll(() => lines("is gone")).toBe(2);
    latchkey.clock.advance(29_000);
    expect(latchkey.slack.up()).toBe(true);
    latchkey.clock.advance(2_000);
    expect(latchkey.slack.up()).toBe(false);
    expect(logged("no link to Slack: nothing that people do")).toBe(true);
    it.front.greeting = "hello";
    await expect
      .poll(() => {
        latchkey.clock.advance(5_000);
        return latchkey.slack.up();
      })
      .toBe(true);
    expect(logged("Slack reaches Latchkey again")).toBe(true);
  });

  test("leaves the process only after a quarter of an hour without any link", async () => {
    const links = await both();
    it.front.greeting = "nothing";
    for (const link of links) link.breakOff();
    await expect.poll(() => lines("is gone")).toBe(2);
    for (let second = 0; second < 14 * 60; second += 15) latchkey.clock.advance(15_000);
    expect(latchkey.left()).toBe(0);
    latchkey.clock.advance(60_000);
    expect(latchkey.left()).toBe(1);
  });

  test("told to stop, it takes no more, answers what it took, and then ends its links", async () => {
    const [one, two] = await both();
    let go = () => {};
    const going = new Promise<void>((resolve) => {
      go = resolve;
    });
    gate = () => going;
    const taken = one.deliver("slash_commands", COMMAND);
    await expect.poll(() => entered).toBe(1);
    const stopping = latchkey.slack.stop();
    const refused = two.deliver("slash_commands", COMMAND);
    await two.beat();
    expect(entered).toBe(1);
    go();
    expect(await taken).toMatchObject({ ok: true });
    await stopping;
    expect(await refused).toEqual({ ok: false });
    await expect.poll(() => it.front.open().length).toBe(0);
    latchkey.clock.advance(600_000);
    expect(it.front.asked).toHaveLength(2);
  });
});

describe("what comes over a link", () => {
  beforeEach(async () => {
    latchkey = await it.latchkey(held, { homes });
  });

  test("THREAT-12 another workspace's envelope reaches no listener", async () => {
    const [link] = await both();
    const foreign = { ...COMMAND, team_id: "T0EVIL" };
    expect(await link.deliver("slash_commands", foreign)).toMatchObject({ ok: true });
    expect(await link.deliver("interactive", { ...CLICK, team: { id: "T0EVIL" } })).toMatchObject({ ok: true });
    expect(await link.deliver("events_api", { ...MESSAGE, context_team_id: "T0EVIL" })).toMatchObject({ ok: true });
    expect(called).toEqual([]);
    expect(await link.deliver("slash_commands", COMMAND)).toMatchObject({ ok: true });
    expect(called).toEqual(["identify"]);
  });

  test("THREAT-17 what is too large or misshapen is not acknowledged and reaches no listener, and the link lives on", async () => {
    const [link] = await both();
    const odd: readonly [Parameters<FrontLink["deliver"]>[0], unknown][] = [
      ["slash_commands", { ...COMMAND, text: "x".repeat(256 * 1024) }],
      ["slash_commands", { command: "/access" }],
      ["slash_commands", CLICK],
      ["interactive", COMMAND],
      ["interactive", { ...CLICK, actions: [] }],
      ["interactive", { ...CLICK, user: null }],
      ["interactive", null],
      ["interactive", "text"],
      ["interactive", { type: "url_verification", challenge: "x" }],
      ["interactive", { type: "__proto__" }],
      ["events_api", { type: "event_callback" }],
      ["events_api", { type: "event_callback", event: null }],
      ["events_api", { type: "event_callback", event: { type: "message", channel: null } }],
      ["events_api", CLICK],
    ];
    const answers: unknown[] = [];
    for (const [kind, payload] of odd) void link.deliver(kind, payload).then((answer) => answers.push(answer));
    const frames = [
      "null",
      "[]",
      "{",
      "",
      '"text"',
      '{"type":"interactive"}',
      '{"type":"toString","envelope_id":"1","payload":{}}',
      '{"type":"slash_commands","envelope_id":7,"payload":{"command":"/access","user_id":"U1"}}',
    ];
    for (const frame of frames) link.send(frame);
    expect(await link.deliver("slash_commands", COMMAND)).toMatchObject({ ok: true });
    expect(answers).toEqual([]);
    expect(called).toEqual(["identify"]);
    expect(latchkey.logged.filter((line) => line.includes("turned an envelope away"))).toHaveLength(odd.length + frames.length);
  });

  test("that Slack slows the app's events down is acknowledged and logged", async () => {
    const [link] = await both();
    expect(await link.deliver("events_api", { type: "app_rate_limited", team_id: TEAM, minute_rate_limited: 1 })).toMatchObject({
      ok: true,
    });
    expect(logged("app_rate_limited")).toBe(true);
  });

  test("choices and faults of a form travel in the acknowledgement", async () => {
    const [link] = await both();
    const element = { type: "plain_text_input", action_id: "in.justification" };
    const view = {
      id: "V1",
      callback_id: "ask",
      private_metadata: '{"purpose":{"kind":"ask","words":""}}',
      blocks: [{ type: "input", block_id: "b1", element }],
      state: { values: {} },
    };
    expect(await link.deliver("interactive", { type: "view_submission", ...SENDER, view })).toMatchObject({
      ok: true,
      payload: { response_action: "errors", errors: { b1: expect.stringMatching(/\w/) } },
    });
    const asked = { type: "block_suggestion", ...SENDER, action_id: "in.application", block_id: "b1", value: "x", view };
    expect(await link.deliver("interactive", asked)).toEqual({ ok: true, payload: { options: [] } });
  });

  test("an event that could not be looked into is not acknowledged, so that it comes again", async () => {
    const [link] = await both();
    broken = true;
    const lost = link.deliver("events_api", MESSAGE);
    await expect.poll(() => logged("Bolt met an error")).toBe(true);
    broken = false;
    expect(await link.deliver("events_api", MESSAGE, { retry_attempt: 1, retry_reason: "timeout" })).toMatchObject({ ok: true });
    expect(called).toEqual(["identify", "firstToAnswer"]);
    link.breakOff();
    expect(await lost).toEqual({ ok: false });
  });
});

describe("what goes wrong at the start", () => {
  test("a token that Slack refuses stops it, with a sentence that says what to do", async () => {
    for (const error of ["invalid_auth", "not_allowed_token_type", "missing_scope"]) {
      latchkey = await it.latchkey(operations, { start: false });
      it.front.refusals.push({ error });
      await expect(latchkey.slack.start()).rejects.toThrow(`Slack refuses SLACK_APP_TOKEN (${error})`);
    }
    expect(it.front.asked).toHaveLength(3);
  });

  test("a Slack that is away, in each of its ways, does not: it comes up once Slack is back", async () => {
    const nobody = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => nobody.listen(0, "127.0.0.1", resolve));
    const url = `ws://127.0.0.1:${(nobody.address() as AddressInfo).port}/link`;
    it.front.refusals.push({ status: 503 }, { error: "internal_error" }, { url }, { url: "no address" }, { url: "ws://127.0.0.1:1/link" });
    latchkey = await it.latchkey(operations);
    expect(latchkey.slack.up()).toBe(false);
    await until(() => it.front.open().length === 2);
    expect(latchkey.slack.up()).toBe(true);
    nobody.close();
  });

  test("Slack's patience is heeded, for both links, also where it does not say how long", async () => {
    it.front.refusals.push({ status: 429, retryAfter: 40 });
    latchkey = await it.latchkey(operations);
    it.front.refusals.push({ status: 429 });
    await until(() => it.front.asked.length > 1);
    expect(latchkey.clock.now()).toBe(40_000);
    await until(() => it.front.open().length > 0);
    expect(latchkey.clock.now()).toBeGreaterThanOrEqual(70_000);
    await until(() => it.front.open().length === 2);
  });

  test("an app with as many links as Slack allows waits for its turn, longer each time, and does not give up", async () => {
    it.front.greeting = "too_many_websockets";
    latchkey = await it.latchkey(operations);
    expect(latchkey.slack.up()).toBe(false);
    await expect.poll(opening).toBe(0);
    expect(logged("too_many_websockets")).toBe(true);
    await until(() => latchkey.clock.now() > 20 * 60_000);
    // 15 s, 30 s and so on up to five minutes, for two links.
    expect(it.front.asked.length).toBeGreaterThan(6);
    expect(it.front.asked.length).toBeLessThan(24);
    expect(latchkey.left()).toBe(0);
    it.front.greeting = "hello";
    await until(() => it.front.open().length === 2);
  });

  test("a link that never says hello is given up for another", async () => {
    it.front.greeting = "nothing";
    latchkey = await it.latchkey(operations, { start: false });
    const starting = latchkey.slack.start();
    await expect.poll(() => it.front.asked.length).toBe(1);
    await expect.poll(() => logged("Slack knows the bot")).toBe(true);
    latchkey.clock.advance(15_000);
    await starting;
    it.front.greeting = "hello";
    latchkey.clock.advance(2_000);
    await both();
  });

  test("nothing comes over HTTP then", async () => {
    latchkey = await it.latchkey(operations);
    const server = (await import("node:http")).createServer((req, res) => void latchkey.slack.handle(req, res));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const body = JSON.stringify(MESSAGE);
    const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: "POST", headers: it.world.sign(body), body });
    expect(answer.status).toBe(404);
    expect(called).toEqual([]);
    server.close();
  });
});

test("THREAT-11 neither token nor address nor what people wrote stands in the log, at any level", () => {
  const log = everLogged.join("\n");
  expect(log).toContain("a link to Slack is up");
  for (const secret of [APP_TOKEN, BOT_TOKEN, "ticket=", "a-word-of-ritas", "act:approve:1:x", "hooks.slack.com"])
    expect(log).not.toContain(secret);
});
