/** What is named where: a first look over the folder, before anything in it is checked, so that references can be. */
import { listOf, mapOf } from "./shapes.ts";

/** The ids that latchkey.yaml gives out, faulty entries included: a reference to a faulty group isn't a second fault. */
export interface Outline {
  readonly calendars: ReadonlySet<string>;
  /** Group -> how many members it lists; 0: none that could be read. */
  readonly groups: ReadonlyMap<string, number>;
  readonly policies: ReadonlySet<string>;
  readonly profiles: ReadonlySet<string>;
  /** Application -> its entitlements. */
  readonly applications: ReadonlyMap<string, ReadonlySet<string>>;
  readonly slackTeams: readonly string[];
  /** False when no calendar is listed, so that working time can't be counted. */
  readonly countsWorkingTime: boolean;
}

/** What people.csv says about whom the configuration may name; undefined when the file couldn't be read. */
export interface Directory {
  /** Lower-case e-mail address or HR id -> HR id. */
  readonly ids: ReadonlyMap<string, string>;
  readonly emails: ReadonlySet<string>;
  readonly hrIds: ReadonlySet<string>;
  /** Further columns. */
  readonly attributes: readonly string[];
}

export function outlineOf(value: unknown): Outline {
  const root = mapOf(value) ?? {};
  const entries = (section: string) => listOf(root[section]).map((entry) => mapOf(entry) ?? {});
  const calendars = new Set(entries("calendars").flatMap(idOf));
  return {
    calendars,
    groups: new Map(entries("groups").flatMap((group) => idOf(group).map((id) => [id, listOf(group.members).length]))),
    policies: new Set(entries("policies").flatMap(idOf)),
    profiles: new Set(entries("access_profiles").flatMap(idOf)),
    applications: new Map(
      entries("applications").flatMap((application) => idOf(application).map((id) => [id, entitlementIds(application)])),
    ),
    slackTeams: listOf(mapOf(root.chat)?.slack).flatMap((home) => texts(mapOf(home)?.team_id)),
    countsWorkingTime: calendars.size > 0,
  };
}

function entitlementIds(application: Readonly<Record<string, unknown>>): Set<string> {
  return new Set(listOf(application.entitlements).flatMap((entitlement) => idOf(mapOf(entitlement) ?? {})));
}

function idOf(entry: Readonly<Record<string, unknown>>): string[] {
  return texts(entry.id);
}

function texts(value: unknown): string[] {
  return typeof value === "string" ? [value.trim()] : [];
}
