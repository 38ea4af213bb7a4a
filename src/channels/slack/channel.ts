/** The port Channel over Slack's Web API: posting, redrawing, home pages, the directory. */
import type { WebClient } from "@slack/web-api";
import type { Channel, Delivery, Destination, Meters, Posted, Urgency } from "../../ports.ts";
import { FIRST_PAGES, pagesText } from "./actions.ts";
import { isAmbiguous, undelivered } from "./client.ts";
import { lookUpByEmail, lookUpById } from "./directory.ts";
import { door } from "./door.ts";
import { CARD_EVENT, findEarlier } from "./earlier.ts";
import { type PacerOptions, pacer } from "./pacing.ts";
import type { PrintedMessage, PrintWords } from "./print.ts";
import { printHome, printMessage } from "./print.ts";
import { rooms } from "./rooms.ts";

/** Nothing in `text` becomes live: no names linked, no addresses unfolded. */
const AS_DATA = { mrkdwn: false, parse: "none", link_names: false, unfurl_links: false, unfurl_media: false } as const;

interface Sending {
  readonly key: string;
  readonly perhapsSent: boolean;
  readonly urgency: Urgency;
}

export interface SlackChannel extends Channel {
  /** A channel was renamed, archived or made anew, so names are asked for again. */
  forgetNames(): void;
}

export interface ChannelOptions {
  /** Milliseconds of a clock that only goes forward; left out: the process's own. */
  readonly now?: () => number;
  readonly meters?: Pick<Meters, "heldBack" | "limited"> | undefined;
  /** Left out: Slack's own limits; none: only what Slack itself says by a 429 is kept to. */
  readonly rates?: PacerOptions["rates"];
}

export function slackChannel(client: WebClient, words: PrintWords, options: ChannelOptions = {}): SlackChannel {
  const { now = () => performance.now(), meters, rates } = options;
  const way = door(client, pacer({ now, meters, ...(rates ? { rates } : {}) }));
  const known = rooms(client, way, now);
  const directs = new Map<string, string>();

  /** The conversation's id; asked of Slack once. */
  async function conversationOf(to: Destination, urgency: Urgency): Promise<string | null> {
    if (to.kind === "thread") return to.conversation;
    if (to.kind === "channel") return known.idOf(to.channel, urgency);
    const before = directs.get(to.user);
    if (before !== undefined) return before;
    const wanted = { method: "conversations.open", conversation: null, urgency, key: to.user } as const;
    const id = (await way.through(wanted, () => client.conversations.open({ users: to.user }))).channel?.id;
    if (id === undefined) return null;
    directs.set(to.user, id);
    return id;
  }

  /** What was known of a place that Slack doesn't take any more: the channel may have been renamed or made anew, so it is asked for again. */
  function forget(to: Destination, why: string): void {
    if (to.kind === "direct") directs.delete(to.user);
    if (to.kind === "channel" && (why === "channel_not_found" || why === "is_archived")) known.forget();
  }

  async function update(channel: string, ts: string, { text, blocks }: PrintedMessage, urgency: Urgency): Promise<void> {
    await way.through({ method: "chat.update", conversation: channel, urgency, key: ts }, () =>
      client.chat.update({ channel, ts, text, blocks: [...blocks], parse: "none", link_names: false }),
    );
  }

  async function send(conversation: string, to: Destination, printed: PrintedMessage, it: Sending): Promise<Delivery<Posted>> {
    if (it.perhapsSent) {
      const earlier = await findEarlier(client, way, { conversation, to, key: it.key, urgency: it.urgency });
      // What stands there may be an older drawing.
      if (earlier !== null) {
        await update(conversation, earlier, printed, it.urgency);
        return { type: "done", value: { home: to.home, conversation, message: earlier } };
      }
    }
    const message = {
      channel: conversation,
      text: printed.text,
      blocks: [...printed.blocks],
      metadata: { event_type: CARD_EVENT, event_payload: { key: it.key } },
      ...AS_DATA,
    };
    const below = to.kind === "thread" ? { thread_ts: to.message, reply_broadcast: to.broadcast } : {};
    const wanted = { method: "chat.postMessage", conversation, urgency: it.urgency, key: it.key } as const;
    const sent = await way.through(wanted, () => client.chat.postMessage({ ...message, ...below }));
    if (sent.ts === undefined) return { type: "unreachable", why: "no_ts" };
    return { type: "done", value: { home: to.home, conversation: sent.channel ?? conversation, message: sent.ts } };
  }

  return {
    platform: "slack",

    async post(to, card, key, perhapsSent = false, urgency = "card") {
      try {
        const conversation = await conversationOf(to, urgency);
        if (conversation === null) return { type: "unreachable", why: "channel_not_found" };
        return await send(conversation, to, printMessage(card, words), { key, perhapsSent, urgency });
      } catch (error) {
        const delivery = undelivered<Posted>(error);
        if (delivery.type === "unreachable") forget(to, delivery.why);
        return delivery.type === "later" && !isAmbiguous(error) ? { ...delivery, unsent: true } : delivery;
      }
    },

    async redraw(at, card, urgency = "card") {
      const printed = printMessage(card, words);
      try {
        await update(at.conversation, at.message, printed, urgency);
        return { type: "done", value: null };
      } catch (error) {
        return undelivered(error);
      }
    },

    async home(_home, user, card, urgency = "bulk") {
      const view = printHome(card, words, pagesText(FIRST_PAGES));
      try {
        await way.through({ method: "views.publish", conversation: null, urgency, key: user }, () =>
          client.views.publish({ user_id: user, view }),
        );
        return { type: "done", value: null };
      } catch (error) {
        return undelivered(error);
      }
    },

    userById: (home, user) =>
      lookUpById(client, home, user, (call) => way.through({ method: "users.info", conversation: null, urgency: "card", key: user }, call)),
    userByEmail: (home, email) =>
      lookUpByEmail(client, home, email, (call) =>
        way.through({ method: "users.lookupByEmail", conversation: null, urgency: "card", key: email }, call),
      ),
    room: (_home, channel) => known.room(channel),
    shut: way.shut,
    knock: way.knock,
    forgetNames: known.forget,
  };
}
