/** Follows what Latchkey writes down, and puts it together by request and by act. */
import { useEffect, useState } from "react";
import { readTimeline, type TimelinePart } from "./api.ts";
import type { OpenTask, TimelineEvent } from "./timeline-event.ts";

const POLL_MS = 1_000;
/** A Latchkey without a timeline is asked again seldom. */
const ABSENT_MS = 15_000;

export interface TimelineSoFar {
  /** All events, oldest first. */
  readonly events: readonly TimelineEvent[];
  /** The oldest request first. */
  readonly open: readonly OpenTask[];
}

/** undefined until it is known whether there is one; null while nothing could be read. `nudge` asks at once when it changes. */
export function useTimeline(nudge: number): TimelineSoFar | null | undefined {
  const [known, setKnown] = useState<TimelineSoFar | null>();
  const [poll, setPoll] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `nudge` and `poll` are what makes it ask again
  useEffect(() => {
    let stale = false;
    let timer: number | undefined;
    const again = (ms: number) => {
      timer = window.setTimeout(() => setPoll((now) => now + 1), ms);
    };
    readTimeline(known?.events.at(-1)?.seq ?? 0).then(
      (fresh) => {
        if (stale) return;
        setKnown((now) => (fresh === null ? (now ?? null) : merged(now ?? null, fresh)));
        again(fresh === null ? ABSENT_MS : POLL_MS);
      },
      () => {
        if (stale) return;
        setKnown((now) => now ?? null);
        again(POLL_MS);
      },
    );
    return () => {
      stale = true;
      window.clearTimeout(timer);
    };
  }, [nudge, poll]);
  return known;
}

function merged(known: TimelineSoFar | null, fresh: TimelinePart): TimelineSoFar {
  const last = known?.events.at(-1)?.seq ?? 0;
  const later = fresh.events.filter((event) => event.seq > last);
  if (known && later.length === 0 && JSON.stringify(known.open) === JSON.stringify(fresh.open)) return known;
  return { events: later.length === 0 && known ? known.events : [...(known?.events ?? []), ...later], open: fresh.open };
}

export interface State {
  readonly life: string;
  readonly state: string;
}

/** What somebody did, or what came due, with everything that it brought about. */
export interface Act {
  readonly key: string;
  readonly head: TimelineEvent;
  readonly consequences: readonly TimelineEvent[];
  /** Where it moved the line's lives to. */
  readonly states: readonly State[];
}

export interface LineOfActs {
  /** null: what belongs to no request. */
  readonly number: number | null;
  readonly acts: readonly Act[];
  /** Where its lives stand, by the last move of each. */
  readonly standing: readonly State[];
}

/** By request, in the order of their numbers, so that nothing moves when something happens; what belongs to none comes first. */
export function byLine(events: readonly TimelineEvent[]): readonly LineOfActs[] {
  const lines = new Map<number | null, TimelineEvent[]>();
  for (const event of events) {
    const line = lines.get(event.lineNumber);
    if (line) line.push(event);
    else lines.set(event.lineNumber, [event]);
  }
  const ordered = [...lines].sort(([one], [other]) => (one ?? -1) - (other ?? -1));
  return ordered.map(([number, own]) => ({ number, acts: actsOf(own), standing: statesOf(own) }));
}

function actsOf(events: readonly TimelineEvent[]): readonly Act[] {
  const commits = new Map<string, TimelineEvent[]>();
  for (const event of events) {
    const commit = commits.get(event.act);
    if (commit) commit.push(event);
    else commits.set(event.act, [event]);
  }
  const groups: TimelineEvent[][] = [];
  for (const commit of commits.values()) {
    const before = groups.at(-1);
    // A commit of consequences alone is what Latchkey did on its own because of the act before it.
    if (before && commit.every((event) => event.follows)) before.push(...commit);
    else groups.push([...commit]);
  }
  return groups.map((group) => {
    const head = group.find((event) => !event.follows) ?? group[0]!;
    return {
      key: `${group[0]!.seq}`,
      head,
      consequences: group.filter((event) => event !== head),
      states: statesOf(group),
    };
  });
}

/** A line has many tasks, one after the other: where they stand says nothing about the line. */
function statesOf(events: readonly TimelineEvent[]): readonly State[] {
  const moves = new Map<string, string>();
  for (const { move } of events) if (move && move.life !== "task") moves.set(move.life, move.to);
  return [...moves].map(([life, state]) => ({ life, state }));
}
