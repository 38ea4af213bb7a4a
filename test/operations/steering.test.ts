import { v7 } from "uuid";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { applyFolder } from "../../src/db/apply.ts";
import { checkInvariants } from "../../src/db/invariants.ts";
import type { LineCommand, TaskCommand } from "../../src/domain/commands.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { approve, effects, events, lineId, onLine, reapply, standing, word } from "./acts.ts";
import { everything } from "./changes.ts";
import { type Company, company, file, folder, on, once, openTask, PEOPLE, person } from "./company.ts";

let it: Company;

/** Anna and Cleo are administrators. */
const withAdministrators = (...members: readonly string[]) => ({
  people: [...PEOPLE, person("anna", "cleo"), person("bert", "max"), person("kim", "max")],
  catalogue: { groups: folder().catalogue.groups.map((one) => (one.id === "administrators" ? { ...one, members } : one)) },
});

const reassign = (...to: readonly string[]): TaskCommand => ({ verb: "reassign", to, reason: "Max is at a fair" });
const taskVerbs: readonly TaskCommand[] = [reassign("uma"), { verb: "release", reason: "she is ill" }];
const lineVerbs: readonly LineCommand[] = [{ verb: "cancel", reason: "no longer offered" }];

/** Does something between what an operation reads and what it writes. */
async function inBetween(work: () => Promise<unknown>, act: () => Promise<unknown>): Promise<void> {
  const client = it.connection.db.$client;
  const unsafe = client.unsafe.bind(client);
  let done = false;
  client.unsafe = ((text: string, ...rest: never[]) => {
    if (done || !text.includes("live as (")) return unsafe(text, ...rest);
    done = true;
    return work().then(() => unsafe(text, ...rest));
  }) as typeof client.unsafe;
  try {
    await act();
  } finally {
    client.unsafe = unsafe;
  }
  expect(done).toBe(true);
}

/** Each applies the folder twice. */
const ROUNDS = process.env.LATCHKEY_THOROUGH ? 8 : 3;

describeWithDatabase("steering by administrators", () => {
  describe("what they do", () => {
    beforeAll(async () => {
      it = await company(withAdministrators("cleo", "anna"));
    });
    afterAll(() => it.close());

    test("ASK-9 an approval is reassigned with a reason: others are asked, the old ones no more, and the record says who and why", async () => {
      const [number = 0] = await file(it, "rita", "wiki", [], {});
      const old = await openTask(it, number);
      expect(word(await on(it, number, "anna", reassign("uma")))).toBe("reassigned");
      expect(await standing(it, number)).toMatchObject({ asks: "uma reassigned" });
      const [said] = await events(it, number, "reassigned");
      expect(said).toMatchObject({ actor: "anna", data: { reason: "Max is at a fair", by: "anna", assignees: [{ person: "uma" }] } });
      const aged = {
        actor: "max",
        aim: { task: old.id, face: old.face },
        command: { verb: "approve", comment: null } as const,
        once: once(),
        seen: null,
      };
      expect(await it.operations.act(aged)).toMatchObject({ ok: false, refusal: { name: "not-yours" } });
      expect(await effects(it, number, "remark")).toEqual(["remark reassigned uma"]);
      expect(await approve(it, number, "uma")).toBe("approved");
    });

    test("votes that were given count on when an approval is reassigned, and enough people have to be named", async () => {
      const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
      expect(word(await on(it, number, "cleo", reassign("uma")))).toBe("too-few-named");
      await approve(it, number, "ines");
      expect(word(await on(it, number, "cleo", reassign("ines")))).toBe("unfit-assignee");
      expect(word(await on(it, number, "cleo", reassign("uma")))).toBe("reassigned");
      expect(await approve(it, number, "uma")).toBe("approved");
      expect(await standing(it, number)).toMatchObject({ approval: "approved" });
    });

    test("nobody is named who asked, receives, left or is unknown, and not without a reason", async () => {
      const [number = 0] = await file(it, "stan", "wiki", [], {});
      expect(word(await on(it, number, "cleo", reassign("stan")))).toBe("unfit-assignee");
      for (const nobody of ["ghost", "constructor", "__proto__"]) {
        expect(["no-such-person", "unfit-assignee"]).toContain(word(await on(it, number, "cleo", reassign(nobody))));
      }
      expect(word(await on(it, number, "cleo", { verb: "reassign", to: ["uma"], reason: "  " }))).toBe("reason-missing");
      expect(word(await on(it, number, "cleo", reassign()))).toBe("too-few-named");
      expect(await standing(it, number)).toMatchObject({ asks: "max manager" });
    });

    test("an administrator doesn't steer their own request, and doesn't decide it either", async () => {
      const [number = 0] = await file(it, "anna", "wiki", [], {});
      expect(word(await on(it, number, "anna", reassign("uma")))).toBe("own-request");
      expect(word(await on(it, number, "anna", { verb: "approve", comment: null }))).toBe("own-request");
    });

    test("a claim is taken away with a reason, and its claimer is told; a colleague can't", async () => {
      const [number = 0] = await file(it, "bert", "salesforce");
      await approve(it, number, "max");
      await on(it, number, "lena", { verb: "claim" });
      expect(word(await on(it, number, "tom", { verb: "release", reason: "mine" }))).toBe("not-claimer");
      expect(word(await on(it, number, "anna", { verb: "release", reason: null }))).toBe("reason-missing");
      expect(word(await on(it, number, "anna", { verb: "release", reason: "she is ill" }))).toBe("released");
      expect((await events(it, number, "released"))[0]).toMatchObject({ actor: "anna", data: { from: "lena", reason: "she is ill" } });
      expect(await effects(it, number, "remark")).toEqual(["remark released lena"]);
      expect(word(await on(it, number, "tom", { verb: "claim" }))).toBe("claimed");
    });

    test("a request is cancelled with a reason at any stage: open work closes, both hear it, and it stays over", async () => {
      const [pending = 0] = await file(it, "kim", "wiki", [], {});
      expect(word(await onLine(it, pending, "anna", { verb: "cancel", reason: " " }))).toBe("reason-missing");
      expect(word(await onLine(it, pending, "anna", { verb: "cancel", reason: "sold" }))).toBe("cancelled");
      expect(await standing(it, pending)).toEqual({ approval: "withdrawn", order: null, asks: null });
      const [line] = await it.connection.sql`select closing from line where number = ${pending}`;
      expect(line?.closing).toMatchObject({ how: "cancelled", by: "anna", reason: "sold" });
      const [working = 0] = await file(it, "kim", "salesforce");
      await approve(it, working, "max");
      expect(word(await onLine(it, working, "cleo", { verb: "cancel", reason: "sold" }))).toBe("cancelled");
      expect(await standing(it, working)).toEqual({ approval: "approved", order: "cancelled", asks: null });
      expect(await effects(it, working, "tell")).toEqual(["tell approved kim", "tell cancelled kim"]);
      expect(await effects(it, working, "remark")).toEqual(["remark cancelled lena+tom"]);
      expect(word(await onLine(it, working, "cleo", { verb: "cancel", reason: "again" }))).toBe("already-over");
    });
  });

  describe("what nobody else does", () => {
    afterEach(() => it.close());

    test("THREAT-14 every verb of administrators by everybody who is none is refused, changes nothing, and is written down", async () => {
      it = await company(withAdministrators("cleo", "anna"));
      const [asked = 0] = await file(it, "rita", "wiki", [], {});
      const [claimed = 0] = await file(it, "stan", "salesforce");
      await approve(it, claimed, "max");
      await on(it, claimed, "lena", { verb: "claim" });
      const others = ["rita", "max", "stan", "ines", "tom", "lena", "bert"];
      const standings = async () => (await everything(it)).line;
      const before = [await standings(), await it.connection.sql`select id, claimed_by, face from task order by id`];
      for (const actor of others) {
        for (const number of [asked, claimed]) {
          for (const command of taskVerbs) {
            // Who claimed it may let go of it: that is no verb of administrators.
            if (command.verb === "release" && (number === asked || actor === "lena")) continue;
            const said = word(await on(it, number, actor, command));
            expect({ actor, verb: command.verb, said }).toEqual({
              actor,
              verb: command.verb,
              said: command.verb === "reassign" ? "not-administrator" : actor === "tom" ? "not-claimer" : "not-yours",
            });
          }
          for (const command of lineVerbs) expect(word(await onLine(it, number, actor, command))).toBe("not-administrator");
        }
      }
      expect([await standings(), await it.connection.sql`select id, claimed_by, face from task order by id`]).toEqual(before);
      const written = await it.connection
        .sql`select distinct actor_id, data->>'verb' as verb from event where kind = 'refused' order by 1, 2`;
      for (const actor of others) {
        const verbs = written.filter((row) => row.actor_id === actor).map((row) => row.verb);
        expect(verbs).toEqual(actor === "lena" ? ["cancel", "reassign"] : ["cancel", "reassign", "release"]);
      }
    });

    test.each([
      ["cancel", false],
      ["reassign", false],
      ["reassign what they hold themselves", true],
      ["release", false],
      ["release what they could claim themselves", true],
    ] as const)("THREAT-14 whoever stops being an administrator between reading and writing doesn't %s any more", async (what, holds) => {
      const groups = (admins: readonly string[]) => {
        const base = withAdministrators(...admins);
        const widened = base.catalogue.groups.map((one) =>
          holds && one.id === "hands" ? { ...one, members: [...one.members, "anna"] } : one,
        );
        return { ...base, catalogue: { groups: widened } };
      };
      it = await company(groups(["cleo", "anna"]));
      const [number = 0] = await file(it, "rita", "salesforce");
      await approve(it, number, "max");
      await on(it, number, "lena", { verb: "claim" });
      const before = await standing(it, number);
      const removed = () => applyFolder(it.database.url, folder(groups(["cleo"])), { by: "test", newId: v7 });
      let said = "";
      await inBetween(removed, async () => {
        said =
          what === "cancel"
            ? word(await onLine(it, number, "anna", { verb: "cancel", reason: "because" }))
            : word(await on(it, number, "anna", what.startsWith("reassign") ? reassign("tom") : { verb: "release", reason: "because" }));
      });
      expect(said).toBe(what.startsWith("release") ? (holds ? "not-claimer" : "not-yours") : "not-administrator");
      expect(await standing(it, number)).toEqual(before);
      const [task] = await it.connection.sql`select claimed_by from task where state = 'open'`;
      expect(task?.claimed_by).toBe("lena");
    });

    test("THREAT-13 whoever left is refused right after the change that says so, whatever they hold and on every card, and it is written down", async () => {
      it = await company(withAdministrators("cleo", "anna"));
      const [approval = 0] = await file(it, "rita", "wiki", [], {});
      const [work = 0] = await file(it, "stan", "salesforce");
      await approve(it, work, "max");
      await on(it, work, "lena", { verb: "claim" });
      const cards = { approval: await openTask(it, approval), work: await openTask(it, work) };
      const gone = ["max", "lena", "anna", "rita"];
      const next = withAdministrators("cleo", "anna");
      await reapply(it, { ...next, people: next.people.map((one) => (gone.includes(one.id) ? { ...one, state: "left" as const } : one)) });
      const act = (actor: string, task: string, command: TaskCommand) =>
        it.operations.act({ actor, aim: { task, face: null }, command, once: once(), seen: null });
      expect(word(await act("max", cards.approval.id, { verb: "approve", comment: null }))).toBe("not-active");
      expect(word(await act("lena", cards.work.id, { verb: "confirm", login: "x" }))).toBe("not-active");
      expect(word(await act("anna", cards.approval.id, reassign("uma")))).toBe("not-active");
      expect(word(await onLine(it, approval, "anna", { verb: "cancel", reason: "x" }))).toBe("not-active");
      expect(word(await onLine(it, approval, "rita", { verb: "withdraw", reason: null }))).toBe("not-active");
      expect(word(await onLine(it, approval, "rita", { verb: "nudge" }))).toBe("not-active");
      const written = await it.connection
        .sql`select distinct actor_id from event where kind = 'refused' and data->>'refusal' = 'not-active' order by 1`;
      expect(written.map((row) => row.actor_id)).toEqual([...gone].sort());
      expect(await standing(it, approval)).toMatchObject({ approval: "pending", asks: "cleo manager-of-manager" });
    });

    test("THREAT-13 whoever leaves in the instant of their click, over and over: the record never shows them deciding after they left", async () => {
      it = await company(withAdministrators("cleo"));
      const next = withAdministrators("cleo");
      const apply = (gone: readonly string[]) =>
        applyFolder(
          it.database.url,
          folder({ ...next, people: next.people.map((one) => (gone.includes(one.id) ? { ...one, state: "left" as const } : one)) }),
          { by: "test", newId: v7, manyMayLeave: true },
        );
      const ended: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
        const { id, face } = await openTask(it, number);
        const click = async (actor: string, ms: number) => {
          await new Promise((resolve) => setTimeout(resolve, ms));
          return it.operations.act({
            actor,
            aim: { task: id, face },
            command: { verb: "approve", comment: null },
            once: once(),
            seen: null,
          });
        };
        const [, ...clicks] = await Promise.all([apply(["ines", "omar"]), click("ines", 6 * round), click("omar", 3 * round)]);
        for (const one of clicks) {
          expect(["vote-counted", "approved", "not-active"]).toContain(word(one));
          ended.push(word(one));
        }
        await apply([]);
        await onLine(it, number, "cleo", { verb: "cancel", reason: "next round" });
      }
      expect(ended).toHaveLength(2 * ROUNDS);
      const [checked] = await checkInvariants(it.connection.sql, ["I8"]);
      expect(checked?.type).toBe("holds");
    });

    test("THREAT-13 whoever leaves between reading and writing doesn't get through either", async () => {
      it = await company(withAdministrators("cleo"));
      const [number = 0] = await file(it, "rita", "wiki", [], {});
      const next = withAdministrators("cleo");
      const people = next.people.map((one) => (one.id === "max" ? { ...one, state: "left" as const } : one));
      let said = "";
      await inBetween(
        () => applyFolder(it.database.url, folder({ ...next, people }), { by: "test", newId: v7 }),
        async () => {
          said = word(await on(it, number, "max", { verb: "approve", comment: null }));
        },
      );
      expect(said).toBe("not-active");
      expect(await it.connection.sql`select 1 from vote where line_id = ${await lineId(it, number)}`).toHaveLength(0);
    });
  });
});
