/** The right column: what was done, request by request. One act is one line; what it brought about is folded into it. */
import { useLayoutEffect, useRef, useState } from "react";
import { type Act, byLine, type LineOfActs, type State, type TimelineSoFar } from "./live/timeline.ts";
import type { TimelineEvent } from "./live/timeline-event.ts";
import { TEXT } from "./texts.ts";

interface Showing {
  readonly timeline: TimelineSoFar;
  /** One zone for everybody: a record doesn't shift with whoever reads it. */
  readonly zone: string;
  /** Milliseconds since 1970, by the playground's clock. */
  readonly now: () => number;
  readonly onHide: () => void;
  /** On a phone it is all there is to see. */
  readonly isMain: boolean;
}

export function Timeline(props: Showing) {
  const { timeline, zone, now, onHide } = props;
  const { events } = timeline;
  const list = useRef<HTMLDivElement>(null);
  const [showsAll, setShowsAll] = useState(false);
  const lines = byLine(events);
  const around = lines.find((line) => line.number === null);
  const shown = lines.filter((line) => line.number !== null || showsAll);
  const newest = shown
    .flatMap((line) => line.acts)
    .reduce<Act | null>((best, act) => (best && lastOf(best) > lastOf(act) ? best : act), null);
  useArrival(list, newest);
  const at = timesIn(zone, now());
  return (
    // On a phone it is all there is to see, hence no aside.
    <section
      className="timeline"
      data-testid="timeline"
      data-region="beside"
      aria-label={TEXT.timeline}
      role={props.isMain ? "main" : "complementary"}
    >
      <header className="timeline-head">
        <h2>
          {TEXT.timeline} <span className="quiet small">{TEXT.timesIn(zone)}</span>
        </h2>
        <button type="button" className="icon-button" aria-label={TEXT.hideTimeline} title={TEXT.hideTimeline} onClick={onHide}>
          <span aria-hidden="true">»</span>
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area has to be reachable by keyboard */}
      <div ref={list} className="timeline-list" role="log" aria-live="off" aria-label={TEXT.timelineHint} tabIndex={0}>
        {around && (
          <label className="timeline-all quiet small">
            <input type="checkbox" checked={showsAll} onChange={(event) => setShowsAll(event.target.checked)} />
            {TEXT.showAround(around.acts.length)}
          </label>
        )}
        {shown.length === 0 && <p className="empty">{TEXT.timelineEmpty}</p>}
        {shown.map((line) => (
          <Line key={line.number ?? "none"} of={line} at={at} />
        ))}
      </div>
    </section>
  );
}

const lastOf = (act: Act): number => act.consequences.at(-1)?.seq ?? act.head.seq;

/** What has just been done is brought into view, once; nothing else moves the list. */
function useArrival(list: React.RefObject<HTMLDivElement | null>, newest: Act | null): void {
  const key = newest?.key ?? "";
  const known = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (key === "" || known.current === key) return;
    known.current = key;
    list.current?.querySelector(`[data-act="${key}"]`)?.scrollIntoView({ block: "nearest" });
  }, [key, list]);
}

type ShowTime = (iso: string) => string;

const Line = ({ of, at }: { readonly of: LineOfActs; readonly at: ShowTime }) => (
  <details className="line" open>
    <summary>
      <span className="line-name">{of.number === null ? TEXT.general : TEXT.line(of.number)}</span>
      <States of={of.standing} />
    </summary>
    <ol>
      {of.acts.map((act) => (
        <OneAct key={act.key} of={act} at={at} />
      ))}
    </ol>
  </details>
);

const States = ({ of }: { readonly of: readonly State[] }) =>
  of.map(({ life, state }) => (
    <span key={life} className={`state ${state.replaceAll(/\W+/g, "-")}`} title={life}>
      {state}
    </span>
  ));

function OneAct({ of, at }: { readonly of: Act; readonly at: ShowTime }) {
  const { head, consequences, states } = of;
  const [open, setOpen] = useState(false);
  return (
    <li
      className={`event ${states.length > 0 ? "moved" : ""} ${head.kind === "refused" ? "refused" : ""}`}
      data-act={of.key}
      data-seq={head.seq}
    >
      <div className="event-text">{head.text}</div>
      <div className="event-more">
        <time dateTime={head.at}>{at(head.at)}</time>
        {head.actor !== null && !head.text.includes(head.actor) && <span>{head.actor}</span>}
        <States of={states} />
        {consequences.length > 0 && (
          <button type="button" className="event-details" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? TEXT.lessOfAct : TEXT.moreOfAct}
          </button>
        )}
      </div>
      {open && (
        <ol className="consequences">
          {consequences.map((event) => (
            <Consequence key={event.seq} of={event} />
          ))}
        </ol>
      )}
    </li>
  );
}

const Consequence = ({ of }: { readonly of: TimelineEvent }) => (
  <li title={of.kind}>
    {of.text}
    {of.move && (
      <span className="quiet">
        {" "}
        {of.move.life}: {of.move.from === null ? "" : `${of.move.from} → `}
        {of.move.to}
      </span>
    )}
  </li>
);

/** `10:12:05` today, `Tue 24 Nov, 10:12:05` on other days. */
function timesIn(zone: string, now: number): ShowTime {
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone });
  const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: zone });
  const today = day.format(now);
  return (iso) => {
    const at = new Date(iso);
    const own = day.format(at);
    return own === today ? time.format(at) : `${own.replace(",", "")}, ${time.format(at)}`;
  };
}
