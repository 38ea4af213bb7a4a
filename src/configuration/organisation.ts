/** The part of latchkey.yaml about who and when: chat, administrators, calendars, groups, policies. */
import * as z from "zod";
import type { Calendar, Home, Policy, Settings, Step } from "../domain/catalogue.ts";
import type { Group, People } from "../domain/people.ts";
import { clockShapes } from "./clocks.ts";
import { parseHours } from "./hours.ts";
import type { Directory, Outline } from "./outline.ts";
import {
  chosen,
  chosenByKeys,
  date,
  duration,
  flag,
  line,
  list,
  mapOf,
  ownId,
  reference,
  refusedKey,
  strict,
  text,
  wanted,
  whole,
  word,
} from "./shapes.ts";
import { nearest, nearestPerson, oneOf, quote, unknown, unknownBut } from "./suggest.ts";
import { zoneProblem } from "./time-zones.ts";

/** What can be referred to, and the schemas that several sections use. */
export function references(outline: Outline, directory: Directory | undefined) {
  const groups = [...outline.groups.keys()];
  const listed = <Known>(section: string, known: Known) => (outline.unread.has(section) ? undefined : known);
  const group = reference("group", listed("groups", groups), "add it to groups, or name one that stands there");
  const calendar = reference("calendar", listed("calendars", outline.calendars), "add it to calendars, or name one that stands there");
  const policy = reference("policy", listed("policies", outline.policies), "add it to policies, or name one that stands there");
  const person = personIn(
    directory,
    outline,
    (id) => `${quote(id)} is a group, and one person is wanted here: write an e-mail address or HR id`,
  );
  const personOrGroup = personIn(directory, outline, (id) => `${quote(id)} is a group: write { group: ${id} }`);
  const groupOf = strict("{ group: <id> }", { group });
  const onePerson: z.ZodType<People> = personOrGroup.transform((id) => ({ kind: "person", person: id }));
  const oneGroup: z.ZodType<People> = groupOf.transform((value) => ({ kind: "group", group: value.group }));
  const want = z.never({ error: wanted("a person (e-mail address or HR id) or { group: <id> }") });
  const people = chosen<People>((value) => (mapOf(value) ? oneGroup : typeof value === "string" ? onePerson : want));
  const inWorkingTime = duration("a length of time, such as 4 hours or 1 working day", "any").refine(
    (length) => length.kind === "elapsed" || outline.countsWorkingTime,
    { error: "working time is counted in a calendar: list one under calendars, or write plain hours or days" },
  );
  return { group, groups, groupOf, calendar, policy, person, personOrGroup, people, length: inWorkingTime };
}
export type References = ReturnType<typeof references>;

/** A person's e-mail address or HR id, read as the HR id. */
function personIn(directory: Directory | undefined, outline: Outline, isGroup: (id: string) => string): z.ZodType<string> {
  const find = (written: string) => directory?.ids.get(written) ?? directory?.ids.get(written.toLowerCase());
  return text("a person's e-mail address or HR id", (written) => {
    if (!directory || find(written) !== undefined) return undefined;
    if (outline.groups.has(written)) return isGroup(written);
    const group = written.includes("@") ? undefined : nearest(written, [...outline.groups.keys()]);
    if (group !== undefined) return `unknown person ${quote(written)}; ${isGroup(group)}`;
    const known = written.includes("@") ? directory.emails : directory.hrIds;
    return unknownBut("person", written, nearestPerson(written, known), "nobody in people.csv has this e-mail address or HR id");
  }).transform((written) => find(written) ?? written);
}

export function chatSchema(): z.ZodType<readonly Home[]> {
  const team = text("a Slack team id, such as T0ACME", (value) =>
    /^[TE][A-Z0-9]{2,20}$/.test(value)
      ? undefined
      : `${quote(value)} is no Slack team id: it starts with T (or E for a grid), such as T0ACME`,
  );
  const tenant = text("an Entra tenant id", (value) =>
    UUID.test(value) ? undefined : `${quote(value)} is no Entra tenant id: it looks like 00000000-0000-0000-0000-000000000000`,
  ).transform((value) => value.toLowerCase());
  const trust = flag("do its accounts come from the company's own directory?").optional();
  const slack = strict("{ team_id: T..., trust_email: true }", { team_id: team, trust_email: trust });
  const teams = strict("{ tenant_id: ..., trust_email: true }", { tenant_id: tenant, trust_email: trust });
  const shape = strict("slack: and teams: with the homes of your people", {
    slack: list("workspaces", slack).optional(),
    teams: list("tenants", teams).optional(),
  });
  return shape.transform((chat) => [
    ...(chat.slack ?? []).map((home): Home => ({ platform: "slack", id: home.team_id, trustEmail: home.trust_email ?? false })),
    ...(chat.teams ?? []).map((home): Home => ({ platform: "teams", id: home.tenant_id, trustEmail: home.trust_email ?? false })),
  ]);
}

export const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function settingsOf(root: {
  chat?: readonly Home[] | undefined;
  administrators?: People | undefined;
  fallback_approvers?: People | undefined;
}): Settings {
  return { homes: root.chat ?? [], administrators: root.administrators ?? null, fallbackApprovers: root.fallback_approvers ?? null };
}

export function calendarSchema(): z.ZodType<Calendar> {
  const hours = text('hours, such as "Mon-Fri 09:00-17:30"', (value) => {
    const read = parseHours(value);
    return read.ok ? undefined : { message: read.message, spot: { text: read.part, nth: 0 } };
  });
  return strict("{ id, time_zone, hours, holidays }", {
    id: ownId("an id for the calendar"),
    time_zone: text("an IANA time zone, such as Europe/Berlin", zoneProblem),
    hours,
    holidays: list("dates", date("a date, such as 2026-12-25")).optional(),
  }).transform((calendar) => ({
    id: calendar.id,
    timeZone: calendar.time_zone,
    hours: calendar.hours,
    openings: openingsOf(calendar.hours),
    holidays: [...new Set(calendar.holidays ?? [])].sort(),
  }));
}

function openingsOf(hours: string): Calendar["openings"] {
  const read = parseHours(hours);
  return read.ok ? read.openings : [];
}

/** A Slack channel by name (without #) or id. */
export function channelSchema(): z.ZodType<string> {
  return text("a channel's name or id, such as it-desk", (value) => {
    if (/^[\p{Ll}\p{Lo}\p{N}_-]{1,80}$/u.test(value) || /^[CG][A-Z0-9]{6,20}$/.test(value)) return undefined;
    const better = value.replace(/^#/, "").toLowerCase().replace(/\s+/g, "-").slice(0, 80);
    return `${quote(value)} is no Slack channel: write its name in small letters without # (${quote(better)}), or its id`;
  });
}

export const notifySchema = word("place for cards", ["channel", "direct", "both"]);

export function groupSchema(refs: References): z.ZodType<Group> {
  return strict("{ id, members }", {
    id: ownId("an id for the group"),
    name: line("a name for people", 150).optional(),
    members: list("people", refs.person, 1),
    calendar: refs.calendar.optional(),
    slack_channel: channelSchema().optional(),
    teams_channel: line("a channel's name or id", 150).optional(),
    notify: notifySchema.optional(),
    rota: strict("{ every, start }", {
      every: refs.length,
      start: date("the first day, such as 2026-01-05"),
      on_duty: whole("how many are on duty together", 1, 100).optional(),
    }).optional(),
  }).transform((group) => ({
    id: group.id,
    name: group.name ?? group.id,
    members: [...new Set(group.members)],
    calendar: group.calendar ?? null,
    slackChannel: group.slack_channel ?? null,
    notify: group.notify ?? null,
  }));
}

export function policySchema(refs: References): z.ZodType<Policy> {
  const want = z.never({ error: wanted("manager or { group: <id> }") });
  const group = refs.groupOf.transform((value): Step["approvers"] => ({ kind: "group", group: value.group }));
  const manager = text("manager or { group: <id> }", (value) =>
    value === "manager" ? undefined : approverProblem(value, refs.groups),
  ).transform((): Step["approvers"] => ({ kind: "manager" }));
  const approvers = chosen<Step["approvers"]>((value) => (mapOf(value) ? group : typeof value === "string" ? manager : want));
  const step = strict("{ approvers: manager } or { approvers: { group: <id> }, needed: 1 }", {
    approvers,
    needed: whole("how many of them have to approve", 1, 100).optional(),
  });
  const once = flag("does one approval count in all stages?").optional();
  const stage = strict("{ steps: [...] }", { steps: list("steps", step, 1, 10), once });
  return strict("{ id, stages }", {
    id: ownId("an id for the policy"),
    stages: list("stages", stage, 1, 10),
    once,
    ...clockShapes(refs),
    expire_after: refs.length.optional(),
  }).transform((policy) => ({
    id: policy.id,
    steps: policy.stages.flatMap((one) =>
      one.steps.map(({ approvers, needed }): Step => ({ approvers, needed: needed ?? 1, once: one.once ?? policy.once ?? false })),
    ),
    remind: policy.remind ?? null,
    escalate: policy.escalate ?? null,
    expireAfter: policy.expire_after ?? null,
  }));
}

function approverProblem(written: string, groups: readonly string[]): string {
  if (groups.includes(written)) return `${quote(written)} is a group: write { group: ${written} }`;
  if (written.includes("@")) return `${quote(written)} can't decide alone: put them into a group, and write { group: <id> }`;
  return unknown("approver", written, ["manager"], "write manager or { group: <id> }");
}

/** `{ department: [Sales, Support] }`: attribute -> allowed values; one value may stand without brackets. */
export function attributeRule(directory: Directory | undefined): z.ZodType<Readonly<Record<string, readonly string[]>>> {
  const known = directory && ["department", "title", "location", "time_zone", "id", "email", "name", ...directory.attributes];
  const one = line("a value, such as Sales", 300);
  const several = list("values, such as [Sales, Support]", one, 1, 1000);
  const values = chosen<string[]>((value) => (typeof value === "string" ? one.transform((single) => [single]) : several));
  return chosenByKeys<Readonly<Record<string, readonly string[]>>>((keys) => {
    const stranger = refusedKey((key) => unknown("attribute", key, known ?? [], `attributes are ${oneOf(known ?? [])}`));
    const shape = Object.fromEntries(keys.map((key) => [key, !known || known.includes(key) ? values : stranger]));
    const read = strict("attributes with allowed values, such as { department: [Sales, Support] }", shape);
    return read.transform((rule) => rule as Readonly<Record<string, readonly string[]>>);
  });
}
