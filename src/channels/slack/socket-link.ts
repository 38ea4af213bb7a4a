/**
 * One link of Socket Mode, from asking for its address to its end. Slack's own client (@slack/socket-mode 3.1) opens the socket and pings; what it
 * does besides is left unused, because it goes wrong there: it reconnects late and twice, closes at a warning before what is under way was answered,
 * rejects with `undefined`, and tells payloads to its logger.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Logger } from "@slack/bolt";
import { LogLevel } from "@slack/bolt";
import { SocketModeClient } from "@slack/socket-mode";
import { type Frame, readFrame } from "./socket-frame.ts";

export interface LinkOptions {
  /** App-level token with connections:write. */
  readonly appToken: string;
  /** Another root of the Web API; null: slack.com. */
  readonly apiUrl: string | null;
}

/** What a link tells; none of it may throw. */
export interface LinkEars {
  /** Something came: a frame, a ping, or the answer to a ping of ours. */
  alive(): void;
  frame(frame: Frame): void;
  /** Once, and nothing after it. `error`: why Slack gave no address; undefined: the socket is gone. */
  ended(error: unknown): void;
}

export interface Link {
  /** Acknowledges an envelope, with what Slack is to be answered; false: the link carries nothing any more. */
  acknowledge(envelope: string, answer?: unknown): boolean;
  /** Ends in order: what was sent before still arrives. */
  close(): void;
  /** Ends at once, whatever the other side does. */
  drop(): void;
}

/** For `apps.connections.open`. */
const ADDRESS_WITHIN_MS = 10_000;
/** The client pings each third of this and gives up after it; the watch of ours is the stricter one. */
const PONG_WITHIN_MS = 15_000;
const BEATS = ["undici:websocket:ping", "undici:websocket:pong"] as const;

/** The client tells whole payloads; whatever of its words matters is logged by those who keep the links. */
const MUTE: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** What the client keeps to itself of its socket, and has no other door to. */
interface Insides {
  readonly websocket: unknown;
  readonly closeHandshakeTimeout?: NodeJS.Timeout;
}

class Client extends SocketModeClient {
  readonly #hear: (data: string) => void;

  constructor({ appToken, apiUrl }: LinkOptions, abort: AbortSignal, hear: (data: string) => void) {
    super({
      appToken,
      autoReconnectEnabled: false,
      clientPingTimeout: PONG_WITHIN_MS,
      logger: MUTE,
      clientOptions: {
        ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
        fetch: (url, init) => fetch(url, { ...init, signal: init?.signal ? AbortSignal.any([abort, init.signal]) : abort } as RequestInit),
        rejectRateLimitedCalls: true,
        retryConfig: { retries: 0 },
        timeout: ADDRESS_WITHIN_MS,
        allowAbsoluteUrls: false,
      },
    });
    this.#hear = hear;
  }

  /** In place of the client's own reading, which closes the link at once when Slack only warns, and falls over misshapen frames. */
  protected override async onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    if (!isBinary && typeof data === "string") this.#hear(data);
  }

  /** The socket with which undici announces pings. */
  get socket(): unknown {
    return this.#insides?.websocket ?? null;
  }

  /** Closing a socket that is not open yet leaves a timer of 30 s behind (node-slack-sdk issue 2771), which would hold up the end of the process. */
  tidy(): void {
    clearTimeout(this.#insides?.closeHandshakeTimeout);
  }

  get #insides(): Insides | undefined {
    return this.websocket as unknown as Insides | undefined;
  }
}

/** Begins to open a link; what comes of it is told to `ears`. */
export function openLink(options: LinkOptions, ears: LinkEars): Link {
  const abort = new AbortController();
  let over = false;
  const client = new Client(options, abort.signal, (data) => {
    if (over) return;
    ears.alive();
    ears.frame(readFrame(data));
  });
  const beat = (message: unknown) => {
    const of = (message as { readonly websocket?: unknown }).websocket;
    if (!over && of !== undefined && of === client.socket) ears.alive();
  };
  for (const name of BEATS) subscribe(name, beat);

  const end = (error: unknown) => {
    setImmediate(() => client.tidy());
    if (over) return;
    over = true;
    for (const name of BEATS) unsubscribe(name, beat);
    ears.ended(error);
  };
  client.on("authenticated", ({ url }: { readonly url?: string }) => {
    if (over) throw new Error("given up");
    if ((options.apiUrl ?? "https:").startsWith("https:") && !url?.startsWith("wss:")) throw new Error("an address without TLS");
  });
  // The last moment before the socket is made: a link that was given up meanwhile must not come to life.
  client.on("connecting", () => {
    if (over) throw new Error("given up");
  });
  client.on("disconnected", () => end(undefined));
  client.start().catch((error: unknown) => end(error));

  return {
    acknowledge(envelope, answer) {
      if (over || !client.websocket?.isActive()) return false;
      const payload = typeof answer === "string" ? { text: answer } : answer;
      let sent = true;
      client.websocket.send(JSON.stringify({ envelope_id: envelope, payload }), (error) => {
        sent = error === undefined;
      });
      return sent;
    },
    close: () => client.websocket?.disconnect(),
    drop() {
      abort.abort();
      client.websocket?.disconnect();
      // The second time it doesn't wait for the other side.
      if (!over) client.websocket?.disconnect();
      end(undefined);
    },
  };
}
