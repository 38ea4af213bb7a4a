/** What is named where: a first look over the folder, before anything in it is checked, so that references can be. */
import { listOf, mapOf } from "./shapes.ts";
import { nearest } from "./suggest.ts";

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
  /** Sections that are missing or no list: what they should name isn't known, so that references into them can't be judged. */
  readonly unread: ReadonlySet<string>;
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
  const root = meantBy(mapOf(value) ?? {});
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
    countsWorkingTime: calendars.size > 0 || ("calendars" in root && !Array.isArray(root.calendars)),
    unread: new Set(SECTIONS.filter((section) => (section in root || REQUIRED.includes(section)) && !Array.isArray(root[section]))),
  };
}

const REQUIRED: readonly string[] = ["policies", "applications"];
const SECTIONS = ["calendars", "groups", ...REQUIRED, "access_profiles"];

/** With sections under the name that was meant: a slip in one key isn't a fault of everything that refers to it. */
function meantBy(root: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const missing = SECTIONS.filter((section) => !(section in root));
  const meant = Object.entries(root).map(([key, value]) => [SECTIONS.includes(key) ? key : (nearest(key, missing) ?? key), value]);
  return Object.fromEntries(meant);
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
