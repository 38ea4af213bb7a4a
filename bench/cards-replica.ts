/** The delivery of one process, put together as the product does it: it wakes at the commits of its own world. */
import { v7 } from "uuid";
import { slackChannel } from "../src/channels/slack/channel.ts";
import { clients } from "../src/channels/slack/client.ts";
import { manual } from "../src/connectors/manual.ts";
import { connect } from "../src/db/connect.ts";
import { loadSettings } from "../src/db/load.ts";
import type { Courier } from "../src/delivery/courier.ts";
import { schedule } from "../src/delivery/schedule.ts";
import type { World } from "../src/operations/world.ts";
import type { Channel, Log } from "../src/ports.ts";
import { en } from "../src/texts/en.ts";
import { BOT_TOKEN } from "./decide-processes.ts";

const LOUD: Log = {
  debug: () => {},
  info: () => {},
  warn: (about, message) => void process.stderr.write(`${message} ${JSON.stringify(about)}\n`),
  error: (about, message) => void process.stderr.write(`${message} ${JSON.stringify(about)}\n`),
};

export interface Replica {
  readonly world: World;
  /** Resolves once the next card of a task has been posted to that user; call it before what leads to it. */
  asked(user: string): Promise<void>;
  stop(): Promise<void>;
}

/** A Slack on this machine isn't paced, as with the product. */
export function replica(databaseUrl: string, slackUrl: string): Replica {
  const connection = connect(databaseUrl);
  const { db } = connection;
  const client = clients({ botToken: BOT_TOKEN, apiUrl: `${slackUrl}/api/`, log: LOUD }).delivery;
  const waiting = new Map<string, () => void>();
  const slack = slackChannel(client, en.slack, { rates: {} });
  const post: Channel["post"] = async (...it) => {
    const delivery = await slack.post(...it);
    if (delivery.type !== "done") throw new Error(`a card was not posted: ${delivery.why}`);
    const [to, , key] = it;
    if (to.kind === "direct" && key.startsWith("task:")) waiting.get(to.user)?.();
    return delivery;
  };
  let wake = () => {};
  const world: World = { db, newId: v7, wake: () => wake() };
  const courier: Courier = {
    world,
    channel: { ...slack, post },
    connectors: {},
    byHand: manual,
    texts: en,
    log: LOUD,
    settings: () => loadSettings(db),
    inHand: { effects: new Set(), copies: new Set() },
  };
  const running = schedule(courier, "*/15 * * * * *");
  wake = running.wake;
  return {
    world,
    asked: (user) =>
      new Promise((resolve) => {
        waiting.set(user, resolve);
      }),
    stop: async () => {
      await running.stop();
      await connection.close();
    },
  };
}
