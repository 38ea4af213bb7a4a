/**
 * A random walk over every operation on a real Postgres: whatever people, administrators, time and the outbox do, in whatever order, each act is accepted
 * or refused as the tables say, only legal moves are made, and the invariants hold. LATCHKEY_WALKS sets the number of walks, LATCHKEY_SEED the seed.
 */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { checkInvariants } from "../../src/db/invariants.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Company, company } from "./company.ts";
import { applyShape, IDS, look, must, SHAPE, type Shape, type Stood } from "./office.ts";
import { carried } from "./outbox.ts";
import { closeAll, type Model, type Real, STEPS } from "./walking.ts";

const WALKS = Number(process.env.LATCHKEY_WALKS ?? 12);
const SEED = Number(process.env.LATCHKEY_SEED ?? Date.now() % 2 ** 31);
/** Walks at the same time, each strand in databases of its own. */
const STRANDS = 3;
/** Walks in one database, one after another: its queries stay quick, and its making doesn't cost more than the walks. */
const IN_ONE = 20;
const LONGEST = 40;

/** Where a fault was found once: walked again each time, by seed and path. */
const FOUND: readonly { readonly seed: number; readonly path: string }[] = [];

const strands: Company[] = [];
/** What was ever answered: a walk that is always refused would find nothing. */
const answers = new Set<string>();

async function begin(strand: number, walk: number): Promise<Real> {
  const before = strands[strand];
  if (!before || walk % IN_ONE === 0) {
    await before?.close();
    strands[strand] = await company({ digest: "to be changed" });
  }
  const it = strands[strand] as Company;
  await applyShape(it, walk, SHAPE);
  await it.connection.sql`delete from unreachable`;
  if (walk % IN_ONE > 0) await closeAll({ it, walk: walk - 1 });
  return { it, walk };
}

/** One of the verbs of whoever is asked would be accepted. */
function waitsFor(shape: Shape, line: Stood, actor: string): boolean {
  const wish = { actor, task: line.task?.id ?? "", face: null, to: [] };
  return (["approve", "claim", "confirm", "retry"] as const).some((verb) => must(shape, line, { ...wish, verb }));
}

/** What the outbox and the clock would do by themselves is done; then each list names what waits for its reader, and every invariant is asked of the tables. */
async function end(real: Real, { shape }: Model): Promise<void> {
  const { it, walk } = real;
  await carried(it);
  const stood = await look(it, walk);
  for (const person of [0, 1, 2].map((n) => IDS[(walk + n * 4) % IDS.length] ?? "")) {
    const { tasks } = await it.operations.home(person, { tasks: 0, requests: 0, access: 0 });
    const mine = stood.filter((line) => waitsFor(shape, line, person));
    if (shape.states[person] === "active") expect({ person, waits: tasks.total }).toEqual({ person, waits: mine.length });
  }
  // Cards are the delivery's business: here nobody reads them.
  await it.connection.sql`update effect set state = 'done', done_at = app_now() where state = 'due'`;
  const broken = (await checkInvariants(it.connection.sql)).filter(({ type }) => type !== "holds");
  expect(broken.map((one) => ({ id: one.invariant.id, first: "first" in one ? one.first : [] }))).toEqual([]);
}

function walks(strand: number, parameters: fc.Parameters<unknown>): Promise<void> {
  let walk = 0;
  const property = fc.asyncProperty(fc.commands(STEPS, { maxCommands: LONGEST, size: "max" }), async (steps) => {
    const real = await begin(strand, walk++);
    // Whatever breaks stays in its database: the next walk, shorter, begins in another one.
    const next = walk;
    walk = Math.ceil(walk / IN_ONE) * IN_ONE;
    const model: Model = { shape: SHAPE, sent: [], heard: new Set() };
    await fc.asyncModelRun(() => ({ model, real }), steps);
    for (const heard of model.heard) answers.add(heard);
    await end(real, model);
    walk = next;
  });
  return fc.assert(property, parameters);
}

describeWithDatabase("a random walk over every operation", () => {
  afterAll(async () => {
    await Promise.all(strands.map((one) => one.close()));
  });

  describe.concurrent("in strands", () => {
    for (let strand = 0; strand < STRANDS; strand++) {
      const seed = SEED + strand;
      test(`THREAT-5 THREAT-7 leaves every invariant whole (seed ${seed})`, { timeout: 120_000 + WALKS * 5_000 }, () =>
        walks(strand, { seed, numRuns: Math.ceil(WALKS / STRANDS) }),
      );
    }
  });

  // Few walks needn't meet everything; that many have to, else they would show little.
  if (WALKS >= 300)
    test("got far enough to be answered in every way", () => {
      const all = [
        "filed",
        "approved",
        "vote-counted",
        "rejected",
        "claimed",
        "released",
        "confirmed",
        "error-reported",
        "retried",
        "reassigned",
        "withdrawn",
        "nudged",
        "cancelled",
      ];
      const refusals = [
        "own-request",
        "not-yours",
        "already-decided",
        "already-voted",
        "stale-card",
        "not-active",
        "not-administrator",
        "not-claimer",
      ];
      expect([...all, ...refusals].filter((one) => !answers.has(one))).toEqual([]);
    });

  for (const { seed, path } of FOUND) {
    test(`finds nothing any more where a fault was found (seed ${seed})`, () => walks(STRANDS, { seed, path }), 120_000);
  }
});
