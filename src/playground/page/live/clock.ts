/** The playground's clock: what time Latchkey takes it to be. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { type ClockMove, type ClockNow, readClock } from "./api.ts";

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds ahead of the real time. */
  readonly ahead: number;
  readonly workingDays: number;
  readonly zone: string;
  /** Moves it on; false when the server did not. */
  move(by: ClockMove): Promise<boolean>;
}

/** null where there is no clock to move. `nudge` reads it anew: somebody else may have moved it. */
export function useClock(nudge: number): Clock | null {
  const [read, setRead] = useState<(ClockNow & { readonly offset: number }) | null>(null);
  const take = useCallback((clock: ClockNow | null) => {
    if (clock) setRead({ ...clock, offset: Date.parse(clock.now) - Date.now() });
    return clock !== null;
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `nudge` is what makes it read again
  useEffect(() => {
    let stale = false;
    readClock().then(
      (clock) => !stale && take(clock),
      () => {},
    );
    return () => {
      stale = true;
    };
  }, [nudge, take]);
  const move = useCallback((by: ClockMove) => readClock(by).then(take, () => false), [take]);
  return useMemo(() => {
    if (!read) return null;
    const { ahead, workingDays, zone, offset } = read;
    return { now: () => Date.now() + offset, ahead, workingDays, zone, move };
  }, [read, move]);
}

/** Draws again every so often, for what shows the time. */
export function useEvery(ms: number): void {
  const [, setTurn] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => setTurn((turn) => turn + 1), ms);
    return () => window.clearInterval(timer);
  }, [ms]);
}
