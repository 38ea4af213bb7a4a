import { describe, expect, test } from "vitest";
import type { TaskCommand } from "../../src/domain/commands.ts";
import type { Assignee, Line } from "../../src/domain/line.ts";
import { hindrance, hindranceOnLine, kindsOf, mayAct } from "../../src/domain/may.ts";
import {
  acme,
  after,
  afterOnLine,
  but,
  candidatesOf,
  claim,
  done,
  failed,
  given,
  giveUp,
  later,
  no,
  refused,
  retry,
  type Situation,
  toBeDone,
  when,
  whenOnLine,
  yes,
} from "./situation.ts";

const letGo: TaskCommand = { verb: "release", reason: "Lena is ill" };
const passOn: TaskCommand = { verb: "reassign", to: ["stan"], reason: "He knows it" };
const COMMANDS: readonly TaskCommand[] = [yes, no, claim, letGo, done, failed, retry, giveUp, passOn];
const claimed = after(toBeDone(), "lena", claim);

const SITUATIONS: Readonly<Record<string, Situation>> = {
  "waiting for the manager": given(),
  "rejected already": after(given(), "max", no),
  "to be claimed": toBeDone(),
  "claimed by Lena": claimed,
  "reported as an error": after(claimed, "lena", failed),
  "waiting for a manager who is away": { ...given(), company: but(acme, { max: "leave" }) },
};

describe.each(Object.entries(SITUATIONS))("a line %s", (_, it) => {
  const task = it.line.tasks.at(-1);

  test.each(COMMANDS.map((command) => [command.verb, command] as const))(
    "%s is allowed beforehand exactly to those who may then do it, and refused in the same words",
    (verb, command) => {
      for (const actor of Object.values(it.company.people)) {
        for (const face of [null, task?.face ?? 0, (task?.face ?? 0) + 1]) {
          const before = mayAct(it.line, { task: task?.id ?? "", face }, verb, {
            actor,
            candidates: candidatesOf(it.company, it.line.application, it.line.beneficiary),
          });
          const then = when(it, actor.id, command, { task: task?.id ?? "", face });
          expect(before.ok ? "allowed" : before.refusal, `${actor.id} ${face}`).toEqual(then.ok ? "allowed" : then.refusal);
        }
      }
    },
  );
});

test("each verb is allowed to somebody somewhere", () => {
  const allowed = Object.values(SITUATIONS).flatMap((it) =>
    COMMANDS.filter(({ verb }) =>
      Object.values(it.company.people).some(
        (actor) =>
          mayAct(it.line, { task: it.line.tasks.at(-1)?.id ?? "", face: null }, verb, {
            actor,
            candidates: candidatesOf(it.company, it.line.application, it.line.beneficiary),
          }).ok,
      ),
    ),
  );
  expect(new Set(allowed)).toEqual(new Set(COMMANDS));
});

test("each verb acts on the kinds of task that it has buttons on", () => {
  expect(kindsOf("approve")).toEqual(["approval"]);
  expect(kindsOf("confirm")).toEqual(["fulfilment"]);
  expect(kindsOf("retry")).toEqual(["review"]);
  expect(kindsOf("reassign")).toEqual(["approval", "fulfilment", "review"]);
});

/** The line's last task with others who are asked beside those who are. */
function withAsked(it: Situation, ...more: readonly Assignee[]): Line {
  const { tasks } = it.line;
  return {
    ...it.line,
    tasks: tasks.map((task, index) => (index === tasks.length - 1 ? { ...task, assignees: [...task.assignees, ...more] } : task)),
  };
}

describe("nothing keeps", () => {
  test.each([
    ["the manager", "approve", given(), "max"],
    ["the manager", "reject", given(), "max"],
    ["a fulfiller", "claim", toBeDone(), "lou"],
    ["the claimer", "confirm", claimed, "lena"],
    ["the claimer", "report-error", claimed, "lena"],
    ["the claimer", "release", claimed, "lena"],
    ["an owner", "retry", after(claimed, "lena", failed), "tom"],
    ["an owner", "cancel-order", after(claimed, "lena", failed), "tom"],
  ] as const)("%s from it: %s", (_, verb, { line }, person) => {
    const task = line.tasks.at(-1);
    expect(task && hindrance(line, task, verb, person)).toBeNull();
  });
});

describe("a claim", () => {
  const escalated: Assignee = { kind: "person", person: "cleo", because: "escalated" };
  const named: Assignee = { kind: "person", person: "stan", because: "administrator" };
  const release = (line: Line, person: string, administrator = false) => {
    const task = line.tasks.at(-1);
    return task && hindrance(line, task, "release", person, { administrator });
  };

  test("is let go of by those to whom the late work was escalated, and by administrators, not by others who are asked", () => {
    const line = withAsked(claimed, escalated, named);
    expect(release(line, "cleo")).toBeNull();
    expect(release(line, "lena")).toBeNull();
    expect(release(line, "adam", true)).toBeNull();
    expect(release(line, "stan")).toEqual({ name: "not-claimer", about: { by: "lena" } });
    expect(release(line, "lou")).toEqual({ name: "not-claimer", about: { by: "lena" } });
    expect(release(line, "omar")).toEqual({ name: "not-yours", about: {} });
  });

  test("that nobody has can't be let go of, by whomever", () => {
    const line = withAsked(toBeDone(), escalated);
    for (const [person, administrator] of [
      ["cleo", false],
      ["adam", true],
      ["lou", false],
    ] as const)
      expect(release(line, person, administrator)).toEqual({ name: "not-claimed", about: {} });
  });

  test("says since when it stands, and falls to whoever is asked when its holder is asked no more", () => {
    const held = after(later(toBeDone(), 3_600_000), "lena", claim);
    expect(when(held, "lou", claim)).toEqual(refused("already-claimed", { by: "lena", at: held.now.toISOString() }));
    const gone = { ...held, company: but(acme, { lena: "left" }) };
    expect(when(gone, "lou", claim)).toMatchObject({ ok: true });
  });
});

test("who looks at a card from before it was passed on hears who passed it on and when; who was never asked doesn't", () => {
  const it = later(given(), 60_000);
  const passed = after(it, "adam", passOn);
  const told = refused("not-yours", { by: "adam", at: it.now.toISOString(), outcome: "reassigned" });
  const now = passed.line.tasks.at(-1)?.face ?? 0;
  expect(now).toBeGreaterThan(1);
  expect(when(passed, "max", yes, { face: now - 1 })).toEqual(told);
  expect(when(passed, "max", yes, { face: now })).toEqual(refused("not-yours"));
  expect(when(passed, "max", yes, { face: null })).toEqual(refused("not-yours"));
  expect(when(given(), "omar", yes, { face: -1 })).toEqual(refused("not-yours"));
  // Another refusal is said as it is, old card or not.
  expect(when(passed, "rita", yes, { face: now - 1 })).toEqual(refused("own-request"));
});

describe("a line as a whole", () => {
  const withdraw = { verb: "withdraw", reason: null } as const;
  const cancel = { verb: "cancel", reason: "We stop using it" } as const;

  test("is withdrawn and nudged by its requester alone, cancelled by administrators alone", () => {
    const { line } = given();
    for (const administrator of [true, false]) {
      expect(hindranceOnLine(line, "withdraw", "rita", { administrator })).toBeNull();
      expect(hindranceOnLine(line, "nudge", "rita", { administrator })).toBeNull();
      expect(hindranceOnLine(line, "withdraw", "max", { administrator })).toEqual({ name: "not-requester", about: {} });
      expect(hindranceOnLine(line, "nudge", "max", { administrator })).toEqual({ name: "not-requester", about: {} });
    }
    expect(hindranceOnLine(line, "cancel", "adam", { administrator: true })).toBeNull();
    expect(hindranceOnLine(line, "cancel", "rita", { administrator: false })).toEqual({ name: "not-administrator", about: {} });
  });

  test("that is over says who ended it, when and how", () => {
    const rejected = after(later(given(), 60_000), "max", no);
    const at = rejected.now.toISOString();
    expect(whenOnLine(rejected, "rita", withdraw)).toEqual(refused("already-over", { by: "max", at, outcome: "rejected" }));
    const withdrawn = afterOnLine(later(given(), 120_000), "rita", withdraw);
    const end = { by: "rita", at: withdrawn.now.toISOString(), outcome: "withdrawn" };
    expect(whenOnLine(withdrawn, "rita", { verb: "nudge" })).toEqual(refused("already-over", end));
    expect(whenOnLine(withdrawn, "adam", cancel)).toEqual(refused("already-over", end));
  });

  test("that is approved already and then withdrawn is over as well, and says so in the withdrawal's words", () => {
    const withdrawn = afterOnLine(later(toBeDone(), 60_000), "rita", withdraw);
    const end = { by: "rita", at: withdrawn.now.toISOString(), outcome: "withdrawn" };
    expect(withdrawn.line.closing).not.toBeNull();
    expect(whenOnLine(withdrawn, "rita", withdraw)).toEqual(refused("already-over", end));
    const { closing: _, ...rest } = withdrawn.line;
    expect(hindranceOnLine({ ...rest, closing: withdrawn.line.closing, tasks: [] }, "withdraw", "rita", { administrator: false })).toEqual({
      name: "already-over",
      about: end,
    });
  });

  test("that waits for nobody can't be nudged, and may still be withdrawn", () => {
    const between = after(given(), "max", yes);
    expect(hindranceOnLine(between.line, "nudge", "rita", { administrator: false })).toEqual({ name: "nothing-waits", about: {} });
    expect(hindranceOnLine(between.line, "withdraw", "rita", { administrator: false })).toBeNull();
  });

  test("that is over without anybody's doing says nothing of anybody", () => {
    const { line } = given();
    const over: Line = { ...line, approval: "expired", tasks: [] };
    expect(hindranceOnLine(over, "withdraw", "rita", { administrator: false })).toEqual({ name: "already-over", about: {} });
  });
});
