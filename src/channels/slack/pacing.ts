/**
 * How fast this process calls Slack: so many calls of a method, and for one conversation, in any stretch of time (limits.ts). Nothing waits here: who
 * may not call now is told when to come again, and those who wait are told different times. See docs/decisions/0020.
 */
import type { Meters, Urgency } from "../../ports.ts";
import { type PacedMethod, RATES, type Rate, type Rates } from "./limits.ts";

/** One call that somebody wants to make. */
export interface Wanted {
  readonly method: PacedMethod;
  /** The channel, or the direct conversation, that it is about; null: none. */
  readonly conversation: string | null;
  readonly urgency: Urgency;
  /** Names what is delivered, the same each time that it is tried: whoever was given a time comes before those who were not. */
  readonly key: string;
}

export interface Pacer {
  /** 0: it may go out now, and is counted. Else the milliseconds after which to ask again. */
  ask(wanted: Wanted): number;
  /** Slack said 429: nothing of that method goes to that conversation for so long, or nothing of it at all where no conversation was named. */
  hold(method: PacedMethod, conversation: string | null, ms: number): void;
}

export interface PacerOptions {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Left out: Slack's own. */
  readonly rates?: { readonly [method in PacedMethod]?: Rates };
  readonly meters?: Pick<Meters, "heldBack" | "limited"> | undefined;
}

/** The most urgent first. */
const URGENCIES: readonly Urgency[] = ["outcome", "card", "bulk"];
/** Given times lie a little further apart than the rate demands, so that who comes a moment late finds the way free. */
const APART = 1.02;
/** So many conversations that are refused at the same time mean that the whole workspace is. */
const CONVERSATIONS_HELD = 3;
/** Times that nobody came for, and conversations that nobody writes to, are forgotten when there are so many. */
const MOST_REMEMBERED = 1_000;
const FORGET_AFTER_MS = 60_000;
/** Between those who come after a 429 of a method that has no rate here. */
const APART_MS = 50;

/** What is waited for, and the latest time that was given for it, by urgency. */
interface Line {
  readonly given: Record<Urgency, number>;
}
interface Window extends Line {
  readonly rate: Rate;
  /** When calls went out, the earliest first; none that is older than the window. */
  readonly sent: number[];
}
interface Hold extends Line {
  readonly until: number;
  /** Between those who come when it ends. */
  readonly apartMs: number;
}

/** A window, and how many of its calls may be used up by whoever asks. */
type Limit = readonly [Window, number];

export function pacer({ now, rates = RATES, meters }: PacerOptions): Pacer {
  const windows = new Map<string, Window>();
  const holds = new Map<string, Hold>();
  const promised = new Map<string, number>();

  const windowOf = (name: string, rate: Rate): Window => {
    const found = windows.get(name) ?? { rate, sent: [], given: nothingGiven() };
    windows.set(name, found);
    return found;
  };

  /** The windows that a call is counted in, each with the calls that may be used up for it. */
  function limitsOf({ method, conversation, urgency }: Wanted): readonly Limit[] {
    const { workspace, conversation: each, share }: Rates = rates[method] ?? {};
    const part = urgency === "outcome" || !share ? 1 : share[urgency];
    const limits: Limit[] = [];
    if (workspace) limits.push([windowOf(method, workspace), Math.max(1, Math.floor(workspace.calls * part))]);
    if (each && conversation !== null) limits.push([windowOf(`${method} ${conversation}`, each), each.calls]);
    return limits;
  }

  /** The time at which to come again; whoever was given one that can still be kept keeps it. */
  function turnOf(
    wanted: Wanted,
    limits: readonly Limit[],
    it: { at: number; before: number | undefined; full: readonly Limit[] },
  ): number {
    const { at, before, full } = it;
    const freeFrom = Math.max(
      at,
      ...holdsOn(wanted).map(({ until }) => until),
      ...full.map(([window, allowed]) => freeAt(window, allowed)),
    );
    if (before === undefined) return nextTurn(wanted, limits, at);
    if (before > at && before >= freeFrom) return before;
    // Came in time, and others were a moment faster: not sent to the end of the line.
    const soon = full.length > 0 && full.every(([{ rate }, allowed]) => freeFrom - at <= (2 * rate.ms) / allowed);
    return soon ? freeFrom : nextTurn(wanted, limits, at);
  }

  /** When those who wait for the windows that are full, or for the end of a hold, may come: each of them later than the one before. */
  function nextTurn(wanted: Wanted, limits: readonly Limit[], at: number): number {
    let turn = at;
    for (const hold of holdsOn(wanted)) turn = Math.max(turn, giveTime(hold, wanted.urgency, hold.until, hold.apartMs));
    for (const [window, allowed] of limits) {
      if (window.sent.length < allowed) continue;
      turn = Math.max(turn, giveTime(window, wanted.urgency, freeAt(window, allowed), (window.rate.ms / allowed) * APART));
    }
    return turn;
  }

  function holdsOn({ method, conversation }: Wanted): readonly Hold[] {
    const names = conversation === null ? [method] : [method, `${method} ${conversation}`];
    return names.map((name) => holds.get(name)).filter((hold) => hold !== undefined);
  }

  function tidy(at: number): void {
    for (const [name, hold] of holds) if (hold.until <= at) holds.delete(name);
    if (promised.size > MOST_REMEMBERED) for (const [key, turn] of promised) if (turn + FORGET_AFTER_MS < at) promised.delete(key);
    if (windows.size <= MOST_REMEMBERED) return;
    for (const [name, { sent, rate, given }] of windows) {
      const last = Math.max(sent.at(-1) ?? 0, given.outcome, given.card, given.bulk);
      if (last + rate.ms < at) windows.delete(name);
    }
  }

  return {
    ask(wanted) {
      const at = now();
      if (holds.size > 0 || promised.size > MOST_REMEMBERED || windows.size > MOST_REMEMBERED) tidy(at);
      const limits = limitsOf(wanted);
      for (const [{ sent, rate }] of limits) while (sent[0] !== undefined && sent[0] <= at - rate.ms) sent.shift();
      const key = `${wanted.method} ${wanted.conversation ?? ""} ${wanted.key}`;
      const full = limits.filter(([{ sent }, allowed]) => sent.length >= allowed);
      if (full.length === 0 && holdsOn(wanted).length === 0) {
        for (const [{ sent }] of limits) sent.push(at);
        promised.delete(key);
        return 0;
      }
      const turn = turnOf(wanted, limits, { at, before: promised.get(key), full });
      promised.set(key, turn);
      const ms = Math.max(1, Math.ceil(turn - at));
      meters?.heldBack(wanted.method, ms / 1000);
      return ms;
    },

    hold(method, conversation, ms) {
      const at = now();
      meters?.limited(method);
      const { workspace, conversation: each }: Rates = rates[method] ?? {};
      const apart = (rate: Rate | undefined) => (rate ? (rate.ms / rate.calls) * APART : APART_MS);
      const put = (name: string, apartMs: number) => {
        if ((holds.get(name)?.until ?? 0) < at + ms) holds.set(name, { until: at + ms, apartMs, given: nothingGiven() });
      };
      tidy(at);
      if (conversation === null) return put(method, apart(workspace));
      put(`${method} ${conversation}`, apart(each ?? workspace));
      const others = [...holds.keys()].filter((name) => name.startsWith(`${method} `));
      if (others.length >= CONVERSATIONS_HELD) put(method, apart(workspace));
    },
  };
}

function nothingGiven(): Record<Urgency, number> {
  return { outcome: 0, card: 0, bulk: 0 };
}

/** When the next call finds room in a full window. */
function freeAt({ sent, rate }: Window, allowed: number): number {
  const oldest = sent[sent.length - allowed];
  return oldest === undefined ? 0 : oldest + rate.ms;
}

/** The first time from `from` on, behind everybody who is as urgent; less urgent ones are not in the way. */
function giveTime({ given }: Line, urgency: Urgency, from: number, apartMs: number): number {
  const ahead = URGENCIES.slice(0, URGENCIES.indexOf(urgency) + 1).map((one) => given[one]);
  const last = Math.max(...ahead);
  given[urgency] = last < from ? from : last + apartMs;
  return given[urgency];
}
