/** What Latchkey needs of the outside, on one page. Each port has one contract suite, run on every implementation. */
import type { Card } from "./cards/card.ts";
import type { Order } from "./domain/line.ts";

/** A login on one platform, as the platform's own directory describes it now. */
export interface ChatUser {
  readonly platform: "slack";
  /** Slack team id. */
  readonly home: string;
  readonly user: string;
  readonly email: string | null;
  /** A full member of the company's own workspace; guests, bots, strangers and deactivated users are not. */
  readonly standing: "member" | "guest" | "external" | "bot" | "deactivated";
}

/** Where a card goes: one person's direct conversation, a channel by name or id, or the thread below a message that stands. */
export type Destination =
  | { readonly kind: "direct"; readonly home: string; readonly user: string }
  | { readonly kind: "channel"; readonly home: string; readonly channel: string }
  /** `broadcast`: shown in the conversation too, where nobody is mentioned who would be notified. */
  | {
      readonly kind: "thread";
      readonly home: string;
      readonly conversation: string;
      readonly message: string;
      readonly broadcast: boolean;
    };

/** Where a card stands. */
export interface Posted {
  readonly home: string;
  readonly conversation: string;
  readonly message: string;
}

/** Why a delivery was not even tried: it is not its `turn` under the platform's limits, or the platform has `shut` the app out until somebody mends it. */
export type Held = "turn" | "shut";

/**
 * What came of a delivery. `later`: nothing was delivered as far as known, try again after that many milliseconds; `unsent`: and surely nothing was.
 * `unreachable`: trying again doesn't help until somebody mends it (bot not in the channel, user gone); `why` is the platform's own word.
 */
export type Delivery<T> =
  | { readonly type: "done"; readonly value: T }
  | { readonly type: "later"; readonly afterMs: number; readonly why: string; readonly unsent?: true; readonly held?: Held }
  | { readonly type: "unreachable"; readonly why: string };

/** How urgent a delivery is where the platform limits how much may go out: outcomes before cards, cards before what nobody waits for. */
export type Urgency = "outcome" | "card" | "bulk";

export interface Channel {
  readonly platform: "slack";
  /**
   * `key` names the card and its place, so that a send whose outcome is unknown can be found again. `perhapsSent`: an earlier call under that key,
   * perhaps of another process, may have sent it, so what stands there already is looked for first. What is found is drawn anew: it may show an
   * older state. A channel remembers no earlier calls itself.
   */
  post(to: Destination, card: Card, key: string, perhapsSent?: boolean, urgency?: Urgency): Promise<Delivery<Posted>>;
  redraw(at: Posted, card: Card, urgency?: Urgency): Promise<Delivery<null>>;
  /** Publishes a person's home page, where the platform has one. */
  home(home: string, user: string, card: Card, urgency?: Urgency): Promise<Delivery<null>>;
  /** The directory's word on a login; null: it doesn't know it. */
  userById(home: string, user: string): Promise<Delivery<ChatUser | null>>;
  userByEmail(home: string, email: string): Promise<Delivery<ChatUser | null>>;
  /** A channel by name or id, as it is now; null: there is none that the app can see. */
  room(home: string, channel: string): Promise<Delivery<Room | null>>;
  /** The platform's word for why it lets the app do nothing (token revoked, app uninstalled), as last heard; null: it is let in. Deliveries give `later` then. */
  shut(): string | null;
  /** Asks the platform whether the app is let in; `shut` says so afterwards. */
  knock(): Promise<void>;
}

/** A channel of the platform. */
export interface Room {
  readonly conversation: string;
  readonly name: string;
  /** Why no card can go there, in the platform's word; null: it can. */
  readonly why: string | null;
}

/** What a connector makes of an order. Repeats are safe. `by-hand`: people have to do it, so a fulfilment task is opened. Connectors that do it themselves add their outcomes here. */
export type Outcome = { readonly type: "by-hand" };

export interface Connector {
  carryOut(order: Order): Promise<Outcome>;
}

/** pino's shape; free text from people never goes into it. */
export interface Log {
  debug(about: object, message: string): void;
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

/** What kind of envelope came from a chat. */
export type EnvelopeKind = "command" | "shortcut" | "button" | "form" | "options" | "message" | "event" | "other";

/** What became of its acknowledgement. `late`: the chat was told that the work goes on; `failed`: that it went wrong; `unanswered`: it heard nothing. */
export type AckOutcome = "answered" | "late" | "failed" | "unanswered";

/**
 * What this process says of itself to whoever watches it. Words that are passed in come from short lists in the code, never from a person, and no id is
 * among them. Nothing here throws or waits.
 */
export interface Meters {
  acknowledged(kind: EnvelopeKind, outcome: AckOutcome, seconds: number): void;
  /** Turned away at the door: not signed, too large, misshapen; `status` is the HTTP status of the answer. */
  turnedAway(status: number): void;
  /** One verb, and the name of its answer or refusal. */
  operated(verb: string, result: string, seconds: number): void;
  /** Somebody else was faster, so a change is tried again. */
  conflicted(of: "ask" | "act" | "clock"): void;
  /** Kinds of events that are committed now. */
  happened(events: readonly string[]): void;
  /** What came of a call that shows something in the chat. */
  delivered(act: "post" | "redraw" | "home", outcome: "done" | "later" | "unreachable", seconds: number): void;
  /** How an effect of the outbox ended; `failed`: by a fault of our own, and it is tried again. */
  carriedOut(effect: string, outcome: "done" | "later" | "failed" | "dead"): void;
  /** A call to the chat waited for its turn, because the chat allows so many and no more. */
  heldBack(method: string, seconds: number): void;
  /** The chat itself said that there were too many calls. */
  limited(method: string): void;
  /** Links to the chat that are up now. */
  linked(up: number): void;
  /** A link went down before another one took its place. */
  unlinked(): void;
  /** The clocks were looked at. */
  ticked(outcome: "done" | "failed", seconds: number): void;
  /** The database was asked a small question; null: it did not answer. */
  asked(seconds: number | null): void;
}
