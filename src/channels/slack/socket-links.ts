/**
 * The links of this process to Slack: two, since each payload comes over one link chosen by chance, and a link that is replaced or dies must not leave a gap.
 * Slack allows ten for one app; a link that is being replaced needs a place of its own for a moment, so four processes fit.
 */
import type { Log, Meters } from "../../ports.ts";
import type { Setback } from "./socket-back-off.ts";
import type { Envelope } from "./socket-frame.ts";
import type { openLink } from "./socket-link.ts";
import { type Ack, Seat } from "./socket-seat.ts";
import type { Clock } from "./socket-watch.ts";

export interface LinksOptions {
  readonly appToken: string;
  /** Another root of the Web API; null: slack.com. */
  readonly apiUrl: string | null;
  readonly log: Log;
  /** Carries an envelope to its listener; it is acknowledged by `ack`, and otherwise delivered again. */
  readonly take: (envelope: Envelope, ack: Ack) => Promise<void>;
  /** Socket Mode is switched off for the app, or Slack refuses its token: somebody has to mend it. May be called again and again. */
  readonly trouble: (kind: "off" | "refused", why: string) => void;
  /** Leaves the process, so that a fresh one may have better luck. */
  readonly leave: () => void;
  readonly meters?: Pick<Meters, "linked" | "unlinked" | "turnedAway"> | undefined;
  readonly clock?: Clock;
  readonly random?: () => number;
}

export interface Links {
  /** Resolves when the first link is up, or at the first reason why it isn't; later ones are tried without end. */
  start(): Promise<Setback | null>;
  /** Whether Slack reaches this process: a link is up, or was a moment ago. */
  up(): boolean;
  /** From now on nothing more is taken; what is under way may still be acknowledged. */
  pause(): void;
  /** Ends the links, within half a second. */
  close(): Promise<void>;
}

const SEATS = 2;
const LOOK_MS = 1_000;
/** So long without any link is what a change of links or a hiccup takes. */
export const DOWN_MS = 30_000;
/** The last resort: Slack gives addresses or doesn't answer, and no link came up for so long. */
export const LEAVE_MS = 15 * 60_000;
const CLOSE_WITHIN_MS = 500;

const SYSTEM: Clock = {
  now: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

export function socketLinks({
  appToken,
  apiUrl,
  log,
  take,
  trouble,
  leave,
  meters,
  clock = SYSTEM,
  random = Math.random,
}: LinksOptions): Links {
  const notBefore = { at: 0 };
  let paused = false;
  let wasUp = false;
  let everUp = false;
  let downSince = clock.now();
  let said = false;
  let worst: Setback | null = null;
  let first: (setback: Setback | null) => void = () => {};
  let gone: () => void = () => {};
  let callOff = () => {};
  let open: typeof openLink;

  const isUp = () => seats.some((seat) => seat.isUp);

  let counted = 0;
  function count(): void {
    const up = seats.filter((seat) => seat.isUp).length;
    meters?.linked(up);
    if (up < counted && !paused) meters?.unlinked();
    counted = up;
  }

  function changed(): void {
    count();
    if (!isUp()) {
      if (wasUp) downSince = clock.now();
      wasUp = false;
      gone();
      return;
    }
    if (said) log.info({}, "Slack reaches Latchkey again");
    wasUp = true;
    everUp = true;
    said = false;
    worst = null;
    begun(null);
  }

  function setback(it: Setback): void {
    worst = it;
    if (it.kind === "off") log.error({ why: it.why }, "Socket Mode is switched off for the app: switch it on in the app's settings");
    if (it.kind === "refused") log.error({ why: it.why }, "Slack refuses SLACK_APP_TOKEN");
    if (it.kind === "off" || it.kind === "refused") trouble(it.kind, it.why);
    begun(it);
  }

  /** The second link is opened once it is known what became of the first, so that they don't grow old together. */
  function begun(how: Setback | null): void {
    first(how);
    if (how?.kind !== "off" && how?.kind !== "refused") for (const seat of seats) seat.fill();
  }

  const seats = Array.from(
    { length: SEATS },
    (_, index) =>
      new Seat({
        seat: index + 1,
        log,
        clock,
        random,
        notBefore,
        changed,
        setback,
        // As over HTTP.
        turnedAway: (why) => meters?.turnedAway(why === "size" ? 413 : 400),
        open: (ears) => open({ appToken, apiUrl }, ears),
        take(envelope, ack) {
          if (paused) return false;
          for (const [other, seat] of seats.entries()) if (other !== index) seat.passOver();
          return take(envelope, ack);
        },
      }),
  );

  function look(): void {
    callOff = clock.after(LOOK_MS, look);
    for (const seat of seats) seat.look();
    // One at a time, and only while another carries.
    for (const seat of seats) if (seats.every(({ isUp, isOpening }) => isUp && !isOpening)) seat.renew();
    if (isUp()) return;
    const downFor = clock.now() - downSince;
    if (downFor >= DOWN_MS && !said) {
      said = true;
      log.error({ why: worst?.why, seconds: Math.round(downFor / 1_000) }, "no link to Slack: nothing that people do reaches Latchkey");
    }
    if (downFor < LEAVE_MS || worst?.kind !== "lost") return;
    log.error({ why: worst.why }, "no link to Slack could be had for too long: leaving, so that a fresh process can try");
    callOff();
    leave();
  }

  return {
    async start() {
      // Slack's client of Socket Mode and what it needs are large, and over HTTP nobody needs them.
      ({ openLink: open } = await import("./socket-link.ts"));
      if (paused) return null;
      count();
      downSince = clock.now();
      const begins = new Promise<Setback | null>((resolve) => {
        first = resolve;
      });
      callOff = clock.after(LOOK_MS, look);
      seats[0]?.fill();
      return begins;
    },
    up: () => isUp() || (everUp && clock.now() - downSince < DOWN_MS),
    pause() {
      paused = true;
      for (const seat of seats) seat.stop();
      callOff();
      first(null);
    },
    async close() {
      const ended = new Promise<void>((resolve) => {
        gone = resolve;
      });
      for (const seat of seats) seat.close();
      if (!isUp()) gone();
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_WITHIN_MS);
      });
      await Promise.race([ended, enough]);
      clearTimeout(timer);
      for (const seat of seats) seat.drop();
    },
  };
}
