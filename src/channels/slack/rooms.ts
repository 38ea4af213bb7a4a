/** Slack's channels: their ids by name, and how one of them is now. */
import type { WebClient } from "@slack/web-api";
import { WebAPIPlatformError } from "@slack/web-api";
import type { Delivery, Room, Urgency } from "../../ports.ts";
import { undelivered } from "./client.ts";
import type { Door } from "./door.ts";

const CHANNELS_A_PAGE = 1_000;
/** A channel that isn't there is not looked for again sooner: conversations.list allows 20 calls a minute. */
const LISTED_FOR_MS = 30_000;

export interface Rooms {
  /** The id of a channel that is named by name or id; null: the bot sees none of that name. Throws what the call throws. */
  idOf(channel: string, urgency: Urgency): Promise<string | null>;
  room(channel: string): Promise<Delivery<Room | null>>;
  /** A channel may have been renamed, archived or made anew: names are asked for again. */
  forget(): void;
}

export function rooms(client: WebClient, door: Door, now: () => number): Rooms {
  const names = new Map<string, string>();
  let listedAt = Number.NEGATIVE_INFINITY;
  /** Where a listing goes on that had to wait between two pages. */
  let cursor = "";

  /** Name and id of every channel that the bot can see, public and private, archived ones left out. */
  async function list(urgency: Urgency): Promise<void> {
    do {
      const page = await door.through({ method: "conversations.list", conversation: null, urgency, key: "" }, () =>
        client.conversations.list({
          types: "public_channel,private_channel",
          exclude_archived: true,
          limit: CHANNELS_A_PAGE,
          ...(cursor === "" ? {} : { cursor }),
        }),
      );
      for (const { id, name } of page.channels ?? []) if (id !== undefined && name !== undefined) names.set(name, id);
      cursor = page.response_metadata?.next_cursor ?? "";
    } while (cursor !== "");
    listedAt = now();
  }

  async function idOf(channel: string, urgency: Urgency): Promise<string | null> {
    const wanted = channel.replace(/^#/, "");
    // Names are in lower case, ids in upper case.
    if (/^[CG][A-Z0-9]{5,}$/.test(wanted)) return wanted;
    if (names.has(wanted) || now() - listedAt < LISTED_FOR_MS) return names.get(wanted) ?? null;
    await list(urgency);
    return names.get(wanted) ?? null;
  }

  function forget(): void {
    names.clear();
    listedAt = Number.NEGATIVE_INFINITY;
    cursor = "";
  }

  return {
    idOf,
    forget,
    async room(channel) {
      try {
        const id = await idOf(channel, "bulk");
        if (id === null) return { type: "done", value: null };
        const asked = { method: "conversations.info", conversation: id, urgency: "bulk", key: "" } as const;
        const found = (await door.through(asked, () => client.conversations.info({ channel: id }))).channel;
        if (!found) return { type: "done", value: null };
        const why = found.is_archived ? "is_archived" : found.is_member ? null : "not_in_channel";
        return { type: "done", value: { conversation: id, name: found.name ?? "", why } };
      } catch (error) {
        if (error instanceof WebAPIPlatformError && error.data.error === "channel_not_found") return { type: "done", value: null };
        return undelivered(error);
      }
    },
  };
}
