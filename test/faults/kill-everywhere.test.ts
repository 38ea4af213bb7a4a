/**
 * Latchkey dies with -9 at every await through which deciding, confirming, delivering and reminding pass. Which these are is counted, not listed: a first
 * run of each deed tells which awaits it passes and how often; then each of them is a place to die, LATCHKEY_KILLS times: as soon as what is awaited was
 * begun, a moment later, or when its end is known and nothing came of it yet. The process after it carries on.
 *
 * LATCHKEY_SEED repeats a run's choices, LATCHKEY_KILL_AT=db/outbox.ts keeps to the awaits that begin so, LATCHKEY_KILL_LANES is how many die side by side.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithDatabase } from "../setup/database.ts";
import { completed, DEEDS, type Deed, type Doing, prepared } from "./kill-deeds.ts";
import { doubled, traces, wrongAtTheEnd, wrongWith } from "./kill-judge.ts";
import { type Lane, openLane, outboxEmpty } from "./kill-lane.ts";
import { instrumented, type Program } from "./kill-points.ts";
import type { Death, Moment } from "./kill-victim.ts";

const KILLS = Number(process.env.LATCHKEY_KILLS ?? 2);
const SEED = Number(process.env.LATCHKEY_SEED ?? Date.now() % 2 ** 31);
const LANES = Number(process.env.LATCHKEY_KILL_LANES ?? 8);
const ONLY = process.env.LATCHKEY_KILL_AT ?? "";

const MOMENTS: readonly Moment[] = ["begun", "settled", "under-way"];
/** A choice of passage that didn't come about is made anew so often. */
const TRIES = 6;
/** Five seconds is what is promised of a machine of one's own; here a dozen processes share two cores, so that only what never ends is a failure. */
const DRAINED_WITHIN_MS = 60_000;

interface Planned {
  readonly deed: Deed;
  readonly death: Death;
  readonly tries: number;
}

describeWithDatabase("Latchkey is killed at every await", () => {
  let program: Program;
  const lanes: Lane[] = [];
  /** By deed: how often each await is passed, and what is left where nobody dies. */
  const passages = new Map<Deed, Readonly<Record<string, number>>>();
  const usual = new Map<Deed, readonly string[]>();
  const random = randomOf(SEED);

  beforeAll(async () => {
    program = await instrumented();
    const first = await openLane(program);
    lanes.push(first);
    await first.start();
    for (const deed of DEEDS) {
      const doing = await prepared(first, deed);
      const passed = await first.now().passagesOf(() => completed(first, doing));
      passages.set(deed, passed);
      usual.set(deed, await traces(first, doing.numbers));
    }
    await first.now().keep();
    for (let more = 1; more < LANES; more++) lanes.push(await openLane(program));
    await Promise.all(lanes.slice(1).map((lane) => lane.start()));
  }, 300_000);
  afterAll(async () => {
    await Promise.all(lanes.map((lane) => lane.close()));
    await program?.remove();
  });

  test(
    "nothing that was acknowledged is lost, nothing happens twice, and what was left is delivered after the restart",
    async () => {
      const points = [...new Set(DEEDS.flatMap((deed) => Object.keys(passages.get(deed) ?? {})))].filter((point) => point.startsWith(ONLY));
      const counts = DEEDS.map((deed) => `${deed} ${Object.keys(passages.get(deed) ?? {}).length}`);
      console.log(
        `seed ${SEED}: ${points.length} of ${program.points.length} awaits are passed (${counts.join(", ")}); ${KILLS} deaths at each`,
      );
      if (ONLY === "") expect(points.length).toBeGreaterThanOrEqual(40);

      const planned = points.flatMap((point) => Array.from({ length: KILLS }, (_, nth) => plan(point, nth)));
      const queue = shuffled(planned);
      const wrong: string[] = [];
      const missed: string[] = [];
      const drained: number[] = [];
      let died = 0;
      const work = async (lane: Lane) => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          const { deed, death, tries } = next;
          const where = `${deed}, ${death.point}, passage ${death.passage}, ${death.moment}`;
          const ended = await dieDoing(lane, deed, death).catch((error: unknown) => fault(error, where));
          if (ended.died) {
            died += 1;
            drained.push(ended.drainedMs);
            wrong.push(...ended.wrong.map((what) => `${where}: ${what}`));
          } else if (tries < TRIES) queue.push({ deed, death: { ...death, passage: 1 + Math.floor(death.passage / 2) }, tries: tries + 1 });
          else missed.push(where);
        }
        wrong.push(...(await wrongAtTheEnd(lane)));
      };
      await Promise.all(lanes.map(work));
      drained.sort((a, b) => a - b);
      const at = (share: number) => Math.round(drained[Math.floor(drained.length * share)] ?? 0);
      const twice = lanes.reduce((sum, lane) => sum + doubled(lane).length, 0);
      console.log(
        `${died} deaths; drained after the restart in ms: p50 ${at(0.5)}, p90 ${at(0.9)}, max ${Math.round(drained.at(-1) ?? 0)}; ${twice} cards doubled`,
      );
      expect({ wrong, missed }).toEqual({ wrong: [], missed: [] });
      expect(died).toBe(planned.length);
    },
    24 * 3_600_000,
  );

  function plan(point: string, nth: number): Planned {
    const deeds = DEEDS.filter((deed) => passages.get(deed)?.[point]);
    const deed = deeds[Math.floor(random() * deeds.length)] ?? "drain";
    // The first passage surely comes about; of the others any.
    const passage = nth === 0 ? 1 : 1 + Math.floor(random() * (passages.get(deed)?.[point] ?? 1));
    const moment = MOMENTS[nth % MOMENTS.length] ?? "begun";
    return { deed, tries: 0, death: { point, passage, moment, afterMs: Math.floor(random() * 5) } };
  }

  async function dieDoing(lane: Lane, deed: Deed, death: Death): Promise<Ended> {
    // Without it every place would only ever see digests: cards come alone while a place has had few.
    if (random() < 0.7) await lane.sql`delete from allowance`;
    const doing = await prepared(lane, deed);
    const before = doubled(lane).length;
    const victim = lane.now();
    await victim.dieAt(death);
    const acknowledged = doing.act();
    const dead = await Promise.race([victim.ended, acknowledged.then(() => completed(lane, doing)).then(() => null)]);
    if (dead === null) return { died: false };
    if (dead !== "SIGKILL") return { died: true, drainedMs: 0, wrong: [`it ended by itself: ${dead}\n${victim.said()}`] };
    return { died: true, ...(await afterDeath(lane, doing, { acknowledged: await acknowledged, before })) };
  }

  async function afterDeath(lane: Lane, doing: Doing, was: { readonly acknowledged: readonly number[]; readonly before: number }) {
    const wrong: string[] = [];
    const kept = await doing.done();
    for (const number of was.acknowledged) if (!kept.includes(number)) wrong.push(`request ${number} was acknowledged and is lost`);
    const { since } = await lane.start();
    if (!(await outboxEmpty(lane, DRAINED_WITHIN_MS))) wrong.push("the outbox was not emptied");
    const drainedMs = performance.now() - since;
    await completed(lane, doing);
    wrong.push(...(await wrongWith(lane, doing, usual.get(doing.deed) ?? [])));
    const twice = doubled(lane).slice(was.before);
    if (twice.length > 1) wrong.push(`more than one card twice: ${twice.join(", ")}`);
    return { drainedMs, wrong };
  }

  function shuffled<T>(all: readonly T[]): T[] {
    return all
      .map((one) => ({ one, by: random() }))
      .sort((a, b) => a.by - b.by)
      .map(({ one }) => one);
  }
});

type Ended = { readonly died: false } | { readonly died: true; readonly drainedMs: number; readonly wrong: readonly string[] };

function fault(error: unknown, where: string): never {
  throw new Error(`${where}: ${error instanceof Error ? error.stack : String(error)}`);
}

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
