/**
 * What the playground page and the stand-in for Slack say to each other, as JSON. Types only, so that the page can import it.
 *
 * `GET page/state?user=U...` answers a `Snapshot`: everything that person could see in Slack, and nothing else.
 * `GET page/events?user=U...` is a stream of server-sent events; each `data:` line is a `Changed`. Fetch the state again when its version
 * is above the one shown (changes close together come as one event; the first event comes at once). What others have unread stands in it.
 * `POST page/act` takes an `ActRequest` as JSON and answers an `ActAnswer`, after the app has answered or Slack's 3 seconds are over.
 */
import type { KnownBlock, ModalView, PlainTextElement } from "@slack/types";

export interface Snapshot {
  readonly version: number;
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: AppOnPage;
  /** The person whose eyes these are. */
  readonly me: PersonOnPage;
  /** Everybody of the workspace, the app's bot among them; each can be acted as unless `is_bot` or `deleted`. */
  readonly people: readonly PersonOnPage[];
  /** Channels the person is a member of, then the direct message with the app (always there). */
  readonly conversations: readonly ConversationOnPage[];
  /** null: the app has published nothing for this person yet. */
  readonly home: ViewOnPage | null;
  /** The modal stack, the one in front last. Empty: no modal is open. */
  readonly modals: readonly ViewOnPage[];
}

export interface AppOnPage {
  readonly id: string;
  readonly name: string;
  readonly bot_user: string;
  readonly commands: readonly { readonly command: string; readonly hint?: string; readonly description?: string }[];
  readonly shortcuts: readonly { readonly callback_id: string; readonly name: string; readonly description?: string }[];
}

export interface PersonOnPage {
  readonly id: string;
  /** Handle, without `@`. */
  readonly name: string;
  readonly real_name: string;
  readonly title: string;
  readonly department: string;
  readonly email: string;
  readonly tz: string;
  /** By which Slack prints this person's dates and times. */
  readonly locale: string;
  /** One or two letters for the avatar. */
  readonly initials: string;
  readonly presence: "active" | "away";
  readonly is_bot: boolean;
  readonly is_guest: boolean;
  readonly deleted: boolean;
}

export interface ConversationOnPage {
  readonly id: string;
  readonly kind: "public" | "private" | "im";
  /** Channel name without `#`; the app's name for its direct message. */
  readonly name: string;
  readonly topic: string;
  readonly members: readonly string[];
  readonly bot_is_member: boolean;
  readonly is_archived: boolean;
  /** Messages of others that this person has not read, replies and ephemerals included. */
  readonly unread: number;
  /** `ts` up to which this person has read; empty: nothing yet. */
  readonly read: string;
  /**
   * The newest 200, oldest first, ephemerals to this person included. Thread replies stand under their parent; those with
   * `reply_broadcast` stand here too.
   */
  readonly messages: readonly MessageOnPage[];
}

export interface MessageOnPage {
  readonly ts: string;
  readonly channel: string;
  /** Author's user id; `USLACKBOT` for Slack's own words. */
  readonly user: string;
  readonly from_app: boolean;
  /** mrkdwn, shown when there are no blocks. */
  readonly text: string;
  /** Exactly what the app sent, with `block_id` and `action_id` filled in where it left them out. */
  readonly blocks: readonly KnownBlock[];
  readonly attachments: readonly {
    readonly color?: string;
    readonly text?: string;
    readonly fallback?: string;
    readonly blocks?: readonly KnownBlock[];
  }[];
  readonly edited: boolean;
  /** "Only visible to you". Can be dismissed with the act `dismiss`. */
  readonly ephemeral: boolean;
  /** What this person has typed or chosen in the message's own inputs. */
  readonly values: ValuesOnPage;
  readonly thread_ts?: string;
  /** A thread reply that was sent to the conversation as well. */
  readonly reply_broadcast: boolean;
  /** Thread replies, oldest first; empty on replies. */
  readonly replies: readonly MessageOnPage[];
}

export interface ViewOnPage {
  readonly id: string;
  readonly type: "modal" | "home";
  readonly hash: string;
  readonly title?: PlainTextElement;
  readonly submit?: PlainTextElement;
  readonly close?: PlainTextElement;
  readonly blocks: ModalView["blocks"] & readonly KnownBlock[];
  /** What stands in the inputs now; initial values included. The truth is kept by the server, so a reload loses nothing that was filled in. */
  readonly values: ValuesOnPage;
  /** block_id -> sentence to show under that input. */
  readonly errors: { readonly [blockId: string]: string };
}

/** block_id -> action_id -> what the input holds. */
export interface ValuesOnPage {
  readonly [blockId: string]: { readonly [actionId: string]: ValueOnPage };
}

/** `typed` is what to send back in `Values`; `options` are the chosen options with their texts (selects, radios, checkboxes). */
export interface ValueOnPage {
  readonly type: string;
  readonly typed: Typed;
  readonly options: readonly OptionOnPage[];
}

export interface OptionOnPage {
  readonly text: { readonly type: "plain_text" | "mrkdwn"; readonly text: string };
  readonly value: string;
  readonly description?: PlainTextElement;
}

/**
 * What a person puts into an input: text as it is; a number as text; a date as `YYYY-MM-DD`; a time as `HH:mm`; a date with time as Unix
 * seconds in text; a choice by its option's `value` (users, channels: their id); several choices as a list; null empties the input.
 */
export type Typed = string | readonly string[] | null;

/** block_id -> action_id -> what was put in. */
export interface Values {
  readonly [blockId: string]: { readonly [actionId: string]: Typed };
}

/** Where an element stands: in a message, or in a view (a modal's or the App Home's id). */
export type Place = { readonly channel: string; readonly message: string } | { readonly view: string };

export type Act =
  /** The whole line as typed, e.g. `/request-access salesforce`. */
  | { readonly type: "command"; readonly channel: string; readonly text: string; readonly mentions?: readonly Mention[] }
  /** A button. `values`: inputs of the same view not told yet. */
  | { readonly type: "click"; readonly in: Place; readonly block_id: string; readonly action_id: string; readonly values?: Values }
  /**
   * A choice or entry that changes at once: overflow, select, date, radio, checkboxes, and text inputs on enter or on a character. The
   * app hears of it when Slack would tell it: elements of sections and actions always, inputs only with `dispatch_action`.
   */
  | {
      readonly type: "change";
      readonly in: Place;
      readonly block_id: string;
      readonly action_id: string;
      readonly value: Typed;
      readonly values?: Values;
    }
  /** Remembers what stands in inputs, without telling the app. */
  | { readonly type: "fill"; readonly in: Place; readonly values: Values }
  /** Type-ahead of an external select; answers `options` or `option_groups`. */
  | { readonly type: "suggest"; readonly in: Place; readonly block_id: string; readonly action_id: string; readonly query: string }
  | { readonly type: "submit"; readonly view: string; readonly values?: Values }
  /** The modal's close button, or its cross with `all: true`. */
  | { readonly type: "close"; readonly view: string; readonly all?: boolean }
  /** Opens the app's Home tab, or its Messages tab. */
  | { readonly type: "home"; readonly tab?: "home" | "messages" }
  | {
      readonly type: "message";
      readonly channel: string;
      readonly text: string;
      readonly thread_ts?: string;
      readonly mentions?: readonly Mention[];
    }
  | { readonly type: "shortcut"; readonly callback_id: string }
  /** The person has looked at the conversation. */
  | { readonly type: "read"; readonly channel: string }
  | { readonly type: "dismiss"; readonly channel: string; readonly message: string };

/** Chosen from the people that the message field offers at an `@`: `text` is how it stands in what was typed, e.g. `@Omar Farouk`. */
export interface Mention {
  readonly text: string;
  /** Id of the account. */
  readonly user: string;
}

export type ActRequest = { readonly user: string } & Act;

/**
 * `seen` is what the person is told, if anything: the command's answer, or the reason of a failure in a sentence fit for a toast.
 * `errors` stand at inputs (also kept in the view). `error` is Slack's or this stand-in's name for the failure: `operation_timeout`,
 * `http_404`, `dispatch_failed`, `invalid_input`, `not_found`, `not_a_command`, `not_in_channel` ...
 */
export type ActAnswer =
  | {
      readonly ok: true;
      readonly seen?: string;
      readonly options?: readonly OptionOnPage[];
      readonly option_groups?: readonly { readonly label: PlainTextElement; readonly options: readonly OptionOnPage[] }[];
    }
  | { readonly ok: false; readonly error: string; readonly seen: string; readonly errors?: { readonly [blockId: string]: string } };

export interface Changed {
  readonly version: number;
  /** Everybody who has something unread. */
  readonly news: readonly News[];
}

/** What waits unread for one person. */
export interface News {
  readonly user: string;
  readonly unread: number;
  /** `ts` of the newest of it. */
  readonly newest: string;
  /** Where the newest of it stands. */
  readonly conversation: string;
}
