/** What is known of one link, and when it counts as dead, deaf or old. */
import type { Link } from "./socket-link.ts";

export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Gives what calls it off. */
  after(ms: number, act: () => void): () => void;
}

/** Looks, one a second, in a row in which nothing came, after which a link counts as dead: Slack is pinged every five seconds. Looks and not a time: a process that slept or was busy has not listened. */
export const MOST_SILENT_LOOKS = 15;
/** A link that ends before this has failed, and another is tried later and later. */
const STEADY_MS = 30_000;
/** After this a link is replaced although nothing seems wrong with it: some carry pings and no envelopes. */
const RENEW_MS = 30 * 60_000;
/** Of two links that work, one is passed over so often in a row once in 10^15 times. */
export const MOST_PASSED_OVER = 50;

export interface Held {
  link: Link | null;
  /** When Slack said hello; null: not yet. */
  helloAt: number | null;
  heard: boolean;
  silentLooks: number;
  /** Envelopes that came over other links since one came over this. */
  passedOver: number;
  underWay: number;
  readonly renewAt: number;
  /** Slack wants it gone, or another has taken its place. */
  leaving: boolean;
  over: boolean;
  /** Calls off what waits for the link. */
  calm: () => void;
}

/** A link at its begin. `random` spreads the renewals, so that links made together don't end together. */
export function heldAt(now: number, random: number): Held {
  return {
    link: null,
    helloAt: null,
    heard: true,
    silentLooks: 0,
    passedOver: 0,
    underWay: 0,
    renewAt: now + RENEW_MS * (0.5 + random),
    leaving: false,
    over: false,
    calm: () => {},
  };
}

export function hear(held: Held): void {
  held.heard = true;
}

/** Called every second; true: the link has been silent for too long. */
export function isSilent(held: Held): boolean {
  held.silentLooks = held.heard ? 0 : held.silentLooks + 1;
  held.heard = false;
  return held.silentLooks >= MOST_SILENT_LOOKS;
}

/** Whether the link was up for long enough to count as one that works. */
export function wasSteady(held: Held, now: number): boolean {
  return held.helloAt !== null && now - held.helloAt >= STEADY_MS;
}

/** Another link brought much while this one brought nothing. */
export function isDeaf(held: Held, now: number): boolean {
  return held.passedOver >= MOST_PASSED_OVER && wasSteady(held, now);
}
