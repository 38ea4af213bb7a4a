import { afterEach, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import type { Application, Escalating, Policy, Reminding } from "../../src/domain/catalogue.ts";
import type { Duration } from "../../src/domain/duration.ts";
import { tick } from "../../src/operations/tick.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { approve, BERLIN, effects, events, goTo, KOLKATA, MONDAY_TEN, onLine, reapply, standing, until, word } from "./acts.ts";
import { application, type Company, company, file, on, once, PEOPLE, person } from "./company.ts";

let it: Company;

const days = (n: number): Duration => ({ kind: "working-days", days: n });
const hours = (n: number): Duration => ({ kind: "working-hours", hours: n });
const remind: Reminding = { after: days(1), every: days(1), grow: 1, atMost: 3 };
const escalate: Escalating = { after: days(3), to: [{ kind: "manager" }, { kind: "group", group: "leads" }] };
const byManager = (more: Partial<Policy>): Policy => ({
  id: "by-manager",
  steps: [{ approvers: { kind: "manager" }, needed: 1, once: false }],
  remind: null,
  escalate: null,
  expireAfter: null,
  ...more,
});
const ofGroup = (more: Partial<Policy>): Policy => ({
  ...byManager(more),
  steps: [{ approvers: { kind: "group", group: "approvers" }, needed: 2, once: false }],
});

const group = (id: string, members: readonly string[], calendar: string | null = null) => ({
  id,
  name: id,
  members,
  calendar,
  slackChannel: null,
  notify: null,
});
/** Manu manages Ines and Omar, Mia manages Uma; Lea and Lars lead; Asha works in India. */
const MORE = [
  person("manu", "cleo"),
  person("mia", "cleo"),
  person("lea", null),
  person("lars", null),
  person("asha", "lea", { timeZone: "Asia/Kolkata", calendar: "kolkata" }),
  person("ravi", "asha", { timeZone: "Asia/Kolkata", calendar: "kolkata" }),
];
const managers: Record<string, string> = { ines: "manu", omar: "manu", uma: "mia", max: "lea" };
const EVERYBODY = [...PEOPLE.map((one) => ({ ...one, managerId: managers[one.id] ?? one.managerId })), ...MORE];

const catalogue = (policy: Policy, more: Partial<Application> = {}) => ({
  calendars: [BERLIN, KOLKATA],
  policies: [policy],
  groups: [
    group("approvers", ["ines", "omar", "uma"]),
    group("leads", ["lea", "lars"]),
    group("administrators", ["cleo"]),
    group("hands", ["lena", "tom"], "kolkata"),
  ],
  applications: [application("wiki", { fulfillers: { kind: "person", person: "lena" }, ...more })],
});

async function opened(policy: Policy, more: { actor?: string; app?: Partial<Application> } = {}): Promise<number> {
  it = await company({ people: EVERYBODY, catalogue: catalogue(policy, more.app) });
  await goTo(it, MONDAY_TEN);
  return filed(more.actor);
}

async function filed(actor = "rita"): Promise<number> {
  const [number = 0] = await file(it, actor, "wiki", [], {});
  return number;
}

/** What the clocks did to the line so far. */
const hops = async (number: number) =>
  (await events(it, number, "reminded", "escalated", "expired")).map(({ kind, data }) =>
    `${kind} ${data.nth ?? data.rung ?? ""} ${((data.to as string[] | undefined) ?? []).join("+")}`.trim(),
  );

describeWithDatabase("clocks of approvals", () => {
  afterEach(() => it.close());

  test("OIM-3 reminders come at the policy's rhythm in the approver's working days, over a holiday and a weekend, and stop at the cap", async () => {
    const number = await opened(byManager({ remind }));
    // The 6th is a holiday, the 9th and 10th are a weekend.
    for (const [index, day] of ["2100-01-05", "2100-01-07", "2100-01-08"].entries()) {
      await until(it, `${day}T08:59:00Z`);
      expect(await hops(number)).toHaveLength(index);
      // A pause counts from when the reminder before was sent.
      await until(it, `${day}T09:0${index}:30Z`);
      expect((await hops(number)).at(-1)).toBe(`reminded ${index + 1} max`);
    }
    await until(it, "2100-02-20T09:00:00Z");
    expect(await hops(number)).toHaveLength(3);
    expect(await effects(it, number, "remark")).toEqual(Array(3).fill("remark reminder max"));
  });

  test("OIM-3 pauses grow by the policy's factor", async () => {
    const number = await opened(byManager({ remind: { after: hours(1), every: hours(2), grow: 2, atMost: 4 } }));
    // Then two, four and eight hours of the working day that ends at five: Tuesday at nine, Thursday (after the holiday) at nine.
    for (const at of ["2100-01-04T10:01", "2100-01-04T12:02", "2100-01-05T08:03", "2100-01-07T08:04"]) {
      const before = (await hops(number)).length;
      await until(it, new Date(Date.parse(`${at}:00Z`) - 180_000).toISOString());
      expect(await hops(number)).toHaveLength(before);
      await until(it, `${at}:00Z`);
      expect(await hops(number)).toHaveLength(before + 1);
    }
  });

  test("OIM-3 an approver elsewhere is reminded in the hours of the place where they are", async () => {
    const number = await opened(byManager({ remind: { ...remind, after: hours(4) } }), { actor: "ravi" });
    expect(await standing(it, number)).toMatchObject({ asks: "asha manager" });
    // Ten in Berlin is half past two in India: two and a half hours until five there, one and a half the next morning from nine.
    await until(it, "2100-01-05T04:59:00Z");
    expect(await hops(number)).toEqual([]);
    await until(it, "2100-01-05T05:00:30Z");
    expect(await hops(number)).toEqual(["reminded 1 asha"]);
  });

  test("OIM-3 ASK-9 late work climbs the ladder rung by rung; who was asked stays asked, each hop names who is asked, and reminders begin anew", async () => {
    const number = await opened(byManager({ remind: { ...remind, atMost: 1 }, escalate }));
    await until(it, "2100-01-05T09:01:00Z");
    await until(it, "2100-01-08T09:01:00Z");
    expect(await standing(it, number)).toMatchObject({ asks: "max manager, lea escalated" });
    await until(it, "2100-01-13T09:02:00Z");
    expect(await standing(it, number)).toMatchObject({ asks: "max manager, lea escalated, lars escalated" });
    await until(it, "2100-03-01T09:00:00Z");
    expect((await hops(number)).filter((hop) => hop.startsWith("escalated"))).toEqual(["escalated 1 lea", "escalated 2 lars"]);
    expect((await hops(number)).filter((hop) => hop.startsWith("reminded"))).toEqual([
      "reminded 1 max",
      "reminded 1 max+lea",
      "reminded 1 max+lea+lars",
    ]);
    const [first] = await events(it, number, "escalated");
    expect(first?.data).toMatchObject({
      assignees: [
        { person: "max", because: "manager" },
        { person: "lea", because: "escalated" },
      ],
    });
    expect(await effects(it, number, "remark")).toContain("remark escalated lars");
    expect(await approve(it, number, "lars")).toBe("approved");
  });

  test("SPT-6 a group's late task goes to each member's manager who hasn't acted, and no further member is asked twice", async () => {
    const number = await opened(ofGroup({ escalate }));
    await approve(it, number, "uma");
    await until(it, "2100-01-08T09:01:00Z");
    expect(await hops(number)).toEqual(["escalated 1 manu"]);
    await until(it, "2100-01-13T09:02:00Z");
    expect(await hops(number)).toEqual(["escalated 1 manu", "escalated 2 lars+lea"]);
    expect(await approve(it, number, "manu")).toBe("approved");
  });

  test("SPT-6 reminders, escalation and expiry are off by default", async () => {
    const number = await opened(byManager({}));
    await until(it, "2101-01-04T09:00:00Z");
    expect(await hops(number)).toEqual([]);
    expect(await standing(it, number)).toMatchObject({ approval: "pending", asks: "max manager" });
  });

  test("SPT-6 a request keeps the settings that were in force when it was filed", async () => {
    const number = await opened(byManager({ remind }));
    await reapply(it, {
      people: EVERYBODY,
      catalogue: catalogue(byManager({ remind: { ...remind, after: days(5) }, expireAfter: days(2) })),
    });
    const [later = 0] = await file(it, "stan", "wiki", [], {});
    await until(it, "2100-01-05T09:01:00Z");
    expect(await hops(number)).toEqual(["reminded 1 max"]);
    await until(it, "2100-01-08T09:02:00Z");
    expect(await standing(it, number)).toMatchObject({ approval: "pending" });
    expect(await standing(it, later)).toMatchObject({ approval: "expired" });
  });

  test("SPT-6 reassigning does not restart the clock", async () => {
    const number = await opened(byManager({ escalate, expireAfter: days(5) }));
    const clock = async () => (await it.connection.sql`select due_at, remind_at, escalate_at, expire_at from task where state = 'open'`)[0];
    const before = await clock();
    await goTo(it, "2100-01-07T09:00:00Z");
    expect(word(await on(it, number, "cleo", { verb: "reassign", to: ["uma"], reason: "Max is busy" }))).toBe("reassigned");
    expect(await clock()).toEqual(before);
    await until(it, "2100-01-08T09:01:00Z");
    expect(await standing(it, number)).toMatchObject({ asks: "uma reassigned, mia escalated" });
    await until(it, "2100-01-12T09:01:00Z");
    expect(await standing(it, number)).toMatchObject({ approval: "expired" });
  });

  test("SPT-7 escalation steps over requester and beneficiary, also in a group and as somebody's manager", async () => {
    it = await company({ people: EVERYBODY, catalogue: catalogue(ofGroup({ escalate })) });
    await goTo(it, MONDAY_TEN);
    const asked = await it.operations.ask({
      actor: "lea",
      beneficiary: "manu",
      application: "wiki",
      submission: { entitlements: [], justification: "for him", until: null, values: {} },
      once: once(),
    });
    const number = Number(asked.ok && asked.value.about.numbers);
    await until(it, "2100-01-08T09:01:00Z");
    expect(await hops(number)).toEqual(["escalated 1 mia"]);
    await until(it, "2100-01-13T09:02:00Z");
    expect(await hops(number)).toEqual(["escalated 1 mia", "escalated 2 lars"]);
  });

  test("SPT-7 a ladder of nobody but requester and beneficiary: administrators are told that there is nobody to turn to", async () => {
    const ladder: Escalating = { after: days(1), to: [{ kind: "person", person: "rita" }, { kind: "manager" }] };
    it = await company({ people: EVERYBODY, catalogue: catalogue(byManager({ escalate: ladder })) });
    await goTo(it, MONDAY_TEN);
    const asked = await it.operations.ask({
      actor: "lea",
      beneficiary: "rita",
      application: "wiki",
      submission: { entitlements: [], justification: "for her", until: null, values: {} },
      once: once(),
    });
    const number = Number(asked.ok && asked.value.about.numbers);
    await until(it, "2100-01-05T09:01:00Z");
    expect(await hops(number)).toEqual(["escalated 2"]);
    expect(await effects(it, number, "alert")).toEqual(["alert nobody-to-escalate"]);
    await until(it, "2100-02-05T09:01:00Z");
    expect(await effects(it, number, "alert")).toHaveLength(1);
    expect(await standing(it, number)).toMatchObject({ asks: "max manager" });
  });

  test("ASK-12 OIM-3 what nobody decides expires: the task closes, both hear it, nobody can decide any more, and the same thing can be asked again", async () => {
    const number = await opened(byManager({ remind, escalate, expireAfter: days(10) }));
    await until(it, "2100-01-19T08:59:00Z");
    expect(await standing(it, number)).toMatchObject({ approval: "pending" });
    await until(it, "2100-01-19T09:01:00Z");
    expect(await standing(it, number)).toEqual({ approval: "expired", order: null, asks: null });
    expect(await effects(it, number, "tell")).toEqual(["tell expired rita"]);
    const [task] = await it.connection.sql`select id, state, outcome, decided_by from task`;
    expect(task).toMatchObject({ state: "closed", outcome: "expired", decided_by: null });
    const late = await it.operations.act({
      actor: "max",
      aim: { task: String(task?.id), face: null },
      command: { verb: "approve", comment: null },
      once: once(),
      seen: null,
    });
    expect(late).toMatchObject({ ok: false, refusal: { name: "already-decided", about: { outcome: "expired" } } });
    expect(await filed()).toBeGreaterThan(number);
  });

  test("ASK-8 a requester may nudge once in four working hours of whoever holds it, and hears when again", async () => {
    const number = await opened(byManager({}));
    const nudge = (actor = "rita") => onLine(it, number, actor, { verb: "nudge" });
    expect(word(await nudge("max"))).toBe("not-requester");
    expect(word(await nudge())).toBe("nudged");
    expect(await effects(it, number, "remark")).toEqual(["remark nudge max"]);
    const again = await nudge();
    expect(again).toMatchObject({ ok: false, refusal: { name: "nudged-already" } });
    const when = Date.parse(again.ok ? "" : (again.refusal.about.again ?? ""));
    expect(Math.abs(when - Date.parse("2100-01-04T13:00:00Z"))).toBeLessThan(60_000);
    await goTo(it, "2100-01-04T12:59:00Z");
    expect(word(await nudge())).toBe("nudged-already");
    await goTo(it, "2100-01-04T13:01:00Z");
    expect(word(await nudge())).toBe("nudged");
    // Three hours on Monday, the fourth from nine on Tuesday.
    await goTo(it, "2100-01-05T08:59:00Z");
    expect(word(await nudge())).toBe("nudged-already");
    await goTo(it, "2100-01-05T09:03:00Z");
    expect(word(await nudge())).toBe("nudged");
    await approve(it, number, "max");
    expect(word(await nudge())).toBe("nudged");
    expect((await effects(it, number, "remark")).at(-1)).toBe("remark nudge lena");
    await on(it, number, "lena", { verb: "confirm", login: "rita" });
    expect(word(await nudge())).toBe("already-over");
  });
});

describeWithDatabase("clocks of the work", () => {
  afterEach(() => it.close());
  const level = (more: Partial<Application["serviceLevel"]>) => ({
    serviceLevel: { fulfilWithin: null, visible: "at_approval", leadTime: null, remind: null, escalate: null, ...more } as const,
  });

  test("OIM-3 overdue work is reminded and escalated by the policy's clocks once it is due", async () => {
    const number = await opened(byManager({ remind, escalate }), { app: level({ fulfilWithin: days(1) }) });
    await approve(it, number, "max");
    await until(it, "2100-01-05T08:59:00Z");
    expect(await hops(number)).toEqual([]);
    await until(it, "2100-01-05T09:01:00Z");
    expect(await hops(number)).toEqual(["reminded 1 lena"]);
    await until(it, "2100-01-11T09:00:30Z");
    expect((await hops(number)).at(-1)).toBe("escalated 1 cleo");
    // The work isn't only hers any more: she claims it, or the other does.
    expect(word(await on(it, number, "lena", { verb: "claim" }))).toBe("claimed");
    expect(word(await on(it, number, "cleo", { verb: "release", reason: "Lena is at a fair" }))).toBe("released");
    expect(await effects(it, number, "remark")).toContain("remark released lena");
  });

  test("OIM-3 the service level's own clocks go before the policy's, and a group's unclaimed work runs on the group's calendar", async () => {
    const app = {
      ...level({
        remind: { ...remind, after: hours(4) },
        escalate: { after: days(1), to: [{ kind: "technical-owner" }, { kind: "business-owner" }] },
      }),
      fulfillers: { kind: "group", group: "hands" } as const,
    };
    const number = await opened(byManager({ remind: { ...remind, after: hours(1) }, escalate }), { app });
    await approve(it, number, "max");
    await until(it, "2100-01-05T04:59:00Z");
    expect(await hops(number)).toEqual([]);
    await until(it, "2100-01-05T05:01:00Z");
    expect(await hops(number)).toEqual(["reminded 1 lena+tom"]);
    // Tom is asked already as one of the hands: the next rung is tried at once.
    await until(it, "2100-01-05T09:01:00Z");
    expect(await hops(number)).toEqual(["reminded 1 lena+tom", "escalated 2 cleo"]);
    expect(await standing(it, number)).toMatchObject({ asks: "hands fulfiller, cleo escalated" });
  });

  test("OIM-3 claimed work is escalated to its claimer's manager only", async () => {
    const app = {
      ...level({ escalate: { after: days(1), to: [{ kind: "manager" }] } }),
      fulfillers: { kind: "group", group: "approvers" } as const,
    };
    const number = await opened(byManager({}), { app });
    await approve(it, number, "max");
    await on(it, number, "uma", { verb: "claim" });
    await until(it, "2100-01-05T09:01:00Z");
    expect(await hops(number)).toEqual(["escalated 1 mia"]);
    const [task] = await it.connection.sql`select claimed_by from task where state = 'open'`;
    expect(task).toEqual({ claimed_by: "uma" });
  });

  test("work that is late never expires: somebody has promised it", async () => {
    const number = await opened(byManager({ expireAfter: days(2) }), { app: level({ fulfilWithin: days(1) }) });
    await approve(it, number, "max");
    await until(it, "2100-03-01T09:00:00Z");
    expect(await standing(it, number)).toEqual({ approval: "approved", order: "transmitted", asks: "lena fulfiller" });
  });
});

describeWithDatabase("ticks that were missed", () => {
  afterEach(() => it.close());

  test("OIM-3 after days of downtime the reminder that was due comes once, then the escalation, and the next reminder counts from now", async () => {
    const number = await opened(byManager({ remind, escalate }));
    await goTo(it, "2100-01-11T09:00:00Z");
    for (let times = 0; times < 3; times++) await tick(it.world);
    expect(await hops(number)).toEqual(["reminded 1 max", "escalated 1 lea"]);
    await until(it, "2100-01-12T08:59:00Z");
    expect(await hops(number)).toHaveLength(2);
    await until(it, "2100-01-12T09:01:00Z");
    expect((await hops(number)).at(-1)).toBe("reminded 1 max+lea");
  });

  test("what expired while nobody was there expires, without a reminder on the way", async () => {
    const number = await opened(byManager({ remind, escalate, expireAfter: days(10) }));
    await until(it, "2100-03-01T09:00:00Z");
    expect(await hops(number)).toEqual(["expired"]);
  });

  test("one line that can't be worked on doesn't keep the others from their turn, and the fault is said", async () => {
    const number = await opened(byManager({ remind }));
    await goTo(it, "2100-01-04T10:00:00Z");
    const [second = 0] = await file(it, "stan", "wiki", [], {});
    await goTo(it, "2100-01-05T10:30:00Z");
    // Longest overdue, and of a policy that can't be read.
    const owner = connect(it.database.ownerUrl, { max: 1 });
    await owner.sql`insert into definition (kind, key, digest, content, since) values ('policy', 'broken', '', '{"id": "broken"}', 1)`;
    await owner.sql`alter table line disable trigger line_stays`;
    await owner.sql`update line set policy_definition = (select id from definition where key = 'broken') where number = ${number}`;
    await owner.sql`alter table line enable trigger line_stays`;
    await owner.close();
    await expect(tick(it.world)).rejects.toThrow();
    const reminded = await it.connection.sql`select l.number from event e join line l on l.id = e.line_id where e.kind = 'reminded'`;
    expect(reminded.map((row) => Number(row.number))).toEqual([second]);
  });
});
