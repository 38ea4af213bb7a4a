/** An application as large as they come, through the real channel: asked for, decided and done without a word being lost on the way. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FormField } from "../../src/domain/catalogue.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { en } from "../../src/texts/en.ts";
import { application, type Company, company, file, on, openTask } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { filledIn, inputOf, postTask, type Stage, said, stage, toldTo, userOf, wordsOf } from "./stage.ts";

const QUESTIONS = 80;
const OPTIONS = Array.from({ length: 60 }, (_, index) => `Option ${index}`);
const form = Array.from({ length: QUESTIONS }, (_, index): FormField => {
  const type = (["text", "choice", "long_text", "choices", "date"] as const)[index % 5] ?? "text";
  const options = type === "choice" || type === "choices" ? OPTIONS : [];
  return { id: `q${index}`, label: `Question ${index}`, type, options, required: index % 2 === 0, hint: `Hint ${index}`, maxLength: null };
});
const entitlements = Array.from({ length: 300 }, (_, index) => ({
  id: `role-${index}`,
  name: `Role ${index}`,
  description: `What role ${index} allows`,
  policy: null,
  risk: "high" as const,
  accountType: null,
  maxDuration: null,
  instructions: null,
}));
const STEPS = Array.from({ length: 500 }, (_, index) => `${index}. press it <!here> *x*`).join("\n");
const LARGE = application("large", { name: "Large", form, entitlements, instructions: { create: STEPS, update: STEPS } });

describeWithDatabase("an application as large as they come", () => {
  let acme: Company;
  let it: Stage;
  beforeAll(async () => {
    acme = await company({ catalogue: { applications: [LARGE] } });
    it = await stage(acme.operations);
  });
  afterAll(async () => {
    await it.close();
    await acme.close();
  });

  const as = (name: string) => it.world.actAs(userOf(name));
  const answers = Object.fromEntries(
    form
      .filter(({ type }) => type === "text" || type === "long_text")
      .map(({ id, type }) => [id, `${id} ${"said ".repeat(type === "text" ? 10 : 100)}`]),
  );
  const complete = {
    ...answers,
    ...Object.fromEntries(form.filter(({ type }) => type === "choice").map(({ id }) => [id, "Option 7"])),
    ...Object.fromEntries(form.filter(({ type }) => type === "date").map(({ id }) => [id, "2027-01-31"])),
  };

  test("ASK-25 a form of 80 questions is one modal; 300 entitlements and long lists are chosen by typing; it is sent with everything in it", async () => {
    const rita = as("rita");
    expect(await rita.command("/request-access large")).toEqual({ ok: true });
    const modal = rita.modal();
    expect(modal?.blocks.filter(({ type }) => type === "input").length).toBeGreaterThan(QUESTIONS);
    expect(wordsOf(modal?.blocks)).toContain(said([`Question ${QUESTIONS - 1}`]));
    const choose = async (field: string, query: string) => {
      const { block, action } = inputOf(rita.modal(), field);
      const offered = await rita.suggest({ block_id: block, action_id: action }, query);
      const options = ("options" in offered && offered.options) || [];
      expect(options.length).toBeLessThanOrEqual(100);
      return options[0]?.value ?? "";
    };
    const role = await choose("entitlements", "role 217");
    const typed: Record<string, string | readonly string[]> = { justification: "Everything ".repeat(250), entitlements: [role] };
    for (const { id, type, required } of form) {
      if (type === "choice") typed[`form.${id}`] = await choose(`form.${id}`, "option 7");
      else if (type === "choices" && required) typed[`form.${id}`] = [await choose(`form.${id}`, "option 9")];
      else if (type === "date") typed[`form.${id}`] = "2027-01-31";
      else if (type !== "choices") typed[`form.${id}`] = answers[id] ?? "";
    }
    expect(await rita.submit(filledIn(modal, typed as never))).toEqual({ ok: true });
    const [line] = (await acme.operations.home("rita", { tasks: 0, requests: 0, access: 0 })).requests.rows;
    expect(line).toMatchObject({ entitlement: { id: "role-217" }, values: { q0: answers.q0, q76: "Option 7" } });
  });

  test("ASK-25 what the fulfiller's card has no room for opens in pages, word for word, for whom it concerns and nobody else", async () => {
    const multiple = Object.fromEntries(
      form.filter(({ type, required }) => type === "choices" && required).map(({ id }) => [id, ["Option 9"]]),
    );
    const [number = 0] = await file(acme, "stan", "large", ["role-1"], { ...complete, ...multiple } as never);
    const max = as("max");
    const card = await postTask(it, acme, number, { person: "max" });
    const message = max
      .sees()
      .conversations.flatMap(({ messages }) => messages)
      .find(({ ts }) => ts === card.message);
    const onCard = wordsOf(message?.blocks);
    for (const always of [en.labels.risk, en.risk.high, en.labels.accountType, en.labels.howLong]) expect(onCard).toContain(said([always]));
    expect(onCard).not.toContain(said(["Question 77"]));
    expect(onCard).toMatch(/morepartshadnoroomhere/);

    expect(await max.click({ in: message!, text: en.buttons.showAll })).toEqual({ ok: true });
    const read = async (name: string) => {
      let words = "";
      for (let page = 1; ; page++) {
        const view = as(name).sees().modals.at(-1);
        words += wordsOf(view?.blocks.filter(({ block_id }) => block_id !== "page" && block_id !== "turn"));
        const total = Number(/Page\d+of(\d+)/.exec(wordsOf(view?.blocks))?.[1] ?? 1);
        if (page >= total) return { words, pages: total };
        expect(await as(name).click({ in: view!, text: en.buttons.later })).toEqual({ ok: true });
      }
    };
    const approval = await read("max");
    for (const [id, answer] of Object.entries(answers)) expect(approval.words, id).toContain(said([answer.trim()]));
    await max.close();

    expect(await on(acme, number, "max", { verb: "approve", comment: null })).toMatchObject({ ok: true });
    const [row] = await acme.connection.sql`select id from line where number = ${number}`;
    await transmit(acme.world, String(row?.id));
    const work = await postTask(it, acme, number, { channel: "hands" });
    const posted = as("lena")
      .conversation("hands")
      ?.messages.find(({ ts }) => ts === work.message);
    // The beginning of the instructions stands on the card in one piece, as far as there is room.
    expect(wordsOf(posted?.blocks)).toContain(said([STEPS.slice(0, 5_000)]));
    expect(await as("lena").click({ in: posted!, text: en.buttons.showAll })).toEqual({ ok: true });
    const whole = await read("lena");
    expect(whole.words).toContain(said([STEPS]));
    expect(whole.pages).toBeGreaterThan(0);
    await as("lena").close();

    // Uma sits in no list of this request: she is told so, and sees nothing of it.
    const { id } = await openTask(acme, number);
    const body = new URLSearchParams({
      payload: JSON.stringify({
        type: "block_actions",
        user: { id: userOf("uma"), team_id: "T0ACME" },
        team: { id: "T0ACME" },
        trigger_id: "none",
        container: { type: "message", channel_id: work.channel, message_ts: work.message },
        channel: { id: work.channel },
        actions: [{ type: "button", block_id: "b", action_id: "do.show", value: `show@1:${id}` }],
      }),
    }).toString();
    const answer = await fetch(it.eventsUrl, { method: "POST", headers: it.world.sign(body), body });
    expect(answer.status).toBe(200);
    expect(as("uma").sees().modals).toEqual([]);
    expect(wordsOf(toldTo(as("uma")).map(({ blocks }) => blocks))).not.toContain("pressit");
  });
});
