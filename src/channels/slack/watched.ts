/** How long an envelope waits for its acknowledgement, how long it may yet, and what becomes of it: what Slack's patience of three seconds is held against. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ReceiverEvent } from "@slack/bolt";
import type { AckOutcome, EnvelopeKind, Meters } from "../../ports.ts";
import { at, text } from "./envelope.ts";
import { LIMIT } from "./limits.ts";

interface Watched {
  /** When it came; milliseconds of performance.now(). */
  readonly began: number;
  outcome: AckOutcome;
}

/** Listeners know how they end, and nothing of the envelope's acknowledgement: what they say finds its envelope by the flow of the calls. */
const underWay = new AsyncLocalStorage<Watched>();

/** Runs `process` and counts, at the acknowledgement or at the end without one; with nobody who counts, its time runs all the same. */
export async function watched(
  event: ReceiverEvent,
  process: (event: ReceiverEvent) => Promise<void>,
  meters: Pick<Meters, "acknowledged"> | undefined,
): Promise<void> {
  const began = performance.now();
  const it: Watched = { began, outcome: "answered" };
  if (!meters) return underWay.run(it, () => process(event));
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
    await underWay.run(it, () => process({ ...event, ack }));
  } finally {
    count("unanswered");
  }
}

/** The listener at work took longer than Slack waits, or failed: that is what its acknowledgement says. */
export function endedAs(outcome: "late" | "failed"): void {
  const it = underWay.getStore();
  if (it) it.outcome = outcome;
}

/** Milliseconds until the envelope at work has to be answered; 0 or more. */
export function patienceLeft(): number {
  const it = underWay.getStore();
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
