/** Sends whose outcome nobody knows, over real HTTP: whatever went wrong on the way back, the card stands once, whichever process tries again. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Card } from "../../src/cards/card.ts";
import { slackChannel } from "../../src/channels/slack/channel.ts";
import { clients } from "../../src/channels/slack/client.ts";
import { type StandIn, standIn } from "../../src/playground/slack/stand-in.ts";
import type { Fault } from "../../src/playground/slack/world.ts";
import type { Channel, Destination, Posted } from "../../src/ports.ts";
import { en } from "../../src/texts/en.ts";
import { BOT_TOKEN, SILENT, TEAM } from "./stage.ts";

const card = (words: string): Card => ({ title: "Request 7", blocks: [{ type: "text", text: [words] }], summary: words });

/** Everything that may happen to an answer after the work was done. */
const LOST: Readonly<Record<string, Fault>> = {
  "the connection is reset": { method: "chat.postMessage", times: 1, type: "dropAfterDelivery" },
  "500 comes back": { method: "chat.postMessage", times: 1, type: "failAfterDelivery", status: 500 },
  "502 comes back": { method: "chat.postMessage", times: 1, type: "failAfterDelivery", status: 502 },
  "half of the answer comes back": { method: "chat.postMessage", times: 1, type: "truncateAfterDelivery" },
  "no answer comes in time": { method: "chat.postMessage", times: 1, type: "hangAfterDelivery" },
};

let slack: StandIn;
let url: string;
let close: () => Promise<void>;
let key = 0;

/** A process of its own: it remembers nothing of what others did. */
function process(timeoutMs = 10_000): Channel {
  const { delivery } = clients({ botToken: BOT_TOKEN, apiUrl: `${url}/api/`, log: SILENT, timeoutMs });
  return slackChannel(delivery, en.slack, { rates: {} });
}

beforeAll(async () => {
  slack = standIn({
    botToken: BOT_TOKEN,
    signingSecret: "unused",
    deliver: () => Promise.reject(new Error("nothing is delivered here")),
    team: { id: TEAM, name: "Acme", domain: "acme" },
    users: [{ id: "UINES", name: "ines", real_name: "Ines" }],
    channels: [{ id: "C0SALES", name: "sales", members: ["UINES"], bot: true }],
  });
  ({ url, close } = await slack.listen());
});
afterAll(() => close());
beforeEach(() => {
  slack.world.faults.length = 0;
  for (const channel of slack.world.channels.values()) channel.messages.length = 0;
});

const count = () => [...slack.world.channels.values()].reduce((sum, { messages }) => sum + messages.length, 0);
const shown = (at: Posted) =>
  JSON.stringify(slack.world.channels.get(at.conversation)?.messages.find(({ ts }) => ts === at.message)?.blocks);

async function posted(channel: Channel, to: Destination, words: string, name: string, perhaps = false): Promise<Posted> {
  const done = await channel.post(to, card(words), name, perhaps);
  if (done.type !== "done") throw new Error(`not delivered: ${done.why}`);
  return done.value;
}

/** Where a card may go; a thread needs a message above it. */
const PLACES: Readonly<Record<string, () => Promise<Destination>>> = {
  "a direct message": async () => ({ kind: "direct", home: TEAM, user: "UINES" }),
  "a channel": async () => ({ kind: "channel", home: TEAM, channel: "sales" }),
  "a thread": async () => {
    const above = await posted(process(), { kind: "channel", home: TEAM, channel: "sales" }, "above", `above ${++key}`);
    return { kind: "thread", ...above, broadcast: false };
  },
};

describe.each(Object.entries(PLACES))("a card for %s", (_, place) => {
  test.each(Object.entries(LOST))(
    "stands once when it was sent and %s, tried again by the same process or another one",
    async (_why, fault) => {
      for (const another of [false, true]) {
        const to = await place();
        const first = process(fault.type === "hangAfterDelivery" ? 500 : 10_000);
        const before = count();
        const name = `k${++key}`;
        slack.world.faults.push({ ...fault });
        const lost = await first.post(to, card("first"), name);
        expect(lost).toMatchObject({ type: "later" });
        expect(lost).not.toHaveProperty("unsent");
        expect(count()).toBe(before + 1);
        const at = await posted(another ? process() : first, to, "second", name, true);
        expect(count()).toBe(before + 1);
        expect(shown(at)).toContain("second");
      }
    },
  );

  test("that surely wasn't sent is not taken for one that may have been", async () => {
    const to = await place();
    const before = count();
    for (const fault of [{ type: "rateLimit", retryAfter: 3 }, { type: "rateLimit" }, { type: "refuse", error: "ratelimited" }] as const) {
      slack.world.faults.push({ method: "chat.postMessage", times: 1, ...fault });
      const refused = await process().post(to, card("x"), `k${++key}`);
      expect(refused).toMatchObject({ type: "later", unsent: true, afterMs: "retryAfter" in fault ? 3_000 : 30_000 });
    }
    expect(count()).toBe(before);
  });

  test("is found behind hundreds of later messages", async () => {
    const to = await place();
    const one = process();
    const name = `k${++key}`;
    slack.world.faults.push({ method: "chat.postMessage", times: 1, type: "dropAfterDelivery" });
    await one.post(to, card("first"), name);
    const channel = [...slack.world.channels.values()].find(({ messages }) => JSON.stringify(messages.at(-1)?.metadata)?.includes(name));
    const sent = channel?.messages.at(-1);
    if (!channel || !sent) throw new Error("nothing was sent");
    const { metadata: _, ...like } = sent;
    const [seconds = ""] = sent.ts.split(".");
    for (let later = 0; later < 250; later++)
      channel.messages.push({ ...like, ts: `${Number(seconds) + 1}.${String(later).padStart(6, "0")}` });
    const before = count() - 250;
    const at = await posted(process(), to, "found", name, true);
    expect(count()).toBe(before + 250);
    expect(shown(at)).toContain("found");
  });
});

test("where the app may not read back, a card whose sending had no clear outcome is sent again", async () => {
  const to: Destination = { kind: "channel", home: TEAM, channel: "sales" };
  slack.world.faults.push({ method: "chat.postMessage", times: 1, type: "dropAfterDelivery" });
  await process().post(to, card("first"), "unreadable");
  slack.world.faults.push({ method: "conversations.history", times: 1, type: "refuse", error: "missing_scope" });
  const at = await posted(process(), to, "second", "unreadable", true);
  expect(count()).toBe(2);
  expect(shown(at)).toContain("second");
});

test("a 429 for one channel, over the wire: that channel waits for as long as Slack said, all others go on", async () => {
  const clock = { now: 0 };
  const { delivery } = clients({ botToken: BOT_TOKEN, apiUrl: `${url}/api/`, log: SILENT });
  const channel = slackChannel(delivery, en.slack, { now: () => clock.now });
  const sales: Destination = { kind: "channel", home: TEAM, channel: "C0SALES" };
  const ines: Destination = { kind: "direct", home: TEAM, user: "UINES" };
  const above = await posted(channel, sales, "above", "limit above");
  slack.world.faults.push({ method: "chat.postMessage", channel: "C0SALES", times: 1, type: "rateLimit", retryAfter: 20 });
  expect(await channel.post(sales, card("x"), "limit 1")).toMatchObject({ type: "later", afterMs: 20_000, unsent: true });
  const calls = slack.world.calls.length;
  clock.now += 5_000;
  expect(await channel.post(sales, card("y"), "limit 2")).toMatchObject({ type: "later", afterMs: 15_000, held: "turn" });
  expect(slack.world.calls.length).toBe(calls);
  expect(await channel.post(ines, card("z"), "limit 3")).toMatchObject({ type: "done" });
  expect(await channel.redraw(above, card("redrawn"))).toEqual({ type: "done", value: null });
  expect(await channel.home(TEAM, "UINES", card("home"))).toEqual({ type: "done", value: null });
  clock.now += 15_000;
  expect(await channel.post(sales, card("y"), "limit 2")).toMatchObject({ type: "done" });
});

test("THREAT-20 a flood keeps to Slack's limits, which the stand-in counts for itself: no call is refused, and all of it arrives", async () => {
  const clock = { now: 1_000_000 };
  const strict = standIn({
    botToken: BOT_TOKEN,
    signingSecret: "unused",
    deliver: () => Promise.reject(new Error("nothing is delivered here")),
    team: { id: TEAM, name: "Acme", domain: "acme" },
    users: Array.from({ length: 40 }, (_, index) => ({ id: `UP${index}`, name: `p${index}`, real_name: `P ${index}` })),
    channels: [{ id: "C0SALES", name: "sales", bot: true }],
    clock: () => clock.now,
    rateLimits: true,
  });
  const listening = await strict.listen();
  try {
    const { delivery } = clients({ botToken: BOT_TOKEN, apiUrl: `${listening.url}/api/`, log: SILENT });
    const channel = slackChannel(delivery, en.slack, { now: () => clock.now });
    const due: { at: number; go: () => ReturnType<Channel["post"]> | ReturnType<Channel["redraw"]> }[] = [];
    const add = (go: (typeof due)[number]["go"]) => due.push({ at: clock.now, go });
    const above = await posted(channel, { kind: "channel", home: TEAM, channel: "C0SALES" }, "above", "above");
    for (let index = 0; index < 40; index++) {
      add(() => channel.post({ kind: "direct", home: TEAM, user: `UP${index}` }, card("x"), `d${index}`));
      add(() => channel.post({ kind: "channel", home: TEAM, channel: "C0SALES" }, card("x"), `c${index}`));
      add(() => channel.redraw(above, card(`x${index}`)));
      add(() => channel.home(TEAM, `UP${index}`, card("x")));
    }
    const began = clock.now;
    while (due.length > 0) {
      due.sort((a, b) => a.at - b.at);
      const next = due.shift();
      if (!next) break;
      clock.now = Math.max(clock.now, next.at);
      const came = await next.go();
      if (came.type === "later") {
        expect(came.held).toBe("turn");
        due.push({ at: clock.now + came.afterMs, go: next.go });
      } else expect(came.type).toBe("done");
    }
    expect(strict.world.calls.filter(({ ok }) => !ok)).toEqual([]);
    expect([...strict.world.channels.values()].reduce((sum, { messages }) => sum + messages.length, 0)).toBe(81);
    // The slowest of the four is what may be done fifty times a minute.
    expect(clock.now - began).toBeLessThanOrEqual(48_000 * 1.1);
  } finally {
    await listening.close();
  }
});
