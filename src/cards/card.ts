/**
 * The vocabulary of cards: data, drawn from state; Block Kit and (later) Adaptive Cards are two printings of it.
 * Nothing in it is markup: a string is shown letter by letter, whoever wrote it. Escaping and clipping happen in the printers and nowhere else.
 */
import type { LineVerb, Verb } from "../domain/commands.ts";

/**
 * A piece of a sentence: literal text, a name or number that stands out, an instant shown in the reader's own time zone, or a mention that notifies whom
 * it names. `user` is a linked login of the place where the card goes, never anything that somebody typed; `mention` is the name.
 */
export type Piece =
  | string
  | { readonly strong: string }
  | { readonly at: Date; readonly show: "date" | "time" }
  | { readonly mention: string; readonly user: string };
export type Text = readonly Piece[];

/** `spare`: where a place hasn't room for the whole card, this is what goes first, the last of it before the others. */
export type Block =
  | { readonly type: "text"; readonly text: Text; readonly spare?: true }
  /** Smaller and paler: history, hints. */
  | { readonly type: "note"; readonly text: Text; readonly spare?: true }
  | { readonly type: "facts"; readonly facts: readonly Fact[]; readonly spare?: true }
  /** Lines to copy, shown exactly, in a fixed-width font. */
  | { readonly type: "copy"; readonly label: string; readonly text: string }
  /** Something that must not be overlooked: risk, an error, a reason. */
  | { readonly type: "warning"; readonly text: Text }
  | { readonly type: "heading"; readonly text: string }
  | { readonly type: "divider" }
  | { readonly type: "buttons"; readonly buttons: readonly Button[] };

export interface Fact {
  readonly label: string;
  readonly value: Text;
}

export interface Card {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** One line for notifications and for clients that can't draw the card. */
  readonly summary: string;
  /** Opens the whole of it; drawn only where some of it had no room. Left out: the whole stands nowhere else. */
  readonly rest?: Button;
}

/** What a button does: an act on a task, or opening something. It carries a verb, an id and a version; never a right, never a name. */
export type Action =
  | { readonly kind: "act"; readonly verb: Verb; readonly task: string; readonly face: number }
  /** Withdraw, nudge, cancel: an act on a line as a whole, by its id. */
  | { readonly kind: "act-on-line"; readonly verb: LineVerb; readonly line: string }
  /** The whole card of a task, for this reader alone; `page` counts from 0, left out: the first. */
  | { readonly kind: "show"; readonly task: string; readonly page?: number }
  /** All of the request of the line with that number. */
  | { readonly kind: "show-request"; readonly number: number; readonly page?: number }
  /** `line`: asked for again, so that the form comes filled in. */
  | { readonly kind: "ask"; readonly application: string | null; readonly line?: string }
  /** Another page of a long list of the App Home. */
  | { readonly kind: "page"; readonly list: HomeList; readonly page: number };

/** `late`: the administrators' list. */
export type HomeList = "tasks" | "requests" | "access" | "late";

export interface Button {
  readonly label: string;
  readonly tone: "go" | "stop" | "plain";
  readonly action: Action;
  /** What a screen reader says instead of the bare label, such as "Approve request 12". */
  readonly spoken: string;
}
