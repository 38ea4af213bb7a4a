/** The one HTTP server: routes by path, the checks of host names, and whether the process lives and is ready. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Handle = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface Routes {
  /** By path: exact, or everything below when it ends with a slash; the longest one that fits. */
  readonly [path: string]: Handle;
}

export interface HttpServer {
  readonly port: number;
  /** Adds routes; those of the same path are replaced. */
  route(routes: Routes): void;
  /** Takes no new connections, lets running answers end for up to `graceMs`, then closes. */
  close(graceMs: number): Promise<void>;
}

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Names under which requests may come (playground: loopback only); left out: any. */
  readonly hosts?: readonly string[];
}

/** Listens; rejects with the system's error (EADDRINUSE, EACCES) when it can't. */
export async function listen({ host, port, hosts }: HttpOptions): Promise<HttpServer> {
  const table = new Map<string, Handle>();
  const server = createServer((request, response) => {
    answer(table, hosts, request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else plain(response, 500, "Something went wrong.");
    });
  });
  server.headersTimeout = 15_000;
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    route: (routes) => {
      for (const [path, handle] of Object.entries(routes)) table.set(path, handle);
    },
    close: (graceMs) => close(server, graceMs),
  };
}

async function answer(
  table: ReadonlyMap<string, Handle>,
  hosts: readonly string[] | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader("x-content-type-options", "nosniff");
  if (hosts && !hosts.includes(hostOf(request))) return plain(response, 421, "This address isn't served here.");
  if (table.size === 0) return plain(response, 503, "Latchkey is starting.");
  const path = pathOf(request);
  const found = [...table.keys()]
    .filter((key) => key === path || (key.endsWith("/") && path.startsWith(key)))
    .sort((a, b) => b.length - a.length)[0];
  const handle = found === undefined ? undefined : table.get(found);
  if (!handle) return plain(response, 404, "Nothing is here.");
  await handle(request, response);
}

/** The path without what follows it; empty for a target that is no address, such as `//`. */
function pathOf({ url = "/" }: IncomingMessage): string {
  return URL.canParse(url, "http://local") ? new URL(url, "http://local").pathname : "";
}

/** The name that the client called, without the port: a page of another site that reaches us by a name of its own (DNS rebinding) gives itself away. */
function hostOf(request: IncomingMessage): string {
  const host = request.headers.host ?? "";
  return host.startsWith("[") ? host.slice(1, host.indexOf("]")) : (host.split(":")[0] ?? "");
}

export function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" }).end(JSON.stringify(body));
}

function close(server: Server, graceMs: number): Promise<void> {
  const forced = setTimeout(() => server.closeAllConnections(), graceMs);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(forced);
      resolve();
    });
    server.closeIdleConnections();
  });
}
