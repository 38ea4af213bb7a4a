/** What Slack says over a link of Socket Mode, read out of one frame (docs.slack.dev/apis/events-api/using-socket-mode). */
import { MOST_BODY_BYTES } from "./gate.ts";
import { isRecord, shapeOfBody } from "./shape.ts";

export type Body = Readonly<Record<string, unknown>>;

/** What Slack wants to be acknowledged, in the form in which Bolt takes it. */
export interface Envelope {
  readonly id: string;
  readonly body: Body;
  readonly retryNum?: number;
  readonly retryReason?: string;
}

export type Frame =
  /** The link carries envelopes from now on. `connections`: how many links the app has, this one included. */
  | { readonly kind: "hello"; readonly connections: number | null; readonly lastsS: number | null }
  /** Slack is about to close the link, or doesn't want it at all. */
  | { readonly kind: "disconnect"; readonly reason: string }
  | { readonly kind: "envelope"; readonly envelope: Envelope }
  /** Slack tells something that needs no work: acknowledged, and that's all. `about` is Slack's own word. */
  | { readonly kind: "notice"; readonly id: string; readonly about: string }
  /** What no listener may see. `why` is a word of ours. */
  | { readonly kind: "odd"; readonly why: "size" | "json" | "frame" | "shape" };

/** What each kind of envelope may carry, by what the payload says of itself. */
const CARRIES: Readonly<Record<string, readonly string[]>> = {
  events_api: ["event_callback", "app_rate_limited"],
  slash_commands: ["command"],
  interactive: ["block_actions", "block_suggestion", "view_submission", "view_closed", "shortcut", "message_action"],
};
const LONGEST_ID = 200;
const WORD = /^[a-z_]{1,40}$/;

/** Reads a frame; the same bounds and shapes hold as for a body over HTTP. Never throws. */
export function readFrame(data: string): Frame {
  if (Buffer.byteLength(data) > MOST_BODY_BYTES) return { kind: "odd", why: "size" };
  const frame = parsed(data);
  if (frame === undefined) return { kind: "odd", why: "json" };
  if (!isRecord(frame)) return { kind: "odd", why: "frame" };
  if (frame.type === "hello") {
    const debug = isRecord(frame.debug_info) ? frame.debug_info : {};
    return { kind: "hello", connections: count(frame.num_connections), lastsS: count(debug.approximate_connection_time) };
  }
  if (frame.type === "disconnect") return { kind: "disconnect", reason: word(frame.reason) };
  return delivery(frame);
}

function delivery({ type, envelope_id: id, payload, retry_attempt, retry_reason }: Body): Frame {
  const may = typeof type === "string" && Object.hasOwn(CARRIES, type) ? CARRIES[type] : undefined;
  if (may === undefined || typeof id !== "string" || id === "" || id.length > LONGEST_ID) return { kind: "odd", why: "frame" };
  const shape = shapeOfBody(payload);
  if (!isRecord(payload) || shape === "odd") return { kind: "odd", why: "shape" };
  const said = payload.command === undefined ? payload.type : "command";
  if (typeof said !== "string" || !may.includes(said)) return { kind: "odd", why: "shape" };
  if (shape === "notice") return { kind: "notice", id, about: word(said) };
  const retryNum = count(retry_attempt);
  const retry = retryNum === null || retryNum === 0 ? {} : { retryNum, retryReason: word(retry_reason) };
  return { kind: "envelope", envelope: { id, body: payload, ...retry } };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

/** A word of Slack's that may stand in a log. */
function word(value: unknown): string {
  return typeof value === "string" && WORD.test(value) ? value : "unknown";
}
