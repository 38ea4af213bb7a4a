/** Slack as a channel: what it offers to the wiring. Bolt stays inside this folder. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { App, HTTPReceiver } from "@slack/bolt";
import { WebAPIPlatformError } from "@slack/web-api";
import type { Operations } from "../../operations/operations.ts";
import type { Channel, Log } from "../../ports.ts";
import type { Texts } from "../../texts/texts.ts";
import { withHeldAck } from "./acks.ts";
import { slackChannel } from "./channel.ts";
import { clients, nameOf, quietLogger } from "./client.ts";
import type { Desk } from "./desk.ts";
import { admit } from "./gate.ts";
import { guardHomes, listen } from "./listeners.ts";

export interface SlackOptions {
  readonly botToken: string;
  readonly signingSecret: string;
  /** Another root of the Web API; left out: slack.com. */
  readonly apiUrl?: string | null;
  /** Ids of the workspaces whose people may act, as configured now. */
  readonly homes: () => readonly string[] | Promise<readonly string[]>;
  readonly operations: Operations;
  readonly texts: Texts;
  readonly log: Log;
  /** Milliseconds since 1970, for the age of signatures. */
  readonly now?: () => number;
}

export interface Slack {
  readonly channel: Channel;
  /** Answers `POST /slack/events`; never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Asks Slack whether the token is good; throws with a sentence when Slack says that it isn't. Slack being away is no reason not to start. */
  start(): Promise<void>;
  /** Waits until what is under way is answered, at most some seconds. */
  stop(): Promise<void>;
}

const PATH = "/slack/events";
const STOP_WITHIN_MS = 5_000;
/** Slack's words for a token that will not get better by waiting. */
const BAD_TOKEN: readonly string[] = [
  "not_authed",
  "invalid_auth",
  "account_inactive",
  "token_revoked",
  "token_expired",
  "org_login_required",
];

/** Throws when a credential is empty: with an empty secret anybody could sign. */
export function slack(options: SlackOptions): Slack {
  const { botToken, signingSecret, operations, texts, log } = options;
  if (signingSecret.trim() === "") throw new Error("SLACK_SIGNING_SECRET is empty: set it to the app's signing secret.");
  if (botToken.trim() === "") throw new Error("SLACK_BOT_TOKEN is empty: set it to the app's bot token.");

  const { interactive, delivery } = clients({ botToken, apiUrl: options.apiUrl ?? null, log });
  const desk: Desk = { operations, texts, interactive, log };
  const logger = quietLogger(log);
  const receiver = new HTTPReceiver({ signingSecret, endpoints: [PATH], logger });
  const app = new App({
    receiver,
    logger,
    // Latchkey calls Slack through its own clients; Bolt needs a token's name only.
    authorize: async () => ({ botToken }),
    convoStore: false,
    ignoreSelf: false,
    clientOptions: { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
  });
  app.error(async (error) => log.error({ why: nameOf(error) }, "Bolt met an error"));
  guardHomes(app, desk, options.homes);
  listen(app, desk);

  const underWay = new Set<Promise<unknown>>();
  const track = async (work: Promise<void>): Promise<void> => {
    underWay.add(work);
    try {
      await work;
    } finally {
      underWay.delete(work);
    }
  };
  // What follows an acknowledgement belongs to the work that a stop waits for.
  const processEvent = app.processEvent.bind(app);
  app.processEvent = (event) => track(withHeldAck(event, processEvent));
  const now = options.now ?? Date.now;

  async function pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const admitted = await admit(req, signingSecret, now());
    if (!admitted.ok) {
      log.warn({ status: admitted.status, why: admitted.why }, "turned a request away");
      return turnAway(req, res, admitted.status);
    }
    // Bolt takes the very bytes that were measured and checked, and checks them again.
    const buffered = Object.assign(req, { rawBody: admitted.body, url: PATH });
    if (res.destroyed) return;
    const closed = new Promise<void>((resolve) => res.once("close", resolve));
    receiver.requestListener(buffered, res);
    await closed;
  }

  return {
    channel: slackChannel(delivery, texts.slack),

    handle: (req, res) =>
      track(
        pass(req, res).catch((error: unknown) => {
          log.error({ why: nameOf(error) }, "a request from Slack failed");
          if (!res.headersSent) turnAway(req, res, 500);
        }),
      ),

    async start() {
      try {
        const { team_id } = await delivery.auth.test();
        log.info({ team: team_id }, "Slack knows the bot");
      } catch (error) {
        if (error instanceof WebAPIPlatformError && BAD_TOKEN.includes(error.data.error)) {
          throw new Error(`Slack refuses SLACK_BOT_TOKEN (${error.data.error}): copy the bot token of the installed app anew.`);
        }
        log.warn({ why: nameOf(error) }, "Slack did not answer at the start; cards wait");
      }
    },

    async stop() {
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_WITHIN_MS);
      });
      await Promise.race([Promise.allSettled([...underWay]), enough]);
      clearTimeout(timer);
    },
  };
}

/** An empty answer; the rest of the body is thrown away unread, so that the sender gets to see the answer. */
function turnAway(req: IncomingMessage, res: ServerResponse, status: number): void {
  req.resume();
  res.writeHead(status, { connection: "close", ...(status === 405 ? { allow: "POST" } : {}) });
  res.end();
}
