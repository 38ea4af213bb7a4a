/**
 * Slack's rate limits, for those who switch them on. Numbers: docs.slack.dev/apis/web-api/rate-limits (tiers are per method, app and
 * workspace; chat.postMessage about one a second and channel, short bursts allowed).
 */
import type { World } from "./world.ts";

const TIER: { readonly [method: string]: number } = {
  "users.info": 100,
  "users.list": 20,
  "users.lookupByEmail": 50,
  "conversations.open": 50,
  "conversations.list": 20,
  "conversations.info": 50,
  "conversations.members": 100,
  "conversations.join": 50,
  "conversations.history": 50,
  "conversations.replies": 50,
  "chat.postEphemeral": 100,
  "chat.update": 50,
  "chat.delete": 50,
  "views.open": 100,
  "views.push": 100,
  "views.update": 100,
  "views.publish": 100,
};

interface Window {
  readonly key: string;
  readonly calls: number;
  readonly ms: number;
}

/** Slack names no number for its bursts; ten within ten seconds keeps the average at one a second. */
const BURST = { calls: 10, ms: 10_000 };

function windowOf(method: string, channel: string | undefined): Window | undefined {
  if (method === "chat.postMessage") return { key: `${method} ${channel ?? ""}`, ...BURST };
  const calls = TIER[method];
  return calls === undefined ? undefined : { key: method, calls, ms: 60_000 };
}

/** Counts this call. Answers the seconds to wait when it is one too many, which then does not count. */
export function retryAfter(world: World, method: string, channel: string | undefined): number | undefined {
  const window = windowOf(method, channel);
  if (!window) return undefined;
  const now = world.now();
  const recent = (world.recent.get(window.key) ?? []).filter((at) => now - at < window.ms);
  world.recent.set(window.key, recent);
  const oldest = recent[0];
  if (recent.length >= window.calls && oldest !== undefined) return Math.max(1, Math.ceil((oldest + window.ms - now) / 1000));
  recent.push(now);
  return undefined;
}
