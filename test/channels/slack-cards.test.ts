import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { answerText, refusalText } from "../../src/cards/answers.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { en } from "../../src/texts/en.ts";
import { type Company, company, file, openTask, PEOPLE } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { rounds } from "../setup/thorough.ts";
import { filledIn, heldIn, hooked, postTask, SIGNING_SECRET, type Stage, said, stage, TEAM, toldTo, userOf, wordsOf } from "./stage.ts";

describeWithDatabase("cards in Slack", () => {
  let acme: Company;
  let it: Stage;
  let before: (name: string) => Promise<void> = async () => {};
  beforeAll(async () => {
    acme = await company();
    it = await stage(hooked(acme.operations, (name) => before(name)));
  });
  beforeEach(async () => {
    before = async () => {};
    for (const channel of it.world.world.channels.values()) channel.messages.length = 0;
    // Each test begins with nothing asked for and nothing waiting.
    await acme.connection.sql`update line set open = false where open`;
    await acme.connection.sql`update task set state = 'closed' where state = 'open'`;
  });
  afterAll(async () => {
    await it.close();
    await acme.close();
  });

  const as = (name: string) => it.world.actAs(userOf(name));
  const lineOf = async (number: number) => {
    const [row] = await acme.connection.sql`select id, approval, version from line where number = ${number}`;
    return { id: String(row?.id), approval: String(row?.approval), version: Number(row?.version) };
  };
  const ask = async (who: string, what: readonly string[] = ["reports"]) => {
    const [number] = await file(acme, who, "salesforce", what);
    return number ?? 0;
  };
  /** A request that waits in the hands of Lena and Tom. */
  const approved = async (who: string) => {
    const number = await ask(who);
    const { id, face } = await openTask(acme, number);
    await acme.operations.act({
      actor: "max",
      aim: { task: id, face },
      command: { verb: "approve", comment: null },
      once: { key: `k${number}`, fingerprint: "" },
      seen: null,
    });
    await transmit(acme.world, (await lineOf(number)).id);
    return number;
  };
  const heard = async (name: string, count = 1) => {
    await expect.poll(() => toldTo(as(name)).length).toBeGreaterThanOrEqual(count);
    return wordsOf(toldTo(as(name)).at(-1)?.blocks);
  };
  /** Sends a payload signed as Slack would, whatever it says. */
  const deliver = (payload: object) => {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    return fetch(it.eventsUrl, { method: "POST", headers: it.world.sign(body), body });
  };
  const clickOf = (user: string, value: unknown, more: object = {}) => ({
    type: "block_actions",
    user: { id: user, team_id: TEAM },
    team: { id: TEAM },
    trigger_id: "none",
    container: { type: "message", channel_id: "D1", message_ts: "1.1" },
    actions: [{ type: "button", block_id: "b", action_id: "do.approve", value }],
    ...more,
  });

  test("THREAT-3 the same click delivered again and again decides once, and each gets the same answer", async () => {
    const number = await ask("rita");
    const card = await postTask(it, acme, number, { person: "max" });
    const { id, face } = await openTask(acme, number);
    const click = clickOf(userOf("max"), `act:approve:${face}:${id}`, {
      container: { type: "message", channel_id: card.channel, message_ts: card.message },
    });
    const answers = await Promise.all(
      // As many as one person may have waiting: what is beyond is told that it was too much (slack-flood).
      Array.from({ length: 12 }, async () => {
        const url = it.world.world.responseUrls;
        const made = `R${url.size}${Math.random()}`;
        url.set(made, { id: made, user: userOf("max"), channel: card.channel, made: Date.now(), uses: 0 });
        return deliver({ ...click, response_url: `${it.slackUrl}/response/${made}` });
      }),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await heard("max", 12);
    const words = new Set(toldTo(as("max")).map(({ blocks }) => wordsOf(blocks)));
    expect(words).toEqual(new Set([said(answerText({ said: "approved", about: { number: String(number) } }, en))]));
    const votes = await acme.connection.sql`select 1 from event where kind = 'voted' and line_id = ${(await lineOf(number)).id}`;
    expect(votes.length).toBe(1);
  });

  test("THREAT-5 whatever a button says and whoever presses it, only a live assignee's click decides", async () => {
    const number = await ask("stan", ["admin"]);
    const { id, face } = await openTask(acme, number);
    const mayApprove = ["ines", "omar", "uma"];
    const others = PEOPLE.map((one) => one.id).filter((one) => !mayApprove.includes(one));
    const { version } = await lineOf(number);
    const task = fc.constantFrom(
      id,
      id.toUpperCase(),
      `${id}:`,
      `${id} `,
      `0${id}`,
      "none",
      "' or true --",
      "00000000-0000-0000-0000-000000000000",
    );
    const verb = fc.constantFrom(
      "approve",
      "reject",
      "claim",
      "release",
      "confirm",
      "report-error",
      "retry",
      "cancel-order",
      "decide",
      "Approve",
      "__proto__",
    );
    const value = fc.oneof(
      fc.tuple(verb, fc.integer({ min: -2, max: 5 }), task).map(([word, version, aim]) => `act:${word}:${version}:${aim}`),
      fc.constantFrom(`act:approve:${face}:${id}`, `approve:${id}`, id, "", JSON.stringify({ verb: "approve", task: id, actor: "ines" })),
      fc.string({ maxLength: 60 }),
      fc.anything(),
    );
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(...others, "nobody"), async (any, who) => {
        const sent = await deliver(clickOf(userOf(who), any, { actor: "ines", user_id: userOf("ines") }));
        expect(sent.status).toBe(200);
      }),
      { numRuns: rounds(40, 400) },
    );
    expect(await lineOf(number)).toMatchObject({ approval: "pending", version });

    await deliver(clickOf(userOf("ines"), `act:approve:${face}:${id}`));
    const view = await acme.operations.task(id, null);
    expect(view?.task.votes.map((vote) => vote.by)).toEqual(["ines"]);
  });

  test("THREAT-6 a click on a card that has changed since is refused, said so, and changes nothing", async () => {
    const number = await approved("rita");
    const card = await postTask(it, acme, number, { channel: "hands" });
    await as("tom").click({ in: card, text: en.buttons.claim });
    await as("tom").click({ in: await postTask(it, acme, number, { channel: "hands" }), text: en.buttons.release });
    const { version } = await lineOf(number);
    expect(await as("lena").click({ in: card, text: en.buttons.claim })).toEqual({ ok: true });
    expect(await heard("lena")).toBe(said(refusalText({ name: "stale-card", about: { number: String(number) } }, en)));
    expect((await lineOf(number)).version).toBe(version);
  });

  test("THREAT-7 whoever clicks an old copy is told privately who decided and when", async () => {
    const number = await ask("stan", ["admin"]);
    const card = await postTask(it, acme, number, { channel: "approvals" });
    await as("ines").click({ in: card, text: en.buttons.approve });
    await as("uma").click({ in: card, text: en.buttons.approve });
    const [{ decidedAt } = { decidedAt: null }] = (
      (await acme.operations.home("stan", { tasks: 0, requests: 0, access: 0 })).requests.rows[0]?.tasks ?? []
    ).filter(({ kind }) => kind === "approval");
    const late = refusalText(
      { name: "already-decided", about: { by: "Uma", at: decidedAt?.toISOString() ?? "", outcome: "approved", number: String(number) } },
      en,
    );
    for (const button of [en.buttons.approve, en.buttons.reject]) {
      const count = toldTo(as("omar")).length + 1;
      expect(await as("omar").click({ in: card, text: button })).toEqual({ ok: true });
      expect(await heard("omar", count)).toBe(said(late));
    }
    expect(as("omar").modal()).toBeUndefined();
    expect(toldTo(as("max")).length).toBe(0);
  });

  test("nobody decides what they asked for: neither form nor click", async () => {
    const number = await ask("rita");
    const { id, face } = await openTask(acme, number);
    for (const verb of ["approve", "reject"]) await deliver(clickOf(userOf("rita"), `act:${verb}:${face}:${id}`));
    expect(as("rita").modal()).toBeUndefined();
    expect((await lineOf(number)).approval).toBe("pending");
  });

  test("rejecting asks for the reason, keeps it when it is refused, and tells the outcome beside the card", async () => {
    const number = await ask("rita");
    const card = await postTask(it, acme, number, { person: "max" });
    expect(await as("max").click({ in: card, text: en.buttons.reject })).toEqual({ ok: true });
    expect(as("max").modal()?.title?.text).toBe(en.forms.reject.title(number));
    expect(await as("max").submit(filledIn(as("max").modal(), { reason: "   " }))).toMatchObject({ ok: false, error: "invalid_input" });
    expect(Object.values(as("max").modal()?.errors ?? {})).toEqual([plainly(refusalText({ name: "reason-missing", about: {} }, en))]);
    expect(await as("max").submit(filledIn(as("max").modal(), { reason: "<!channel> not *now*" }))).toEqual({ ok: true });
    expect(as("max").modal()).toBeUndefined();
    expect(await heard("max")).toBe(said(answerText({ said: "rejected", about: { number: String(number) } }, en)));
    expect((await lineOf(number)).approval).toBe("rejected");
  });

  test("a form whose task is decided meanwhile says so and keeps what was typed", async () => {
    const number = await ask("stan", ["admin"]);
    const card = await postTask(it, acme, number, { channel: "approvals" });
    await as("omar").click({ in: card, text: en.buttons.reject });
    await as("ines").click({ in: card, text: en.buttons.approve });
    await as("uma").click({ in: card, text: en.buttons.approve });
    expect(await as("omar").submit(filledIn(as("omar").modal(), { reason: "too risky" }))).toMatchObject({
      ok: false,
      error: "invalid_input",
    });
    expect(Object.values(as("omar").modal()?.errors ?? {}).join()).toContain("Uma");
    expect(heldIn(as("omar").modal(), "reason")).toBe("too risky");
    expect((await lineOf(number)).approval).toBe("approved");
  });

  test("an error is reported with its reason, and can be tried again from the card of whoever looks after it", async () => {
    const number = await approved("rita");
    await as("tom").click({ in: await postTask(it, acme, number, { channel: "hands" }), text: en.buttons.claim });
    await as("tom").click({ in: await postTask(it, acme, number, { channel: "hands" }), text: en.buttons["report-error"] });
    expect(await as("tom").submit(filledIn(as("tom").modal(), { reason: "no licence left" }))).toEqual({ ok: true });
    const review = await postTask(it, acme, number, { person: "tom" });
    expect(wordsOf(as("tom").direct().messages.at(-1)?.blocks)).toContain(said(["no licence left"]));
    expect(await as("tom").click({ in: review, text: en.buttons.retry })).toEqual({ ok: true });
    expect((await acme.operations.home("rita", { tasks: 0, requests: 0, access: 0 })).requests.rows[0]?.order).toMatchObject({
      state: "pending",
    });
  });

  test("the home page shows the task with its buttons; pressed there, the page shows what came of it", async () => {
    const number = await ask("rita");
    const max = as("max");
    expect(await max.home()).toEqual({ ok: true });
    const home = await max.until((seen) => seen.home ?? undefined);
    expect(wordsOf(home.blocks)).toContain(said([en.buttons.approve]));
    expect(await max.click({ in: home, text: en.buttons.approve })).toEqual({ ok: true });
    await expect.poll(() => wordsOf(max.sees().home?.blocks)).not.toContain(said([en.buttons.approve]));
    expect((await lineOf(number)).approval).toBe("approved");
    expect(max.sees().modals).toEqual([]);
  });

  test("a refusal on the home page is told in a window of its own", async () => {
    const number = await ask("rita");
    const max = as("max");
    await max.home();
    await max.until((seen) => seen.home?.blocks.some((block) => wordsOf(block).includes(said([en.buttons.approve]))));
    const home = max.sees().home!;
    const { id, face } = await openTask(acme, number);
    await acme.operations.act({
      actor: "max",
      aim: { task: id, face },
      command: { verb: "reject", reason: "no" },
      once: { key: `r${number}`, fingerprint: "" },
      seen: null,
    });
    expect(await max.click({ in: home, text: en.buttons.approve })).toEqual({ ok: true });
    const notice = await max.until((seen) => seen.modals.at(-1));
    expect(notice.title?.text).toBe(en.slack.notice);
    expect(wordsOf(notice.blocks)).toContain("Max");
    await max.close();
  });

  test("a click that takes longer than Slack waits is answered in time, and its outcome follows", async () => {
    const number = await ask("rita");
    const card = await postTask(it, acme, number, { person: "max" });
    let finish: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    before = (name) => (name === "act" ? slow : Promise.resolve());
    expect(await as("max").click({ in: card, text: en.buttons.approve })).toEqual({ ok: true });
    expect(await heard("max")).toBe(said([en.slack.stillWorking]));
    finish();
    expect(await heard("max", 2)).toBe(said(answerText({ said: "approved", about: { number: String(number) } }, en)));
  });

  test("an operation that fails is said, not swallowed", async () => {
    const number = await ask("rita");
    const card = await postTask(it, acme, number, { person: "max" });
    before = (name) => (name === "act" ? Promise.reject(new Error("secret detail")) : Promise.resolve());
    expect(await as("max").click({ in: card, text: en.buttons.approve })).toEqual({ ok: true });
    expect(await heard("max")).toBe(said([en.channel.wentWrong]));
    expect(it.logged.join("\n")).not.toContain("secret detail");
  });

  test("/access lists tasks, requests and access, and helps with anything else", async () => {
    await ask("rita");
    const max = as("max");
    expect(await max.command("/access tasks")).toMatchObject({ ok: true });
    expect(wordsOf(toldTo(max).at(-1)?.blocks)).toContain(said([en.buttons.approve]));
    expect(await as("rita").command("/access Requests")).toMatchObject({ ok: true });
    expect(wordsOf(toldTo(as("rita")).at(-1)?.blocks)).toContain("Salesforce");
    expect(await max.command("/access mine")).toMatchObject({ ok: true });
    for (const words of ["", "help", "nonsense <!channel>"]) {
      expect(await max.command(`/access ${words}`)).toMatchObject({ ok: true, seen: en.help.title });
    }
    expect(wordsOf(toldTo(max).at(-1)?.blocks)).toContain(said([en.help.next, en.buttons.ask]));
  });

  test("a message to the app is answered with help; the app's own messages and edits are not", async () => {
    const rita = as("rita");
    expect(await rita.message("hello?")).toEqual({ ok: true });
    await expect.poll(() => rita.direct().messages.filter((one) => one.from_app).length).toBe(1);
    expect(wordsOf(rita.direct().messages.at(-1)?.blocks)).toContain(said([en.help.title]));
    const direct = rita.direct().id;
    const event = { type: "message", channel: direct, channel_type: "im", user: "URITA", text: "x", ts: "1.1" };
    for (const more of [
      { bot_id: "B1" },
      { subtype: "message_changed" },
      { bot_profile: {} },
      { channel_type: "channel" },
      { user: undefined },
    ]) {
      const body = JSON.stringify({ type: "event_callback", team_id: TEAM, event: { ...event, ...more } });
      await fetch(it.eventsUrl, { method: "POST", headers: it.world.sign(body, undefined, "application/json"), body });
    }
    await rita.message("again");
    await expect.poll(() => rita.direct().messages.filter((one) => one.from_app).length).toBe(2);
  });

  test("nothing secret or personal stands in the log", () => {
    const log = it.logged.join("\n");
    for (const word of [SIGNING_SECRET, "xoxb-", "/response/", "I sell things"]) expect(log).not.toContain(word);
  });
});

const plainly = (text: ReturnType<typeof refusalText>) => text.map((piece) => (typeof piece === "string" ? piece : "")).join("");
