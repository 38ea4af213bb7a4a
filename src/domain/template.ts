/**
 * Account templates: what the fulfiller is told to enter, worked out from the person and the form.
 *
 * Liquid, cut down to what is pure: no files, no loops, no clock, no chance. What people typed is put in as data and never read as
 * a template again, and nothing is escaped, because the cards escape whatever they print.
 */
import { Liquid, LiquidError } from "liquidjs";
import type { AccountTemplate, Application, Entitlement } from "./catalogue.ts";
import { LONGEST_LOGIN } from "./commands.ts";
import type { FormValues } from "./line.ts";
import type { Person } from "./people.ts";

/** Longest template and longest value that comes of one, in characters; a card's section holds 3,000 in Slack, with room for its labels. */
export const LONGEST_TEMPLATE = 2000;
export const LONGEST_VALUE = 1000;

const TAGS = new Set(["if", "unless", "case", "assign", "comment", "raw", "echo", "#"]);
const FILTERS = [
  ["abs", "append", "at_least", "at_most", "capitalize", "ceil", "concat", "date", "default", "divided_by", "downcase", "first", "floor"],
  ["join", "last", "lstrip", "minus", "modulo", "plus", "prepend", "remove", "remove_first", "remove_last", "replace", "replace_first"],
  ["replace_last", "reverse", "round", "rstrip", "size", "slice", "split", "strip", "strip_newlines", "times", "truncate", "truncatewords"],
  ["uniq", "upcase"],
].flat();

/** What templates may read of a person besides the further columns of people.csv. */
export const PERSON_VARIABLES = [
  ...["id", "email", "name", "manager_id", "department", "title", "location", "time_zone"],
  ...["start_date", "end_date", "state", "calendar"],
] as const;
export const APPLICATION_VARIABLES = ["id", "name", "description", "kind"] as const;
export const ENTITLEMENT_VARIABLES = ["id", "name", "description", "risk"] as const;
export const REQUEST_VARIABLES = ["number"] as const;

const engine = pureEngine();

function pureEngine(): Liquid {
  const liquid = new Liquid({
    templates: {}, // an empty store instead of the file system
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    timezoneOffset: 0, // a form's date is a day, not an instant: it must not move with the server's zone
    parseLimit: LONGEST_TEMPLATE * 10,
    memoryLimit: 1_000_000, // characters handled in one rendering, so that appending to itself ends
    outputEscape: print,
  });
  const date = liquid.filters.date;
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  for (const name of Object.keys(liquid.filters)) if (!FILTERS.includes(name)) delete liquid.filters[name];
  liquid.registerFilter("date", function (value: unknown, ...rest: unknown[]) {
    if (value === "now" || value === "today" || typeof date !== "function") return "";
    return date.call(this, value, ...rest);
  });
  return liquid;
}

/** Several choices read "EMEA, APAC"; nothing is the empty text. */
function print(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(print).join(", ");
  return typeof value === "object" ? "" : String(value);
}

export interface AccountFacts {
  readonly person: Person;
  /** Values of the application's own form, by field id. */
  readonly form: FormValues;
  readonly application: Pick<Application, "id" | "name" | "description" | "kind">;
  /** null: the account itself was asked for. */
  readonly entitlement: Pick<Entitlement, "id" | "name" | "description" | "risk"> | null;
  /** The line's number, as it stands on every card. */
  readonly number: number;
}

export interface FilledIn {
  readonly login: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
}

/** Fills in an account template; the rows come in the template's order. Never throws. */
export function renderAccount(template: AccountTemplate, facts: AccountFacts): FilledIn {
  const scope = scopeOf(facts);
  return {
    login: cut(render(template.login, scope), LONGEST_LOGIN),
    attributes: template.attributes.map(({ name, value }) => ({ name, value: render(value, scope) })),
  };
}

function render(template: string, scope: object): string {
  try {
    return cut(String(engine.renderSync(parsed(template), scope)).trim(), LONGEST_VALUE);
  } catch {
    // The reader refuses what can't be parsed; what fails only now is shown as it was written, so that a person can still work it out.
    return cut(template, LONGEST_VALUE);
  }
}

/** Templates are few and are filled in at every click: so many are kept parsed. */
const MOST_PARSED = 500;
const kept = new Map<string, ReturnType<Liquid["parse"]>>();

function parsed(template: string): ReturnType<Liquid["parse"]> {
  const before = kept.get(template);
  if (before !== undefined) return before;
  const read = engine.parse(template);
  if (kept.size >= MOST_PARSED) kept.clear();
  kept.set(template, read);
  return read;
}

/** At most so many characters, and never half of one (an emoji is two). */
function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}

function scopeOf({ person, form, application, entitlement, number }: AccountFacts): object {
  return {
    person: {
      ...person.attributes,
      id: person.id,
      email: person.email,
      name: person.name,
      manager_id: person.managerId,
      department: person.department,
      title: person.title,
      location: person.location,
      time_zone: person.timeZone,
      start_date: person.startDate,
      end_date: person.endDate,
      state: person.state,
      calendar: person.calendar,
    } satisfies Record<(typeof PERSON_VARIABLES)[number], unknown>,
    form,
    application,
    entitlement: entitlement ?? {},
    request: { number },
  };
}

/** A variable that a template reads: `{{ form.region }}` is ["form", "region"]. `offset` counts characters of the template from 0. */
export interface TemplateVariable {
  readonly segments: readonly string[];
  readonly offset: number;
}

export type Variables =
  | { readonly ok: true; readonly variables: readonly TemplateVariable[] }
  | { readonly ok: false; readonly why: TemplateFault; readonly offset: number };

/** `filter` and `tag` name what isn't known; `syntax` carries the parser's own sentence. */
export interface TemplateFault {
  readonly kind: "filter" | "tag" | "syntax";
  readonly what: string;
}

/** What a template reads from outside (what it assigns itself left out), or why it is none. A computed name counts as "[...]". */
export function variablesOf(template: string): Variables {
  try {
    const { globals } = engine.analyzeSync(engine.parse(template), { partials: false });
    const variables = Object.values(globals).flatMap((uses) =>
      uses.map(({ segments, location }) => ({
        segments: segments.map((segment) => (typeof segment === "object" ? "[...]" : String(segment))),
        offset: offsetOf(template, location.row, location.col),
      })),
    );
    return { ok: true, variables: variables.sort((a, b) => a.offset - b.offset) };
  } catch (error) {
    return { ok: false, ...faultOf(error) };
  }
}

/** Names of the filters and tags that templates may use, for did-you-mean. */
export function templateWords(kind: "filter" | "tag"): readonly string[] {
  return kind === "filter" ? FILTERS : [...TAGS];
}

function offsetOf(template: string, row: number, column: number): number {
  const before = template.split("\n").slice(0, row - 1);
  return before.reduce((sum, line) => sum + line.length + 1, 0) + column - 1;
}

function faultOf(error: unknown): { why: TemplateFault; offset: number } {
  if (!LiquidError.is(error)) return { why: { kind: "syntax", what: error instanceof Error ? error.message : String(error) }, offset: 0 };
  const token = (error as { token?: { begin?: number } }).token;
  const sentence = error.message.replace(/, line:\d+, col:\d+$/, "");
  const offset = token?.begin ?? 0;
  const filter = /^undefined filter: (\w+)$/.exec(sentence)?.[1];
  if (filter) return { why: { kind: "filter", what: filter }, offset };
  const tag = /^tag "([^"]+)" not found$/.exec(sentence)?.[1];
  if (tag) return { why: { kind: "tag", what: tag }, offset };
  return { why: { kind: "syntax", what: sentence }, offset };
}
