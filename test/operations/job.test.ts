import { afterAll, beforeAll, expect, test } from "vitest";
import { transmit } from "../../src/operations/transmit.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Company, company, file, on, openTask } from "./company.ts";

describeWithDatabase("the main job on a real database", () => {
  let it: Company;
  beforeAll(async () => {
    it = await company();
  });
  afterAll(() => it.close());

  const lineOf = async (number: number) => {
    const [row] = await it.connection.sql`select id, approval, open, version from line where number = ${number}`;
    return row ?? {};
  };

  test("asked, approved by the manager, claimed, done by hand and confirmed, the access starts then", async () => {
    const [number] = await file(it, "rita", "salesforce", ["reports"]);
    if (!number) throw new Error("nothing filed");
    expect(await on(it, number, "max", { verb: "approve", comment: null })).toMatchObject({ ok: true, value: { said: "approved" } });
    const { id } = await lineOf(number);
    expect(await transmit(it.world, String(id))).toBe("transmitted");
    expect(await on(it, number, "lena", { verb: "claim" })).toMatchObject({ ok: true });
    expect(await on(it, number, "lena", { verb: "confirm", login: "rita@acme.example" })).toMatchObject({
      ok: true,
      value: { said: "confirmed" },
    });
    const home = await it.operations.home("rita", { tasks: 0, requests: 0, access: 0 });
    expect(home.access.rows).toMatchObject([
      { application: "Salesforce", entitlement: "Report builder", login: "rita@acme.example", state: "executed" },
    ]);
    expect(await lineOf(number)).toMatchObject({ approval: "approved", open: false });
    const states = await it.connection.sql`select kind, life, from_state, to_state from event where line_id = ${String(id)} order by seq`;
    expect(states.map((row) => row.kind)).toEqual([
      "submitted",
      "task-opened",
      "voted",
      "task-decided",
      "step-passed",
      "approved",
      "order-created",
      "task-opened",
      "order-transmitted",
      "claimed",
      "task-decided",
      "order-executed",
      "assignment-started",
    ]);
  });

  test("a group of three decides with two voices, and one rejection ends it", async () => {
    const [number] = await file(it, "stan", "salesforce", ["admin"]);
    if (!number) throw new Error("nothing filed");
    const { face } = await openTask(it, number);
    expect(await on(it, number, "ines", { verb: "approve", comment: null })).toMatchObject({ ok: true, value: { said: "vote-counted" } });
    expect((await openTask(it, number)).face).toBe(face);
    expect(await on(it, number, "ines", { verb: "approve", comment: null })).toMatchObject({
      ok: false,
      refusal: { name: "already-voted" },
    });
    expect(await on(it, number, "omar", { verb: "reject", reason: "not now" })).toMatchObject({ ok: true, value: { said: "rejected" } });
    expect(await lineOf(number)).toMatchObject({ approval: "rejected", open: false });
  });
});
