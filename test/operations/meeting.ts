/** Two to eight actors at once on one line: people of every right, time, and a change of people, in a drawn order of their statements, or as it comes. */
import fc from "fast-check";
import { v7 } from "uuid";
import { expect } from "vitest";
import { moveClock } from "../../src/db/clock.ts";
import type { Db } from "../../src/db/connect.ts";
import type { LineVerb } from "../../src/domain/commands.ts";
import type { Result } from "../../src/domain/refusals.ts";
import type { Answer } from "../../src/operations/operations.ts";
import { tick } from "../../src/operations/tick.ts";
import { operations } from "../../src/operations/wire.ts";
import type { World } from "../../src/operations/world.ts";
import { type Company, once } from "./company.ts";
import { applyShape, IDS, look, mayOnLine, must, type Shape, type Stood, said } from "./office.ts";
import { commandOf, wishOf } from "./steps.ts";
import { turns } from "./turns.ts";
import { lineAt, looked, type Model, moved, pick, replica, type Step, step } from "./walking.ts";

interface Guest {
  readonly does: "their-part" | "reassign" | LineVerb | "tick" | "leave";
  /** Whom of those that the task asks. */
  readonly who: number;
  readonly verb: number;
  readonly to: readonly string[];
}

export interface Meeting {
  readonly line: number;
  /** So much time has passed just before, and nobody has looked at the clocks. */
  readonly hours: number;
  readonly guests: readonly Guest[];
  /** null: their statements are under way at the same time. */
  readonly order: readonly number[] | null;
}

/** What somebody came to do. `may`: whether they are allowed to, by how it stands and who is who; null: it depends. */
interface Deed {
  readonly may: ((line: Stood, shape: Shape) => boolean | null) | null;
  /** `whole`: for what holds locks from one statement to the next. */
  readonly run: (world: World, whole: Whole) => Promise<Result<Answer> | null>;
}

type Whole = (run: () => Promise<void>) => Promise<void>;

/** Verbs that end a task: of those that meet on it one at most is accepted. */
const ENDS: readonly string[] = ["approved", "rejected", "confirmed", "error-reported", "retried", "order-cancelled"];

export function meeting(it: Meeting): Step {
  return step("meeting", [it], async (model, real) => {
    const before = real.stood;
    const line = lineAt(before, it.line);
    if (!line?.task) return;
    if (it.hours > 0) await moveClock(replica(real, 0).world.db, it.hours * 3_600_000);
    const meet = it.order ? inTurn(it.order) : asItComes;
    const results = await meet(
      it.guests.map((guest) => deedOf(guest, line, model, replica(real, 0))),
      { model, replicas: real.replicas, line },
    );
    const accepted = results.flatMap((result) => (result?.ok ? [said(result)] : []));
    for (const result of results) if (result) model.heard.add(said(result));
    const after = await looked(real);
    moved(before, after);
    const what = results.map((result) => (result ? said(result) : "-")).join(", ");
    expect(accepted.filter((one) => ENDS.includes(one)).length, what).toBeLessThanOrEqual(1);
    expect(accepted.filter((one) => one === "withdrawn" || one === "cancelled").length, what).toBeLessThanOrEqual(1);
    const passed = (after.find(({ id }) => id === line.id)?.version ?? 0) - line.version;
    // Time changes lines too.
    if (it.guests.some(({ does }) => does === "tick")) expect(passed, what).toBeGreaterThanOrEqual(accepted.length);
    else expect(passed, what).toBe(accepted.length);
  });
}

interface Here {
  readonly model: Model;
  readonly replicas: readonly Company[];
  readonly line: Stood;
}

type Meet = (deeds: readonly Deed[], here: Here) => Promise<readonly (Result<Answer> | null)[]>;

const asItComes: Meet = (deeds, { replicas }) => settled(deeds.map((deed, n) => deed.run(replica({ replicas }, n).world, (run) => run())));

/**
 * Before each statement it is written down whether its actor may. What was accepted was allowed when its commit, the last statement, ran; what was refused
 * was forbidden at one of its loads.
 */
const inTurn =
  (order: readonly number[]): Meet =>
  async (deeds, { model, replicas, line }) => {
    const gate = turns(deeds.length, order);
    return settled(
      deeds.map(async (deed, n) => {
        const allowed: (boolean | null)[] = [];
        const { world } = replica({ replicas }, n);
        const unsafe = (...given: Parameters<typeof world.db.$client.unsafe>) =>
          gate.pass(n, async () => {
            const now = deed.may ? (await look(replica({ replicas }, 0))).find(({ id }) => id === line.id) : undefined;
            if (now && deed.may) allowed.push(deed.may(now, model.shape));
            return world.db.$client.unsafe(...given);
          });
        const slow = { ...world, db: { $client: { unsafe } } as unknown as Db };
        const result = await deed.run(slow, (run) => gate.pass(n, run)).finally(() => gate.leave(n));
        if (result?.ok && deed.may) expect(allowed.at(-1), `${said(result)}, by somebody who may not`).not.toBe(false);
        if (result && !result.ok && deed.may)
          expect([false, null], `${said(result)}, to somebody who may`).toContain(allowed.find((one) => one !== true));
        return result;
      }),
    );
  };

/** All of them end before the first fault is thrown: nobody goes on writing behind the next walk. */
async function settled<T>(all: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(all);
  return Promise.all(all);
}

function deedOf(guest: Guest, line: Stood, model: Model, first: Company): Deed {
  const { does } = guest;
  switch (does) {
    case "their-part":
    case "reassign": {
      const actor = does === "reassign" ? "cleo" : guest.who;
      const wish = wishOf(line, { actor, verb: does === "reassign" ? does : guest.verb, card: "fresh", to: guest.to });
      const aim = { task: wish.task, face: wish.face };
      const command = commandOf(wish, v7());
      return {
        may: (now, shape) => must(shape, now, wish),
        run: (world) => operations(world).act({ actor: wish.actor, aim, command, once: once(), seen: null }),
      };
    }
    case "withdraw":
    case "nudge":
    case "cancel": {
      const actor = does === "cancel" ? "anna" : line.requester;
      const command = does === "nudge" ? ({ verb: does } as const) : ({ verb: does, reason: "because" } as const);
      return {
        // Whether a nudge comes too soon after another one is told by the clock.
        may: (now, shape) => (mayOnLine(shape, now, actor, does) ? (does === "nudge" && now.task?.nudged ? null : true) : false),
        run: (world) => operations(world).actOnLine({ actor, line: line.id, command, once: once(), seen: null }),
      };
    }
    case "tick":
      return { may: null, run: (world) => tick(world).then(() => null) };
    case "leave":
      return { may: null, run: (_world, whole) => whole(() => leave(guest, line, model, first)).then(() => null) };
  }
}

/** One of those who are asked, or who asks, is gone. */
async function leave({ who }: Guest, line: Stood, model: Model, first: Company): Promise<void> {
  const { shape } = model;
  const person = pick([...(line.task?.people ?? []), ...(line.task?.members ?? []), line.requester], who) ?? "rita";
  const next: Shape = { ...shape, states: { ...shape.states, [person]: "left" } };
  await applyShape(first, next);
  model.shape = next;
}

const guest: fc.Arbitrary<Guest> = fc.record({
  does: fc.constantFrom<Guest["does"]>(
    ...(["their-part", "their-part", "their-part", "their-part", "their-part", "their-part", "reassign", "withdraw"] as const),
    ...(["cancel", "nudge", "tick", "leave"] as const),
  ),
  who: fc.nat({ max: 9 }),
  verb: fc.nat({ max: 27 }),
  to: fc.subarray([...IDS], { minLength: 1, maxLength: 3 }),
});

export const MEETINGS: fc.Arbitrary<Step> = fc
  .record({
    line: fc.nat({ max: 6 }),
    hours: fc.constantFrom(0, 0, 1, 24, 72),
    guests: fc.array(guest, { minLength: 2, maxLength: 8, size: "max" }),
    order: fc.option(fc.array(fc.nat({ max: 7 }), { minLength: 30, maxLength: 30 }), { freq: 3 }),
  })
  .map(meeting);
