/** Channels and direct messages: who is in them, what they are called, how one is found. */

import { changed, done, newId, type Outcome, refused, seconds } from "./workspace.ts";
import type { Channel, World } from "./world.ts";

/** The direct message between a person and the app; made when first needed. */
export function directMessage(world: World, user: string): Channel {
  for (const channel of world.channels.values()) if (channel.kind === "im" && channel.members.has(user)) return channel;
  const wanted = `D${user.slice(1)}`;
  const id = world.channels.has(wanted) ? newId(world, "D") : wanted;
  const created = seconds(world);
  const channel: Channel = {
    id,
    name: "",
    kind: "im",
    members: new Set([user, world.app.botUser]),
    is_archived: false,
    topic: "",
    created,
    messages: [],
  };
  world.channels.set(id, channel);
  return channel;
}

export function openDirectMessage(world: World, user: string): Outcome<{ channel: Channel; alreadyOpen: boolean }> {
  const known = world.users.get(user);
  if (!known) return refused("user_not_found");
  if (known.is_bot) return refused("cannot_dm_bot");
  if (known.deleted) return refused("user_disabled");
  const before = world.channels.size;
  const channel = directMessage(world, user);
  const alreadyOpen = world.channels.size === before;
  if (!alreadyOpen) changed(world);
  return done({ channel, alreadyOpen });
}

/** The other side of a direct message with the app. */
export const counterpart = (world: World, channel: Channel): string =>
  [...channel.members].find((each) => each !== world.app.botUser) ?? "";

/** A channel the app may know of: private ones only as a member, as Slack hides them otherwise. */
export function channelForApp(world: World, id: string): Outcome<Channel> {
  const channel = world.channels.get(id);
  if (!channel || (channel.kind !== "public" && !channel.members.has(world.app.botUser))) return refused("channel_not_found");
  return done(channel);
}

/** Where chat.postMessage goes: a channel's id, a public channel's name with or without `#`, or a person's id for the direct message. */
export function writableForApp(world: World, given: string): Outcome<Channel> {
  if (world.users.has(given)) {
    const opened = openDirectMessage(world, given);
    return opened.ok ? done(opened.value.channel) : opened;
  }
  const name = given.replace(/^#/, "");
  const byName = [...world.channels.values()].find((each) => each.kind === "public" && each.name === name);
  const found = channelForApp(world, byName?.id ?? given);
  if (!found.ok) return found;
  if (found.value.is_archived) return refused("is_archived");
  if (!found.value.members.has(world.app.botUser)) return refused("not_in_channel");
  const other = found.value.kind === "im" ? world.users.get(counterpart(world, found.value)) : undefined;
  return other?.deleted ? refused("user_disabled") : found;
}

export function join(world: World, id: string): Outcome<{ channel: Channel; already: boolean }> {
  const found = channelForApp(world, id);
  if (!found.ok) return found;
  if (found.value.kind !== "public") return refused("method_not_supported_for_channel_type");
  if (found.value.is_archived) return refused("is_archived");
  const already = found.value.members.has(world.app.botUser);
  found.value.members.add(world.app.botUser);
  if (!already) changed(world);
  return done({ channel: found.value, already });
}

/** What Slack calls a conversation in payloads. */
export function payloadName(channel: Channel): string {
  if (channel.kind === "im") return "directmessage";
  return channel.kind === "private" ? "privategroup" : channel.name;
}
