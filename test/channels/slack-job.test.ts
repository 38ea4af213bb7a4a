import { afterAll, beforeAll, expect, test } from "vitest";
import { transmit } from "../../src/operations/transmit.ts";
import { type Company, company, file } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { postTask, type Stage, stage, userOf, wordsOf } from "./stage.ts";

describeWithDatabase("the main job in Slack", () => {
  let acme: Company;
  let it: Stage;
  beforeAll(async () => {
    acme = await company();
    it = await stage(acme.operations);
  });
  afterAll(async () => {
    await it.close();
    await acme.close();
  });

  const as = (person: string) => it.world.actAs(userOf(person));
  const fill = (block: string, action: string, value: string | readonly string[]) => ({ [block]: { [action]: value } });

  test("ASK-1 a command opens the form with the words already searched, and sending it files the request", async () => {
    const rita = as("rita");
    expect(await rita.command("/request-access crm", "C0HANDS")).toMatchObject({ ok: false, error: "not_in_channel" });
    expect(await rita.command("/request-access crm")).toEqual({ ok: true });
    const modal = rita.modal();
    expect(modal?.title?.text).toBe("Request access");
    expect(wordsOf(modal?.blocks)).toContain("Salesforce");
    const ids = blocksOf(modal?.blocks ?? []);
    const sent = await rita.submit({
      ...fill(ids("entitlements"), "in.entitlements", ["reports"]),
      ...fill(ids("justification"), "in.justification", "I visit customers"),
      ...fill(ids("form.region"), "in.form.region", "EMEA"),
    });
    expect(sent).toEqual({ ok: true });
    expect(rita.modal()).toBeUndefined();
    const told = await rita.until((seen) => seen.conversations.flatMap(({ messages }) => messages).find((one) => one.ephemeral));
    expect(wordsOf(told.blocks)).toContain("Sent as request");
    const home = await acme.operations.home("rita", { tasks: 0, requests: 0, access: 0 });
    expect(home.requests.rows).toMatchObject([{ justification: "I visit customers", entitlement: { id: "reports" } }]);
  });

  test("from approval to confirmation each click does what its button says", async () => {
    const [number = 0] = await file(acme, "stan", "salesforce", ["reports"]);
    const asked = await postTask(it, acme, number, { person: "max" });
    expect(await as("max").click({ in: asked, text: "Approve" })).toEqual({ ok: true });
    const told = await as("max").until((seen) => seen.conversations.flatMap(({ messages }) => messages).find((one) => one.ephemeral));
    expect(wordsOf(told.blocks)).toContain("is approved");

    const line = await acme.operations.home("stan", { tasks: 0, requests: 0, access: 0 });
    await transmit(acme.world, line.requests.rows[0]?.id ?? "");
    const card = await postTask(it, acme, number, { channel: "hands" });
    expect(await as("tom").click({ in: card, text: "Claim" })).toEqual({ ok: true });

    const claimed = await postTask(it, acme, number, { channel: "hands" });
    expect(await as("lena").click({ in: claimed, text: "Confirm done" })).toEqual({ ok: true });
    expect(as("lena").modal()).toBeUndefined();
    const refused = await as("lena").until((seen) =>
      seen.conversations.find(({ name }) => name === "hands")?.messages.find((one) => one.ephemeral),
    );
    expect(wordsOf(refused.blocks)).toContain("Tom is on it");

    expect(await as("tom").click({ in: claimed, text: "Confirm done" })).toEqual({ ok: true });
    expect(wordsOf(as("tom").modal()?.blocks)).toContain("Login of the account");
    expect(await as("tom").submit()).toEqual({ ok: true });
    const held = await acme.operations.home("stan", { tasks: 0, requests: 0, access: 0 });
    expect(held.access.rows).toMatchObject([{ application: "Salesforce", login: "stan@acme.example" }]);
  });
});

/** The block of a field by the field's id. */
function blocksOf(blocks: readonly unknown[]): (field: string) => string {
  return (field) => {
    const found = blocks.find((block) => (block as { element?: { action_id?: string } }).element?.action_id === `in.${field}`);
    if (!found) throw new Error(`the form has no field ${field}`);
    return (found as { block_id: string }).block_id;
  };
}
