/**
 * A random walk over every operation on a real Postgres: whatever people, administrators, time and the outbox do, in whatever order and at whatever same
 * moment, over whichever process, each act is accepted or refused as the tables say, only legal moves are made, and the invariants hold.
 * LATCHKEY_WALKS sets the number of walks, LATCHKEY_SEED the seed.
 */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkInvariants } from "../../src/db/invariants.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { FOUND } from "./found.ts";
import { MEETINGS } from "./meeting.ts";
import { IDS, look, must, SHAPE, type Shape, type Stood } from "./office.ts";
import { carried } from "./outbox.ts";
import { STEPS } from "./steps.ts";
import { type Strand, strand } from "./strand.ts";
import { type Model, type Real, replica, type Step } from "./walking.ts";

const WALKS = Number(process.env.LATCHKEY_WALKS ?? 6);
const SEED = Number(process.env.LATCHKEY_SEED ?? Date.now() % 2 ** 31);
/** Walks at the same time, each in a database of its own: while one waits for its server, another goes on. */
const STRANDS = 3;
const LONGEST = 60;
/** So long is a walk that found a fault shortened, milliseconds: what was reached by then is told. */
const SHORTENING_MS = 60_000;

const strands: Strand[] = [];
/** Every kind of answer, refusal and event that was ever met: a walk that is always refused would find nothing. */
const met = new Set<string>();

/** One of the verbs of whoever is asked would be accepted. */
function waitsFor(shape: Shape, line: Stood, actor: string): boolean {
  const wish = { actor, task: line.task?.id ?? "", face: null, to: [] };
  return (["approve", "claim", "confirm", "retry"] as const).some((verb) => must(shape, line, { ...wish, verb }));
}

/** What the outbox and the clock would do by themselves is done; then each list names what waits for its reader, and every invariant is asked of the tables. */
async function end(real: Real, { shape }: Model): Promise<void> {
  const it = replica(real, 0);
  const { sql } = it.connection;
  await carried(it);
  const stood = await look(it);
  for (const person of [0, 1, 2].map((n) => IDS[(stood.length + n * 4) % IDS.length] ?? "")) {
    const { tasks } = await it.operations.home(person, { tasks: 0, requests: 0, access: 0 });
    const mine = stood.filter((line) => waitsFor(shape, line, person));
    if (shape.states[person] === "active") expect({ person, waits: tasks.total }).toEqual({ person, waits: mine.length });
  }
  // Cards are the delivery's business: here nobody reads them.
  await sql`update effect set state = 'done', done_at = app_now() where state = 'due'`;
  const broken = (await checkInvariants(sql)).filter(({ type }) => type !== "holds");
  expect(broken.map((one) => ({ id: one.invariant.id, first: "first" in one ? one.first : [] }))).toEqual([]);
  for (const { kind } of await sql`select distinct kind from event`) met.add(String(kind));
}

async function walk(on: Strand, steps: Iterable<Step>): Promise<void> {
  await on.back();
  const real: Real = { replicas: on.replicas, stood: [] };
  const model: Model = { shape: SHAPE, sent: [], heard: new Set() };
  await fc.asyncModelRun(() => ({ model, real }), steps);
  for (const heard of model.heard) met.add(heard);
  await end(real, model);
}

/** Once a fault was found and its time is over, nothing shorter is tried any more. */
function shortened(run: (steps: Iterable<Step>) => Promise<void>): (steps: Iterable<Step>) => Promise<void> {
  let until = Number.POSITIVE_INFINITY;
  return async (steps) => {
    if (performance.now() > until) return;
    try {
      await run(steps);
    } catch (fault) {
      until = Math.min(until, performance.now() + SHORTENING_MS);
      throw fault;
    }
  };
}

describeWithDatabase("a random walk over every operation", () => {
  beforeAll(async () => {
    for (let n = 0; n < STRANDS; n++) strands.push(await strand());
  });
  afterAll(async () => {
    await Promise.all(strands.map((one) => one.close()));
  });

  describe.concurrent("in strands", () => {
    for (let n = 0; n < STRANDS; n++) {
      const seed = SEED + n;
      test(`THREAT-5 THREAT-7 leaves every invariant whole (seed ${seed})`, { timeout: 120_000 + WALKS * 5_000 }, () =>
        fc.assert(
          fc.asyncProperty(
            fc.commands([...STEPS, MEETINGS], { maxCommands: LONGEST, size: "max" }),
            shortened((steps) => walk(strands[n] as Strand, steps)),
          ),
          { seed, numRuns: Math.ceil(WALKS / STRANDS) },
        ),
      );
    }
  });

  test.each(FOUND)("finds nothing any more where it once found that $what", ({ steps }) => walk(strands[0] as Strand, steps));

  // Few walks needn't meet everything; that many have to, else they would show little.
  if (WALKS >= 300)
    test("got far enough to be answered in every way, and for everything to happen", () => {
      const answers = [
        ...[
          "filed",
          "approved",
          "vote-counted",
          "rejected",
          "claimed",
          "released",
          "confirmed",
          "error-reported",
          "retried",
          "order-cancelled",
        ],
        ...["reassigned", "withdrawn", "nudged", "cancelled"],
      ];
      const refusals = [
        ...["own-request", "not-yours", "already-decided", "already-voted", "stale-card", "not-active", "not-administrator", "not-claimer"],
        ...[
          "already-claimed",
          "not-claimed",
          "already-over",
          "nudged-already",
          "not-requester",
          "key-reused",
          "faulty-form",
          "nobody-can-approve",
        ],
      ];
      const events = [
        "expired",
        "reminded",
        "escalated",
        "fallback-used",
        "step-counted",
        "person-moved",
        "person-erased",
        "nobody-to-ask",
      ];
      expect([...answers, ...refusals, ...events].filter((one) => !met.has(one))).toEqual([]);
    });
});
