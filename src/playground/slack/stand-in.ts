/**
 * A local stand-in for Slack: the part of the Web API that an app of this kind uses, with Slack's limits, and people who act in it. What it
 * sends to the app is signed and comes over real HTTP. Used by the playground's page and by tests.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Actor, actor } from "./actor.ts";
import type { Slack } from "./acts.ts";
import { carrier, type Deliver, deliverTo, signedHeaders } from "./delivery.ts";
import { eventCallback, hears, newsEvent } from "./envelope.ts";
import { page } from "./page-endpoints.ts";
import { responseUrl } from "./response-urls.ts";
import { newTrigger } from "./triggers.ts";
import { type Upheavals, upheavals } from "./upheavals.ts";
import { answer, webApi } from "./web-api.ts";
import { startWorld } from "./workspace.ts";
import type { AppIdentity, ChannelSeed, Team, UserSeed, World } from "./world.ts";

export interface StandInOptions {
  readonly botToken: string;
  readonly signingSecret: string;
  /** The app's request URL for commands, interactivity and events; a function when it is known only later. */
  readonly eventsUrl?: string | (() => string);
  /** Instead of `eventsUrl`: carries each signed request itself. */
  readonly deliver?: Deliver;
  readonly team: Team;
  readonly users: readonly UserSeed[];
  readonly channels: readonly ChannelSeed[];
  readonly app?: Partial<AppIdentity>;
  /** Milliseconds since 1970; signatures always carry the real time, since the app checks them against it. */
  readonly clock?: () => number;
  /** Where it is mounted, e.g. `http://127.0.0.1:3000/playground/slack`; a function when it is known only later. Not needed with `listen`. */
  readonly url?: string | (() => string);
  /** Whether Slack's rate limits hold; `world.rateLimits` switches them later. Off when left out. */
  readonly rateLimits?: boolean;
  /** Whether the app hears of its own messages and their changes in conversations it subscribes to, as it does in Slack. On when left out. */
  readonly ownMessageEvents?: boolean;
  /** Pauses before an event that was not taken is delivered again; Slack's own when left out. */
  readonly eventRetriesMs?: readonly number[];
}

export interface StandIn {
  readonly world: World;
  /** Serves `<mount>/api/<method>`, `<mount>/response/<id>` and `<mount>/page/<name>`. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Listens by itself on a free loopback port; `url` has no slash at its end, the Web API's root is `${url}/api/`. */
  listen(): Promise<{ readonly url: string; close(): Promise<void> }>;
  actAs(user: string): Actor;
  /** Channels close, accounts are switched off, the token is taken away. */
  readonly upheavals: Upheavals;
  /** Called with the new version after each change, until the answered function is called. */
  onChange(listener: (version: number) => void): () => void;
  /** Headers of a request to the app as Slack would sign it; `timestamp` in Unix seconds. For tests that forge. */
  sign(body: string, timestamp?: number, contentType?: string): Record<string, string>;
  /** A trigger_id as a fresh interaction of this person would carry; `view`: the modal it arose in. */
  trigger(user: string, view?: string): string;
  /** Gives up events that were to be delivered again. */
  stop(): void;
}

const APP: AppIdentity = {
  id: "A0STANDIN",
  name: "Latchkey",
  botId: "B0STANDIN",
  botUser: "U0STANDIN",
  events: ["app_home_opened", "message.im"],
};

export function standIn(options: StandInOptions): StandIn {
  const deliver = options.deliver ?? (options.eventsUrl === undefined ? undefined : deliverTo(options.eventsUrl));
  if (!deliver) throw new Error("a stand-in for Slack needs `eventsUrl` or `deliver`");
  const world = startWorld({ ...options, app: { ...APP, ...options.app }, now: options.clock ?? Date.now });
  let listeningAt: string | undefined;
  const mounted = () => (typeof options.url === "function" ? options.url() : options.url);
  const base = () => (listeningAt ?? mounted() ?? "").replace(/\/$/, "");
  const slack: Slack = { world, carrier: carrier(options.signingSecret, deliver, options.eventRetriesMs), base };

  world.rateLimits = options.rateLimits ?? false;
  if (options.ownMessageEvents ?? true) {
    world.announce = (news) => {
      if (hears(world, news.channel)) void slack.carrier.event(eventCallback(world, newsEvent(world, news)));
    };
  }

  const answering = new Set<ServerResponse>();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (!request.url?.includes("/page/events")) {
      answering.add(response);
      response.once("close", () => answering.delete(response));
    }
    route(slack, options.botToken, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else
        answer(response, error instanceof Error && error.message === "request_too_large" ? 413 : 500, {
          ok: false,
          error: "internal_error",
        });
    });
  };

  return {
    world,
    handle,
    listen: async () => {
      const server = createServer(handle);
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      listeningAt = url;
      const close = async () => {
        slack.carrier.stop();
        // Calls under way are answered first, so that the app does not see its last one cut off.
        await Promise.all([...answering].map((response) => once(response, "close")));
        const closed = once(server, "close");
        server.close();
        server.closeAllConnections();
        await closed;
      };
      return { url, close };
    },
    actAs: (user) => actor(slack, user),
    upheavals: upheavals(slack),
    onChange: (listener) => {
      world.watchers.add(listener);
      return () => world.watchers.delete(listener);
    },
    sign: (body, timestamp, contentType = "application/x-www-form-urlencoded") =>
      signedHeaders(options.signingSecret, body, contentType, timestamp),
    trigger: (user, view) => newTrigger(world, user, view === undefined ? {} : { view }),
    stop: () => slack.carrier.stop(),
  };
}

async function route(slack: Slack, botToken: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (isForeign(request)) return answer(response, 403, { ok: false, error: "foreign_origin" });
  const { pathname } = new URL(request.url ?? "", "http://stand-in");
  const [, area, rest = ""] = /(?:^|\/)(api|response|page)\/([^/]+)$/.exec(pathname) ?? [];
  const isPost = request.method === "POST";
  if (area === "page") return page(slack, rest, request, response);
  if (area === "api" && (isPost || request.method === "GET")) return webApi(slack.world, botToken, rest, request, response);
  if (area === "response" && isPost) return responseUrl(slack.world, rest, request, response);
  answer(response, 404, { ok: false, error: "not_found" });
}

/** A browser page of another site says so in its Origin header; programs send none. */
function isForeign(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
