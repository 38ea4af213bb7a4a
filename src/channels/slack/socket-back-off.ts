/** How long to wait before a link is tried again, by what went wrong. */
import { nameOf, undelivered } from "./client.ts";

/**
 * `lost`: the socket went or Slack did not answer. `limited`: Slack said how long to wait. `full`: the app has as many links as Slack allows.
 * `off`: Socket Mode is switched off for the app. `refused`: Slack doesn't take the token.
 */
export type Setback =
  | { readonly kind: "lost" | "full" | "off" | "refused"; readonly why: string }
  | { readonly kind: "limited"; readonly why: string; readonly afterMs: number };

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
/** Slack allows ten links for one app (node-slack-sdk issue 1654): another one gets in when one of them ends. */
const FULL_MS = 15_000;
/** People have to mend it. */
const MENDED_MS = 60_000;
const LONGEST_MENDED_MS = 300_000;

/** What an end without a word means, or an error of `apps.connections.open`. */
export function setbackOf(error: unknown): Setback {
  if (error === undefined) return { kind: "lost", why: "closed" };
  const meaning = undelivered<never>(error);
  const why = nameOf(error);
  if (meaning.type === "unreachable") return { kind: "refused", why: meaning.why };
  if (meaning.type === "later" && meaning.why === "ratelimited") return { kind: "limited", why: "ratelimited", afterMs: meaning.afterMs };
  return { kind: "lost", why };
}

/** Milliseconds; `failures`: how many times in a row, this one included. `random` from 0 to 1 keeps processes apart that failed together. */
export function waitMs(setback: Setback, failures: number, random: number): number {
  const doubled = (first: number, longest: number) => Math.min(longest, first * 2 ** Math.min(failures - 1, 20));
  switch (setback.kind) {
    case "lost":
      return doubled(FIRST_MS, LONGEST_MS) * (0.5 + random / 2);
    case "full":
      return doubled(FULL_MS, LONGEST_MENDED_MS) * (0.5 + random / 2);
    case "off":
    case "refused":
      return doubled(MENDED_MS, LONGEST_MENDED_MS) * (0.5 + random / 2);
    case "limited":
      return setback.afterMs + random * FIRST_MS;
  }
}
