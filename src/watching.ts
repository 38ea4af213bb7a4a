/** What can be seen of a running Latchkey from outside: whether it lives, whether it is ready, and its metrics. */
import { readFileSync } from "node:fs";
import type { Logger } from "pino";
import type { MetricsConfig } from "./config.ts";
import { type Handle, type HttpServer, json, listen, plain, type Routes } from "./http.ts";
import type { Watch } from "./meters.ts";
import { type Parts, readiness } from "./readiness.ts";
import { StartFault } from "./start-fault.ts";

export const LOOPBACK_NAMES: readonly string[] = ["127.0.0.1", "localhost", "::1"];

/** Latchkey's own version, as package.json says. */
export function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return version;
}

/** For balancers and supervisors: `/healthz` is 200 while the process answers at all, `/readyz` 200 or 503 with the part that isn't there by a word. */
export function probes(parts: () => Promise<Parts>): Routes {
  return {
    "/healthz": (_request, response) => json(response, 200, { alive: true }),
    "/readyz": async (_request, response) => {
      const now = readiness(await parts());
      json(response, now.ready ? 200 : 503, now);
    },
  };
}

export function metricsPage(watch: Watch): Handle {
  return async (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") return plain(response, 405, "This page can only be read.");
    const page = await watch.page();
    response.writeHead(200, { "content-type": watch.contentType, "cache-control": "no-store" }).end(page);
  };
}

/**
 * The metrics on a listener of their own, so that no proxy that passes requests on to Latchkey can pass on these. A port that nobody named and that is
 * taken costs the metrics and not the start: null.
 */
export async function listenForMetrics({ host, port, portIsNamed }: MetricsConfig, watch: Watch, log: Logger): Promise<HttpServer | null> {
  try {
    const hosts = LOOPBACK_NAMES.includes(host) ? { hosts: LOOPBACK_NAMES } : {};
    const server = await listen({ host, port, ...hosts });
    server.route({ "/metrics": metricsPage(watch) });
    log.info({ metrics: `http://${host.includes(":") ? `[${host}]` : host}:${server.port}/metrics` }, "metrics are served");
    return server;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "EADDRINUSE" && !portIsNamed) {
      log.warn({ port }, "another program has the port for metrics, so none are served: set METRICS_PORT to a free one");
      return null;
    }
    if (code === "EADDRINUSE") throw new StartFault(`METRICS_PORT ${port} is taken by another program. Set it to a free one.`);
    if (code === "EACCES") throw new StartFault(`METRICS_PORT ${port} needs rights that this user doesn't have. Set it to one above 1023.`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") throw new StartFault(`METRICS_HOST ${host} is no address of this machine.`);
    throw error;
  }
}
