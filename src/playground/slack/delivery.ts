/** Carrying what Slack sends to the app: signed as Slack signs it, and given up after Slack's three seconds. */
import { createHmac } from "node:crypto";
import { EVENT_RETRY_AFTER_MS, LIMIT } from "./limits.ts";

export interface Outgoing {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
export interface Incoming {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Takes one signed request to the app and brings back its answer. Rejects when the app can't be reached or `signal` fires. */
export type Deliver = (request: Outgoing, signal: AbortSignal) => Promise<Incoming>;

/** What became of a request: the app's answer, or Slack's name for there being none. */
export type Delivered =
  | { readonly ok: true; readonly answer: Incoming }
  | { readonly ok: false; readonly error: string; readonly answer?: Incoming };

/**
 * The value of `X-Slack-Signature`, version 0: HMAC-SHA256 over `v0:<timestamp>:<raw body>`, in hex (docs.slack.dev/authentication/
 * verifying-requests-from-slack). `timestamp` is in Unix seconds.
 */
export function sign(signingSecret: string, timestamp: number, body: string): string {
  return `v0=${createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}

/** The headers of a request signed at `timestamp` (Unix seconds; now when left out). */
export function signedHeaders(
  signingSecret: string,
  body: string,
  contentType: string,
  timestamp = Math.floor(Date.now() / 1000),
): Record<string, string> {
  return {
    "content-type": contentType,
    "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    "x-slack-request-timestamp": String(timestamp),
    "x-slack-signature": sign(signingSecret, timestamp, body),
  };
}

/** Delivers by POST to the app's request URL. */
export const deliverTo =
  (eventsUrl: string | (() => string)): Deliver =>
  async ({ headers, body }, signal) => {
    const response = await fetch(typeof eventsUrl === "string" ? eventsUrl : eventsUrl(), {
      method: "POST",
      headers,
      body,
      signal,
      redirect: "manual",
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };

export interface Carrier {
  /** A slash command's fields, or an interactive payload as `payload=`. */
  form(fields: Record<string, string>): Promise<Delivered>;
  payload(payload: object): Promise<Delivered>;
  /** An event; when it is not taken, it comes again at once, after a minute and after five, with X-Slack-Retry-Num and -Reason. */
  event(envelope: object): Promise<Delivered>;
  /** Gives up what was to be delivered again. */
  stop(): void;
}

export function carrier(signingSecret: string, deliver: Deliver, retryAfterMs: readonly number[] = EVENT_RETRY_AFTER_MS): Carrier {
  const waiting = new Set<NodeJS.Timeout>();
  let stopped = false;

  const send = async (body: string, contentType: string, more: Record<string, string> = {}): Promise<Delivered> => {
    const signal = AbortSignal.timeout(LIMIT.answerMs);
    try {
      const headers = { ...signedHeaders(signingSecret, body, contentType), ...more };
      const answer = await Promise.race([deliver({ headers, body }, signal), over(signal)]);
      return answer.status >= 200 && answer.status < 300 ? { ok: true, answer } : { ok: false, error: `http_${answer.status}`, answer };
    } catch {
      return { ok: false, error: signal.aborted ? "operation_timeout" : "dispatch_failed" };
    }
  };

  const again = (body: string, attempt: number, last: Delivered): void => {
    const pause = retryAfterMs[attempt];
    if (stopped || last.ok || pause === undefined || last.answer?.headers.get("x-slack-no-retry") === "1") return;
    const reason = last.error === "operation_timeout" ? "http_timeout" : last.answer ? "http_error" : "connection_failed";
    const timer = setTimeout(() => {
      waiting.delete(timer);
      const numbered = { "x-slack-retry-num": String(attempt + 1), "x-slack-retry-reason": reason };
      void send(body, "application/json", numbered).then((outcome) => again(body, attempt + 1, outcome));
    }, pause);
    timer.unref();
    waiting.add(timer);
  };

  return {
    form: (fields) => send(new URLSearchParams(fields).toString(), "application/x-www-form-urlencoded"),
    payload: (payload) => send(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), "application/x-www-form-urlencoded"),
    event: async (envelope) => {
      const body = JSON.stringify(envelope);
      const outcome = await send(body, "application/json");
      again(body, 0, outcome);
      return outcome;
    },
    stop: () => {
      stopped = true;
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
}

/** Rejects when the time is over, also for a `deliver` that does not heed its signal. */
const over = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("operation_timeout")), { once: true });
  });
