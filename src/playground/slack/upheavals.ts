/** What happens to a workspace besides what people say in it, with the events that Slack sends of it to apps that have subscribed to them. */

import type { Slack } from "./acts.ts";
import { eventCallback } from "./envelope.ts";
import { asUser } from "./methods-workspace.ts";
import { changed, nextTs } from "./workspace.ts";
import type { Channel, Json, User, World } from "./world.ts";

export interface Upheavals {
  /** Each resolves once the app has taken the event, or didn't. */
  archive(channel: string): Promise<void>;
  unarchive(channel: string): Promise<void>;
  rename(channel: string, name: string): Promise<void>;
  /** The channel and everything in it is gone. */
  remove(channel: string): Promise<void>;
  /** The app's bot is taken out of the channel, or invited. */
  kick(channel: string): Promise<void>;
  invite(channel: string): Promise<void>;
  /** An account as it is from now on. */
  account(user: string, as: { readonly deleted?: boolean; readonly is_restricted?: boolean }): Promise<void>;
  /** The app's token opens nothing from now on, for this reason. */
  revoke(why: "token_revoked" | "account_inactive" | "invalid_auth"): Promise<void>;
  restore(): void;
}

export function upheavals(slack: Slack): Upheavals {
  const { world } = slack;
  const tell = async (event: Json): Promise<void> => {
    changed(world);
    if (world.app.events.includes(String(event.type)))
      await slack.carrier.event(eventCallback(world, { ...event, event_ts: nextTs(world) }));
  };
  const about = (id: string, what: string, more: (channel: Channel) => Json = () => ({ channel: id })) => {
    const channel = channelOf(world, id);
    return tell({ type: `${channel.kind === "private" ? "group" : "channel"}_${what}`, ...more(channel) });
  };
  return {
    archive: (id) => {
      channelOf(world, id).is_archived = true;
      return about(id, "archive");
    },
    unarchive: (id) => {
      channelOf(world, id).is_archived = false;
      return about(id, "unarchive");
    },
    rename: (id, name) => {
      channelOf(world, id).name = name;
      return about(id, "rename", (channel) => ({ channel: { id, name, created: channel.created } }));
    },
    remove: async (id) => {
      const told = about(id, "deleted");
      world.channels.delete(id);
      await told;
    },
    kick: (id) => {
      channelOf(world, id).members.delete(world.app.botUser);
      return about(id, "left");
    },
    invite: (id) => {
      const channel = channelOf(world, id);
      channel.members.add(world.app.botUser);
      const channel_type = channel.kind === "private" ? "G" : "C";
      return tell({ type: "member_joined_channel", user: world.app.botUser, channel: id, channel_type, team: world.team.id });
    },
    account: (id, as) => {
      const user = userOf(world, id);
      Object.assign(user, as);
      return tell({ type: "user_change", user: asUser(world, user) });
    },
    revoke: async (why) => {
      world.token = why;
      await tell({ type: "tokens_revoked", tokens: { oauth: [], bot: [world.app.botUser] } });
      if (why === "account_inactive") await tell({ type: "app_uninstalled" });
    },
    restore: () => {
      world.token = null;
      changed(world);
    },
  };
}

function channelOf(world: World, id: string): Channel {
  const found = world.channels.get(id);
  if (!found) throw new Error(`there is no channel ${id}`);
  return found;
}

function userOf(world: World, id: string): User {
  const found = world.users.get(id);
  if (!found) throw new Error(`there is no user ${id}`);
  return found;
}
