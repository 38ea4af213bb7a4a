/** chat.*: errors and answers as docs.slack.dev/reference/methods gives them. */
import type { Arguments } from "./arguments.ts";
import { channelForApp, openDirectMessage, writableForApp } from "./conversations.ts";
import { asMessage } from "./envelope.ts";
import { change, find, post, remove } from "./messages.ts";
import { type Method, missing } from "./methods.ts";
import { done, type Outcome, refused } from "./workspace.ts";
import type { Channel, Message, World } from "./world.ts";

const content = (args: Arguments) => ({
  text: args.given("text"),
  blocks: args.data("blocks"),
  attachments: args.data("attachments"),
  metadata: args.data("metadata"),
});

const postMessage: Method = (world, args) => {
  const absent = missing(args, "channel");
  if (absent) return absent;
  const channel = writableForApp(world, args.text("channel") ?? "");
  if (!channel.ok) return channel;
  const posted = post(world, channel.value, {
    ...content(args),
    thread_ts: args.text("thread_ts"),
    reply_broadcast: args.flag("reply_broadcast"),
  });
  if (!posted.ok) return posted;
  return done({ channel: channel.value.id, ts: posted.value.ts, message: asMessage(world, posted.value) });
};

const postEphemeral: Method = (world, args) => {
  const absent = missing(args, "channel", "user");
  if (absent) return absent;
  const user = args.text("user") ?? "";
  const channel = writableForApp(world, args.text("channel") ?? "");
  if (!channel.ok) return channel;
  if (!world.users.has(user)) return refused("user_not_found");
  if (!channel.value.members.has(user)) return refused("user_not_in_channel");
  const posted = post(world, channel.value, { ...content(args), thread_ts: args.text("thread_ts"), visibleTo: user });
  return posted.ok ? done({ message_ts: posted.value.ts }) : posted;
};

/** A message that the app may change: its own, and not an ephemeral one, which Slack forgets at once. */
function own(world: World, args: Arguments, forbidden: string): Outcome<{ channel: Channel; message: Message }> {
  const absent = missing(args, "channel", "ts");
  if (absent) return absent;
  const channel = channelForApp(world, args.text("channel") ?? "");
  if (!channel.ok) return channel;
  const message = find(channel.value, args.text("ts") ?? "");
  if (!message || message.visibleTo !== undefined) return refused("message_not_found");
  if (message.user !== world.app.botUser) return refused(forbidden);
  return channel.value.is_archived ? refused("is_archived") : done({ channel: channel.value, message });
}

const update: Method = (world, args) => {
  const target = own(world, args, "cant_update_message");
  if (!target.ok) return target;
  const changed = change(world, target.value.message, content(args));
  if (!changed.ok) return changed;
  const { channel, ts, text } = changed.value;
  return done({ channel, ts, text, message: asMessage(world, changed.value) });
};

const deleteMessage: Method = (world, args) => {
  const target = own(world, args, "cant_delete_message");
  if (!target.ok) return target;
  remove(world, target.value.channel, target.value.message);
  return done({ channel: target.value.channel.id, ts: target.value.message.ts });
};

const getPermalink: Method = (world, args) => {
  const absent = missing(args, "channel", "message_ts");
  if (absent) return absent;
  const channel = channelForApp(world, args.text("channel") ?? "");
  if (!channel.ok) return channel;
  const message = find(channel.value, args.text("message_ts") ?? "");
  if (!message || message.visibleTo !== undefined) return refused("message_not_found");
  const thread = message.thread_ts === undefined ? "" : `?thread_ts=${message.thread_ts}&cid=${channel.value.id}`;
  const permalink = `https://${world.team.domain}.slack.com/archives/${channel.value.id}/p${message.ts.replace(".", "")}${thread}`;
  return done({ channel: channel.value.id, permalink });
};

/** conversations.open stands here with the other ways to a direct message. Only direct messages with one person, which is all the app opens. */
const open: Method = (world, args) => {
  const users = (args.text("users") ?? "").split(",").filter((each) => each !== "");
  const existing = args.text("channel");
  if (users.length === 0 && existing === undefined) return refused("users_list_not_supplied");
  if (users.length > 1) return refused("not_allowed_token_type");
  const other =
    existing === undefined ? users[0] : [...(world.channels.get(existing)?.members ?? [])].find((each) => each !== world.app.botUser);
  if (existing !== undefined && world.channels.get(existing)?.kind !== "im") return refused("channel_not_found");
  const opened = openDirectMessage(world, other ?? "");
  if (!opened.ok) return opened;
  const { channel, alreadyOpen } = opened.value;
  return done({
    ...(alreadyOpen ? { no_op: true, already_open: true } : {}),
    channel: args.flag("return_im") ? { id: channel.id, created: channel.created, is_im: true, user: other } : { id: channel.id },
  });
};

export const CHAT_METHODS: { readonly [name: string]: Method } = {
  "chat.postMessage": postMessage,
  "chat.postEphemeral": postEphemeral,
  "chat.update": update,
  "chat.delete": deleteMessage,
  "chat.getPermalink": getPermalink,
  "conversations.open": open,
};
