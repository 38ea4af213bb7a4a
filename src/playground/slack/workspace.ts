/** Starting a workspace, and what every change of it needs: ids, timestamps, and telling those who watch. */
import type { AppIdentity, Channel, ChannelSeed, Team, User, UserSeed, World } from "./world.ts";

/** What a change comes to: Slack's own error names, with the validator's sentences where it has some. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refused;
export interface Refused {
  readonly ok: false;
  readonly error: string;
  readonly messages?: readonly string[];
}

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const refused = (error: string, messages?: readonly string[]): Refused =>
  messages ? { ok: false, error, messages } : { ok: false, error };

export interface WorldSeed {
  readonly team: Team;
  readonly users: readonly UserSeed[];
  readonly channels: readonly ChannelSeed[];
  readonly app: AppIdentity;
  readonly now: () => number;
}

export function startWorld(seed: WorldSeed): World {
  const world: World = {
    team: seed.team,
    app: seed.app,
    users: new Map(),
    channels: new Map(),
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    offered: new Map(),
    read: new Map(),
    faults: [],
    calls: [],
    token: null,
    rateLimits: false,
    recent: new Map(),
    announce: () => {},
    now: seed.now,
    version: 1,
    watchers: new Set(),
    serial: 0,
    lastTs: 0,
  };
  const bot: UserSeed = {
    id: seed.app.botUser,
    name: seed.app.name.toLowerCase().replaceAll(/\W+/g, "_"),
    real_name: seed.app.name,
    is_bot: true,
  };
  for (const user of [...seed.users, bot]) world.users.set(user.id, fullUser(user, seed.team.id));
  for (const channel of seed.channels) world.channels.set(channel.id, fullChannel(world, channel));
  return world;
}

function fullUser(seed: UserSeed, team: string): User {
  return {
    tz: "Europe/Berlin",
    locale: "en-GB",
    is_bot: false,
    deleted: false,
    is_admin: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_stranger: false,
    team_id: team,
    presence: "active",
    ...seed,
  };
}

function fullChannel(world: World, seed: ChannelSeed): Channel {
  return {
    id: seed.id,
    name: seed.name,
    kind: seed.kind ?? "public",
    members: new Set([...(seed.members ?? []), ...(seed.bot ? [world.app.botUser] : [])]),
    is_archived: seed.is_archived ?? false,
    topic: seed.topic ?? "",
    created: seconds(world),
    messages: [],
  };
}

export const seconds = (world: World): number => Math.floor(world.now() / 1000);

/** `1700000000.000100`: unique in the workspace and rising, as Slack's `ts`. */
export function nextTs(world: World): string {
  world.lastTs = Math.max(world.now() * 1000, world.lastTs + 1);
  return `${Math.floor(world.lastTs / 1_000_000)}.${String(world.lastTs % 1_000_000).padStart(6, "0")}`;
}

/** An id like Slack's: a letter for the kind, then capitals and digits. */
export function newId(world: World, prefix: string): string {
  world.serial += 1;
  return `${prefix}${(world.serial + 36 ** 6).toString(36).toUpperCase()}${Math.floor(Math.random() * 36 ** 3)
    .toString(36)
    .toUpperCase()
    .padStart(3, "0")}`;
}

/** Tells the watchers that the workspace has changed. */
export function changed(world: World): void {
  world.version += 1;
  for (const watcher of world.watchers) watcher(world.version);
}

/** Slack's words to one person come from this user. */
export const SLACKBOT = "USLACKBOT";
