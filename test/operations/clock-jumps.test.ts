/** Clocks that are set: the database's by an hour, ahead or back, while requests wait, and the one of the machine that Latchkey runs on. */
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { moveClock } from "../../src/db/clock.ts";
import { checkInvariants } from "../../src/db/invariants.ts";
import { schedule } from "../../src/delivery/schedule.ts";
import type { Policy } from "../../src/domain/catalogue.ts";
import { tick } from "../../src/operations/tick.ts";
import { hasten, type Stage, settled, stage } from "../delivery/stage.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { goTo, MONDAY_TEN } from "./acts.ts";
import { application, type Company, company, file, folder } from "./company.ts";

const RUNS = Number(process.env.LATCHKEY_WALKS ?? 12) >= 300 ? 12 : 1;
const HOUR = 3_600_000;
/** Milliseconds between two looks: rarer than they really come (every 15 seconds), and within the minute that a reminder may be late. */
const LOOK = 45_000;
const LATEST = 60_000;
const minutes = (n: number) => ({ kind: "elapsed", seconds: n * 60 }) as const;

const POLICY: Policy = {
  id: "by-manager",
  steps: [{ approvers: { kind: "manager" }, needed: 1, once: false }],
  remind: { after: minutes(20), every: minutes(25), grow: 1, atMost: 3 },
  escalate: { after: minutes(80), to: [{ kind: "administrators" }] },
  expireAfter: minutes(170),
};
/** What happens to each request, in this order: reminders, each once; others are asked, and reminders begin anew; the end. A jump ahead may leave no time for some. */
const HOPS = /^(reminded 1(, reminded 2(, reminded 3)?)?, )?escalated 1(, reminded 1(, reminded 2(, reminded 3)?)?)?, expired$/;

let it: Company;
let delivery: Stage;

async function waiting(): Promise<void> {
  const { groups } = folder().catalogue;
  const applications = ["wiki", "desk", "door"].map((id) => application(id, { fulfillers: { kind: "person", person: "lena" } }));
  it = await company({ catalogue: { groups, policies: [POLICY], applications } });
  delivery = stage(it);
  await goTo(it, MONDAY_TEN);
  for (const { id } of applications) {
    await file(it, "rita", id, [], {});
    await moveClock(it.world.db, 3 * 60_000);
  }
}

/** The database's clock shows that instant, which may lie back, as when the server's clock is corrected. */
async function set(ms: number): Promise<void> {
  await it.connection.sql`update clock set ahead = to_timestamp(${ms / 1000}::float8) - clock_timestamp()`;
}

interface Hop {
  readonly seq: number;
  readonly task: string;
  readonly what: string;
  readonly at: number;
}

interface Sight {
  readonly now: number;
  /** When each open task's next clock runs out. */
  readonly due: Readonly<Record<string, number>>;
  /** What has happened since that event. */
  readonly hops: readonly Hop[];
}

async function sight(since: number): Promise<Sight> {
  const [row] = await it.connection.sql<{ sight: Sight }[]>`select jsonb_build_object('now', extract(epoch from app_now()) * 1000,
    'due', (select coalesce(jsonb_object_agg(id, extract(epoch from least(remind_at, escalate_at, expire_at)) * 1000), '{}') from task where state = 'open'),
    'hops', (select coalesce(jsonb_agg(jsonb_build_object('seq', e.seq, 'task', t.id, 'at', extract(epoch from e.at) * 1000,
        'what', e.kind || coalesce(' ' || (e.data->>'nth'), ' ' || (e.data->>'rung'), '')) order by e.seq), '[]')
      from event e join task t on t.line_id = e.line_id where e.seq > ${since} and e.kind in ('reminded', 'escalated', 'expired'))) as sight`;
  return row?.sight ?? { now: 0, due: {}, hops: [] };
}

/** Looks until nothing waits any more, with these jumps before these looks. What happened to each task, in order. */
async function watched(jumps: ReadonlyMap<number, number>): Promise<ReadonlyMap<string, readonly string[]>> {
  const happened = new Map<string, string[]>();
  let before = await sight(0);
  let since = 0;
  for (let look = 0; Object.keys(before.due).length > 0; look++) {
    if (look > 2_000) throw new Error("it never ended");
    const jumped = jumps.get(look) ?? 0;
    // However long this machine took since the last look.
    await set(before.now + LOOK + jumped);
    await tick(it.world);
    const after = await sight(since);
    for (const { seq, task, what, at } of after.hops) {
      since = seq;
      happened.set(task, [...(happened.get(task) ?? []), what]);
      const late = at - (before.due[task] ?? 0);
      expect(late, `${what} came before it was due`).toBeGreaterThanOrEqual(0);
      // What the clock jumped over is made up for at the next look.
      expect(late, `${what} came late`).toBeLessThanOrEqual(LATEST + Math.max(0, jumped));
    }
    for (const due of Object.values(after.due)) expect(due, "was due, and nothing happened").toBeGreaterThan(after.now - LATEST + LOOK);
    if (after.hops.length > 0) {
      await hasten(it);
      await settled(it, delivery);
    }
    before = after;
  }
  return happened;
}

describeWithDatabase("when a clock is set", () => {
  afterEach(() => it.close());

  test("OIM-3 an hour ahead or back, again and again, each reminder comes once, in its order, and within a minute of being due", {
    timeout: 300_000,
  }, async () => {
    const jumps = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 180 }), fc.constantFrom(-HOUR, HOUR)), {
      selector: ([look]) => look,
      minLength: 1,
      maxLength: 4,
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(jumps, async (drawn) => {
        if (runs++ > 0) await it.close();
        await waiting();
        const happened = await watched(new Map(drawn));
        expect(happened.size).toBe(3);
        for (const hops of happened.values()) {
          expect(hops.join(", ")).toMatch(HOPS);
          // Time that was gone through is time for every reminder.
          if (drawn.every(([, by]) => by < 0)) expect(hops).toHaveLength(8);
        }
        const threads = delivery.channel.shown.filter(({ to }) => to.kind === "thread").length;
        expect(threads).toBeGreaterThan(0);
        const broken = (await checkInvariants(it.connection.sql)).filter(({ type }) => type !== "holds");
        expect(broken.map(({ invariant }) => invariant.id)).toEqual([]);
      }),
      { numRuns: RUNS, examples: [[[[30, -HOUR]]], [[[30, HOUR]]]].slice(0, RUNS) as [[number, number][]][], endOnFailure: true },
    );
  });

  test("OIM-3 of the machine that Latchkey runs on an hour back, it goes on looking at the database's clocks, and when ahead, too", {
    timeout: 60_000,
  }, async () => {
    await waiting();
    let looks = 0;
    const meters = { ticked: () => void looks++, carriedOut: () => {} };
    const running = schedule({ ...delivery.courier, meters }, "*/2 * * * * *");
    const further = async () => {
      const before = looks;
      while (looks < before + 2) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    try {
      await further();
      const { Date: real } = globalThis;
      for (const off of [-HOUR, 0, HOUR]) {
        vi.stubGlobal(
          "Date",
          class extends real {
            constructor(...given: [] | [number]) {
              super(...((given.length === 0 ? [real.now() + off] : given) as [number]));
            }
            static override now(): number {
              return real.now() + off;
            }
          },
        );
        await further();
      }
    } finally {
      vi.unstubAllGlobals();
      await running.stop();
    }
  });
});
