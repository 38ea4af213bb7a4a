import { afterEach, beforeEach, expect, test } from "vitest";
import { type StandIn, standIn } from "../../src/playground/slack/stand-in.ts";
import { BOT_TOKEN, clientOf, errorOf, GONE, GUEST, INES, OMAR, workspace } from "./slack-workspace.ts";

const START = Date.UTC(2026, 10, 20, 9);
let now = START;
let slack: StandIn;
let listening: Awaited<ReturnType<StandIn["listen"]>>;
/** What the stand-in delivered, decoded. */
let delivered: { [key: string]: unknown }[] = [];

beforeEach(async () => {
  now = START;
  delivered = [];
  slack = standIn({
    ...workspace,
    clock: () => now,
    ownMessageEvents: false,
    deliver: async ({ body }) => {
      const fields = new URLSearchParams(body);
      delivered.push(JSON.parse(fields.get("payload") ?? JSON.stringify(Object.fromEntries(fields))));
      return { status: 200, headers: new Headers(), body: "" };
    },
  });
  listening = await slack.listen();
});
afterEach(() => listening.close());

const client = () => clientOf(listening.url);
const plain = (text: string) => ({ type: "plain_text" as const, text });
const section = (text: string) => ({ type: "section" as const, text: plain(text) });
const modal = (title: string, more: object = {}) => ({ type: "modal" as const, title: plain(title), blocks: [section(title)], ...more });
const raw = (path: string, init: RequestInit = {}) => fetch(`${listening.url}${path}`, { method: "POST", ...init });

test("a wrong token, an unknown method and an unreadable body are refused as Slack does", async () => {
  expect(await errorOf(clientOf(listening.url, "xoxb-wrong").auth.test())).toMatchObject({ error: "invalid_auth" });
  expect(await errorOf(client().apiCall("chat.postTelegram"))).toMatchObject({ error: "unknown_method" });
  expect(await errorOf(client().apiCall("constructor"))).toMatchObject({ error: "unknown_method" });
  const json = { "content-type": "application/json", authorization: `Bearer ${BOT_TOKEN}` };
  expect(await (await raw("/api/auth.test", { headers: json, body: "{" })).json()).toEqual({ ok: false, error: "invalid_json" });
  expect(await (await raw("/api/auth.test", { headers: json, body: "[]" })).json()).toEqual({ ok: false, error: "json_not_object" });
  const posted = await raw("/api/chat.postMessage", {
    headers: json,
    body: JSON.stringify({ channel: "C0SALES", blocks: [section("as JSON")] }),
  });
  expect(await posted.json()).toMatchObject({ ok: true, message: { blocks: [{ type: "section" }] } });
});

test("messages go to channels by id or public name and to people by user id, but only where the bot may write", async () => {
  expect(await client().chat.postMessage({ channel: "#sales", text: "x" })).toMatchObject({ channel: "C0SALES" });
  expect(await client().chat.postMessage({ channel: INES, text: "x" })).toMatchObject({ channel: slack.actAs(INES).direct().id });
  const refusals = {
    C0OTHER: "not_in_channel",
    G0SECRET: "channel_not_found",
    secret: "channel_not_found",
    C0OLD: "is_archived",
    [GONE]: "user_disabled",
  };
  for (const [channel, error] of Object.entries(refusals)) {
    expect(await errorOf(client().chat.postMessage({ channel, text: "x" })), channel).toMatchObject({ error });
  }
  expect(await errorOf(client().conversations.open({ users: "U0STANDIN" }))).toMatchObject({ error: "cannot_dm_bot" });
  expect(await errorOf(client().conversations.join({ channel: "G0SECRET" }))).toMatchObject({ error: "channel_not_found" });
  expect(await errorOf(client().conversations.history({ channel: "C0OTHER" }))).toMatchObject({ error: "not_in_channel" });
});

test("what is too long or malformed is refused and leaves no message", async () => {
  const post = (content: object) => errorOf(client().chat.postMessage({ channel: "C0SALES", ...content } as never));
  expect(await post({ text: "x".repeat(40_001) })).toMatchObject({ error: "msg_too_long" });
  expect(await post({ text: "x", blocks: "{" })).toMatchObject({ error: "invalid_blocks_format" });
  expect(await post({ text: "x", blocks: [{ type: "section", text: plain("x".repeat(3001)) }] })).toEqual({
    error: "invalid_blocks",
    messages: ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"],
  });
  expect(await post({ text: "x", blocks: Array(5).fill(section("x".repeat(2900))) })).toMatchObject({ error: "msg_blocks_too_long" });
  expect(await post({ text: "x", attachments: Array(101).fill({ text: "a" }) })).toMatchObject({ error: "too_many_attachments" });
  expect(await post({ text: "x", metadata: { event_type: "" } })).toMatchObject({ error: "invalid_metadata_format" });
  expect(await post({ text: "x", metadata: { event_type: "e", event_payload: { x: "x".repeat(8_000) } } })).toMatchObject({
    error: "metadata_too_large",
  });
  expect(await post({ text: "x", thread_ts: "1700000000.000001" })).toMatchObject({ error: "thread_not_found" });
  expect(await post({ text: "x", thread_ts: "0" })).toMatchObject({ error: "invalid_thread_ts" });
  expect(await errorOf(client().apiCall("chat.postMessage", { text: "x" }))).toEqual({
    error: "invalid_arguments",
    messages: ["[ERROR] missing required field: channel"],
  });
  expect(slack.actAs(INES).conversation("sales")?.messages).toEqual([]);
});

test("a thread counts its replies and who wrote them; a reply names its parent, counts as unread, and may stand in the channel too", async () => {
  const channel = "C0SALES";
  const { ts } = await client().chat.postMessage({ channel, text: "card" });
  const thread = { channel, thread_ts: String(ts) };
  await client().chat.postEphemeral({ ...thread, user: INES, text: "only she sees it" });
  await client().chat.postMessage({ ...thread, text: "reminder" });
  await slack.actAs(OMAR).message("on it", channel, String(ts));
  const last = await client().chat.postMessage({ ...thread, text: "withdrawn", reply_broadcast: true });
  const { messages = [] } = await client().conversations.replies({ channel, ts: String(ts) });
  expect(messages[0]).toMatchObject({
    text: "card",
    thread_ts: ts,
    reply_count: 3,
    reply_users: ["U0STANDIN", OMAR],
    reply_users_count: 2,
    latest_reply: last.ts,
    is_locked: false,
  });
  expect(messages.slice(1)).toMatchObject([
    { text: "reminder", thread_ts: ts, parent_user_id: "U0STANDIN" },
    { text: "on it", user: OMAR },
    { text: "withdrawn", subtype: "thread_broadcast" },
  ]);
  const history = await client().conversations.history({ channel });
  expect(history.messages?.map(({ text }) => text)).toEqual(["withdrawn", "card"]);
  expect(slack.actAs(INES).conversation("sales")).toMatchObject({
    unread: 5,
    read: "",
    messages: [
      { text: "card", replies: [{}, { text: "reminder" }, {}, { text: "withdrawn" }] },
      { text: "withdrawn", reply_broadcast: true },
    ],
  });
  expect(await errorOf(client().chat.postMessage({ channel, text: "x", thread_ts: String(last.ts) }))).toMatchObject({
    error: "cannot_reply_to_message",
  });
});

test("only the bot's own lasting messages can be changed", async () => {
  const ines = slack.actAs(INES);
  await ines.message("mine", "C0SALES");
  const hers = ines.conversation("sales")!.messages[0]!.ts;
  const whisper = await client().chat.postEphemeral({ channel: "C0SALES", user: INES, text: "psst" });
  const change = (ts: string, text = "x") => errorOf(client().chat.update({ channel: "C0SALES", ts, text }));
  expect(await change(hers)).toMatchObject({ error: "cant_update_message" });
  expect(await change(String(whisper.message_ts))).toMatchObject({ error: "message_not_found" });
  expect(await errorOf(client().chat.delete({ channel: "C0SALES", ts: hers }))).toMatchObject({ error: "cant_delete_message" });
  const own = await client().chat.postMessage({ channel: "C0SALES", text: "own" });
  expect(await change(String(own.ts), "x".repeat(4_001))).toMatchObject({ error: "msg_too_long" });
  expect((await client().conversations.history({ channel: "C0SALES" })).messages?.map((each) => each.text)).toEqual(["own", "mine"]);
});

test("metadata comes back from history when it is asked for", async () => {
  const metadata = { event_type: "card", event_payload: { outbox_id: "o-7" } };
  await client().chat.postMessage({ channel: "C0SALES", text: "x", metadata });
  expect((await client().conversations.history({ channel: "C0SALES" })).messages?.[0]?.metadata).toBeUndefined();
  const full = await client().conversations.history({ channel: "C0SALES", include_all_metadata: true });
  expect(full.messages?.[0]?.metadata).toEqual(metadata);
});

test("accounts say what kind they are, and a deactivated one is not found by its e-mail", async () => {
  expect((await client().users.info({ user: GUEST })).user).toMatchObject({ is_ultra_restricted: true, is_bot: false, deleted: false });
  expect((await client().users.info({ user: GONE })).user).toMatchObject({ deleted: true });
  expect((await client().users.info({ user: OMAR })).user).toMatchObject({
    tz: "America/New_York",
    tz_offset: -5 * 3600,
    team_id: "T0ACME",
  });
  expect(await errorOf(client().users.lookupByEmail({ email: "gus@acme.example" }))).toMatchObject({ error: "users_not_found" });
  expect((await client().users.lookupByEmail({ email: "INES@acme.example" })).user).toMatchObject({ id: INES });
  expect(await errorOf(client().users.list({ cursor: "bm9ib2R5" }))).toMatchObject({ error: "invalid_cursor" });
});

test("a trigger lives three seconds, and an invalid view does not use it up", async () => {
  const trigger_id = slack.trigger(INES);
  now += 3_000;
  expect(await errorOf(client().views.open({ trigger_id, view: modal("x".repeat(25)) }))).toEqual({
    error: "invalid_arguments",
    messages: ["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"],
  });
  await client().views.open({ trigger_id, view: modal("In time") });
  const late = slack.trigger(INES);
  now += 3_001;
  expect(await errorOf(client().views.open({ trigger_id: late, view: modal("Late") }))).toMatchObject({ error: "expired_trigger_id" });
  expect(slack.actAs(INES).modal()?.title?.text).toBe("In time");
});

test("a view above 250 kB, a second one under the same external_id, and a push from outside a modal are refused", async () => {
  const open = (view: object) => client().views.open({ trigger_id: slack.trigger(INES), view: view as never });
  const large = modal("Large", { blocks: Array.from({ length: 100 }, () => ({ type: "section", text: plain("x".repeat(2_600)) })) });
  expect(await errorOf(open(large))).toMatchObject({ error: "view_too_large" });
  await open(modal("One", { external_id: "only-one" }));
  expect(
    await errorOf(client().views.open({ trigger_id: slack.trigger(OMAR), view: modal("Two", { external_id: "only-one" }) })),
  ).toMatchObject({
    error: "duplicate_external_id",
  });
  expect(
    (await client().views.update({ external_id: "only-one", view: modal("Renamed", { external_id: "only-one" }) })).view,
  ).toMatchObject({
    title: { text: "Renamed" },
  });
  expect(await errorOf(client().views.push({ trigger_id: slack.trigger(INES), view: modal("Pushed") }))).toMatchObject({
    error: "view_not_found",
  });
});

test("a response_url works five times within half an hour", async () => {
  const ines = slack.actAs(INES);
  const urlOf = async () => {
    await ines.command("/x", "C0SALES");
    return String(delivered.at(-1)?.response_url);
  };
  const send = (url: string, body: object) =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const url = await urlOf();
  expect(url.startsWith(`${listening.url}/response/`)).toBe(true);
  for (const use of [1, 2, 3, 4]) expect((await send(url, { text: `whisper ${use}` })).status).toBe(200);
  expect((await send(url, { text: "aloud", response_type: "in_channel" })).status).toBe(200);
  const sixth = await send(url, { text: "one too many" });
  expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: "used_url" }]);
  expect(
    slack
      .actAs(OMAR)
      .conversation("sales")
      ?.messages.map((each) => each.text),
  ).toEqual(["aloud"]);
  expect(ines.conversation("sales")?.messages).toHaveLength(5);

  const old = await urlOf();
  now += 30 * 60_000 + 1;
  expect(await (await send(old, { text: "late" })).json()).toEqual({ ok: false, error: "expired_url" });
  expect(await (await send(await urlOf(), { blocks: [{ type: "grid" }] })).json()).toEqual({ ok: false, error: "invalid_blocks" });
});

test("faults happen where they were asked for, as often as they were asked for", async () => {
  slack.world.faults.push(
    { type: "rateLimit", method: "chat.postMessage", channel: "C0SALES", retryAfter: 7, times: 1 },
    { type: "fail", method: "chat.update", status: 503, times: 1 },
    { type: "refuse", method: "views.publish", error: "internal_error", times: 1 },
    { type: "dropAfterDelivery", method: "chat.postMessage", times: 2 },
  );
  const post = (channel: string, text: string) => client().chat.postMessage({ channel, text });
  await expect(post(INES, "arrives although the answer is lost")).rejects.toMatchObject({ code: "slack_webapi_request_error" });
  expect(slack.actAs(INES).direct().messages).toMatchObject([{ text: "arrives although the answer is lost" }]);
  await expect(post("C0SALES", "limited")).rejects.toMatchObject({ code: "slack_webapi_rate_limited_error", retryAfter: 7 });
  expect(slack.actAs(INES).conversation("sales")?.messages).toEqual([]);
  const { ts } = await post("C0SALES", "through");
  await expect(client().chat.update({ channel: "C0SALES", ts: String(ts), text: "x" })).rejects.toMatchObject({
    code: "slack_webapi_http_error",
  });
  expect(await errorOf(client().views.publish({ user_id: INES, view: { type: "home", blocks: [] } }))).toMatchObject({
    error: "internal_error",
  });
  expect(slack.world.faults).toEqual([]);
  expect(slack.world.calls.map((each) => `${each.method} ${each.error ?? "ok"}`)).toEqual([
    "chat.postMessage ok",
    "chat.postMessage ok",
    "views.publish internal_error",
  ]);
});

test("an ephemeral message can be replaced and removed through its response_url only", async () => {
  const button = { type: "button" as const, action_id: "go", text: plain("Go") };
  await client().chat.postEphemeral({ channel: "C0SALES", user: INES, text: "psst", blocks: [{ type: "actions", elements: [button] }] });
  const ines = slack.actAs(INES);
  const whisper = () => ines.conversation("sales")?.messages[0];
  await ines.click({ in: whisper()!, text: "Go" });
  expect(delivered[0]).toMatchObject({ container: { is_ephemeral: true } });
  expect(delivered[0]).not.toHaveProperty("message");
  const send = (body: object) => fetch(String(delivered[0]?.response_url), { method: "POST", body: JSON.stringify(body) });
  await send({ replace_original: true, text: "gone soon" });
  expect(whisper()).toMatchObject({ text: "gone soon", blocks: [], ephemeral: true });
  await send({ delete_original: true });
  expect(whisper()).toBeUndefined();
});

test("with rate limits on, a channel takes bursts but no more than a message a second, and a method its tier", async () => {
  slack.world.rateLimits = true;
  const post = (channel: string) => client().chat.postMessage({ channel, text: "x" });
  for (let count = 0; count < 10; count++) await post("C0SALES");
  await expect(post("C0SALES")).rejects.toMatchObject({ code: "slack_webapi_rate_limited_error", retryAfter: 10 });
  await post(INES);
  now += 10_000;
  await post("C0SALES");
  for (let count = 0; count < 20; count++) await client().users.list({});
  now += 20_000;
  await expect(client().users.list({})).rejects.toMatchObject({ retryAfter: 40 });
});
