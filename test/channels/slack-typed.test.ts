import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusalText, strangerText } from "../../src/cards/answers.ts";
import { transmit } from "../../src/operations/transmit.ts";
import type { MessageOnPage } from "../../src/playground/slack/page-interface.ts";
import { en } from "../../src/texts/en.ts";
import { type Company, company, file, on } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { cleared } from "./clean.ts";
import { hooked, type Stage, said, stage, TEAM, toldTo, userOf, wordsOf } from "./stage.ts";

describeWithDatabase("typed commands in Slack", () => {
  let acme: Company;
  let it: Stage;
  let before: (name: string) => Promise<void> = async () => {};
  beforeAll(async () => {
    acme = await company();
    it = await stage(hooked(acme.operations, (name) => before(name)));
  });
  beforeEach(async () => {
    before = async () => {};
    await cleared(it, acme);
  });
  afterAll(async () => {
    await it.close();
    await acme.close();
  });

  const as = (name: string) => it.world.actAs(userOf(name));
  const lineOf = async (number: number) => {
    const [row] = await acme.connection.sql`select id, approval, open, closing from line where number = ${number}`;
    return { id: String(row?.id), approval: row?.approval, open: row?.open, closing: row?.closing };
  };
  const pending = async (who = "rita", what: readonly string[] = []) => (await file(acme, who, "salesforce", what))[0] ?? 0;
  const approved = async () => {
    const number = await pending();
    await on(acme, number, "max", { verb: "approve", comment: null });
    await transmit(acme.world, (await lineOf(number)).id);
    return number;
  };
  const claimed = async () => {
    const number = await approved();
    await on(acme, number, "tom", { verb: "claim" });
    return number;
  };
  const failed = async () => {
    const number = await claimed();
    await on(acme, number, "tom", { verb: "report-error", reason: "no licence" });
    return number;
  };
  const kinds = async (number: number) =>
    (await acme.connection.sql`select kind from event where line_id = ${(await lineOf(number)).id} and kind <> 'refused' order by seq`).map(
      ({ kind }) => kind,
    );
  const lastOf = async (number: number) => {
    const [row] = await acme.connection
      .sql`select kind, actor_id, data, seen from event where line_id = ${(await lineOf(number)).id} and actor_id is not null order by seq desc limit 1`;
    return { kind: row?.kind, by: row?.actor_id, data: row?.data, seen: row?.seen };
  };
  const refusals = async (number: number) =>
    (
      await acme.connection
        .sql`select actor_id, data from event where kind = 'refused' and line_id = ${(await lineOf(number)).id} order by seq`
    ).map(({ actor_id, data }) => [actor_id, data.verb, data.refusal]);
  /** The app's next message after what is done, in words. */
  const answerTo = async (name: string, what: () => Promise<unknown>): Promise<MessageOnPage> => {
    const seen = () =>
      as(name)
        .direct()
        .messages.filter((one) => one.from_app);
    const count = seen().length;
    await what();
    return as(name).until(() => seen()[count]);
  };
  const write = async (name: string, words: string) => wordsOf((await answerTo(name, () => as(name).message(words))).blocks);

  let ts = 1000;
  /** A message as Slack sends it, with mentions and links in angle brackets. */
  const event = (name: string, text: string, more: object = {}) => ({
    type: "message",
    channel: as(name).direct().id,
    channel_type: "im",
    user: userOf(name),
    team: TEAM,
    text,
    ts: `${++ts}.000001`,
    ...more,
  });
  const deliver = (sent: object) => {
    const body = JSON.stringify({ type: "event_callback", team_id: TEAM, event: sent });
    return fetch(it.eventsUrl, { method: "POST", headers: it.world.sign(body, undefined, "application/json"), body });
  };
  const writeRaw = async (name: string, text: string) => wordsOf((await answerTo(name, () => deliver(event(name, text)))).blocks);

  describe("each does what its button does", () => {
    test.each([
      ["approve N", "max", pending, "You approved request", "task-decided"],
      ["APPROVE #N she is new here", "max", pending, "You approved request", "task-decided"],
      ["approve request N.", "max", pending, "You approved request", "task-decided"],
      ["reject N too many licences", "max", pending, "is rejected. The requester is told why.", "rejected"],
      ["Claim N", "lena", approved, "is yours. Press Confirm done when it is set up.", "claimed"],
      ["release N", "tom", claimed, "is free again for others to claim.", "released"],
      ["confirm N", "tom", claimed, "is complete, and the requester is told.", "assignment-started"],
      ["confirm N r.berg", "tom", claimed, "is complete, and the requester is told.", "assignment-started"],
      ["error N the system is down", "tom", claimed, "goes to Tom, who can send it back or cancel it.", "task-opened"],
      ["retry N", "tom", failed, "goes back", "order-retried"],
      ["cancel-order N we stop using it", "tom", failed, "is cancelled. The requester is told why.", "order-cancelled"],
      ["cancel order N we stop using it", "tom", failed, "is cancelled. The requester is told why.", "order-cancelled"],
      ["withdraw N", "rita", claimed, "is withdrawn. Whoever it waited for is told.", "order-cancelled"],
      ["nudge N", "rita", pending, "Max got a friendly reminder.", "nudged"],
      ["cancel N asked for by mistake", "cleo", pending, "is cancelled.", "task-closed"],
      ["release N tom is away", "cleo", claimed, "is free again for others to claim.", "released"],
    ] as const)("%s", async (line, who, reach, words, kind) => {
      const number = await reach();
      expect(await write(who, line.replace("N", String(number)))).toContain(said([words]));
      expect(await kinds(number)).toContain(kind);
      expect(await lastOf(number)).toMatchObject({ by: who, seen: { platform: "slack", conversation: as(who).direct().id } });
      expect(await refusals(number)).toEqual([]);
    });

    test("what is written after the number arrives as it was written", async () => {
      const [first, second] = [await pending(), await pending("stan")];
      await writeRaw("max", `approve ${first} 2 &lt;years&gt; &amp; *more*`);
      await write("max", `reject ${second} see <https://x.example|the rules>, @here`);
      const [vote] = await acme.connection.sql`select reason from vote where line_id = ${(await lineOf(first)).id}`;
      expect(vote?.reason).toBe("2 <years> & *more*");
      const [task] = await acme.connection.sql`select reason from task where line_id = ${(await lineOf(second)).id}`;
      expect(task?.reason).toBe("see <https://x.example|the rules>, @here");
    });

    test("without a login the proposed one is confirmed; an address that Slack made a link of is a login all the same", async () => {
      const first = await claimed();
      await write("tom", `confirm ${first}`);
      expect(await acme.connection.sql`select login from "order" where line_id = ${(await lineOf(first)).id}`).toEqual([
        { login: "rita@acme.example" },
      ]);
      await cleared(it, acme);
      const second = await claimed();
      await writeRaw("tom", `confirm ${second} <mailto:r.new@acme.example|r.new@acme.example>`);
      expect(await acme.connection.sql`select login from "order" where line_id = ${(await lineOf(second)).id}`).toEqual([
        { login: "r.new@acme.example" },
      ]);
    });

    test("the lists, help and status", async () => {
      const number = await pending();
      expect(await write("max", "tasks")).toContain(said([`Request ${number}: decide on`]));
      expect(await write("rita", "Requests")).toContain(said([`Request ${number}`]));
      expect(await write("rita", "mine")).toContain(said([en.home.noAccess, en.buttons.ask]));
      expect(await write("rita", "help")).toContain(said([en.help.typedTitle]));
      expect(await write("rita", `status ${number}`)).toContain(said(["Waiting for Max (manager) since"]));
      expect(await write("cleo", "late")).toContain(said(["Nothing is late."]));
      expect(await write("rita", "late")).toBe(said(refusalText({ name: "not-administrator", about: {} }, en)));
    });

    test("after /access they do the same, and are answered where they were written", async () => {
      const number = await pending();
      expect(await as("max").command(`/access approve ${number} fine`, as("max").direct().id)).toMatchObject({ ok: true });
      expect(wordsOf(toldTo(as("max")).at(-1)?.blocks)).toBe(said([`Thank you. You approved request ${number}.`]));
      expect((await lineOf(number)).approval).toBe("approved");
      expect(await as("rita").command(`/access status ${number}`)).toMatchObject({ ok: true });
      expect(wordsOf(toldTo(as("rita")).at(-1)?.blocks)).toContain(said(["Approval: approved by Max"]));
    });
  });

  describe("reassigning", () => {
    const holders = async (number: number) =>
      (
        await acme.connection
          .sql`select a.person_id from task t join task_assignee a on a.task_id = t.id where t.line_id = ${(await lineOf(number)).id} and t.state = 'open' order by a.position`
      ).map(({ person_id }) => person_id);

    test.each([
      ["a mention", "<@UINES> Max is away", ["ines"], "Max is away"],
      ["two mentions", "<@UINES|ines> <@UOMAR> Max is away", ["ines", "omar"], "Max is away"],
      ["mentions joined by and", "<@UINES>, <@UOMAR> and <@UUMA>: all know it", ["ines", "omar", "uma"], "all know it"],
      ["an e-mail address", "<mailto:omar@acme.example|omar@acme.example> Max is away", ["omar"], "Max is away"],
      ["an HR id", "omar uma knows it as well", ["omar"], "uma knows it as well"],
      ["a mention, and somebody in the reason", "<@UINES> and so says <@UOMAR>", ["ines"], "and so says @Omar"],
    ])("by %s", async (_, rest, to, reason) => {
      const number = await pending();
      await writeRaw("cleo", `reassign ${number} ${rest}`);
      expect(await holders(number)).toEqual(to);
      expect(await lastOf(number)).toMatchObject({ kind: "reassigned", by: "cleo", data: { reason } });
    });

    test.each([
      ["nobody", "because", en.typed.whoElse(en.typedCommands.reassign)],
      ["a name that looks like a mention", "@ines because", en.typed.nobodyKnown("@ines")],
      ["an address that nobody has", "nobody@acme.example because", en.typed.nobodyKnown("nobody@acme.example")],
      ["a chat account that isn't linked", "<@UNOBODY> because", en.typed.nobodyKnown(en.typed.somebody)],
      ["no reason", "<@UINES>", "Write a reason, so that the others know why."],
      ["who asked for it", "<@URITA> because", "Rita can't do this"],
    ])("naming %s is answered with what to write, and changes nothing", async (_, rest, words) => {
      const number = await pending();
      expect(await writeRaw("cleo", `reassign ${number} ${rest}`)).toContain(said([words]));
      expect(await holders(number)).toEqual(["max"]);
      expect(await kinds(number)).not.toContain("reassigned");
    });

    test("by a name chosen in the message field, which Slack turns into a mention", async () => {
      const number = await pending();
      await write("cleo", `reassign ${number} @ines and omar@acme.example Max is away`);
      expect(await holders(number)).toEqual(["ines", "omar"]);
      expect(await lastOf(number)).toMatchObject({ data: { reason: "Max is away" } });
    });

    test("a mention links nobody's chat account", async () => {
      const number = await pending();
      const count = async () => (await acme.connection.sql`select 1 from chat_account`).length;
      const before = await count();
      await writeRaw("cleo", `reassign ${number} <@UNOBODY> because`);
      expect(await count()).toBe(before);
    });
  });

  describe("what can't be read is answered with what to write", () => {
    test.each([
      ["aprove N", 'Did you mean "approve N"?'],
      ["rejcet N no licences", 'Did you mean "reject N no licences"?'],
      ["withdrw N", 'Did you mean "withdraw N"?'],
      ["good morning", `I don't know "good morning".`],
      ["approve", en.typed.noNumber("approve", en.typedCommands.approve)],
      ["approve it please", en.typed.noNumber("approve", en.typedCommands.approve)],
      ["approve N and 4", en.typed.oneAtATime("approve")],
      ["approve 99999", "There is no request 99999."],
      ["approve 9999999999999999999999", en.typed.noNumber("approve", en.typedCommands.approve)],
      ["reject N", 'Write a reason, so that the others know why. Write it like this: "reject 12 we have no licences left".'],
      ["claim N", `Nothing in request N can be answered with "claim" just now. Waiting for approval by Max (manager) since`],
    ])("%s", async (line, words) => {
      const number = await pending();
      const filled = (text: string) => text.replace(/\bN\b/, String(number));
      expect(await write("max", filled(line))).toContain(said([filled(words)]));
      expect((await lineOf(number)).approval).toBe("pending");
      expect(await kinds(number)).toEqual(["submitted", "task-opened"]);
    });

    test("/access says what it didn't know, and what was probably meant", async () => {
      expect(await as("rita").command("/access foo")).toMatchObject({ ok: true });
      expect(wordsOf(toldTo(as("rita")).at(-1)?.blocks)).toContain(said([`I don't know "foo".`]));
      expect(await as("rita").command("/access task")).toMatchObject({ ok: true });
      expect(wordsOf(toldTo(as("rita")).at(-1)?.blocks)).toContain(
        said([`I don't know "task". Did you mean "tasks"?`, ` ${en.typed.helpHint}`]),
      );
      expect(wordsOf(toldTo(as("rita")).at(-1)?.blocks)).not.toContain(said([en.help.typedTitle]));
    });

    test("help shows administrators' commands to administrators alone", async () => {
      expect(await write("cleo", "help")).toContain(said([en.help.administratorsTitle]));
      const helped = await write("rita", "help");
      expect(helped).toContain(said([en.help.typedTitle]));
      expect(helped).not.toContain(said([en.help.administratorsTitle]));
    });

    test("who came too late hears who decided", async () => {
      const number = await pending("stan", ["admin"]);
      await on(acme, number, "ines", { verb: "approve", comment: null });
      await on(acme, number, "uma", { verb: "approve", comment: null });
      expect(await write("omar", `reject ${number} too late`)).toContain(said(["Uma has already approved this"]));
    });
  });

  test("what is written in a thread is answered in that thread, all else in the conversation", async () => {
    const direct = as("rita").direct().id;
    await write("rita", "help");
    const [first] = as("rita").direct().messages;
    await as("rita").message("status 99999", direct, first?.ts ?? "");
    const answer = await as("rita").until(() =>
      as("rita")
        .direct()
        .messages.find((one) => one.ts === first?.ts)
        ?.replies.find((one) => one.from_app),
    );
    expect(answer).toMatchObject({ thread_ts: first?.ts });
    expect(
      as("rita")
        .direct()
        .messages.every((one) => one.thread_ts === undefined || one.thread_ts === one.ts),
    ).toBe(true);
  });

  test("THREAT-3 the same message delivered again and again commands once, and is answered once", async () => {
    const number = await pending("stan", ["admin"]);
    const sent = event("ines", `approve ${number}`);
    const answers = () =>
      as("ines")
        .direct()
        .messages.filter((one) => one.from_app)
        .map(({ blocks }) => wordsOf(blocks));
    await Promise.all(Array.from({ length: 10 }, () => deliver(sent)));
    await expect.poll(() => answers().length).toBe(1);
    // Under the same message other words are no other command.
    await deliver({ ...sent, text: `reject ${number} with other words` });
    await write("ines", `status ${number}`);
    expect(answers()).toHaveLength(2);
    expect((await kinds(number)).filter((kind) => kind === "voted")).toHaveLength(1);
    expect(await kinds(number)).not.toContain("rejected");
  });

  test("THREAT-3 what was refused stays refused when it is delivered again, though it would be allowed by then; written anew it is done", async () => {
    const number = await approved();
    await on(acme, number, "tom", { verb: "claim" });
    const sent = event("lena", `claim ${number}`);
    await deliver(sent);
    await on(acme, number, "tom", { verb: "release", reason: null });
    await deliver(sent);
    expect((await kinds(number)).filter((kind) => kind === "claimed")).toHaveLength(1);
    await deliver(event("lena", `claim ${number}`));
    expect((await kinds(number)).filter((kind) => kind === "claimed")).toHaveLength(2);
  });

  test("a message is acknowledged when what it commands is committed, not before", async () => {
    const number = await pending();
    const order: string[] = [];
    before = async (name) => {
      if (name !== "act") return;
      await new Promise((resolve) => setTimeout(resolve, 150));
      order.push("acts");
    };
    const sent = await deliver(event("max", `approve ${number}`));
    order.push("acknowledged");
    expect(sent.status).toBe(200);
    expect(order).toEqual(["acts", "acknowledged"]);
    expect((await lineOf(number)).approval).toBe("approved");
  });

  test("a command that fails is said, not swallowed", async () => {
    const number = await pending();
    before = (name) => (name === "act" ? Promise.reject(new Error("secret detail")) : Promise.resolve());
    expect(await write("max", `approve ${number}`)).toBe(said([en.channel.wentWrong]));
  });

  test.each([
    ["approve N", "rita", "approve", "own-request"],
    ["approve N", "ines", "approve", "not-yours"],
    ["withdraw N", "max", "withdraw", "not-requester"],
    ["status N", "lena", "status", "not-shown"],
  ] as const)("THREAT-5 %s by %s is refused as at the button, and written down", async (line, who, verb, refusal) => {
    const number = await pending();
    expect(await write(who, line.replace("N", String(number)))).toBe(
      said(refusalText({ name: refusal, about: { number: String(number) } }, en)),
    );
    expect(await refusals(number)).toEqual([[who, verb, refusal]]);
    expect(await lineOf(number)).toMatchObject({ approval: "pending", open: true });
  });

  test("THREAT-5 a command of somebody who was deactivated is refused, and written down", async () => {
    const number = await pending();
    await acme.connection.sql`update person set state = 'left' where id in ('max', 'rita')`;
    for (const [who, line] of [
      ["max", `approve ${number}`],
      ["rita", `withdraw ${number}`],
    ] as const)
      expect(await write(who, line)).toBe(said(strangerText("not-active", en)));
    expect(await refusals(number)).toEqual([
      ["max", "approve", "not-active"],
      ["rita", "withdraw", "not-active"],
    ]);
  });

  describe("THREAT-14 an administrator's commands", () => {
    test.each(["rita", "max", "ines", "lena", "tom"])(
      "THREAT-14 reassign, release and cancel written by %s are refused and written down",
      async (name) => {
        const number = await claimed();
        const mine = name === "tom";
        await writeRaw(name, `reassign ${number} <@UINES> because`);
        if (!mine) await write(name, `release ${number} because`);
        await write(name, `cancel ${number} because`);
        const release = name === "lena" ? "not-claimer" : "not-yours";
        expect((await refusals(number)).sort()).toEqual(
          [
            [name, "cancel", "not-administrator"],
            [name, "reassign", "not-administrator"],
            ...(mine ? [] : [[name, "release", release]]),
          ].sort(),
        );
        expect(await lineOf(number)).toMatchObject({ open: true, closing: null });
      },
    );

    test("THREAT-14 who may not reassign learns nothing of who is known", async () => {
      const number = await pending();
      const refused = said(refusalText({ name: "not-administrator", about: {} }, en));
      for (const target of ["<@UINES>", "<@UNOBODY>", "nobody@acme.example", ""])
        expect(await writeRaw("stan", `reassign ${number} ${target} because`)).toBe(refused);
    });
  });
});
