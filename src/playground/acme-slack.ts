/** The stand-in's workspace, made from the applied configuration: everybody of people.csv, and a channel for each group that names one. */
import type { Folder } from "../db/apply.ts";
import type { ChannelSeed, UserSeed } from "./slack/world.ts";

export interface Workspace {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly users: readonly UserSeed[];
  readonly channels: readonly ChannelSeed[];
}

/** Slack ids of the stand-in's people: a `U` before the HR id, so that they stay the same over a restart. */
export function slackIdOf(personId: string): string {
  return `U${personId.toUpperCase().replace(/[^A-Z0-9]/g, "")}`;
}

export function workspaceOf(folder: Folder): Workspace {
  const home = folder.catalogue.settings.homes.find(({ platform }) => platform === "slack");
  const users = newcomersFirst(folder.people).map(({ person, slack }): UserSeed => {
    return {
      id: slack?.userId ?? slackIdOf(person.id),
      name: person.email.split("@")[0] ?? person.id,
      real_name: person.name,
      email: person.email,
      title: person.title,
      department: person.department,
      tz: person.timeZone,
      locale: localeOf(person.timeZone),
      deleted: person.state === "left",
    };
  });
  return {
    team: { id: home?.id ?? "T0ACME", name: "Acme", domain: "acme" },
    users,
    channels: channelsOf(folder, new Map(folder.people.map(({ person, slack }) => [person.id, slack?.userId ?? slackIdOf(person.id)]))),
  };
}

/** English everywhere, dates and times as at home: Slack prints them by each person's own language setting. */
function localeOf(timeZone: string): string {
  return timeZone.startsWith("America/") ? "en-US" : "en-GB";
}

/** The page opens as the first person: somebody who looks after nobody and nothing is who would ask for access. */
function newcomersFirst(people: Folder["people"]): Folder["people"] {
  const managers = new Set(people.map(({ person }) => person.managerId));
  const asks = ({ person }: Folder["people"][number]) =>
    person.state === "active" && !managers.has(person.id) && person.department === "Sales";
  return [...people.filter(asks), ...people.filter((one) => !asks(one))];
}

function channelsOf(folder: Folder, idOf: ReadonlyMap<string, string>): readonly ChannelSeed[] {
  const channels = new Map<string, Set<string>>();
  for (const group of folder.catalogue.groups) {
    if (!group.slackChannel) continue;
    const members = channels.get(group.slackChannel) ?? new Set<string>();
    for (const person of group.members) members.add(idOf.get(person) ?? person);
    channels.set(group.slackChannel, members);
  }
  for (const application of folder.catalogue.applications)
    if (application.slackChannel && !channels.has(application.slackChannel)) channels.set(application.slackChannel, new Set());
  return [...channels].map(([name, members], index) => ({
    id: `C${String(index + 1).padStart(8, "0")}`,
    name,
    members: [...members],
    bot: true,
  }));
}
