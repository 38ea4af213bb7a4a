import { afterAll, beforeAll, expect, test } from "vitest";
import { answerText } from "../../src/cards/answers.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { en } from "../../src/texts/en.ts";
import { type Company, company, file } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { filledIn, postTask, type Stage, said, stage, userOf, wordsOf } from "./stage.ts";

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

  test("a command opens the form with the words already searched, and sending it files the request", async () => {
    const rita = as("rita");
    expect(await rita.command("/request-access crm", "C0HANDS")).toMatchObject({ ok: false, error: "not_in_channel" });
    expect(await rita.command("/request-access crm")).toEqual({ ok: true });
    const modal = rita.modal();
    expect(modal?.title?.text).toBe(en.askForm.title);
    expect(JSON.stringify(modal?.values)).toContain("salesforce");
    const sent = await rita.submit(
      filledIn(modal, { entitlements: ["reports"], justification: "I visit customers", "form.region": "EMEA" }),
    );
    expect(sent).toEqual({ ok: true });
    expect(rita.modal()).toBeUndefined();
    const told = await rita.until((seen) => seen.conversations.flatMap(({ messages }) => messages).find((one) => one.ephemeral));
    const home = await acme.operations.home("rita", { tasks: 0, requests: 0, access: 0 });
    expect(home.requests.rows).toMatchObject([{ justification: "I visit customers", entitlement: { id: "reports" } }]);
    const about = { numbers: String(home.requests.rows[0]?.number), application: "Salesforce" };
    expect(wordsOf(told.blocks)).toBe(said(answerText({ said: "filed", about }, en)));
  });

  test("from approval to confirmation each click does what its button says", async () => {
    const [number = 0] = await file(acme, "stan", "salesforce", ["reports"]);
    const asked = await postTask(it, acme, number, { person: "max" });
    expect(await as("max").click({ in: asked, text: en.buttons.approve })).toEqual({ ok: true });
    const told = await as("max").until((seen) => seen.conversations.flatMap(({ messages }) => messages).find((one) => one.ephemeral));
    expect(wordsOf(told.blocks)).toBe(said(answerText({ said: "approved", about: { number: String(number) } }, en)));

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
    expect(wordsOf(refused.blocks)).toContain(said(["Tom is on it"]));

    expect(await as("tom").click({ in: claimed, text: "Confirm done" })).toEqual({ ok: true });
    expect(wordsOf(as("tom").modal()?.blocks)).toContain(said([en.forms.confirm.login]));
    expect(await as("tom").submit()).toEqual({ ok: true });
    const held = await acme.operations.home("stan", { tasks: 0, requests: 0, access: 0 });
    expect(held.access.rows).toMatchObject([{ application: "Salesforce", login: "stan@acme.example" }]);
  });
});
