/** What Latchkey counts, in Prometheus' words: the only place that names them. Labels hold words from short lists in the code: no person, no id, no text. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Meters } from "./ports.ts";

/** What stands in the outbox now. */
export interface Outbox {
  readonly due: readonly { readonly kind: string; readonly priority: number; readonly count: number; readonly oldest: number }[];
  readonly dead: readonly { readonly kind: string; readonly count: number }[];
}

export interface Watch {
  readonly meters: Meters;
  /** The page that Prometheus reads; the outbox is looked at once for all who ask at the same time. Never rejects. */
  page(): Promise<string>;
  readonly contentType: string;
}

export interface WatchOptions {
  readonly version: string;
  /** Reads the outbox; rejects when the database doesn't answer, and then the page goes without. */
  readonly outbox: () => Promise<Outbox>;
}

/** Seconds. Slack waits 3 s for an acknowledgement, and Latchkey gives a stopgap after 2.5 s: both stand as edges. */
const ACK_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 3, 5, 10];
const CALL_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const WAIT_SECONDS = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
/** Acknowledgements that took longer than this are counted on their own: the second figure is where Slack shows an error to the person. */
const SLOW_SECONDS = [1, 3];

/** Metrics of their own for each Latchkey that is started, so that several in one process don't add up. */
export function watch({ version, outbox }: WatchOptions): Watch {
  const register = new Registry();
  const registers = [register];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: readonly number[]) =>
    new Histogram({ name, help, labelNames, buckets: [...buckets], registers });

  const acks = histogram(
    "latchkey_ack_seconds",
    `From an envelope of the chat to its acknowledgement. ${MINE}`,
    ["envelope", "outcome"],
    ACK_SECONDS,
  );
  const slow = counter(
    "latchkey_slow_acks_total",
    `Acknowledgements that took longer than so many seconds; above 3 the person saw an error. ${MINE}`,
    ["over"],
  );
  const away = counter("latchkey_turned_away_total", `Requests turned away before they reached a listener, by HTTP status. ${MINE}`, [
    "status",
  ]);
  const operations = counter("latchkey_operations_total", `Operations by verb, and the name of the answer or refusal. ${MINE}`, [
    "verb",
    "result",
  ]);
  const operationSeconds = histogram("latchkey_operation_seconds", `Duration of operations. ${MINE}`, ["verb"], CALL_SECONDS);
  const conflicts = counter("latchkey_conflicts_total", `Changes tried again because somebody else was faster. ${MINE}`, ["of"]);
  const events = counter(
    "latchkey_events_total",
    `Events of requests that this process committed: reminded, escalated, expired, approved and the others. ${MINE}`,
    ["event"],
  );
  const cards = counter("latchkey_cards_total", `Calls that show something in the chat, and what came of them. ${MINE}`, [
    "act",
    "outcome",
  ]);
  const cardSeconds = histogram(
    "latchkey_card_seconds",
    `Duration of calls that show something in the chat. ${MINE}`,
    ["act"],
    CALL_SECONDS,
  );
  const effects = counter("latchkey_effects_total", `Effects of the outbox that this process worked on, and how they ended. ${MINE}`, [
    "kind",
    "outcome",
  ]);
  const waits = histogram(
    "latchkey_rate_limit_wait_seconds",
    `How long calls to the chat waited for their turn. ${MINE}`,
    ["method"],
    WAIT_SECONDS,
  );
  const limited = counter("latchkey_rate_limited_total", `Times that the chat itself said there were too many calls. ${MINE}`, ["method"]);
  const links = gauge("latchkey_socket_links", `Links of Socket Mode that are up; absent over HTTP. ${MINE}`, []);
  const lost = counter(
    "latchkey_socket_links_lost_total",
    `Links of Socket Mode that went down before others took their place. ${MINE}`,
    [],
  );
  const tickSeconds = histogram("latchkey_tick_seconds", `Duration of looks at the clocks. ${MINE}`, ["outcome"], CALL_SECONDS);
  const lastTick = gauge("latchkey_last_tick_timestamp_seconds", `When the clocks were last looked at without a fault. ${MINE}`, []);
  const trip = histogram(
    "latchkey_database_round_trip_seconds",
    `Duration of the smallest question to the database. ${MINE}`,
    [],
    CALL_SECONDS,
  );
  const database = gauge("latchkey_database_up", `1 while the database answers this process, else 0. ${MINE}`, []);
  const waiting = gauge("latchkey_outbox_effects", `Effects that wait in the outbox; at most 5,000 of a priority are counted. ${ALL}`, [
    "kind",
    "priority",
  ]);
  const oldest = gauge("latchkey_outbox_oldest_seconds", `How long the oldest effect in the outbox has been due. ${ALL}`, [
    "kind",
    "priority",
  ]);
  const dead = gauge("latchkey_outbox_dead_effects", `Effects that were given up and wait for an administrator. ${ALL}`, ["kind"]);
  gauge("latchkey_build_info", `Always 1; version of Latchkey and of Node. ${MINE}`, ["version", "node"]).set(
    { version, node: process.version },
    1,
  );
  // A counter that is absent until its first case hides that case from rate() and increase().
  for (const over of SLOW_SECONDS) slow.inc({ over: String(over) }, 0);
  links.remove();

  const meters: Meters = {
    acknowledged(envelope, outcome, seconds) {
      acks.observe({ envelope, outcome }, seconds);
      for (const over of SLOW_SECONDS) if (seconds > over) slow.inc({ over: String(over) });
    },
    turnedAway: (status) => away.inc({ status: String(status) }),
    operated(verb, result, seconds) {
      operations.inc({ verb, result });
      operationSeconds.observe({ verb }, seconds);
    },
    conflicted: (of) => conflicts.inc({ of }),
    happened(kinds) {
      for (const event of kinds) events.inc({ event });
    },
    delivered(act, outcome, seconds) {
      cards.inc({ act, outcome });
      cardSeconds.observe({ act }, seconds);
    },
    carriedOut: (kind, outcome) => effects.inc({ kind, outcome }),
    heldBack: (method, seconds) => waits.observe({ method }, seconds),
    limited: (method) => limited.inc({ method }),
    linked: (up) => links.set(up),
    unlinked: () => lost.inc(),
    ticked(outcome, seconds) {
      tickSeconds.observe({ outcome }, seconds);
      if (outcome === "done") lastTick.setToCurrentTime();
    },
    asked(seconds) {
      database.set(seconds === null ? 0 : 1);
      if (seconds !== null) trip.observe(seconds);
    },
  };

  async function readOutbox(): Promise<void> {
    const now = await outbox().catch(() => null);
    for (const one of [waiting, oldest, dead]) one.reset();
    if (now === null) return;
    for (const { kind, priority, count, oldest: seconds } of now.due) {
      waiting.set({ kind, priority: String(priority) }, count);
      oldest.set({ kind, priority: String(priority) }, seconds);
    }
    for (const { kind, count } of now.dead) dead.set({ kind }, count);
  }

  let reading: Promise<void> | null = null;
  return {
    meters,
    contentType: register.contentType,
    async page() {
      reading ??= readOutbox().finally(() => {
        reading = null;
      });
      await reading;
      return `${await register.metrics()}\n${await ofProcess().metrics()}`;
    },
  };
}

/** Which of several replicas a figure is about. */
const MINE = "Of this process.";
const ALL = "Of the database: every replica says the same.";

let processRegister: Registry | null = null;

/** Memory, processor, event loop: of the process itself, so begun once in it. */
function ofProcess(): Registry {
  if (processRegister === null) {
    processRegister = new Registry();
    collectDefaultMetrics({ register: processRegister });
  }
  return processRegister;
}
