/**
 * Any state that the rules know and many that they would never allow: people, applications, forms, lines with every history, with hostile words in
 * every place and as many people, fields, entitlements and lines as a large company has. What cards are drawn from, in short.
 */
import fc from "fast-check";
import type { AccountType, Application, Entitlement, FieldType, FormField, Policy, Risk, Step } from "../../src/domain/catalogue.ts";
import type { AttributeRow, Because, FormValue, Line, Order, Outcome, Task, TaskKind, Vote } from "../../src/domain/line.ts";
import type { PersonId } from "../../src/domain/people.ts";
import type { Ahead } from "../../src/domain/steps-ahead.ts";
import type { Until } from "../../src/domain/until.ts";
import type { AskView, Directory, HeldAccess, HomeView, Page, RequestView, Sibling, StatusView, TaskView } from "../../src/domain/views.ts";
import { longWords, words } from "./hostile-words.ts";

/** How many people there are; groups take the first so many of them. */
const PEOPLE = 500;
const ids = Array.from({ length: PEOPLE }, (_, index) => `p${index}`);
const GROUPS = ["approvers", "hands", "<!channel>"];

const some = <const T>(...of: readonly T[]) => fc.constantFrom(...of);
const personId: fc.Arbitrary<PersonId> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...ids.slice(0, 8)) },
  { weight: 1, arbitrary: words },
);
/** Few, seldom very many. */
const list = <T>(of: fc.Arbitrary<T>, few: number, many: number, minLength = 0) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.array(of, { minLength, maxLength: few, size: "max" }) },
    { weight: 1, arbitrary: fc.array(of, { minLength: Math.floor(many / 2), maxLength: many, size: "max" }) },
  );
/** Few drawn, repeated to many: as large, and cheap to draw. */
const crowd = <T>(of: fc.Arbitrary<T>, many: number) =>
  fc.tuple(fc.array(of, { minLength: 1, maxLength: 5 }), fc.nat(many)).map(([drawn, count]) => {
    return Array.from({ length: count }, (_, index) => drawn[index % drawn.length] as T);
  });
const at = fc.date({ min: new Date("2020-01-01"), max: new Date("2035-01-01"), noInvalidDate: true });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of);

export const directory: fc.Arbitrary<Directory> = fc
  .tuple(
    fc.array(fc.record({ name: words, title: words, department: words, email: words }), { minLength: 1, maxLength: 6 }),
    fc.array(words, { minLength: 1, maxLength: 3 }),
  )
  .map(([named, groups]) => ({
    people: Object.fromEntries(ids.map((id, index) => [id, named[index % named.length]!])),
    groups: Object.fromEntries(GROUPS.map((id, index) => [id, groups[index % groups.length]!])),
  }));

const risk = some<Risk>("low", "medium", "high");
const accountType = some<AccountType>("standard", "privileged", "shared", "service");
const days = fc.integer({ min: 0, max: 4_000 }).map((many) => ({ kind: "elapsed" as const, seconds: many * 86_400 }));

export const entitlement: fc.Arbitrary<Entitlement> = fc.record({
  id: words,
  name: words,
  description: words,
  policy: maybe(words),
  risk,
  accountType: maybe(accountType),
  maxDuration: maybe(days),
  instructions: maybe(longWords),
});

const fieldType = some<FieldType>("text", "long_text", "choice", "choices", "number", "date", "checkbox");
const formField: fc.Arbitrary<FormField> = fc.record({
  id: fc.oneof(words, fc.uuid()),
  label: words,
  type: fieldType,
  options: fc.oneof({ weight: 9, arbitrary: fc.array(words, { maxLength: 12 }) }, { weight: 1, arbitrary: crowd(words, 300) }),
  required: fc.boolean(),
  hint: maybe(words),
  maxLength: maybe(fc.integer({ min: 1, max: 3_000 })),
});

const numbered = <T extends { readonly id: string }>(items: readonly T[]): readonly T[] =>
  items.map((item, index) => ({ ...item, id: `${item.id}${index}` }));

const application: fc.Arbitrary<Application> = fc.record({
  id: words,
  name: words,
  description: words,
  keywords: fc.constant([]),
  kind: fc.constant("disconnected"),
  businessOwner: personId,
  technicalOwner: personId,
  fulfillers: fc.oneof(
    fc.record({ kind: fc.constant("group" as const), group: some(...GROUPS) }),
    fc.record({ kind: fc.constant("person" as const), person: personId }),
  ),
  policy: words,
  requestableBy: fc.constant(null),
  risk,
  maxDuration: maybe(days),
  serviceLevel: fc.constant({ fulfilWithin: null, visible: "at_approval" as const, leadTime: null, remind: null, escalate: null }),
  form: fc
    .oneof({ weight: 8, arbitrary: fc.array(formField, { maxLength: 6 }) }, { weight: 2, arbitrary: crowd(formField, 200) })
    .map(numbered),
  account: fc.record({ login: words, type: accountType, attributes: fc.constant([]) }),
  instructions: fc.record({ create: longWords, update: longWords }),
  entitlements: fc
    .oneof({ weight: 8, arbitrary: fc.array(entitlement, { maxLength: 5 }) }, { weight: 2, arbitrary: crowd(entitlement, 300) })
    .map(numbered),
  notify: fc.constant(null),
  slackChannel: fc.constant(null),
});

const step: fc.Arbitrary<Step> = fc.record({
  approvers: fc.oneof(
    fc.constant({ kind: "manager" as const }),
    fc.record({ kind: fc.constant("group" as const), group: some(...GROUPS) }),
  ),
  needed: fc.integer({ min: 1, max: 400 }),
  once: fc.boolean(),
});

const policy: fc.Arbitrary<Policy> = fc.record({
  id: words,
  steps: list(step, 4, 30, 1),
  remind: fc.constant(null),
  escalate: fc.constant(null),
  expireAfter: fc.constant(null),
});

const because = some<Because>(
  "manager",
  "manager-of-manager",
  "group",
  "fallback-approver",
  "business-owner",
  "technical-owner",
  "administrator",
  "fulfiller",
  "escalated",
  "reassigned",
);
const members = fc.oneof({ weight: 7, arbitrary: fc.nat(6) }, { weight: 3, arbitrary: fc.nat(PEOPLE) }).map((many) => ids.slice(0, many));
const assignee = fc.oneof(
  fc.record({ kind: fc.constant("person" as const), person: personId, because, since: at }),
  fc.record({ kind: fc.constant("group" as const), group: some(...GROUPS), members, because, since: at }),
);
/** Every single one of hundreds: as an escalation asks, or an administrator who passes it on. */
const everybody = fc
  .tuple(fc.nat(PEOPLE), because, at)
  .map(([many, why, since]) => ids.slice(0, many).map((one) => ({ kind: "person" as const, person: one, because: why, since })));
const vote: fc.Arbitrary<Vote> = fc.record({ by: personId, vote: some("approved", "approved", "rejected"), reason: maybe(longWords), at });

const task: fc.Arbitrary<Task> = fc
  .record({
    id: fc.uuid(),
    kind: some<TaskKind>("approval", "fulfilment", "review"),
    state: some("open", "open", "done", "closed"),
    step: fc.nat(3),
    needed: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 400 })),
    assignees: fc.oneof({ weight: 9, arbitrary: fc.array(assignee, { minLength: 1, maxLength: 4 }) }, { weight: 1, arbitrary: everybody }),
    votes: fc.oneof({ weight: 9, arbitrary: fc.array(vote, { maxLength: 3 }) }, { weight: 1, arbitrary: crowd(vote, PEOPLE) }),
    claimedBy: maybe(personId),
    claimedAt: maybe(at),
    face: fc.nat(9_999),
    openedAt: at,
    clock: fc.record({
      dueAt: maybe(at),
      remindAt: maybe(at),
      reminders: fc.nat(30),
      escalateAt: maybe(at),
      rungs: fc.nat(5),
      expireAt: maybe(at),
      nudgedAt: maybe(at),
    }),
    handed: fc.record({ by: personId, reason: maybe(longWords), at }),
    outcome: maybe(some<Outcome>("approved", "rejected", "executed", "errored", "retried", "cancelled", "withdrawn", "expired")),
    decidedBy: maybe(personId),
    decidedAt: maybe(at),
    reason: maybe(longWords),
  })
  .map((one): Task => ({ ...one, step: one.kind === "approval" ? one.step : null, outcome: one.state === "open" ? null : one.outcome }));

const attribute: fc.Arbitrary<AttributeRow> = fc.record({ name: words, current: maybe(words), proposed: longWords });
const order: fc.Arbitrary<Order> = fc.record({
  id: fc.uuid(),
  operation: some("create", "update"),
  state: some("pending", "transmitted", "executed", "verified", "errored", "cancelled", "inactive", "scheduled", "awaiting-review"),
  accountId: maybe(fc.uuid()),
  login: longWords,
  attributes: list(attribute, 4, 40),
  createdAt: at,
  transmittedAt: maybe(at),
  executedAt: maybe(at),
  error: maybe(longWords),
});

const until: fc.Arbitrary<Until> = fc.oneof(
  fc.record({ kind: fc.constant("days" as const), days: fc.integer({ min: 1, max: 4_000 }) }),
  fc.record({ kind: fc.constant("date" as const), date: at.map((day) => day.toISOString().slice(0, 10)) }),
);

function answered(
  type: FieldType,
  drawn: { readonly text: string; readonly many: readonly string[]; readonly yes: boolean; readonly day: Date },
): FormValue {
  switch (type) {
    case "text":
    case "long_text":
    case "choice":
      return drawn.text;
    case "number":
      return "12.5";
    case "choices":
      return drawn.many;
    case "date":
      return drawn.day.toISOString().slice(0, 10);
    case "checkbox":
      return drawn.yes;
  }
}

const answers = fc.array(fc.record({ text: longWords, many: fc.array(words, { maxLength: 5 }), yes: fc.boolean(), day: at }), {
  minLength: 1,
  maxLength: 5,
});

export const line: fc.Arbitrary<Line> = fc
  .tuple(
    fc.record({
      id: fc.uuid(),
      number: fc.integer({ min: 1, max: 999_999_999 }),
      requestId: fc.uuid(),
      requester: personId,
      beneficiary: personId,
      application,
      entitlement: maybe(entitlement),
      policy,
      justification: longWords,
      until: maybe(until),
      approval: some("draft", "pending", "approved", "rejected", "withdrawn", "expired"),
      step: fc.nat(3),
      submittedAt: at,
      decidedAt: maybe(at),
      closing: maybe(fc.record({ how: some("withdrawn", "cancelled", "expired"), by: maybe(personId), at, reason: maybe(longWords) })),
      version: fc.nat(100),
      tasks: list(task, 3, 40, 1),
      order: maybe(order),
    }),
    answers,
    fc.boolean(),
  )
  .map(([drawn, said, own]): Line => {
    const values = drawn.application.form.map(({ id, type }, index) => [id, answered(type, said[index % said.length]!)] as const);
    return { ...drawn, requester: own ? drawn.beneficiary : drawn.requester, values: Object.fromEntries(values) };
  });

const sibling: fc.Arbitrary<Sibling> = fc.record({ number: fc.nat(999_999), item: words });

/** One copy of the card of one of a line's tasks; somebody's, a stranger's, or a channel's. */
export const taskView: fc.Arbitrary<TaskView> = fc
  .tuple(line, directory, list(sibling, 3, 100), maybe(personId), fc.nat(50))
  .map(([one, names, siblings, viewer, which]) => ({
    line: one,
    task: one.tasks[which % one.tasks.length]!,
    siblings,
    directory: names,
    viewer,
  }));

export const requestView: fc.Arbitrary<RequestView> = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: fc.array(line, { minLength: 1, maxLength: 4 }) }, { weight: 2, arbitrary: crowd(line, 100) }),
    directory,
    maybe(at),
  )
  .map(([drawn, names, end]) => {
    const [first] = drawn;
    const lines = drawn.map((one, index) => ({ ...one, id: `${one.id}${index}`, requester: first!.requester, number: index + 1 }));
    return { requester: first?.requester ?? "p0", lines, directory: names, ends: Object.fromEntries(lines.map(({ id }) => [id, end])) };
  });

export const statusView: fc.Arbitrary<StatusView> = fc
  .tuple(
    requestView.filter(({ lines }) => lines.length > 0),
    personId,
    fc.boolean(),
    at,
  )
  .map(([request, viewer, administrator, now]) => ({ line: request.lines[0]!, request, viewer, administrator, now }));

const page = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<Page<T>> =>
  fc
    .tuple(fc.array(of, { maxLength: 5 }), fc.nat(500), fc.nat(5_000))
    .map(([rows, number, more]) => ({ rows, page: number, size: 5, total: number * 5 + rows.length + more }));

const row = taskView.map((view) => ({ line: view.line, task: view.task }));
const held: fc.Arbitrary<HeldAccess> = fc.record({
  application: words,
  entitlement: maybe(words),
  login: words,
  from: at,
  until: maybe(at),
  state: some("executed", "verified"),
  lineNumber: fc.nat(999_999),
});

export const homeView: fc.Arbitrary<HomeView> = fc.record({
  person: personId,
  directory,
  now: at,
  tasks: page(row),
  requests: page(line),
  access: page(held),
  late: maybe(page(row)),
  last: maybe(fc.record({ did: some("approve", "reject", "claim", "withdraw", "ask"), number: fc.nat(9_999), application: words, at })),
});

const ahead: fc.Arbitrary<Ahead> = fc.record({
  items: fc.array(maybe(words), { minLength: 1, maxLength: 8 }),
  steps: fc.array(
    fc.record({
      step,
      asked: fc.record({
        assignees: fc.array(assignee, { maxLength: 6 }),
        fellBack: maybe(some("none" as const, "own-request" as const, "not-active" as const, "not-reachable" as const, "too-few" as const)),
      }),
      enough: fc.constantFrom(true, true, true, false),
    }),
    { maxLength: 4 },
  ),
  setup: fc.record({
    assignees: fc.array(assignee, { maxLength: 6 }),
    fellBack: maybe(some("none" as const, "not-active" as const)),
  }),
}) as unknown as fc.Arbitrary<Ahead>;

const named = fc.record({ id: words, name: words });
export const askView: fc.Arbitrary<AskView> = fc
  .record({
    words,
    matches: fc.array(named, { maxLength: 7 }),
    near: fc.array(named, { maxLength: 3 }),
    barred: fc.array(fc.record({ name: words, owner: maybe(words) }), { maxLength: 3 }),
    beneficiary: fc.record({
      id: personId,
      name: words,
      email: words,
      title: words,
      department: words,
      self: fc.boolean(),
      active: fc.boolean(),
    }),
    chosen: maybe(
      fc.record({
        application,
        asked: list(fc.record({ entitlement: maybe(words), number: fc.nat(9_999) }), 3, 50),
        login: maybe(words),
        open: fc.boolean(),
        ahead: list(ahead, 2, 20),
        directory,
      }),
    ),
    asksDate: fc.boolean(),
    again: maybe(line),
    picked: fc.nat(300),
  })
  .map(({ picked, chosen, ...view }): AskView => {
    const all = chosen?.application.entitlements.map(({ id }) => id) ?? [];
    return { ...view, entitlements: all.slice(0, picked), chosen: chosen && { ...chosen, held: all.slice(picked, picked + 20) } };
  });

/** What an alert, an answer or a refusal knows: any of its keys, with any words. */
export const about: fc.Arbitrary<Readonly<Record<string, string>>> = fc.dictionary(
  some(
    "number",
    "numbers",
    "by",
    "at",
    "item",
    "entitlement",
    "application",
    "login",
    "user",
    "most",
    "given",
    "needed",
    "name",
    "email",
    "home",
    "to",
    "why",
    "cause",
    "again",
    "outcome",
  ),
  fc.oneof(longWords, fc.constant("2026-05-04T09:30:00Z"), fc.constant("7")),
  { noNullPrototype: true },
);
