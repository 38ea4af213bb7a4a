/** Follows what Latchkey writes down. */
import { useEffect, useState } from "react";
import { readTimeline } from "./api.ts";
import type { TimelineEvent } from "./timeline-event.ts";

const POLL_MS = 1_000;
/** A Latchkey without a timeline is asked again seldom. */
const ABSENT_MS = 15_000;

/** All events so far, oldest first; null while none could be read. `nudge` asks at once when it changes. */
export function useTimeline(nudge: number): readonly TimelineEvent[] | null {
  const [events, setEvents] = useState<readonly TimelineEvent[] | null>(null);
  const [poll, setPoll] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `nudge` and `poll` are what makes it ask again
  useEffect(() => {
    let stale = false;
    let timer: number | undefined;
    const again = (ms: number) => {
      timer = window.setTimeout(() => setPoll((now) => now + 1), ms);
    };
    readTimeline(events?.at(-1)?.seq ?? 0).then(
      (fresh) => {
        if (stale) return;
        if (fresh === null) return again(ABSENT_MS);
        if (fresh.length > 0 || events === null) setEvents((now) => merged(now ?? [], fresh));
        again(POLL_MS);
      },
      () => {
        if (!stale) again(POLL_MS);
      },
    );
    return () => {
      stale = true;
      window.clearTimeout(timer);
    };
  }, [nudge, poll]);
  return events;
}

function merged(known: readonly TimelineEvent[], fresh: readonly TimelineEvent[]): readonly TimelineEvent[] {
  const last = known.at(-1)?.seq ?? 0;
  return [...known, ...fresh.filter((event) => event.seq > last)];
}

export interface LineOfEvents {
  /** null: events that belong to no line. */
  readonly number: number | null;
  readonly events: readonly TimelineEvent[];
  /** Where its lives stand, by the last move of each. */
  readonly standing: readonly { readonly life: string; readonly state: string }[];
}

/** By line, the one with the newest event last; what belongs to no line comes first of all. */
export function byLine(events: readonly TimelineEvent[]): readonly LineOfEvents[] {
  const lines = new Map<number | null, TimelineEvent[]>();
  for (const event of events) {
    const line = lines.get(event.lineNumber) ?? [];
    line.push(event);
    // Taken out and put in again, it stands last.
    lines.delete(event.lineNumber);
    lines.set(event.lineNumber, line);
  }
  const ordered = [...lines].sort(([one], [other]) => Number(one !== null) - Number(other !== null));
  return ordered.map(([number, own]) => {
    const moves = new Map<string, string>();
    // A line has many tasks, one after the other: where they stand says nothing about the line.
    for (const { move } of own) if (move && move.life !== "task") moves.set(move.life, move.to);
    return { number, events: own, standing: [...moves].map(([life, state]) => ({ life, state })) };
  });
}
