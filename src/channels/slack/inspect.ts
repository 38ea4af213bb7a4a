/** What the command line asks of Slack: whose token it is, what it may do, where the bot is, who somebody is. Changes nothing there. */
import type { WebClient } from "@slack/web-api";
import type { ChatUser, Delivery, Log } from "../../ports.ts";
import { clients, undelivered } from "./client.ts";
import { lookUpByEmail, lookUpById } from "./directory.ts";

/** The bot scopes that manifests/slack.yaml asks for, and what is missing without each; a test holds the two lists against each other. */
export const SCOPES: Readonly<Record<string, string>> = {
  "channels:read": "channels can't be found by their names",
  "chat:write": "no card can be posted or redrawn",
  commands: "/request-access, /access and the shortcut don't work",
  "groups:read": "private channels can't be found by their names",
  "im:history": "what people write to the app isn't heard, and a card may be posted twice after a crash",
  "im:write": "no direct message can be opened",
  "users:read": "nobody's standing can be checked, so that nobody new is let in",
  "users:read.email": "nobody can be linked by e-mail address",
};

export interface Token {
  readonly team: string;
  readonly bot: string;
  /** Null: Slack's answer didn't say. */
  readonly scopes: readonly string[] | null;
}

/** A channel that the bot can see; of private ones those that it is in. */
export interface SeenChannel {
  readonly id: string;
  readonly name: string;
  readonly botIsIn: boolean;
}

export interface SlackInspector {
  token(): Promise<Delivery<Token>>;
  /** Whether Socket Mode's app token may open links; null: Slack is used over HTTP. No link is opened. */
  readonly socket: (() => Promise<Delivery<null>>) | null;
  channels(): Promise<Delivery<readonly SeenChannel[]>>;
  userById(home: string, user: string): Promise<Delivery<ChatUser | null>>;
  userByEmail(home: string, email: string): Promise<Delivery<ChatUser | null>>;
}

const CHANNELS_A_PAGE = 1_000;

export interface InspectOptions {
  readonly botToken: string;
  /** Null: Slack is used over HTTP. */
  readonly appToken: string | null;
  readonly apiUrl: string | null;
  readonly log: Log;
}

export function inspectSlack({ appToken, ...options }: InspectOptions): SlackInspector {
  const client = clients(options).delivery;
  return {
    async token() {
      try {
        const { team_id, user_id, response_metadata } = await client.auth.test();
        return { type: "done", value: { team: team_id ?? "", bot: user_id ?? "", scopes: response_metadata?.scopes ?? null } };
      } catch (error) {
        return undelivered(error);
      }
    },
    socket: appToken === null ? null : () => mayOpen(clients({ ...options, botToken: appToken }).delivery),
    async channels() {
      try {
        return { type: "done", value: await allChannels(client) };
      } catch (error) {
        return undelivered(error);
      }
    },
    userById: (home, user) => lookUpById(client, home, user),
    userByEmail: (home, email) => lookUpByEmail(client, home, email),
  };
}

/** An address that nobody uses runs out by itself. */
async function mayOpen(client: WebClient): Promise<Delivery<null>> {
  try {
    await client.apps.connections.open();
    return { type: "done", value: null };
  } catch (error) {
    return undelivered(error);
  }
}

async function allChannels(client: WebClient): Promise<readonly SeenChannel[]> {
  const seen: SeenChannel[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.conversations.list({
      types: "public_channel,private_channel",
      exclude_archived: true,
      limit: CHANNELS_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id, name, is_member } of page.channels ?? [])
      if (id !== undefined && name !== undefined) seen.push({ id, name, botIsIn: is_member === true });
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return seen;
}
