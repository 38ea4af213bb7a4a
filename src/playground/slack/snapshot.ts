/** What one person sees: the page's snapshot of the workspace through their eyes. */
import { directMessage } from "./conversations.ts";
import { shown } from "./inputs.ts";
import { visible } from "./messages.ts";
import type { ConversationOnPage, MessageOnPage, News, PersonOnPage, Snapshot, ValuesOnPage, ViewOnPage } from "./page-interface.ts";
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
    locale: user.locale,
    initials: [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join(""),
    presence: user.presence,
    is_bot: user.is_bot,
    is_guest: user.is_restricted || user.is_ultra_restricted || user.is_stranger,
    deleted: user.deleted,
  };
}

/** How far back the page can look. */
const SHOWN_MESSAGES = 200;

function conversation(world: World, channel: Channel, me: User): ConversationOnPage {
  const seen = visible(channel, me.id);
  const read = world.read.get(`${me.id} ${channel.id}`) ?? "";
  const known = new Set(seen.map((each) => each.ts));
  const threads = new Map<string, MessageOnPage[]>();
  const topLevel: Message[] = [];
  for (const message of seen) {
    const parent = message.thread_ts;
    const isReply = parent !== undefined && parent !== message.ts && known.has(parent);
    if (isReply) threads.set(parent, [...(threads.get(parent) ?? []), messageOnPage(message, me.id, [])]);
    if (!isReply || message.reply_broadcast) topLevel.push(message);
  }
  return {
    id: channel.id,
    kind: channel.kind,
    name: channel.kind === "im" ? world.app.name : channel.name,
    topic: channel.topic,
    members: [...channel.members],
    bot_is_member: channel.members.has(world.app.botUser),
    is_archived: channel.is_archived,
    unread: unreadIn(seen, read, me.id).length,
    read,
    messages: topLevel.slice(-SHOWN_MESSAGES).map((each) => messageOnPage(each, me.id, threads.get(each.ts) ?? [])),
  };
}

const unreadIn = (seen: readonly Message[], read: string, user: string): readonly Message[] =>
  seen.filter((each) => each.ts > read && each.user !== user);

/** What waits unread for whom, so that the page need not look through everybody's eyes to know. */
export function news(world: World): readonly News[] {
  const found = new Map<string, News>();
  for (const channel of world.channels.values()) {
    for (const user of channel.members) {
      const person = world.users.get(user);
      if (!person || person.is_bot || person.deleted) continue;
      const unread = unreadIn(visible(channel, user), world.read.get(`${user} ${channel.id}`) ?? "", user);
      const newest = unread.at(-1)?.ts;
      if (newest === undefined) continue;
      const before = found.get(user);
      found.set(user, {
        user,
        unread: unread.length + (before?.unread ?? 0),
        ...(before && before.newest > newest
          ? { newest: before.newest, conversation: before.conversation }
          : { newest, conversation: channel.id }),
      });
    }
  }
  return [...found.values()];
}

function messageOnPage(message: Message, me: string, replies: readonly MessageOnPage[]): MessageOnPage {
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
    reply_broadcast: message.reply_broadcast ?? false,
    replies,
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
