/** Stands between Slack and several Latchkeys on one database: each request goes to one of them, and comes again, signed anew, as often and as late as it is told. */
import { type Deliver, deliverTo, type Incoming, type Outgoing } from "../../src/playground/slack/delivery.ts";

/** From 0 to 1, the same for the same seed. */
export type Chance = () => number;

/** mulberry32, by Tommy Ettinger: public domain, and enough to draw lots. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function oneOf<T>(draw: Chance, among: readonly T[]): T {
  const found = among[Math.floor(draw() * among.length)];
  if (found === undefined) throw new Error("nothing to choose from");
  return found;
}

/** How Latchkey answered one delivery. */
export interface Answered {
  readonly status: number;
  readonly body: string;
}

/** A delivery and one of its copies. */
export interface Pair {
  readonly sent: string;
  readonly first: Answered;
  readonly copy: Answered;
  /** 0: at the same moment as the first. */
  readonly lateMs: number;
}

export interface Repeats {
  readonly deliver: Deliver;
  /** Delivers the copies that are due by then, in an order that nobody chose. */
  until(now: number): Promise<void>;
  readonly pairs: readonly Pair[];
  /** How often each request was delivered, itself included. */
  readonly times: readonly number[];
}

export interface RepeatOptions {
  /** Where the Latchkeys take what Slack sends. */
  readonly doors: () => readonly string[];
  /** Headers as Slack signs the body at this moment. */
  readonly sign: (body: string, contentType: string) => Record<string, string>;
  readonly now: () => number;
  readonly draw: Chance;
  /** A request is delivered this often at most. */
  readonly most: number;
  /** A copy is this late at most. */
  readonly lateMs: number;
}

interface Waiting {
  readonly at: number;
  readonly go: () => Promise<void>;
}

export function repeats({ doors, sign, now, draw, most, lateMs }: RepeatOptions): Repeats {
  const waiting: Waiting[] = [];
  const pairs: Pair[] = [];
  const times: number[] = [];
  const send = (request: Outgoing) => deliverTo(oneOf(draw, doors()))(request, AbortSignal.timeout(30_000));
  const answered = ({ status, body }: Incoming): Answered => ({ status, body });

  const deliver: Deliver = async (request) => {
    const { body, headers } = request;
    const often = 1 + Math.floor(draw() * most);
    times.push(often);
    // Some come in the same moment, over another door perhaps; the others later.
    const delays = Array.from({ length: often - 1 }, () => (draw() < 0.25 ? 0 : Math.ceil(draw() * lateMs)));
    const first = send(request);
    const again = async (late: number) => {
      const copy = await send({ body, headers: sign(body, headers["content-type"] ?? "") });
      pairs.push({ sent: body, first: answered(await first), copy: answered(copy), lateMs: late });
    };
    for (const late of delays) if (late > 0) waiting.push({ at: now() + late, go: () => again(late) });
    await Promise.all(delays.filter((late) => late === 0).map(again));
    return first;
  };

  return {
    deliver,
    pairs,
    times,
    until: async (by) => {
      const due = waiting.filter(({ at }) => at <= by).map((one) => ({ one, place: draw() }));
      for (const { one } of due) waiting.splice(waiting.indexOf(one), 1);
      due.sort((a, b) => a.place - b.place);
      // A few at a time, as they would come.
      while (due.length > 0) await Promise.all(due.splice(0, 1 + Math.floor(draw() * 4)).map(({ one }) => one.go()));
    },
  };
}
