import fc from "fast-check";
import { expect, test } from "vitest";
import type { TaskCommand } from "../../src/domain/commands.ts";
import { evolve, moveOf } from "../../src/domain/events.ts";
import { isOpen, openTask } from "../../src/domain/line.ts";
import { APPROVAL_MOVES, HOLDING_MOVES, isMove, movesOf, PROVISIONING_MOVES, TASK_MOVES } from "../../src/domain/lives.ts";
import { rounds } from "../setup/thorough.ts";
import { acme, after, application, byGroup, byManager, given, type Situation, toPerson, transmitted, when } from "./situation.ts";

/** Where each life begins, and where it ends. */
const LIVES = {
  approval: { moves: APPROVAL_MOVES, starts: ["draft"], finals: ["approved", "rejected", "withdrawn", "expired"] },
  provisioning: {
    moves: PROVISIONING_MOVES,
    starts: ["awaiting-review", "scheduled", "pending"],
    finals: ["verified", "inactive", "cancelled"],
  },
  task: { moves: TASK_MOVES, starts: ["open"], finals: ["done", "closed"] },
  holding: { moves: HOLDING_MOVES, starts: ["active"], finals: ["ended"] },
} as const;

const lives = Object.entries(LIVES).map(([life, { moves, starts, finals }]) => ({
  life,
  moves: moves as Readonly<Record<string, readonly string[]>>,
  starts: starts as readonly string[],
  finals: finals as readonly string[],
}));

function reachable(moves: Readonly<Record<string, readonly string[]>>, starts: readonly string[]): Set<string> {
  const seen = new Set(starts);
  for (const state of seen) for (const next of moves[state] ?? []) seen.add(next);
  return seen;
}

test.each(lives)("every state of the $life life can be reached from its beginning", ({ moves, starts }) => {
  expect([...reachable(moves, starts)].sort()).toEqual(Object.keys(moves).sort());
});

test.each(lives)("the $life life ends only where it should, and an end can be reached from every state", ({ moves, finals }) => {
  const ends = Object.keys(moves).filter((state) => moves[state]?.length === 0);
  expect(ends.sort()).toEqual([...finals].sort());
  for (const state of Object.keys(moves)) expect([...reachable(moves, [state])].some((one) => finals.includes(one))).toBe(true);
});

test.each(lives)("a $life move that isn't listed is none", ({ moves }) => {
  const listed = new Set(movesOf(moves).map(([from, to]) => `${from} ${to}`));
  for (const from of Object.keys(moves))
    for (const to of Object.keys(moves)) expect(isMove(moves, from, to)).toBe(listed.has(`${from} ${to}`));
});

test("an order that went wrong goes on to review, to pending or to its end, and never straight to executed", () => {
  expect(PROVISIONING_MOVES.errored).toEqual(["awaiting-review", "pending", "cancelled"]);
});

/** Commands as anybody might send them: mostly sensible, sometimes not. */
const commands: fc.Arbitrary<TaskCommand> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<TaskCommand>({ verb: "approve", comment: null }) },
  fc.constant<TaskCommand>({ verb: "reject", reason: "No" }),
  { weight: 3, arbitrary: fc.constant<TaskCommand>({ verb: "claim" }) },
  fc.constant<TaskCommand>({ verb: "release", reason: null }),
  { weight: 2, arbitrary: fc.constant<TaskCommand>({ verb: "confirm", login: "rita@acme.example" }) },
  { weight: 3, arbitrary: fc.constant<TaskCommand>({ verb: "report-error", reason: "No licence" }) },
  { weight: 2, arbitrary: fc.constant<TaskCommand>({ verb: "retry" }) },
  { weight: 2, arbitrary: fc.constant<TaskCommand>({ verb: "cancel-order", reason: "Over" }) },
);
const actors = fc.constantFrom(...Object.keys(acme.people));
const steps = fc.array(fc.constantFrom(byManager, byGroup(1), byGroup(2), byGroup(3)), { minLength: 1, maxLength: 3 });
const hands = fc.constantFrom({ kind: "group", group: "hands" } as const, toPerson("lena"));
const everybody = [...Object.keys(acme.people)];

/** The one end that few walks come to. */
const GIVEN_UP: [string, TaskCommand][] = [
  ["max", { verb: "approve", comment: null }],
  ["lena", { verb: "report-error", reason: "No licence" }],
  ["lena", { verb: "cancel-order", reason: "Over" }],
];

/** One act by whoever may do it, the drawn actor first, so that walks get far. */
function step(it: Situation, actor: string, command: TaskCommand): Situation {
  const able = [actor, ...everybody].find((one) => when(it, one, command).ok);
  return able ? after(it, able, command) : it;
}

test("NWX-1 whatever people do, each line keeps an approval state and a provisioning state, every event makes a listed move, and no final state reopens", () => {
  const ends = new Set<string>();
  const walk = fc.array(fc.tuple(actors, commands), { minLength: 1, maxLength: 16, size: "max" });
  fc.assert(
    fc.property(steps, hands, walk, (policySteps, fulfillers, acts) => {
      let it = given({ steps: policySteps, application: application({ fulfillers }) });
      for (const [actor, command] of acts) {
        const before = it.line;
        it = transmitted(step(it, actor, command));
        if (before.approval !== "pending") expect(it.line.approval).toBe(before.approval);
        for (const task of before.tasks.filter(({ state }) => state !== "open")) {
          const { assignees: _, ...same } = task;
          expect(it.line.tasks.find(({ id }) => id === task.id)).toMatchObject(same);
        }
      }
      const moves = replay(it);
      expect(moves.filter(({ life, from, to }) => !isListed(life, from, to))).toEqual([]);
      ends.add(`${it.line.approval} ${it.line.order?.state ?? "none"}`);
    }),
    { numRuns: rounds(150, 800), examples: [[[byManager], toPerson("lena"), GIVEN_UP]] },
  );
  // The walks went everywhere that today's verbs lead to, else they would show nothing.
  expect([...ends].sort()).toEqual(
    expect.arrayContaining([
      "approved cancelled",
      "approved errored",
      "approved executed",
      "approved transmitted",
      "pending none",
      "rejected none",
    ]),
  );
});

/** Folds the history again from the draft; each event's move as it is written beside it. */
function replay(it: Situation) {
  let line = { ...it.line, approval: "draft" as const, step: 0, tasks: [], order: null, decidedAt: null } as Situation["line"];
  return it.history.flatMap((event) => {
    const move = moveOf(line, event);
    line = evolve(line, event, it.now);
    expect(line.tasks.filter(({ state }) => state === "open").length).toBeLessThanOrEqual(1);
    expect(isOpen(line)).toBe(
      line.approval === "pending" || (line.approval === "approved" && !["executed", "cancelled"].includes(line.order?.state ?? "")),
    );
    if (!isOpen(line)) expect(openTask(line)).toBeUndefined();
    return move ? [move] : [];
  });
}

function isListed(life: "approval" | "provisioning" | "task", from: string | null, to: string): boolean {
  const { moves, starts } = LIVES[life];
  if (from === null) return (starts as readonly string[]).includes(to);
  return isMove(moves as Readonly<Record<string, readonly string[]>>, from, to);
}

test("an open line is pending, or approved and not yet carried out or given up", () => {
  const order = (state: string) => ({ approval: "approved", order: { state } }) as Parameters<typeof isOpen>[0];
  for (const state of ["awaiting-review", "scheduled", "pending", "transmitted", "errored"]) expect(isOpen(order(state))).toBe(true);
  for (const state of ["executed", "verified", "inactive", "cancelled"]) expect(isOpen(order(state))).toBe(false);
  for (const approval of ["rejected", "withdrawn", "expired"] as const) expect(isOpen({ approval, order: null })).toBe(false);
  for (const approval of ["draft", "pending"] as const) expect(isOpen({ approval, order: null })).toBe(true);
});
