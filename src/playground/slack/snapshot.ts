/** What one person sees: the page's snapshot of the workspace through their eyes. */
import { directMessage } from "./conversations.ts";
import { shown } from "./inputs.ts";
import { visible } from "./messages.ts";
import type { ConversationOnPage, MessageOnPage, PersonOnPage, Snapshot, ValuesOnPage, ViewOnPage } from "./page-interface.ts";
import { valuesOfMessage } from "./places.ts";
import { stackOf } from "./views.ts";
import type { Channel, Message, OpenView, StateValues, User, World } from "./world.ts";

/** Nothing for bots and unknown people. */
export function snapshot(world: World, userId: string): Snapshot | undefined {
  const me = world.users.get(userId);
  if (!me || me.is_bot) return undefined;
  const direct = directMessage(world, me.id);
  const joined = [...world.channels.values()].filter((each) => each.kind !== "im" && each.members.has(me.id));
  joined.sort((left, right) => left.name.localeCompare(right.name, "en"));
  const home = world.homes.get(me.id);
  const { id, name, botUser, commands = [], shortcuts = [] } = world.app;
  return {
    version: world.version,
    team: world.team,
    app: { id, name, bot_user: botUser, commands, shortcuts },
    me: person(me),
    people: [...world.users.values()].map(person),
    conversations: [...joined, direct].map((each) => conversation(world, each, me)),
    home: home ? viewOnPage(home) : null,
    modals: stackOf(world, me.id).map(viewOnPage),
  };
}

function person(user: User): PersonOnPage {
  const words = user.real_name.split(/\s+/).filter((word) => word !== "");
  return {
    id: user.id,
    name: user.name,
    real_name: user.real_name,
    title: user.title ?? "",
    department: user.department ?? "",
    email: user.email ?? "",
    tz: user.tz,
    initials: [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join(""),
    presence: user.presence,
    is_bot: user.is_bot,
    is_guest: user.is_restricted || user.is_ultra_restricted || user.is_stranger,
    deleted: user.deleted,
  };
}

function conversation(world: World, channel: Channel, me: User): ConversationOnPage {
  const seen = visible(channel, me.id);
  const read = world.read.get(`${me.id} ${channel.id}`) ?? "";
  const isReply = (message: Message) =>
    message.thread_ts !== undefined && message.thread_ts !== message.ts && seen.some((each) => each.ts === message.thread_ts);
  return {
    id: channel.id,
    kind: channel.kind,
    name: channel.kind === "im" ? world.app.name : channel.name,
    topic: channel.topic,
    members: [...channel.members],
    bot_is_member: channel.members.has(world.app.botUser),
    is_archived: channel.is_archived,
    unread: seen.filter((each) => each.ts > read && each.user !== me.id).length,
    messages: seen.filter((each) => !isReply(each)).map((each) => messageOnPage(each, me.id, seen)),
  };
}

function messageOnPage(message: Message, me: string, all: readonly Message[]): MessageOnPage {
  return {
    ts: message.ts,
    channel: message.channel,
    user: message.user,
    from_app: message.bot_id !== undefined,
    text: message.text,
    blocks: message.blocks as unknown as MessageOnPage["blocks"],
    attachments: message.attachments as MessageOnPage["attachments"],
    edited: message.edited !== undefined,
    ephemeral: message.visibleTo !== undefined,
    values: values(valuesOfMessage(message, me)),
    ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    replies: all.filter((each) => each.thread_ts === message.ts && each.ts !== message.ts).map((each) => messageOnPage(each, me, [])),
  };
}

export function viewOnPage(view: OpenView): ViewOnPage {
  const { title, submit, close } = view.content as Pick<ViewOnPage, "title" | "submit" | "close">;
  return {
    id: view.id,
    type: view.type,
    hash: view.hash,
    ...(title ? { title } : {}),
    ...(submit ? { submit } : {}),
    ...(close ? { close } : {}),
    blocks: view.content.blocks as unknown as ViewOnPage["blocks"],
    values: values(view.values),
    errors: view.errors,
  };
}

const values = (held: StateValues): ValuesOnPage =>
  Object.fromEntries(
    Object.entries(held).map(([blockId, actions]) => [
      blockId,
      Object.fromEntries(Object.entries(actions).map(([actionId, value]) => [actionId, { type: String(value.type), ...shown(value) }])),
    ]),
  ) as unknown as ValuesOnPage;
