/** Whether a message whose sending had no clear outcome stands there after all. */
import type { WebClient } from "@slack/web-api";
import { WebAPIPlatformError } from "@slack/web-api";
import type { Destination, Urgency } from "../../ports.ts";
import type { Door } from "./door.ts";

/** Metadata that names the card: Slack keeps it with the message and shows it to nobody. */
export const CARD_EVENT = "latchkey_card";

/** How far back is looked, in messages: two hundred a page, as docs.slack.dev/apis/web-api/pagination recommends at most. */
const A_PAGE = 200;
const MOST_PAGES = 5;

export interface Lookout {
  readonly conversation: string;
  readonly to: Destination;
  readonly key: string;
  readonly urgency: Urgency;
}

/** Slack's words for a place that the bot can't read back. */
const UNREADABLE: readonly string[] = ["missing_scope", "not_in_channel", "channel_not_found", "thread_not_found"];

/**
 * The `ts` of the message that an earlier sending under this key left behind. null: there is none among the last thousand messages (of a thread:
 * among its first thousand), or the bot may not read there; in channels that takes `channels:history` or `groups:history`, which Latchkey does without.
 */
export async function findEarlier(client: WebClient, door: Door, it: Lookout): Promise<string | null> {
  let cursor = "";
  try {
    for (let page = 0; page < MOST_PAGES; page++) {
      const { messages, response_metadata } = await read(client, door, it, cursor);
      const found = (messages ?? []).find(
        ({ metadata }) => metadata?.event_type === CARD_EVENT && (metadata.event_payload as { key?: unknown } | undefined)?.key === it.key,
      );
      if (found?.ts !== undefined) return found.ts;
      cursor = response_metadata?.next_cursor ?? "";
      if (cursor === "") break;
    }
    return null;
  } catch (error) {
    if (error instanceof WebAPIPlatformError && UNREADABLE.includes(error.data.error)) return null;
    throw error;
  }
}

function read(client: WebClient, door: Door, { conversation, to, key, urgency }: Lookout, cursor: string) {
  const page = { channel: conversation, limit: A_PAGE, include_all_metadata: true, ...(cursor === "" ? {} : { cursor }) } as const;
  const asked = { conversation, urgency, key: `${key} ${cursor}` };
  return to.kind === "thread"
    ? door.through({ method: "conversations.replies", ...asked }, () => client.conversations.replies({ ...page, ts: to.message }))
    : door.through({ method: "conversations.history", ...asked }, () => client.conversations.history(page));
}
