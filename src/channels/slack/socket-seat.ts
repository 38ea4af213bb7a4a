/** A seat holds one link up: it opens it, watches it, and has another in its place before or after it ends. */
import type { Log } from "../../ports.ts";
import { nameOf } from "./client.ts";
import { type Setback, setbackOf, waitMs } from "./socket-back-off.ts";
import type { Envelope, Frame } from "./socket-frame.ts";
import type { Link, LinkEars } from "./socket-link.ts";
import { type Clock, type Held, hear, heldAt, isDeaf, isSilent, wasSteady } from "./socket-watch.ts";

export type Ack = (answer?: unknown) => Promise<void>;

export interface SeatOptions {
  /** Which of the seats, for the log. */
  readonly seat: number;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  readonly open: (ears: LinkEars) => Link;
  /** Takes what came over the link; never rejects. False: nothing is taken any more, and Slack delivers it elsewhere. */
  readonly take: (envelope: Envelope, ack: Ack) => Promise<void> | false;
  /** The link came up, or went. */
  readonly changed: () => void;
  readonly setback: (setback: Setback) => void;
  /** An envelope that no listener may see; it is not acknowledged. */
  readonly turnedAway: (why: "size" | "shape") => void;
  /** Until when Slack wants no more to be opened: its limit is on the method, so it holds for all seats. */
  readonly notBefore: { at: number };
}

/** A link gives its sign within this, or it is thrown away. */
const HELLO_WITHIN_MS = 15_000;
/** A link that is to go may end its work for as long. */
const DRAIN_MS = 10_000;
const CLOSE_WITHIN_MS = 1_000;

export class Seat {
  readonly #with: SeatOptions;
  #live: Held | null = null;
  #opening: Held | null = null;
  /** Replaced, and still ending their work. */
  readonly #old = new Set<Held>();
  #failures = 0;
  #callOff: (() => void) | null = null;
  #stopped = false;

  constructor(options: SeatOptions) {
    this.#with = options;
  }

  get isUp(): boolean {
    return this.#live !== null;
  }

  get isOpening(): boolean {
    return this.#opening !== null;
  }

  /** Opens a link where none is up. */
  fill(): void {
    if (!this.#live) this.#open();
  }

  /** Opens a link, unless one is being opened or waited for already; the one that is up stays until the new one carries. */
  #open(): void {
    const { clock, log, notBefore, open, random, seat } = this.#with;
    if (this.#stopped || this.#opening || this.#callOff) return;
    if (clock.now() < notBefore.at) {
      this.#openIn(notBefore.at - clock.now());
      return;
    }
    log.debug({ link: seat }, "opening a link to Slack");
    const held = heldAt(clock.now(), random());
    this.#opening = held;
    held.calm = clock.after(HELLO_WITHIN_MS, () => this.#drop(held, "no hello"));
    const link = open({
      alive: () => hear(held),
      frame: (frame) => this.#hear(held, frame),
      ended: (error) => this.#ended(held, setbackOf(error)),
    });
    held.link = link;
  }

  /** Called every second: a silent link is thrown away. */
  look(): void {
    for (const held of [this.#live, ...this.#old]) if (held && isSilent(held)) this.#drop(held, "silent");
  }

  /** Replaces the link when it is time, or when it seems to be deaf. */
  renew(): void {
    const held = this.#live;
    if (held === null || held.leaving || this.#opening || this.#callOff) return;
    const now = this.#with.clock.now();
    const deaf = isDeaf(held, now);
    if (!deaf && now < held.renewAt) return;
    if (deaf) this.#with.log.warn({ link: this.#with.seat }, "a link brought nothing while another brought much: replacing it");
    held.passedOver = 0;
    this.#open();
  }

  passOver(): void {
    if (this.#live) this.#live.passedOver += 1;
  }

  /** Opens no more; what is up stays until `close`. */
  stop(): void {
    this.#stopped = true;
    this.#callOff?.();
    this.#callOff = null;
    if (this.#opening) this.#drop(this.#opening, null);
  }

  /** Ends every link in order. */
  close(): void {
    for (const held of [this.#live, ...this.#old]) if (held) this.#close(held);
  }

  /** Ends at once what has not ended by itself. */
  drop(): void {
    for (const held of [this.#live, ...this.#old]) if (held) this.#drop(held, null);
  }

  #hear(held: Held, frame: Frame): void {
    const { log, seat } = this.#with;
    if (held.over) return;
    switch (frame.kind) {
      case "hello":
        if (held === this.#opening) this.#arrived(held, frame.connections);
        break;
      case "disconnect":
        this.#dismissed(held, frame.reason);
        break;
      case "envelope":
        this.#take(held, frame.envelope);
        break;
      case "notice":
        log.warn({ link: seat, about: frame.about }, "Slack told something about the app");
        held.link?.acknowledge(frame.id);
        break;
      case "odd":
        this.#with.turnedAway(frame.why === "size" ? "size" : "shape");
        log.warn({ link: seat, why: frame.why }, "turned an envelope away");
        break;
    }
  }

  #arrived(held: Held, connections: number | null): void {
    const { clock, log, seat, changed } = this.#with;
    held.calm();
    held.helloAt = clock.now();
    const old = this.#live;
    this.#opening = null;
    this.#live = held;
    log.info({ link: seat, connections }, "a link to Slack is up");
    if (old) {
      old.leaving = true;
      this.#old.add(old);
      old.calm = clock.after(DRAIN_MS, () => this.#close(old));
      if (old.underWay === 0) this.#close(old);
    }
    changed();
  }

  #take(held: Held, envelope: Envelope): void {
    const { log, seat, take } = this.#with;
    let given = false;
    const work = take(envelope, async (answer) => {
      if (given) return;
      given = true;
      if (!held.link?.acknowledge(envelope.id, answer))
        log.info({ link: seat }, "an acknowledgement found its link gone: Slack delivers again, which changes nothing");
    });
    if (work === false) return;
    held.passedOver = 0;
    held.underWay += 1;
    void work
      .catch((error: unknown) => log.error({ why: nameOf(error) }, "an envelope from Slack failed"))
      .finally(() => {
        held.underWay -= 1;
        if (held.underWay === 0 && this.#old.has(held)) this.#close(held);
      });
  }

  /** Slack says why it will close the link. */
  #dismissed(held: Held, reason: string): void {
    this.#with.log.info({ link: this.#with.seat, reason }, "Slack asks for another link");
    const kind = reason === "link_disabled" ? "off" : reason === "too_many_websockets" ? "full" : "lost";
    const setback: Setback = { kind, why: reason };
    if (held === this.#opening) this.#drop(held, kind === "lost" ? reason : null, setback);
    else if (held === this.#live && !held.leaving) this.#again(held, setback);
    held.leaving = true;
  }

  #drop(held: Held, why: string | null, setback: Setback = { kind: "lost", why: why ?? "stopped" }): void {
    if (why !== null) this.#with.log.warn({ link: this.#with.seat, why }, "a link is thrown away");
    this.#ended(held, setback);
    held.link?.drop();
  }

  #ended(held: Held, setback: Setback): void {
    if (held.over) return;
    held.over = true;
    held.calm();
    this.#old.delete(held);
    if (held === this.#opening) {
      this.#opening = null;
      this.#setback(setback, "a link to Slack can't be had now");
    } else if (held === this.#live) {
      this.#live = null;
      if (!this.#stopped) this.#with.log.info({ link: this.#with.seat }, "a link to Slack is gone");
      this.#again(held, setback);
      this.#with.changed();
    }
  }

  /** Another link: at once, if this one had worked for a while and nobody has to mend anything first. */
  #again(held: Held, setback: Setback): void {
    if (this.#opening || this.#callOff || this.#stopped) return;
    if (setback.kind === "lost" && wasSteady(held, this.#with.clock.now())) {
      this.#failures = 0;
      this.#open();
    } else this.#setback(setback, "a link to Slack did not last");
  }

  #setback(setback: Setback, words: string): void {
    const { clock, log, notBefore, random, seat } = this.#with;
    if (this.#stopped) return;
    this.#failures += 1;
    const ms = Math.round(waitMs(setback, this.#failures, random()));
    if (setback.kind === "limited") notBefore.at = Math.max(notBefore.at, clock.now() + setback.afterMs);
    log.warn({ link: seat, why: setback.why, again: `in ${ms} ms` }, words);
    this.#openIn(ms);
    this.#with.setback(setback);
  }

  #openIn(ms: number): void {
    this.#callOff?.();
    this.#callOff = this.#with.clock.after(ms, () => {
      this.#callOff = null;
      this.#open();
    });
  }

  #close(held: Held): void {
    held.calm();
    held.leaving = true;
    held.calm = this.#with.clock.after(CLOSE_WITHIN_MS, () => this.#drop(held, null));
    held.link?.close();
  }
}
