import { describe, expect, test } from "vitest";
import { effectsOf } from "../../src/domain/effects.ts";
import { isOpen, openTask } from "../../src/domain/line.ts";
import { statusOf } from "../../src/domain/status.ts";
import {
  acme,
  after,
  afterOnLine,
  asLoaded,
  but,
  claim,
  done,
  failed,
  given,
  refused,
  type Situation,
  toBeDone,
  when,
  whenOnLine,
  yes,
} from "./situation.ts";

const claimed = after(toBeDone(), "lena", claim);
const OPEN: Readonly<Record<string, Situation>> = {
  "waiting for approval": given(),
  "approved, its order not handed over yet": after(given(), "max", yes),
  "waiting for its fulfillers": toBeDone(),
  claimed,
  "reported as an error": after(claimed, "lena", failed),
};
const withdraw = { verb: "withdraw", reason: null } as const;
const cancel = { verb: "cancel", reason: "The project is over" } as const;

describe.each(Object.entries(OPEN))("a line %s", (_, it) => {
  test.each([
    ["rita", withdraw, "withdrawn"],
    ["adam", cancel, "cancelled"],
  ] as const)("IDH-13 ends when %s ends it: nothing is open any more, and what was approved stays approved", (actor, command, how) => {
    const over = afterOnLine(it, actor, command);
    expect(isOpen(over.line)).toBe(false);
    expect(openTask(over.line)).toBeUndefined();
    expect(over.line.approval).toBe(it.line.approval === "pending" ? "withdrawn" : "approved");
    if (it.line.order) expect(over.line.order?.state).toBe("cancelled");
    expect(statusOf(over.line)).toMatchObject({ status: how, since: over.now });
    expect(over.line.closing).toEqual({ how, by: actor, at: over.now, reason: how === "withdrawn" ? null : cancel.reason });
    expect(whenOnLine(over, actor, command)).toMatchObject(
      refused("already-over", { by: actor, outcome: how, at: over.now.toISOString() }),
    );
  });

  test("IDH-13 only who asked withdraws it, and only an administrator cancels it", () => {
    for (const other of ["max", "lena", "adam", "bo"]) expect(whenOnLine(it, other, withdraw)).toEqual(refused("not-requester"));
    for (const other of ["max", "lena", "rita", "bo"]) expect(whenOnLine(it, other, cancel)).toEqual(refused("not-administrator"));
  });

  test("whoever held it is told below the card, and sees a card without buttons", () => {
    const task = openTask(it.line);
    if (!task) return;
    const over = afterOnLine(it, "rita", withdraw);
    const effects = effectsOf(asLoaded(over), over.last);
    expect(effects).toContainEqual(expect.objectContaining({ kind: "remark", remark: "withdrawn", task: task.id, by: "rita" }));
    expect(effects).toContainEqual({ kind: "show", subject: "task", id: task.id });
  });
});

test("IDH-13 what is done or refused is no longer withdrawn", () => {
  expect(whenOnLine(after(claimed, "lena", done), "rita", withdraw)).toMatchObject(
    refused("already-over", { by: "lena", outcome: "executed" }),
  );
  const no = after(given(), "max", { verb: "reject", reason: "No" });
  expect(whenOnLine(no, "rita", withdraw)).toMatchObject(refused("already-over", { by: "max", outcome: "rejected" }));
});

test("who asked for somebody else withdraws it, the other hears of it, and can't withdraw it", () => {
  const it = given({ requester: "stan", beneficiary: "rita" });
  expect(whenOnLine(it, "rita", withdraw)).toEqual(refused("not-requester"));
  const over = afterOnLine(it, "stan", withdraw);
  const told = effectsOf(asLoaded(over), over.last).flatMap((effect) =>
    effect.kind === "tell" ? [`${effect.person} ${effect.notice}`] : [],
  );
  expect(told).toEqual(["rita withdrawn"]);
});

test("a cancelled order of a withdrawn line isn't told twice", () => {
  const over = afterOnLine(claimed, "adam", cancel);
  const told = effectsOf(asLoaded(over), over.last).flatMap((effect) => (effect.kind === "tell" ? [effect.notice] : []));
  expect(told).toEqual(["cancelled"]);
});

test("cancelling takes a reason, withdrawing needn't; neither takes one without end", () => {
  expect(whenOnLine(given(), "adam", { verb: "cancel", reason: "  " })).toEqual(refused("reason-missing"));
  expect(whenOnLine(given(), "rita", { verb: "withdraw", reason: "x".repeat(3001) })).toEqual(refused("too-long", { most: "3000" }));
});

test("who left neither withdraws nor nudges", () => {
  const it = { ...given(), company: but(acme, { rita: "left" }) };
  expect(whenOnLine(it, "rita", withdraw)).toEqual(refused("not-active"));
  expect(whenOnLine(it, "rita", { verb: "nudge" })).toEqual(refused("not-active"));
});

test("somebody who clicks the old card hears who withdrew it", () => {
  const over = afterOnLine(given(), "rita", withdraw);
  expect(when(over, "max", yes)).toMatchObject(refused("already-decided", { by: "rita", outcome: "withdrawn" }));
});

test("a reason for withdrawing is kept without the blanks around it, up to what the form takes; one of blanks is none", () => {
  const closing = (reason: string | null) => afterOnLine(given(), "rita", { verb: "withdraw", reason }).line.closing;
  expect(closing(" Not needed ")?.reason).toBe("Not needed");
  expect(closing("   ")?.reason).toBeNull();
  expect(closing("x".repeat(3000))?.reason).toHaveLength(3000);
  const order = afterOnLine(toBeDone(), "rita", { verb: "withdraw", reason: " Not needed " }).last.find(
    ({ type }) => type === "order-cancelled",
  );
  expect(order).toMatchObject({ by: "rita", reason: "Not needed" });
  const silent = afterOnLine(toBeDone(), "rita", withdraw).last.find(({ type }) => type === "order-cancelled");
  expect(silent).toMatchObject({ by: "rita", reason: "" });
});

test("the task that was open ends with the line, in the line's way", () => {
  const ended = (it: Situation) => it.line.tasks.at(-1);
  expect(ended(afterOnLine(given(), "rita", withdraw))).toMatchObject({ state: "closed", outcome: "withdrawn" });
  expect(ended(afterOnLine(given(), "adam", cancel))).toMatchObject({ state: "closed", outcome: "cancelled" });
});
