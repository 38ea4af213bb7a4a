import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Card } from "../../src/cards/card.ts";
import { slackChannel } from "../../src/channels/slack/channel.ts";
import { clients } from "../../src/channels/slack/client.ts";
import { chatUser } from "../../src/channels/slack/directory.ts";
import { type StandIn, standIn } from "../../src/playground/slack/stand-in.ts";
import type { Log, Posted } from "../../src/ports.ts";
import { en } from "../../src/texts/en.ts";
import { HOME, keepsTheChannelContract, type Subject, WORLD } from "./channel-contract.ts";
import { memoryChannel } from "./memory-channel.ts";

const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const TOKEN = "xoxb-contract";
const textOf = (card: unknown): string => JSON.stringify(card);

describe("the channel in memory", () => {
  let subject: Subject;
  beforeEach(() => {
    const channel = memoryChannel(
      WORLD.users.map((one) => ({ platform: "slack", home: HOME, ...one })),
      WORLD.places,
    );
    const find = (at: Posted): Card | undefined =>
      channel.shown.find((one) => one.at.conversation === at.conversation && one.at.message === at.message)?.card;
    subject = {
      channel,
      wordsAt: (at) => find(at) && textOf(find(at)),
      wordsOnHome: (user) => channel.homes.get(user) && textOf(channel.homes.get(user)),
      count: () => channel.shown.length,
      trouble: (what) => channel.trouble.push(what),
      pass: () => {},
      shutOut: (why) => {
        channel.door.why = why;
      },
      remove: (at) => channel.remove(at),
    };
  });
  keepsTheChannelContract(() => subject);
});

describe("Slack as a channel", () => {
  let slack: StandIn;
  let close: () => Promise<void>;
  let subject: Subject;
  let url: string;
  let clock = 0;
  beforeAll(async () => {
    slack = standIn({
      botToken: TOKEN,
      signingSecret: "unused",
      deliver: () => Promise.reject(new Error("nothing is delivered here")),
      team: { id: HOME, name: "Acme", domain: "acme" },
      users: WORLD.users.map(({ user, email, standing }) => ({
        id: user,
        name: user.toLowerCase(),
        real_name: user,
        ...(email === null ? {} : { email }),
        is_bot: standing === "bot",
        deleted: standing === "deactivated",
        is_restricted: standing === "guest",
        is_stranger: standing === "external",
        ...(standing === "external" ? { team_id: "T0OTHER" } : {}),
      })),
      channels: WORLD.places.map(({ id, name, bot, archived, isPrivate }) => ({
        id,
        name,
        bot,
        is_archived: archived,
        kind: isPrivate ? "private" : "public",
        members: ["UINES"],
      })),
    });
    ({ url, close } = await slack.listen());
  });
  afterAll(() => close());
  beforeEach(() => {
    slack.world.faults.length = 0;
    slack.world.token = null;
    slack.world.homes.clear();
    const { delivery } = clients({ botToken: TOKEN, apiUrl: `${url}/api/`, log: SILENT });
    const find = (at: Posted) => slack.world.channels.get(at.conversation)?.messages.find(({ ts }) => ts === at.message);
    const troubled = ["chat.postMessage", "chat.update", "views.publish"];
    subject = {
      channel: slackChannel(delivery, en.slack, { rates: {}, now: () => clock }),
      wordsAt: (at) => find(at) && textOf(find(at)?.blocks),
      wordsOnHome: (user) => slack.world.homes.get(user) && textOf(slack.world.homes.get(user)?.content),
      count: () => [...slack.world.channels.values()].reduce((sum, { messages }) => sum + messages.length, 0),
      trouble: (what) => {
        slack.world.faults.length = 0;
        for (const method of troubled) {
          if (what.type === "limited") slack.world.faults.push({ method, times: 1, type: "rateLimit", retryAfter: what.afterMs / 1_000 });
          if (what.type === "down") slack.world.faults.push({ method, times: 1, type: "fail", status: 503 });
          if (what.type === "lost" && method === "chat.postMessage")
            slack.world.faults.push({ method, times: 1, type: "dropAfterDelivery" });
        }
      },
      pass: (ms) => {
        clock += ms;
      },
      shutOut: (why) => {
        slack.world.token = why;
      },
      remove: (at) => {
        const messages = slack.world.channels.get(at.conversation)?.messages;
        messages?.splice(
          messages.findIndex(({ ts }) => ts === at.message),
          1,
        );
      },
    };
  });
  keepsTheChannelContract(() => subject);

  const card: Card = { title: "t", blocks: [], summary: "<!channel> look & see" };

  test("every refusal of Slack's that needs somebody means unreachable, every passing one later", async () => {
    let count = 0;
    const post = () => subject.channel.post({ kind: "channel", home: HOME, channel: "sales" }, card, `refused ${++count}`);
    slack.world.faults.push({ method: "conversations.list", times: 1, type: "fail", status: 500 });
    expect(await subject.channel.post({ kind: "channel", home: HOME, channel: "#nowhere" }, card, "k2")).toMatchObject({ type: "later" });
    await post();
    for (const error of [
      "not_in_channel",
      "channel_not_found",
      "is_archived",
      "account_inactive",
      "messages_tab_disabled",
      "invalid_auth",
      "missing_scope",
    ]) {
      slack.world.faults.push({ method: "chat.postMessage", times: 1, type: "refuse", error });
      expect(await post()).toEqual({ type: "unreachable", why: error });
    }
    for (const error of ["internal_error", "fatal_error", "service_unavailable", "ratelimited"]) {
      clock += 60_000;
      slack.world.faults.push({ method: "chat.postMessage", times: 1, type: "refuse", error });
      expect(await post()).toMatchObject({ type: "later", why: error });
    }
  });

  test("the notification's line is no markup, and no name or address in it comes alive", async () => {
    await subject.channel.post({ kind: "direct", home: HOME, user: "UINES" }, card, "k3");
    const call = slack.world.calls.findLast(({ method }) => method === "chat.postMessage");
    expect(call?.args).toMatchObject({
      text: "&lt;!channel&gt; look &amp; see",
      parse: "none",
      link_names: "false",
      unfurl_links: "false",
      mrkdwn: "false",
    });
  });

  test("a person's conversation and a channel's id are asked for once", async () => {
    const before = slack.world.calls.length;
    for (let time = 0; time < 3; time++) {
      await subject.channel.post({ kind: "direct", home: HOME, user: "UINES" }, card, `d${time}`);
      await subject.channel.post({ kind: "channel", home: HOME, channel: "sales" }, card, `c${time}`);
    }
    const methods = slack.world.calls.slice(before).map(({ method }) => method);
    expect(methods.filter((one) => one === "conversations.open").length).toBe(1);
    expect(methods.filter((one) => one === "conversations.list").length).toBe(1);
  });

  test("THREAT-15 only a live, full member of this very workspace is a member", () => {
    const member = { id: "U1", team_id: HOME, profile: { email: "ceo@acme.example" } };
    expect(chatUser(HOME, "U1", member).standing).toBe("member");
    expect(chatUser(HOME, "U1", { ...member, team_id: "T0GRID", enterprise_user: { teams: [HOME] } }).standing).toBe("member");
    const lesser = [
      [{ deleted: true }, "deactivated"],
      [{ is_bot: true }, "bot"],
      [{ is_workflow_bot: true }, "bot"],
      [{ is_restricted: true }, "guest"],
      [{ is_ultra_restricted: true }, "guest"],
      [{ is_stranger: true }, "external"],
      [{ team_id: "T0OTHER" }, "external"],
      [{ team_id: "" }, "external"],
      [{ is_stranger: true, is_restricted: true }, "external"],
    ] as const;
    for (const [more, standing] of lesser) expect(chatUser(HOME, "U1", { ...member, ...more }).standing).toBe(standing);
  });
});
