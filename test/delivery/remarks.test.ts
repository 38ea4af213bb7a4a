/** Reminders and news in the thread of a card; who can't be reached; work that is routed anew: on a real database, into a channel in memory. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { moveClock } from "../../src/db/clock.ts";
import { tick } from "../../src/operations/tick.ts";
import { type Company, company, file, folder, on, once, openTask } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Stage, settled, stage, USERS, verbsOn, wordsOf } from "./stage.ts";

const HOUR_MS = 3_600_000;

let it: Company;
let slack: Stage;

/** Every policy of the company reminds after an hour, and again two hours later. */
function reminding() {
  const hours = (hours: number) => ({ kind: "elapsed", seconds: hours * 3600 }) as const;
  const remind = { after: hours(1), every: hours(2), grow: 1, atMost: 2 };
  return folder().catalogue.policies.map((policy) => ({ ...policy, remind }));
}

const threads = () => slack.channel.shown.flatMap(({ to, card, at }) => (to.kind === "thread" ? [{ to, at, words: wordsOf(card) }] : []));
const lineOf = async (number: number) => (await it.operations.lineNumbered(number))?.line ?? "";

async function laterBy(hours: number): Promise<void> {
  await moveClock(it.world.db, hours * HOUR_MS);
  await tick(it.world);
  await settled(it, slack);
}

describeWithDatabase("what stands below a card", () => {
  beforeAll(async () => {
    it = await company({ catalogue: { policies: reminding() } });
    slack = stage(it);
  });
  afterAll(() => it.close());

  test("ASK-8 a reminder stands in the thread of the approver's card, once each time it is due, and never after the decision", async () => {
    const [number = 0] = await file(it, "rita", "wiki", []);
    await settled(it, slack);
    await laterBy(1);
    await tick(it.world);
    await settled(it, slack);
    const first = threads();
    expect(first).toHaveLength(1);
    const [card] = slack.channel.shown.filter(({ card }) => verbsOn(card).includes("approve"));
    expect(first[0]?.to).toMatchObject({ conversation: card?.at.conversation, message: card?.at.message });
    expect(first[0]?.words).toMatch(/waits for you/);
    await laterBy(2);
    expect(threads()).toHaveLength(2);
    await laterBy(30);
    expect(threads()).toHaveLength(2);
    const task = await openTask(it, number);
    const view = await it.operations.task(task.id, null);
    const named = view?.task.assignees[0];
    await on(it, number, named?.kind === "person" ? named.person : "", { verb: "approve", comment: null });
  });

  test("a reminder that is decided before it is sent isn't sent", async () => {
    const [number = 0] = await file(it, "stan", "wiki", []);
    await settled(it, slack);
    const toMax = () => threads().filter(({ to }) => to.kind === "thread" && to.conversation === "direct UMAX").length;
    const before = toMax();
    await moveClock(it.world.db, HOUR_MS);
    await tick(it.world);
    const view = await it.operations.task((await openTask(it, number)).id, null);
    const named = view?.task.assignees[0];
    await on(it, number, named?.kind === "person" ? named.person : "", { verb: "reject", reason: "no" });
    await settled(it, slack);
    expect(toMax()).toBe(before);
  });

  test("ASK-9 a remark names the administrator who passed it on, and whoever it waits for now reads on the card by whom and why", async () => {
    const [number = 0] = await file(it, "rita", "salesforce", []);
    await settled(it, slack);
    const before = threads().length;
    await on(it, number, "cleo", { verb: "reassign", to: ["uma"], reason: "Max is at a fair" });
    await settled(it, slack);
    const news = threads().slice(before);
    expect(news.length).toBeGreaterThan(0);
    for (const { words } of news) expect(words).toContain("Cleo passed this on");
    const card = slack.cardsOf({ person: "uma" }).findLast((one) => verbsOn(one).includes("approve"));
    expect(card && wordsOf(card)).toMatch(/Passed on by Cleo ?: Max is at a fair/);
    const read = await it.operations.task((await openTask(it, number)).id, "uma");
    expect(read?.task.handed).toMatchObject({ by: "cleo", reason: "Max is at a fair", at: expect.any(Date) });
    const cancel = {
      actor: "cleo",
      line: await lineOf(number),
      command: { verb: "cancel", reason: "by mistake" },
      once: once(),
      seen: null,
    } as const;
    expect(await it.operations.actOnLine(cancel)).toMatchObject({ ok: true });
    await settled(it, slack);
    expect(threads().at(-1)?.words).toContain("Cleo cancelled the request");
  });

  test("IDH-13 whoever was asked reads in the thread that it was withdrawn, and the card has no buttons any more", async () => {
    const [number = 0] = await file(it, "uma", "wiki", []);
    await settled(it, slack);
    const before = threads().length;
    const withdrawn = {
      actor: "uma",
      line: await lineOf(number),
      command: { verb: "withdraw", reason: "Found another way" },
      once: once(),
      seen: null,
    } as const;
    expect(await it.operations.actOnLine(withdrawn)).toMatchObject({ ok: true, value: { said: "withdrawn" } });
    expect(await it.operations.actOnLine(withdrawn)).toMatchObject({ ok: true, value: { said: "withdrawn" } });
    await settled(it, slack);
    const news = threads().slice(before);
    expect(news.map(({ words }) => words)).toEqual([expect.stringMatching(/withdrew the request.*Found another way/)]);
    const below = slack.channel.shown.find(({ at }) => at.message === news[0]?.to.message);
    expect(verbsOn(below?.card)).toEqual([]);
  });
});

describeWithDatabase("whoever no card reaches", () => {
  test("ASK-11 is asked no longer: the next one is, an administrator hears why, and the request doesn't strand", async () => {
    const fresh = await company();
    try {
      const view = stage(fresh, { users: USERS.filter(({ user }) => user !== "UMAX") });
      const [number = 0] = await file(fresh, "rita", "wiki", []);
      const asked = async () => (await fresh.operations.task((await openTask(fresh, number)).id, null))?.task.assignees;
      expect(await asked()).toMatchObject([{ person: "max" }]);
      await settled(fresh, view);
      expect(await asked()).not.toMatchObject([{ person: "max" }]);
      expect(await fresh.connection.sql`select person_id, why from unreachable`).toMatchObject([
        { person_id: "max", why: expect.any(String) },
      ]);
      const alerts = await fresh.connection.sql`select data from event where kind = 'fallback-used'`;
      expect(alerts).toHaveLength(1);
    } finally {
      await fresh.close();
    }
  });
});
