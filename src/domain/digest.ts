/**
 * When a new task comes as a card of its own and when as a row of a digest: a place (a person's direct message, a channel) takes so many messages at
 * once and then one a minute, however many tasks somebody files.
 */

/** Cards of their own that may come at once: what people still read one by one, and more than a usual day brings in the same minute. */
export const CARDS_AT_ONCE = 3;

/** In the long run one message a minute: whoever works through them isn't overtaken by notifications. */
export const REFILL_MS = 60_000;

/** The last message is kept for a digest, so that what comes when the cards are used up always has a place. */
const FULL = CARDS_AT_ONCE + 1;

/** What a place has left: the same as the instant at which it will have everything again. */
export interface Allowance {
  readonly fullAt: Date;
  /** The digest that was opened there last; null: none yet. */
  readonly digest: OpenDigest | null;
}

export interface OpenDigest {
  readonly id: string;
  readonly openedAt: Date;
  /** False: its message isn't there (yet). */
  readonly stands: boolean;
}

/** A task that has no copy at the place yet. */
export interface Arriving {
  /** From when on the place has been asked. */
  readonly askedSince: Date;
  /** How many new tasks wait to be posted there right now, this one included. */
  readonly together: number;
}

/** `fullAt`: what is left after the message that it costs; a task that joins costs none. */
export type Arrangement =
  | { readonly type: "alone"; readonly fullAt: Date }
  | { readonly type: "opens"; readonly fullAt: Date }
  | { readonly type: "joins"; readonly digest: string };

/** `allowance` null: nothing was ever posted there. `now` is the database's time. */
export function arrange(allowance: Allowance | null, { askedSince, together }: Arriving, now: Date): Arrangement {
  const fullAt = Math.max(allowance?.fullAt.getTime() ?? 0, now.getTime());
  const left = FULL - (fullAt - now.getTime()) / REFILL_MS;
  const digest = allowance?.digest ?? null;
  if (digest && joins(digest, { askedSince, left, now })) return { type: "joins", digest: digest.id };
  const after = new Date(fullAt + REFILL_MS);
  return { type: together > CARDS_AT_ONCE || left < 2 ? "opens" : "alone", fullAt: after };
}

/**
 * Nobody hears of a task that joins a digest which stands already. So that nothing new stays unseen, it may only do so within the minute in which the
 * digest itself was news: when nothing else is left, or when it was waiting by then.
 */
function joins({ openedAt, stands }: OpenDigest, it: { readonly askedSince: Date; readonly left: number; readonly now: Date }): boolean {
  if (!stands) return true;
  const isNews = it.now.getTime() - openedAt.getTime() < REFILL_MS;
  return isNews && (it.left < 1 || it.askedSince <= openedAt);
}
