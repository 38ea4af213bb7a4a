/** The steps of the random walk: what people, administrators, time and the outbox may do, one at a time or several at once. */
import fc from "fast-check";
import { v7 } from "uuid";
import { expect } from "vitest";
import { moveClock } from "../../src/db/clock.ts";
import { markReached, markUnreachable } from "../../src/db/due.ts";
import type { LineVerb, TaskCommand, Verb } from "../../src/domain/commands.ts";
import type { PersonState } from "../../src/domain/people.ts";
import { erase } from "../../src/operations/erase.ts";
import { tick } from "../../src/operations/tick.ts";
import { APPS, type App, applyShape, GROUPS, IDS, mayOnLine, must, type Shape, type Stood, said, type Wish } from "./office.ts";
import { carried } from "./outbox.ts";
import { again, changedOnly, type Delivery, deliver, lineAt, looked, moved, pick, type Real, replica, type Step, step } from "./walking.ts";

export function submit(actor: string, beneficiary: string, application: App, how: Delivery): Step {
  const submission = { entitlements: [], justification: "work", until: null, values: {} };
  return step("submit", [actor, beneficiary, application, how], (model, real) =>
    deliver(
      model,
      real,
      {
        send: (operations, once) => operations.ask({ actor, beneficiary, application, submission, once }),
        judge: (result, { states }, before, after) => {
          const taken = before.some(
            (one) => one.beneficiary === beneficiary && one.application === application && (one.open || one.order === "executed"),
          );
          const barred = states[actor] !== "active" ? "not-active" : states[beneficiary] !== "active" || taken ? "faulty-form" : null;
          // Whether somebody can approve is the routing's own question: I11 asks it of the tables afterwards.
          expect(barred ? [barred] : ["filed", "nobody-can-approve"]).toContain(said(result));
          expect(after).toHaveLength(before.length + (result.ok ? 1 : 0));
        },
      },
      how,
    ),
  );
}

/** Most clicks come from those whom the task asks, on what is open, with a verb that fits: left to chance alone, hardly anybody would ever be allowed. */
export interface Doing {
  readonly line: number;
  readonly actor: string | number;
  readonly verb: Verb | number;
  readonly card: "fresh" | "typed" | "aged" | "first";
  readonly to: readonly string[];
  /** Asked before, as a form that opens does. */
  readonly form: boolean;
  /** The outbox is emptied at once. */
  readonly quick: boolean;
  readonly how: Delivery;
}

export function commandOf({ verb, to }: Pick<Wish, "verb" | "to">, login: string): TaskCommand {
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
      return { verb, login };
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

export function wishOf(line: Stood, doing: Pick<Doing, "actor" | "verb" | "card" | "to">): Wish {
  const asked = [...(line.task?.people ?? []), ...(line.task?.members ?? [])];
  const holder = (at: number) => (line.task?.claimed && at % 3 > 0 ? line.task.claimed : (pick(asked, at) ?? "rita"));
  const actor = typeof doing.actor === "string" ? doing.actor : holder(doing.actor);
  const task = (doing.card === "first" ? line.tasks[0] : line.tasks.at(-1)) ?? "";
  const face = doing.card === "typed" ? null : (line.task?.face ?? 1) - (doing.card === "aged" ? 1 : 0);
  const verb = typeof doing.verb === "string" ? doing.verb : (pick(FITTING[line.task?.kind ?? "approval"] ?? [], doing.verb) ?? "approve");
  return { actor: verb === "reassign" && typeof doing.actor === "number" ? "cleo" : actor, verb, task, face, to: doing.to };
}

export function act(doing: Doing): Step {
  return step("act", [doing], async (model, real) => {
    const line = lineAt(real.stood, doing.line);
    if (!line) return;
    const wish = wishOf(line, doing);
    const { actor, verb, task, face } = wish;
    const [aim, command] = [{ task, face }, commandOf(wish, v7())];
    const foretold = doing.form ? await replica(real, doing.how.over).operations.mayAct({ actor, aim, verb, seen: null }) : null;
    await deliver(
      model,
      real,
      {
        send: (operations, once) => operations.act({ actor, aim, command, once, seen: null }),
        judge: (result, shape, before, after) => {
          const now = before.find(({ id }) => id === line.id) ?? line;
          const what = `${actor} ${verb} line ${line.number}`;
          expect({ what, ok: result.ok, said: said(result) }).toEqual({ what, ok: must(shape, now, wish), said: said(result) });
          changedOnly(line, result, before, after);
        },
      },
      doing.how,
    );
    // What a form would have been refused, the act is refused too, in the same word; and it opens for every act that is accepted.
    const done = model.sent.at(-1)?.first;
    if (foretold && done && (done.ok || !foretold.ok))
      expect(foretold.ok ? "allowed" : said(foretold)).toBe(done.ok ? "allowed" : said(done));
    if (doing.quick && (await carried(replica(real, 0))) > 0) moved(real.stood, await looked(real));
  });
}

export function onLine(at: number, actor: string | null, verb: LineVerb, how: Delivery): Step {
  return step("onLine", [at, actor, verb, how], async (model, real) => {
    const line = lineAt(real.stood, at);
    if (!line) return;
    const who = actor ?? line.requester;
    const command = verb === "nudge" ? ({ verb } as const) : ({ verb, reason: "because" } as const);
    await deliver(
      model,
      real,
      {
        send: (operations, once) => operations.actOnLine({ actor: who, line: line.id, command, once, seen: null }),
        judge: (result, shape, before, after) => {
          const now = before.find(({ id }) => id === line.id) ?? line;
          const may = mayOnLine(shape, now, who, verb);
          // Four working hours may have passed since the last nudge, or not.
          const ok = verb === "nudge" && now.task?.nudged && may ? result.ok || said(result) !== "nudged-already" : may;
          const what = `${who} ${verb} line ${line.number}`;
          expect({ what, ok: result.ok, said: said(result) }).toEqual({ what, ok, said: said(result) });
          changedOnly(line, result, before, after);
        },
      },
      how,
    );
  });
}

/** One thing that differs in the next folder. */
export type Change =
  | { readonly person: string; readonly is: PersonState }
  | { readonly person: string; readonly manager: string | null }
  | { readonly group: string; readonly members: readonly string[] }
  | { readonly clocks: number };

function changed(shape: Shape, by: Change): Shape {
  if ("clocks" in by) return { ...shape, clocks: by.clocks };
  if ("members" in by) return { ...shape, members: { ...shape.members, [by.group]: by.members } };
  if ("manager" in by) return { ...shape, managers: { ...shape.managers, [by.person]: by.manager } };
  // Who was erased doesn't come back by a file that still holds them.
  return shape.erased.includes(by.person) ? shape : { ...shape, states: { ...shape.states, [by.person]: by.is } };
}

/** Another folder is in force from now on. */
export function folder(changes: readonly Change[]): Step {
  return step("folder", [changes], async (model, real) => {
    const before = real.stood;
    model.shape = changes.reduce(changed, model.shape);
    await applyShape(replica(real, 1), model.shape);
    moved(before, await looked(real));
  });
}

/** What doesn't come from people: the outbox, the clock, and what is known of their chat accounts. */
function happens(name: string, given: readonly unknown[], what: (real: Real) => Promise<unknown>): Step {
  return step(name, given, async (_model, real) => {
    const before = real.stood;
    await what(real);
    moved(before, await looked(real));
  });
}

export const outbox = (): Step => happens("outbox", [], (real) => carried(replica(real, 0)));

/** Two processes look at the clocks at once; a look at the same moment afterwards finds nothing: each thing happens once. */
export const later = (hours: number): Step =>
  happens("later", [hours], async (real) => {
    await moveClock(replica(real, 0).world.db, hours * 3_600_000);
    await Promise.all([tick(replica(real, 0).world), tick(replica(real, 1).world)]);
    expect(await tick(replica(real, 2).world)).toBe(0);
  });

export const reaches = (person: string, gone: boolean): Step =>
  happens("reaches", [person, gone], (real) => {
    const { db } = replica(real, 2).world;
    return gone ? markUnreachable(db, { person, platform: "slack", why: "gone" }) : markReached(db, { person, platform: "slack" });
  });

/** One of those who left is erased, unless something is still open for them. */
export function erased(at: number): Step {
  return step("erased", [at], async (model, real) => {
    const { shape } = model;
    const person = pick(
      IDS.filter((id) => shape.states[id] === "left" && !shape.erased.includes(id)),
      at,
    );
    if (!person) return;
    const before = real.stood;
    const words = { person: (id: string) => `Former ${id}`, text: "erased" };
    const { ownerUrl } = replica(real, 0).database;
    const done = await erase({ ownerUrl, person, reason: "asked for", by: "test", accessIsRemoved: true, words });
    expect(done.ok).toBe(!before.some((one) => one.open && one.beneficiary === person));
    if (done.ok) model.shape = { ...shape, erased: [...shape.erased, person] };
    expect(await looked(real)).toEqual(before);
  });
}

const VERBS = ["approve", "reject", "claim", "release", "confirm", "report-error", "retry", "cancel-order", "reassign"] as const;
const people = fc.constantFrom(...IDS);
const few = fc.subarray([...IDS], { maxLength: 3 });
/** Mostly once, sometimes two or three times at the same moment. */
const how = fc.record({
  over: fc.nat({ max: 2 }),
  copies: fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3),
  named: fc.boolean(),
});

const doing = fc.record({
  line: fc.nat({ max: 8 }),
  actor: fc.oneof({ weight: 5, arbitrary: fc.nat({ max: 9 }) }, { weight: 1, arbitrary: people }),
  verb: fc.oneof({ weight: 5, arbitrary: fc.nat({ max: 27 }) }, { weight: 1, arbitrary: fc.constantFrom(...VERBS) }),
  card: fc.constantFrom<Doing["card"]>("fresh", "fresh", "fresh", "fresh", "fresh", "typed", "aged", "first"),
  to: few,
  form: fc.constantFrom(true, false, false, false, false, false, false),
  quick: fc.constantFrom(true, true, true, false),
  how,
});

const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ person: people, is: fc.constantFrom<PersonState>("active", "active", "leave", "left") }) },
  { weight: 1, arbitrary: fc.record({ person: people, manager: fc.option(people) }) },
  { weight: 1, arbitrary: fc.record({ group: fc.constantFrom(...GROUPS), members: fc.subarray([...IDS], { maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ clocks: fc.nat({ max: 2 }) }) },
);

/** Each as often as it stands here. */
export const STEPS: fc.Arbitrary<Step>[] = [
  ...Array<fc.Arbitrary<Step>>(2).fill(
    fc
      .tuple(people, people, fc.constantFrom(...APPS), fc.boolean(), how)
      .map(([one, other, app, own, over]) => submit(one, own ? one : other, app, over)),
  ),
  ...Array<fc.Arbitrary<Step>>(8).fill(doing.map(act)),
  fc
    .tuple(
      fc.nat({ max: 8 }),
      fc.option(people, { freq: 3 }),
      fc.constantFrom<LineVerb>("withdraw", "nudge", "nudge", "nudge", "cancel"),
      how,
    )
    .map(([at, who, verb, over]) => onLine(at, who, verb, over)),
  ...Array<fc.Arbitrary<Step>>(2).fill(fc.constant(null).map(outbox)),
  fc.constantFrom(0.5, 1, 2, 5, 24, 72).map(later),
  fc.array(anyChange, { minLength: 1, maxLength: 3, size: "max" }).map(folder),
  fc.oneof(
    { weight: 4, arbitrary: fc.tuple(people, fc.boolean()).map(([person, gone]) => reaches(person, gone)) },
    { weight: 1, arbitrary: fc.nat({ max: 9 }).map(erased) },
  ),
  fc.tuple(fc.nat({ max: 99 }), fc.boolean(), fc.nat({ max: 2 })).map(([at, altered, over]) => again(at, altered, over)),
];
