/** How long an envelope waits for its acknowledgement, and what becomes of it: what Slack's patience of three seconds is held against. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ReceiverEvent } from "@slack/bolt";
import type { AckOutcome, EnvelopeKind, Meters } from "../../ports.ts";
import { at, text } from "./envelope.ts";

interface Watched {
  outcome: AckOutcome;
}

/** Listeners know how they end, and nothing of the envelope's acknowledgement: what they say finds its envelope by the flow of the calls. */
const underWay = new AsyncLocalStorage<Watched>();

/** Runs `process` and counts, at the acknowledgement or at the end without one. */
export async function watched(
  event: ReceiverEvent,
  process: (event: ReceiverEvent) => Promise<void>,
  meters: Pick<Meters, "acknowledged">,
): Promise<void> {
  const began = performance.now();
  const it: Watched = { outcome: "answered" };
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
