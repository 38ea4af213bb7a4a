/** Keys under which an act counts once: made of business facts, since Slack delivers the same thing again under new ids. */
import { createHash } from "node:crypto";
import type { Action } from "../../cards/card.ts";
import type { Once } from "../../operations/operations.ts";
import type { Sender } from "./envelope.ts";

/** An envelope's own name as the operations get it. Triggers open forms for some seconds: only a digest is kept. */
export function delivered({ home, user, delivery }: Sender): Pick<Once, "delivery"> {
  return delivery === undefined ? {} : { delivery: keyOf(["slack", home, user, "delivery", digest(delivery)]) };
}

export interface Click extends Sender {
  /** The message's conversation and ts, or the home page's view id twice. */
  readonly conversation: string;
  readonly message: string;
  readonly action: Extract<Action, { readonly kind: "act" }>;
}

/** A button of one card says one thing, so its content is its key. */
export function onceOfClick(it: Click): Once {
  const { home, user, conversation, message, action } = it;
  const facts = ["slack", home, conversation, message, action.verb, action.task, String(action.face), user];
  return { key: keyOf(facts), fingerprint: digest(facts), ...delivered(it) };
}

/** An act at the click on a line, which has no version to carry: pressed again it is another act, delivered again it isn't, so the trigger tells them apart. */
export function onceOfLineClick(
  it: Sender & {
    readonly conversation: string;
    readonly message: string;
    readonly trigger: string;
    readonly verb: string;
    readonly line: string;
  },
): Once {
  // A trigger opens forms for some seconds: only its digest is kept.
  const facts = ["slack", it.home, it.conversation, it.message, it.verb, it.line, it.user, digest(it.trigger)];
  return { key: keyOf(facts), fingerprint: digest(facts), ...delivered(it) };
}

export interface TypedFacts extends Sender {
  readonly conversation: string;
  /** The message's ts; of a slash command its trigger, since it leaves no message. */
  readonly message: string;
  /** What is commanded, as the operation gets it. */
  readonly content: unknown;
}

/** A message commands once; edited or sent again it is another message. */
export function onceOfTyped(it: TypedFacts): Once {
  const { home, user, conversation, message, content } = it;
  return { key: keyOf(["slack", home, "typed", conversation, digest(message), user]), fingerprint: digest(content), ...delivered(it) };
}

export interface FormFacts extends Sender {
  readonly view: string;
  /** What was sent, as the operation gets it. */
  readonly content: unknown;
}

/** A form can be sent once; sent again with other content it is refused. */
export function onceOfForm(it: FormFacts): Once {
  const { home, user, view, content } = it;
  return { key: keyOf(["slack", home, "form", view, user]), fingerprint: digest(content), ...delivered(it) };
}

/** Parts joined so that no two different lists give the same key: a colon inside a part is written as %3A. */
function keyOf(parts: readonly string[]): string {
  return parts.map((part) => part.replace(/%/g, "%25").replace(/:/g, "%3A")).join(":");
}

function digest(content: unknown): string {
  return createHash("sha256").update(canonical(content)).digest("hex");
}

/** JSON with sorted keys, so that the same content always reads the same. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one ?? null)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}
