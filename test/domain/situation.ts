/** Given / when / then for the rules: a company of plain data, a line filed in it by the rule itself, and acts on it. No database, no mocks. */
import { type Submission, submit } from "../../src/domain/asking.ts";
import type { Candidates } from "../../src/domain/candidates.ts";
import type { Application, Calendar, Entitlement, Policy, Step } from "../../src/domain/catalogue.ts";
import type { Facts, KnownAccount, LineCommand, TaskCommand } from "../../src/domain/commands.ts";
import { decide, decideOnLine } from "../../src/domain/decide.ts";
import type { Duration } from "../../src/domain/duration.ts";
import { evolve, type LineEvent } from "../../src/domain/events.ts";
import { transmit } from "../../src/domain/fulfilling.ts";
import type { Line, Task } from "../../src/domain/line.ts";
import { openTask } from "../../src/domain/line.ts";
import type { People, Person, PersonState } from "../../src/domain/people.ts";
import { isActive } from "../../src/domain/people.ts";
import { reroute } from "../../src/domain/reassigning.ts";
import type { Refusal, Result } from "../../src/domain/refusals.ts";
import { tick } from "../../src/domain/ticking.ts";

/** Monday, 23 November 2026, noon in Berlin. */
export const noon = new Date("2026-11-23T11:00:00Z");

export function person(id: string, more: Partial<Person> = {}): Person {
  return {
    id,
    email: `${id}@acme.example`,
    name: id,
    managerId: null,
    department: "Sales",
    title: "Clerk",
    location: "Berlin",
    timeZone: "Europe/Berlin",
    state: "active",
    calendar: null,
    startDate: null,
    endDate: null,
    attributes: {},
    ...more,
  };
}

export interface Company {
  readonly people: Readonly<Record<string, Person>>;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** The setting `fallback_approvers`; null: left out. */
  readonly fallback: readonly string[] | null;
  readonly administrators: readonly string[];
  /** Whom no card reaches. */
  readonly unreachable?: readonly string[];
  /** The first one is for everybody who names none; left out: berlin. */
  readonly calendars?: readonly Calendar[];
  readonly groupCalendars?: Readonly<Record<string, string | null>>;
}

/** Monday to Friday, nine to five, in Berlin. */
export const berlin: Calendar = {
  id: "berlin",
  timeZone: "Europe/Berlin",
  hours: "Mon-Fri 09:00-17:00",
  openings: [1, 2, 3, 4, 5].map((day) => ({ day, from: 540, until: 1020 })),
  holidays: [],
};

/** Rita asks, Max manages her, Cleo manages Max; Ines, Omar and Uma approve in a group; Lena and Lou do the work; Bo and Tom own the application. */
export const acme: Company = {
  people: Object.fromEntries(
    [
      person("cleo"),
      person("max", { managerId: "cleo" }),
      person("rita", { managerId: "max" }),
      ...["ines", "omar", "uma", "lena", "lou", "bo", "tom", "adam", "stan"].map((id) => person(id, { managerId: "cleo" })),
    ].map((one) => [one.id, one]),
  ),
  groups: { approvers: ["ines", "omar", "uma"], hands: ["lena", "lou"] },
  fallback: null,
  administrators: ["adam"],
};

/** The same company with some people in another state: `but(acme, { max: "leave" })`. */
export function but(company: Company, states: Readonly<Record<string, PersonState>>): Company {
  const changed = Object.entries(states).map(([id, state]) => [id, { ...(company.people[id] ?? person(id)), state }]);
  return { ...company, people: { ...company.people, ...Object.fromEntries(changed) } };
}

export function entitlement(id: string, more: Partial<Entitlement> = {}): Entitlement {
  return {
    id,
    name: `The ${id}`,
    description: "",
    policy: null,
    risk: "low",
    accountType: null,
    maxDuration: null,
    instructions: null,
    ...more,
  };
}

export function application(more: Partial<Application> = {}): Application {
  return {
    id: "crm",
    name: "CRM",
    description: "Customers",
    keywords: [],
    kind: "disconnected",
    businessOwner: "bo",
    technicalOwner: "tom",
    fulfillers: { kind: "group", group: "hands" },
    policy: "standard",
    requestableBy: null,
    risk: "low",
    maxDuration: null,
    serviceLevel: { fulfilWithin: null, visible: "at_approval", leadTime: null, remind: null, escalate: null },
    form: [],
    account: { login: "{{ person.email }}", type: "standard", attributes: [{ name: "Profile", value: "Standard" }] },
    instructions: { create: "", update: "" },
    entitlements: [entitlement("reports"), entitlement("admin")],
    notify: null,
    slackChannel: null,
    ...more,
  };
}

export const byManager: Step = { approvers: { kind: "manager" }, needed: 1, once: false };

export function byGroup(needed = 1, group = "approvers"): Step {
  return { approvers: { kind: "group", group }, needed, once: false };
}

export function policy(...steps: readonly Step[]): Policy {
  return { id: "standard", steps, remind: null, escalate: null, expireAfter: null };
}

/** Reminded after a working day and then every working day, at most twice; after three others are turned to; after fourteen days it expires. */
export function clocked(more: Partial<Policy> = {}): Policy {
  return {
    ...policy(byManager),
    remind: { after: days(1), every: days(1), grow: 1, atMost: 2 },
    escalate: { after: days(3), to: [{ kind: "manager" }, { kind: "administrators" }] },
    expireAfter: { kind: "elapsed", seconds: 14 * 86_400 },
    ...more,
  };
}

export function days(count: number): Duration {
  return { kind: "working-days", days: count };
}

export function toPerson(id: string): People {
  return { kind: "person", person: id };
}

/** What loading finds: the people as they are today, whoever of them is active or not. */
export function candidatesOf(company: Company, application: Application, beneficiary: string): Candidates {
  const found = (id: string | null | undefined) => (id ? (company.people[id] ?? null) : null);
  const all = (ids: readonly string[]) => ids.flatMap((id) => found(id) ?? []);
  const managers: Person[] = [];
  for (let next = found(found(beneficiary)?.managerId); next && managers.length < 3; next = found(next.managerId)) managers.push(next);
  return {
    managers,
    groups: Object.fromEntries(Object.entries(company.groups).map(([id, members]) => [id, all(members)])),
    businessOwner: found(application.businessOwner),
    technicalOwner: found(application.technicalOwner),
    fulfiller: application.fulfillers.kind === "person" ? found(application.fulfillers.person) : null,
    fallback: company.fallback ? all(company.fallback) : null,
    administrators: all(company.administrators),
    named: company.people,
    managerOf: Object.fromEntries(
      Object.values(company.people).flatMap(({ id, managerId }) => all(managerId ? [managerId] : []).map((one) => [id, one])),
    ),
    unreachable: company.unreachable ?? [],
    calendars: company.calendars ?? [berlin],
    groupCalendars: company.groupCalendars ?? {},
  };
}

export interface Ask {
  readonly company?: Company;
  readonly application?: Application;
  readonly steps?: readonly Step[];
  readonly policies?: Readonly<Record<string, Policy>>;
  readonly requester?: string;
  readonly beneficiary?: string;
  readonly submission?: Partial<Submission>;
  readonly held?: readonly (string | null)[];
  readonly asked?: readonly { readonly entitlement: string | null; readonly number: number }[];
  /** Lines that the requester has open already. */
  readonly open?: number;
  readonly at?: Date;
}

const asking: Submission = { entitlements: [], justification: "I sell things", until: null, values: {} };

/** Files a request by the rule itself. */
export function ask(it: Ask = {}) {
  const company = it.company ?? acme;
  const wanted = it.application ?? application();
  const beneficiary = it.beneficiary ?? it.requester ?? "rita";
  let ids = 0;
  const filed = submit(
    "request",
    { ...asking, ...it.submission },
    {
      now: it.at ?? noon,
      actor: found(company, it.requester ?? beneficiary),
      beneficiary: found(company, beneficiary),
      application: wanted,
      policies: { standard: policy(...(it.steps ?? [byManager])), ...it.policies },
      standing: { held: it.held ?? [], asked: it.asked ?? [] },
      open: it.open ?? 0,
      candidates: candidatesOf(company, wanted, beneficiary),
      numbers: Array.from({ length: 60 }, (_, index) => 101 + index),
      newId: () => `filed-${++ids}`,
    },
  );
  return filed;
}

function found(company: Company, id: string): Person {
  const person = company.people[id];
  if (!person) throw new Error(`nobody is called ${id}`);
  return person;
}

export interface Situation {
  readonly company: Company;
  readonly line: Line;
  readonly now: Date;
  /** Everything that happened, the filing included. */
  readonly history: readonly LineEvent[];
  /** What the last act brought. */
  readonly last: readonly LineEvent[];
  /** Accounts that Latchkey knows on the application, whoever owns them. */
  readonly accounts: readonly KnownAccount[];
  readonly accountOnItsWay: boolean;
}

/** A line that was just filed, waiting for its first approval. */
export function given(it: Ask = {}): Situation {
  const filed = ask(it);
  if (!filed.ok) throw new Error(`not filed: ${JSON.stringify(filed.refusal)}`);
  const [first] = filed.value;
  if (!first) throw new Error("nothing was filed");
  const { line, events } = first;
  return {
    company: it.company ?? acme,
    line,
    now: it.at ?? noon,
    history: events,
    last: events,
    accounts: [],
    accountOnItsWay: false,
  };
}

/** `task` left out: the open one, else the latest; `face` left out: as the card shows it now. */
export interface Aiming {
  readonly task?: string;
  readonly face?: number | null;
}

/** What the rule says to an act: events or a refusal. */
export function when(it: Situation, actor: string, command: TaskCommand, aim: Aiming = {}): Result<readonly LineEvent[]> {
  const line = asLoaded(it);
  const task = openTask(line) ?? line.tasks.at(-1);
  const face = aim.face === undefined ? (task?.face ?? null) : aim.face;
  return decide(
    line,
    { task: aim.task ?? task?.id ?? "", face },
    command,
    factsOf(it, line, actor, command.verb === "confirm" ? command.login : null),
  );
}

/** The same for an act on the line as a whole. */
export function whenOnLine(it: Situation, actor: string, command: LineCommand): Result<readonly LineEvent[]> {
  const line = asLoaded(it);
  return decideOnLine(line, command, factsOf(it, line, actor, null));
}

export function afterOnLine(it: Situation, actor: string, command: LineCommand): Situation {
  const done = whenOnLine(it, actor, command);
  if (!done.ok) throw new Error(`${actor} may not ${command.verb}: ${done.refusal.name}`);
  return happens(it, done.value);
}

/** What time alone does to the line by now, one thing at a time, until nothing is due. */
export function ticked(it: Situation): Situation {
  const line = asLoaded(it);
  const events = tick(line, { candidates: candidatesOf(it.company, line.application, line.beneficiary), now: it.now });
  return events.length === 0 ? it : ticked(happens(it, events));
}

/** The line among people who changed. */
export function rerouted(it: Situation): Situation {
  const line = asLoaded(it);
  return happens(it, reroute(line, { candidates: candidatesOf(it.company, line.application, line.beneficiary), now: it.now }));
}

export function at(it: Situation, now: string): Situation {
  return { ...it, now: new Date(now) };
}

function factsOf(it: Situation, line: Line, actor: string, confirmed: string | null): Facts {
  const login = confirmed?.trim().toLowerCase() ?? null;
  return {
    now: it.now,
    actor: found(it.company, actor),
    beneficiary: found(it.company, line.beneficiary),
    candidates: candidatesOf(it.company, line.application, line.beneficiary),
    accounts: it.accounts.filter(({ owner }) => owner === line.beneficiary),
    accountOnItsWay: it.accountOnItsWay,
    ownerOfLogin: it.accounts.find((account) => account.login.toLowerCase() === login) ?? null,
    filledIn: { login: `${line.beneficiary}@acme.example`, attributes: [{ name: "Profile", value: "Standard" }] },
    newId: idsAfter(it),
  };
}

/** The situation after an act that is allowed; throws when it is refused. */
export function after(it: Situation, actor: string, command: TaskCommand, aim: Aiming = {}): Situation {
  const done = when(it, actor, command, aim);
  if (!done.ok) throw new Error(`${actor} may not ${command.verb}: ${done.refusal.name}`);
  return happens(it, done.value);
}

export function transmitted(it: Situation): Situation {
  const line = asLoaded(it);
  const candidates = candidatesOf(it.company, line.application, line.beneficiary);
  return happens(it, transmit(line, { candidates, now: it.now, newId: idsAfter(it) }));
}

export function happens(it: Situation, events: readonly LineEvent[]): Situation {
  const line = events.reduce((now, event) => evolve(now, event, it.now), asLoaded(it));
  return { ...it, line, last: events, history: [...it.history, ...events] };
}

export function later(it: Situation, ms: number): Situation {
  return { ...it, now: new Date(it.now.getTime() + ms) };
}

/** As the database gives the line back: a group's members are today's active ones. */
export function asLoaded({ line, company }: Pick<Situation, "line" | "company">): Line {
  const active = (id: string) => {
    const one = company.people[id];
    return one !== undefined && isActive(one);
  };
  const live = (task: Task): Task => ({
    ...task,
    assignees: task.assignees.map((one) =>
      one.kind === "group" ? { ...one, members: (company.groups[one.group] ?? []).filter(active) } : one,
    ),
  });
  return { ...line, tasks: line.tasks.map(live) };
}

let acts = 0;
function idsAfter(it: Situation): () => string {
  const act = `${it.history.length}.${++acts}`;
  let ids = 0;
  return () => `id-${act}-${++ids}`;
}

export function refused(name: Refusal["name"], about: Readonly<Record<string, string>> = {}) {
  return { ok: false, refusal: { name, about } };
}

export const yes: TaskCommand = { verb: "approve", comment: null };
export const no: TaskCommand = { verb: "reject", reason: "Not this quarter" };
export const claim: TaskCommand = { verb: "claim" };
export const release: TaskCommand = { verb: "release", reason: null };
export const done: TaskCommand = { verb: "confirm", login: "rita@acme.example" };
export const failed: TaskCommand = { verb: "report-error", reason: "No licence left" };
export const retry: TaskCommand = { verb: "retry" };
export const giveUp: TaskCommand = { verb: "cancel-order", reason: "We stop using it" };

/** Approved by Max and put before the fulfillers. */
export function toBeDone(it: Ask = {}): Situation {
  return transmitted(after(given(it), "max", yes));
}
