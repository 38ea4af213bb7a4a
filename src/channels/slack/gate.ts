/**
 * What stands in front of Bolt: nothing large, late, early, unsigned or misshapen gets past it. Bolt 5.1 takes 4 MB, accepts any future
 * timestamp and lets `ssl_check` through unsigned; its HTTPReceiver ends the process on a JSON body of `null`.
 */
import type { IncomingMessage } from "node:http";
import { isValidSlackRequest } from "@slack/bolt";
import { shapeOf } from "./shape.ts";

/** Slack's own payloads stay far below; a modal's view is at most 250 kB and Latchkey's are a tenth of that. */
export const MOST_BODY_BYTES = 256 * 1024;
/** docs.slack.dev/authentication/verifying-requests-from-slack: five minutes; here to both sides. */
export const MOST_SKEW_S = 300;
/** A body that trickles in is given up: Slack sends its own at once. */
const BODY_WITHIN_MS = 10_000;

/** HTTP status of a request that is turned away, with a word for the log. */
export interface TurnedAway {
  readonly ok: false;
  /** 200: Slack told something that needs no work. */
  readonly status: 200 | 400 | 401 | 405 | 408 | 413;
  readonly why: string;
}

export type Admitted = { readonly ok: true; readonly body: Buffer };

/** Reads, measures and checks a request; `nowMs` is the clock that signatures are held against. */
export async function admit(req: IncomingMessage, signingSecret: string, nowMs: number): Promise<Admitted | TurnedAway> {
  if (req.method !== "POST") return turnAway(405, "method");
  if (Number(req.headers["content-length"] ?? 0) > MOST_BODY_BYTES) return turnAway(413, "content-length");
  const signed = signatureOf(req, nowMs);
  if (!signed) return turnAway(401, "headers or clock");

  const read = await readBody(req);
  if (!Buffer.isBuffer(read)) return read;
  const text = exactText(read);
  if (text === null) return turnAway(400, "encoding");
  const headers = { "x-slack-signature": signed.signature, "x-slack-request-timestamp": signed.timestamp };
  if (!isValidSlackRequest({ signingSecret, body: text, headers, nowMilliseconds: nowMs })) return turnAway(401, "signature");
  switch (shapeOf(text, req.headers["content-type"])) {
    case "envelope":
      return { ok: true, body: read };
    case "notice":
      return turnAway(200, "nothing to do");
    case "odd":
      return turnAway(400, "shape");
  }
}

function turnAway(status: TurnedAway["status"], why: string): TurnedAway {
  return { ok: false, status, why };
}

/** The two headers in the one form that Slack sends; null for anything else, and for a time more than five minutes ahead or behind. */
function signatureOf(req: IncomingMessage, nowMs: number): { signature: string; timestamp: number } | null {
  const signature = only(req, "x-slack-signature");
  const timestamp = only(req, "x-slack-request-timestamp");
  if (signature === null || !/^v0=[0-9a-f]{64}$/.test(signature)) return null;
  if (timestamp === null || !/^[1-9]\d{0,11}$/.test(timestamp)) return null;
  return Math.abs(nowMs / 1000 - Number(timestamp)) <= MOST_SKEW_S ? { signature, timestamp: Number(timestamp) } : null;
}

/** A header that stands there once; node joins repeated ones, so the raw list is counted. */
function only(req: IncomingMessage, name: string): string | null {
  const times = req.rawHeaders.filter((word, index) => index % 2 === 0 && word.toLowerCase() === name).length;
  const value = req.headers[name];
  return times === 1 && typeof value === "string" ? value : null;
}

/** Counted while reading: content-length may be missing or wrong. */
async function readBody(req: IncomingMessage): Promise<Buffer | TurnedAway> {
  const parts: Buffer[] = [];
  let size = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    req.destroy();
  }, BODY_WITHIN_MS);
  try {
    for await (const part of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MOST_BODY_BYTES) return turnAway(413, "body");
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch {
    return late ? turnAway(408, "slow body") : turnAway(400, "cut off");
  } finally {
    clearTimeout(timer);
  }
}

/** The text that is signed; null when the bytes aren't UTF-8, since two such bodies could read as one text. */
function exactText(body: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}
