import { describe, expect, test } from "vitest";
import type { TaskCommand } from "../../src/domain/commands.ts";
import { effectsOf } from "../../src/domain/effects.ts";
import { type Assignee, holdersOf, openTask } from "../../src/domain/line.ts";
import { isStranded } from "../../src/domain/reassigning.ts";
import {
  acme,
  after,
  asLoaded,
  at,
  but,
  byGroup,
  byManager,
  type Company,
  candidatesOf,
  claim,
  clocked,
  given,
  person,
  refused,
  rerouted,
  type Situation,
  ticked,
  toBeDone,
  when,
  yes,
} from "./situation.ts";

const passOn = (...to: readonly string[]): TaskCommand => ({ verb: "reassign", to, reason: "Max is swamped" });
const holders = (it: Situation) => {
  const line = asLoaded(it);
  const task = openTask(line);
  return task ? [...holdersOf(line, task)].sort() : [];
};
const amid = (it: Situation, company: Company): Situation => rerouted({ ...it, company });
const alerts = (it: Situation) => effectsOf(asLoaded(it), it.last).flatMap((effect) => (effect.kind === "alert" ? [effect.alert] : []));

describe("an administrator passes a task on", () => {
  test("THREAT-14 only an administrator, with a reason, to people who can do it", () => {
    const it = given();
    for (const other of ["max", "rita", "cleo", "tom"]) expect(when(it, other, passOn("uma"))).toEqual(refused("not-administrator"));
    expect(when(it, "adam", { verb: "reassign", to: ["uma"], reason: " " })).toEqual(refused("reason-missing"));
    expect(when(it, "adam", passOn("rita"))).toEqual(refused("unfit-assignee", { by: "rita" }));
    expect(when({ ...it, company: but(acme, { uma: "leave" }) }, "adam", passOn("uma"))).toEqual(refused("unfit-assignee", { by: "uma" }));
    expect(when(it, "adam", passOn("nobody"))).toEqual(refused("no-such-person"));
    expect(when(it, "adam", passOn())).toEqual(refused("too-few-named", { needed: "1" }));
  });

  test("whoever was asked can no longer decide, the new one can; old cards are stale", () => {
    const it = after(given(), "adam", passOn("uma"));
    expect(holders(it)).toEqual(["uma"]);
    expect(when(it, "max", yes)).toEqual(refused("not-yours"));
    expect(when(it, "uma", yes, { face: 1 })).toEqual(refused("stale-card"));
    expect(after(it, "uma", yes).line.approval).toBe("approved");
  });

  test("SPT-6 the clocks run on, and votes that were given count on", () => {
    const it = given({ policies: { standard: clocked({ steps: [byGroup(2)] }) } });
    const voted = after(it, "ines", yes);
    expect(when(voted, "adam", passOn("ines"))).toEqual(refused("unfit-assignee", { by: "ines" }));
    const passed = after(at(voted, "2026-11-24T09:00:00Z"), "adam", passOn("stan"));
    expect(openTask(passed.line)?.clock).toEqual(openTask(it.line)?.clock);
    expect(after(passed, "stan", yes).line.approval).toBe("approved");
  });

  test("as many are named as approvals are missing", () => {
    const it = given({ steps: [byGroup(2)] });
    expect(when(it, "adam", passOn("stan"))).toEqual(refused("too-few-named", { needed: "2" }));
    expect(when(it, "adam", passOn("stan", "stan"))).toEqual(refused("too-few-named", { needed: "2" }));
    expect(holders(after(it, "adam", passOn("stan", "bo")))).toEqual(["bo", "stan"]);
  });

  test("work that somebody claimed goes to the new hands, without the claim", () => {
    const it = after(after(toBeDone(), "lena", claim), "adam", passOn("stan"));
    expect(openTask(it.line)).toMatchObject({ claimedBy: null });
    expect(holders(it)).toEqual(["stan"]);
  });

  test("an administrator who asked for it doesn't choose who decides it", () => {
    expect(when(given({ requester: "adam", beneficiary: "rita" }), "adam", passOn("uma"))).toEqual(refused("own-request"));
  });
});

describe("a claim is taken away", () => {
  const held = after(toBeDone(), "lena", claim);
  test("by an administrator, with a reason; its claimer needs none", () => {
    expect(when(held, "adam", { verb: "release", reason: null })).toEqual(refused("reason-missing"));
    expect(when(held, "lou", { verb: "release", reason: "I want it" })).toMatchObject(refused("not-claimer", { by: "lena" }));
    const free = after(held, "adam", { verb: "release", reason: "Lena is ill" });
    expect(free.last).toEqual([{ type: "released", task: openTask(held.line)?.id, by: "adam", from: "lena", reason: "Lena is ill" }]);
    expect(effectsOf(asLoaded(free), free.last)).toContainEqual(
      expect.objectContaining({ kind: "remark", remark: "released", to: ["lena"] }),
    );
    expect(after(free, "lou", claim).line.tasks.at(-1)?.claimedBy).toBe("lou");
  });
});

describe("people change while a request is open", () => {
  test("ASK-11 the approver leaves: the stage is worked out again, and an administrator is told", () => {
    const it = amid(given(), but(acme, { max: "left" }));
    expect(it.last.map(({ type }) => type)).toEqual(["fallback-used", "reassigned"]);
    expect(holders(it)).toEqual(["cleo"]);
    expect(alerts(it)).toContain("fallback-used");
    expect(after(it, "cleo", yes).line.approval).toBe("approved");
  });

  test("ASK-11 when the approver comes back, the policy's own choice is asked again", () => {
    const away = amid(given(), but(acme, { max: "leave" }));
    const back = amid(away, acme);
    expect(holders(back)).toEqual(["max"]);
  });

  test("ASK-11 the beneficiary gets another manager, who is asked from then on", () => {
    const people = { ...acme.people, rita: person("rita", { managerId: "stan" }) };
    expect(holders(amid(given(), { ...acme, people }))).toEqual(["stan"]);
  });

  test("ASK-11 too few are left in a group: others are asked beside them, and votes that were given count on", () => {
    const voted = after(given({ steps: [byGroup(3)] }), "ines", yes);
    const it = amid(voted, but(acme, { omar: "left" }));
    expect(holders(it)).toEqual(["bo", "ines", "uma"]);
    expect(after(after(it, "uma", yes), "bo", yes).line.approval).toBe("approved");
    const still = amid(voted, but(acme, { ines: "left" }));
    expect(still.last).toEqual([]);
    expect(after(after(still, "omar", yes), "uma", yes).line.approval).toBe("approved");
  });

  test("ASK-11 whoever can't be reached is asked no longer while others can", () => {
    expect(holders(amid(given(), { ...acme, unreachable: ["max"] }))).toEqual(["cleo"]);
    expect(holders(amid(toBeDone(), { ...acme, unreachable: ["lena", "lou"] }))).toEqual(["tom"]);
  });

  test("ASK-11 nobody at all can act: it is said to the administrators, and asked again when somebody can", () => {
    const gone = { ...but(acme, { max: "left", cleo: "left", bo: "left", tom: "left", adam: "left" }), administrators: ["adam"] };
    const it = amid(given(), gone);
    expect(alerts(it)).toContain("nobody-to-ask");
    expect(holders(amid(it, acme))).toEqual(["max"]);
  });

  test("ASK-11 what an administrator said stays while it can be done, and is worked out again when it can't", () => {
    const passed = after(given(), "adam", passOn("uma"));
    expect(amid(passed, but(acme, { ines: "left" })).last).toEqual([]);
    expect(holders(amid(passed, but(acme, { uma: "left" })))).toEqual(["max"]);
  });

  test("ASK-11 where an escalation led stays too", () => {
    const late = ticked(at(given({ policies: { standard: clocked() } }), "2026-11-26T11:00:00Z"));
    const it = amid(late, but(acme, { max: "leave" }));
    expect(holders(it)).toEqual(["cleo"]);
  });

  test("a fulfiller who held the work leaves: colleagues can claim it; the last one leaves: the technical owner is asked", () => {
    const held = after(toBeDone(), "lena", claim);
    const alone = amid(held, but(acme, { lena: "left" }));
    expect(after(alone, "lou", claim).line.tasks.at(-1)?.claimedBy).toBe("lou");
    expect(holders(amid(held, but(acme, { lena: "left", lou: "left" })))).toEqual(["tom"]);
  });

  test("nothing happens where those who are asked are still the right ones", () => {
    expect(rerouted(given()).last).toEqual([]);
    expect(rerouted(toBeDone()).last).toEqual([]);
  });
});

describe("a request strands", () => {
  const stranded = (it: Situation, company: Company = it.company) =>
    isStranded(asLoaded({ ...it, company }), candidatesOf(company, it.line.application, it.line.beneficiary));

  test("when fewer are left who can act than have to, votes that were given counted", () => {
    expect(stranded(given())).toBe(false);
    expect(stranded(given(), but(acme, { max: "leave" }))).toBe(true);
    expect(stranded(given(), { ...acme, unreachable: ["max"] })).toBe(true);
    const two = given({ steps: [byGroup(2)] });
    expect(stranded(two, but(acme, { ines: "left" }))).toBe(false);
    expect(stranded(two, but(acme, { ines: "left", omar: "left" }))).toBe(true);
    expect(stranded(after(two, "uma", yes), but(acme, { ines: "left" }))).toBe(false);
  });

  test("or when nobody can do the work, and never when nothing is open", () => {
    expect(stranded(toBeDone(), but(acme, { lena: "left" }))).toBe(false);
    expect(stranded(toBeDone(), but(acme, { lena: "left", lou: "left" }))).toBe(true);
    expect(stranded(after(given(), "max", yes), but(acme, { max: "left" }))).toBe(false);
  });
});

describe("what was said by hand, when people change", () => {
  const asked = (it: Situation, ...assignees: readonly Assignee[]): Situation => ({
    ...it,
    line: { ...it.line, tasks: it.line.tasks.map((task) => (task.state === "open" ? { ...task, assignees } : task)) },
  });
  const by = (person: string, because: "reassigned" | "escalated" | "manager"): Assignee => ({ kind: "person", person, because });

  test("of those whom an administrator named, who left is dropped while enough are left", () => {
    const it = amid(asked(given(), by("uma", "reassigned"), by("stan", "reassigned")), but(acme, { stan: "left" }));
    expect(it.last).toEqual([
      { type: "reassigned", task: openTask(it.line)?.id, assignees: [by("uma", "reassigned")], by: null, reason: null },
    ]);
    expect(amid(asked(given(), by("uma", "reassigned")), acme).last).toEqual([]);
  });

  test("an escalation's people stay beside the rules' choice, each once", () => {
    const beside = asked(given(), by("max", "manager"), by("stan", "escalated"));
    expect(amid(beside, acme).last).toEqual([]);
    const away = amid(beside, but(acme, { max: "leave" }));
    expect(holders(away)).toEqual(["cleo", "stan"]);
    const chosen = amid(asked(given(), by("max", "manager"), by("cleo", "escalated")), but(acme, { max: "leave" }));
    expect(chosen.last.at(-1)).toMatchObject({ assignees: [{ person: "cleo", because: "manager-of-manager" }] });
    expect(chosen.line.tasks.at(-1)?.assignees).toHaveLength(1);
    const gone = amid(beside, but(acme, { stan: "left" }));
    expect(holders(gone)).toEqual(["max"]);
    expect(holders(amid(beside, { ...acme, unreachable: ["stan"] }))).toEqual(["max"]);
  });

  test("whom an administrator named and who alone isn't enough gives way to the rules' choice", () => {
    const two = asked(given({ steps: [byGroup(2)] }), by("stan", "reassigned"), by("lou", "reassigned"));
    const it = amid(two, but(acme, { lou: "left" }));
    expect(it.line.tasks.at(-1)?.assignees).toEqual([
      { kind: "group", group: "approvers", members: ["ines", "omar", "uma"], because: "group" },
    ]);
    const mixed = asked(given({ steps: [byGroup(2)] }), by("stan", "reassigned"), by("lou", "escalated"));
    expect(amid(mixed, acme).last).toEqual([]);
    expect(holders(amid(mixed, but(acme, { stan: "left" })))).toEqual(["ines", "lou", "omar", "uma"]);
  });

  test("whose approval counts already in a step that says once isn't needed again", () => {
    const once = { ...byGroup(2), once: true };
    const second = after(given({ steps: [byGroup(1), once] }), "ines", yes);
    expect(amid(second, but(acme, { omar: "left" })).last).toEqual([]);
    expect(holders(amid(second, but(acme, { omar: "left", uma: "left" })))).toEqual(["bo"]);
  });

  test("nobody stays who would decide about themselves; in the work they may", () => {
    expect(holders(amid(asked(given(), by("rita", "reassigned")), acme))).toEqual(["max"]);
    expect(amid(asked(toBeDone(), by("rita", "reassigned")), acme).last).toEqual([]);
  });

  test("who has voted stands on the list and is no help", () => {
    const voted = after(asked(given({ steps: [byGroup(2)] }), by("stan", "reassigned"), by("lou", "reassigned")), "stan", yes);
    expect(amid(voted, acme).last).toEqual([]);
    expect(holders(amid(voted, but(acme, { lou: "left" })))).not.toContain("lou");
  });

  test("where nothing is open, nothing is worked out", () => {
    expect(rerouted(after(given(), "max", yes)).last).toEqual([]);
  });

  test("work may be handed to who asked for it or has voted, an approval may not", () => {
    expect(when(toBeDone(), "adam", passOn("rita")).ok).toBe(true);
    expect(when(toBeDone(), "adam", passOn("max")).ok).toBe(true);
    expect(when(given(), "adam", passOn("rita"))).toEqual(refused("unfit-assignee", { by: "rita" }));
    const voted = after(given({ steps: [byGroup(2)] }), "ines", yes);
    expect(when(voted, "adam", passOn("ines"))).toEqual(refused("unfit-assignee", { by: "ines" }));
    expect(when(voted, "adam", passOn("stan", "stan")).ok).toBe(true);
    expect(when(given({ steps: [byGroup(2)] }), "adam", passOn("stan", "stan"))).toEqual(refused("too-few-named", { needed: "2" }));
    expect(when(given(), "adam", passOn())).toEqual(refused("too-few-named", { needed: "1" }));
    expect(when(toBeDone(), "adam", passOn())).toEqual(refused("too-few-named", { needed: "1" }));
  });
});

describe("stages", () => {
  const three = [byManager, byGroup(2), byGroup(1, "hands")];
  test("OIM-2 IDH-8 run one after another, each with its own number of approvals", () => {
    const it = after(given({ steps: three }), "max", yes);
    expect(it.line).toMatchObject({ approval: "pending", step: 1 });
    const second = after(after(it, "ines", yes), "uma", yes);
    expect(second.line).toMatchObject({ approval: "pending", step: 2 });
    expect(after(second, "lou", yes).line.approval).toBe("approved");
  });

  const twice = (once: boolean) => [byManager, { ...byGroup(1), once }, { ...byGroup(2, "hands"), once }];
  const company = { ...acme, groups: { ...acme.groups, approvers: ["max", "ines"], hands: ["max", "lena"] } };

  test("OIM-2 who sits in two stages decides in each", () => {
    const it = after(given({ company, steps: twice(false) }), "max", yes);
    expect(it.line.step).toBe(1);
    expect(after(it, "max", yes).line.step).toBe(2);
  });

  test("OIM-2 unless the policy says once: then an approval counts in later stages too", () => {
    const it = after(given({ company, steps: twice(true) }), "max", yes);
    expect(it.last.filter(({ type }) => type === "step-counted")).toEqual([
      { type: "step-counted", step: 1, by: ["max"] },
      { type: "step-counted", step: 2, by: ["max"] },
    ]);
    expect(openTask(it.line)).toMatchObject({ step: 2, needed: 1 });
    expect(when(it, "max", yes).ok).toBe(false);
    expect(after(it, "lena", yes).line.approval).toBe("approved");
  });

  test("OIM-2 a line whose every stage is counted already is approved at once", () => {
    const it = after(given({ company, steps: [byManager, { ...byGroup(1), once: true }] }), "max", yes);
    expect(it.line).toMatchObject({ approval: "approved", order: { state: "pending" } });
  });
});
