import { v7 } from "uuid";
import { afterEach, describe, expect, test } from "vitest";
import { applyFolder } from "../../src/db/apply.ts";
import { markReached, markUnreachable } from "../../src/db/due.ts";
import type { Policy } from "../../src/domain/catalogue.ts";
import type { Person } from "../../src/domain/people.ts";
import { tick } from "../../src/operations/tick.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { approve, effects, events, goTo, MONDAY_TEN, onLine, reapply, standing, word } from "./acts.ts";
import { APPLICATIONS, application, type Company, company, file, folder, on, PEOPLE, POLICIES, person } from "./company.ts";
import { carried } from "./outbox.ts";

let it: Company;

const NEW = [person("nina", "cleo"), person("otto", "cleo")];
type Changes = Readonly<Record<string, Partial<Person>>>;
/** The company with these changes of people, and these members of groups. */
const as = (changes: Changes = {}, members: Readonly<Record<string, readonly string[]>> = {}) => ({
  people: [...PEOPLE, ...NEW].map((one) => ({ ...one, ...changes[one.id] })),
  catalogue: {
    groups: folder().catalogue.groups.map((one) => ({ ...one, members: members[one.id] ?? one.members })),
    policies: [...POLICIES, ALL_THREE, LADDER],
    applications: [
      ...APPLICATIONS,
      application("vault", { policy: "all-three", technicalOwner: "tom" }),
      application("shop", { policy: "ladder", fulfillers: { kind: "person", person: "lena" } }),
    ],
  },
});
const ALL_THREE: Policy = {
  id: "all-three",
  steps: [{ approvers: { kind: "group", group: "approvers" }, needed: 3, once: false }],
  remind: null,
  escalate: null,
  expireAfter: null,
};
const LADDER: Policy = {
  ...ALL_THREE,
  id: "ladder",
  steps: [{ approvers: { kind: "manager" }, needed: 1, once: false }],
  escalate: { after: { kind: "elapsed", seconds: 3600 }, to: [{ kind: "manager" }, { kind: "person", person: "nina" }] },
};

const change = (changes: Changes, members: Readonly<Record<string, readonly string[]>> = {}) => reapply(it, as(changes, members));
const asks = async (number: number) => (await standing(it, number)).asks;
const filed = async (to: string, entitlement: string | null = null, by = "rita") => {
  const [number = 0] = await file(it, by, to, entitlement ? [entitlement] : [], to === "salesforce" ? { region: "EMEA" } : {});
  return number;
};

describeWithDatabase("when people change", () => {
  afterEach(() => it.close());

  describe("a manager who is asked", () => {
    test.each(["left", "leave"] as const)(
      "ASK-11 is away (%s): their manager is asked, administrators hear it, and it comes back with them",
      async (state) => {
        it = await company(as());
        const number = await filed("wiki");
        await change({ max: { state } });
        expect(await asks(number)).toBe("cleo manager-of-manager");
        expect(await effects(it, number, "alert")).toEqual(["alert fallback-used"]);
        expect((await events(it, number, "reassigned"))[0]).toMatchObject({ actor: null, data: { by: null, reason: null } });
        expect(word(await on(it, number, "max", { verb: "approve", comment: null }))).toBe("not-active");
        await change({});
        expect(await asks(number)).toBe("max manager");
        expect(await approve(it, number, "max")).toBe("approved");
      },
    );

    test("ASK-11 is another one now: the new one is asked, and the old one no more", async () => {
      it = await company(as());
      const number = await filed("wiki");
      await change({ rita: { managerId: "otto" } });
      expect(await asks(number)).toBe("otto manager");
      expect(word(await on(it, number, "max", { verb: "approve", comment: null }))).toBe("not-yours");
      expect(await effects(it, number, "remark")).toEqual(["remark reassigned otto"]);
      expect(await approve(it, number, "otto")).toBe("approved");
    });

    test("ASK-11 can't be reached by any card: their manager is asked, and they again once they can be", async () => {
      it = await company(as());
      const number = await filed("wiki");
      await markUnreachable(it.world.db, { person: "max", platform: "slack", why: "account_inactive" });
      await carried(it);
      expect(await asks(number)).toBe("cleo manager-of-manager");
      const home = { platform: "slack", home: "T0ACME", user: "UMAX" } as const;
      expect(await it.operations.identify(home, async () => ({ email: "max@acme.example", standing: "member" }))).toMatchObject({
        ok: true,
      });
      await carried(it);
      expect(await asks(number)).toBe("max manager");
      expect(await it.connection.sql`select 1 from unreachable`).toHaveLength(0);
    });

    test("ASK-11 leaves after the work was escalated: nobody stands on the list twice, and the ladder goes on from where it was", async () => {
      it = await company(as());
      await goTo(it, MONDAY_TEN);
      const number = await filed("shop");
      await goTo(it, "2100-01-04T10:01:00Z");
      await tick(it.world);
      expect(await asks(number)).toBe("max manager, cleo escalated");
      await change({ max: { state: "left" } });
      expect(await asks(number)).toBe("cleo manager-of-manager");
      await goTo(it, "2100-01-04T11:02:00Z");
      await tick(it.world);
      expect(await asks(number)).toBe("cleo manager-of-manager, nina escalated");
    });
  });

  describe("a group", () => {
    test("ASK-11 loses a member who had voted: the vote counts on, and one of the others completes it", async () => {
      it = await company(as());
      const number = await filed("salesforce", "admin");
      await approve(it, number, "ines");
      await change({ ines: { state: "left" } });
      expect(await asks(number)).toBe("approvers group");
      expect(await approve(it, number, "omar")).toBe("approved");
      expect(await standing(it, number)).toMatchObject({ approval: "approved" });
    });

    test("ASK-11 has fewer members left than votes are missing: the fallback makes up for them, and goes when the group is complete again", async () => {
      it = await company(as());
      const number = await filed("vault");
      await approve(it, number, "ines");
      await change({ uma: { state: "leave" } });
      expect(await asks(number)).toBe("approvers group, cleo business-owner");
      await change({});
      expect(await asks(number)).toBe("approvers group");
      await change({}, { approvers: ["ines"] });
      expect(await asks(number)).toBe("cleo business-owner, tom technical-owner");
      for (const one of ["cleo", "tom"]) await approve(it, number, one);
      expect(await standing(it, number)).toMatchObject({ approval: "approved" });
    });

    test("ASK-11 loses its last member while the fallback is away: administrators are told, and whoever joins the group is asked", async () => {
      it = await company(as({ tom: { state: "leave" } }));
      const number = await filed("salesforce", "admin");
      await change({ tom: { state: "leave" }, cleo: { state: "leave" } }, { approvers: [] });
      expect(await asks(number)).toBe("nobody");
      expect(await effects(it, number, "alert")).toEqual(["alert nobody-to-ask"]);
      await change({ tom: { state: "leave" }, cleo: { state: "leave" } }, { approvers: ["nina", "otto"] });
      expect(await asks(number)).toBe("approvers group");
      for (const one of ["nina", "otto"]) await approve(it, number, one);
      expect(await standing(it, number)).toMatchObject({ approval: "approved" });
    });

    test("ASK-11 has too few members left and no fallback at all: administrators are told once a day, however often people change", async () => {
      const away = { cleo: { state: "leave" }, tom: { state: "leave" } } as const;
      it = await company(as());
      const number = await filed("salesforce", "admin");
      await change(away);
      expect(await effects(it, number, "alert")).toEqual([]);
      await change(away, { approvers: ["ines"] });
      expect(await asks(number)).toBe("approvers group");
      await change({ ...away, stan: { title: "Head clerk" } }, { approvers: ["uma"] });
      expect(await effects(it, number, "alert")).toEqual(["alert nobody-to-ask"]);
      await goTo(it, new Date(Date.now() + 26 * 3_600_000).toISOString());
      await change(away, { approvers: ["omar"] });
      expect(await effects(it, number, "alert")).toEqual(["alert nobody-to-ask", "alert nobody-to-ask"]);
    });
  });

  describe("those whom an administrator named", () => {
    test("ASK-11 stay as long as enough of them can act; then the rules choose again", async () => {
      it = await company(as());
      const number = await filed("salesforce", "admin");
      await on(it, number, "cleo", { verb: "reassign", to: ["nina", "otto", "stan"], reason: "the team is away" });
      await change({ stan: { state: "left" } });
      expect(await asks(number)).toBe("nina reassigned, otto reassigned");
      expect(await approve(it, number, "nina")).toBe("vote-counted");
      // Otto was the only one of them who could still approve.
      await change({ otto: { state: "left" }, stan: { state: "left" } });
      expect(await asks(number)).toBe("approvers group");
      expect(await approve(it, number, "uma")).toBe("approved");
      expect(await standing(it, number)).toMatchObject({ approval: "approved" });
    });
  });

  describe("the hands", () => {
    const working = async () => {
      it = await company(as());
      const number = await filed("salesforce");
      await approve(it, number, "max");
      await on(it, number, "lena", { verb: "claim" });
      return number;
    };
    test.each([
      ["leave", { lena: { state: "left" } }, {}],
      ["are on leave", { lena: { state: "leave" } }, {}],
      ["lose the group", {}, { hands: ["tom"] }],
    ] as const)(
      "ASK-11 %s while they have claimed the work: their claim is let go, and a colleague does it",
      async (_, changes, members) => {
        const number = await working();
        await change(changes, members);
        expect(word(await on(it, number, "lena", { verb: "confirm", login: "rita" }))).toBe("lena" in changes ? "not-active" : "not-yours");
        const { tasks } = await it.operations.home("tom", { tasks: 0, requests: 0, access: 0 });
        expect(tasks.total).toBe(1);
        expect(word(await on(it, number, "tom", { verb: "claim" }))).toBe("claimed");
        expect(word(await on(it, number, "tom", { verb: "confirm", login: "rita" }))).toBe("confirmed");
      },
    );

    test("ASK-11 are a single person who leaves: the technical owner does it, and administrators hear it", async () => {
      it = await company(as());
      const number = await filed("wiki");
      await approve(it, number, "max");
      expect(await asks(number)).toBe("lena fulfiller");
      await change({ lena: { state: "left" } });
      expect(await asks(number)).toBe("tom technical-owner");
      expect(await effects(it, number, "alert")).toEqual(["alert fallback-used"]);
      expect(word(await on(it, number, "tom", { verb: "confirm", login: "rita" }))).toBe("confirmed");
    });

    test("ASK-11 and the owner who looks into an error are gone: the administrators look into it", async () => {
      const number = await working();
      await on(it, number, "lena", { verb: "report-error", reason: "no licence" });
      expect(await asks(number)).toBe("tom technical-owner");
      await change({ tom: { state: "left" } });
      expect(await asks(number)).toBe("cleo administrator");
      expect(word(await on(it, number, "cleo", { verb: "retry" }))).toBe("retried");
      await carried(it);
      expect(await asks(number)).toBe("hands fulfiller");
    });
  });

  describe("in the very moment in which somebody is asked", () => {
    /** Between what the commit was decided by and the commit itself. */
    async function between(work: () => Promise<unknown>, act: () => Promise<unknown>): Promise<void> {
      const client = it.connection.db.$client;
      const unsafe = client.unsafe.bind(client);
      let done = false;
      client.unsafe = ((text: string, ...rest: never[]) => {
        if (done || !text.includes("live as (")) return unsafe(text, ...rest);
        done = true;
        return work().then(() => unsafe(text, ...rest));
      }) as typeof client.unsafe;
      await act();
      client.unsafe = unsafe;
      expect(done).toBe(true);
    }
    const apply = (changes: Changes, members = {}) =>
      applyFolder(it.database.url, folder(as(changes, members)), { by: "test", newId: v7, manyMayLeave: true });

    test("ASK-11 and their group loses its members: the next look at the clocks finds it, and others are asked", async () => {
      it = await company(as());
      const number = await filed("wiki");
      await between(
        () => apply({}, { hands: [], approvers: [] }),
        async () => {
          const [late = 0] = await file(it, "stan", "salesforce", ["admin"]);
          expect(await asks(late)).toBe("approvers group");
          await tick(it.world);
          await carried(it);
          expect(await asks(late)).toBe("cleo business-owner, tom technical-owner");
        },
      );
      expect(await asks(number)).toBe("max manager");
    });

    test("ASK-11 and they turn out to be out of reach, as was known before: what waits for them goes to others", async () => {
      it = await company(as());
      await between(
        () => markUnreachable(it.world.db, { person: "max", platform: "slack", why: "account_inactive" }),
        async () => {
          const number = await filed("wiki");
          expect(await asks(number)).toBe("max manager");
          await carried(it);
          expect(await asks(number)).toBe("max manager");
          // The card that can't be posted says it again.
          expect(await markUnreachable(it.world.db, { person: "max", platform: "slack", why: "account_inactive" })).toMatchObject({
            fresh: false,
          });
          await carried(it);
          expect(await asks(number)).toBe("cleo manager-of-manager");
        },
      );
      await markReached(it.world.db, { person: "max", platform: "slack" });
    });
  });

  test("ASK-11 nothing strands when everything changes at once: each open task asks somebody who can act", async () => {
    it = await company(as());
    const numbers = [await filed("wiki"), await filed("salesforce", "admin"), await filed("vault"), await filed("shop", null, "stan")];
    const work = await filed("wiki", null, "stan");
    await approve(it, work, "max");
    await change(
      { max: { state: "left" }, lena: { state: "left" }, ines: { state: "leave" }, rita: { managerId: "otto" } },
      { approvers: ["uma", "omar"] },
    );
    const idle = await it.connection.sql`select l.number from task t join line l on l.id = t.line_id where t.state = 'open' and not exists (
      select from task_assignee a left join member m on m.group_id = a.group_id join person x on x.id = coalesce(a.person_id, m.person_id)
      where a.task_id = t.id and x.state = 'active' and x.id not in (l.requester_id, l.beneficiary_id))`;
    expect(idle).toEqual([]);
    expect(await Promise.all([...numbers, work].map(asks))).toEqual([
      "otto manager",
      "approvers group",
      "approvers group, cleo business-owner",
      "cleo manager-of-manager",
      "tom technical-owner",
    ]);
    expect(word(await onLine(it, numbers[0] ?? 0, "rita", { verb: "nudge" }))).toBe("nudged");
  });
});
