/**
 * One list of probes through the real @slack/web-api client, run on our stand-in and on npm's `emulate`, for what both claim to do: where
 * two parts written apart answer alike, a test that leans on either leans on Slack's behaviour and not on our opinion of it.
 */
import type { WebClient } from "@slack/web-api";
import { createEmulator } from "emulate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { standIn } from "../../src/playground/slack/stand-in.ts";
import { BOT_TOKEN, clientOf, errorOf } from "./slack-workspace.ts";

interface Side {
  readonly client: WebClient;
  readonly stranger: WebClient;
  readonly user: string;
  readonly channel: string;
  /** A fresh trigger_id of that person; `view`: the modal it arose in. */
  trigger(view?: string): Promise<string>;
  close(): Promise<void>;
}

const users = [
  { name: "ines", real_name: "Ines Costa", email: "ines@acme.example" },
  { name: "omar", real_name: "Omar Haddad", email: "omar@acme.example" },
];

async function ours(): Promise<Side> {
  const slack = standIn({
    botToken: BOT_TOKEN,
    signingSecret: "not-used-here",
    deliver: () => Promise.reject(new Error("nothing is delivered by the Web API")),
    team: { id: "T0ACME", name: "Acme", domain: "acme" },
    users: users.map((each) => ({ ...each, id: `U0${each.name.toUpperCase()}` })),
    channels: [{ id: "C0SALES", name: "sales" }],
    app: { name: "latchkey" },
  });
  const { url, close } = await slack.listen();
  const client = clientOf(url);
  return {
    client,
    stranger: clientOf(url, ""),
    user: "U0INES",
    channel: "C0SALES",
    trigger: async (view) => slack.trigger("U0INES", view),
    close,
  };
}

async function emulated(): Promise<Side> {
  const emulator = await createEmulator({
    service: "slack",
    port: 0,
    seed: {
      tokens: { [BOT_TOKEN]: { login: "latchkey" } },
      slack: {
        team: { name: "Acme", domain: "acme" },
        users: [...users, { name: "latchkey", real_name: "latchkey", is_bot: true }],
        bots: [{ name: "latchkey" }],
        channels: [{ name: "sales" }],
      },
    },
  });
  const client = clientOf(emulator.url);
  const { user } = await client.users.lookupByEmail({ email: "ines@acme.example" });
  const { channels } = await client.conversations.list();
  const trigger = async (view?: string) => {
    const made: object = await client.apiCall("views.generateTriggerId", { user_id: user?.id, ...(view ? { view_id: view } : {}) });
    return (made as { trigger_id: string }).trigger_id;
  };
  return {
    client,
    stranger: clientOf(emulator.url, ""),
    user: String(user?.id),
    channel: String(channels?.find((each) => each.name === "sales")?.id),
    trigger,
    close: () => emulator.close(),
  };
}

const plain = (text: string) => ({ type: "plain_text" as const, text });
const section = (text: string) => ({ type: "section" as const, block_id: "s", text: plain(text) });
const modal = (title: string) => ({
  type: "modal" as const,
  callback_id: "m",
  private_metadata: "p",
  title: plain(title),
  blocks: [section(title)],
});
const home = (text: string) => ({ type: "home" as const, blocks: [section(text)] });

describe.each([
  ["our stand-in", ours],
  ["emulate", emulated],
])("on %s", (_, start) => {
  let side: Side;
  beforeAll(async () => {
    side = await start();
    await side.client.conversations.join({ channel: side.channel });
  });
  afterAll(() => side.close());

  test("auth.test names the team and the bot, and a call without a token is refused", async () => {
    expect(await side.client.auth.test()).toMatchObject({ ok: true, team: "Acme", user: "latchkey", url: expect.stringContaining("acme") });
    expect(await errorOf(side.stranger.auth.test())).toMatchObject({ error: "not_authed" });
  });

  test("users are found by id and by e-mail, or not at all", async () => {
    const found = await side.client.users.lookupByEmail({ email: "ines@acme.example" });
    expect(found.user).toMatchObject({ id: side.user, name: "ines", real_name: "Ines Costa", deleted: false, is_bot: false });
    expect((await side.client.users.info({ user: side.user })).user).toMatchObject({
      id: side.user,
      profile: { email: "ines@acme.example" },
    });
    expect(await errorOf(side.client.users.lookupByEmail({ email: "nobody@acme.example" }))).toMatchObject({ error: "users_not_found" });
    expect(await errorOf(side.client.users.info({ user: "U0NOBODY" }))).toMatchObject({ error: "user_not_found" });
  });

  test("users.list pages through everybody once by cursor", async () => {
    const names: (string | undefined)[] = [];
    for await (const page of side.client.paginate("users.list", { limit: 1 })) {
      const { members } = page as object as { members: { name?: string }[] };
      expect(members).toHaveLength(1);
      names.push(members[0]?.name);
    }
    expect(names).toEqual(expect.arrayContaining(["ines", "omar", "latchkey"]));
    expect(new Set(names).size).toBe(names.length);
  });

  test("a direct message is opened once, and opening it again says so", async () => {
    const first = await side.client.conversations.open({ users: side.user });
    const again = await side.client.conversations.open({ users: side.user });
    expect(first.channel?.id).toMatch(/^D/);
    expect(again).toMatchObject({ already_open: true, no_op: true, channel: { id: first.channel?.id } });
    expect(await errorOf(side.client.conversations.open({ users: "U0NOBODY" }))).toMatchObject({ error: "user_not_found" });
  });

  test("a channel is listed, described, and has the bot among its members once it has joined", async () => {
    const { channels } = await side.client.conversations.list({ types: "public_channel" });
    expect(channels?.filter((each) => each.name === "sales")).toMatchObject([{ id: side.channel, is_member: true, is_archived: false }]);
    expect((await side.client.conversations.info({ channel: side.channel })).channel).toMatchObject({ name: "sales", is_channel: true });
    const bot = (await side.client.auth.test()).user_id;
    expect((await side.client.conversations.members({ channel: side.channel })).members).toContain(bot);
    expect(await errorOf(side.client.conversations.info({ channel: "C0NONE" }))).toMatchObject({ error: "channel_not_found" });
    expect(await errorOf(side.client.conversations.join({ channel: "C0NONE" }))).toMatchObject({ error: "channel_not_found" });
  });

  test("a message is posted, read back, changed and deleted", async () => {
    const { channel } = side;
    const posted = await side.client.chat.postMessage({ channel, text: "first", blocks: [section("first")] });
    expect(posted).toMatchObject({
      ok: true,
      channel,
      ts: expect.stringMatching(/^\d+\.\d{6}$/),
      message: { text: "first", blocks: [{ type: "section" }] },
    });
    const ts = String(posted.ts);
    expect((await side.client.conversations.history({ channel, limit: 1 })).messages).toMatchObject([
      { ts, text: "first", type: "message" },
    ]);

    const updated = await side.client.chat.update({ channel, ts, text: "second", blocks: [section("second")] });
    expect(updated).toMatchObject({ ts, channel, text: "second", message: { text: "second", blocks: [{ text: { text: "second" } }] } });
    expect((await side.client.chat.update({ channel, ts, text: "words alone" })).message?.blocks ?? []).toEqual([]);
    expect((await side.client.chat.getPermalink({ channel, message_ts: ts })).permalink).toContain(
      `/archives/${channel}/p${ts.replace(".", "")}`,
    );

    expect(await side.client.chat.delete({ channel, ts })).toMatchObject({ ts, channel });
    expect(await errorOf(side.client.chat.update({ channel, ts, text: "too late" }))).toMatchObject({ error: "message_not_found" });
    expect(await errorOf(side.client.chat.delete({ channel, ts }))).toMatchObject({ error: "message_not_found" });
  });

  test("what can't be posted is refused under Slack's names", async () => {
    expect(await errorOf(side.client.chat.postMessage({ channel: side.channel, text: "" }))).toMatchObject({ error: "no_text" });
    expect(await errorOf(side.client.chat.postMessage({ channel: "C0NONE", text: "x" }))).toMatchObject({ error: "channel_not_found" });
    const toNobody = side.client.chat.postEphemeral({ channel: side.channel, user: "U0NOBODY", text: "x" });
    expect(await errorOf(toNobody)).toMatchObject({ error: "user_not_found" });
    const direct = await side.client.conversations.open({ users: side.user });
    const outside = await side.client.users.lookupByEmail({ email: "omar@acme.example" });
    const toOutsider = side.client.chat.postEphemeral({ channel: String(direct.channel?.id), user: String(outside.user?.id), text: "x" });
    expect(await errorOf(toOutsider)).toMatchObject({ error: "user_not_in_channel" });
  });

  test("replies stand in their thread and not in the channel's history", async () => {
    const { channel } = side;
    const { ts } = await side.client.chat.postMessage({ channel, text: "parent" });
    await side.client.chat.postMessage({ channel, text: "reply", thread_ts: String(ts) });
    const { messages } = await side.client.conversations.replies({ channel, ts: String(ts) });
    expect(messages?.map((each) => each.text)).toEqual(["parent", "reply"]);
    expect(messages?.[0]).toMatchObject({ reply_count: 1 });
    expect((await side.client.conversations.history({ channel, limit: 1 })).messages).toMatchObject([{ text: "parent" }]);
  });

  test("history pages backwards by cursor", async () => {
    const { channel } = side;
    for (const text of ["one", "two", "three"]) await side.client.chat.postMessage({ channel, text });
    const first = await side.client.conversations.history({ channel, limit: 2 });
    expect(first.messages?.map((each) => each.text)).toEqual(["three", "two"]);
    expect(first.has_more).toBe(true);
    const next = await side.client.conversations.history({ channel, limit: 1, cursor: String(first.response_metadata?.next_cursor) });
    expect(next.messages?.map((each) => each.text)).toEqual(["one"]);
  });

  test("a trigger opens one modal once", async () => {
    const trigger_id = await side.trigger();
    const { view } = await side.client.views.open({ trigger_id, view: modal("First") });
    expect(view).toMatchObject({
      type: "modal",
      callback_id: "m",
      private_metadata: "p",
      title: { text: "First" },
      state: { values: {} },
      root_view_id: view?.id,
    });
    expect(view?.previous_view_id ?? null).toBeNull();
    expect(view?.hash).toMatch(/.+/);
    expect(await errorOf(side.client.views.open({ trigger_id, view: modal("Again") }))).toMatchObject({ error: "exchanged_trigger_id" });
    expect(await errorOf(side.client.views.open({ trigger_id: "1.2.3", view: modal("Made up") }))).toMatchObject({
      error: "invalid_trigger_id",
    });
  });

  test("views.update needs the newest hash and a view that is there", async () => {
    const { view } = await side.client.views.open({ trigger_id: await side.trigger(), view: modal("First") });
    const view_id = String(view?.id);
    const hash = String(view?.hash);
    const second = await side.client.views.update({ view_id, hash, view: modal("Second") });
    expect(second.view).toMatchObject({ id: view_id, title: { text: "Second" } });
    expect(second.view?.hash).not.toBe(hash);
    expect(await errorOf(side.client.views.update({ view_id, hash, view: modal("Third") }))).toMatchObject({ error: "hash_conflict" });
    expect((await side.client.views.update({ view_id, view: modal("Third") })).view).toMatchObject({ title: { text: "Third" } });
    expect(await errorOf(side.client.views.update({ view_id: "V0NONE", view: modal("x") }))).toMatchObject({ error: "not_found" });
  });

  test("three modals stack, the fourth is one too many", async () => {
    let { view } = await side.client.views.open({ trigger_id: await side.trigger(), view: modal("1") });
    const root = view?.id;
    for (const title of ["2", "3"]) {
      const below = view?.id;
      view = (await side.client.views.push({ trigger_id: await side.trigger(below), view: modal(title) })).view;
      expect(view).toMatchObject({ previous_view_id: below, root_view_id: root });
    }
    const fourth = side.client.views.push({ trigger_id: await side.trigger(view?.id), view: modal("4") });
    expect(await errorOf(fourth)).toMatchObject({ error: "push_limit_reached" });
  });

  test("an App Home is published, replaced under the same id, and guarded by its hash", async () => {
    const first = await side.client.views.publish({ user_id: side.user, view: home("one") });
    const second = await side.client.views.publish({ user_id: side.user, view: home("two") });
    expect(second.view).toMatchObject({ id: first.view?.id, type: "home" });
    const stale = side.client.views.publish({ user_id: side.user, hash: String(first.view?.hash), view: home("three") });
    expect(await errorOf(stale)).toMatchObject({ error: "hash_conflict" });
    expect(await errorOf(side.client.views.publish({ user_id: "U0NOBODY", view: home("x") }))).toMatchObject({ error: "user_not_found" });
  });
});
