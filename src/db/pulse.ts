/** Whether the database answers, by the smallest question there is. Slow is another thing than silent: who is sent away from a slow one finds no better. */

/** Milliseconds without any answer after which the database counts as silent. */
export const SILENT_AFTER_MS = 6_000;
/** Milliseconds that whoever wants to know waits at most: probes have little patience of their own. */
const PROMPT_MS = 500;

/** `slow`: it answered lately, and takes its time now. */
export type Health = "answers" | "slow" | "silent";

export interface Pulse {
  /** Asks; resolves with the answer however late, rejects as the database does. */
  ask(): Promise<void>;
  /** Asks as well, and says within half a second how things stand. Any number may ask at once. */
  health(): Promise<Health>;
}

export interface PulseOptions {
  /** One small question to the pool that the process works with, such as `select 1`. */
  readonly ping: () => Promise<unknown>;
  /** Told what came of each `ask`: seconds, or null when it failed or took longer than a database may. */
  readonly asked: (seconds: number | null) => void;
  /** Milliseconds, never going back. */
  readonly now?: () => number;
}

/** Made of a database that has just answered: that counts as heard of. */
export function pulse({ ping, asked, now = () => performance.now() }: PulseOptions): Pulse {
  let heard = now();
  let asking: Promise<Health> | undefined;

  async function answer(): Promise<number> {
    const began = now();
    await ping();
    heard = now();
    return (heard - began) / 1000;
  }

  return {
    async ask() {
      // A question that never comes back counts as unanswered too.
      const late = setTimeout(() => asked(null), SILENT_AFTER_MS).unref();
      try {
        asked(await answer());
      } catch (error) {
        asked(null);
        throw error;
      } finally {
        clearTimeout(late);
      }
    },

    async health() {
      asking ??= answer()
        .then(
          () => "answers" as const,
          () => "silent" as const,
        )
        .finally(() => {
          asking = undefined;
        });
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<Health>((resolve) => {
        timer = setTimeout(() => resolve(now() - heard < SILENT_AFTER_MS ? "slow" : "silent"), PROMPT_MS);
      });
      try {
        return await Promise.race([asking, enough]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
