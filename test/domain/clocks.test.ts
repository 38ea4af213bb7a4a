/** Monday, 23 November 2026, noon in Berlin: everything here is filed then. */
import { describe, expect, test } from "vitest";
import type { Calendar, Policy, Rung } from "../../src/domain/catalogue.ts";
import { clockOf, escalatingOf, nextReminder, nextTick, remindingOf, timeOf } from "../../src/domain/clocks.ts";
import { effectsOf } from "../../src/domain/effects.ts";
import { type Assignee, holdersOf, NO_CLOCK, openTask } from "../../src/domain/line.ts";
import { statusOf } from "../../src/domain/status.ts";
import {
  acme,
  after,
  afterOnLine,
  application,
  asLoaded,
  at,
  berlin,
  but,
  byGroup,
  byManager,
  candidatesOf,
  claim,
  clocked,
  days,
  failed,
  given,
  person,
  refused,
  type Situation,
  ticked,
  toBeDone,
  whenOnLine,
  yes,
} from "./situation.ts";

const filed = (policy: Policy = clocked(), more: Parameters<typeof given>[0] = {}) => given({ policies: { standard: policy }, ...more });
const types = (it: Situation) => it.last.map(({ type }) => type);
const happened = (it: Situation, type: string) => it.history.filter((event) => event.type === type);
const holders = (it: Situation) => {
  const line = asLoaded(it);
  const task = openTask(line);
  return task ? [...holdersOf(line, task)].sort() : [];
};
const clock = (it: Situation) => openTask(it.line)?.clock;
const ladder = (...to: readonly Rung[]): Policy => clocked({ remind: null, expireAfter: null, escalate: { after: days(1), to } });

describe("reminders", () => {
  test("OIM-3 ASK-8 an approver is reminded after a working day, then every working day, and no more often than the policy says", () => {
    const it = filed(clocked({ escalate: null, expireAfter: null }));
    expect(ticked(at(it, "2026-11-24T10:59:59Z")).last).toBe(it.last);
    const first = ticked(at(it, "2026-11-24T11:00:00Z"));
    expect(first.last).toEqual([
      { type: "reminded", task: openTask(it.line)?.id, nth: 1, to: ["max"], remindAt: new Date("2026-11-25T11:00:00Z") },
    ]);
    const second = ticked(at(first, "2026-11-25T11:00:00Z"));
    expect(second.last).toMatchObject([{ nth: 2, remindAt: null }]);
    expect(ticked(at(second, "2026-12-24T11:00:00Z")).last).toBe(second.last);
  });

  test("OIM-3 a weekend and a holiday are no working days, and the clock is that of the approver's own zone and calendar", () => {
    const calendars: readonly Calendar[] = [berlin, { ...berlin, id: "new-york", timeZone: "America/New_York", holidays: ["2026-11-26"] }];
    const people = { ...acme.people, max: person("max", { managerId: "cleo", calendar: "new-york", timeZone: "America/New_York" }) };
    const it = filed(clocked(), { company: { ...acme, calendars, people }, at: new Date("2026-11-25T15:00:00Z") });
    // Wednesday ten in New York; Thursday is Thanksgiving.
    expect(clock(it)?.remindAt).toEqual(new Date("2026-11-27T15:00:00Z"));
    const friday = given({ policies: { standard: clocked() }, at: new Date("2026-11-27T11:00:00Z") });
    expect(clock(friday)?.remindAt).toEqual(new Date("2026-11-30T11:00:00Z"));
  });

  test("OIM-3 a group's task runs on the group's calendar, and on the claimer's once somebody holds it", () => {
    const calendars: readonly Calendar[] = [berlin, { ...berlin, id: "singapore", timeZone: "Asia/Singapore" }];
    const company = { ...acme, calendars, groupCalendars: { approvers: "singapore", hands: "singapore" } };
    const it = filed(clocked({ steps: [byGroup(1)] }), { company });
    // Noon in Berlin is 19:00 in Singapore, after hours: counted from Tuesday nine o'clock there.
    expect(clock(it)?.remindAt).toEqual(new Date("2026-11-25T01:00:00Z"));
    const work = toBeDone({
      company,
      application: application({ serviceLevel: level({ remind: { after: days(1), every: days(1), grow: 1, atMost: 5 } }) }),
    });
    const held = after(work, "lena", claim);
    const reminded = ticked(at(held, "2026-11-25T02:00:00Z"));
    expect(reminded.last).toMatchObject([{ type: "reminded", to: ["lena"], remindAt: new Date("2026-11-26T08:00:00Z") }]);
  });

  test("pauses grow as the policy says, and after a day of downtime one reminder comes, not a heap", () => {
    const it = filed(clocked({ escalate: null, expireAfter: null, remind: { after: days(1), every: days(1), grow: 2, atMost: 4 } }));
    const late = ticked(at(it, "2026-12-07T11:00:00Z"));
    expect(happened(late, "reminded")).toHaveLength(1);
    expect(clock(late)?.remindAt).toEqual(new Date("2026-12-08T11:00:00Z"));
    const second = ticked(at(late, "2026-12-08T11:00:00Z"));
    expect(clock(second)?.remindAt).toEqual(new Date("2026-12-10T11:00:00Z"));
    expect(clock(ticked(at(second, "2026-12-10T11:00:00Z")))?.remindAt).toEqual(new Date("2026-12-16T11:00:00Z"));
  });

  test("of a group only those are reminded who haven't voted yet", () => {
    const it = after(filed(clocked({ steps: [byGroup(2)] })), "ines", yes);
    expect(ticked(at(it, "2026-11-24T11:00:00Z")).last).toMatchObject([{ type: "reminded", to: ["omar", "uma"] }]);
  });

  test("SPT-6 without clocks in the policy nobody is reminded, nothing escalates and nothing expires", () => {
    const it = filed(clocked({ remind: null, escalate: null, expireAfter: null }));
    expect(ticked(at(it, "2030-01-01T00:00:00Z")).last).toBe(it.last);
    expect(clock(it)).toMatchObject({ dueAt: null, remindAt: null, escalateAt: null, expireAt: null });
  });
});

describe("escalation", () => {
  test("ASK-9 after no answer the approver's manager is turned to, then the next rung; each hop is an event, and whoever was asked stays asked", () => {
    const it = filed();
    const first = ticked(at(it, "2026-11-26T11:00:00Z"));
    const hop = first.history.find(({ type }) => type === "escalated");
    expect(hop).toMatchObject({ rung: 1, to: ["cleo"], escalateAt: new Date("2026-12-01T11:00:00Z") });
    expect(holders(first)).toEqual(["cleo", "max"]);
    const second = ticked(at(first, "2026-12-01T11:00:00Z"));
    expect(holders(second)).toEqual(["adam", "cleo", "max"]);
    expect(clock(second)).toMatchObject({ rungs: 2, escalateAt: null });
    expect(after(second, "adam", yes).line.approval).toBe("approved");
  });

  test("SPT-7 it never lands on requester or beneficiary: their rung is passed over", () => {
    const people = { ...acme.people, max: person("max", { managerId: "rita" }) };
    const it = filed(ladder({ kind: "manager" }, { kind: "administrators" }), {
      company: { ...acme, people, administrators: ["adam", "rita"] },
    });
    const hop = ticked(at(it, "2026-11-24T11:00:00Z"));
    expect(hop.last).toMatchObject([{ type: "escalated", rung: 2, to: ["adam"] }]);
    expect(holders(hop)).toEqual(["adam", "max"]);
  });

  test("a ladder on which nobody else stands is told to the administrators, once", () => {
    const it = filed(ladder({ kind: "person", person: "rita" }));
    const hop = ticked(at(it, "2026-11-24T11:00:00Z"));
    expect(hop.last).toMatchObject([{ type: "escalated", to: [], escalateAt: null }]);
    expect(effectsOf(asLoaded(hop), hop.last)).toContainEqual(expect.objectContaining({ kind: "alert", alert: "nobody-to-escalate" }));
    expect(ticked(at(hop, "2027-11-24T11:00:00Z")).last).toBe(hop.last);
  });

  test("SPT-6 a group escalates to each member's manager", () => {
    const people = { ...acme.people, ines: person("ines", { managerId: "bo" }), omar: person("omar", { managerId: "tom" }) };
    const it = filed({ ...ladder({ kind: "manager" }), steps: [byGroup(1)] }, { company: { ...acme, people } });
    expect(ticked(at(it, "2026-11-24T11:00:00Z")).last).toMatchObject([{ to: ["bo", "tom", "cleo"] }]);
  });

  test("whoever is away or can't be reached is no rung", () => {
    const company = { ...but(acme, { cleo: "leave" }), unreachable: ["bo"] };
    const it = filed(ladder({ kind: "manager" }, { kind: "business-owner" }, { kind: "technical-owner" }), { company });
    expect(ticked(at(it, "2026-11-24T11:00:00Z")).last).toMatchObject([{ rung: 3, to: ["tom"] }]);
  });
});

describe("expiry", () => {
  test("ASK-12 an approval that nobody decides expires; the line is over and its task lapses", () => {
    const it = filed(clocked({ remind: null, escalate: null }));
    const over = ticked(at(it, "2026-12-07T11:00:00Z"));
    expect(types(over)).toEqual(["expired", "task-closed"]);
    expect(over.line).toMatchObject({ approval: "expired", closing: { how: "expired", by: null } });
    expect(statusOf(over.line).status).toBe("expired");
    expect(effectsOf(asLoaded(over), over.last)).toContainEqual({ kind: "tell", person: "rita", notice: "expired", line: over.line.id });
    expect(whenOnLine(over, "rita", { verb: "nudge" })).toMatchObject(refused("already-over"));
  });

  test("what is approved no longer expires, and each step has its own time", () => {
    const two = filed(clocked({ steps: [byManager, byGroup(1)], remind: null, escalate: null }));
    const passed = after(at(two, "2026-12-05T11:00:00Z"), "max", yes);
    expect(clock(passed)?.expireAt).toEqual(new Date("2026-12-19T11:00:00Z"));
    const approved = after(passed, "ines", yes);
    expect(ticked(at(approved, "2027-12-05T11:00:00Z")).last).toBe(approved.last);
  });
});

describe("the work by hand", () => {
  test("OIM-3 is due when the service level says; overdue it is reminded and escalated by the policy", () => {
    const it = toBeDone({
      policies: { standard: clocked() },
      application: application({ serviceLevel: level({ fulfilWithin: { kind: "working-hours", hours: 8 } }) }),
    });
    const due = new Date("2026-11-24T11:00:00Z");
    expect(clock(it)).toMatchObject({ dueAt: due, remindAt: due, escalateAt: new Date("2026-11-27T11:00:00Z"), expireAt: null });
    const late = ticked(at(it, "2026-11-24T11:00:00Z"));
    expect(late.last).toMatchObject([{ type: "reminded", to: ["lena", "lou"] }]);
    const held = after(late, "lena", claim);
    const up = ticked(at(held, "2026-11-27T11:00:00Z"));
    expect(up.history).toContainEqual(expect.objectContaining({ type: "escalated", to: ["cleo"] }));
  });

  test("an error that nobody looks into is reminded and escalated too, and never expires", () => {
    const it = toBeDone({ policies: { standard: clocked() } });
    const errored = after(after(it, "lena", claim), "lena", failed);
    expect(clock(errored)).toMatchObject({
      remindAt: new Date("2026-11-24T11:00:00Z"),
      escalateAt: new Date("2026-11-26T11:00:00Z"),
      expireAt: null,
    });
  });
});

describe("a nudge", () => {
  test("ASK-8 comes from the requester alone, once in four working hours of whoever holds it", () => {
    const it = filed();
    expect(whenOnLine(it, "max", { verb: "nudge" })).toEqual(refused("not-requester"));
    const nudged = afterOnLine(it, "rita", { verb: "nudge" });
    expect(nudged.last).toEqual([{ type: "nudged", task: openTask(it.line)?.id, by: "rita" }]);
    expect(effectsOf(asLoaded(nudged), nudged.last)).toContainEqual(
      expect.objectContaining({ kind: "remark", remark: "nudge", to: ["max"], by: "rita" }),
    );
    expect(whenOnLine(at(nudged, "2026-11-23T14:59:59Z"), "rita", { verb: "nudge" })).toEqual(
      refused("nudged-already", { again: "2026-11-23T15:00:00.000Z" }),
    );
    expect(whenOnLine(at(nudged, "2026-11-23T15:00:00Z"), "rita", { verb: "nudge" }).ok).toBe(true);
  });
});

describe("what is due at once after a downtime", () => {
  const both = (remind: number, escalate: number) =>
    filed(
      clocked({
        expireAfter: null,
        remind: { after: days(remind), every: days(1), grow: 1, atMost: 9 },
        escalate: { after: days(escalate), to: [{ kind: "administrators" }] },
      }),
    );
  const one = (it: Situation, now: string) =>
    ticked(at(it, now))
      .history.map(({ type }) => type)
      .filter((type) => type === "reminded" || type === "escalated");

  test("comes in the order in which it was due, the reminder of those who are newly asked counted anew", () => {
    expect(one(both(1, 2), "2026-11-30T11:00:00Z")).toEqual(["reminded", "escalated"]);
    expect(one(both(2, 1), "2026-11-30T11:00:00Z")).toEqual(["escalated"]);
    expect(one(both(2, 2), "2026-11-30T11:00:00Z")).toEqual(["escalated"]);
    expect(clock(ticked(at(both(2, 1), "2026-11-30T11:00:00Z")))?.remindAt).toEqual(new Date("2026-12-02T11:00:00Z"));
  });

  test("where only one of the two is asked for, it comes alone", () => {
    const silent = filed(clocked({ remind: null, expireAfter: null }));
    expect(one(silent, "2026-11-26T11:00:00Z")).toEqual(["escalated"]);
    const quiet = filed(clocked({ escalate: null, expireAfter: null }));
    expect(one(quiet, "2026-11-24T11:00:00Z")).toEqual(["reminded"]);
  });

  test("when it has expired, nothing else comes, and the task lapses as expired", () => {
    const over = ticked(at(filed(), "2027-11-24T11:00:00Z"));
    expect(over.last).toEqual([
      { type: "expired" },
      { type: "task-closed", task: openTask(filed().line)?.id, outcome: "expired", by: null },
    ]);
  });
});

describe("a hop", () => {
  test("keeps groups and those who are there, drops who left, and names who is added and since when", () => {
    const it = filed({ ...ladder({ kind: "administrators" }, { kind: "business-owner" }), steps: [byGroup(1)] });
    const hop = ticked(at(it, "2026-11-24T11:00:00Z"));
    const now = new Date("2026-11-24T11:00:00Z");
    expect(hop.last).toMatchObject([
      {
        rung: 1,
        assignees: [
          { kind: "group", group: "approvers" },
          { kind: "person", person: "adam", because: "escalated", since: now },
        ],
      },
    ]);
    const alone = filed(ladder({ kind: "administrators" }));
    const gone = ticked({ ...at(alone, "2026-11-24T11:00:00Z"), company: but(acme, { max: "leave" }) });
    expect(gone.last).toMatchObject([{ assignees: [{ person: "adam" }] }]);
    expect(gone.last).toMatchObject([{ escalateAt: null, assignees: { length: 1 } }]);
  });

  test("up to nobody leaves the reminders as they were", () => {
    const nobody = clocked({
      expireAfter: null,
      escalate: { after: days(1), to: [{ kind: "person", person: "rita" }] },
      remind: { after: days(4), every: days(1), grow: 1, atMost: 2 },
    });
    const it = filed(nobody);
    const before = clock(it)?.remindAt;
    expect(before).not.toBeNull();
    expect(ticked(at(it, "2026-11-24T11:00:00Z")).last).toMatchObject([{ type: "escalated", to: [], remindAt: before, escalateAt: null }]);
  });

  test("goes to a group, to the owners and to named people as well, but to nobody who has spoken or is asked already", () => {
    const to = (it: Situation) => ticked(at(it, "2026-11-24T11:00:00Z")).last;
    expect(to(filed(ladder({ kind: "group", group: "hands" })))).toMatchObject([{ to: ["lena", "lou"] }]);
    expect(to(filed(ladder({ kind: "group", group: "nobody" }, { kind: "business-owner" })))).toMatchObject([{ rung: 2, to: ["bo"] }]);
    expect(to(filed(ladder({ kind: "person", person: "stan" })))).toMatchObject([{ to: ["stan"] }]);
    const voted = after(filed({ ...ladder({ kind: "group", group: "approvers" }), steps: [byGroup(2)] }), "ines", yes);
    expect(to(voted)).toMatchObject([{ to: [] }]);
  });
});

describe("clocks", () => {
  const { line } = filed();
  const max: Assignee = { kind: "person", person: "max", because: "manager" };
  const group: Assignee = { kind: "group", group: "approvers", members: ["ines"], because: "group" };
  const candidates = candidatesOf({ ...acme, calendars: [] }, line.application, "rita");
  const task = { assignees: [max], claimedBy: null, openedAt: new Date("2026-11-23T11:00:00Z") };

  test("without a calendar run plainly, in the zone of whoever is asked, else in UTC", () => {
    expect(timeOf(task, candidates)).toEqual({ calendar: null, timeZone: "Europe/Berlin" });
    expect(timeOf({ ...task, assignees: [group] }, candidates)).toEqual({ calendar: null, timeZone: "UTC" });
    expect(timeOf({ ...task, assignees: [] }, candidates)).toEqual({ calendar: null, timeZone: "UTC" });
    const all = candidatesOf(acme, line.application, "rita");
    expect(timeOf({ ...task, assignees: [group, max], claimedBy: "max" }, all)).toEqual({ calendar: berlin, timeZone: "Europe/Berlin" });
    expect(timeOf({ ...task, assignees: [{ ...max, person: "zoe" }] }, all)).toEqual({ calendar: berlin, timeZone: "Europe/Berlin" });
  });

  test("are due when others are turned to, else when it expires", () => {
    const due = (more: Partial<Policy>) => clockOf("approval", { ...line, policy: clocked(more) }, task, candidates).dueAt;
    expect(due({})).toEqual(new Date("2026-11-26T11:00:00Z"));
    expect(due({ escalate: null })).toEqual(new Date("2026-12-07T11:00:00Z"));
    expect(due({ escalate: null, expireAfter: null })).toBeNull();
  });

  test("of the work follow the service level's own rhythm, else the policy's from when it is due or from its opening", () => {
    const rhythm = { after: days(2), every: days(2), grow: 1, atMost: 3 };
    const climbing = { after: days(2), to: [{ kind: "administrators" } as const] };
    const its = { ...line, application: application({ serviceLevel: level({ remind: rhythm, escalate: climbing }) }) };
    expect(remindingOf(its, "fulfilment")).toBe(rhythm);
    expect(escalatingOf(its, "fulfilment")).toBe(climbing);
    for (const kind of ["approval", "review"] as const) {
      expect(remindingOf(its, kind)).toBe(line.policy.remind);
      expect(escalatingOf(its, kind)).toBe(line.policy.escalate);
    }
    const plainly = clockOf("fulfilment", line, task, candidates);
    expect(plainly).toMatchObject({
      dueAt: null,
      remindAt: new Date("2026-11-24T11:00:00Z"),
      escalateAt: new Date("2026-11-26T11:00:00Z"),
      expireAt: null,
    });
    expect(clockOf("fulfilment", its, task, candidates)).toMatchObject({
      remindAt: new Date("2026-11-25T11:00:00Z"),
      escalateAt: new Date("2026-11-25T11:00:00Z"),
    });
    const silent = { ...line, policy: clocked({ remind: null }) };
    expect(clockOf("fulfilment", silent, task, candidates).remindAt).toBeNull();
  });

  test("ring next at the earliest of what they want", () => {
    const [first, second, third] = [1, 2, 3].map((day) => new Date(Date.UTC(2026, 11, day)));
    if (!first || !second || !third) throw new Error("no days");
    const rings = (remindAt: Date | null, escalateAt: Date | null, expireAt: Date | null) =>
      nextTick({ clock: { ...NO_CLOCK, remindAt, escalateAt, expireAt } });
    expect(rings(third, first, second)).toEqual(first);
    expect(rings(third, null, second)).toEqual(second);
    expect(rings(null, null, third)).toEqual(third);
    expect(rings(first, null, null)).toEqual(first);
    expect(rings(null, null, null)).toBeNull();
  });

  test("remind no oftener than they may, with pauses that stop growing", () => {
    const open = openTask(line);
    if (!open) throw new Error("nothing is open");
    const sent = (reminders: number, atMost: number) =>
      nextReminder(
        { ...line, policy: clocked({ remind: { after: days(1), every: days(1), grow: 10, atMost } }) },
        { ...open, clock: { ...open.clock, reminders } },
        candidates,
        task.openedAt,
      );
    expect(sent(0, 2)).toEqual(new Date("2026-11-24T11:00:00Z"));
    expect(sent(1, 2)).toBeNull();
    expect(sent(4, 100)).toEqual(sent(50, 100));
  });
});

function level(more: Partial<ReturnType<typeof application>["serviceLevel"]>) {
  return { ...application().serviceLevel, ...more };
}
