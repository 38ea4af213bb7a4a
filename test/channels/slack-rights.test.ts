import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { refusalText, strangerText } from "../../src/cards/answers.ts";
import type { Verb } from "../../src/domain/commands.ts";
import type { Refusal } from "../../src/domain/refusals.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { en } from "../../src/texts/en.ts";
import { type Company, company, file, on, openTask } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { filledIn, postTask, type Stage, said, stage, toldTo, userOf, wordsOf } from "./stage.ts";

/** Everybody who clicks stands in the channel, so that each sees the buttons: being there gives no right. */
const IN_THE_CHANNEL = ["rita", "max", "ines", "lena", "tom"];

describeWithDatabase("the right to act where a button opens a form", () => {
  let acme: Company;
  let it: Stage;
  beforeAll(async () => {
    acme = await company();
    it = await stage(acme.operations);
    for (const name of IN_THE_CHANNEL) it.world.world.channels.get("C0HANDS")?.members.add(userOf(name));
  });
  beforeEach(async () => {
    for (const channel of it.world.world.channels.values()) channel.messages.length = 0;
    it.world.world.modals.clear();
    await acme.connection.sql`update person set state = 'active'`;
    await acme.connection.sql`update line set open = false where open`;
    await acme.connection.sql`update task set state = 'closed' where state = 'open'`;
  });
  afterAll(async () => {
    await it.close();
    await acme.close();
  });

  const as = (name: string) => it.world.actAs(userOf(name));

  /** Rita's request, brought to the task that the verb is for: Max decides it, Tom has claimed it, Tom looks after what failed. */
  const waitingFor = async (verb: Verb): Promise<number> => {
    const [number = 0] = await file(acme, "rita", "salesforce");
    if (verb === "reject") return number;
    await on(acme, number, "max", { verb: "approve", comment: null });
    const [line] = await acme.connection.sql`select id from line where number = ${number}`;
    await transmit(acme.world, String(line?.id));
    await on(acme, number, "tom", { verb: "claim" });
    if (verb === "cancel-order") await on(acme, number, "tom", { verb: "report-error", reason: "no licence" });
    return number;
  };

  /** Who was refused on the open task, what and where. */
  const refusals = async (task: string) =>
    (await acme.connection.sql`select actor_id, data, seen from event where kind = 'refused' and task_id = ${task} order by seq`).map(
      ({ actor_id, data, seen }) => ({ actor: actor_id, ...data, seen }),
    );

  /** Clicks twice, and gives what the person was told each time. */
  const clickTwice = async (name: string, card: { channel: string; message: string }, verb: Verb): Promise<readonly string[]> => {
    const before = toldTo(as(name)).length;
    for (const more of [1, 2]) {
      expect(await as(name).click({ in: card, text: en.buttons[verb] })).toEqual({ ok: true });
      await expect.poll(() => toldTo(as(name)).length).toBe(before + more);
    }
    return toldTo(as(name))
      .slice(before)
      .map(({ blocks }) => wordsOf(blocks));
  };

  const seenOn = (card: { channel: string; message: string }) => ({
    platform: "slack",
    conversation: card.channel,
    message: card.message,
  });

  const OTHERS: readonly (readonly [Verb, string, Refusal["name"]])[] = [
    ["reject", "rita", "own-request"],
    ["reject", "ines", "not-yours"],
    ["confirm", "rita", "not-yours"],
    ["confirm", "max", "not-yours"],
    ["confirm", "lena", "not-claimer"],
    ["report-error", "rita", "not-yours"],
    ["report-error", "max", "not-yours"],
    ["report-error", "lena", "not-claimer"],
    ["cancel-order", "rita", "not-yours"],
    ["cancel-order", "lena", "not-yours"],
  ];

  test.each(OTHERS)("THREAT-5 %s opens no form for %s, who hears %s alone; one event a minute is left", async (verb, name, refusal) => {
    const number = await waitingFor(verb);
    const { id } = await openTask(acme, number);
    const card = await postTask(it, acme, number, { channel: "hands" });
    const about = { number: String(number), ...(refusal === "not-claimer" ? { by: "Tom" } : {}) };
    const words = said(refusalText({ name: refusal, about }, en));
    expect(await clickTwice(name, card, verb)).toEqual([words, words]);
    expect(as(name).modal()).toBeUndefined();
    for (const other of IN_THE_CHANNEL.filter((one) => one !== name)) expect(toldTo(as(other)), other).toEqual([]);
    expect(await refusals(id)).toEqual([{ actor: name, verb, refusal, seen: seenOn(card) }]);
  });

  test.each([
    ["reject", "max"],
    ["confirm", "tom"],
    ["report-error", "tom"],
    ["cancel-order", "tom"],
  ] as const)("THREAT-6 %s on a card that has become old opens no form even for %s; the card as it is does", async (verb, name) => {
    const number = await waitingFor(verb);
    const { id } = await openTask(acme, number);
    const card = await postTask(it, acme, number, { channel: "hands" });
    await acme.connection.sql`update task set face = face + 1 where id = ${id}`;
    const words = said(refusalText({ name: "stale-card", about: { number: String(number) } }, en));
    expect(await clickTwice(name, card, verb)).toEqual([words, words]);
    expect(as(name).modal()).toBeUndefined();
    expect(await refusals(id)).toEqual([{ actor: name, verb, refusal: "stale-card", seen: seenOn(card) }]);

    const fresh = await postTask(it, acme, number, { person: name });
    expect(await as(name).click({ in: fresh, text: en.buttons[verb] })).toEqual({ ok: true });
    expect(as(name).modal()).toBeDefined();
    expect(await refusals(id)).toHaveLength(1);
  });

  test.each(["approve", "reject"] as const)("THREAT-5 %s by an approver who was deactivated is written down", async (verb) => {
    const number = await waitingFor("reject");
    const { id } = await openTask(acme, number);
    const card = await postTask(it, acme, number, { channel: "hands" });
    await acme.connection.sql`update person set state = 'left' where id = 'max'`;
    const words = said(strangerText("not-active", en));
    expect(await clickTwice("max", card, verb)).toEqual([words, words]);
    expect(as("max").modal()).toBeUndefined();
    expect(await refusals(id)).toEqual([{ actor: "max", verb, refusal: "not-active", seen: seenOn(card) }]);
  });

  test("THREAT-5 a form sent by somebody who was deactivated while typing decides nothing, and is written down", async () => {
    const number = await waitingFor("reject");
    const { id } = await openTask(acme, number);
    const card = await postTask(it, acme, number, { channel: "hands" });
    await as("max").click({ in: card, text: en.buttons.reject });
    await acme.connection.sql`update person set state = 'left' where id = 'max'`;
    const sent = await as("max").submit(filledIn(as("max").modal(), { reason: "too risky" }));
    expect(sent).toMatchObject({ ok: false, error: "invalid_input" });
    expect(Object.values(as("max").modal()?.errors ?? {}).map((words) => said([words]))).toEqual([said(strangerText("not-active", en))]);
    expect(await acme.connection.sql`select approval from line where number = ${number}`).toEqual([{ approval: "pending" }]);
    expect(await refusals(id)).toEqual([{ actor: "max", verb: "reject", refusal: "not-active", seen: seenOn(card) }]);
  });
});
