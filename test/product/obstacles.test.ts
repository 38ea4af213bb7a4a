import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Actor } from "../../src/playground/slack/actor.ts";
import type { MessageOnPage } from "../../src/playground/slack/page-interface.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { copies, refusedBySlack } from "./copies.ts";
import { ask, blockOf, buttonsOf, cardSaying, faultsIn, filled, messagesOf, openForm, press, read, send, whisper } from "./people.ts";
import { type Product, product, quiet } from "./stage.ts";
import { clickOn, deliver, formOf, signed } from "./wire.ts";

describeWithDatabase("what may come in the way of the job, over Slack's wire", () => {
  let it: Product;
  beforeAll(async () => {
    it = await product({ "salesforce-admins": ["chloe"], "security-approvals": ["elif"] });
  });
  afterAll(() => it.stop());
  afterEach(async () => {
    expect((await copies(it)).outdated).toEqual([]);
    expect(refusedBySlack(it)).toEqual([]);
  });
  const as = (name: string) => it.slack.as(name);
  const count = async (what: "vote" | "event", number: number, kind = "%") => {
    const rows =
      what === "vote"
        ? await it.sql`select 1 from vote v join task t on t.id = v.task_id join line l on l.id = t.line_id where l.number = ${number}`
        : await it.sql`select 1 from event e join line l on l.id = e.line_id where l.number = ${number} and e.kind like ${kind}`;
    return rows.length;
  };
  /** A click on a card that has not been redrawn yet on this person's screen. */
  const late = (person: Actor, on: MessageOnPage, label: string) =>
    deliver(it.slack.eventsUrl, signed(it.slack, clickOn(it.slack, person.user, on, label)));
  const titles = (name: string) => messagesOf(as(name)).map((message) => read(message).split("\n")[0]);

  test("ASK-2 a rejection asks its reason, and the requester reads it at once with the next step", async () => {
    const [anna, ines] = [as("anna"), as("ines")];
    const number = await ask(anna, "figma", { entitlements: ["viewer"] });
    const title = `Request ${number}: Figma`;
    await press(ines, await cardSaying(ines, { title }), "Reject");
    expect(ines.modal()?.title?.text).toBe(`Reject request ${number}`);
    expect(await ines.submit()).toMatchObject({ ok: false });
    expect(await ines.submit(filled(ines.modal(), { reason: "  \n " }))).toMatchObject({ ok: false });
    expect(faultsIn(ines.modal())).toEqual({ reason: expect.stringMatching(/reason|fill|required/i) });
    expect(await ines.submit(filled(ines.modal(), { reason: "Ask for a seat in *April* <!channel>" }))).toEqual({ ok: true });
    const told = await cardSaying(anna, { title: `Request ${number} is rejected` }, "was rejected by Ines Moreau");
    expect(read(told)).toContain("Ask for a seat in *April* <!channel>");
    expect(read(told)).toContain("Next: talk to Ines Moreau, or ask again and say more.");
    expect(buttonsOf(told)).toEqual(["Request again"]);
    const mine = await cardSaying(anna, { title }, "Rejected by Ines Moreau", "Approval: Rejected", "Setup: Not started");
    await press(anna, mine, "Request again");
    expect(read(anna.modal())).not.toContain("Already asked");
    await anna.close();
    expect(buttonsOf(await cardSaying(ines, { title }, "Rejected by Ines Moreau"))).toEqual([]);
  });

  test("NWX-5 an error is reported with its text, goes to the technical owner, and is tried again until it is confirmed", async () => {
    const [ben, omar, lena, tom] = [as("ben"), as("omar"), as("lena"), as("tom")];
    const number = await ask(ben, "crm", { entitlements: ["report-builder"], "form.region": "AMER" });
    const title = `Request ${number}: Salesforce`;
    const work = { title: `${title}, to set up`, in: "salesforce-admins" };
    await press(omar, await cardSaying(omar, { title }), "Approve");
    await press(lena, await cardSaying(lena, work), "Claim");
    await press(lena, await cardSaying(lena, work, "has been on it"), "Report error");
    expect(await lena.submit(filled(lena.modal(), { reason: " " }))).toMatchObject({ ok: false });
    expect(await lena.submit(filled(lena.modal(), { reason: "No licence is left" }))).toEqual({ ok: true });
    await cardSaying(ben, { title: `Request ${number} could not be set up` }, "No licence is left", "Tom Fischer");
    await cardSaying(ben, { title }, "Failed", "Approval: Approved by Omar Farouk", "Setup: Failed");
    expect(buttonsOf(await cardSaying(lena, { title, in: "salesforce-admins" }, "reported an error", "Next: Tom Fischer"))).toEqual([]);
    const moves =
      await it.sql`select to_state from event e join line l on l.id = e.line_id where l.number = ${number} and life = 'provisioning' order by seq`;
    expect(moves.map(({ to_state }) => to_state)).toEqual(["pending", "transmitted", "errored"]);

    const review = await cardSaying(tom, { title: `${title}, error` }, "Lena Vogt reported an error", "No licence is left");
    expect(buttonsOf(review)).toEqual(["Try again", "Cancel order"]);
    await press(tom, review, "Try again");
    await cardSaying(lena, { title, in: "salesforce-admins" }, "Tom Fischer sent it back for another try");
    await press(tom, await cardSaying(tom, work, "No licence is left", "Tom Fischer sent it back", "Claim it first"), "Claim");
    await press(tom, await cardSaying(tom, work, "Tom Fischer has been on it"), "Confirm done");
    expect(await tom.submit()).toEqual({ ok: true });
    await cardSaying(ben, { title }, "Complete", "Setup: Done by Tom Fischer");
  });

  test("ASK-1 ASK-3 every copy of a decided card loses its buttons and says who decided; an old copy's click is answered privately", async () => {
    const [siti, nadia, grace, viktor] = [as("siti"), as("nadia"), as("grace"), as("viktor")];
    const number = await ask(siti, "sap", {
      entitlements: ["invoice-entry"],
      "form.company_code": "3000 Singapore",
      "form.training": ["yes"],
    });
    const title = `Request ${number}: SAP S/4HANA`;
    const old = await cardSaying(grace, { title });
    await cardSaying(viktor, { title });
    await press(nadia, await cardSaying(nadia, { title }), "Approve");
    for (const person of [nadia, grace, viktor, as("maria"), as("priya")])
      expect(buttonsOf(await cardSaying(person, { title }, /Approved by Nadia Haddad, .*UTC/))).toEqual([]);
    // The card as it stood on a screen that has not been redrawn: the button's value, pressed by hand.
    expect(await late(grace, old, "Approve")).toBe(200);
    await whisper(grace, /Nadia Haddad has already approved this, .*UTC\. You don't need to do anything\./);
    expect(await late(grace, old, "Reject")).toBe(200);
    expect(grace.modal()).toBeUndefined();
    expect(await count("vote", number)).toBe(1);
  });

  test("ASK-5 who reads the channel but isn't in the group decides nothing and claims nothing", async () => {
    const [anna, ines, chloe, elif] = [as("anna"), as("ines"), as("chloe"), as("elif")];
    const number = await ask(anna, "crm", { entitlements: ["data-export"], "form.region": "EMEA", until: "days:7" });
    const title = `Request ${number}: Salesforce`;
    await press(elif, await cardSaying(elif, { title, in: "security-approvals" }), "Approve");
    await whisper(elif, "This doesn't wait for you, so nothing was changed.");
    await press(elif, await cardSaying(elif, { title, in: "security-approvals" }), "Reject");
    expect(elif.modal()).toBeUndefined();
    expect(await count("vote", number)).toBe(0);
    expect(await count("event", number, "refused")).toBe(2); // one for each thing that was tried

    const plain = await ask(anna, "crm", { entitlements: ["report-builder"], "form.region": "EMEA" });
    const work = { title: `Request ${plain}: Salesforce, to set up`, in: "salesforce-admins" };
    await press(ines, await cardSaying(ines, { title: `Request ${plain}: Salesforce` }), "Approve");
    await press(chloe, await cardSaying(chloe, work), "Claim");
    await whisper(chloe, "This doesn't wait for you, so nothing was changed.");
    expect(await count("event", plain, "claimed")).toBe(0);
    expect(await count("event", plain, "refused")).toBe(1);
  });

  test("ASK-7 of many clicks at once one wins, and everybody else hears who it was", async () => {
    const [rachel, siti] = [as("rachel"), as("siti")];
    const deciders = ["maria", "viktor", "priya", "grace", "nadia"];
    const number = await ask(rachel, "payroll", { entitlements: ["reporter"], "form.countries": ["Germany", "Singapore"] });
    const title = `Request ${number}: Payroll`;
    const cards = await Promise.all(deciders.map(async (name) => ({ person: as(name), card: await cardSaying(as(name), { title }) })));
    await Promise.all(cards.flatMap(({ person, card: copy }) => [press(person, copy, "Approve"), press(person, copy, "Approve")]));
    const [{ winner = "" } = {}] = await it.sql<{ winner: string }[]>`
      select x.name as winner from vote v join task t on t.id = v.task_id join line l on l.id = t.line_id join person x on x.id = v.person_id where l.number = ${number}`;
    expect(winner).not.toBe("");
    for (const { person } of cards) {
      const isWinner = person.sees().me.real_name === winner;
      await whisper(person, isWinner ? `You approved request ${number}.` : `${winner} has already approved this`);
    }
    expect(await count("vote", number)).toBe(1);
    expect(await count("event", number, "approved")).toBe(1);
    expect(await count("event", number, "order-created")).toBe(1);

    const work = await cardSaying(siti, { title: `${title}, to set up` });
    await press(siti, work, "Confirm done");
    await Promise.all([siti.submit(), siti.submit(), siti.submit()]);
    await cardSaying(rachel, { title }, "Complete");
    expect(await count("event", number, "order-executed")).toBe(1);
    await quiet(it);
    expect(titles("rachel").filter((one) => one === `Request ${number} is complete`)).toHaveLength(1);
  });

  test("what one has or has asked for already is said and can't be asked again, not by many submits at once either", async () => {
    const [chloe, ines, daniel] = [as("chloe"), as("ines"), as("daniel")];
    await openForm(chloe, "figma");
    await chloe.fill({ action_id: "in.justification" }, "Prototypes");
    await chloe.fill({ action_id: "in.entitlements" }, ["viewer"]);
    await Promise.all(Array.from({ length: 8 }, () => chloe.submit()));
    const told = await whisper(chloe, /Sent as request \d+/);
    const number = Number(/Sent as request (\d+)/.exec(told)?.[1]);
    expect(await it.sql`select 1 from line where beneficiary_id = 'E017' and application_id = 'figma'`).toHaveLength(1);
    expect(read(await openForm(chloe, "figma"))).toContain(`Already asked: View seat (request ${number}).`);
    expect(JSON.stringify(chloe.modal()?.blocks)).not.toContain('"viewer"');
    await chloe.close();

    await press(ines, await cardSaying(ines, { title: `Request ${number}: Figma` }), "Approve");
    const work = { title: `Request ${number}: Figma, to set up`, in: "it-desk" };
    await press(daniel, await cardSaying(daniel, work), "Claim");
    await press(daniel, await cardSaying(daniel, work, "has been on it"), "Confirm done");
    await daniel.submit();
    await cardSaying(chloe, { title: `Request ${number}: Figma` }, "Complete");
    expect(read(await openForm(chloe, "figma"))).toContain("You have the account chloe@acme.example. You have View seat.");
    await chloe.close();
  });

  test("what one may not ask for is not in the list, and is refused when it is asked for all the same", async () => {
    const anna = as("anna");
    await openForm(anna, "");
    const offered = async (query: string) => {
      const answer = await anna.suggest({ action_id: "in.application" }, query);
      return answer.ok ? (answer.options ?? []).map(({ text }) => text.text) : [];
    };
    expect(await offered("crm")).toEqual(["Salesforce"]);
    expect(await offered("bank")).toEqual([]);
    expect(await offered("%")).toEqual([]);
    expect((await offered("")).length).toBeGreaterThan(5);
    await anna.change({ action_id: "in.application" }, "salesforce");
    await anna.fill({ action_id: "in.justification" }, "Let me in");
    const forged = formOf(it.slack, anna.user).replaceAll("salesforce", "bank-portal");
    expect(await deliver(it.slack.eventsUrl, signed(it.slack, forged))).toBe(200);
    expect(await it.sql`select 1 from line where application_id = 'bank-portal'`).toHaveLength(0);
    expect(await it.sql`select data from event where kind = 'refused' and data->>'verb' = 'ask bank-portal'`).toMatchObject([
      { data: { refusal: "not-requestable" } },
    ]);
    await anna.close(true);
  });

  test("a faulty form marks each field and keeps what was typed", async () => {
    const anna = as("anna");
    await openForm(anna, "building");
    const until = blockOf(anna.modal(), "until");
    await anna.change({ block_id: until.block, action_id: until.action }, "date");
    const sent = await send(anna, {
      entitlements: ["office", "parking"],
      justification: "  ",
      until_date: "2020-01-31",
      "form.office": "Berlin",
      "form.pick_up": "2030-02-28",
      "form.lost": ["yes"],
      "form.plate": "B-MW 123",
    });
    expect(sent).toMatchObject({ ok: false, error: "invalid_input" });
    expect(faultsIn(anna.modal())).toEqual({
      justification: "Please fill this in.",
      until_date: "This day is over. Please choose a later one.",
    });
    const typed = Object.values(anna.modal()?.values ?? {}).flatMap((held) => Object.values(held).map((one) => one.typed));
    expect(typed).toEqual(
      expect.arrayContaining(["building-access", ["office", "parking"], "date", "2020-01-31", "Berlin", "2030-02-28", ["yes"], "B-MW 123"]),
    );
    expect(await send(anna, { justification: "I work here", until_date: "2030-03-31" })).toEqual({ ok: true });
    await cardSaying(anna, { title: /^Requests \d+ and \d+: Building access$/ }, "Office doors", "Parking");
  });

  test("THREAT-9 words of people stand on cards as they were typed: no mention, no link, no markup, no reversed line", async () => {
    const [farah, kenji] = [as("farah"), as("kenji")];
    const typed =
      "<!channel> <@UTOM> *bold* _it_ `code` <https://evil.example|our site> [x](https://evil.example) \u202Etxt.exe\u202C :fire: &amp;";
    const number = await ask(farah, "figma", { entitlements: ["viewer"], justification: typed });
    const seen = await cardSaying(kenji, { title: `Request ${number}: Figma` });
    expect(read(seen)).toContain(
      "<!channel> <@UTOM> *bold* _it_ `code` <https://evil.example|our site> [x](https://evil.example) txt.exe :fire: &amp;",
    );
    expect(live(seen.blocks)).toEqual([]);
    expect(seen.text).not.toMatch(/<[!@#h]/);
    await press(kenji, seen, "Reject");
    await kenji.submit(filled(kenji.modal(), { reason: typed }));
    const told = await cardSaying(farah, { title: `Request ${number} is rejected` }, "<!channel>");
    expect(live(told.blocks)).toEqual([]);
  });
});

/** Whatever in blocks Slack would bring to life: mentions, links, broadcasts, and text that is read as markup. */
function live(blocks: readonly unknown[]): readonly string[] {
  const all = JSON.stringify(blocks);
  const kinds = [...all.matchAll(/"type":"(user|usergroup|broadcast|channel|link|emoji","name":"fire)"/g)].map(([, kind = ""]) => kind);
  const markup = [...all.matchAll(/"type":"mrkdwn","text":"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text);
  return [...kinds, ...markup.filter((text) => !/^<!date\^\d+\^[^<>|]*\|[^<>|]*>$/.test(text))];
}
