/**
 * A front of Slack's for Socket Mode: it gives addresses at `apps.connections.open`, says hello, delivers envelopes over one of the links, and does
 * what Slack's own does when it is not well. Everything else of the Web API is passed on to a stand-in.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Deliver } from "../../src/playground/slack/delivery.ts";

export type Kind = "events_api" | "interactive" | "slash_commands";

/** What came back for an envelope: its payload, or that the link ended before. */
export type Acknowledged = { readonly ok: true; readonly payload: unknown } | { readonly ok: false };

export interface FrontLink {
  readonly number: number;
  /** Whether it has not ended. */
  isOpen(): boolean;
  send(frame: unknown): void;
  /** Sends an envelope and waits for its acknowledgement, or for the link's end. */
  deliver(kind: Kind, payload: unknown, more?: object): Promise<Acknowledged>;
  /** `disconnect`, as Slack says it before it closes a link. */
  dismiss(reason: string): void;
  /** Reads and answers nothing any more, and stays open. */
  fallSilent(): void;
  /** A ping, until it is answered or the link ends. */
  beat(): Promise<void>;
  /** The connection breaks off, without a word. */
  breakOff(): void;
  close(): void;
}

/** What `apps.connections.open` does in place of giving an address. */
export type Refusal =
  | { readonly error: string }
  | { readonly status: number; readonly retryAfter?: number }
  /** An address where nobody answers. */
  | { readonly url: string };

/** What a new link hears in place of hello. */
export type Greeting = "hello" | "nothing" | "too_many_websockets" | "link_disabled";

export interface Front {
  /** The root of the Web API. */
  readonly apiUrl: string;
  /** Used once each, in order; then all is well. */
  readonly refusals: Refusal[];
  greeting: Greeting;
  /** Calls of `apps.connections.open`, with the token each bore. */
  readonly asked: string[];
  /** All links that ever were, in order. */
  readonly links: FrontLink[];
  open(): readonly FrontLink[];
  /** The links that are open, once there are so many. */
  until(count: number): Promise<readonly FrontLink[]>;
  /** For a stand-in: carries what it sends over the links, one after the other; when a link ends before the answer, over the next. */
  readonly carry: Deliver;
  close(): Promise<void>;
}

const PATIENCE_MS = 15_000;

export async function socketFront(upstream: () => string): Promise<Front> {
  const links: FrontLink[] = [];
  const asked: string[] = [];
  const refusals: Refusal[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const sockets = new WebSocketServer({ server, path: "/link", autoPong: false });
  let turn = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (status: number, body: object, headers: Record<string, string> = {}) =>
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    const body = await bodyOf(request);
    if (request.url !== "/api/apps.connections.open") return passOn(upstream(), request, body, response);
    asked.push(String(request.headers.authorization ?? "").replace(/^Bearer /, ""));
    const refusal = refusals.shift();
    if (refusal === undefined) json(200, { ok: true, url: `ws://127.0.0.1:${port}/link?ticket=${randomUUID()}` });
    else if ("url" in refusal) json(200, { ok: true, url: refusal.url });
    else if ("error" in refusal) json(200, { ok: false, error: refusal.error });
    else json(refusal.status, { ok: false }, refusal.retryAfter === undefined ? {} : { "retry-after": String(refusal.retryAfter) });
  }

  const front: Front = {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    refusals,
    greeting: "hello",
    asked,
    links,
    open: () => links.filter((link) => link.isOpen()),
    until: (count) => eventually(() => (front.open().length === count ? front.open() : undefined)),
    carry: async (request, signal) => {
      const { kind, payload } = envelopeOf(request);
      for (let attempt = 0; ; attempt++) {
        const open = front.open();
        const link = open[turn++ % Math.max(1, open.length)];
        if (signal.aborted) throw new Error("nobody acknowledged it in time");
        if (link === undefined) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          continue;
        }
        const more = attempt === 0 ? {} : { retry_attempt: attempt, retry_reason: "timeout" };
        const got = await link.deliver(kind, payload, more);
        if (got.ok)
          return {
            status: 200,
            headers: new Headers({ "content-type": "application/json" }),
            body: got.payload === undefined ? "" : JSON.stringify(got.payload),
          };
      }
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  sockets.on("connection", (socket) => {
    if (front.greeting === "too_many_websockets" || front.greeting === "link_disabled") {
      socket.send(JSON.stringify({ type: "disconnect", reason: front.greeting }));
      socket.close();
      return;
    }
    const link = frontLink(socket, links.length + 1);
    if (front.greeting === "nothing") return;
    links.push(link);
    const debug_info = { host: "applink-test", build_number: 1, approximate_connection_time: 18_060 };
    link.send({ type: "hello", num_connections: front.open().length, connection_info: { app_id: "A0STANDIN" }, debug_info });
  });
  return front;
}

function frontLink(socket: WebSocket, number: number): FrontLink {
  const waiting = new Map<string, (answer: Acknowledged) => void>();
  let silent = false;
  socket.on("message", (data: Buffer) => {
    if (silent) return;
    const { envelope_id, payload } = JSON.parse(data.toString()) as { envelope_id: string; payload?: unknown };
    waiting.get(envelope_id)?.({ ok: true, payload });
    waiting.delete(envelope_id);
  });
  socket.on("ping", (data) => {
    if (!silent) socket.pong(data);
  });
  socket.on("close", () => {
    for (const tell of waiting.values()) tell({ ok: false });
    waiting.clear();
  });
  socket.on("error", () => {});
  const link: FrontLink = {
    number,
    isOpen: () => socket.readyState === socket.OPEN,
    send: (frame) => socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)),
    deliver: (kind, payload, more = {}) =>
      new Promise((resolve) => {
        if (!link.isOpen()) return resolve({ ok: false });
        const envelope_id = randomUUID();
        waiting.set(envelope_id, resolve);
        link.send({ envelope_id, type: kind, payload, accepts_response_payload: kind !== "events_api", ...more });
      }),
    dismiss: (reason) => link.send({ type: "disconnect", reason, debug_info: { host: "applink-test" } }),
    fallSilent: () => {
      silent = true;
      socket.pause();
    },
    beat: () =>
      new Promise((resolve) => {
        const over = () => {
          socket.off("close", over).off("pong", over);
          resolve();
        };
        socket.once("close", over).once("pong", over);
        socket.ping();
      }),
    breakOff: () => socket.terminate(),
    close: () => socket.close(),
  };
  return link;
}

/** As Slack would send over a socket what it signs over HTTP. */
function envelopeOf({ headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string }): {
  readonly kind: Kind;
  readonly payload: unknown;
} {
  if (headers["content-type"] === "application/json") return { kind: "events_api", payload: JSON.parse(body) };
  const fields = Object.fromEntries(new URLSearchParams(body));
  if (fields.payload !== undefined) return { kind: "interactive", payload: JSON.parse(fields.payload) };
  return { kind: "slash_commands", payload: fields };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function passOn(to: string, request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
  const { authorization = "", "content-type": type = "" } = request.headers;
  const url = `${to.replace(/\/api\/$/, "")}${request.url ?? ""}`;
  const answer = await fetch(url, { method: "POST", headers: { authorization, "content-type": type }, body: new Uint8Array(body) });
  response.writeHead(
    answer.status,
    Object.fromEntries(
      [...answer.headers].filter(([name]) => !/^(content-length|connection|transfer-encoding|content-encoding)$/.test(name)),
    ),
  );
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** Looks again and again until there is something. */
async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("it never came to that");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
