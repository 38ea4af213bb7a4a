/** Asking: what may be filed, what is wrong with what was filled in, and the lines that come of it. */
import { openStep } from "./approving.ts";
import type { Application, Entitlement, FormField, Policy } from "./catalogue.ts";
import type { Facts } from "./commands.ts";
import { LONGEST_TEXT } from "./commands.ts";
import type { LineEvent } from "./events.ts";
import { evolve } from "./events.ts";
import { fieldFault, isEmpty } from "./field-fault.ts";
import type { FormValue, FormValues, Line } from "./line.ts";
import { holdersOf, openTask } from "./line.ts";
import { isActive } from "./people.ts";
import type { FieldFault, Result } from "./refusals.ts";
import { ok, refuse } from "./refusals.ts";
import { mayRequest } from "./requestable.ts";
import type { Until } from "./until.ts";
import { endFault, longestGrant } from "./until.ts";

/** What was filled in, as it came: nothing about it is believed yet. */
export interface Submission {
  readonly entitlements: readonly string[];
  readonly justification: string;
  readonly until: Until | null;
  readonly values: FormValues;
}

/** What the beneficiary has or has asked for on the application; a null entitlement is the account itself. */
export interface Standing {
  readonly held: readonly (string | null)[];
  readonly asked: readonly { readonly entitlement: string | null; readonly number: number }[];
}

export interface AskFacts extends Omit<Facts, "accounts" | "accountOnItsWay" | "ownerOfLogin" | "filledIn"> {
  readonly application: Application | null;
  readonly policies: Readonly<Record<string, Policy>>;
  readonly standing: Standing;
  /** Open lines of the requester, for whomever; more than `MOST_OPEN` needn't be counted. */
  readonly open: number;
  /** As many unused line numbers as entitlements were asked for, at least one. */
  readonly numbers: readonly number[];
}

export interface Filed {
  readonly line: Line;
  readonly events: readonly LineEvent[];
}

export const MOST_ITEMS = 50;
/** Open lines that one requester may have at a time: far more than anybody waits for, and too few to bury those who decide. */
export const MOST_OPEN = 100;

/** Field ids of the request form; the application's own fields are `form.<id>`. */
export const ASK_FIELDS = {
  beneficiary: "for",
  application: "application",
  entitlements: "entitlements",
  justification: "justification",
  until: "until",
  untilDate: "until_date",
} as const;

export function formFieldId({ id }: Pick<FormField, "id">): string {
  return `form.${id}`;
}

/** One request, a line for each item; all of it or nothing. Everybody active may ask for everybody active: those who approve decide. */
export function submit(requestId: string, submission: Submission, facts: AskFacts): Result<readonly Filed[]> {
  const { application, actor, beneficiary } = facts;
  const named = whose(facts);
  if (!isActive(actor)) return refuse("not-active");
  if (!isActive(beneficiary)) return faulty({ [ASK_FIELDS.beneficiary]: { name: "not-active", about: named } });
  if (!application) return refuse("no-such-application");
  if (!mayRequest(application, beneficiary)) return refuse("not-requestable", { application: application.name, ...named });

  if (facts.open >= MOST_OPEN) return tooManyOpen();

  const items = itemsOf(application, submission.entitlements);
  const fields = { ...itemFaults(items, facts.standing, named), ...formFaults(application, items.known, submission, facts) };
  if (Object.keys(fields).length > 0) return faulty(fields);
  if (facts.open + items.known.length > MOST_OPEN) return tooManyOpen();

  const filed = items.known.map((entitlement, index) =>
    file(requestId, application, entitlement, facts.numbers[index] ?? 0, submission, facts),
  );
  return filed.every(({ line }) => canBeDecided(line)) ? ok(filed) : refuse("nobody-can-approve");
}

function faulty<T>(fields: Fields): Result<T> {
  return { ok: false, refusal: { name: "faulty-form", about: {}, fields } };
}

function tooManyOpen<T>(): Result<T> {
  return refuse("too-many-open", { most: String(MOST_OPEN) });
}

/** The beneficiary's name, where somebody else asks: then no sentence says "you". */
function whose({ actor, beneficiary }: AskFacts): { readonly name?: string } {
  return actor.id === beneficiary.id ? {} : { name: beneficiary.name };
}

/** As many people are asked as have to approve: with fewer it would wait for ever. */
function canBeDecided(line: Line): boolean {
  const task = openTask(line);
  return task !== undefined && holdersOf(line, task).length >= task.needed;
}

/** The policy that decides an item: its own, else the application's. */
export function policyOf(application: Application, entitlement: Entitlement | null): string {
  return entitlement?.policy ?? application.policy;
}

function file(
  requestId: string,
  application: Application,
  entitlement: Entitlement | null,
  number: number,
  submission: Submission,
  facts: AskFacts,
): Filed {
  const draft = draftOf({ id: facts.newId(), number, requestId }, application, entitlement, submission, facts);
  const events: readonly LineEvent[] = [{ type: "submitted" }, ...openStep(draft, 0, facts)];
  return { line: events.reduce((line, event) => evolve(line, event, facts.now), draft), events };
}

/** A line before anybody was asked. Throws when the application names a policy that isn't there. */
export function draftOf(
  named: Pick<Line, "id" | "number" | "requestId">,
  application: Application,
  entitlement: Entitlement | null,
  submission: Submission,
  facts: Pick<AskFacts, "actor" | "beneficiary" | "policies" | "now">,
): Line {
  const policy = facts.policies[policyOf(application, entitlement)];
  if (!policy) throw new Error(`application ${application.id} names a policy that isn't there`);
  return {
    ...named,
    requester: facts.actor.id,
    beneficiary: facts.beneficiary.id,
    application,
    entitlement,
    policy,
    justification: submission.justification.trim(),
    values: answersOf(application, submission.values),
    until: withinLimit(submission.until, longestGrant(application, entitlement), facts),
    approval: "draft",
    step: 0,
    submittedAt: facts.now,
    decidedAt: null,
    closing: null,
    version: 1,
    tasks: [],
    order: null,
  };
}

/** The answers to the application's own questions, and nothing else that came along. */
function answersOf(application: Application, values: FormValues): FormValues {
  return Object.fromEntries(
    application.form.flatMap(({ id, type }): readonly (readonly [string, FormValue])[] => {
      const value = answerOf(values, id);
      // A box that was left unticked is an answer too.
      const kept = value !== undefined && (!isEmpty(value) || (type === "checkbox" && value === false));
      return kept ? [[id, value]] : [];
    }),
  );
}

/** An answer that was given, and not something that every object answers to. */
export function answerOf(values: FormValues, id: string): FormValue | undefined {
  return Object.hasOwn(values, id) ? values[id] : undefined;
}

/** The entitlements asked for; none means the account alone. */
function itemsOf(application: Application, ids: readonly string[]): { known: readonly (Entitlement | null)[]; unknown: readonly string[] } {
  const asked = [...new Set(ids)];
  const known = asked.flatMap((id) => application.entitlements.find((entitlement) => entitlement.id === id) ?? []);
  const unknown = asked.filter((id) => !known.some((entitlement) => entitlement.id === id));
  return { known: asked.length === 0 ? [null] : known, unknown };
}

type Fields = Record<string, FieldFault>;

function itemFaults(items: ReturnType<typeof itemsOf>, standing: Standing, named: { readonly name?: string }): Fields {
  const at = items.known[0] === null ? ASK_FIELDS.application : ASK_FIELDS.entitlements;
  if (items.unknown.length > 0 || items.known.length > MOST_ITEMS)
    return { [ASK_FIELDS.entitlements]: { name: "not-an-option", about: {} } };
  for (const entitlement of items.known) {
    const id = entitlement?.id ?? null;
    const item: Record<string, string> = { ...named, ...(entitlement ? { item: entitlement.name } : {}) };
    if (standing.held.includes(id)) return { [at]: { name: "already-held", about: item } };
    const asked = standing.asked.find((line) => line.entitlement === id);
    if (asked) return { [at]: { name: "already-asked", about: { ...item, number: String(asked.number) } } };
    const bringer = id === null ? bringsAccount(standing) : null;
    if (bringer !== null) return { [at]: { name: "comes-with", about: { ...item, number: String(bringer) } } };
  }
  return {};
}

/** The number of the request that brings the account along with what it asks for; null: none does. */
export function bringsAccount({ held, asked }: Standing): number | null {
  return held.includes(null) ? null : (asked.find(({ entitlement }) => entitlement !== null)?.number ?? null);
}

/**
 * The longest time that can be chosen for all these items together, in days; null: no limit. Each item gets no more than its own limit, so the
 * most generous one counts; a limit of less than a day can't be written in days, and bounds all of them.
 */
export function longestChoice(application: Application, items: readonly (Entitlement | null)[]): number | null {
  const limits = items.map((item) => longestGrant(application, item));
  if (limits.length === 0) return null;
  const brief = limits.find((days) => days !== null && days < 1);
  if (brief !== undefined) return brief;
  return limits.reduce<number | null>((a, b) => (a === null || b === null ? null : Math.max(a, b)), 0);
}

/** How long one item is asked for: what was chosen, within the item's own limit. "As long as I need it" means: as long as the limit allows. */
export function withinLimit(
  until: Until | null,
  longest: number | null,
  { now, beneficiary }: Pick<AskFacts, "now" | "beneficiary">,
): Until | null {
  if (longest === null || longest < 1) return until;
  return endFault(until, now, { timeZone: beneficiary.timeZone, longest }) === "too-long" ? { kind: "days", days: longest } : until;
}

function formFaults(application: Application, items: readonly (Entitlement | null)[], submission: Submission, facts: AskFacts): Fields {
  const faults: Fields = {};
  const why = submission.justification.trim();
  if (why === "") faults[ASK_FIELDS.justification] = { name: "missing", about: {} };
  else if (why.length > LONGEST_TEXT) faults[ASK_FIELDS.justification] = { name: "too-long", about: { most: String(LONGEST_TEXT) } };

  const longest = longestChoice(application, items);
  const asLongAsPossible = submission.until === null && (longest === null || longest >= 1);
  const fault = asLongAsPossible ? null : endFault(submission.until, facts.now, { timeZone: facts.beneficiary.timeZone, longest });
  const at = submission.until?.kind === "date" ? ASK_FIELDS.untilDate : ASK_FIELDS.until;
  if (fault === "too-long") faults[at] = { name: "too-long-a-time", about: { most: String(longest) } };
  else if (fault) faults[at] = { name: fault, about: {} };

  for (const field of application.form) {
    const found = fieldFault(field, answerOf(submission.values, field.id));
    if (found) faults[formFieldId(field)] = found;
  }
  return faults;
}
