import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { requestCard } from "../../src/cards/request-card.ts";
import type { Typed } from "../../src/playground/slack/page-interface.ts";
import { en } from "../../src/texts/en.ts";
import { application, type Company, company, on, PEOPLE, POLICIES, person } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { filledIn, heldIn, hooked, inputOf, type Stage, said, stage, TEAM, userOf, wordsOf } from "./stage.ts";

const role = (id: string, name: string, days: number | null = null) => ({
  id,
  name,
  description: "",
  policy: null,
  risk: "low" as const,
  accountType: null,
  maxDuration: days === null ? null : ({ kind: "elapsed", seconds: days * 86_400 } as const),
  instructions: null,
});

const APPLICATIONS = [
  application("crm", {
    name: "CRM",
    form: [{ id: "region", label: "Sales region", type: "choice", options: ["EMEA", "APAC"], required: true, hint: null, maxLength: null }],
    entitlements: [role("reports", "Report builder"), role("export", "Export"), role("admin", "Administrator", 30)],
  }),
  ...["ledger", "budget", "invoices", "treasury"].map((id) => application(id, { requestableBy: { department: ["Finance"] } })),
];

const ASKERS = Array.from({ length: 12 }, (_, index) => person(`asker${index}`, "max"));

describeWithDatabase("asking in Slack, for oneself and for others", () => {
  let acme: Company;
  let it: Stage;
  let asker = -1;
  let before: (name: string) => Promise<void> = async () => {};
  beforeAll(async () => {
    const people = [
      ...PEOPLE,
      ...ASKERS,
      person("fay", "max", { department: "Finance", name: "Fay Finch" }),
      person("gone", "max", { state: "left" }),
      person("goer", "max"),
    ];
    acme = await company({ catalogue: { applications: APPLICATIONS, policies: POLICIES }, people });
    it = await stage(hooked(acme.operations, (name) => before(name)));
    for (const one of ASKERS)
      it.world.world.users.set(userOf(one.id), { ...it.world.world.users.get("URITA")!, id: userOf(one.id), name: one.id });
  });
  beforeEach(() => {
    asker += 1;
    before = async () => {};
    it.logged.length = 0;
  });
  afterAll(async () => {
    await it.close();
    await acme.close();
  });

  const me = () => it.world.actAs(userOf(`asker${asker}`));
  const filed = async (who = `asker${asker}`) => (await acme.operations.home(who, { tasks: 0, requests: 0, access: 0 })).requests.rows;
  const at = (field: string) => {
    const { block, action } = inputOf(me().modal(), field);
    return { block_id: block, action_id: action };
  };
  const choose = (field: string, value: Typed) => me().change(at(field), value);
  const write = (field: string, value: string) => me().fill(at(field), value);
  const words = () => wordsOf(me().modal()?.blocks);
  /** A person is chosen as Slack does it: searched, then picked. */
  const forWhom = async (typed: string) => {
    const offered = await me().suggest(at("for"), typed);
    const [first] = ("options" in offered && offered.options) || [];
    expect(await choose("for", first?.value ?? "")).toEqual({ ok: true });
  };
  const updates = () => it.world.world.calls.filter(({ method }) => method === "views.update");

  test.each([
    ["the command", "budget", () => me().command("/request-access")],
    ["the global shortcut", "invoices", () => me().shortcut("request_access")],
    [
      "the home page's button",
      "treasury",
      async () => {
        await me().home();
        const home = await me().until((seen) => (seen.home && seen.home.blocks.length > 1 ? seen.home : null));
        return me().click({ in: home, text: en.buttons.ask });
      },
    ],
  ] as const)("ASK-18: %s opens a form for oneself that can be turned to somebody else", async (_, wanted, open) => {
    expect(await open()).toEqual({ ok: true });
    expect(heldIn(me().modal(), "for")).toBe(`asker${asker}`);
    expect(words()).toContain(said(["For whom?"]));
    await forWhom("finch");
    expect(heldIn(me().modal(), "for")).toBe("fay");
    expect(words()).toContain(said([en.askForm.forWhomHint("Fay Finch")]));
    const offered = await me().suggest(at("application"), wanted);
    expect("options" in offered ? offered.options?.map(({ value }) => value) : []).toEqual([wanted]);
    expect(await choose("application", wanted)).toEqual({ ok: true });
    expect(words()).toContain(said(["Once sent: 1. Max (manager) → set up by Salesforce admins"]));
    expect(await me().submit(filledIn(me().modal(), { justification: "New in Finance" }))).toEqual({ ok: true });
    const both = { requester: `asker${asker}`, beneficiary: "fay", justification: "New in Finance", application: { id: wanted } };
    expect(await filed()).toMatchObject([both]);
    expect((await filed("fay")).filter(({ application }) => application.id === wanted)).toMatchObject([both]);
  });

  test("ASK-18: turning the form to somebody else and back loses nothing that was typed", async () => {
    await me().command("/request-access crm");
    await write("justification", "Forecasts <for> *all*");
    await choose("form.region", "APAC");
    await choose("entitlements", ["reports"]);
    await forWhom("stan");
    expect(words()).toContain(said(["What does Stan need there?"]));
    await forWhom("tom");
    for (const [field, value] of [
      ["justification", "Forecasts <for> *all*"],
      ["form.region", "APAC"],
      ["entitlements", ["reports"]],
    ] as const)
      expect(heldIn(me().modal(), field), field).toEqual(value);
    expect(await me().submit()).toEqual({ ok: true });
    expect(await filed("tom")).toMatchObject([{ requester: `asker${asker}`, beneficiary: "tom", values: { region: "APAC" } }]);
  });

  test("ASK-18: an application closed to the one chosen now stays with what was typed; sending it is refused", async () => {
    await me().command("/request-access");
    await forWhom("finch");
    await me().suggest(at("application"), "ledger");
    await choose("application", "ledger");
    await write("justification", "kept");
    await forWhom("stan");
    expect(words()).toContain(said(["Ledger can't be asked for, for Stan."]));
    expect(heldIn(me().modal(), "justification")).toBe("kept");
    expect(await me().submit()).toMatchObject({ ok: false });
    expect(Object.values(me().modal()?.errors ?? {}).join()).toContain("Ledger can't be asked for, for Stan");
    expect(await filed()).toEqual([]);
  });

  test("ASK-18: who left isn't offered, and is refused when a form names them all the same", async () => {
    await me().command("/request-access crm");
    expect(await me().suggest(at("for"), "gone")).toMatchObject({ ok: true, options: [] });
    for (const typed of ["%", "\\", "' or 1=1 --", "🚀", "x".repeat(64), ":* & |"])
      expect(await me().suggest(at("for"), typed), typed).toMatchObject({ ok: true, options: [] });
    const [first] =
      ((await me().suggest(at("for"), "")) as { options?: readonly { value: string; text: { text: string } }[] }).options ?? [];
    expect(first).toMatchObject({ value: `asker${asker}` });
    await forWhom("goer");
    await acme.connection.sql`update person set state = 'left' where id = 'goer'`;
    expect(await me().submit(filledIn(me().modal(), { justification: "late", "form.region": "EMEA" }))).toMatchObject({ ok: false });
    expect(me().modal()?.errors[inputOf(me().modal(), "for").block]).toContain("Goer is not listed as active");
    expect(await filed("goer")).toEqual([]);
  });

  test("ticks in quick succession end in a form drawn for the last of them, and keep what was typed", async () => {
    await me().command("/request-access crm");
    await write("justification", "quickly");
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let drawn = 0;
    before = (name) => (name === "askView" && drawn++ === 0 ? held : Promise.resolve());
    const first = choose("entitlements", ["reports"]);
    await expect.poll(() => drawn).toBe(1);
    const second = choose("entitlements", ["reports", "admin"]);
    const third = choose("until", "days:90");
    release();
    expect(await Promise.all([first, second, third])).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(words()).toContain(said(["Administrator: at most 30 days. Everything else: 90 days."]));
    expect(heldIn(me().modal(), "entitlements")).toEqual(["reports", "admin"]);
    expect(heldIn(me().modal(), "justification")).toBe("quickly");
    expect(it.logged).toEqual([]);
  });

  test("a click that Slack sends before it has seen the last drawing is drawn all the same", async () => {
    await me().command("/request-access crm");
    await choose("entitlements", ["admin"]);
    const modal = it.world.world.modals.get(me().user)?.at(-1);
    if (!modal) throw new Error("no form");
    // As a client that still has the drawing before: its hash is old.
    const hash = modal.hash;
    await choose("until", "date");
    const newest = modal.hash;
    modal.hash = hash;
    const late = choose("until", "days:7");
    modal.hash = newest;
    expect(await late).toEqual({ ok: true });
    expect(words()).not.toContain(said(["at most 30 days."]));
    expect(() => inputOf(me().modal(), "until_date")).toThrow("no field");
    expect(it.logged).toEqual([]);
  });

  test("a drawing that another process overtook is drawn again: hash_conflict is nothing that anybody hears of", async () => {
    await me().command("/request-access crm");
    it.world.world.faults.push({ method: "views.update", type: "refuse", error: "hash_conflict", times: 1 });
    await choose("entitlements", ["admin"]);
    expect(words()).toContain(said(["Administrator: at most 30 days."]));
    expect(it.logged).toEqual([]);
  });

  test("a tick that changes nothing else leaves the form alone, so that an open list stays open", async () => {
    await me().command("/request-access crm");
    const calls = updates().length;
    await choose("entitlements", ["reports"]);
    await choose("entitlements", ["reports", "export"]);
    expect(updates()).toHaveLength(calls);
    await choose("entitlements", ["reports", "admin"]);
    expect(updates()).toHaveLength(calls + 1);
    await choose("entitlements", ["reports"]);
    expect(updates()).toHaveLength(calls + 2);
    expect(words()).not.toContain(said(["at most 30 days."]));
  });

  test("Request again opens the form as it was filled in, for the one it was for", async () => {
    await me().command("/request-access crm");
    await forWhom("uma");
    await choose("form.region", "APAC");
    expect(await me().submit(filledIn(me().modal(), { justification: "Quarter end", entitlements: ["export"], until: "days:90" }))).toEqual(
      { ok: true },
    );
    const [line] = await filed();
    if (!line) throw new Error("nothing was filed");
    expect(await on(acme, line.number, "cleo", { verb: "reject", reason: "Not now" })).toMatchObject({ ok: true });
    const view = await acme.operations.request(line.requestId);
    if (!view) throw new Error("the request is gone");
    const posted = await it.slack.channel.post({ kind: "direct", home: TEAM, user: me().user }, requestCard(view, en), `again:${line.id}`);
    if (posted.type !== "done") throw new Error(posted.why);
    const card = { channel: posted.value.conversation, message: posted.value.message };
    expect(await me().click({ in: card, text: en.buttons.askAgain })).toEqual({ ok: true });
    const held = ["for", "application", "entitlements", "justification", "until", "form.region"].map((field) =>
      heldIn(me().modal(), field),
    );
    expect(held).toEqual(["uma", "crm", ["export"], "Quarter end", "days:90", "APAC"]);
    expect(words()).toContain(said([en.askForm.again(line.number)]));
    expect(await me().submit()).toEqual({ ok: true });
    expect((await filed()).map(({ number, beneficiary, approval }) => [number > line.number, beneficiary, approval])).toEqual([
      [true, "uma", "pending"],
      [false, "uma", "rejected"],
    ]);
  });

  test("a typing error is answered with what was meant, in the form and in its list", async () => {
    await me().command("/request-access legder");
    expect(words()).toContain(said(["There is Ledger, but it is not open to you: ask Cleo."]));
    await forWhom("finch");
    expect(words()).toContain(said(['Nothing fits "legder". Did you mean Ledger?']));
    expect(await me().suggest(at("application"), "leger")).toMatchObject({ ok: true, options: [{ value: "ledger" }] });
  });
});
