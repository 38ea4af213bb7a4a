/** One strip for newcomers: which request is followed, what it waits for, who can act on it and why, and the way to their card. */
import { useState } from "react";
import { byLine, type LineOfActs, type TimelineSoFar } from "./live/timeline.ts";
import type { Holder, OpenTask, TimelineEvent } from "./live/timeline-event.ts";
import { TEXT } from "./texts.ts";

type Step = "ask" | "approve" | "fulfil" | "between" | "done";
const STEPS = ["ask", "approve", "fulfil"] as const;

interface Guiding {
  /** Id of the person whose eyes are open. */
  readonly me: string;
  /** What to type to ask for something. */
  readonly command: string | null;
  readonly timeline: TimelineSoFar | null;
  /** Names of those whom the person at the page has acted as. */
  readonly players: ReadonlySet<string>;
  readonly onType: (text: string) => void;
  /** To the card, as that person. */
  readonly onGo: (holder: Holder) => void;
}

/** What was chosen to be followed; `since`: seq of the newest act by then. */
interface Choice {
  readonly number: number;
  readonly since: number;
  /** Chosen in the menu, it holds until it ends; what the strip offered itself holds until something else is done. */
  readonly isFirm: boolean;
}

const HIDDEN_KEY = "latchkey.playground.guide";
/** A group may be large, and the strip is to stay one line high: the rest stands in a list. */
const NAMED = 1;

export function Guide({ me, command, timeline, players, onType, onGo }: Guiding) {
  const [hidden, setHidden] = useState(isHidden);
  const [choice, setChoice] = useState<Choice | null>(null);
  if (hidden) return null;
  const lines = byLine(timeline?.events ?? []).filter((line) => line.number !== null);
  const open = timeline?.open ?? [];
  const newest = newestAct(timeline?.events ?? [], players);
  const held = choice !== null && holds(choice, newest, lines) ? choice.number : null;
  const followed = held ?? newest?.lineNumber ?? lines.at(-1)?.number ?? null;
  const choose = (number: number, isFirm: boolean) => setChoice({ number, since: newest?.seq ?? 0, isFirm: isFirm && number !== ASK });
  const task = open.find((each) => each.number === followed);
  const line = lines.find((each) => each.number === followed);
  const step = followed === ASK ? "ask" : stepOf(task, line);
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
    <section className="guide" data-testid="guide" data-region="guide" aria-label={TEXT.guide}>
      <ol className="guide-steps" aria-label={TEXT.guideStepsOf}>
        {STEPS.map((each, index) => (
          <li key={each} data-step={index + 1} aria-current={each === step ? "step" : undefined}>
            <span className="guide-label">{TEXT.guideSteps[each]}</span>
          </li>
        ))}
      </ol>
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
          <button type="button" className="link-button" onClick={() => choose(other.number, false)}>
            {TEXT.guideGoOn(other.number)}
          </button>
        )}
        {step === "done" && !other && (
          <button type="button" className="link-button" onClick={() => choose(ASK, false)}>
            {TEXT.guideAskNext}
          </button>
        )}
        {step === "between" && <span className="guide-text">{TEXT.guideBetween}</span>}
        {task && step !== "ask" && <Next me={me} task={task} onGo={onGo} />}
      </div>
      {lines.length > 0 && (
        <select
          className="guide-follow"
          aria-label={TEXT.guideFollow}
          value={followed ?? ASK}
          onChange={(event) => choose(Number(event.target.value), true)}
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
      <button type="button" className="icon-button" aria-label={TEXT.guideHide} onClick={hide}>
        ×
      </button>
    </section>
  );
}

/** Who can act on a task next, and why; oneself first. */
function Next({ me, task, onGo }: { readonly me: string; readonly task: OpenTask; readonly onGo: (holder: Holder) => void }) {
  const mine = task.holders.find((holder) => holder.user === me);
  // A card that is on its way yet leads nowhere: whoever has none is named, and led to once it stands.
  const others = task.holders.filter((holder) => holder.user !== me && holder.card !== null);
  const onItsWay = task.holders.length > 0 && task.holders.every((holder) => holder.card === null);
  const named = mine ? [] : others.slice(0, NAMED);
  const rest = mine ? [] : others.slice(NAMED);
  return (
    <>
      <span className="guide-text">{mine ? TEXT.guideYours(task.needs, mine.why) : `${task.needs}:`}</span>
      {task.holders.length === 0 && <span className="guide-text">{TEXT.guideNobody}</span>}
      {onItsWay && <span className="guide-text">{TEXT.guideBetween}</span>}
      {mine?.card && (
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

/** The newest thing about a request that was done through this page; a refused attempt does nothing. */
function newestAct(events: readonly TimelineEvent[], players: ReadonlySet<string>): TimelineEvent | undefined {
  const own = (event: TimelineEvent) => event.actor !== null && players.has(event.actor);
  return events.findLast((event) => event.lineNumber !== null && !event.follows && event.kind !== "refused" && own(event));
}

function holds(choice: Choice, newest: TimelineEvent | undefined, lines: readonly LineOfActs[]): boolean {
  if (newest === undefined || newest.seq <= choice.since || newest.lineNumber === choice.number) return true;
  const line = choice.isFirm ? lines.find(({ number }) => number === choice.number) : undefined;
  return line !== undefined && !isOver(line);
}

const isOver = (line: LineOfActs) => line.standing.some(({ state }) => OVER.has(state));
const isDone = (line: LineOfActs | undefined) => line?.standing.some(({ state }) => state === "executed" || state === "verified") ?? false;

function stepOf(task: OpenTask | undefined, line: LineOfActs | undefined): Step {
  if (!line) return "ask";
  if (task) return task.kind === "approval" ? "approve" : "fulfil";
  return isOver(line) ? "done" : "between";
}

function isHidden(): boolean {
  try {
    return localStorage.getItem(HIDDEN_KEY) === "hidden";
  } catch {
    return false;
  }
}
