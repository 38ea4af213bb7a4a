/** What of the catalogue would be new, gone or different, field by field, and on how much of it something hangs. */
import type { Application, Entitlement, FormField, Settings } from "../domain/catalogue.ts";
import type { Person } from "../domain/people.ts";
import { mayRequest } from "../domain/requestable.ts";
import type { Folder } from "./apply.ts";
import type { Transaction } from "./connect.ts";

/** `was`, `now`: in a word or two, where that says it; else both are null. */
export interface FieldChange {
  /** As latchkey.yaml calls it. */
  readonly field: string;
  readonly was: string | null;
  readonly now: string | null;
}
export type SettingChange = FieldChange;

export interface PartChange {
  readonly part: "entitlement" | "form field";
  readonly id: string;
  readonly change: "added" | "removed" | "changed";
  readonly fields: readonly FieldChange[];
}

export interface DefinitionChange {
  readonly kind: "application" | "policy" | "calendar" | "later";
  readonly id: string;
  /** For people; the id where there is no other. */
  readonly name: string;
  readonly change: "added" | "removed" | "changed";
  readonly fields: readonly FieldChange[];
  /** Entitlements and form fields of an application. */
  readonly parts: readonly PartChange[];
  readonly touches: Touches;
}

/** What hangs on it; null where that kind has none. */
export interface Touches {
  /** Open requests that were filed under it and go on under it as it is now. */
  readonly open: number | null;
  /** Active accounts there. */
  readonly accounts: number | null;
  /** Active people who may ask for it, today and then; only where that rule changes. */
  readonly mayAsk: readonly [number, number] | null;
}

type Content = Readonly<Record<string, unknown>>;

interface Differing {
  readonly kind: DefinitionChange["kind"];
  readonly key: string;
  readonly was: Content | null;
  readonly now: Content | null;
  readonly open: string;
  readonly accounts: string | null;
}

/** Reads the real definitions, and `defined`: those of the folder. */
export async function definitionChanges(sql: Transaction["sql"], folder: Folder): Promise<readonly DefinitionChange[]> {
  const rows = await sql<Differing[]>`
    with differing as (
      select kind, key, d.id, d.content as was, n.content as now
      from (select * from public.definition where until is null and kind <> 'group') d
      full join (select * from defined where kind <> 'group') n using (kind, key)
      where d.content is distinct from n.content),
    open as (
      select definition, count(*) as open from line l, lateral (values (l.application_definition), (l.policy_definition)) of(definition)
      where l.open group by definition),
    held as (select application_id, count(*) as accounts from account where state = 'active' group by application_id)
    select d.kind, d.key, d.was, d.now, coalesce(o.open, 0) as open, case when d.kind = 'application' then coalesce(h.accounts, 0) end as accounts
    from differing d left join open o on o.definition = d.id left join held h on d.kind = 'application' and h.application_id = d.key
    order by array_position(array['application', 'policy', 'calendar', 'later'], d.kind), d.key`;
  const people = folder.people.map(({ person }) => person).filter((person) => person.state === "active");
  return rows.flatMap((row) => changeOf(row, people));
}

function changeOf({ kind, key: id, was, now, open, accounts }: Differing, people: readonly Person[]): DefinitionChange[] {
  const fields = was && now ? fieldsBetween(was, now, APART) : [];
  const parts = kind === "application" && was && now ? partsBetween(was as unknown as Application, now as unknown as Application) : [];
  // the part that is built later is written even when it is empty
  if (kind === "later" && !was && Object.keys(now ?? {}).length === 0) return [];
  const rule = fields.some(({ field }) => field === "requestable_by");
  const asking = (content: Content | null) => people.filter((person) => mayRequest(content as unknown as Application, person)).length;
  return [
    {
      ...{ kind, id, fields, parts },
      name: String((now ?? was)?.name ?? id),
      change: was ? (now ? "changed" : "removed") : "added",
      touches: {
        open: kind === "application" || kind === "policy" ? Number(open) : null,
        accounts: accounts === null ? null : Number(accounts),
        mayAsk: rule ? [asking(was), asking(now)] : null,
      },
    },
  ];
}

export function settingChanges(was: Content | null, now: Settings): readonly SettingChange[] {
  const kept = (settings: Content | null) => ({
    administrators: settings?.administrators ?? null,
    fallbackApprovers: settings?.fallbackApprovers ?? null,
    chat: settings?.homes ?? [],
  });
  return was === null ? [] : fieldsBetween(kept(was), kept({ ...now }), []);
}

/** Compared one by one, and what only follows from another field. */
const APART: readonly string[] = ["entitlements", "form", "openings"];

function fieldsBetween(was: Content, now: Content, without: readonly string[]): readonly FieldChange[] {
  return [...new Set([...Object.keys(was), ...Object.keys(now)])]
    .filter((key) => !without.includes(key) && !isEqual(was[key], now[key]))
    .map((key) => ({ field: written(key), ...inWords(was[key], now[key]) }));
}

function partsBetween(was: Application, now: Application): readonly PartChange[] {
  return [
    ...partChanges<Entitlement>("entitlement", was.entitlements, now.entitlements),
    ...partChanges<FormField>("form field", was.form, now.form),
  ];
}

function partChanges<Part extends { readonly id: string }>(
  part: PartChange["part"],
  was: readonly Part[],
  now: readonly Part[],
): readonly PartChange[] {
  const [before, after] = [new Map(was.map((one) => [one.id, one])), new Map(now.map((one) => [one.id, one]))];
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((id): PartChange[] => {
    const [a, b] = [before.get(id), after.get(id)];
    if (!a || !b) return [{ part, id, change: a ? "removed" : "added", fields: [] }];
    const fields = fieldsBetween(a as unknown as Content, b as unknown as Content, []);
    return fields.length > 0 ? [{ part, id, change: "changed", fields }] : [];
  });
  const order = (list: readonly Part[]) => list.map(({ id }) => id).join("\n");
  return changes.length === 0 && order(was) !== order(now) ? [{ part, id: "order", change: "changed", fields: [] }] : changes;
}

/** The key of latchkey.yaml behind a field of the domain. */
function written(field: string): string {
  return field === "steps" ? "stages" : field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A value that reads well in a line, or nothing. */
function inWords(was: unknown, now: unknown): Pick<FieldChange, "was" | "now"> {
  const [a, b] = [word(was), word(now)];
  return a === null || b === null ? { was: null, now: null } : { was: a, now: b };
}

const LONGEST_WORD = 60;

function word(value: unknown): string | null {
  if (value === null || value === undefined || value === "") return "none";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return value.length <= LONGEST_WORD && !value.includes("\n") ? value : null;
  const { kind, group, person, seconds, hours, days } = value as Content;
  if (kind === "group" && typeof group === "string") return `group ${group}`;
  if (kind === "person" && typeof person === "string") return person;
  if (kind === "working-hours") return `${String(hours)} working hours`;
  if (kind === "working-days") return `${String(days)} working days`;
  if (kind === "elapsed" && typeof seconds === "number") return elapsed(seconds);
  return null;
}

function elapsed(seconds: number): string {
  for (const [unit, size] of [
    ["days", 86_400],
    ["hours", 3600],
    ["minutes", 60],
  ] as const)
    if (seconds % size === 0) return `${seconds / size} ${unit}`;
  return `${seconds} seconds`;
}

function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return (a ?? null) === (b ?? null);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isEqual((a as Content)[key], (b as Content)[key]));
}
