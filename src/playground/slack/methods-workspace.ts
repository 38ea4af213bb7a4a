/** auth.test, users.* and conversations.*: errors and answers as docs.slack.dev/reference/methods gives them. */
import { type Arguments, pageOf } from "./arguments.ts";
import { channelForApp, counterpart, join } from "./conversations.ts";
import { asMessage } from "./envelope.ts";
import { find } from "./messages.ts";
import { type Method, missing } from "./methods.ts";
import { done, type Outcome, refused } from "./workspace.ts";
import type { Channel, Json, Message, User, World } from "./world.ts";

const authTest: Method = (world) =>
  done({
    url: `https://${world.team.domain}.slack.com/`,
    team: world.team.name,
    user: world.users.get(world.app.botUser)?.name,
    team_id: world.team.id,
    user_id: world.app.botUser,
    bot_id: world.app.botId,
    is_enterprise_install: false,
  });

/** Minutes east of UTC; Slack gives seconds. */
function offsetSeconds(zone: string, at: number): number {
  const name = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" })
    .formatToParts(at)
    .find((part) => part.type === "timeZoneName");
  const [, sign = "+", hours = "0", minutes = "0"] = /GMT([+-])(\d+):(\d+)/.exec(name?.value ?? "") ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

export function asUser(world: World, user: User, withLocale = false): Json {
  const [first = "", ...rest] = user.real_name.split(" ");
  return {
    id: user.id,
    team_id: user.team_id,
    name: user.name,
    deleted: user.deleted,
    real_name: user.real_name,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: offsetSeconds(user.tz, world.now()),
    profile: {
      real_name: user.real_name,
      real_name_normalized: user.real_name,
      display_name: user.name,
      display_name_normalized: user.name,
      first_name: first,
      last_name: rest.join(" "),
      title: user.title ?? "",
      team: user.team_id,
      ...(user.email === undefined ? {} : { email: user.email }),
    },
    is_admin: user.is_admin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.is_restricted,
    is_ultra_restricted: user.is_ultra_restricted,
    is_bot: user.is_bot,
    is_app_user: false,
    is_email_confirmed: true,
    ...(user.is_stranger ? { is_stranger: true } : {}),
    updated: 0,
    ...(withLocale ? { locale: user.locale } : {}),
  };
}

const usersInfo: Method = (world, args) => {
  const user = world.users.get(args.text("user") ?? "");
  return user ? done({ user: asUser(world, user, args.flag("include_locale")) }) : refused("user_not_found");
};

const usersList: Method = (world, args) => {
  const page = pageOf([...world.users.values()], args.limit(100, 1000), args.text("cursor"), (each) => each.id);
  if (!page.ok) return page;
  const members = page.value.page.map((each) => asUser(world, each, args.flag("include_locale")));
  return done({ members, cache_ts: Math.floor(world.now() / 1000), response_metadata: { next_cursor: page.value.next } });
};

/** Only live, full or guest accounts of this workspace are found by mail, as in Slack. */
const lookupByEmail: Method = (world, args) => {
  const email = args.text("email")?.toLowerCase();
  const user = [...world.users.values()].find(
    (each) => each.email?.toLowerCase() === email && !each.deleted && !each.is_bot && !each.is_stranger,
  );
  return email !== undefined && user ? done({ user: asUser(world, user) }) : refused("users_not_found");
};

export function asChannel(world: World, channel: Channel): Json {
  const common = {
    id: channel.id,
    created: channel.created,
    is_archived: channel.is_archived,
    is_im: channel.kind === "im",
    context_team_id: world.team.id,
  };
  if (channel.kind === "im")
    return { ...common, user: counterpart(world, channel), is_user_deleted: world.users.get(counterpart(world, channel))?.deleted };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === "public",
    is_group: channel.kind === "private",
    is_private: channel.kind === "private",
    is_mpim: false,
    is_general: false,
    is_member: channel.members.has(world.app.botUser),
    num_members: channel.members.size,
    topic: { value: channel.topic, creator: "", last_set: 0 },
    purpose: { value: "", creator: "", last_set: 0 },
  };
}

const TYPES: { readonly [kind in Channel["kind"]]: string } = { public: "public_channel", private: "private_channel", im: "im" };

const conversationsList: Method = (world, args) => {
  const wanted = (args.text("types") ?? "public_channel").split(",").map((each) => each.trim());
  if (wanted.some((each) => ![...Object.values(TYPES), "mpim"].includes(each))) return refused("invalid_types");
  const visible = [...world.channels.values()].filter(
    (each) => wanted.includes(TYPES[each.kind]) && channelForApp(world, each.id).ok && !(args.flag("exclude_archived") && each.is_archived),
  );
  const page = pageOf(visible, args.limit(100, 1000), args.text("cursor"), (each) => each.id);
  if (!page.ok) return page;
  return done({ channels: page.value.page.map((each) => asChannel(world, each)), response_metadata: { next_cursor: page.value.next } });
};

function named(world: World, args: Arguments): Outcome<Channel> {
  return missing(args, "channel") ?? channelForApp(world, args.text("channel") ?? "");
}

const conversationsInfo: Method = (world, args) => {
  const channel = named(world, args);
  return channel.ok ? done({ channel: asChannel(world, channel.value) }) : channel;
};

const conversationsMembers: Method = (world, args) => {
  const channel = named(world, args);
  if (!channel.ok) return channel;
  const page = pageOf([...channel.value.members], args.limit(100, 1000), args.text("cursor"), (each) => each);
  return page.ok ? done({ members: page.value.page, response_metadata: { next_cursor: page.value.next } }) : page;
};

const conversationsJoin: Method = (world, args) => {
  const joined = missing(args, "channel") ?? join(world, args.text("channel") ?? "");
  if (!joined.ok) return joined;
  const { channel, already } = joined.value;
  return done({
    channel: asChannel(world, channel),
    ...(already ? { warning: "already_in_channel", response_metadata: { warnings: ["already_in_channel"] } } : {}),
  });
};

function readable(world: World, args: Arguments): Outcome<Channel> {
  const channel = named(world, args);
  return channel.ok && !channel.value.members.has(world.app.botUser) ? refused("not_in_channel") : channel;
}

/** A page of messages, within `oldest` and `latest`. Ephemerals are never part of it. */
function messages(world: World, args: Arguments, of: readonly Message[]): Outcome<Json> {
  const [oldest, latest, inclusive] = [args.text("oldest") ?? "0", args.text("latest") ?? "9", args.flag("inclusive")];
  const within = of.filter(
    ({ ts, visibleTo }) => visibleTo === undefined && (inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest),
  );
  const page = pageOf(within, args.limit(100, 999), args.text("cursor"), (each) => each.ts);
  if (!page.ok) return page;
  const { next } = page.value;
  return done({
    messages: page.value.page.map((each) => asMessage(world, each, args.flag("include_all_metadata"))),
    has_more: next !== "",
    ...(next === "" ? {} : { response_metadata: { next_cursor: next } }),
  });
}

const history: Method = (world, args) => {
  const channel = readable(world, args);
  if (!channel.ok) return channel;
  const topLevel = channel.value.messages.filter((each) => each.thread_ts === undefined || each.reply_broadcast === true);
  return messages(world, args, topLevel.reverse());
};

/** The parent first, then its replies; of a reply's own `ts`, that reply alone. */
const replies: Method = (world, args) => {
  const channel = readable(world, args);
  if (!channel.ok) return channel;
  const absent = missing(args, "ts");
  if (absent) return absent;
  const ts = args.text("ts") ?? "";
  const parent = find(channel.value, ts);
  if (!parent || parent.visibleTo !== undefined) return refused("thread_not_found");
  return messages(
    world,
    args,
    channel.value.messages.filter((each) => each.ts === ts || each.thread_ts === ts),
  );
};

export const WORKSPACE_METHODS: { readonly [name: string]: Method } = {
  "auth.test": authTest,
  "users.info": usersInfo,
  "users.list": usersList,
  "users.lookupByEmail": lookupByEmail,
  "conversations.list": conversationsList,
  "conversations.info": conversationsInfo,
  "conversations.members": conversationsMembers,
  "conversations.join": conversationsJoin,
  "conversations.history": history,
  "conversations.replies": replies,
};
