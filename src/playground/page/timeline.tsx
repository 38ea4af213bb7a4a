/** The right column: Latchkey's events as they are written, by request line. */
import { useLayoutEffect, useRef } from "react";
import { byLine, type LineOfEvents } from "./live/timeline.ts";
import type { TimelineEvent } from "./live/timeline-event.ts";
import { TEXT } from "./texts.ts";

interface Showing {
  readonly events: readonly TimelineEvent[];
  readonly tz: string;
  readonly onHide: () => void;
}

export function Timeline({ events, tz, onHide }: Showing) {
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (events.length > 0 && list.current && atEnd.current) list.current.scrollTop = list.current.scrollHeight;
  }, [events]);
  return (
    <aside className="timeline" data-testid="timeline" aria-label={TEXT.timeline}>
      <header className="timeline-head">
        <h2>{TEXT.timeline}</h2>
        <button type="button" className="icon-button" aria-label={TEXT.hideTimeline} title={TEXT.hideTimeline} onClick={onHide}>
          <span aria-hidden="true">»</span>
        </button>
      </header>
      <div
        ref={list}
        className="timeline-list"
        role="log"
        aria-label={TEXT.timelineHint}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area has to be reachable by keyboard
        tabIndex={0}
        onScroll={(event) => {
          const element = event.currentTarget;
          atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 80;
        }}
      >
        {events.length === 0 && <p className="empty">{TEXT.timelineEmpty}</p>}
        {byLine(events).map((line) => (
          <Line key={line.number ?? "none"} of={line} tz={tz} />
        ))}
      </div>
    </aside>
  );
}

const Line = ({ of, tz }: { readonly of: LineOfEvents; readonly tz: string }) => (
  <details className="line" open>
    <summary>
      <span className="line-name">{of.number === null ? TEXT.general : TEXT.line(of.number)}</span>
      {of.standing.map(({ life, state }) => (
        <span key={life} className={`state ${state.replaceAll(/\W+/g, "-")}`} title={life}>
          {state}
        </span>
      ))}
    </summary>
    <ol>
      {of.events.map((event) => (
        <Event key={event.seq} of={event} tz={tz} />
      ))}
    </ol>
  </details>
);

function Event({ of, tz }: { readonly of: TimelineEvent; readonly tz: string }) {
  return (
    <li className={`event ${of.move ? "moved" : ""} ${of.kind === "refused" ? "refused" : ""}`} data-seq={of.seq}>
      <div className="event-text">{of.text}</div>
      <div className="event-more">
        <time dateTime={of.at}>{timeOf(of.at, tz)}</time>
        {of.actor !== null && !of.text.includes(of.actor) && <span>{of.actor}</span>}
        <code>{of.kind}</code>
        {of.move && (
          <span className="event-move">
            {of.move.life}: {of.move.from === null ? "" : `${of.move.from} → `}
            {of.move.to}
          </span>
        )}
      </div>
    </li>
  );
}

const timeOf = (at: string, tz: string) =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: tz }).format(new Date(at));
