/** Messages from people are commands, so they are acknowledged when they are committed; all other events change nothing, and Bolt acknowledges them at once. */
import type { ReceiverEvent } from "@slack/bolt";
import { text } from "./envelope.ts";

type Ack = () => Promise<void>;

const held = new WeakMap<object, Ack>();

/** Runs `process` with a message's acknowledgement kept back: it is given by `heldAck`, or when all is done, once. */
export async function withHeldAck(event: ReceiverEvent, process: (event: ReceiverEvent) => Promise<void>): Promise<void> {
  if (text(event.body, "event", "type") !== "message") return process(event);
  let given = false;
  const ack = async () => {
    if (given) return;
    given = true;
    await event.ack();
  };
  held.set(event.body, ack);
  try {
    await process({ ...event, ack: async () => {} });
  } finally {
    await ack();
  }
}

export function heldAck(body: unknown): Ack {
  return (typeof body === "object" && body !== null ? held.get(body) : undefined) ?? (async () => {});
}
