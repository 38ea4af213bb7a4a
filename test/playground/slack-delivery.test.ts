import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BlockAction, SlashCommand, ViewClosedAction, ViewSubmitAction } from "@slack/bolt";
import { afterEach, expect, test } from "vitest";
import { standIn } from "../../src/playground/slack/stand-in.ts";
import { type Connected, connect, GONE, GUEST, INES, OMAR, workspace } from "./slack-workspace.ts";

let connected: Connected | undefined;
afterEach(async () => {
  await connected?.close();
  connected = undefined;
});

const plain = (text: string) => ({ type: "plain_text" as const, text });
const form = (extra: object = {}) => ({
  type: "modal" as const,
  callback_id: "ask",
  private_metadata: "handle-1",
  title: plain("Request access"),
  submit: plain("Send"),
  blocks: [
    {
      type: "input" as const,
      block_id: "application",
      label: plain("Application"),
      dispatch_action: true,
      element: { type: "external_select" as const, action_id: "pick", min_query_length: 1 },
    },
    {
      type: "input" as const,
      block_id: "why",
      label: plain("Why"),
      element: { type: "plain_text_input" as const, action_id: "text", max_length: 20 },
    },
  ],
  ...extra,
});

test("a slash command reaches a Bolt app signed, and its answer is seen by the person who typed it alone", async () => {
  const heard: SlashCommand[] = [];
  connected = await connect((app) => {
    app.command("/request-access", async ({ command, ack }) => {
      heard.push(command);
      await ack("Looking *now*");
    });
  });
  const ines = connected.slack.actAs(INES);

  expect(await ines.command("/request-access  sales force & <co>", "C0SALES")).toEqual({ ok: true, seen: "Looking *now*" });

  expect(heard).toMatchObject([
    {
      command: "/request-access",
      text: "sales force &amp; &lt;co&gt;",
      user_id: INES,
      user_name: "ines",
      team_id: "T0ACME",
      channel_id: "C0SALES",
      channel_name: "sales",
    },
  ]);
  expect(ines.conversation("sales")?.messages).toMatchObject([{ text: "Looking *now*", ephemeral: true, from_app: true }]);
  expect(connected.slack.actAs(OMAR).conversation("sales")?.messages).toEqual([]);
});

test("a command names mentions by id where its manifest entry escapes them, and as they were typed where it doesn't", async () => {
  const heard: string[] = [];
  connected = await connect(
    (app) => {
      for (const command of ["/escaped", "/typed"]) {
        app.command(command, async ({ command: { text }, ack }) => {
          heard.push(text);
          await ack();
        });
      }
    },
    { app: { commands: [{ command: "/escaped", should_escape: true }, { command: "/typed" }] } },
  );
  const ines = connected.slack.actAs(INES);
  const mentions = [{ text: "@Omar Haddad", user: OMAR }];
  const channel = ines.direct().id;
  await ines.act({ type: "command", channel, text: "/escaped pass 3 to @Omar Haddad & not to @nobody, nor me@ines", mentions });
  await ines.act({ type: "command", channel, text: "/escaped @omar (@ines) @Omar Haddad" });
  await ines.act({ type: "command", channel, text: "/typed pass 3 to @Omar Haddad", mentions });
  expect(heard).toEqual([
    `pass 3 to <@${OMAR}|omar> &amp; not to @nobody, nor me@ines`,
    `<@${OMAR}|omar> (<@${INES}|ines>) @Omar Haddad`,
    "pass 3 to @Omar Haddad",
  ]);
});

test("a command that no app has registered never leaves Slack, and one whose app can't be reached ends as Slack shows it", async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const eventsUrl = `http://127.0.0.1:${(probe.address() as AddressInfo).port}/slack/events`;
  probe.close();
  await once(probe, "close");
  const slack = standIn({ ...workspace, eventsUrl, app: { commands: [{ command: "/known" }] } });
  const ines = slack.actAs(INES);

  expect(await ines.command("/other")).toMatchObject({ ok: false, error: "not_a_command", seen: "/other is not a valid command." });
  expect(ines.direct().messages).toEqual([]);
  expect(await ines.command("/known")).toMatchObject({ ok: false, error: "dispatch_failed" });
  expect(ines.direct().messages).toMatchObject([
    { user: "USLACKBOT", ephemeral: true, text: '/known failed with the error "dispatch_failed"' },
  ]);
});

test("an app that does not answer within Slack's three seconds is seen to have timed out", async () => {
  let answered = () => {};
  const late = new Promise<void>((resolve) => {
    answered = resolve;
  });
  connected = await connect((app) => {
    app.command("/slow", async ({ ack }) => {
      await late;
      await ack();
    });
  });
  expect(await connected.slack.actAs(INES).command("/slow")).toMatchObject({ ok: false, error: "operation_timeout" });
  answered();
});

test("a request whose signature is forged or too old is refused by the app, and a right one is taken", async () => {
  let heard = 0;
  connected = await connect((app) => {
    app.command("/x", async ({ ack }) => {
      heard += 1;
      await ack();
    });
  });
  const address = (connected.app as unknown as { receiver: { server: { address(): { port: number } } } }).receiver.server.address();
  const body = "command=%2Fx&team_id=T0ACME&user_id=U0INES&text=";
  const send = async (headers: Record<string, string>) =>
    (await fetch(`http://127.0.0.1:${address.port}/slack/events`, { method: "POST", headers, body })).status;
  const right = connected.slack.sign(body);

  expect(await send({ ...right, "x-slack-signature": `${right["x-slack-signature"]?.slice(0, -1)}g` })).toBe(401);
  expect(await send(connected.slack.sign(`${body}x`))).toBe(401);
  expect(await send(connected.slack.sign(body, Math.floor(Date.now() / 1000) - 301))).toBe(401);
  expect(heard).toBe(0);
  expect(await send(right)).toBe(200);
  expect(heard).toBe(1);
});

test("a click on a message's button carries what Slack's own payload carries, and the message can be replaced through its response_url", async () => {
  const clicks: BlockAction[] = [];
  connected = await connect((app) => {
    app.action("approve", async ({ body, ack, respond }) => {
      clicks.push(body as BlockAction);
      await ack();
      await respond({ replace_original: true, text: "Approved by Ines", blocks: [{ type: "section", text: plain("Approved") }] });
    });
  });
  const { client, slack } = connected;
  const posted = await client.chat.postMessage({
    channel: "C0SALES",
    text: "Please decide",
    blocks: [
      {
        type: "actions",
        block_id: "decide",
        elements: [{ type: "button", action_id: "approve", text: plain("Approve"), value: "line-1.v3", style: "primary" }],
      },
    ],
    metadata: { event_type: "card", event_payload: { outbox_id: "o-1" } },
  });
  const ines = slack.actAs(INES);
  const card = ines.conversation("sales")?.messages[0];
  expect(card?.ts).toBe(posted.ts);

  expect(await ines.click({ in: card!, text: "Approve" })).toEqual({ ok: true });

  expect(clicks).toMatchObject([
    {
      type: "block_actions",
      user: { id: INES, username: "ines", team_id: "T0ACME" },
      team: { id: "T0ACME", domain: "acme" },
      container: { type: "message", message_ts: posted.ts, channel_id: "C0SALES", is_ephemeral: false },
      channel: { id: "C0SALES", name: "sales" },
      message: { ts: posted.ts, text: "Please decide", metadata: { event_type: "card" } },
      state: { values: {} },
      actions: [{ type: "button", block_id: "decide", action_id: "approve", value: "line-1.v3", text: plain("Approve") }],
    },
  ]);
  expect(clicks[0]?.actions[0]?.action_ts).toMatch(/^\d+\.\d{6}$/);
  const after = await ines.until((seen) => seen.conversations.find((each) => each.id === "C0SALES")?.messages.find((each) => each.edited));
  expect(after).toMatchObject({ ts: posted.ts, text: "Approved by Ines" });
  expect(await ines.click({ in: card!, text: "Approve" })).toMatchObject({ ok: false, error: "element_not_found" });
});

test("a modal lives: opened by its trigger, filled by type-ahead, sent back with errors, kept, updated and closed", async () => {
  const submitted: ViewSubmitAction[] = [];
  const changed: BlockAction[] = [];
  connected = await connect((app) => {
    app.command("/request-access", async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: form() });
    });
    app.options("pick", async ({ payload, ack }) => {
      const names = ["Salesforce", "SAP"].filter((each) => each.toLowerCase().startsWith(payload.value));
      await ack({ options: names.map((each) => ({ text: plain(each), value: each.toLowerCase() })) });
    });
    app.action("pick", async ({ body, ack, client }) => {
      changed.push(body as BlockAction);
      await ack();
      const view = (body as BlockAction).view!;
      const more = { type: "section" as const, text: plain("Chosen") };
      await client.views.update({ view_id: view.id, hash: view.hash, view: form({ blocks: [...form().blocks, more] }) });
    });
    app.view("ask", async ({ body, ack }) => {
      submitted.push(body as ViewSubmitAction);
      const why = body.view.state.values.why?.text?.value;
      if (why === "because") await ack({ response_action: "errors", errors: { why: "Say more." } });
      else
        await ack({
          response_action: "update",
          view: { type: "modal", title: plain("Sent"), blocks: [{ type: "section", text: plain("Thank you") }] },
        });
    });
  });
  const ines = connected.slack.actAs(INES);
  await ines.command("/request-access sales");
  const opened = await ines.until((seen) => seen.modals[0]);
  expect(opened).toMatchObject({
    title: plain("Request access"),
    values: { application: { pick: { typed: null } }, why: { text: { typed: null } } },
  });
  expect(connected.slack.actAs(OMAR).modal()).toBeUndefined();

  expect(await ines.submit()).toMatchObject({
    ok: false,
    error: "invalid_input",
    errors: { application: expect.stringContaining("required"), why: expect.stringContaining("required") },
  });
  expect(submitted).toEqual([]);

  expect(await ines.change({ action_id: "pick" }, "salesforce")).toMatchObject({ ok: false, error: "option_not_offered" });
  expect(await ines.suggest({ action_id: "pick" }, "")).toEqual({ ok: true, options: [] });
  expect(await ines.suggest({ action_id: "pick" }, "sales")).toEqual({
    ok: true,
    options: [{ text: plain("Salesforce"), value: "salesforce" }],
  });
  await ines.fill({ action_id: "text" }, "because");
  expect(await ines.change({ action_id: "pick" }, "salesforce")).toEqual({ ok: true });
  expect(changed[0]).toMatchObject({
    container: { type: "view", view_id: opened.id },
    actions: [{ type: "external_select", selected_option: { value: "salesforce" } }],
    view: { private_metadata: "handle-1", state: { values: { why: { text: { type: "plain_text_input", value: "because" } } } } },
  });
  const redrawn = await ines.until((seen) => seen.modals.find((each) => each.blocks.length === 3));
  expect(redrawn.values).toMatchObject({ application: { pick: { typed: "salesforce" } }, why: { text: { typed: "because" } } });
  expect(redrawn.hash).not.toBe(opened.hash);

  expect(await ines.submit()).toMatchObject({ ok: false, error: "invalid_input", errors: { why: "Say more." } });
  expect(ines.modal()?.errors).toEqual({ why: "Say more." });
  expect(await ines.submit({ why: { text: "twenty-one characters" } })).toMatchObject({
    ok: false,
    errors: { why: "Must be at most 20 characters long." },
  });
  expect(await ines.submit({ why: { text: "quarter-end reports" } })).toEqual({ ok: true });
  expect(submitted.at(-1)?.view).toMatchObject({
    id: opened.id,
    callback_id: "ask",
    root_view_id: opened.id,
    previous_view_id: null,
    state: {
      values: {
        application: { pick: { type: "external_select", selected_option: { value: "salesforce" } } },
        why: { text: { value: "quarter-end reports" } },
      },
    },
  });
  expect(ines.sees().modals).toMatchObject([{ id: opened.id, title: plain("Sent") }]);
  expect(await ines.close()).toEqual({ ok: true });
  expect(ines.modal()).toBeUndefined();
});

test("modals stack to three, an empty answer closes the front one alone, and closing tells the app that asked for it", async () => {
  const closed: boolean[] = [];
  const simple = (name: string) => ({
    type: "modal" as const,
    callback_id: "stack",
    notify_on_close: true,
    title: plain(name),
    submit: plain("Go"),
    blocks: [{ type: "actions" as const, elements: [{ type: "button" as const, action_id: "more", text: plain("More") }] }],
  });
  const pushes: string[] = [];
  connected = await connect((app) => {
    app.shortcut("ask", async ({ ack, shortcut, client }) => {
      await ack();
      await client.views.open({ trigger_id: shortcut.trigger_id, view: simple("1") });
    });
    app.action("more", async ({ ack, body, client }) => {
      await ack();
      try {
        await client.views.push({ trigger_id: (body as BlockAction).trigger_id, view: simple(String(pushes.length + 2)) });
        pushes.push("ok");
      } catch (thrown) {
        pushes.push((thrown as { data: { error: string } }).data.error);
      }
    });
    app.view("stack", async ({ ack }) => ack());
    app.view({ type: "view_closed", callback_id: "stack" }, async ({ ack, body }) => {
      await ack();
      closed.push((body as ViewClosedAction).is_cleared);
    });
  });
  const ines = connected.slack.actAs(INES);
  await ines.shortcut("ask");
  for (const depth of [1, 2, 3]) {
    await ines.until((seen) => seen.modals.length === depth && seen);
    await ines.click({ action_id: "more" });
  }
  await expect.poll(() => pushes).toEqual(["ok", "ok", "push_limit_reached"]);
  expect(await ines.submit()).toEqual({ ok: true });
  expect(ines.sees().modals.map((each) => each.title?.text)).toEqual(["1", "2"]);
  await ines.close();
  expect(ines.sees().modals.map((each) => each.title?.text)).toEqual(["1"]);
  await ines.close(true);
  expect(ines.sees().modals).toEqual([]);
  expect(closed).toEqual([false, true]);
});

test("the app hears typed words in its direct message and of its opened Home, and publishes one for that person alone", async () => {
  const heard: object[] = [];
  connected = await connect((app) => {
    app.message(async ({ message, say }) => {
      heard.push(message);
      await say("I heard you");
    });
    app.event("app_home_opened", async ({ event, client }) => {
      heard.push(event);
      await client.views.publish({ user_id: event.user, view: { type: "home", blocks: [{ type: "section", text: plain("My tasks") }] } });
    });
  });
  const ines = connected.slack.actAs(INES);
  expect(await ines.message("approve 17 <fine>")).toEqual({ ok: true });
  await ines.until((seen) => seen.conversations.at(-1)?.messages.length === 2);
  expect(ines.direct().messages).toMatchObject([
    { user: INES, text: "approve 17 &lt;fine&gt;" },
    { from_app: true, text: "I heard you" },
  ]);
  expect(ines.direct().unread).toBe(1);
  await ines.act({ type: "read", channel: ines.direct().id });
  expect(ines.direct().unread).toBe(0);

  await ines.home();
  await ines.until((seen) => seen.home);
  expect(connected.slack.actAs(OMAR).sees().home).toBeNull();
  expect(heard).toMatchObject([
    { type: "message", channel_type: "im", user: INES, channel: ines.direct().id },
    { type: "app_home_opened", user: INES, tab: "home" },
  ]);
  expect(await connected.slack.actAs(OMAR).message("hello", "C0SALES")).toEqual({ ok: true });
  expect(heard).toHaveLength(2);
});

test("the app is told of its own messages and of their changes, as it is in Slack, and Bolt keeps the former from it", async () => {
  const heard: object[] = [];
  connected = await connect((app) => {
    app.event("message", async ({ event }) => {
      heard.push(event);
    });
  });
  const { client, slack } = connected;
  const { channel, ts } = await client.chat.postMessage({ channel: INES, text: "first" });
  await client.chat.update({ channel: String(channel), ts: String(ts), text: "second" });
  await client.chat.delete({ channel: String(channel), ts: String(ts) });
  await client.chat.postEphemeral({ channel: String(channel), user: INES, text: "not told" });
  await slack.actAs(INES).message("from Ines");
  await expect.poll(() => heard.length).toBe(3);
  expect(heard).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        subtype: "message_changed",
        message: expect.objectContaining({ text: "second" }),
        previous_message: expect.objectContaining({ text: "first" }),
      }),
      expect.objectContaining({ subtype: "message_deleted", deleted_ts: ts }),
      expect.objectContaining({ user: INES, text: "from Ines" }),
    ]),
  );
});

test("an event that was not taken is delivered again under the same event_id, with Slack's retry headers", async () => {
  const seen: { id: string; num: string | undefined; reason: string | undefined }[] = [];
  const slack = standIn({
    ...workspace,
    eventRetriesMs: [0, 1, 1],
    deliver: async ({ headers, body }) => {
      seen.push({ id: JSON.parse(body).event_id, num: headers["x-slack-retry-num"], reason: headers["x-slack-retry-reason"] });
      return { status: seen.length < 3 ? 500 : 200, headers: new Headers(), body: "" };
    },
  });
  expect(await slack.actAs(INES).message("hello")).toMatchObject({ ok: false, error: "http_500" });
  await expect.poll(() => seen.length).toBe(3);
  expect(seen).toMatchObject([{ num: undefined }, { num: "1", reason: "http_error" }, { num: "2" }]);
  expect(new Set(seen.map((each) => each.id)).size).toBe(1);
});

test("nobody sees or touches what is not theirs", async () => {
  connected = await connect(() => {});
  const { slack, client } = connected;
  const whisper = await client.chat.postEphemeral({ channel: "C0SALES", user: INES, text: "only you" });
  const guest = slack.actAs(GUEST);
  expect(guest.sees().conversations.map((each) => each.kind)).toEqual(["im"]);
  expect(await guest.message("hello", "C0SALES")).toMatchObject({ ok: false, error: "not_in_channel" });
  expect(await guest.command("/x", "C0SALES")).toMatchObject({ ok: false, error: "not_in_channel" });
  const place = { channel: "C0SALES", message: String(whisper.message_ts) };
  expect(await slack.actAs(OMAR).act({ type: "dismiss", ...place })).toMatchObject({ ok: false, error: "message_not_found" });
  expect(await slack.actAs(INES).act({ type: "dismiss", ...place })).toEqual({ ok: true });
  expect(await slack.actAs(GONE).message("hello")).toMatchObject({ ok: false, error: "account_inactive" });
});
