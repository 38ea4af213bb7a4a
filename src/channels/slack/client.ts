/** Two clients for Slack's Web API, and what its errors mean for a delivery. */
import type { Logger } from "@slack/bolt";
import { LogLevel } from "@slack/bolt";
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError, WebClient } from "@slack/web-api";
import type { Delivery, Held, Log } from "../../ports.ts";
import { LIMIT } from "./limits.ts";

export interface Clients {
  /** For what a person waits for: no queue, no second try, given up while the trigger still lives. */
  readonly interactive: WebClient;
  /** For cards: the outbox tries again, so the client doesn't. */
  readonly delivery: WebClient;
}

export interface ClientOptions {
  readonly botToken: string;
  /** Another root of the Web API; unset: slack.com. */
  readonly apiUrl: string | null;
  readonly log: Log;
  /** Milliseconds after which a delivery's outcome counts as unknown; left out: ten seconds. */
  readonly timeoutMs?: number;
}

const DELIVERY_TIMEOUT_MS = 10_000;
/** So many calls may be under way at once; what a person waits for never stands behind others. */
const INTERACTIVE_AT_ONCE = 1_000;

export function clients({ botToken, apiUrl, log, timeoutMs = DELIVERY_TIMEOUT_MS }: ClientOptions): Clients {
  const options = {
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    allowAbsoluteUrls: false,
    logger: quietLogger(log),
  };
  return {
    interactive: new WebClient(botToken, { ...options, timeout: LIMIT.answerMs, maxRequestConcurrency: INTERACTIVE_AT_ONCE }),
    delivery: new WebClient(botToken, { ...options, timeout: timeoutMs }),
  };
}

/** Passes warnings and errors on, without what they carry: payloads and response_urls have no place in a log. */
export function quietLogger(log: Log): Logger {
  // The head of a sentence only: after it come messages of errors, addresses and bodies.
  const first = (said: readonly unknown[]) =>
    typeof said[0] === "string" ? (/^[\w ,.'-]{0,100}/.exec(said[0])?.[0] ?? "") : nameOf(said[0]);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...said: readonly unknown[]) => log.warn({ from: "slack" }, first(said)),
    error: (...said: readonly unknown[]) => log.error({ from: "slack" }, first(said)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}

/** A short name of what went wrong, without texts from people: Slack's own word, or the error's class and code. */
export function nameOf(error: unknown): string {
  if (error instanceof WebAPIPlatformError) return String(error.data.error).slice(0, 100);
  if (error instanceof WebAPIRateLimitedError) return "ratelimited";
  if (error instanceof WebAPIHTTPError) return `http_${error.statusCode}`;
  if (error instanceof HeldBack) return error.why;
  if (error instanceof WebAPIRequestError) return `no_answer: ${error.original.name}`;
  if (!(error instanceof Error)) return typeof error;
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" ? `${error.name} ${code}` : error.name;
}

/** A call that was not made: it is not its turn yet, or Slack lets the app do nothing at all. */
export class HeldBack extends Error {
  readonly afterMs: number;
  readonly why: string;
  readonly held: Held;

  constructor({ afterMs, why, held }: { readonly afterMs: number; readonly why: string; readonly held: Held }) {
    super(why);
    this.name = "HeldBack";
    this.afterMs = afterMs;
    this.why = why;
    this.held = held;
  }
}

/**
 * Slack's words for a token that opens nothing any more: revoked, or the app was uninstalled (docs.slack.dev/reference/methods/auth.test). Some of
 * them are said of people too, so auth.test is asked before they are believed.
 */
export const SHUT_OUT: readonly string[] = [
  "account_inactive",
  "access_denied",
  "invalid_auth",
  "not_authed",
  "org_login_required",
  "token_expired",
  "token_revoked",
];

/** When Slack doesn't say how long to wait: its own examples of Retry-After say 30 s (node-slack-sdk issue 1421). */
const DEFAULT_WAIT_MS = 30_000;
const AFTER_TROUBLE_MS = 5_000;

const TOO_MUCH: readonly string[] = ["ratelimited", "rate_limited", "message_limit_exceeded"];

/** Slack's words for trouble that passes by itself (docs.slack.dev/reference/methods, "common errors"). */
const PASSING: readonly string[] = [
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "accesslimited",
  "team_added_to_org",
  "external_channel_migrating",
];

/**
 * What an error means: everything that Slack refuses for a reason stays refused until somebody mends it (bot not in the channel, person gone,
 * token revoked); all else may come right by itself.
 */
export function undelivered<T>(error: unknown): Delivery<T> {
  const why = nameOf(error);
  if (error instanceof HeldBack) return { type: "later", afterMs: error.afterMs, why, unsent: true, held: error.held };
  const limited = limitOf(error);
  if (limited !== null) return { type: "later", afterMs: limited, why: error instanceof WebAPIPlatformError ? why : "ratelimited" };
  if (error instanceof WebAPIPlatformError) {
    // Slack's words are short and of one form; anything else is what a proxy said in its place.
    if (!/^[a-z][a-z0-9_]*$/.test(error.data.error)) return { type: "later", afterMs: AFTER_TROUBLE_MS, why: "not_json" };
    if (!PASSING.includes(why)) return { type: "unreachable", why };
    return { type: "later", afterMs: waitOf(error.data.response_metadata?.retryAfter), why };
  }
  return { type: "later", afterMs: AFTER_TROUBLE_MS, why };
}

/** How long Slack wants nothing more of the kind, in milliseconds; null: it didn't say that there was too much. */
export function limitOf(error: unknown): number | null {
  if (error instanceof WebAPIRateLimitedError) return waitOf(error.retryAfter);
  if (error instanceof WebAPIPlatformError)
    return TOO_MUCH.includes(error.data.error) ? waitOf(error.data.response_metadata?.retryAfter) : null;
  // A 429 without Retry-After comes as a bare Error from the client.
  return error instanceof Error && error.message.startsWith("Retry header did not contain a valid timeout") ? DEFAULT_WAIT_MS : null;
}

function waitOf(seconds: number | undefined): number {
  return seconds === undefined || !Number.isFinite(seconds) || seconds <= 0 ? DEFAULT_WAIT_MS : Math.ceil(seconds * 1000);
}

/** True when the call may have been carried out although no clear answer came back: a repeat has to look first. */
export function isAmbiguous(error: unknown): boolean {
  if (error instanceof HeldBack || limitOf(error) !== null) return false;
  // 408: a proxy's word for an answer that came too late.
  if (error instanceof WebAPIHTTPError) return error.statusCode >= 500 || error.statusCode === 408;
  return undelivered(error).type === "later";
}
