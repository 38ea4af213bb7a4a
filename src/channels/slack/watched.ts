/** How long an envelope waits for its acknowledgement, how long it may yet, and what becomes of it: what Slack's patience of three seconds is held against. */
import type { ReceiverEvent } from "@slack/bolt";
import type { AckOutcome, EnvelopeKind, Meters } from "../../ports.ts";
import { at, text } from "./envelope.ts";
import { LIMIT } from "./limits.ts";

interface Watched {
  /** When it came; milliseconds of performance.now(). */
  readonly began: number;
  outcome: AckOutcome;
}

/** Envelopes under way, by the body that their listeners get: listeners know how they end, and nothing of the envelope's acknowledgement. */
const underWay = new WeakMap<object, Watched>();

/** Runs `process` and counts, at the acknowledgement or at the end without one; with nobody who counts, its time runs all the same. */
export async function watched(
  event: ReceiverEvent,
  process: (event: ReceiverEvent) => Promise<void>,
  meters: Pick<Meters, "acknowledged"> | undefined,
): Promise<void> {
  const began = performance.now();
  const it: Watched = { began, outcome: "answered" };
  underWay.set(event.body, it);
  if (!meters) return process(event);
  let counted = false;
  const count = (outcome: AckOutcome) => {
    if (counted) return;
    counted = true;
    meters.acknowledged(kindOf(event.body), outcome, (performance.now() - began) / 1000);
  };
  const ack: ReceiverEvent["ack"] = async (answer) => {
    await event.ack(answer);
    count(it.outcome);
  };
  try {
    await process({ ...event, ack });
  } finally {
    count("unanswered");
  }
}

/** The listener of the envelope took longer than Slack waits, or failed: that is what its acknowledgement says. */
export function endedAs(body: unknown, outcome: "late" | "failed"): void {
  const it = underWay.get(body as object);
  if (it) it.outcome = outcome;
}

/** Milliseconds until the envelope has to be answered; 0 or more. */
export function patienceLeft(body: unknown): number {
  const it = underWay.get(body as object);
  return it ? Math.max(0, it.began + LIMIT.answerMs - performance.now()) : LIMIT.answerMs;
}

export function kindOf(body: unknown): EnvelopeKind {
  if (text(body, "command") !== "") return "command";
  if (at(body, "event") !== undefined) return text(body, "event", "type") === "message" ? "message" : "event";
  switch (text(body, "type")) {
    case "shortcut":
    case "message_action":
      return "shortcut";
    case "block_actions":
      return "button";
    case "view_submission":
    case "view_closed":
      return "form";
    case "block_suggestion":
      return "options";
    default:
      return "other";
  }
}
