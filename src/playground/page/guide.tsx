/** One line for the first visit: what to do next, and as whom. */
import { useState } from "react";
import type { Snapshot } from "../slack/page-interface.ts";
import { byLine } from "./live/timeline.ts";
import type { TimelineEvent } from "./live/timeline-event.ts";
import { hasWork, type WaitingPerson } from "./people/waiting.tsx";
import { TEXT } from "./texts.ts";

type Step = "ask" | "approve" | "fulfil" | "done";
const STEPS = ["ask", "approve", "fulfil"] as const;

interface Guiding {
  readonly me: Snapshot;
  readonly events: readonly TimelineEvent[] | null;
  readonly waiting: readonly WaitingPerson[];
  readonly onType: (text: string) => void;
  readonly onSwitch: (user: string) => void;
}

const HIDDEN_KEY = "latchkey.playground.guide";

export function Guide({ me, events, waiting, onType, onSwitch }: Guiding) {
  const [hidden, setHidden] = useState(isHidden);
  if (hidden) return null;
  const { step, requester } = progress(events ?? []);
  const command = me.app.commands[0]?.command;
  const typed = `${command ?? ""}${me.me.email.endsWith("@acme.example") ? " salesforce" : ""}`;
  // Whoever has the next card before them need not be anybody else.
  const next = hasWork(me) ? undefined : waiting.find((person) => person.hasWork && person.name !== requester);
  const hide = () => {
    setHidden(true);
    try {
      localStorage.setItem(HIDDEN_KEY, "hidden");
    } catch {
      // It comes back at the next visit then.
    }
  };
  return (
    <section className="guide" data-testid="guide" aria-label={TEXT.guide}>
      <strong className="guide-title">{TEXT.guide}</strong>
      {step === "done" ? (
        <span className="guide-done">{TEXT.guideDone}</span>
      ) : (
        <ol>
          {STEPS.map((each, index) => (
            <li key={each} data-step={index + 1} aria-current={each === step ? "step" : undefined}>
              <span className="guide-label">
                {each === "ask" ? TEXT.guideAsk(typed) : each === "approve" ? TEXT.guideApprove : TEXT.guideFulfil}
              </span>
              {each === step && each === "ask" && command !== undefined && (
                <button type="button" className="link-button" onClick={() => onType(typed)}>
                  {TEXT.guideType}
                </button>
              )}
              {each === step && each !== "ask" && next && (
                <button type="button" className="link-button" onClick={() => onSwitch(next.id)}>
                  {TEXT.guideBecome(next.name)}
                </button>
              )}
            </li>
          ))}
        </ol>
      )}
      <button type="button" className="icon-button" aria-label={TEXT.guideHide} onClick={hide}>
        ×
      </button>
    </section>
  );
}

/** How far the newest request has come, and who filed it. */
function progress(events: readonly TimelineEvent[]): { step: Step; requester: string | null } {
  const lines = byLine(events).filter((line) => line.number !== null);
  const newest = lines.reduce<(typeof lines)[number] | null>((best, line) => (!best || line.number! > best.number! ? line : best), null);
  const requester = newest?.events[0]?.actor ?? null;
  const of = (life: string) => newest?.standing.find((each) => each.life === life)?.state;
  const approval = of("approval");
  const provisioning = of("provisioning");
  if (provisioning === "executed" || provisioning === "verified") return { step: "done", requester };
  if (approval === "pending") return { step: "approve", requester };
  if (approval === "approved" && provisioning !== "cancelled") return { step: "fulfil", requester };
  return { step: "ask", requester };
}

function isHidden(): boolean {
  try {
    return localStorage.getItem(HIDDEN_KEY) === "hidden";
  } catch {
    return false;
  }
}
