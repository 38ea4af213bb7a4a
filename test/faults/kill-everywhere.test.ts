/**
 * Latchkey dies with -9 at every await through which deciding, confirming, delivering and reminding pass. Which these are is counted, not listed: a first
 * run of each deed tells which awaits it passes and how often. Then each of them is a place to die: as soon as what is awaited was begun, a moment later,
 * or when its end is known and nothing came of it yet; the process after it carries on. A dying process says at which awaits it was waiting: all of
 * these died there. It goes on until each await was died at LATCHKEY_KILLS times, those that were died at least come first.
 *
 * LATCHKEY_SEED draws the same choices again, LATCHKEY_KILL_AT=db/outbox.ts keeps to the awaits that begin so, LATCHKEY_KILL_LANES is how many die side
 * by side.
 */
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithDatabase } from "../setup/database.ts";
import { roomForCards } from "./crowd.ts";
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
/** Of a lane at most, with some to spare for the backends of the dead. */
const CONNECTIONS = 16;
/** A passage that was chosen may not come about this time; the first of them surely does. */
const MOST_MISSED = 6;
/** Five seconds is what is promised of a machine of one's own; here many processes share two cores, so that only what never ends is a failure. */
const DRAINED_WITHIN_MS = 60_000;

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
      await roomForCards(first.sql);
      const doing = await prepared(first, deed);
      passages.set(deed, await first.now().passagesOf(() => completed(first, doing)));
      usual.set(deed, await traces(first, doing.numbers));
    }
    await first.now().keep();
    const [server] = await first.sql<{ most: number }[]>`select current_setting('max_connections')::int as most`;
    const many = Math.min(LANES, Math.floor((server?.most ?? 0) / CONNECTIONS));
    while (lanes.length < many) lanes.push(await openLane(program));
    await Promise.all(lanes.slice(1).map((lane) => lane.start()));
  }, 300_000);
  afterAll(async () => {
    await Promise.all(lanes.map((lane) => lane.close()));
    await program?.remove();
  });

  test(
    "nothing that was acknowledged is lost, nothing happens twice, and what was left is delivered after the restart",
    async () => {
      const points = [...new Set([...passages.values()].flatMap((passed) => Object.keys(passed)))].sort();
      const counts = DEEDS.map((deed) => `${deed} ${Object.keys(passages.get(deed) ?? {}).length}`).join(", ");
      console.log(
        `seed ${SEED}: of ${program.points.length} awaits ${points.length} are passed (${counts}); each is died at ${KILLS} times`,
      );
      expect(points.length).toBeGreaterThanOrEqual(40);

      const tally = tallyOf(points.filter((point) => point.startsWith(ONLY)));
      const wrong: string[] = [];
      const drained: number[] = [];
      await Promise.all(
        lanes.map(async (lane, number) => {
          const will = path.join(path.dirname(program.file), `will-${number}`);
          for (let point = tally.next(); point !== null; point = tally.next()) {
            const missed = tally.missed(point);
            const { deed, death } = deathAt(point, missed, will);
            const where = `${deed}, ${death.point}, passage ${death.passage}, ${death.moment}`;
            const ended = await dieDoing(lane, deed, { death, isRetried: missed > 0 }).catch((error: unknown) => afterFault(lane, error));
            if (ended.drainedMs !== undefined) drained.push(ended.drainedMs);
            for (const what of ended.wrong) {
              console.error(`${where}: ${what}`);
              wrong.push(`${where}: ${what}`);
            }
            tally.ended(point, ended.at);
          }
          wrong.push(...(await wrongAtTheEnd(lane)));
        }),
      );
      drained.sort((a, b) => a - b);
      const at = (share: number) => Math.round(drained[Math.floor((drained.length - 1) * share)] ?? 0);
      const twice = lanes.reduce((sum, lane) => sum + doubled(lane).length, 0);
      console.log(
        `${drained.length} deaths; drained after the restart in ms: p50 ${at(0.5)}, p90 ${at(0.9)}, max ${at(1)}; cards doubled: ${twice}; ${tally.often(10)} awaits died at ten times or more\n${tally.said()}`,
      );
      expect({ wrong, diedAtTooSeldom: tally.seldom() }).toEqual({ wrong: [], diedAtTooSeldom: [] });
    },
    (10 + 5 * KILLS) * 60_000,
  );

  /** Any deed that passes there, any of its passages; after a miss, an earlier one. */
  function deathAt(point: string, missed: number, will: string): { readonly deed: Deed; readonly death: Death } {
    const deeds = DEEDS.filter((deed) => passages.get(deed)?.[point]);
    const deed = deeds[Math.floor(random() * deeds.length)] ?? "drain";
    const many = (passages.get(deed)?.[point] ?? 1) / 2 ** missed;
    const moment = MOMENTS[Math.floor(random() * MOMENTS.length)] ?? "begun";
    return { deed, death: { point, passage: 1 + Math.floor(random() * many), moment, afterMs: Math.floor(random() * 5), will } };
  }

  async function dieDoing(
    lane: Lane,
    deed: Deed,
    { death, isRetried }: { readonly death: Death; readonly isRetried: boolean },
  ): Promise<Ended> {
    // As it was counted, each place has room for cards; now and then it has none left, and they are rows of digests.
    if (isRetried || random() < 0.7) await roomForCards(lane.sql);
    const doing = await prepared(lane, deed);
    // What a process keeps of the configuration is read once; as after a restore, it has to be read anew.
    if (isRetried) await lane.sql`update definition set digest = digest || '.'`;
    const before = doubled(lane).length;
    const victim = lane.now();
    await rm(death.will, { force: true });
    await victim.dieAt(death);
    const acknowledged = doing.act();
    const dead = await Promise.race([victim.ended, acknowledged.then(() => completed(lane, doing)).then(() => null)]);
    if (dead === null) {
      // It may pass there later; and what is passed once in a process's life is passed by a new one.
      await renewed(lane);
      return { died: false, at: [], wrong: [] };
    }
    const after = await afterDeath(lane, doing, { acknowledged: await acknowledged, before });
    if (dead !== "SIGKILL") return { died: true, at: [], ...after, wrong: [`it ended by itself: ${dead}\n${victim.said()}`] };
    return { died: true, at: (await readFile(death.will, "utf8")).split("\n"), ...after };
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

  /** Which point is died at next, and how often each was. */
  function tallyOf(points: readonly string[]) {
    const of = new Map(points.map((point) => [point, { deaths: 0, underWay: 0, missed: 0 }]));
    const seldom = () => [...of].filter(([, { deaths }]) => deaths < KILLS);
    return {
      missed: (point: string) => of.get(point)?.missed ?? 0,
      next: (): string | null => {
        const open = [...of].filter(([, { deaths, underWay, missed }]) => deaths + underWay < KILLS && missed < MOST_MISSED);
        const least = Math.min(...open.map(([, { deaths, underWay }]) => deaths + underWay));
        const rarest = open.filter(([, { deaths, underWay }]) => deaths + underWay === least);
        const [point, counted] = rarest[Math.floor(random() * rarest.length)] ?? [null];
        if (counted) counted.underWay += 1;
        return point;
      },
      ended: (point: string, died: readonly string[]) => {
        const tried = of.get(point);
        if (tried) {
          tried.underWay -= 1;
          tried.missed = died.includes(point) ? 0 : tried.missed + 1;
        }
        for (const one of died) {
          const counted = of.get(one);
          if (counted) counted.deaths += 1;
        }
      },
      seldom: () => seldom().map(([point, { deaths }]) => `${point}: ${deaths}`),
      often: (times: number) => [...of.values()].filter(({ deaths }) => deaths >= times).length,
      said: () => [...of].map(([point, { deaths }]) => `${String(deaths).padStart(5)} ${point}`).join("\n"),
    };
  }
});

interface Ended {
  readonly died: boolean;
  /** The points at which it was waiting. */
  readonly at: readonly string[];
  readonly drainedMs?: number;
  readonly wrong: readonly string[];
}

/** Something that the test didn't think of: said like everything else that is wrong, and the others go on. */
async function afterFault(lane: Lane, error: unknown): Promise<Ended> {
  await renewed(lane);
  return { died: true, at: [], wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
}

async function renewed(lane: Lane): Promise<void> {
  lane.now().end();
  await lane.now().ended;
  await lane.start();
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
