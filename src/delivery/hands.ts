/** What one process has in hand: effects that it has taken, so many of them under way at once, the most urgent first, never two with one subject. */
import type { Leased } from "../db/outbox.ts";
import { priorityOf } from "../domain/effects.ts";

/** Effects under way at once; each takes one of the database's connections while it asks it something. */
const AT_ONCE = 6;
/** As many again wait for a free hand, so that a heap isn't asked for one by one; no more, since what becomes urgent later shall not stand behind them. */
const IN_HAND = 2 * AT_ONCE;

export interface Hands {
  /** How many more effects may be taken now. */
  room(): number;
  /** Whether a hand has nothing to do. */
  isFree(): boolean;
  /** Each is begun as soon as a hand is free and nothing with its subject is under way. */
  add(batch: readonly Leased[]): void;
  isEmpty(): boolean;
  /** Resolves when the next piece of work has ended; there has to be one. */
  freed(): Promise<void>;
}

/** Effects with one subject do the same thing: those that were taken together are given to `work` together, since one of them is enough. It must not reject. */
export function handsFor(work: (same: readonly Leased[]) => Promise<void>): Hands {
  let waiting: (readonly Leased[])[] = [];
  const underWay = new Map<string, Promise<void>>();
  let taken = 0;

  function begin(): void {
    while (underWay.size < AT_ONCE) {
      const next = waiting.find(([first]) => first && !underWay.has(first.subject));
      const subject = next?.[0]?.subject;
      if (!next || subject === undefined) return;
      waiting = waiting.filter((one) => one !== next);
      const ended = work(next).finally(() => {
        underWay.delete(subject);
        taken -= next.length;
        begin();
      });
      underWay.set(subject, ended);
    }
  }

  return {
    room: () => IN_HAND - taken,
    isFree: () => underWay.size < AT_ONCE,
    add(batch) {
      taken += batch.length;
      waiting = [...waiting, ...bySubject(batch)].sort(([a], [b]) => urgency(a) - urgency(b));
      begin();
    },
    isEmpty: () => taken === 0,
    freed: () => Promise.race(underWay.values()),
  };
}

function urgency(one: Leased | undefined): number {
  return one ? priorityOf(one.effect) : 0;
}

function bySubject(batch: readonly Leased[]): Leased[][] {
  const groups = new Map<string, Leased[]>();
  for (const one of batch) groups.set(one.subject, [...(groups.get(one.subject) ?? []), one]);
  return [...groups.values()];
}
