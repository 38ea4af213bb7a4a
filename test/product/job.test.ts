import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { describeWithDatabase } from "../setup/database.ts";
import { copies, refusedBySlack } from "./copies.ts";
import { ask, buttonsOf, card, cardSaying, filled, press, read, whisper } from "./people.ts";
import { type Product, product, quiet } from "./stage.ts";

describeWithDatabase("the job over Slack's wire", () => {
  let it: Product;
  beforeAll(async () => {
    it = await product();
  });
  afterAll(() => it.stop());
  afterEach(async () => {
    // A look at the clocks may fall between: what it changes is drawn soon after.
    await expect.poll(async () => (await copies(it)).outdated, { timeout: 20_000 }).toEqual([]);
    expect(refusedBySlack(it)).toEqual([]);
  });
  const as = (name: string) => it.slack.as(name);
  const events = (number: number) =>
    it.sql<{ kind: string; life: string; from_state: string; to_state: string; data: Record<string, unknown>; at: Date }[]>`
      select e.kind, e.life, e.from_state, e.to_state, e.data, e.at from event e join line l on l.id = e.line_id where l.number = ${number} order by seq`;

  test("ASK-4 asked, approved, done by hand and confirmed without leaving the chat", async () => {
    const [anna, ines, lena, tom] = [as("anna"), as("ines"), as("lena"), as("tom")];
    const number = await ask(anna, "crm", { entitlements: ["report-builder"], "form.region": "EMEA", "form.territory": "DACH" });
    const title = `Request ${number}: Salesforce`;
    await cardSaying(anna, { title }, "Waiting for approval", "Approval: Waiting for Ines Moreau (manager) since", "Setup: Not started");

    const asked = await cardSaying(ines, { title }, "Who: Anna Lindqvist, Account executive, Sales", "Why: It is my job now", "Risk: Low");
    expect(read(asked)).toContain("How long: No end date\nAccount type: Standard");
    expect(buttonsOf(asked)).toEqual(["Approve", "Reject"]);
    await press(ines, asked, "Approve");
    await whisper(ines, `You approved request ${number}.`);
    await cardSaying(
      anna,
      { title: `Request ${number} is approved` },
      "was approved by Ines Moreau",
      "Next: setup by Salesforce administrators",
    );
    expect(buttonsOf(await cardSaying(ines, { title }, "Approved by Ines Moreau"))).toEqual([]);

    const work = { title: `${title}, to set up`, in: "salesforce-admins" };
    await press(lena, await cardSaying(lena, work), "Claim");
    const mine = await cardSaying(tom, work, "Lena Vogt has been on it");
    expect(buttonsOf(mine)).toEqual(["Confirm done", "Report error", "Release"]);
    await cardSaying(anna, { title }, "Being set up", "Setup: Lena Vogt has been on it since");
    await press(lena, mine, "Confirm done");
    expect(filled(lena.modal(), { login: "" })).toBeDefined();
    expect(Object.values(lena.modal()?.values.login ?? {})).toMatchObject([{ typed: "anna@acme.example" }]);
    expect(await lena.submit()).toEqual({ ok: true });
    await whisper(lena, `Request ${number} is complete`);
    await cardSaying(anna, { title }, "Complete", "Setup: Done by Lena Vogt", "You can sign in to Salesforce as anna@acme.example now.");
    await cardSaying(anna, { title: `Request ${number} is complete` }, "was set up by Lena Vogt");
    expect(buttonsOf(await cardSaying(tom, { title, in: "salesforce-admins" }, "Done by Lena Vogt"))).toEqual([]);
    expect(card(tom, work)).toBeUndefined();
  });

  test("IDH-10 the fulfiller's card says exactly what to enter, and only the confirmation completes the request", async () => {
    const [ben, omar, ryan] = [as("ben"), as("omar"), as("ryan")];
    const brands = ["Acme", "Acme Partners"];
    const number = await ask(ben, "zendesk", { entitlements: ["agent"], "form.brands": brands, "form.signature": "Kind regards\nBen" });
    const title = `Request ${number}: Zendesk`;
    await press(omar, await cardSaying(omar, { title }, "Brands: Acme, Acme Partners", "Signature under your answers"), "Approve");
    const work = { title: `${title}, to set up`, in: "support-tools" };
    const order = read(await cardSaying(ryan, work, "Create an account in Zendesk for Ben Carter, with Agent."));
    for (const line of ["Brands: Acme, Acme Partners", "Login: ben@acme.example", "Role: Agent", "Time zone: America/New_York"])
      expect(order).toContain(line);
    expect(order).toContain("Signature: Kind regards\nBen");
    expect(order).toContain("3. Under Brand access, tick exactly the brands on this card.");
    expect(order).toMatch(/Approved by: Omar Farouk/);
    await cardSaying(
      ben,
      { title },
      "Waiting to be set up",
      "Approval: Approved by Omar Farouk",
      "Setup: Waiting for Support tools team (",
    );

    await press(ryan, await cardSaying(ryan, work), "Claim");
    await press(ryan, await cardSaying(ryan, work, "has been on it"), "Confirm done");
    expect(await ryan.submit(filled(ryan.modal(), { login: "b.carter" }))).toEqual({ ok: true });
    await cardSaying(ben, { title }, "Complete", "Login: b.carter");
    const held =
      await it.sql`select c.login, a.entitlement_id, a.state from assignment a join account c on c.id = a.account_id where a.person_id = 'E016'`;
    expect(held).toMatchObject([{ login: "b.carter", entitlement_id: "agent", state: "active" }]);
  });

  test("IDH-9 a group's task is claimed by one, everybody sees who, and a release gives it back", async () => {
    const [farah, kenji, sofia, jasmine] = [as("farah"), as("kenji"), as("sofia"), as("jasmine")];
    const number = await ask(farah, "zendesk", { entitlements: ["macro-editor"], "form.brands": ["Acme Pro"] });
    await press(kenji, await cardSaying(kenji, { title: `Request ${number}: Zendesk` }), "Approve");
    const work = { title: `Request ${number}: Zendesk, to set up`, in: "support-tools" };
    const unclaimed = await cardSaying(sofia, work, "Claim it first");
    expect(buttonsOf(unclaimed)).toEqual(["Claim"]);
    await press(sofia, unclaimed, "Claim");
    const claimed = await cardSaying(jasmine, work, "Sofia Rossi has been on it since", "Only Sofia Rossi can confirm or release it");

    await press(jasmine, claimed, "Confirm done");
    await whisper(jasmine, "Sofia Rossi is on it. To take over, ask Sofia Rossi to release it.");
    expect(jasmine.modal()).toBeUndefined();
    await press(jasmine, claimed, "Release");
    await press(sofia, claimed, "Release");
    await whisper(sofia, `Request ${number} is free again`);
    await press(jasmine, await cardSaying(jasmine, work, "Claim it first"), "Claim");
    await cardSaying(sofia, work, "Jasmine Lee has been on it since");
  });

  test("NWX-3 the order goes from pending to transmitted as a recorded move, with the time and whose list it came to", async () => {
    const [chloe, ines, lena] = [as("chloe"), as("ines"), as("lena")];
    const number = await ask(chloe, "crm", { entitlements: ["report-builder"], "form.region": "EMEA" });
    await press(ines, await cardSaying(ines, { title: `Request ${number}: Salesforce` }), "Approve");
    await cardSaying(lena, { title: `Request ${number}: Salesforce, to set up`, in: "salesforce-admins" });
    const moves = (await events(number)).filter(({ life }) => life === "provisioning");
    expect(moves.map(({ kind, from_state, to_state }) => [kind, from_state, to_state])).toEqual([
      ["order-created", null, "pending"],
      ["order-transmitted", "pending", "transmitted"],
    ]);
    expect(moves[1]?.data).toMatchObject({ to: ["E007", "E008"] });
    const [order] = await it.sql`select o.transmitted_at from "order" o join line l on l.id = o.line_id where l.number = ${number}`;
    expect(order?.transmitted_at).toEqual(moves[1]?.at);
  });

  test("a group that has to give two approvals votes without claiming; the card counts the votes and names the voters", async () => {
    const [tomasz, katrin, hannah, jonas] = [as("tomasz"), as("katrin"), as("hannah"), as("jonas")];
    const number = await ask(tomasz, "jira", { entitlements: ["system-admin"], "form.projects": ["Platform"] });
    const asked = { title: `Request ${number}: Jira`, in: "security-approvals" };
    const open = await cardSaying(
      hannah,
      asked,
      "High risk.",
      "How long: 30 days",
      "Account type: Standard, gains privileged rights",
      "Approvals: 0 of 2",
    );
    expect(buttonsOf(open)).toEqual(["Approve", "Reject"]);
    await press(hannah, open, "Approve");
    await whisper(hannah, `Request ${number} needs 1 more`);
    await cardSaying(jonas, asked, "Approvals: 1 of 2", /Hannah Meier approved/);
    await cardSaying(tomasz, { title: asked.title }, "1 of 2 approvals");
    const own = await cardSaying(hannah, { title: asked.title }, "You approved this", "1 more approval is needed");
    expect(buttonsOf(own)).toEqual([]);
    await press(hannah, open, "Approve");
    await press(jonas, await cardSaying(jonas, { title: asked.title }, "Approvals: 1 of 2"), "Approve");
    await cardSaying(katrin, asked, "Approved by Hannah Meier and Jonas Keller", /Hannah Meier approved/);
    const votes =
      await it.sql`select person_id from vote v join task t on t.id = v.task_id join line l on l.id = t.line_id where l.number = ${number} order by 1`;
    expect(votes.map(({ person_id }) => person_id)).toEqual(["E006", "E032"]);
  });

  test("a single named fulfiller counts as claimer and confirms at once", async () => {
    const [oliver, nadia, siti] = [as("oliver"), as("nadia"), as("siti")];
    const number = await ask(oliver, "payroll", { entitlements: ["viewer"], "form.countries": ["Germany"] });
    await press(nadia, await cardSaying(nadia, { title: `Request ${number}: Payroll` }), "Approve");
    const work = await cardSaying(siti, { title: `Request ${number}: Payroll, to set up` }, "Confirm when it is done.");
    expect(buttonsOf(work)).toEqual(["Confirm done", "Report error"]);
    await press(siti, work, "Confirm done");
    expect(await siti.submit()).toEqual({ ok: true });
    await cardSaying(oliver, { title: `Request ${number}: Payroll` }, "Complete", "Setup: Done by Siti Rahman", "Login: oliver");
  });

  test("the home page shows tasks, requests and access, and follows every change while it is open", async () => {
    const [aisha, sofia, daniel] = [as("aisha"), as("sofia"), as("daniel")];
    const homeSays = (person: typeof aisha, ...words: readonly string[]) =>
      person.until(({ home }) => (words.every((word) => read(home).includes(word)) ? home : undefined), 10_000);
    for (const person of [aisha, sofia, daniel]) await person.home();
    await homeSays(aisha, "You have asked for nothing yet.", "You have no access through Latchkey yet.");
    await homeSays(sofia, "Nothing waits for you.");
    const number = await ask(aisha, "figma", { entitlements: ["viewer"] });
    await homeSays(aisha, "My requests (1)", `Request ${number}: View seat in Figma`, "Approval: Waiting. Setup: Not started.");
    const decide = await homeSays(sofia, "My tasks (1)", `Request ${number}: decide on View seat in Figma for Aisha Bello`);
    await sofia.click({ in: { view: decide.id }, text: "Approve" });
    await homeSays(sofia, "Nothing waits for you.");
    const task = await homeSays(daniel, `Request ${number}: set up View seat in Figma for Aisha Bello`);
    await daniel.click({ in: { view: task.id }, text: "Claim" });
    const claimed = await homeSays(daniel, "you have been on it since");
    await daniel.click({ in: { view: claimed.id }, text: "Confirm done" });
    expect(await daniel.submit()).toEqual({ ok: true });
    await homeSays(aisha, "Complete.", "My access (1)", "View seat in Figma, as aisha@acme.example");
    await homeSays(daniel, "Nothing waits for you.");
  });

  test("an order that can't be carried out is cancelled with a reason, and the requester hears it", async () => {
    const [mei, kenji, daniel] = [as("mei"), as("kenji"), as("daniel")];
    const number = await ask(mei, "figma", { entitlements: ["dev"] });
    const title = `Request ${number}: Figma`;
    const work = { title: `${title}, to set up`, in: "it-desk" };
    await press(kenji, await cardSaying(kenji, { title }), "Approve");
    await press(daniel, await cardSaying(daniel, work), "Claim");
    await press(daniel, await cardSaying(daniel, work, "has been on it"), "Report error");
    expect(await daniel.submit(filled(daniel.modal(), { reason: "The contract ended" }))).toEqual({ ok: true });
    await press(daniel, await cardSaying(daniel, { title: `${title}, error` }), "Cancel order");
    expect(await daniel.submit(filled(daniel.modal(), { reason: "Use the viewer instead" }))).toEqual({ ok: true });
    await cardSaying(mei, { title: `Request ${number} is cancelled` }, "Use the viewer instead");
    await cardSaying(mei, { title }, "Cancelled", "Setup: Cancelled by Daniel Reyes");
    await cardSaying(daniel, { title, in: "it-desk" }, "The contract ended", "Daniel Reyes cancelled it", "Use the viewer instead");
  });

  test("nobody to ask: the stand-ins of the configuration are asked, and an administrator hears of it", async () => {
    const [helen, tom, weiling] = [as("helen"), as("tom"), as("weiling")];
    const number = await ask(helen, "figma", { entitlements: ["viewer"] });
    const title = `Request ${number}: Figma`;
    await cardSaying(helen, { title }, "Approval: Waiting for");
    await cardSaying(weiling, { title }, "Who: Helen Brandt");
    await press(tom, await cardSaying(tom, { title }, "You are asked as a stand-in"), "Approve");
    await cardSaying(weiling, { title }, "Approved by Tom Fischer");
    await cardSaying(tom, { title: "Other people were asked" }, `Request ${number}`);
  });

  test("ASK-13 the time of an access is counted from the confirmation, not from the request", async () => {
    const [diego, omar, lena] = [as("diego"), as("omar"), as("lena")];
    const number = await ask(diego, "crm", { entitlements: ["report-builder"], "form.region": "AMER", until: "days:7" });
    await press(
      omar,
      await cardSaying(omar, { title: `Request ${number}: Salesforce` }, "How long: 7 days, from when it is set up"),
      "Approve",
    );
    const work = { title: `Request ${number}: Salesforce, to set up`, in: "salesforce-admins" };
    await press(lena, await cardSaying(lena, work), "Claim");
    const claimed = await cardSaying(lena, work, "has been on it");
    await quiet(it);
    // Only the superuser can move the clock of a real installation, and only by taking the lock off first.
    await it.sql`alter table clock disable trigger clock_only_in_playground`;
    await it.sql`insert into clock (ahead) values ('3 days')`;
    await press(lena, claimed, "Confirm done");
    expect(await lena.submit()).toEqual({ ok: true });
    await cardSaying(diego, { title: `Request ${number}: Salesforce` }, "Complete");
    const [held] = await it.sql`
      select l.submitted_at, a.from_at, a.until_at, a.until_at - a.from_at = interval '7 days' as seven, o.executed_at
      from assignment a join line l on l.id = a.line_id join "order" o on o.line_id = l.id where l.number = ${number}`;
    expect(held).toMatchObject({ seven: true });
    expect(held?.from_at).toEqual(held?.executed_at);
    expect(held?.from_at.getTime() - held?.submitted_at.getTime()).toBeGreaterThanOrEqual(3 * 86_400_000);
  });
});
