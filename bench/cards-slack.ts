/**
 * A Slack for the bench `cards`: says yes to every method, stamps each message as it arrives, and turns messages away where it is told a limit.
 *
 * Its limits are buckets, as the stated averages with bursts of Slack are: PER_SECOND messages over all, of which BURST may come at once, and one a second to each
 * channel. An empty bucket answers 429 with the whole seconds, rounded up, until it holds a message again. What is turned away takes nothing from any bucket.
 */
import { createServer, type ServerResponse } from "node:http";
import { type Arrival, type Arrivals, nowMs } from "./cards-arrivals.ts";

interface Bucket {
  left: number;
  at: number;
}

interface Waiting {
  readonly begins: string;
  readonly count: number;
  readonly response: ServerResponse;
}

const perSecond = Number(process.env.PER_SECOND ?? "0");
const burst = Number(process.env.BURST ?? "1");
const taken: Arrival[] = [];
const waiting = new Set<Waiting>();
const over: Bucket = { left: burst, at: nowMs() };
const channels = new Map<string, Bucket>();
let turnedAway = 0;
let ts = 0;

/** Milliseconds until the bucket holds a message; 0: it does. */
function wait(bucket: Bucket, rate: number, most: number, at: number): number {
  bucket.left = Math.min(most, bucket.left + ((at - bucket.at) / 1000) * rate);
  bucket.at = at;
  return bucket.left >= 1 ? 0 : ((1 - bucket.left) / rate) * 1000;
}

/** The seconds of Retry-After; null: it is taken, and counted. */
function limited(channel: string, at: number): number | null {
  if (perSecond === 0) return null;
  const own = channels.get(channel) ?? { left: 1, at };
  channels.set(channel, own);
  const ms = Math.max(wait(over, perSecond, burst, at), wait(own, 1, 1, at));
  if (ms > 0) return Math.ceil(ms / 1000);
  over.left -= 1;
  own.left -= 1;
  return null;
}

function tell(): void {
  for (const one of waiting) {
    const found = taken.filter(({ key }) => key.startsWith(one.begins));
    if (found.length < one.count) continue;
    waiting.delete(one);
    answer(one.response, 200, { taken: found, turnedAway } satisfies Arrivals);
  }
}

function answer(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(text), ...headers })
    .end(text);
}

function post(response: ServerResponse, body: string, at: number): void {
  const form = new URLSearchParams(body);
  const channel = form.get("channel") ?? "";
  const seconds = limited(channel, at);
  if (seconds !== null) {
    turnedAway += 1;
    answer(response, 429, { ok: false, error: "ratelimited" }, { "retry-after": String(seconds) });
    return;
  }
  ts += 1;
  answer(response, 200, { ok: true, channel, ts: `${ts}.000001` });
  const metadata = JSON.parse(form.get("metadata") ?? "{}") as { readonly event_payload?: { readonly key?: string } };
  taken.push({ at, channel, key: metadata.event_payload?.key ?? "" });
  tell();
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://slack");
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    const at = nowMs();
    const body = Buffer.concat(chunks).toString();
    if (url.pathname === "/arrivals") {
      waiting.add({ begins: url.searchParams.get("begins") ?? "", count: Number(url.searchParams.get("count")), response });
      return tell();
    }
    if (url.pathname === "/api/chat.postMessage") return post(response, body, at);
    const channel = url.pathname === "/api/conversations.open" ? { id: `D${new URLSearchParams(body).get("users")}` } : "D1";
    answer(response, 200, { ok: true, team_id: "T0BENCH", channel, ts: "1.000001" });
  });
});
server.listen(Number(process.env.PORT), process.env.HOST ?? "127.0.0.1");
