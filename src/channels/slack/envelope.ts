/** What Latchkey reads out of Slack's envelopes, and nothing else of them. A part that is missing or odd reads as empty. */
import type { Seen } from "../../operations/operations.ts";
import { originOf } from "./homes.ts";
import { isRecord } from "./shape.ts";

/** Who acted, as the verified envelope says. */
export interface Sender {
  readonly home: string;
  readonly user: string;
  /** Names this one envelope, however often Slack delivers it; left out: nothing in it does. */
  readonly delivery?: string;
}

/** Where a button or an input was used. */
export type Place =
  /** `isPrivate`: shown to this person alone, as an answer. */
  | { readonly kind: "message"; readonly conversation: string; readonly message: string; readonly isPrivate: boolean }
  | { readonly kind: "home"; readonly view: string; readonly metadata: string }
  | { readonly kind: "modal"; readonly view: ModalState }
  | { readonly kind: "nowhere" };

export interface ModalState {
  readonly id: string;
  readonly hash: string;
  readonly metadata: string;
  /** Slack's `state.values`. */
  readonly values: unknown;
  /** Ids of the input blocks by the action_id of their input, in the order in which they stand. */
  readonly inputs: ReadonlyMap<string, string>;
}

export interface Interaction extends Sender {
  readonly trigger: string;
  /** Where an answer for this person alone may be sent; empty: nowhere. Whoever has it may write there: never logged. */
  readonly responseUrl: string;
  readonly place: Place;
}

export function senderOf(body: unknown): Sender {
  const user = text(body, "user", "id") || text(body, "user_id") || text(body, "event", "user");
  const written = `${text(body, "event", "channel")} ${text(body, "event", "ts")}`;
  const delivery = text(body, "trigger_id") || (text(body, "event", "ts") && written);
  return { home: originOf(body).home ?? "", user, ...(delivery === "" ? {} : { delivery }) };
}

export function interactionOf(body: unknown): Interaction {
  return { ...senderOf(body), trigger: text(body, "trigger_id"), responseUrl: text(body, "response_url"), place: placeOf(body) };
}

function placeOf(body: unknown): Place {
  const view = at(body, "view");
  if (isRecord(view)) {
    if (view.type === "home") return { kind: "home", view: text(view, "id"), metadata: text(view, "private_metadata") };
    return { kind: "modal", view: modalOf(view) };
  }
  const conversation = text(body, "container", "channel_id") || text(body, "channel", "id");
  const message = text(body, "container", "message_ts") || text(body, "message", "ts");
  const isPrivate = at(body, "container", "is_ephemeral") === true;
  return conversation && message ? { kind: "message", conversation, message, isPrivate } : { kind: "nowhere" };
}

/** The view as it stood when it was sent or used. */
export function modalOf(view: unknown): ModalState {
  return {
    id: text(view, "id"),
    hash: text(view, "hash"),
    metadata: text(view, "private_metadata"),
    values: at(view, "state", "values"),
    inputs: inputsOf(at(view, "blocks")),
  };
}

function inputsOf(blocks: unknown): ReadonlyMap<string, string> {
  const inputs = new Map<string, string>();
  for (const block of Array.isArray(blocks) ? blocks : []) {
    const action = text(block, "element", "action_id");
    if (text(block, "type") === "input" && action !== "" && !inputs.has(action)) inputs.set(action, text(block, "block_id"));
  }
  return inputs;
}

/** The card on which somebody acted, as evidence; a modal's own place was put into its metadata when it was opened. */
export function seenAt(place: Place): Seen | null {
  switch (place.kind) {
    case "message":
      return { platform: "slack", conversation: place.conversation, message: place.message };
    case "home":
      return { platform: "slack", conversation: "home", message: place.view };
    case "modal":
    case "nowhere":
      return null;
  }
}

export function at(value: unknown, ...path: readonly string[]): unknown {
  let found: unknown = value;
  for (const key of path) found = isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return found;
}

export function text(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

/** Slack writes `&`, `<` and `>` of typed text as entities; here they are characters again. */
export function typed(words: string): string {
  return words.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
