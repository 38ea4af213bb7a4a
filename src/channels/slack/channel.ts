/** The port Channel over Slack's Web API: posting, redrawing, home pages, the directory. */
import type { WebClient } from "@slack/web-api";
import { WebAPIPlatformError } from "@slack/web-api";
import type { Channel, Delivery, Destination, Posted } from "../../ports.ts";
import { FIRST_PAGES, pagesText } from "./actions.ts";
import { isAmbiguous, undelivered } from "./client.ts";
import { lookUpByEmail, lookUpById } from "./directory.ts";
import type { PrintedMessage, PrintWords } from "./print.ts";
import { printHome, printMessage } from "./print.ts";

const CARD_EVENT = "latchkey_card";
/** How many of a conversation's latest messages are looked through for a card whose sending had no clear outcome. */
const LOOKED_BACK = 100;
const CHANNELS_A_PAGE = 1_000;
/** A channel that isn't there is not looked for again sooner: conversations.list allows 20 calls a minute. */
const LISTED_FOR_MS = 30_000;

/** Nothing in `text` becomes live: no names linked, no addresses unfolded. */
const AS_DATA = { mrkdwn: false, parse: "none", link_names: false, unfurl_links: false, unfurl_media: false } as const;

interface Sending {
  readonly key: string;
  readonly perhapsSent: boolean;
}

export function slackChannel(client: WebClient, words: PrintWords): Channel {
  const directs = new Map<string, string>();
  const names = new Map<string, string>();
  let listedAt = Number.NEGATIVE_INFINITY;

  /** The conversation's id; asked of Slack once. */
  async function conversationOf(to: Destination): Promise<string | null> {
    if (to.kind === "thread") return to.conversation;
    if (to.kind === "direct") {
      const known = directs.get(to.user);
      if (known !== undefined) return known;
      const opened = await client.conversations.open({ users: to.user });
      const id = opened.channel?.id;
      if (id === undefined) return null;
      directs.set(to.user, id);
      return id;
    }
    const wanted = to.channel.replace(/^#/, "");
    // Names are in lower case, ids in upper case.
    if (/^[CG][A-Z0-9]{5,}$/.test(wanted)) return wanted;
    if (names.has(wanted) || performance.now() - listedAt < LISTED_FOR_MS) return names.get(wanted) ?? null;
    for await (const [name, id] of channelsOf(client)) names.set(name, id);
    listedAt = performance.now();
    return names.get(wanted) ?? null;
  }

  /** What was known of a place that Slack doesn't take any more: the channel may have been renamed or made anew, so it is asked for again. */
  function forget(to: Destination, why: string): void {
    if (to.kind === "direct") directs.delete(to.user);
    else if (to.kind === "thread") return;
    else if (why === "channel_not_found" || why === "is_archived") {
      names.clear();
      listedAt = Number.NEGATIVE_INFINITY;
    }
  }

  async function update(channel: string, ts: string, { text, blocks }: PrintedMessage): Promise<void> {
    await client.chat.update({ channel, ts, text, blocks: [...blocks], parse: "none", link_names: false });
  }

  async function send(conversation: string, to: Destination, printed: PrintedMessage, it: Sending): Promise<Delivery<Posted>> {
    if (it.perhapsSent) {
      const earlier = await findEarlier(client, conversation, to, it.key);
      // What stands there may be an older drawing.
      if (earlier !== null) {
        await update(conversation, earlier, printed);
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
    const sent = await client.chat.postMessage({ ...message, ...below });
    if (sent.ts === undefined) return { type: "unreachable", why: "no_ts" };
    return { type: "done", value: { home: to.home, conversation: sent.channel ?? conversation, message: sent.ts } };
  }

  return {
    platform: "slack",

    async post(to, card, key, perhapsSent = false) {
      try {
        const conversation = await conversationOf(to);
        if (conversation === null) return { type: "unreachable", why: "channel_not_found" };
        return await send(conversation, to, printMessage(card, words), { key, perhapsSent });
      } catch (error) {
        const delivery = undelivered<Posted>(error);
        if (delivery.type === "unreachable") forget(to, delivery.why);
        return delivery.type === "later" && !isAmbiguous(error) ? { ...delivery, unsent: true } : delivery;
      }
    },

    async redraw(at, card) {
      const printed = printMessage(card, words);
      try {
        await update(at.conversation, at.message, printed);
        return { type: "done", value: null };
      } catch (error) {
        return undelivered(error);
      }
    },

    async home(_home, user, card) {
      try {
        await client.views.publish({ user_id: user, view: printHome(card, words, pagesText(FIRST_PAGES)) });
        return { type: "done", value: null };
      } catch (error) {
        return undelivered(error);
      }
    },

    userById: (home, user) => lookUpById(client, home, user),
    userByEmail: (home, email) => lookUpByEmail(client, home, email),
  };
}

/** Name and id of every channel that the bot can see, public and private, archived ones left out. */
async function* channelsOf(client: WebClient): AsyncGenerator<readonly [string, string]> {
  let cursor: string | undefined;
  do {
    const page = await client.conversations.list({
      types: "public_channel,private_channel",
      exclude_archived: true,
      limit: CHANNELS_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id, name } of page.channels ?? []) if (id !== undefined && name !== undefined) yield [name, id];
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
}

/** The message that an earlier sending under this key left behind, by its metadata. null: none, or the bot may not read back. */
async function findEarlier(client: WebClient, conversation: string, to: Destination, key: string): Promise<string | null> {
  try {
    const page = { channel: conversation, limit: LOOKED_BACK, include_all_metadata: true } as const;
    const { messages } =
      to.kind === "thread" ? await client.conversations.replies({ ...page, ts: to.message }) : await client.conversations.history(page);
    const found = (messages ?? []).find(
      ({ metadata }) => metadata?.event_type === CARD_EVENT && (metadata.event_payload as { key?: unknown } | undefined)?.key === key,
    );
    return found?.ts ?? null;
  } catch (error) {
    if (
      error instanceof WebAPIPlatformError &&
      ["missing_scope", "not_in_channel", "channel_not_found", "thread_not_found"].includes(error.data.error)
    )
      return null;
    throw error;
  }
}
