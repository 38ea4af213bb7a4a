/** Events may change something (a message from a person is a command), so they are acknowledged when that is committed; Bolt would acknowledge all of them at once. */
import type { ReceiverEvent } from "@slack/bolt";
import { text } from "./envelope.ts";

type Ack = () => Promise<void>;

/** Change nothing, and take as long as a home page takes to be drawn. */
const AT_ONCE: readonly string[] = ["app_home_opened"];

const held = new WeakMap<object, Ack>();
const failed = new WeakSet<object>();

/**
 * Runs `process` with an event's acknowledgement kept back: it is given by `heldAck`, or when all is done, once. An event that no listener could
 * be asked about (`failedBody`) is not acknowledged, so that Slack delivers it again.
 */
export async function withHeldAck(event: ReceiverEvent, process: (event: ReceiverEvent) => Promise<void>): Promise<void> {
  const type = text(event.body, "event", "type");
  if (type === "" || AT_ONCE.includes(type)) return process(event);
  let given = false;
  const ack = async () => {
    if (given) return;
    given = true;
    await event.ack();
  };
  held.set(event.body, ack);
  await process({ ...event, ack: async () => {} });
  if (!failed.has(event.body)) await ack();
}

/** Says that what Bolt did with this body went wrong. */
export function failedBody(body: unknown): void {
  if (typeof body === "object" && body !== null) failed.add(body);
}

export function heldAck(body: unknown): Ack {
  return (typeof body === "object" && body !== null ? held.get(body) : undefined) ?? (async () => {});
}
