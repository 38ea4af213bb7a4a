import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { markUnreachable } from "../../src/db/due.ts";
import type { Policy, Step } from "../../src/domain/catalogue.ts";
import type { Person } from "../../src/domain/people.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { approve, effects, events, lineId, standing, word } from "./acts.ts";
import { application, type Company, company, file, folder, on, once, openTask, PEOPLE } from "./company.ts";

let it: Company;

const manager = (more: Partial<Step> = {}): Step => ({ approvers: { kind: "manager" }, needed: 1, once: false, ...more });
const group = (id: string, more: Partial<Step> = {}): Step => ({
  approvers: { kind: "group", group: id },
  needed: 1,
  once: false,
  ...more,
});
const policy = (id: string, ...steps: readonly Step[]): Policy => ({ id, steps, remind: null, escalate: null, expireAfter: null });

const members: Readonly<Record<string, readonly string[]>> = {
  trio: ["ines", "omar", "uma"],
  mixed: ["max", "ines"],
  parties: ["rita"],
  away: ["ines", "omar"],
  hands: ["lena", "tom"],
  administrators: ["cleo"],
};
const GROUPS = Object.entries(members).map(([id, list]) => ({
  id,
  name: id,
  members: list,
  calendar: null,
  slackChannel: null,
  notify: null,
}));

/** An application for each policy, under the policy's own name. */
const catalogue = (...policies: readonly Policy[]) => ({
  policies,
  groups: GROUPS,
  applications: policies.map(({ id }) => application(id, { policy: id, fulfillers: { kind: "person", person: "lena" } })),
});

const people = (changes: Readonly<Record<string, Partial<Person>>>) => PEOPLE.map((one) => ({ ...one, ...changes[one.id] }));

async function filed(to: string, actor = "rita"): Promise<number> {
  const [number = 0] = await file(it, actor, to, [], {});
  return number;
}

describeWithDatabase("stages", () => {
  describe("in order", () => {
    beforeAll(async () => {
      it = await company({
        catalogue: catalogue(
          policy("three", manager(), group("trio", { needed: 2 }), group("administrators")),
          policy("each", manager(), group("mixed"), group("mixed")),
          policy("once", manager(), group("mixed", { once: true }), group("mixed", { once: true })),
          policy("once-of-two", manager(), group("mixed", { needed: 2, once: true })),
          policy("once-again", group("trio", { needed: 2 }), group("trio", { needed: 3, once: true })),
        ),
      });
    });
    afterAll(() => it.close());

    test("IDH-8 OIM-2 the manager decides, then two of a group, then another group, then the work is done by hand; each waits for the one before", async () => {
      const number = await filed("three");
      expect(await standing(it, number)).toEqual({ approval: "pending", order: null, asks: "max manager" });
      expect(word(await on(it, number, "ines", { verb: "approve", comment: null }))).toBe("not-yours");
      expect(await approve(it, number, "max")).toBe("approved");
      expect(await standing(it, number)).toMatchObject({ approval: "pending", asks: "trio group" });
      expect(word(await on(it, number, "max", { verb: "approve", comment: null }))).toBe("not-yours");
      expect(await approve(it, number, "omar")).toBe("vote-counted");
      expect(word(await on(it, number, "omar", { verb: "approve", comment: null }))).toBe("already-voted");
      expect(await standing(it, number)).toMatchObject({ approval: "pending", asks: "trio group" });
      expect(await approve(it, number, "uma")).toBe("approved");
      expect(await standing(it, number)).toMatchObject({ approval: "pending", order: null, asks: "administrators group" });
      expect(await approve(it, number, "cleo")).toBe("approved");
      expect(await standing(it, number)).toEqual({ approval: "approved", order: "transmitted", asks: "lena fulfiller" });
      const passed = await events(it, number, "step-passed", "approved", "order-created", "order-transmitted");
      expect(passed.map(({ kind, actor, data }) => `${kind} ${data.step ?? ""} ${actor}`)).toEqual([
        "step-passed 0 max",
        "step-passed 1 uma",
        "step-passed 2 cleo",
        "approved  cleo",
        "order-created  cleo",
        "order-transmitted  null",
      ]);
    });

    test("OIM-2 one rejection at a later stage ends the line, whoever approved before", async () => {
      const number = await filed("three", "stan");
      await approve(it, number, "max");
      await approve(it, number, "ines");
      expect(word(await on(it, number, "uma", { verb: "reject", reason: "no seat left" }))).toBe("rejected");
      expect(await standing(it, number)).toEqual({ approval: "rejected", order: null, asks: null });
      expect(await effects(it, number, "tell")).toEqual(["tell rejected stan"]);
    });

    test("OIM-2 who sits in two stages decides in each", async () => {
      const number = await filed("each");
      for (let stage = 0; stage < 3; stage++) expect(await approve(it, number, "max")).toBe("approved");
      expect(await standing(it, number)).toMatchObject({ approval: "approved" });
      expect(await it.connection.sql`select 1 from vote where line_id = ${await lineId(it, number)}`).toHaveLength(3);
    });

    test("OIM-2 with `once`, an approval counts for the later stages in which its giver sits, and the record says whose it was", async () => {
      const number = await filed("once");
      expect(await approve(it, number, "max")).toBe("approved");
      expect(await standing(it, number)).toMatchObject({ approval: "approved", order: "transmitted" });
      expect((await events(it, number, "step-counted")).map(({ data }) => data)).toEqual([
        { step: 1, by: ["max"] },
        { step: 2, by: ["max"] },
      ]);
      expect(await it.connection.sql`select 1 from vote where line_id = ${await lineId(it, number)}`).toHaveLength(1);
    });

    test("OIM-2 with `once`, whoever was counted doesn't count again at a click: the others that are needed have to approve", async () => {
      const number = await filed("once-of-two");
      await approve(it, number, "max");
      const { id } = await openTask(it, number);
      const view = await it.operations.task(id, null);
      expect(view?.task.needed).toBe(1);
      const waitsFor = async (who: string) =>
        (await it.operations.home(who, { tasks: 0, requests: 0, access: 0 })).tasks.rows.map((row) => row.line.number);
      expect(await waitsFor("max")).not.toContain(number);
      expect(await waitsFor("ines")).toContain(number);
      expect(await approve(it, number, "max")).toBe("already-voted");
      expect(word(await on(it, number, "max", { verb: "reject", reason: "second thoughts" }))).toBe("already-voted");
      expect(await standing(it, number)).toMatchObject({ approval: "pending" });
      expect(await approve(it, number, "ines")).toBe("approved");
      expect(await standing(it, number)).toMatchObject({ approval: "approved" });
    });

    test("OIM-2 with `once`, two of three who approved before leave one to be asked", async () => {
      const number = await filed("once-again");
      await approve(it, number, "ines");
      expect(await approve(it, number, "omar")).toBe("approved");
      expect((await events(it, number, "step-counted"))[0]?.data).toEqual({ step: 1, by: ["ines", "omar"] });
      for (const again of ["ines", "omar"]) expect(await approve(it, number, again)).toBe("already-voted");
      expect(await approve(it, number, "uma")).toBe("approved");
      expect(await standing(it, number)).toMatchObject({ approval: "approved" });
    });
  });

  describe("whose approvers can't act", () => {
    const later = (id: string, step: Step) => policy(id, manager(), step);
    const POLICIES = [
      later("away-stage", group("away")),
      later("parties-stage", group("parties")),
      later("too-few-stage", group("trio", { needed: 3 })),
      later("manager-twice", manager()),
    ];
    beforeEach(async () => {
      it = await company({ catalogue: catalogue(...POLICIES) });
    });
    afterEach(() => it.close());

    const away = async (...ids: readonly string[]) => {
      await it.connection.sql`update person set state = 'leave' where id = any(${[...ids]}::text[])`;
    };

    test("OIM-2 a stage of which everybody is on leave or has left goes to the fallback, and administrators are told", async () => {
      const number = await filed("away-stage");
      await away("ines");
      await it.connection.sql`update person set state = 'left' where id = 'omar'`;
      await approve(it, number, "max");
      expect(await standing(it, number)).toMatchObject({ asks: "cleo business-owner" });
      expect(await effects(it, number, "alert")).toEqual(["alert fallback-used"]);
      expect((await events(it, number, "fallback-used"))[0]?.data).toMatchObject({
        step: 1,
        because: ["business-owner"],
        why: "not-active",
      });
      expect(await approve(it, number, "cleo")).toBe("approved");
    });

    test("OIM-2 a stage of only the requester or the beneficiary goes to the fallback, for whoever asks", async () => {
      const own = await filed("parties-stage");
      await approve(it, own, "max");
      expect(await standing(it, own)).toMatchObject({ asks: "cleo business-owner" });
      expect((await events(it, own, "fallback-used"))[0]?.data).toMatchObject({ why: "own-request" });
      const asked = await it.operations.ask({
        actor: "stan",
        beneficiary: "rita",
        application: "manager-twice",
        submission: { entitlements: [], justification: "for her", until: { kind: "days", days: 30 }, values: {} },
        once: once(),
      });
      expect(asked).toMatchObject({ ok: true });
      const forRita = Number(asked.ok && asked.value.about.numbers);
      expect(word(await on(it, forRita, "stan", { verb: "approve", comment: null }))).toBe("own-request");
      expect(await approve(it, forRita, "max")).toBe("approved");
    });

    test("OIM-2 a stage of whom no card can reach anybody goes to the fallback", async () => {
      const number = await filed("away-stage");
      for (const person of ["ines", "omar"]) await markUnreachable(it.world.db, { person, platform: "slack", why: "no login" });
      await approve(it, number, "max");
      expect(await standing(it, number)).toMatchObject({ asks: "cleo business-owner" });
      expect((await events(it, number, "fallback-used"))[0]?.data).toMatchObject({ why: "not-reachable" });
    });

    test("OIM-2 a stage that needs more than can act keeps those, and the fallback makes up for the rest", async () => {
      const number = await filed("too-few-stage");
      await away("uma");
      await approve(it, number, "max");
      expect(await standing(it, number)).toMatchObject({ asks: "trio group, cleo business-owner" });
      for (const one of ["ines", "omar"]) expect(await approve(it, number, one)).toBe("vote-counted");
      expect(await approve(it, number, "cleo")).toBe("approved");
    });

    test("OIM-2 the manager's manager stands in for a manager who is away, and a stage whose fallback is away too tells administrators that it waits", async () => {
      const number = await filed("manager-twice");
      await approve(it, number, "max");
      await away("max");
      const other = await filed("manager-twice", "stan");
      expect(await standing(it, other)).toMatchObject({ asks: "cleo manager-of-manager" });
      const stranded = await filed("away-stage", "lena");
      await away("ines", "omar", "tom");
      expect(await approve(it, stranded, "cleo")).toBe("approved");
      // Cleo is the business owner too; with her away nobody is left.
      await away("cleo");
      const last = await file(it, "uma", "away-stage", [], {}).catch((fault: Error) => fault.message);
      expect(last).toContain("nobody-can-approve");
    });

    test("OIM-2 an opened stage that nobody at all can decide waits, and administrators hear that it does", async () => {
      const number = await filed("away-stage");
      await away("ines", "omar", "tom");
      await it.connection.sql`update person set state = 'leave' where id = 'cleo'`;
      await approve(it, number, "max");
      expect(await standing(it, number)).toMatchObject({ approval: "pending", asks: "nobody" });
      expect(await effects(it, number, "alert")).toEqual(["alert nobody-to-ask"]);
    });
  });

  test("SPT-1 any order from a request opens a task for the application's people: for a new account and for one that is there", async () => {
    const base = folder().catalogue;
    it = await company({ people: people({}), catalogue: base });
    const [account = 0] = await file(it, "rita", "salesforce");
    await approve(it, account, "max");
    expect(await standing(it, account)).toEqual({ approval: "approved", order: "transmitted", asks: "hands fulfiller" });
    await on(it, account, "tom", { verb: "claim" });
    expect(word(await on(it, account, "tom", { verb: "confirm", login: "rita" }))).toBe("confirmed");
    const [role = 0] = await file(it, "rita", "salesforce", ["reports"]);
    await approve(it, role, "max");
    expect(await standing(it, role)).toMatchObject({ order: "transmitted", asks: "hands fulfiller" });
    const orders = await it.connection.sql`select o.operation, o.login, t.kind from "order" o join line l on l.id = o.line_id
      join task t on t.line_id = l.id and t.kind = 'fulfilment' order by l.number`;
    expect(orders).toEqual([
      { operation: "create", login: "rita", kind: "fulfilment" },
      { operation: "update", login: "rita", kind: "fulfilment" },
    ]);
    await it.close();
  });
});
