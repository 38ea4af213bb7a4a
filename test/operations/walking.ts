/** The steps of the random walk: each acts through the real operations, says what must come of it, and looks whether just that stands in the tables. */
import fc from "fast-check";
import { v7 } from "uuid";
import { expect } from "vitest";
import { moveClock } from "../../src/db/clock.ts";
import { markReached, markUnreachable } from "../../src/db/due.ts";
import type { LineVerb, TaskCommand, Verb } from "../../src/domain/commands.ts";
import { APPROVAL_MOVES, isMove, PROVISIONING_MOVES } from "../../src/domain/lives.ts";
import type { Result } from "../../src/domain/refusals.ts";
import type { Answer, Once } from "../../src/operations/operations.ts";
import { tick } from "../../src/operations/tick.ts";
import { type Company, once } from "./company.ts";
import {
  APPS,
  type App,
  applyShape,
  appOf,
  GROUPS,
  IDS,
  isAdministrator,
  look,
  must,
  type Shape,
  type Stood,
  said,
  type Wish,
} from "./office.ts";
import { carried } from "./outbox.ts";

/** What the walk knows: how the company looks, and what was answered to which command. */
export interface Model {
  shape: Shape;
  readonly sent: Sent[];
  /** Every kind of answer and refusal so far. */
  readonly heard: Set<string>;
}

interface Sent {
  readonly key: string;
  readonly again: (once: Once) => Promise<Result<Answer>>;
  readonly first: Result<Answer>;
}

export interface Real {
  readonly it: Company;
  readonly walk: number;
}

type Step = fc.AsyncCommand<Model, Real>;

const lines = ({ it, walk }: Real) => look(it, walk);
const pick = <T>(from: readonly T[], at: number): T | undefined => from[at % Math.max(1, from.length)];

/** What may have become of a line, whatever was done: only legal moves, and nothing at all once it is over. */
function moved(before: readonly Stood[], after: readonly Stood[]): void {
  for (const was of before) {
    const is = after.find((one) => one.id === was.id);
    if (!is) throw new Error(`line ${was.number} is gone`);
    const approval = was.approval as keyof typeof APPROVAL_MOVES;
    if (is.approval !== was.approval)
      expect(isMove(APPROVAL_MOVES, approval, is.approval as typeof approval), `${was.approval} -> ${is.approval}`).toBe(true);
    const order = was.order as keyof typeof PROVISIONING_MOVES | null;
    if (order !== null && is.order !== order) {
      const direct = isMove(PROVISIONING_MOVES, order, is.order as typeof order);
      expect(direct, `${was.order} -> ${is.order}`).toBe(true);
    }
    if (!was.open) expect(is).toEqual(was);
    expect(is.votes.length).toBeGreaterThanOrEqual(was.votes.length);
    expect(is.open || is.task === null, `line ${was.number} is over and has an open task`).toBe(true);
  }
}

async function send(model: Model, run: (once: Once) => Promise<Result<Answer>>): Promise<Result<Answer>> {
  const one = once("first");
  const first = await run(one);
  model.heard.add(said(first));
  model.sent.push({ key: one.key, again: run, first });
  return first;
}

/** Accepted or refused as was foretold; what is refused changes no line, what is accepted changes this one by one version. */
async function judged(
  real: Real,
  before: readonly Stood[],
  line: Stood | null,
  result: Result<Answer>,
  foretold: boolean,
  what: string,
): Promise<void> {
  expect({ what, ok: result.ok, said: said(result) }).toEqual({ what, ok: foretold, said: said(result) });
  const after = await lines(real);
  moved(before, after);
  if (!result.ok) expect(after).toEqual(before);
  else if (line) expect(after.find((one) => one.id === line.id)?.version).toBe(line.version + 1);
}

const submit = (actor: string, beneficiary: string, app: App): Step => ({
  check: () => true,
  toString: () => `submit(${actor}, ${beneficiary}, ${app})`,
  run: async (model, real) => {
    const before = await lines(real);
    const application = appOf(real.walk, app);
    const submission = { entitlements: [], justification: "work", until: null, values: {} };
    const result = await send(model, (key) => real.it.operations.ask({ actor, beneficiary, application, submission, once: key }));
    const { states } = model.shape;
    const taken = before.some(
      (one) => one.beneficiary === beneficiary && one.application === application && (one.open || one.order === "executed"),
    );
    const barred = states[actor] !== "active" ? "not-active" : states[beneficiary] !== "active" || taken ? "faulty-form" : null;
    // Whether somebody can approve is the routing's own question: I11 asks it of the tables afterwards.
    expect(barred ? [barred] : ["filed", "nobody-can-approve"]).toContain(said(result));
    const after = await lines(real);
    expect(after).toHaveLength(before.length + (result.ok ? 1 : 0));
    moved(before, after);
  },
});

/** Most clicks come from those whom the task asks, on what is open, with a verb that fits: left to chance alone, hardly anybody would ever be allowed. */
interface Doing {
  readonly line: number;
  readonly actor: string | number;
  readonly verb: Verb | number;
  readonly card: "fresh" | "typed" | "aged" | "first";
  readonly to: readonly string[];
  /** The outbox is emptied at once. */
  readonly quick: boolean;
}

function commandOf({ verb, to }: { readonly verb: Verb; readonly to: readonly string[] }): TaskCommand {
  switch (verb) {
    case "approve":
      return { verb, comment: null };
    case "reject":
    case "report-error":
    case "cancel-order":
    case "release":
      return { verb, reason: "because" };
    case "reassign":
      return { verb, to, reason: "because" };
    case "confirm":
      return { verb, login: v7() };
    case "claim":
    case "retry":
      return { verb };
  }
}

const FITTING: Readonly<Record<string, readonly Verb[]>> = {
  approval: ["approve", "approve", "approve", "approve", "reject", "reassign"],
  fulfilment: ["claim", "confirm", "claim", "confirm", "report-error", "report-error", "release", "release", "reassign"],
  review: ["retry", "retry", "retry", "cancel-order", "reassign"],
};

/** One of the open lines, as long as there are any and chance doesn't want one that is over. */
function lineAt(all: readonly Stood[], at: number): Stood | undefined {
  const open = all.filter((one) => one.open);
  return pick(open.length > 0 && at < 7 ? open : all, at);
}

function wishOf(line: Stood, doing: Doing): Wish {
  const asked = [...(line.task?.people ?? []), ...(line.task?.members ?? [])];
  const holder = (at: number) => (line.task?.claimed && at % 3 > 0 ? line.task.claimed : (pick(asked, at) ?? "rita"));
  const actor = typeof doing.actor === "string" ? doing.actor : holder(doing.actor);
  const task = (doing.card === "first" ? line.tasks[0] : line.tasks.at(-1)) ?? "";
  const face = doing.card === "typed" ? null : (line.task?.face ?? 1) - (doing.card === "aged" ? 1 : 0);
  const verb = typeof doing.verb === "string" ? doing.verb : (pick(FITTING[line.task?.kind ?? "approval"] ?? [], doing.verb) ?? "approve");
  return { actor: verb === "reassign" && typeof doing.actor === "number" ? "cleo" : actor, verb, task, face, to: doing.to };
}

const act = (doing: Doing): Step => ({
  check: () => true,
  toString: () => `act(${JSON.stringify(doing)})`,
  run: async (model, real) => {
    const before = await lines(real);
    const line = lineAt(before, doing.line);
    if (!line) return;
    const wish = wishOf(line, doing);
    const command = commandOf(wish);
    const aim = { task: wish.task, face: wish.face };
    const result = await send(model, (key) => real.it.operations.act({ actor: wish.actor, aim, command, once: key, seen: null }));
    await judged(real, before, line, result, must(model.shape, line, wish), `${wish.actor} ${wish.verb} line ${line.number}`);
    if (doing.quick) await carried(real.it);
  },
});

/** Everybody whom a task asks clicks at once, some approving and some rejecting, or all claiming. */
const together = (at: number, rejecting: number): Step => ({
  check: () => true,
  toString: () => `together(${at}, ${rejecting})`,
  run: async (model, real) => {
    const before = await lines(real);
    const line = lineAt(before, at);
    const task = line?.task;
    if (!line || !task) return;
    const verb = (n: number): Verb =>
      task.kind === "approval" ? (n % 4 === rejecting ? "reject" : "approve") : task.kind === "review" ? "retry" : "claim";
    const crowd = [...new Set([...task.people, ...task.members])];
    const results = await Promise.all(
      [...crowd, ...crowd].map((actor, n) =>
        real.it.operations.act({
          actor,
          aim: { task: task.id, face: task.face },
          command: commandOf({ verb: verb(n), to: [] }),
          once: once(),
          seen: null,
        }),
      ),
    );
    for (const result of results) model.heard.add(said(result));
    const last = results.filter((result) => ["approved", "rejected", "claimed", "retried"].includes(said(result)));
    expect(last.length, results.map(said).join(", ")).toBeLessThanOrEqual(1);
    const after = await lines(real);
    moved(before, after);
    const accepted = results.filter(({ ok }) => ok).length;
    expect(after.find((one) => one.id === line.id)?.version).toBe(line.version + accepted);
  },
});

const onLine = (at: number, actor: string | null, verb: LineVerb): Step => ({
  check: () => true,
  toString: () => `onLine(${at}, ${actor}, ${verb})`,
  run: async (model, real) => {
    const before = await lines(real);
    const line = lineAt(before, at);
    if (!line) return;
    const who = actor ?? line.requester;
    const command = verb === "nudge" ? ({ verb } as const) : ({ verb, reason: "because" } as const);
    const result = await send(model, (key) => real.it.operations.actOnLine({ actor: who, line: line.id, command, once: key, seen: null }));
    const own = model.shape.states[who] === "active" && who === line.requester;
    const may = line.open && (verb === "cancel" ? isAdministrator(model.shape, who) : own) && (verb !== "nudge" || line.task !== null);
    // Four working hours may have passed since the last nudge, or not.
    const foretold = verb === "nudge" && line.task?.nudged && may ? result.ok || said(result) === "nudged-already" : may;
    await judged(
      real,
      before,
      line,
      result,
      verb === "nudge" && line.task?.nudged && may ? result.ok && foretold : foretold,
      `${who} ${verb} line ${line.number}`,
    );
  },
});

const change = (name: string, to: (shape: Shape) => Shape): Step => ({
  check: () => true,
  toString: () => name,
  run: async (model, real) => {
    const before = await lines(real);
    model.shape = to(model.shape);
    await applyShape(real.it, real.walk, model.shape);
    moved(before, await lines(real));
  },
});

/** What doesn't come from people: the outbox, the clock, and what is known of their chat accounts. */
const happens = (name: string, what: (real: Real) => Promise<unknown>): Step => ({
  check: () => true,
  toString: () => name,
  run: async (_model, real) => {
    const before = await lines(real);
    await what(real);
    moved(before, await lines(real));
  },
});

const again = (at: number, altered: boolean): Step => ({
  check: ({ sent }) => sent.length > 0,
  toString: () => `again(${at}, ${altered})`,
  run: async (model, real) => {
    const sent = pick(model.sent, at);
    // What was refused left no key behind: it would be judged anew.
    if (!sent?.first.ok) return;
    const before = await lines(real);
    const result = await sent.again({ key: sent.key, fingerprint: altered ? "altered" : "first" });
    expect(altered ? said(result) : result).toEqual(altered ? "key-reused" : sent.first);
    expect(await lines(real)).toEqual(before);
  },
});

const VERBS = ["approve", "reject", "claim", "release", "confirm", "report-error", "retry", "cancel-order", "reassign"] as const;
const people = fc.constantFrom(...IDS);
const hours = fc.constantFrom(0.5, 1, 2, 5, 24, 72);
const verb = fc.oneof({ weight: 5, arbitrary: fc.nat({ max: 27 }) }, { weight: 1, arbitrary: fc.constantFrom(...VERBS) });
const actor = fc.oneof({ weight: 5, arbitrary: fc.nat({ max: 9 }) }, { weight: 1, arbitrary: people });

export const STEPS: fc.Arbitrary<Step>[] = [
  ...Array<fc.Arbitrary<Step>>(2).fill(
    fc.tuple(people, people, fc.constantFrom(...APPS), fc.boolean()).map(([one, other, app, own]) => submit(one, own ? one : other, app)),
  ),
  ...Array<fc.Arbitrary<Step>>(8).fill(
    fc
      .record({
        line: fc.nat({ max: 8 }),
        actor,
        verb,
        card: fc.constantFrom("fresh", "fresh", "fresh", "fresh", "fresh", "typed", "aged", "first"),
        to: fc.subarray([...IDS], { maxLength: 3 }),
        quick: fc.constantFrom(true, true, true, false),
      } as const)
      .map(act),
  ),
  fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 5 })).map(([at, rejecting]) => together(at, rejecting)),
  fc
    .tuple(fc.nat({ max: 8 }), fc.option(people, { freq: 3 }), fc.constantFrom<LineVerb>("withdraw", "nudge", "nudge", "nudge", "cancel"))
    .map(([at, who, verb]) => onLine(at, who, verb)),
  ...Array<fc.Arbitrary<Step>>(2).fill(fc.constant(null).map(() => happens("outbox", ({ it }) => carried(it)))),
  hours.map((n) =>
    happens(`later(${n} h)`, async ({ it }) => {
      await moveClock(it.world.db, n * 3_600_000);
      await tick(it.world);
      // A second look in the same moment finds nothing: each thing happens once.
      expect(await tick(it.world)).toBe(0);
    }),
  ),
  fc
    .tuple(people, fc.constantFrom("active", "active", "leave", "left"))
    .map(([id, state]) => change(`${id} is ${state}`, (shape) => ({ ...shape, states: { ...shape.states, [id]: state } }))),
  fc.oneof(
    fc
      .tuple(fc.constantFrom(...GROUPS), fc.subarray([...IDS], { maxLength: 4 }))
      .map(([id, members]) =>
        change(`${id} are ${members.join("+")}`, (shape) => ({ ...shape, members: { ...shape.members, [id]: members } })),
      ),
    fc
      .tuple(people, fc.option(people))
      .map(([id, manager]) =>
        change(`${manager} manages ${id}`, (shape) => ({ ...shape, managers: { ...shape.managers, [id]: manager } })),
      ),
    fc.nat({ max: 2 }).map((clocks) => change(`policies ${clocks}`, (shape) => ({ ...shape, clocks }))),
    fc
      .tuple(people, fc.boolean())
      .map(([id, gone]) =>
        happens(`${id} ${gone ? "out of" : "in"} reach`, ({ it }) =>
          gone
            ? markUnreachable(it.world.db, { person: id, platform: "slack", why: "gone" })
            : markReached(it.world.db, { person: id, platform: "slack" }),
        ),
      ),
  ),
  fc.tuple(fc.nat({ max: 99 }), fc.boolean()).map(([at, altered]) => again(at, altered)),
];

/** Ends what is left open, as an administrator would. */
export async function closeAll(real: Real): Promise<void> {
  const close = async ({ id: line, number }: Stood) => {
    const ended = await real.it.operations.actOnLine({
      actor: "cleo",
      line,
      command: { verb: "cancel", reason: "over" },
      once: once(),
      seen: null,
    });
    if (!ended.ok) throw new Error(`line ${number} could not be cancelled: ${ended.refusal.name}`);
  };
  await Promise.all((await lines(real)).filter(({ open }) => open).map(close));
}
