/** What Slack sends to an app: slash commands, interactive payloads, events. Shapes as in @slack/bolt 5.1's types and Slack's own pages. */
import { payloadName } from "./conversations.ts";
import { newResponseUrl, newTrigger } from "./triggers.ts";
import { asView } from "./views.ts";
import { newId, nextTs, seconds } from "./workspace.ts";
import type { Block, Channel, Json, Message, MessageNews, OpenView, StateValues, User, World } from "./world.ts";

/** Where the stand-in is reached, e.g. `http://127.0.0.1:3000/playground/slack`; response_urls start with it. */
export type BaseUrl = () => string;

/** Slack's deprecated verification token; signatures are what counts. */
const TOKEN = "stand-in-verification-token";

const responseUrl = (base: BaseUrl, id: string) => `${base()}/response/${id}`;

function about(world: World, user: User): Json {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id },
    api_app_id: world.app.id,
    token: TOKEN,
    team: { id: world.team.id, domain: world.team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** The form fields of a slash command. */
export function slashCommand(
  world: World,
  base: BaseUrl,
  user: User,
  channel: Channel,
  typed: { command: string; text: string },
): Record<string, string> {
  return {
    token: TOKEN,
    team_id: world.team.id,
    team_domain: world.team.domain,
    channel_id: channel.id,
    channel_name: payloadName(channel),
    user_id: user.id,
    user_name: user.name,
    command: typed.command,
    text: typed.text,
    api_app_id: world.app.id,
    is_enterprise_install: "false",
    response_url: responseUrl(base, newResponseUrl(world, { user: user.id, channel: channel.id })),
    trigger_id: newTrigger(world, user.id, { channel: channel.id }),
  };
}

/** Where an element was used. */
export type Where = { readonly channel: Channel; readonly message: Message } | { readonly view: OpenView };

function container(where: Where): Json {
  if ("view" in where) return { type: "view", view_id: where.view.id };
  const { message } = where;
  return {
    type: "message",
    message_ts: message.ts,
    channel_id: message.channel,
    is_ephemeral: message.visibleTo !== undefined,
    ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
  };
}

export function blockActions(
  world: World,
  base: BaseUrl,
  user: User,
  where: Where,
  used: { block: Block; action: Json; values: StateValues },
): Json {
  const shared = { type: "block_actions", ...about(world, user), container: container(where) };
  const actions = [{ block_id: used.block.block_id, ...used.action, action_ts: nextTs(world) }];
  if ("view" in where) {
    const trigger = newTrigger(world, user.id, where.view.type === "modal" ? { view: where.view.id } : {});
    return { ...shared, trigger_id: trigger, view: asView(world, where.view), actions };
  }
  const { channel, message } = where;
  const url = newResponseUrl(world, {
    user: user.id,
    channel: channel.id,
    message: message.ts,
    ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
  });
  return {
    ...shared,
    trigger_id: newTrigger(world, user.id, { channel: channel.id }),
    channel: { id: channel.id, name: payloadName(channel) },
    ...(message.visibleTo === undefined ? { message: asMessage(world, message) } : {}),
    state: { values: used.values },
    response_url: responseUrl(base, url),
    actions,
  };
}

export function blockSuggestion(
  world: World,
  user: User,
  where: Where,
  asked: { block_id: string; action_id: string; value: string },
): Json {
  const shared = { type: "block_suggestion", ...about(world, user), container: container(where), ...asked };
  if ("view" in where) return { ...shared, view: asView(world, where.view) };
  const { channel, message } = where;
  return { ...shared, channel: { id: channel.id, name: payloadName(channel) }, message: asMessage(world, message) };
}

export function viewSubmission(world: World, base: BaseUrl, user: User, view: OpenView): Json {
  const trigger_id = newTrigger(world, user.id, { view: view.id });
  return {
    type: "view_submission",
    ...about(world, user),
    trigger_id,
    view: asView(world, view),
    response_urls: responseUrls(world, base, view),
  };
}

/** One for each select of the modal that asks for it and has a conversation chosen. */
function responseUrls(world: World, base: BaseUrl, view: OpenView): readonly Json[] {
  return view.content.blocks.flatMap((block) => {
    const element = block.element as Json | undefined;
    if (element?.response_url_enabled !== true) return [];
    const held = view.values[block.block_id]?.[String(element.action_id)];
    const channel = held?.selected_conversation ?? held?.selected_channel;
    if (typeof channel !== "string") return [];
    const url = responseUrl(base, newResponseUrl(world, { user: view.user, channel }));
    return [{ block_id: block.block_id, action_id: element.action_id, channel_id: channel, response_url: url }];
  });
}

export const viewClosed = (world: World, user: User, view: OpenView, isCleared: boolean): Json => ({
  type: "view_closed",
  ...about(world, user),
  view: asView(world, view),
  is_cleared: isCleared,
});

export const globalShortcut = (world: World, user: User, callbackId: string): Json => ({
  type: "shortcut",
  ...about(world, user),
  action_ts: nextTs(world),
  callback_id: callbackId,
  trigger_id: newTrigger(world, user.id),
});

/** The Events API's outer envelope; every delivery of one event carries the same event_id. */
export function eventCallback(world: World, event: Json): Json {
  return {
    token: TOKEN,
    team_id: world.team.id,
    context_team_id: world.team.id,
    context_enterprise_id: null,
    api_app_id: world.app.id,
    event,
    type: "event_callback",
    event_id: newId(world, "Ev"),
    event_time: seconds(world),
    authorizations: [
      { enterprise_id: null, team_id: world.team.id, user_id: world.app.botUser, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: newId(world, "4-"),
  };
}

export const appHomeOpened = (world: World, user: User, channel: Channel, tab: "home" | "messages"): Json => {
  const home = world.homes.get(user.id);
  return {
    type: "app_home_opened",
    user: user.id,
    channel: channel.id,
    tab,
    event_ts: nextTs(world),
    ...(tab === "home" && home ? { view: asView(world, home) } : {}),
  };
};

const channelType = (channel: Channel) => (channel.kind === "im" ? "im" : channel.kind === "private" ? "group" : "channel");

/** Whether the app has subscribed to the messages of such a channel and is in it. */
export function hears(world: World, channel: Channel): boolean {
  const event = { im: "message.im", private: "message.groups", public: "message.channels" }[channel.kind];
  return world.app.events.includes(event) && channel.members.has(world.app.botUser);
}

export const messageEvent = (world: World, channel: Channel, message: Message): Json => ({
  ...asMessage(world, message),
  ...(message.bot_id === undefined ? { client_msg_id: newId(world, "m") } : {}),
  channel: channel.id,
  event_ts: message.ts,
  channel_type: channelType(channel),
});

/** What Slack tells an app about messages besides what people type: the app's own, and every change and deletion. */
export function newsEvent(world: World, news: MessageNews): Json {
  if (news.type === "posted") return messageEvent(world, news.channel, news.message);
  const ts = nextTs(world);
  const common = { type: "message", hidden: true, channel: news.channel.id, channel_type: channelType(news.channel), ts, event_ts: ts };
  const previous_message = asMessage(world, news.before);
  if (news.type === "deleted") return { ...common, subtype: "message_deleted", deleted_ts: news.before.ts, previous_message };
  return { ...common, subtype: "message_changed", message: asMessage(world, news.message), previous_message };
}

/** Slack's `message` object. Metadata only where it is asked for. */
export function asMessage(world: World, message: Message, withMetadata = true): Json {
  const replies = (world.channels.get(message.channel)?.messages ?? []).filter(
    (each) => each.thread_ts === message.ts && each.ts !== message.ts && each.visibleTo === undefined,
  );
  return {
    type: "message",
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: world.team.id,
    ...(message.bot_id === undefined
      ? {}
      : {
          bot_id: message.bot_id,
          app_id: world.app.id,
          bot_profile: { id: message.bot_id, app_id: world.app.id, name: world.app.name, team_id: world.team.id, deleted: false },
        }),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.edited === undefined ? {} : { edited: { user: message.user, ts: message.edited } }),
    ...(message.metadata !== undefined && withMetadata ? { metadata: message.metadata } : {}),
    ...threadOf(world, message, replies),
  };
}

/** Slack names no more repliers than that. */
const REPLY_USERS = 5;

/** What a message says of its thread: a reply names its parent, a parent counts its replies. */
function threadOf(world: World, message: Message, replies: readonly Message[]): Json {
  if (message.thread_ts !== undefined) {
    const parent = world.channels.get(message.channel)?.messages.find((each) => each.ts === message.thread_ts);
    return {
      thread_ts: message.thread_ts,
      ...(parent ? { parent_user_id: parent.user } : {}),
      ...(message.reply_broadcast ? { subtype: "thread_broadcast" } : {}),
    };
  }
  if (replies.length === 0) return {};
  const users = [...new Set(replies.map((each) => each.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: users.slice(0, REPLY_USERS),
    reply_users_count: users.length,
    latest_reply: replies.at(-1)?.ts,
    is_locked: false,
    subscribed: message.user === world.app.botUser || users.includes(world.app.botUser),
  };
}
