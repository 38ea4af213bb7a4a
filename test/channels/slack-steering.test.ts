import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusalText, strangerText } from "../../src/cards/answers.ts";
import { requestCard } from "../../src/cards/request-card.ts";
import { transmit } from "../../src/operations/transmit.ts";
import type { MessageOnPage, ViewOnPage } from "../../src/playground/slack/page-interface.ts";
import { en } from "../../src/texts/en.ts";
import { type Company, company, file, on, once, openTask } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { cleared } from "./clean.ts";
import { filledIn, postTask, type Stage, said, stage, TEAM, toldTo, userOf, wordsOf } from "./stage.ts";

describeWithDatabase("steering a request in Slack", () => {
  let acme: Company;
  let it: Stage;
  beforeAll(async () => {
    acme = await company();
    it = await stage(acme.operations);
  });
  beforeEach(() => cleared(it, acme));
  afterAll(async () => {
    await it.close();
    await acme.close();
  });

  const as = (name: string) => it.world.actAs(userOf(name));
  const lineOf = async (number: number) => {
    const [row] = await acme.connection.sql`select id, request_id, approval, open, closing, version from line where number = ${number}`;
    return {
      id: String(row?.id),
      request: String(row?.request_id),
      approval: row?.approval,
      open: row?.open,
      closing: row?.closing,
      version: row?.version,
    };
  };
  const pending = async (who = "rita") => (await file(acme, who, "salesforce"))[0] ?? 0;
  const approved = async (who = "rita") => {
    const number = await pending(who);
    await on(acme, number, "max", { verb: "approve", comment: null });
    await transmit(acme.world, (await lineOf(number)).id);
    return number;
  };
  const claimed = async (who = "rita") => {
    const number = await approved(who);
    await on(acme, number, "tom", { verb: "claim" });
    return number;
  };
  const done = async () => {
    const number = await claimed();
    await on(acme, number, "tom", { verb: "confirm", login: "rita@acme.example" });
    return number;
  };
  /** The requester's live card, as the outbox posts it to a person. */
  const postRequest = async (number: number, to: string) => {
    const view = await acme.operations.request((await lineOf(number)).request);
    if (!view) throw new Error("the request is gone");
    const place = { kind: "direct", home: TEAM, user: userOf(to) } as const;
    // Whoever stands here sees the requester's buttons: seeing them gives no right.
    const posted = await it.slack.channel.post(place, requestCard(view, en), `request:${number}:${to}`);
    if (posted.type !== "done") throw new Error(posted.why);
    return { channel: posted.value.conversation, message: posted.value.message };
  };
  const heard = async (name: string, count = 1) => {
    await expect.poll(() => toldTo(as(name)).length).toBeGreaterThanOrEqual(count);
    return wordsOf(toldTo(as(name)).at(-1)?.blocks);
  };
  const refusals = async (number: number) =>
    (
      await acme.connection
        .sql`select actor_id, data from event where kind = 'refused' and line_id = ${(await lineOf(number)).id} order by seq`
    ).map(({ actor_id, data }) => [actor_id, data.verb, data.refusal]);
  const kinds = async (number: number) =>
    (await acme.connection.sql`select kind from event where line_id = ${(await lineOf(number)).id} and kind <> 'refused' order by seq`).map(
      ({ kind }) => kind,
    );
  /** Signed as Slack would, whatever it says. */
  const deliver = (payload: object) => {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    return fetch(it.eventsUrl, { method: "POST", headers: it.world.sign(body), body });
  };
  const submission = (who: string, purpose: object, reason: string, view = `V${Math.random()}`) => ({
    type: "view_submission",
    user: { id: userOf(who), team_id: TEAM },
    team: { id: TEAM },
    view: {
      id: view,
      callback_id: "act",
      private_metadata: JSON.stringify({ purpose, seen: null }),
      blocks: [{ type: "input", block_id: "reason", element: { type: "plain_text_input", action_id: "in.reason" } }],
      state: { values: { reason: { "in.reason": { type: "plain_text_input", value: reason } } } },
    },
  });
  const press = (who: string, value: string) =>
    deliver({
      type: "block_actions",
      user: { id: userOf(who), team_id: TEAM },
      team: { id: TEAM },
      trigger_id: `T${Math.random()}`,
      container: { type: "message", channel_id: "D1", message_ts: "1.1" },
      actions: [{ type: "button", block_id: "b", action_id: "do.x", value }],
    });
  /** The home page as soon as it shows the words: it is published after it was opened. */
  const home = async (name: string, words: string): Promise<ViewOnPage> => {
    await as(name).home();
    return as(name).until((seen) => (wordsOf(seen.home?.blocks).includes(said([words])) ? seen.home : null));
  };
  /** What a person sees of a request whose number they wrote. */
  const statusOf = async (name: string, number: number): Promise<MessageOnPage> => {
    const before = as(name).direct().messages.length;
    await as(name).message(`status ${number}`);
    return as(name).until(() =>
      as(name)
        .direct()
        .messages.slice(before)
        .find((one) => one.from_app),
    );
  };

  describe("withdrawing", () => {
    test.each([
      ["while it waits for approval", pending, "withdrawn"],
      ["once it is approved and waits for hands", approved, "approved"],
      ["while somebody is on it", claimed, "approved"],
    ] as const)("IDH-13 the requester withdraws %s: a form asks first, a reason may be left out", async (_, reach, approval) => {
      const number = await reach();
      const card = await postRequest(number, "rita");
      expect(await as("rita").click({ in: card, text: en.buttons.withdraw })).toEqual({ ok: true });
      expect(as("rita").modal()?.title?.text).toBe(en.steering.withdraw.title(number));
      expect(await lineOf(number)).toMatchObject({ open: true, closing: null });
      expect(await as("rita").submit()).toEqual({ ok: true });
      expect(await heard("rita")).toBe(said([`Request ${number} is withdrawn. Whoever it waited for is told.`]));
      expect(await lineOf(number)).toMatchObject({ open: false, approval, closing: { how: "withdrawn", by: "rita", reason: null } });
    });

    test("IDH-13 what is confirmed can't be withdrawn any more: it says who confirmed it", async () => {
      const number = await claimed();
      const card = await postRequest(number, "rita");
      await as("rita").click({ in: card, text: en.buttons.withdraw });
      await on(acme, number, "tom", { verb: "confirm", login: "rita@acme.example" });
      expect(await as("rita").submit(filledIn(as("rita").modal(), { reason: "not needed" }))).toMatchObject({ ok: false });
      expect(Object.values(as("rita").modal()?.errors ?? {})[0]).toContain("Tom has already confirmed this");
      expect(await lineOf(number)).toMatchObject({ closing: null });
      await as("rita").close(true);
      expect(await as("rita").click({ in: card, text: en.buttons.withdraw })).toEqual({ ok: true });
      expect(await heard("rita")).toContain(said(["Tom has already confirmed this"]));
      expect(as("rita").modal()).toBeUndefined();
    });

    test("IDH-13 only the requester withdraws: beneficiary, approver and administrator are refused, and it is written down", async () => {
      const asked = await acme.operations.ask({
        actor: "stan",
        beneficiary: "rita",
        application: "wiki",
        submission: { entitlements: [], justification: "She needs it", until: null, values: {} },
        once: once(),
      });
      const number = asked.ok ? Number(asked.value.about.numbers) : 0;
      for (const name of ["rita", "max", "cleo"]) {
        expect(await as(name).click({ in: await postRequest(number, name), text: en.buttons.withdraw })).toEqual({ ok: true });
        expect(await heard(name)).toBe(said(refusalText({ name: "not-requester", about: {} }, en)));
        expect(as(name).modal()).toBeUndefined();
      }
      expect(await refusals(number)).toEqual(["rita", "max", "cleo"].map((name) => [name, "withdraw", "not-requester"]));
      expect(await lineOf(number)).toMatchObject({ open: true, closing: null });
      // One's own request is one's own, whoever it is for.
      await as("stan").click({ in: await postRequest(number, "stan"), text: en.buttons.withdraw });
      expect(await as("stan").submit(filledIn(as("stan").modal(), { reason: "She found another way" }))).toEqual({ ok: true });
      expect(await lineOf(number)).toMatchObject({ closing: { by: "stan", reason: "She found another way" } });
    });

    test("the same form sent twice withdraws once and is answered alike", async () => {
      const number = await pending();
      const { id } = await lineOf(number);
      const sent = submission("rita", { kind: "act-on-line", verb: "withdraw", line: id }, "changed my mind");
      const answers = await Promise.all(Array.from({ length: 10 }, async () => (await deliver(sent)).text()));
      expect(new Set(answers)).toEqual(new Set([JSON.stringify({ response_action: "clear" })]));
      expect((await kinds(number)).filter((kind) => kind === "withdrawn")).toEqual(["withdrawn"]);
    });

    test("who was deactivated meanwhile withdraws nothing, and the attempt is written down", async () => {
      const number = await pending();
      await as("rita").click({ in: await postRequest(number, "rita"), text: en.buttons.withdraw });
      await acme.connection.sql`update person set state = 'left' where id = 'rita'`;
      expect(await as("rita").submit()).toMatchObject({ ok: false });
      expect(Object.values(as("rita").modal()?.errors ?? {}).map((words) => said([words]))).toEqual([said(strangerText("not-active", en))]);
      expect(await refusals(number)).toEqual([["rita", "withdraw", "not-active"]]);
      expect(await lineOf(number)).toMatchObject({ closing: null });
    });
  });

  describe("nudging", () => {
    test("ASK-8 a nudge costs one click, names who was reminded, and isn't possible again for a while", async () => {
      const number = await pending();
      const card = await postRequest(number, "rita");
      expect(await as("rita").click({ in: card, text: en.buttons.nudge })).toEqual({ ok: true });
      expect(await heard("rita")).toBe(said(["Max got a friendly reminder."]));
      expect((await kinds(number)).at(-1)).toBe("nudged");
      expect(await as("rita").click({ in: card, text: en.buttons.nudge })).toEqual({ ok: true });
      expect(await heard("rita", 2)).toContain(said(["You have reminded them already. You can do it again from "]));
      expect((await kinds(number)).filter((kind) => kind === "nudged")).toHaveLength(1);
      const [{ body } = { body: null }] = await acme.connection
        .sql`select body from effect where kind = 'remark' and body->>'line' = ${(await lineOf(number)).id} order by id desc limit 1`;
      expect(body).toMatchObject({ remark: "nudge", to: ["max"], by: "rita" });
    });

    test("ASK-8 a nudge reaches whoever holds it now: the claimer, not the whole group", async () => {
      const number = await claimed();
      await as("rita").click({ in: await postRequest(number, "rita"), text: en.buttons.nudge });
      expect(await heard("rita")).toBe(said(["Tom got a friendly reminder."]));
    });

    test("ASK-8 only the requester nudges", async () => {
      const number = await pending();
      await as("stan").click({ in: await postRequest(number, "stan"), text: en.buttons.nudge });
      expect(await heard("stan")).toBe(said(refusalText({ name: "not-requester", about: {} }, en)));
      expect(await refusals(number)).toEqual([["stan", "nudge", "not-requester"]]);
    });

    test("ASK-8 the same click delivered again and again reminds once", async () => {
      const number = await pending();
      const { id } = await lineOf(number);
      const click = {
        type: "block_actions",
        user: { id: userOf("rita"), team_id: TEAM },
        team: { id: TEAM },
        trigger_id: "the-same",
        container: { type: "message", channel_id: "D1", message_ts: "1.1" },
        actions: [{ type: "button", block_id: "b", action_id: "do.nudge", value: `line:nudge:${id}` }],
      };
      await Promise.all(Array.from({ length: 8 }, () => deliver(click)));
      expect((await kinds(number)).filter((kind) => kind === "nudged")).toHaveLength(1);
    });
  });

  describe("administrators", () => {
    test("an administrator reassigns from the card that status shows: others are asked, and the decision is theirs", async () => {
      const number = await pending();
      const card = await statusOf("cleo", number);
      expect(await as("cleo").click({ in: card, text: en.buttons.reassign })).toEqual({ ok: true });
      expect(as("cleo").modal()?.title?.text).toBe(en.forms.reassign.title(number));
      const offered = await as("cleo").suggest({ action_id: "in.to" }, "ine");
      expect(offered).toMatchObject({ ok: true, options: [{ value: "ines" }] });
      await as("cleo").suggest({ action_id: "in.to" }, "rita");
      expect(await as("cleo").submit(filledIn(as("cleo").modal(), { to: ["rita"], reason: "Max is away" }))).toMatchObject({ ok: false });
      expect(Object.values(as("cleo").modal()?.errors ?? {})[0]).toContain("Rita can't do this");
      expect(await as("cleo").submit(filledIn(as("cleo").modal(), { to: ["ines"], reason: "Max is away" }))).toEqual({ ok: true });
      expect(await heard("cleo")).toBe(said([`Request ${number} now waits for Ines. They are told.`]));
      expect((await on(acme, number, "max", { verb: "approve", comment: null })).ok).toBe(false);
      expect((await on(acme, number, "ines", { verb: "approve", comment: null })).ok).toBe(true);
    });

    test("an administrator takes a claim away only with a reason; the claimer lets go without one", async () => {
      const number = await claimed();
      const card = await statusOf("cleo", number);
      expect(await as("cleo").click({ in: card, text: en.buttons.release })).toEqual({ ok: true });
      expect(as("cleo").modal()?.title?.text).toBe(en.steering.release.title(number));
      expect(await as("cleo").submit(filledIn(as("cleo").modal(), { reason: " " }))).toMatchObject({ ok: false });
      expect(await as("cleo").submit(filledIn(as("cleo").modal(), { reason: "Tom is on holiday" }))).toEqual({ ok: true });
      expect((await kinds(number)).at(-1)).toBe("released");
      await on(acme, number, "lena", { verb: "claim" });
      expect(await as("lena").click({ in: await postTask(it, acme, number, { person: "lena" }), text: en.buttons.release })).toEqual({
        ok: true,
      });
      expect(as("lena").modal()).toBeUndefined();
      expect((await kinds(number)).filter((kind) => kind === "released")).toHaveLength(2);
    });

    test("an administrator cancels a request with a reason", async () => {
      const number = await claimed();
      const card = await statusOf("cleo", number);
      expect(await as("cleo").click({ in: card, text: en.buttons.cancel })).toEqual({ ok: true });
      expect(await as("cleo").submit(filledIn(as("cleo").modal(), { reason: "" }))).toMatchObject({ ok: false });
      expect(await as("cleo").submit(filledIn(as("cleo").modal(), { reason: "The contract ends" }))).toEqual({ ok: true });
      expect(await lineOf(number)).toMatchObject({ open: false, closing: { how: "cancelled", by: "cleo", reason: "The contract ends" } });
    });

    const OTHERS = ["rita", "max", "ines", "lena"] as const;

    test.each(OTHERS)(
      "THREAT-14 %s is no administrator: reassign, release and cancel are refused by button and by form, and written down",
      async (name) => {
        const number = await claimed();
        const { id: line } = await lineOf(number);
        const { id: task, face } = await openTask(acme, number);
        const releaseRefusal = name === "lena" ? "not-claimer" : "not-yours";
        await press(name, `act:reassign:${face}:${task}`);
        await press(name, `act:release:${face}:${task}`);
        await press(name, `line:cancel:${line}`);
        expect(as(name).modal()).toBeUndefined();
        const expected = [
          [name, "reassign", "not-administrator"],
          [name, "release", releaseRefusal],
          [name, "cancel", "not-administrator"],
        ];
        expect((await refusals(number)).sort()).toEqual(expected.sort());

        // The refusals of a minute are one event, so the forms get a request of their own.
        const other = await claimed("stan");
        const next = { line: (await lineOf(other)).id, ...(await openTask(acme, other)) };
        for (const purpose of [
          { kind: "act", verb: "reassign", task: next.id, face: next.face },
          { kind: "act", verb: "release", task: next.id, face: next.face },
          { kind: "act-on-line", verb: "cancel", line: next.line },
        ]) {
          const answer = (await (await deliver(submission(name, purpose, "because"))).json()) as { response_action: string };
          expect(answer.response_action).toBe("errors");
        }
        expect((await refusals(other)).sort()).toEqual(expected.sort());
        for (const one of [number, other]) expect(await lineOf(one)).toMatchObject({ open: true, closing: null });
      },
    );
  });

  describe("THREAT-8 what a form carries is never believed", () => {
    test("THREAT-8 another person's task written into one's own form is refused, and written down", async () => {
      const number = await pending();
      const { id: task, face } = await openTask(acme, number);
      const answer = await (await deliver(submission("ines", { kind: "act", verb: "reject", task, face }, "no"))).json();
      expect(answer).toMatchObject({ response_action: "errors" });
      expect(await lineOf(number)).toMatchObject({ approval: "pending" });
      expect(await refusals(number)).toEqual([["ines", "reject", "not-yours"]]);
    });

    test("THREAT-8 somebody else's request written into a withdrawal is refused, and written down", async () => {
      const number = await pending();
      const { id: line } = await lineOf(number);
      const answer = await (await deliver(submission("stan", { kind: "act-on-line", verb: "withdraw", line }, "ha"))).json();
      expect(answer).toMatchObject({ response_action: "errors" });
      expect(await lineOf(number)).toMatchObject({ open: true, closing: null });
      expect(await refusals(number)).toEqual([["stan", "withdraw", "not-requester"]]);
    });

    test("THREAT-8 a verb or an actor written into a form's metadata changes neither who acts nor what is known", async () => {
      const number = await pending();
      const { id: line } = await lineOf(number);
      for (const purpose of [
        { kind: "act-on-line", verb: "approve", line },
        { kind: "act-on-line", verb: "withdraw", line: "" },
        { kind: "act-on-line", verb: "__proto__", line },
        { kind: "act-on-line", verb: "withdraw", line, actor: "rita", requester: "stan" },
        { kind: "act-on-line", verb: "withdraw", line: "' or true --" },
      ])
        expect((await (await deliver(submission("stan", purpose, "x"))).json()) as object).toMatchObject({ response_action: "errors" });
      expect(await lineOf(number)).toMatchObject({ open: true, closing: null, version: 1 });
    });
  });

  describe("App Home", () => {
    test("an act on the home page is acknowledged there, in a line above all else", async () => {
      const number = await pending();
      const page = await home("max", `Request ${number}: decide`);
      expect(await as("max").click({ in: page, text: en.buttons.approve })).toEqual({ ok: true });
      const words = said([`You approved request ${number} (Salesforce), `]);
      const shown = await as("max").until((seen) => (wordsOf(seen.home?.blocks).includes(words) ? seen.home : null));
      expect(
        wordsOf(shown.blocks)
          .replace(said([en.home.title]), "")
          .startsWith(words),
      ).toBe(true);
      expect(as("max").modal()).toBeUndefined();
      expect((await lineOf(number)).approval).toBe("approved");
    });

    test("another try, asked for on the home page, is acknowledged there", async () => {
      const number = await claimed();
      await on(acme, number, "tom", { verb: "report-error", reason: "no licence" });
      const [reviewer = ""] = (
        await acme.connection.sql`select a.person_id from task t join task_assignee a on a.task_id = t.id join line l on l.id = t.line_id
             where l.number = ${number} and t.kind = 'review' and t.state = 'open'`
      ).map(({ person_id }) => String(person_id));
      const page = await home(reviewer, `Request ${number}: error`);
      expect(await as(reviewer).click({ in: page, text: en.buttons.retry })).toEqual({ ok: true });
      await as(reviewer).until((seen) =>
        seen.home?.blocks.find((block) => wordsOf(block).includes(said([`You sent request ${number} (Salesforce) back`]))),
      );
    });

    test("work says on the home page what to enter, and its card opens beside it without posting anything", async () => {
      const number = await claimed();
      const page = await home("tom", `Request ${number}: set up`);
      expect(wordsOf(page.blocks)).toContain(
        said(["Login: rita@acme.example", "Profile: Standard User", "Region: EMEA", "Create the user."]),
      );
      const before = as("tom").direct().messages.length;
      expect(await as("tom").click({ in: page, text: en.buttons.show })).toEqual({ ok: true });
      const modal = as("tom").modal();
      expect(modal?.title?.text).toBe(`Request ${number}`);
      expect(wordsOf(modal?.blocks)).toContain(said([en.titles.order(number, "Salesforce")]));
      expect(modal?.blocks.some(({ type }) => type === "actions")).toBe(false);
      expect(as("tom").direct().messages.length).toBe(before);
    });

    test("THREAT-5 the card of a request that doesn't concern somebody doesn't open for them, and the attempt is written down", async () => {
      const number = await pending();
      const { id } = await openTask(acme, number);
      await press("lena", `show:${id}`);
      await press("lena", "show:none");
      expect(as("lena").modal()?.title?.text).not.toBe(`Request ${number}`);
      expect(await refusals(number)).toEqual([["lena", "status", "not-shown"]]);
    });

    test("late work stands on the home page of administrators alone, the oldest first, in pages", async () => {
      const numbers: number[] = [];
      for (const [index, to] of ["salesforce", "wiki"].entries())
        for (const who of ["rita", "stan", "ines"]) {
          const [number = 0] = await file(acme, who, to, [], to === "wiki" ? {} : { region: "EMEA" });
          numbers.push(number);
          const hours = index * 3 + numbers.length;
          await acme.connection
            .sql`update task set due_at = app_now() - make_interval(hours => ${hours}) where line_id = ${(await lineOf(number)).id}`;
        }
      const page = await home("cleo", "Late work");
      const shown = wordsOf(page.blocks);
      expect(shown).toContain(said(["Late work (6)"]));
      expect(shown).toContain(said(["1 to 5 of 6"]));
      const oldestFirst = [...numbers].reverse().map((number) => shown.indexOf(said([`Request ${number}: decide`, " on"])));
      expect(oldestFirst.slice(0, 5).every((at) => at >= 0)).toBe(true);
      expect(wordsOf((await home("rita", "My requests")).blocks)).not.toContain(said(["Late work"]));

      expect(await as("cleo").click({ in: page, action_id: /^do\.page-late/ })).toEqual({ ok: true });
      await as("cleo").until((seen) => wordsOf(seen.home?.blocks).includes(said(["6 to 6 of 6"])));
    });
  });

  test("IDH-8 the status shows each step with who holds it and since when, and what has yet to come", async () => {
    const number = await claimed();
    const shown = wordsOf((await statusOf("rita", number)).blocks);
    expect(shown).toContain(said(["Approval: approved by Max"]));
    expect(shown).toContain(said(["Setup: Tom has been on it since "]));
    const waiting = await pendingFor("stan");
    const open = wordsOf((await statusOf("stan", waiting)).blocks);
    expect(open).toContain(said(["Approval: Waiting for Approvers"]));
    expect(open).toContain(said(["0 of 2"]));
    expect(open).toContain(said(["Setup: Not started"]));
  });

  const pendingFor = async (who: string) => (await file(acme, who, "salesforce", ["admin"]))[0] ?? 0;

  test("IDH-8 only whom a request concerns sees where it stands; an administrator sees it with buttons, the requester with theirs", async () => {
    const number = await pending();
    const labels = (message: MessageOnPage) =>
      message.blocks.filter(({ type }) => type === "actions").flatMap((block) => ("elements" in block ? block.elements.map(wordsOf) : []));
    expect(labels(await statusOf("cleo", number))).toEqual([said([en.buttons.reassign]), said([en.buttons.cancel])]);
    expect(labels(await statusOf("rita", number))).toEqual([said([en.buttons.nudge]), said([en.buttons.withdraw])]);
    expect(labels(await statusOf("max", number))).toEqual([said([en.buttons.approve]), said([en.buttons.reject])]);
    expect(wordsOf((await statusOf("lena", number)).blocks)).toBe(
      said(refusalText({ name: "not-shown", about: { number: String(number) } }, en)),
    );
    expect(await refusals(number)).toEqual([["lena", "status", "not-shown"]]);
  });

  test("the shortcut and the button of the home page open the same form as the slash command", async () => {
    expect(await as("stan").shortcut("request_access")).toEqual({ ok: true });
    expect(as("stan").modal()?.title?.text).toBe(en.askForm.title);
    await as("stan").close(true);
    const page = await home("stan", "My requests");
    expect(await as("stan").click({ in: page, text: en.buttons.ask })).toEqual({ ok: true });
    expect(as("stan").modal()?.title?.text).toBe(en.askForm.title);
  });

  test("a finished request offers neither withdrawing nor nudging", async () => {
    const number = await done();
    const { id } = await lineOf(number);
    await press("rita", `line:nudge:${id}`);
    expect((await kinds(number)).includes("nudged")).toBe(false);
  });
});
