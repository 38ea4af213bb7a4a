/** Whether a signed body is one that Bolt can look at without falling over or waiting for its own timeout. */
import { parse } from "node:querystring";

/** `notice`: Slack tells something about the connection itself; nobody waits for more than 200. */
export type Shape = "envelope" | "notice" | "odd";

export function shapeOf(text: string, contentType: string | undefined): Shape {
  return shapeOfBody(parsed(text, contentType));
}

/** The same of what was parsed already, as it comes over a socket. */
export function shapeOfBody(body: unknown): Shape {
  if (!isRecord(body) || !PARTS.every((part) => isRecord(body[part] ?? {})) || isTooDeep(body)) return "odd";
  if (body.ssl_check !== undefined || body.type === "app_rate_limited") return "notice";
  if (body.command !== undefined) return isText(body.command) && isText(body.user_id) ? "envelope" : "odd";
  return typeof body.type === "string" && Object.hasOwn(NEEDS, body.type) && NEEDS[body.type]?.(body) === true ? "envelope" : "odd";
}

/** Slack's own envelopes are about a dozen deep; whatever reads one after us may do so by calling itself. */
const DEEPEST = 64;

/** Counted layer by layer, so that no depth is too much for the counting. */
function isTooDeep(body: unknown): boolean {
  let layer: readonly unknown[] = [body];
  for (let depth = 0; layer.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    layer = layer.flatMap((one): readonly unknown[] => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return false;
}

/** Parts that are objects wherever they stand. */
const PARTS = ["event", "team", "enterprise", "user", "view", "container", "channel", "message"] as const;

type Body = Readonly<Record<string, unknown>>;

/** What each kind of envelope cannot do without. */
const NEEDS: Readonly<Record<string, (body: Body) => boolean>> = {
  event_callback: ({ event }) => isRecord(event) && isText(event.type) && isChannel(event.channel) && !("item" in event),
  url_verification: ({ challenge }) => typeof challenge === "string",
  block_actions: ({ user, actions }) => isRecord(user) && Array.isArray(actions) && actions.length > 0 && actions.every(isAction),
  block_suggestion: (body) => isRecord(body.user) && isAction(body),
  view_submission: ({ user, view }) => isRecord(user) && isRecord(view) && typeof view.callback_id === "string",
  view_closed: ({ user, view }) => isRecord(user) && isRecord(view) && typeof view.callback_id === "string",
  shortcut: ({ user, callback_id }) => isRecord(user) && isText(callback_id),
  message_action: ({ user, callback_id }) => isRecord(user) && isText(callback_id),
};

/** An id, or as in `channel_rename` an object that has one. */
function isChannel(channel: unknown): boolean {
  return channel === undefined || typeof channel === "string" || (isRecord(channel) && isText(channel.id));
}

function isAction(action: unknown): boolean {
  return isRecord(action) && isText(action.action_id) && isText(action.block_id);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** As Bolt will read it. */
function parsed(text: string, contentType: string | undefined): unknown {
  try {
    if (contentType !== "application/x-www-form-urlencoded") return JSON.parse(text);
    const form = parse(text);
    return typeof form.payload === "string" ? JSON.parse(form.payload) : { ...form };
  } catch {
    return null;
  }
}

export function isRecord(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
