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

/**
 * What came of a delivery. `later`: nothing was delivered as far as known, try again after that many milliseconds; `unsent`: and surely nothing was.
 * `unreachable`: trying again doesn't help until somebody mends it (bot not in the channel, user gone); `why` is the platform's own word.
 */
export type Delivery<T> =
  | { readonly type: "done"; readonly value: T }
  | { readonly type: "later"; readonly afterMs: number; readonly why: string; readonly unsent?: true }
  | { readonly type: "unreachable"; readonly why: string };

export interface Channel {
  readonly platform: "slack";
  /**
   * `key` names the card and its place, so that a send whose outcome is unknown can be found again. `perhapsSent`: an earlier call under that key,
   * perhaps of another process, may have sent it, so what stands there already is looked for first. What is found is drawn anew: it may show an
   * older state. A channel remembers no earlier calls itself.
   */
  post(to: Destination, card: Card, key: string, perhapsSent?: boolean): Promise<Delivery<Posted>>;
  redraw(at: Posted, card: Card): Promise<Delivery<null>>;
  /** Publishes a person's home page, where the platform has one. */
  home(home: string, user: string, card: Card): Promise<Delivery<null>>;
  /** The directory's word on a login; null: it doesn't know it. */
  userById(home: string, user: string): Promise<Delivery<ChatUser | null>>;
  userByEmail(home: string, email: string): Promise<Delivery<ChatUser | null>>;
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
