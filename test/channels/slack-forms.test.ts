import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { fieldFaultText, strangerText } from "../../src/cards/answers.ts";
import type { Typed } from "../../src/playground/slack/page-interface.ts";
import { en } from "../../src/texts/en.ts";
import { application, type Company, company, file, PEOPLE, POLICIES, person } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { filledIn, heldIn, hooked, inputOf, type Stage, said, stage, userOf, wordsOf } from "./stage.ts";

const long = (name: string) => `${name} ${"with a very long name, longer than any option of Slack may be, ".repeat(2)}`;

const APPLICATIONS = [
  application("crm", {
    form: [
      { id: "region", label: "Sales region", type: "choice", options: ["EMEA", "APAC"], required: true, hint: null, maxLength: null },
      { id: "note", label: "Note", type: "text", options: [], required: false, hint: null, maxLength: 20 },
    ],
    entitlements: [
      {
        id: "reports",
        name: "Report builder",
        description: "",
        policy: null,
        risk: "low",
        accountType: null,
        maxDuration: null,
        instructions: null,
      },
      {
        id: "admin",
        name: "Administrator",
        description: "",
        policy: null,
        risk: "high",
        accountType: null,
        maxDuration: { kind: "elapsed", seconds: 30 * 86_400 },
        instructions: null,
      },
    ],
  }),
  application("erp", {
    form: [
      {
        id: "region",
        label: "Plant",
        type: "choice",
        options: [long("North"), long("South")],
        required: true,
        hint: null,
        maxLength: null,
      },
      { id: "budget", label: "Budget", type: "number", options: [], required: false, hint: null, maxLength: null },
      { id: "agreed", label: "Agreed", type: "checkbox", options: [], required: true, hint: null, maxLength: null },
      {
        id: "city",
        label: "City",
        type: "choice",
        options: Array.from({ length: 150 }, (_, index) => `City ${index}`),
        required: false,
        hint: null,
        maxLength: null,
      },
    ],
  }),
  application("odd", { name: "100% _under\\score_ 🚀", keywords: ["rocket"] }),
  application("payroll", { requestableBy: { department: ["Finance"] } }),
];

/** A person for each test, so that none finds what another asked for. */
const ASKERS = Array.from({ length: 15 }, (_, index) => person(`asker${index}`, "max"));

describeWithDatabase("the request form in Slack", () => {
  let acme: Company;
  let it: Stage;
  let asker = -1;
  /** What is done before an operation answers; set by tests that need a slow or failing one. */
  let before: (name: string) => Promise<void> = async () => {};
  beforeAll(async () => {
    acme = await company({ catalogue: { applications: APPLICATIONS, policies: POLICIES }, people: [...PEOPLE, ...ASKERS] });
    it = await stage(hooked(acme.operations, (name) => before(name)));
    for (const one of ASKERS)
      it.world.world.users.set(userOf(one.id), { ...it.world.world.users.get("URITA")!, id: userOf(one.id), name: one.id });
  });
  beforeEach(() => {
    asker += 1;
    before = async () => {};
  });
  afterAll(async () => {
    await it.close();
    await acme.close();
  });

  const me = () => it.world.actAs(userOf(`asker${asker}`));
  const filed = async () => (await acme.operations.home(`asker${asker}`, { tasks: 0, requests: 0, access: 0 })).requests;
  /** Changes one field as a person would: typed text is remembered, choices are told to the app. */
  const choose = (field: string, value: Typed) => {
    const { block, action } = inputOf(me().modal(), field);
    return me().change({ block_id: block, action_id: action }, value);
  };
  const write = (field: string, value: string) => {
    const { block, action } = inputOf(me().modal(), field);
    return me().fill({ block_id: block, action_id: action }, value);
  };
  const errorAt = (field: string) => me().modal()?.errors[inputOf(me().modal(), field).block];

  test("IDH-2 what was typed stays while the form is drawn anew for a date and for another choice", async () => {
    await me().command("/request-access crm");
    await write("justification", "  I sell <things> & *more*  ");
    await write("form.note", "a note");
    expect(await choose("until", "date")).toEqual({ ok: true });
    expect(heldIn(me().modal(), "until_date")).toBeNull();
    expect(await choose("entitlements", ["reports"])).toEqual({ ok: true });
    expect(heldIn(me().modal(), "justification")).toBe("  I sell <things> & *more*  ");
    expect(heldIn(me().modal(), "form.note")).toBe("a note");
    expect(heldIn(me().modal(), "entitlements")).toEqual(["reports"]);
    expect(heldIn(me().modal(), "until")).toBe("date");
  });

  test("another application's questions take nothing over from the one chosen before; the reason stays", async () => {
    await me().command("/request-access crm");
    await write("justification", "both");
    await choose("form.region", "EMEA");
    const { block, action } = inputOf(me().modal(), "application");
    expect(await me().suggest({ block_id: block, action_id: action }, "erp")).toMatchObject({ ok: true, options: [{ value: "erp" }] });
    expect(await choose("application", "erp")).toEqual({ ok: true });
    expect(wordsOf(me().modal()?.blocks)).toContain(said(["Plant"]));
    expect(heldIn(me().modal(), "form.region")).toBeNull();
    expect(heldIn(me().modal(), "justification")).toBe("both");
  });

  test("a limit of what is chosen is said at the time, changes nothing silently, and goes with what brought it", async () => {
    await me().command("/request-access crm");
    expect(heldIn(me().modal(), "until")).toBe("for-good");
    await choose("entitlements", ["admin"]);
    expect(heldIn(me().modal(), "until")).toBe("for-good");
    expect(wordsOf(me().modal()?.blocks)).toContain(said(["As long as possible (30 days)"]));
    expect(wordsOf(me().modal()?.blocks)).toContain(said(["Administrator: at most 30 days."]));
    await choose("entitlements", []);
    expect(heldIn(me().modal(), "until")).toBe("for-good");
    expect(wordsOf(me().modal()?.blocks)).toContain(said(["As long as I need it"]));
    expect(wordsOf(me().modal()?.blocks)).not.toContain(said(["at most 30 days."]));
  });

  test("a time that is cut short is shown before it is filed, and each line gets its own", async () => {
    await me().command("/request-access crm");
    const answers = { justification: "both", entitlements: ["reports", "admin"], "form.region": "EMEA" };
    // Sent in one go, before the form was drawn with the limit.
    expect(await me().submit(filledIn(me().modal(), answers))).toEqual({ ok: true });
    expect((await filed()).total).toBe(0);
    expect(wordsOf(me().modal()?.blocks)).toContain(
      said(["Administrator: at most 30 days. Everything else: for as long as it is needed."]),
    );
    expect(heldIn(me().modal(), "justification")).toBe("both");
    expect(await me().submit()).toEqual({ ok: true });
    const untils = (await filed()).rows.map(({ entitlement, until }) => [entitlement?.id, until]);
    expect(untils.sort()).toEqual([
      ["admin", { kind: "days", days: 30 }],
      ["reports", null],
    ]);
  });

  test("sent before the application's questions were shown, the form shows them and files nothing", async () => {
    await me().command("/request-access");
    const { block, action } = inputOf(me().modal(), "application");
    const offered = await me().suggest({ block_id: block, action_id: action }, "");
    expect(offered).toMatchObject({ ok: true });
    expect("options" in offered ? offered.options?.map(({ value }) => value).sort() : []).toEqual(["crm", "erp", "odd"]);
    expect(await me().submit({ [block]: { [action]: "crm" } })).toEqual({ ok: true });
    expect(wordsOf(me().modal()?.blocks)).toContain(said(["Sales region"]));
    expect((await filed()).total).toBe(0);
  });

  test("wrong values are marked at their fields, and nothing typed is lost", async () => {
    await me().command("/request-access erp");
    const answers = { justification: " ", "form.budget": "12.5", "form.agreed": ["yes"], "form.region": null };
    const south = plant(me().modal()?.blocks, 1);
    const sent = await me().submit(filledIn(me().modal(), { ...answers, "form.region": south }));
    expect(sent).toMatchObject({ ok: false, error: "invalid_input" });
    expect(errorAt("justification")).toBe(fieldFaultText({ name: "missing", about: {} }, en));
    expect(heldIn(me().modal(), "form.budget")).toBe("12.5");
    await write("justification", "because");
    expect(await me().submit()).toEqual({ ok: true });
    const [line] = (await filed()).rows;
    // An option longer than Slack's values comes back in full.
    expect(line?.values).toEqual({ region: long("South"), budget: "12.5", agreed: true });
  });

  test("what was asked already is refused at its field, whatever the form still offers", async () => {
    await me().command("/request-access crm");
    await file(acme, `asker${asker}`, "crm", ["reports"]);
    const answers = filledIn(me().modal(), { justification: "again", entitlements: ["reports"], "form.region": "EMEA" });
    expect(await me().submit(answers)).toMatchObject({ ok: false, error: "invalid_input" });
    expect(Object.values(me().modal()?.errors ?? {}).join()).toContain("Report builder");
    expect(heldIn(me().modal(), "justification")).toBe("again");
    expect((await filed()).total).toBe(1);
  });

  test("any words are searched as they stand: percent signs, underscores, backslashes, emoji", async () => {
    await me().command("/request-access");
    const { block, action } = inputOf(me().modal(), "application");
    for (const query of ["100%", "_under", "\\score", "🚀", "100% _under\\score_ 🚀", "rocket"]) {
      expect(await me().suggest({ block_id: block, action_id: action }, query), query).toMatchObject({
        ok: true,
        options: [{ value: "odd" }],
      });
    }
    for (const query of ["%%%%", "____", "\\\\", "' or 1=1 --", "zzz", "x".repeat(64)]) {
      expect(await me().suggest({ block_id: block, action_id: action }, query), query).toMatchObject({ ok: true, options: [] });
    }
    expect(await me().suggest({ block_id: block, action_id: action }, "payroll")).toMatchObject({ ok: true, options: [] });
  });

  test("a list too long for Slack is searched by typing", async () => {
    await me().command("/request-access erp");
    const { block, action } = inputOf(me().modal(), "form.city");
    expect(await me().suggest({ block_id: block, action_id: action }, "CITY 149")).toMatchObject({
      ok: true,
      options: [{ value: "City 149" }],
    });
    const all = await me().suggest({ block_id: block, action_id: action }, "");
    expect("options" in all && all.options?.length).toBe(100);
  });

  test("words that Slack wrote as entities are searched as they were typed", async () => {
    await me().command("/request-access R&D <crm>");
    expect(wordsOf(me().modal()?.blocks)).toContain(said([en.askForm.noMatch("R&D <crm>")]));
  });

  test("the same form delivered twice files once and gets the same answer; with other content it is refused", async () => {
    await me().command("/request-access crm");
    const modal = me().modal();
    const values = filledIn(modal, { justification: "once", entitlements: ["reports"], "form.region": "EMEA" });
    const open = structuredClone(it.world.world.modals.get(me().user));
    expect(await me().submit(values)).toEqual({ ok: true });
    // The person's modal is put back, and sent again as Slack's client would after a lost answer.
    it.world.world.modals.set(me().user, open ?? []);
    expect(await me().submit(values)).toEqual({ ok: true });
    expect((await filed()).total).toBe(1);
    it.world.world.modals.set(me().user, structuredClone(open) ?? []);
    expect(await me().submit(filledIn(modal, { justification: "other", entitlements: ["reports"], "form.region": "EMEA" }))).toMatchObject({
      ok: false,
      error: "invalid_input",
    });
    expect((await filed()).total).toBe(1);
  });

  test("when Slack can't open the form, the command's answer says to try again", async () => {
    it.world.world.faults.push({ method: "views.open", type: "fail", status: 503, times: 1 });
    expect(await me().command("/request-access")).toMatchObject({ ok: true, seen: en.slack.notOpened });
    it.world.world.faults.push({ method: "views.open", type: "rateLimit", retryAfter: 30, times: 1 });
    expect(await me().command("/request-access")).toMatchObject({ ok: true, seen: en.slack.notOpened });
    expect(await me().command("/request-access")).toEqual({ ok: true });
    expect(me().modal()).toBeDefined();
  });

  test("when filing takes longer than Slack waits, the form says so, loses nothing, and sending it again gives the answer", async () => {
    await me().command("/request-access crm");
    let finish: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    before = (name) => (name === "ask" ? slow : Promise.resolve());
    const values = filledIn(me().modal(), { justification: "slowly", entitlements: ["reports"], "form.region": "EMEA" });
    expect(await me().submit(values)).toMatchObject({ ok: false, error: "invalid_input" });
    expect(Object.values(me().modal()?.errors ?? {})).toEqual([en.slack.stillWorkingForm]);
    finish();
    before = async () => {};
    await expect.poll(async () => (await filed()).total).toBe(1);
    expect(await me().submit()).toEqual({ ok: true });
    expect((await filed()).total).toBe(1);
  });

  test("when filing fails, the form says so and loses nothing", async () => {
    await me().command("/request-access crm");
    before = (name) => (name === "ask" ? Promise.reject(new Error("the database is away")) : Promise.resolve());
    const values = filledIn(me().modal(), { justification: "later", entitlements: ["reports"], "form.region": "EMEA" });
    expect(await me().submit(values)).toMatchObject({ ok: false, error: "invalid_input" });
    expect(Object.values(me().modal()?.errors ?? {})).toEqual([en.channel.wentWrong]);
    before = async () => {};
    expect(await me().submit()).toEqual({ ok: true });
  });

  test("who isn't known is told what to do, and gets no form", async () => {
    const nobody = it.world.actAs("UNOBODY");
    expect(await nobody.command("/request-access")).toMatchObject({ ok: true, seen: plainly(strangerText("not-linked", en)) });
    expect(nobody.modal()).toBeUndefined();
    const guest = it.world.actAs("UGUEST");
    expect(await guest.command("/request-access")).toMatchObject({ ok: true, seen: plainly(strangerText("guest", en)) });
    it.world.world.faults.push({ method: "users.info", type: "fail", status: 500, times: 1 });
    expect(await nobody.command("/request-access")).toMatchObject({ seen: plainly(strangerText("directory-silent", en)) });
    await nobody.home();
    await expect.poll(() => wordsOf(nobody.sees().home?.blocks)).toContain(said(strangerText("not-linked", en)));
  });
});

const plainly = (text: ReturnType<typeof strangerText>) => text.map((piece) => (typeof piece === "string" ? piece : "")).join("");

/** The value of an option of the field `form.region`. */
function plant(blocks: unknown, index: number): string {
  const found = JSON.stringify(blocks).matchAll(/"value":"(~[\w-]{43})"/g);
  return [...found][index]?.[1] ?? "";
}
