/** Answering Slack within its three seconds, and what follows after the answer. */
import type { Text } from "../../cards/card.ts";
import { mayGoWellSoon } from "../../operations/soon.ts";
import { nameOf } from "./client.ts";
import type { Desk } from "./desk.ts";
import { endedAs, patienceLeft } from "./watched.ts";

/** What Slack is told at once (`answer`; undefined: nothing to say), and what is done when it has been told. */
export interface Reply<A> {
  readonly answer: A | undefined;
  readonly after: () => Promise<void>;
}

export function reply<A>(answer: A | undefined, after: () => Promise<void> = nothing): Reply<A> {
  return { answer, after };
}

export async function nothing(): Promise<void> {}

export interface Patience<A> {
  /** When the work failed: it was logged, and nobody knows what came of it. `said` is what people are told of it. */
  readonly failed: (said: Text) => Reply<A>;
  /** When Slack's patience ends before the work does. */
  readonly late: () => Reply<A>;
  /** What is done with an answer that came too late for Slack. */
  readonly afterwards: (late: Reply<A>) => Promise<void>;
}

/**
 * Acknowledges with the work's answer, which stands after its commit; or with `late` when the work takes longer than Slack waits, and then
 * the work goes on and is told afterwards. Slack waits since the envelope with that body came, not since its turn here. Never rejects.
 */
export async function settle<A>(
  desk: Desk,
  body: unknown,
  ack: (answer?: A) => Promise<void>,
  work: Promise<Reply<A>>,
  patience: Patience<A>,
): Promise<void> {
  const safe = work.catch((error: unknown) => {
    desk.log.error({ why: nameOf(error) }, "a listener failed");
    endedAs(body, "failed");
    const { recordsAway, wentWrong } = desk.texts.channel;
    return patience.failed([mayGoWellSoon(error) ? recordsAway : wentWrong]);
  });
  const first = await within(safe, patienceLeft(body));
  try {
    if (first !== LATE) return await give(ack, first);
    endedAs(body, "late");
    await give(ack, patience.late());
    await patience.afterwards(await safe);
  } catch (error) {
    desk.log.warn({ why: nameOf(error) }, "an answer did not arrive");
  }
}

async function give<A>(ack: (answer?: A) => Promise<void>, { answer, after }: Reply<A>): Promise<void> {
  await (answer === undefined ? ack() : ack(answer));
  await after();
}

export const LATE = Symbol("late");

/** What comes of the work, or LATE after `ms`; the work goes on all the same. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, ms, LATE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
