/** Slack as a channel: what it offers to the wiring. Bolt stays inside this folder. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { App, HTTPReceiver, type Receiver } from "@slack/bolt";
import { WebAPIPlatformError } from "@slack/web-api";
import type { Operations } from "../../operations/operations.ts";
import type { Channel, Log, Meters } from "../../ports.ts";
import type { Texts } from "../../texts/texts.ts";
import { failedBody, withHeldAck } from "./acks.ts";
import { type ChannelOptions, slackChannel } from "./channel.ts";
import { clients, nameOf, quietLogger } from "./client.ts";
import type { Desk } from "./desk.ts";
import { admit } from "./gate.ts";
import { hearHappenings } from "./happenings.ts";
import { guardTurns } from "./in-turn.ts";
import { guardHomes, listen } from "./listeners.ts";
import { type Links, type LinksOptions, socketLinks } from "./socket-links.ts";
import { turns } from "./turns.ts";
import { watched } from "./watched.ts";

export interface SlackOptions {
  readonly botToken: string;
  /** Slack calls us over HTTP, or `socket`: we keep links to it (Socket Mode). One of the two. */
  readonly signingSecret?: string;
  readonly socket?: SocketOptions;
  /** Another root of the Web API; left out: slack.com. */
  readonly apiUrl?: string | null;
  /** Ids of the workspaces whose people may act, as configured now. */
  readonly homes: () => readonly string[] | Promise<readonly string[]>;
  readonly operations: Operations;
  readonly texts: Texts;
  readonly log: Log;
  /** Milliseconds since 1970, for the age of signatures. */
  readonly now?: () => number;
  /** How fast cards go out; left out: as Slack's limits allow. */
  readonly pacing?: Pick<ChannelOptions, "rates" | "now">;
  /** Left out: nobody watches. */
  readonly meters?: Meters;
}

export type SocketOptions = Pick<LinksOptions, "appToken" | "trouble" | "leave" | "clock" | "random">;

export interface Slack {
  readonly channel: Channel;
  /** Answers `POST /slack/events`; never rejects. Over Socket Mode nothing may come that way: the door stays shut. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Whether what people do reaches Latchkey, as far as it can tell; over HTTP always. */
  up(): boolean;
  /** Asks Slack whether the token is good; throws with a sentence when Slack says that it isn't. Slack being away is no reason not to start. */
  start(): Promise<void>;
  /** Waits until what is under way is answered, at most some seconds. */
  stop(): Promise<void>;
}

const PATH = "/slack/events";
/** For what is under way; the links get half a second after it, and the process leaves after five. */
const STOP_WITHIN_MS = 4_000;
/** Slack's words for a token that will not get better by waiting. */
const BAD_TOKEN: readonly string[] = [
  "not_authed",
  "invalid_auth",
  "account_inactive",
  "token_revoked",
  "token_expired",
  "org_login_required",
];

const BAD_APP_TOKEN: readonly string[] = [...BAD_TOKEN, "not_allowed_token_type", "missing_scope", "no_permission"];

/** Over Socket Mode nothing is received by Bolt itself. */
const NO_RECEIVER: Receiver = { init: () => undefined, start: async () => undefined, stop: async () => undefined };

/** Throws when a credential is empty: with an empty secret anybody could sign. */
export function slack(options: SlackOptions): Slack {
  const { botToken, signingSecret = "", socket, operations, texts, log, meters } = options;
  if (!socket && signingSecret.trim() === "") throw new Error("SLACK_SIGNING_SECRET is empty: set it to the app's signing secret.");
  if (socket?.appToken.trim() === "") throw new Error("SLACK_APP_TOKEN is empty: set it to an app-level token of the app.");
  if (botToken.trim() === "") throw new Error("SLACK_BOT_TOKEN is empty: set it to the app's bot token.");

  const apiUrl = options.apiUrl ?? null;
  const { interactive, delivery } = clients({ botToken, apiUrl, log });
  const desk: Desk = { operations, texts, interactive, log };
  const logger = quietLogger(log);
  const receiver = socket ? null : new HTTPReceiver({ signingSecret, endpoints: [PATH], logger });
  const app = new App({
    receiver: receiver ?? NO_RECEIVER,
    logger,
    // Latchkey calls Slack through its own clients; Bolt needs a token's name only.
    authorize: async () => ({ botToken }),
    convoStore: false,
    ignoreSelf: false,
    extendedErrorHandler: true,
    clientOptions: { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
  });
  app.error(async ({ error, body }: { readonly error: Error; readonly body: object }) => {
    failedBody(body);
    log.error({ why: nameOf(error) }, "Bolt met an error");
  });
  guardTurns(app, desk, turns());
  guardHomes(app, desk, options.homes);
  listen(app, desk);
  const channel = slackChannel(delivery, texts.slack, { ...options.pacing, meters });
  hearHappenings(app, desk, channel);

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
  const process: typeof processEvent = (event) => withHeldAck(event, processEvent);
  app.processEvent = (event) => track(watched(event, process, meters));
  const now = options.now ?? Date.now;

  const take: LinksOptions["take"] = ({ id: _, ...envelope }, ack) => app.processEvent({ ...envelope, ack });
  const links: Links | null = socket ? socketLinks({ ...socket, apiUrl, log, take, meters }) : null;

  async function pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (!receiver) return turnAway(req, res, 404);
    const admitted = await admit(req, signingSecret, now());
    if (!admitted.ok) {
      meters?.turnedAway(admitted.status);
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
    channel,

    handle: (req, res) =>
      track(
        pass(req, res).catch((error: unknown) => {
          log.error({ why: nameOf(error) }, "a request from Slack failed");
          if (!res.headersSent) turnAway(req, res, 500);
        }),
      ),

    up: () => links?.up() ?? true,

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
      const setback = await links?.start();
      if (setback?.kind === "refused" && BAD_APP_TOKEN.includes(setback.why)) {
        links?.pause();
        throw new Error(
          `Slack refuses SLACK_APP_TOKEN (${setback.why}): copy an app-level token with the scope connections:write (Basic Information > App-Level Tokens).`,
        );
      }
    },

    async stop() {
      links?.pause();
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_WITHIN_MS);
      });
      await Promise.race([Promise.allSettled([...underWay]), enough]);
      clearTimeout(timer);
      await links?.close();
    },
  };
}

/** An empty answer; the rest of the body is thrown away unread, so that the sender gets to see the answer. */
function turnAway(req: IncomingMessage, res: ServerResponse, status: number): void {
  req.resume();
  res.writeHead(status, { connection: "close", ...(status === 405 ? { allow: "POST" } : {}) });
  res.end();
}
