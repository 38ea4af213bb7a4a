/** The state of one Slack workspace as the stand-in keeps it. Words are Slack's own: user, channel, message, view, trigger. */

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

/** A login of the workspace. Everything but id, name and real_name may be left out when the workspace is started. */
export interface UserSeed {
  readonly id: string;
  /** The handle, e.g. `ines`. */
  readonly name: string;
  readonly real_name: string;
  readonly email?: string;
  readonly title?: string;
  readonly department?: string;
  /** IANA zone; `Europe/Berlin` when left out. */
  readonly tz?: string;
  /** As in BCP 47, by which Slack's own clients print dates and times; `en-GB` when left out. */
  readonly locale?: string;
  readonly is_bot?: boolean;
  /** Deactivated. */
  readonly deleted?: boolean;
  readonly is_admin?: boolean;
  /** A multi-channel guest. */
  readonly is_restricted?: boolean;
  /** A single-channel guest. */
  readonly is_ultra_restricted?: boolean;
  /** Seen through a shared channel and not a member of this workspace. */
  readonly is_stranger?: boolean;
  /** Another workspace's id, for people of shared channels. */
  readonly team_id?: string;
  readonly presence?: Presence;
}

export type Presence = "active" | "away";

export interface User extends UserSeed {
  readonly tz: string;
  readonly locale: string;
  readonly is_bot: boolean;
  deleted: boolean;
  readonly is_admin: boolean;
  is_restricted: boolean;
  readonly is_ultra_restricted: boolean;
  readonly is_stranger: boolean;
  readonly team_id: string;
  readonly presence: Presence;
}

export type ChannelKind = "public" | "private" | "im";

/** A channel when the workspace is started. `members` are user ids; `bot` says whether the app was invited. */
export interface ChannelSeed {
  readonly id: string;
  readonly name: string;
  readonly kind?: "public" | "private";
  readonly members?: readonly string[];
  readonly bot?: boolean;
  readonly is_archived?: boolean;
  readonly topic?: string;
}

export interface Channel {
  readonly id: string;
  /** Empty for direct messages. */
  name: string;
  readonly kind: ChannelKind;
  /** User ids, the bot's own among them. */
  readonly members: Set<string>;
  is_archived: boolean;
  readonly topic: string;
  /** Unix seconds. */
  readonly created: number;
  readonly messages: Message[];
}

/** Any JSON object; blocks and views are kept as they were sent, with the ids that Slack fills in. */
export type Json = { [key: string]: unknown };
export type Block = Json & { type: string; block_id: string };

export interface Message {
  readonly ts: string;
  readonly channel: string;
  /** The author's user id. */
  readonly user: string;
  /** Set when the app wrote it. */
  readonly bot_id?: string;
  text: string;
  blocks: readonly Block[];
  attachments: readonly Json[];
  metadata?: Json;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean;
  /** Seconds with micros, as `ts`, of the last chat.update. */
  edited?: string;
  /** Only this person sees it. */
  readonly visibleTo?: string;
  /** What people typed or chose in the message's own inputs, by user id. */
  readonly states: Map<string, StateValues>;
}

/** Slack's `state.values`: block_id -> action_id -> value. */
export type StateValues = { [blockId: string]: { [actionId: string]: Json } };

export interface OpenView {
  readonly id: string;
  readonly user: string;
  readonly type: "modal" | "home";
  /** What views.open, push, update or publish were given, with block_ids and action_ids filled in. */
  content: Json & { blocks: readonly Block[] };
  hash: string;
  values: StateValues;
  /** block_id -> sentence, from `response_action: errors` or from the client's own checks. */
  errors: { [blockId: string]: string };
  readonly root: string;
  readonly previous: string | null;
  /** The conversation in front of the person when the modal was opened. */
  readonly channel?: string;
}

export interface Trigger {
  readonly id: string;
  readonly user: string;
  /** Milliseconds. */
  readonly made: number;
  exchanged: boolean;
  /** The modal in which it arose. */
  readonly view?: string;
  readonly channel?: string;
}

export interface ResponseUrl {
  readonly id: string;
  readonly user: string;
  readonly channel: string;
  /** Milliseconds. */
  readonly made: number;
  uses: number;
  /** The message that was clicked. */
  readonly message?: string;
  readonly thread_ts?: string;
}

/**
 * What goes wrong on purpose. `method` is a Web API method, `response_url`, or `*`; `times` counts down and the fault goes at nought
 * (left out: it stays until removed from the list). `rateLimit` answers 429 with `Retry-After` (seconds), `fail` an HTTP status before
 * anything is done, `refuse` Slack's own `{ok: false, error}`, `delay` waits before doing it. Those after delivery do what was asked, and then cut the
 * connection, answer an HTTP status, send half of the answer, or never answer. A `rateLimit` without `retryAfter` sends no such header.
 */
export type Fault = { readonly method: string; readonly channel?: string; times?: number } & (
  | { readonly type: "rateLimit"; readonly retryAfter?: number }
  | { readonly type: "fail"; readonly status: number }
  | { readonly type: "refuse"; readonly error: string }
  | { readonly type: "delay"; readonly ms: number }
  | { readonly type: "dropAfterDelivery" }
  | { readonly type: "failAfterDelivery"; readonly status: number }
  | { readonly type: "truncateAfterDelivery" }
  | { readonly type: "hangAfterDelivery" }
);

/** One Web API call that was answered, for tests that ask what the app did. */
export interface Call {
  readonly method: string;
  readonly args: Json;
  readonly ok: boolean;
  readonly error?: string;
}

/** A message that the app has posted, or one that was changed or deleted; `before` is how it stood. */
export type MessageNews =
  | { readonly type: "posted"; readonly channel: Channel; readonly message: Message }
  | { readonly type: "changed"; readonly channel: Channel; readonly message: Message; readonly before: Message }
  | { readonly type: "deleted"; readonly channel: Channel; readonly before: Message };

export interface AppIdentity {
  readonly id: string;
  readonly name: string;
  readonly botId: string;
  readonly botUser: string;
  /** Slash commands with their leading `/`; when left out every command reaches the app. */
  readonly commands?: readonly {
    readonly command: string;
    readonly hint?: string;
    readonly description?: string;
    /** Mentions reach the app as ids, as in an app manifest; left out: as they were typed. */
    readonly should_escape?: boolean;
  }[];
  readonly shortcuts?: readonly { readonly callback_id: string; readonly name: string; readonly description?: string }[];
  /** Event subscriptions, as in an app manifest. */
  readonly events: readonly string[];
  /** Scopes of the bot token, which every answer of the Web API names; when left out none does. */
  readonly scopes?: readonly string[];
}

export interface World {
  readonly team: Team;
  readonly app: AppIdentity;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  /** Person -> their modals, the lowest first. */
  readonly modals: Map<string, OpenView[]>;
  /** Person -> their App Home. */
  readonly homes: Map<string, OpenView>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  /** Options the app has offered: `user place block_id action_id` -> option value -> option. Only these can be chosen. */
  readonly offered: Map<string, Map<string, Json>>;
  /** `user channel` -> ts up to which the person has read. */
  readonly read: Map<string, string>;
  readonly faults: Fault[];
  readonly calls: Call[];
  /** Why the app's token opens nothing (`token_revoked`, `account_inactive`); null: it does. */
  token: string | null;
  /** Whether Slack's rate limits hold; see rate-limits.ts. */
  rateLimits: boolean;
  /** When the calls of each rate limit were made, in milliseconds. */
  readonly recent: Map<string, number[]>;
  /** Hears of what happens to messages that everybody in the channel can see, for the events that Slack sends about them. */
  announce: (news: MessageNews) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Rises with every change. */
  version: number;
  readonly watchers: Set<(version: number) => void>;
  /** Counts ids and keeps timestamps apart. */
  serial: number;
  lastTs: number;
}
