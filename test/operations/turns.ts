/**
 * Lets the statements of several actors reach the database one at a time, in a drawn order: what is loaded before, between and after which commit is
 * then the draw's choice, and the same again when it is repeated. Nobody's turn comes before all who are left stand here and wait.
 */
export interface Turns {
  /** Runs the statement when its actor's turn comes. */
  pass<T>(actor: number, run: () => PromiseLike<T>): Promise<T>;
  /** This actor sends nothing any more. */
  leave(actor: number): void;
}

/** `order`: which of those who wait goes next, each time; where it ends, the first does. */
export function turns(actors: number, order: readonly number[]): Turns {
  const inside = new Set(Array.from({ length: actors }, (_, actor) => actor));
  const waiting = new Map<number, () => void>();
  let turn = 0;
  const next = (): void => {
    if (waiting.size === 0 || waiting.size < inside.size) return;
    const there = [...waiting.keys()].sort((a, b) => a - b);
    const actor = there[(order[turn++] ?? 0) % there.length] as number;
    const go = waiting.get(actor);
    waiting.delete(actor);
    go?.();
  };
  return {
    pass: async (actor, run) => {
      if (waiting.has(actor)) throw new Error("an actor sends one statement at a time");
      await new Promise<void>((resolve) => {
        waiting.set(actor, resolve);
        next();
      });
      return run();
    },
    leave: (actor) => {
      inside.delete(actor);
      next();
    },
  };
}
