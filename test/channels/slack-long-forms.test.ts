/** Request forms with more questions than one modal of Slack holds: page by page, through the real channel and a real database. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { prune } from "../../src/db/outbox.ts";
import type { FormField } from "../../src/domain/catalogue.ts";
import type { Typed } from "../../src/playground/slack/page-interface.ts";
import { en } from "../../src/texts/en.ts";
import { application, type Company, company, file, PEOPLE, POLICIES, person } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { filledIn, heldIn, inputOf, postTask, type Stage, said, stage, userOf, wordsOf } from "./stage.ts";

const TYPES = ["text", "long_text", "choice", "choices", "number", "date", "checkbox"] as const;
const QUESTIONS = Array.from({ length: 200 }, (_, index): FormField => {
  const type = TYPES[index % TYPES.length] ?? "text";
  const options = type === "choice" || type === "choices" ? ["~ one", "two", `of ${index}`] : [];
  const maxLength = type === "text" || type === "long_text" ? 300 : null;
  return { id: `q${index}`, label: `Question ${index}?`, type, options, required: type !== "checkbox", hint: `Hint ${index}`, maxLength };
});
const BIG = Array.from({ length: 12 }, (_, index): FormField => {
  return { id: `b${index}`, label: `Story ${index}`, type: "long_text", options: [], required: false, hint: null, maxLength: null };
});
const entitlement = { description: "", policy: null, risk: "low" as const, accountType: null, maxDuration: null, instructions: null };
const ENTITLEMENTS = ["a", "b"].map((id) => ({ ...entitlement, id, name: id }));
const APPLICATIONS = [
  application("long", { form: QUESTIONS, entitlements: ENTITLEMENTS }),
  application("big", { form: BIG }),
  application("crm", { form: QUESTIONS.slice(0, 3) }),
  application("bare", { form: QUESTIONS }),
];
const ASKERS = Array.from({ length: 12 }, (_, index) => person(`asker${index}`, "max"));

/** What is typed into a question, and how it stands in the request. */
function answerTo({ id, type }: FormField): Typed {
  switch (type) {
    case "text":
    case "long_text":
      return `${id} <!here> & ${"said ".repeat(20)}`.trim();
    case "choice":
      return `of ${id.slice(1)}`;
    case "choices":
      return ["two", `of ${id.slice(1)}`];
    case "number":
      return `${id.slice(1)}.5`;
    case "date":
      return "2027-01-31";
    case "checkbox":
      return ["yes"];
  }
}
const stands = (field: FormField) => (field.type === "checkbox" ? true : answerTo(field));

describeWithDatabase("a request form with more questions than a modal holds", () => {
  let acme: Company;
  let it: Stage;
  let asker = -1;
  beforeAll(async () => {
    acme = await company({ catalogue: { applications: APPLICATIONS, policies: POLICIES }, people: [...PEOPLE, ...ASKERS] });
    it = await stage(acme.operations);
    for (const one of ASKERS)
      it.world.world.users.set(userOf(one.id), { ...it.world.world.users.get("URITA")!, id: userOf(one.id), name: one.id });
  });
  beforeEach(() => {
    asker += 1;
  });
  afterAll(async () => {
    await it.close();
    await acme.close();
  });

  const me = () => it.world.actAs(userOf(`asker${asker}`));
  const seen = () => wordsOf(me().modal()?.blocks);
  const filed = async () => (await acme.operations.home(`asker${asker}`, { tasks: 0, requests: 0, access: 0 })).requests;
  const kept = () => acme.connection.sql`select * from unsent_form where person_id = ${`asker${asker}`}`;
  const place = () => {
    const [, page = "1", pages = "1"] = /Page(\d+)of(\d+)/.exec(seen()) ?? [];
    return { page: Number(page), pages: Number(pages) };
  };
  const here = () => QUESTIONS.filter(({ id }) => heldIn(me().modal(), `form.${id}`) !== undefined);
  const fillPage = (more: Readonly<Record<string, Typed>> = {}) => {
    const own = Object.fromEntries(here().map((field) => [`form.${field.id}`, answerTo(field)]));
    return filledIn(me().modal(), { ...(place().page === 1 ? { justification: "because" } : {}), ...own, ...more });
  };
  const next = async (more?: Readonly<Record<string, Typed>>) => expect(await me().submit(fillPage(more))).toEqual({ ok: true });
  const back = async () => expect(await me().click({ in: me().modal()!, text: en.slack.back })).toEqual({ ok: true });
  const errorAt = (field: string) => me().modal()?.errors[inputOf(me().modal(), field).block];

  test("ASK-25 200 questions of all kinds are answered page by page, there and back, with a mistake on each page, and stand in the request", async () => {
    expect(await me().command("/request-access long")).toEqual({ ok: true });
    expect(place()).toEqual({ page: 1, pages: 4 });
    const { pages } = place();
    expect(await kept()).toHaveLength(0);
    for (let page = 1; page < pages; page++) {
      expect(place().page).toBe(page);
      expect(me().modal()?.submit?.text).toBe(en.slack.go);
      const text = here().find(({ type }) => type === "text")!.id;
      // Spaces pass Slack's own check, and are no answer.
      expect(await me().submit(fillPage({ [`form.${text}`]: "   " }))).toMatchObject({ ok: false, error: "invalid_input" });
      expect(errorAt(`form.${text}`)).toBeDefined();
      expect(place().page).toBe(page);
      await next();
      expect(place().page).toBe(page + 1);
      if (page === 1) await it.anotherProcess();
      // Half of the page is typed, and stays when somebody looks at the page before.
      const [first] = here().filter(({ type }) => type === "text");
      await me().fill({ block_id: inputOf(me().modal(), `form.${first?.id}`).block, action_id: `in.form.${first?.id}` }, "half typed");
      await back();
      expect(place().page).toBe(page);
      for (const field of here()) {
        const typed = answerTo(field);
        expect(heldIn(me().modal(), `form.${field.id}`), field.id).toEqual(typed);
      }
      if (page === 1) expect(heldIn(me().modal(), "justification")).toBe("because");
      expect(await me().submit()).toEqual({ ok: true });
      expect(heldIn(me().modal(), `form.${first?.id}`)).toBe("half typed");
    }
    expect(me().modal()?.submit?.text).toBe(en.askForm.submit);
    expect((await filed()).total).toBe(0);
    await next();
    expect(me().modal()).toBeUndefined();
    const [line] = (await filed()).rows;
    expect(line?.values).toEqual(Object.fromEntries(QUESTIONS.map((field) => [field.id, stands(field)])));
    expect(line?.justification).toBe("because");
    // Whoever decides reads them all, and Slack takes the card.
    const card = await postTask(it, acme, line?.number ?? 0, { person: "max" });
    const posted = it.world
      .actAs(userOf("max"))
      .conversation(card.channel)
      ?.messages.find(({ ts }) => ts === card.message);
    for (const { label } of QUESTIONS) expect(wordsOf(posted?.blocks)).toContain(said([label]));
  });

  test("ASK-25 sent again, no page has a second effect, and the whole is filed once", async () => {
    await me().command("/request-access long");
    const stack = () => structuredClone(it.world.world.modals.get(me().user)) ?? [];
    for (let page = 1; page <= 4; page++) {
      const [open, values] = [stack(), fillPage()];
      expect(await me().submit(values)).toEqual({ ok: true });
      const [after, rows] = [seen(), (await kept()).map(({ answers }) => answers)];
      it.world.world.modals.set(me().user, open);
      expect(await me().submit(values)).toEqual({ ok: true });
      expect(seen()).toBe(after);
      expect((await kept()).map(({ answers }) => answers)).toEqual(rows);
    }
    expect((await filed()).total).toBe(1);
  });

  test("ASK-25 what is refused at the end because of another page opens that page, with a mark and everything that was typed", async () => {
    await me().command("/request-access long");
    await next({ entitlements: ["a"] });
    for (let page = 2; page < 4; page++) await next();
    // Filed meanwhile in another way: the same can't be asked for twice.
    const values = Object.fromEntries(QUESTIONS.map((field) => [field.id, stands(field)]));
    await file(acme, `asker${asker}`, "long", ["a"], values as never);
    await next();
    expect(place().page).toBe(1);
    expect(seen()).toContain(said([en.slack.lookAgain]));
    expect(heldIn(me().modal(), "justification")).toBe("because");
    expect((await filed()).total).toBe(1);
    expect(await me().submit(filledIn(me().modal(), { entitlements: ["b"] }))).toEqual({ ok: true });
    for (let page = 2; page <= 4; page++) {
      for (const field of here()) expect(heldIn(me().modal(), `form.${field.id}`), field.id).toEqual(answerTo(field));
      expect(await me().submit()).toEqual({ ok: true });
    }
    expect((await filed()).rows.map(({ entitlement }) => entitlement?.id).sort()).toEqual(["a", "b"]);
  });

  test("ASK-25 whoever has got all of it meanwhile is told so, on the one page that is left", async () => {
    await me().command("/request-access bare");
    for (let page = 1; page < 4; page++) await next();
    const values = Object.fromEntries(QUESTIONS.map((field) => [field.id, stands(field)]));
    await file(acme, `asker${asker}`, "bare", [], values as never);
    await next();
    expect(place().pages).toBe(1);
    expect(seen()).toContain(said([en.slack.lookAgain]));
    expect((await filed()).total).toBe(1);
  });

  test("ASK-25 a form that was left for a day says so, keeps the page that was just filled in, and can be finished", async () => {
    await me().command("/request-access long");
    await next();
    await prune(acme.connection.db);
    expect(await kept()).toHaveLength(1);
    await acme.connection.sql`update unsent_form set at = app_now() - interval '25 hours' where person_id = ${`asker${asker}`}`;
    await prune(acme.connection.db);
    expect(await kept()).toHaveLength(0);
    const second = here();
    await next();
    expect(place().page).toBe(1);
    expect(seen()).toContain(said([en.slack.pagesGone]));
    expect(heldIn(me().modal(), "application")).toBe("long");
    await next();
    expect(place().page).toBe(2);
    for (const field of second) expect(heldIn(me().modal(), `form.${field.id}`), field.id).toEqual(answerTo(field));
    for (let page = 2; page <= 4; page++) await next();
    expect((await filed()).total).toBe(1);
  });

  test("THREAT-8 a view that somebody else fills in gives away nothing of it and files nothing", async () => {
    await me().command("/request-access long");
    await next({ justification: "between us" });
    const theirs = it.world.world.modals.get(me().user) ?? [];
    it.world.world.modals.delete(me().user);
    asker += 1;
    // The same window, page and all, comes with another person's login.
    it.world.world.modals.set(
      me().user,
      theirs.map((view) => ({ ...view, user: me().user })),
    );
    await next();
    expect(place().page).toBe(1);
    expect(seen()).toContain(said([en.slack.pagesGone]));
    expect(JSON.stringify(me().modal())).not.toContain("between us");
    expect((await filed()).total).toBe(0);
    it.world.world.modals.delete(me().user);
  });

  test("ASK-25 a form that grows too big for one modal while it is filled in goes on in pages, with every word", async () => {
    const story = "ä".repeat(3000);
    await me().command("/request-access big");
    expect(place().pages).toBe(1);
    for (const { id } of BIG) {
      const { block, action } = inputOf(me().modal(), `form.${id}`);
      await me().fill({ block_id: block, action_id: action }, story);
    }
    const { block, action } = inputOf(me().modal(), "until");
    expect(await me().change({ block_id: block, action_id: action }, "days:30")).toEqual({ ok: true });
    const { pages } = place();
    expect(pages).toBeGreaterThan(1);
    expect(await me().submit(filledIn(me().modal(), { justification: "because" }))).toEqual({ ok: true });
    for (let page = 2; page <= pages; page++) {
      expect(place()).toEqual({ page, pages });
      expect(await me().submit()).toEqual({ ok: true });
    }
    const [line] = (await filed()).rows;
    expect(line?.values).toEqual(Object.fromEntries(BIG.map(({ id }) => [id, story])));
    expect(line?.until).toEqual({ kind: "days", days: 30 });
  });

  test("another application's form, which fits, is one modal again; and nothing is kept of it", async () => {
    await me().command("/request-access long");
    expect(place().pages).toBe(4);
    const { block, action } = inputOf(me().modal(), "application");
    await me().suggest({ block_id: block, action_id: action }, "crm");
    expect(await me().change({ block_id: block, action_id: action }, "crm")).toEqual({ ok: true });
    expect(place().pages).toBe(1);
    expect(here()).toHaveLength(3);
    await next();
    expect(me().modal()).toBeUndefined();
    expect((await filed()).total).toBe(1);
    expect(await kept()).toHaveLength(0);
  });
});
