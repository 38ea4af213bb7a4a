/** One strip for newcomers: which request is followed, what it waits for, who can act on it and why, and the way to their card. */
import { useEffect, useState } from "react";
import { byLine, type LineOfActs, type TimelineSoFar } from "./live/timeline.ts";
import type { Holder, OpenTask } from "./live/timeline-event.ts";
import { TEXT } from "./texts.ts";

type Step = "ask" | "approve" | "fulfil" | "between" | "done";
const STEPS = ["ask", "approve", "fulfil"] as const;

interface Guiding {
  /** Id of the person whose eyes are open. */
  readonly me: string;
  /** What to type to ask for something. */
  readonly command: string | null;
  readonly timeline: TimelineSoFar | null;
  readonly onType: (text: string) => void;
  /** To the card, as that person. */
  readonly onGo: (holder: Holder) => void;
}

const HIDDEN_KEY = "latchkey.playground.guide";
/** A group may be large, and the strip is to stay one line high: the rest stands in a list. */
const NAMED = 1;

export function Guide({ me, command, timeline, onType, onGo }: Guiding) {
  const [hidden, setHidden] = useState(isHidden);
  const [chosen, setChosen] = useState<number | null>(null);
  const lines = byLine(timeline?.events ?? []).filter((line) => line.number !== null);
  const open = timeline?.open ?? [];
  const newest = lines.at(-1)?.number ?? null;
  // Whoever files another request wants to see that one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a newer request takes over
  useEffect(() => setChosen(null), [newest]);
  if (hidden) return null;
  const followed = chosen ?? newest;
  const task = open.find((each) => each.number === followed);
  const line = lines.find((each) => each.number === followed);
  const step = chosen === ASK ? "ask" : stepOf(task, line);
  const other = open.find((each) => each.number !== followed);
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
      <ol className="guide-steps" aria-label={TEXT.guide}>
        {STEPS.map((each, index) => (
          <li key={each} data-step={index + 1} aria-current={each === step ? "step" : undefined}>
            <span className="guide-label">{TEXT.guideSteps[each]}</span>
          </li>
        ))}
      </ol>
      {lines.length > 0 && (
        <select
          className="guide-follow"
          aria-label={TEXT.guideFollow}
          value={followed ?? ASK}
          onChange={(event) => setChosen(Number(event.target.value))}
        >
          <option value={ASK}>{TEXT.guideNew}</option>
          {followed !== null && followed !== ASK && !task && <option value={followed}>{TEXT.guideEnded(followed)}</option>}
          {open.map((each) => (
            <option key={each.task} value={each.number}>
              {TEXT.guideOpen(each.number, each.title, each.holders[0]?.name ?? TEXT.guideNobody)}
            </option>
          ))}
        </select>
      )}
      <div className="guide-now">
        {step === "ask" && command !== null && (
          <>
            <span className="guide-text">{TEXT.guideAsk(command)}</span>
            <button type="button" className="link-button" onClick={() => onType(command)}>
              {TEXT.guideType}
            </button>
          </>
        )}
        {step === "done" && <span className="guide-text">{isDone(line) ? TEXT.guideDone : TEXT.guideOver}</span>}
        {step === "done" && other && (
          <button type="button" className="link-button" onClick={() => setChosen(other.number)}>
            {TEXT.guideGoOn(other.number)}
          </button>
        )}
        {step === "between" && <span className="guide-text">{TEXT.guideBetween}</span>}
        {task && step !== "ask" && <Next me={me} task={task} onGo={onGo} />}
      </div>
      <button type="button" className="icon-button" aria-label={TEXT.guideHide} onClick={hide}>
        ×
      </button>
    </section>
  );
}

/** Who can act on a task next, and why; oneself first. */
function Next({ me, task, onGo }: { readonly me: string; readonly task: OpenTask; readonly onGo: (holder: Holder) => void }) {
  const mine = task.holders.find((holder) => holder.user === me);
  const others = task.holders.filter((holder) => holder.user !== me);
  const named = mine ? [] : others.slice(0, NAMED);
  const rest = mine ? [] : others.slice(NAMED);
  return (
    <>
      <span className="guide-text">{mine ? TEXT.guideYours(task.needs, mine.why) : `${task.needs}:`}</span>
      {task.holders.length === 0 && <span className="guide-text">{TEXT.guideNobody}</span>}
      {mine && (
        <button type="button" className="link-button" onClick={() => onGo(mine)}>
          {TEXT.guideShow}
        </button>
      )}
      {named.map((holder) => (
        <span key={holder.user} className="guide-holder">
          <button type="button" className="link-button" onClick={() => onGo(holder)}>
            {TEXT.guideBecome(holder.name)}
          </button>{" "}
          <span className="guide-why">({holder.why})</span>
        </span>
      ))}
      {rest.length > 0 && (
        <select
          className="guide-rest"
          aria-label={TEXT.guideOthers}
          value=""
          onChange={(event) => {
            const holder = rest.find((each) => each.user === event.target.value);
            if (holder) onGo(holder);
          }}
        >
          <option value="">{TEXT.guideMore(rest.length)}</option>
          {rest.map((holder) => (
            <option key={holder.user} value={holder.user}>
              {`${holder.name} (${holder.why})`}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

/** In the place of a request's number: a new one. */
const ASK = 0;
const OVER = new Set(["rejected", "withdrawn", "expired", "executed", "verified", "cancelled", "inactive"]);

const isDone = (line: LineOfActs | undefined) => line?.standing.some(({ state }) => state === "executed" || state === "verified") ?? false;

function stepOf(task: OpenTask | undefined, line: LineOfActs | undefined): Step {
  if (!line) return "ask";
  if (task) return task.kind === "approval" ? "approve" : "fulfil";
  return line.standing.some(({ state }) => OVER.has(state)) ? "done" : "between";
}

function isHidden(): boolean {
  try {
    return localStorage.getItem(HIDDEN_KEY) === "hidden";
  } catch {
    return false;
  }
}
