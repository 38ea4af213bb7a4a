import { afterAll, beforeAll, expect, test } from "vitest";
import { transmit } from "../../src/operations/transmit.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { approve, effects, events, lineId, onLine, standing, word } from "./acts.ts";
import { type Company, company, file, on, once, openTask, PEOPLE, person } from "./company.ts";
import { carried } from "./outbox.ts";

let it: Company;

/** One for each state in which a request may be withdrawn. */
const ASKERS = ["rita", "stan", "ada", "bo", "cy", "dee", "eve", "flo", "gil", "hal"];
let asker = 0;

/** Somebody who has asked for nothing yet asks for a role that two have to approve. */
async function filed(entitlement = "admin"): Promise<{ number: number; by: string }> {
  const by = ASKERS[asker++] ?? "";
  const [number = 0] = await file(it, by, "salesforce", [entitlement]);
  return { number, by };
}

const withdraw = (number: number, by: string, reason: string | null = "changed my mind") =>
  onLine(it, number, by, { verb: "withdraw", reason });

async function openOf(number: number): Promise<number> {
  const rows = await it.connection
    .sql`select 1 from task t join line l on l.id = t.line_id where l.number = ${number} and t.state = 'open'`;
  return rows.length;
}

describeWithDatabase("withdrawing", () => {
  beforeAll(async () => {
    it = await company({ people: [...PEOPLE, ...ASKERS.slice(2).map((id) => person(id, "max"))] });
  });
  afterAll(() => it.close());

  test("IDH-13 before anybody has decided: the task closes, nobody can decide it any more, and who held it is told", async () => {
    const { number, by } = await filed();
    const { id, face } = await openTask(it, number);
    expect(word(await withdraw(number, by))).toBe("withdrawn");
    expect(await standing(it, number)).toEqual({ approval: "withdrawn", order: null, asks: null });
    expect(await effects(it, number, "remark")).toEqual(["remark withdrawn ines+omar+uma"]);
    expect(await effects(it, number, "tell")).toEqual([]);
    const late = { actor: "ines", aim: { task: id, face }, command: { verb: "approve", comment: null } as const, once: once(), seen: null };
    expect(await it.operations.act(late)).toMatchObject({
      ok: false,
      refusal: { name: "already-decided", about: { outcome: "withdrawn" } },
    });
    const [said] = await events(it, number, "withdrawn");
    expect(said).toMatchObject({ actor: by, data: { reason: "changed my mind" } });
    expect(word(await withdraw(number, by))).toBe("already-over");
    expect(await file(it, by, "salesforce", ["admin"])).toHaveLength(1);
  });

  test("IDH-13 between two votes: the vote that was given stays in the record and decides nothing", async () => {
    const { number, by } = await filed();
    await approve(it, number, "ines");
    expect(word(await withdraw(number, by, null))).toBe("withdrawn");
    expect(await standing(it, number)).toEqual({ approval: "withdrawn", order: null, asks: null });
    expect(await effects(it, number, "remark")).toEqual(["remark withdrawn omar+uma"]);
    expect(await it.connection.sql`select 1 from vote where line_id = ${await lineId(it, number)}`).toHaveLength(1);
  });

  test("IDH-13 approved and not yet on anybody's list: the approval stays, the order is cancelled, and nobody gets the work", async () => {
    const { number, by } = await filed("reports");
    await on(it, number, "max", { verb: "approve", comment: null });
    expect(await standing(it, number)).toEqual({ approval: "approved", order: "pending", asks: null });
    expect(word(await withdraw(number, by))).toBe("withdrawn");
    await carried(it);
    expect(await transmit(it.world, await lineId(it, number))).toBe("nothing-to-do");
    expect(await standing(it, number)).toEqual({ approval: "approved", order: "cancelled", asks: null });
  });

  test("IDH-13 claimed by one of the hands: the order is cancelled, the claimer is told, and confirming is refused", async () => {
    const { number, by } = await filed("reports");
    await approve(it, number, "max");
    await on(it, number, "lena", { verb: "claim" });
    const { id, face } = await openTask(it, number);
    expect(word(await withdraw(number, by))).toBe("withdrawn");
    expect(await standing(it, number)).toEqual({ approval: "approved", order: "cancelled", asks: null });
    expect((await effects(it, number, "remark")).at(-1)).toBe("remark withdrawn lena");
    const late = { actor: "lena", aim: { task: id, face }, command: { verb: "confirm", login: "x" } as const, once: once(), seen: null };
    expect(await it.operations.act(late)).toMatchObject({ ok: false, refusal: { name: "already-decided" } });
    const [none] = await it.connection.sql`select count(*)::int as n from assignment where line_id = ${await lineId(it, number)}`;
    expect(none?.n).toBe(0);
  });

  test("IDH-13 while an error is looked into: the review closes with the order", async () => {
    const { number, by } = await filed("reports");
    await approve(it, number, "max");
    await on(it, number, "lena", { verb: "claim" });
    await on(it, number, "lena", { verb: "report-error", reason: "no licence" });
    expect(await standing(it, number)).toMatchObject({ order: "errored", asks: "tom technical-owner" });
    expect(word(await withdraw(number, by))).toBe("withdrawn");
    expect(await standing(it, number)).toEqual({ approval: "approved", order: "cancelled", asks: null });
  });

  test("IDH-13 once the work is confirmed, or the line refused or cancelled, there is nothing to withdraw", async () => {
    const done = await filed("reports");
    await approve(it, done.number, "max");
    await on(it, done.number, "lena", { verb: "claim" });
    await on(it, done.number, "lena", { verb: "confirm", login: "done" });
    expect(word(await withdraw(done.number, done.by))).toBe("already-over");
    const refused = await filed("reports");
    await on(it, refused.number, "max", { verb: "reject", reason: "no" });
    expect(word(await withdraw(refused.number, refused.by))).toBe("already-over");
    const cancelled = await filed("reports");
    expect(word(await onLine(it, cancelled.number, "cleo", { verb: "cancel", reason: "no longer offered" }))).toBe("cancelled");
    expect(word(await withdraw(cancelled.number, cancelled.by))).toBe("already-over");
    expect(await openOf(cancelled.number)).toBe(0);
  });

  test("IDH-13 only by the requester: not by the beneficiary, an approver, the hands or an administrator, and each try is written down", async () => {
    const asked = await it.operations.ask({
      actor: "max",
      beneficiary: "hal",
      application: "wiki",
      submission: { entitlements: [], justification: "for him", until: null, values: {} },
      once: once(),
    });
    const number = Number(asked.ok && asked.value.about.numbers);
    for (const other of ["hal", "cleo", "lena", "tom", "ines"]) {
      expect(word(await withdraw(number, other))).toBe("not-requester");
    }
    const refused = await it.connection
      .sql`select actor_id from event where kind = 'refused' and line_id = ${await lineId(it, number)} order by 1`;
    expect(refused.map((row) => row.actor_id)).toEqual(["cleo", "hal", "ines", "lena", "tom"]);
    expect(await standing(it, number)).toMatchObject({ approval: "pending" });
    expect(word(await withdraw(number, "max"))).toBe("withdrawn");
    // Whoever would have received it hears that it isn't coming.
    expect(await effects(it, number, "tell")).toEqual(["tell withdrawn hal"]);
  });

  test("IDH-13 withdrawn and approved in the same instant, over and over: one of both happens, and the request says the same everywhere", async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 12; round++) {
      const [number = 0] = await file(it, "uma", "wiki", [], {});
      const { id, face } = await openTask(it, number);
      const [approved, withdrawn] = await Promise.all([
        it.operations.act({
          actor: "cleo",
          aim: { task: id, face },
          command: { verb: "approve", comment: null },
          once: once(),
          seen: null,
        }),
        withdraw(number, "uma"),
      ]);
      // Approved first, it can still be withdrawn: then its order is cancelled.
      expect(word(withdrawn)).toBe("withdrawn");
      const stood = await standing(it, number);
      expect(stood).toEqual(
        approved.ok ? { approval: "approved", order: "cancelled", asks: null } : { approval: "withdrawn", order: null, asks: null },
      );
      outcomes.add(stood.approval);
    }
    expect(outcomes.size).toBeGreaterThan(0);
  });
});
