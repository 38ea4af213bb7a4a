import type { Log } from "./fault.ts";
import { SILENT_AFTER_MS } from "./pulse.ts";

export interface WatchdogOptions {
  /** One small question to the pool that the process works with, such as `select 1`. */
  readonly ping: () => Promise<unknown>;
  readonly log: Log;
  /** How the process is left; it is expected that a supervisor starts it again. */
  readonly exit: (code: number) => void;
  /** Milliseconds, never going back. */
  readonly now?: () => number;
  /** Milliseconds between two questions; default 2,000. */
  readonly every?: number;
  /** Milliseconds after which a question counts as unanswered, until its answer comes after all; default 6,000. */
  readonly answerWithin?: number;
  /** Milliseconds of nothing but failures before the process is left; default 30,000. */
  readonly patience?: number;
}

export interface Watchdog {
  /** Asks once, now; the timer does the same. */
  check(): Promise<void>;
  stop(): void;
}

/**
 * Leaves the process when the database has not answered for `patience`: a pool that lost its connections heals by itself in seconds,
 * so what lasts longer is either an outage, for which a restart does no harm, or a defect, for which it is the cure.
 * The time counts from the first failure, not from the last answer: a machine that slept is given its patience anew. An answer that comes late is one:
 * a slow database is not cured by leaving.
 */
export function watchdog(options: WatchdogOptions): Watchdog {
  const { ping, log, exit, now = () => performance.now(), every = 2_000, answerWithin = SILENT_AFTER_MS, patience = 30_000 } = options;
  let failingSince: number | undefined;
  let asking: Promise<void> | undefined;
  let stopped = false;

  function heard(): void {
    if (failingSince !== undefined) log.info({ silentFor: now() - failingSince }, "the database answers again");
    failingSince = undefined;
  }

  async function ask(): Promise<void> {
    const asked = now();
    try {
      await within(answerWithin, ping().then(heard));
    } catch (error) {
      if (stopped) return;
      if (failingSince === undefined) log.warn({ err: error }, "the database does not answer");
      failingSince ??= asked;
      const silentFor = now() - failingSince;
      if (silentFor < patience) return;
      log.error({ silentFor, err: error }, "the database has not answered for too long: leaving, so that a fresh process can try");
      stop();
      exit(1);
    }
  }

  function check(): Promise<void> {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  const timer = setInterval(() => void check(), every);
  timer.unref();
  function stop(): void {
    stopped = true;
    clearInterval(timer);
  }
  return { check, stop };
}

async function within(milliseconds: number, answer: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
