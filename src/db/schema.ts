/**
 * The tables. What a column means stands in design words (README, ARCHITECTURE.md); what guards it stands here or, where
 * drizzle can't say it (triggers, functions), in migrations/0001_guards.sql.
 */
import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  interval,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Compared byte by byte, in every locale: ranges of such a column are beginnings of words. */
const collated = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

export const person = pgTable(
  "person",
  {
    id: text("id").primaryKey(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    managerId: text("manager_id"),
    department: text("department").notNull(),
    title: text("title").notNull(),
    location: text("location").notNull(),
    timeZone: text("time_zone").notNull(),
    calendar: text("calendar"),
    state: text("state", { enum: ["future", "active", "leave", "left"] }).notNull(),
    startDate: date("start_date"),
    endDate: date("end_date"),
    attributes: jsonb("attributes").notNull().default({}),
  },
  (t) => [
    uniqueIndex("person_email").on(sql`lower(${t.email})`),
    index("person_manager").on(t.managerId),
    check("person_state", sql`${t.state} in ('future', 'active', 'leave', 'left')`),
  ],
);

/** A login on one platform; the pair of home (Slack team, Entra tenant) and user id belongs to one person, for good. */
export const chatAccount = pgTable(
  "chat_account",
  {
    id: uuid("id").primaryKey(),
    platform: text("platform", { enum: ["slack", "teams"] }).notNull(),
    home: text("home").notNull(),
    user: text("user").notNull(),
    personId: text("person_id")
      .notNull()
      .references(() => person.id),
    /** Why it is believed: the e-mail of a trusted directory, people.csv, or an administrator. */
    because: text("because", { enum: ["trusted-email", "people.csv", "administrator"] }).notNull(),
    linkedAt: at("linked_at").notNull(),
    /** Set once the person has opened the home page, so that it is redrawn after a change. */
    homeOpenedAt: at("home_opened_at"),
    /** When the directory called the login a full member; null: only a file says whose it is, and the directory is asked at the first use. */
    provedAt: at("proved_at"),
  },
  (t) => [unique("chat_account_login").on(t.platform, t.home, t.user), index("chat_account_person").on(t.personId)],
);

export const group = pgTable("group", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  calendar: text("calendar"),
  slackChannel: text("slack_channel"),
  notify: text("notify", { enum: ["channel", "direct", "both"] }),
});

export const member = pgTable(
  "member",
  {
    groupId: text("group_id")
      .notNull()
      .references(() => group.id, { onDelete: "cascade" }),
    personId: text("person_id")
      .notNull()
      .references(() => person.id),
  },
  (t) => [primaryKey({ columns: [t.groupId, t.personId] }), index("member_person").on(t.personId)],
);

/** Every applied version of the configuration. */
export const configuration = pgTable("configuration", {
  version: integer("version").primaryKey(),
  digest: text("digest").notNull(),
  /** Of the files' bytes and of what read them last, so that the same needn't be read again. */
  bytesDigest: text("bytes_digest"),
  settings: jsonb("settings").notNull(),
  appliedAt: at("applied_at").notNull(),
  appliedBy: text("applied_by").notNull(),
});

/** One thing of the configuration as it stood from one version until another: a line refers to the row it was filed under. */
export const definition = pgTable(
  "definition",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: ["application", "policy", "group", "calendar", "later"] }).notNull(),
    key: text("key").notNull(),
    digest: text("digest").notNull(),
    content: jsonb("content").notNull(),
    since: integer("since").notNull(),
    until: integer("until"),
  },
  (t) => [uniqueIndex("definition_current").on(t.kind, t.key).where(sql`${t.until} is null`)],
);

/** The applications of the current version: what the type-ahead searches. */
export const application = pgTable("application", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** Name, keywords, entitlements and description in lower case, one line each; the name is the first. */
  search: text("search").notNull(),
  /** The definition's, written by a trigger. */
  description: text("description").notNull().default(""),
  /** The name as searching compares it, a line end, then every word there is, each behind a space. */
  words: text("words").generatedAlwaysAs(sql`application_letters(search)`),
  definitionId: bigint("definition_id", { mode: "number" })
    .notNull()
    .references(() => definition.id),
});

/** Who may ask, as applications say it: each different `requestable_by` once. */
export const audience = pgTable("audience", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  digest: text("digest").notNull().unique("audience_once"),
  rule: jsonb("rule").notNull(),
});

/**
 * What applications are found by, written by triggers of the table `application`: `text` is in small letters without accents, from where something
 * typed may begin, at most 64 characters. Ranks: 1 the name, 2 the name from a later word on, 3 from anywhere else, 5 another line, 6 a word of one.
 */
export const applicationWord = pgTable(
  "application_word",
  {
    applicationId: text("application_id").notNull(),
    rank: smallint("rank").notNull(),
    text: collated("text").notNull(),
    /** 0: everybody may ask. */
    audience: integer("audience").notNull(),
  },
  (t) => [index("application_word_ranked").on(t.rank, t.text, t.applicationId, t.audience)],
);

/** What active people are found by, written by triggers of the table `person`. Ranks: 1 the name, 2 a word of it, 3 the e-mail address, a word before its @, or one of the department. */
export const personWord = pgTable(
  "person_word",
  { personId: text("person_id").notNull(), rank: smallint("rank").notNull(), text: collated("text").notNull() },
  (t) => [index("person_word_ranked").on(t.rank, t.text, t.personId)],
);

/** Each word of the catalogue under what is left of its first six letters without one of them: near words are found there. */
export const spelling = pgTable("spelling", { rest: collated("rest").notNull(), word: collated("word").notNull() }, (t) => [
  primaryKey({ columns: [t.rest, t.word] }),
]);

export const request = pgTable(
  "request",
  {
    id: uuid("id").primaryKey(),
    requesterId: text("requester_id")
      .notNull()
      .references(() => person.id),
    submittedAt: at("submitted_at").notNull(),
    configurationVersion: integer("configuration_version")
      .notNull()
      .references(() => configuration.version),
  },
  (t) => [unique("request_and_requester").on(t.id, t.requesterId), index("request_requester").on(t.requesterId, t.submittedAt)],
);

export const lineNumber = pgSequence("line_number");

export const line = pgTable(
  "line",
  {
    id: uuid("id").primaryKey(),
    number: bigint("number", { mode: "number" }).notNull().unique("line_number_once"),
    requestId: uuid("request_id").notNull(),
    requesterId: text("requester_id").notNull(),
    beneficiaryId: text("beneficiary_id")
      .notNull()
      .references(() => person.id),
    applicationId: text("application_id").notNull(),
    entitlementId: text("entitlement_id"),
    applicationDefinition: bigint("application_definition", { mode: "number" })
      .notNull()
      .references(() => definition.id),
    policyDefinition: bigint("policy_definition", { mode: "number" })
      .notNull()
      .references(() => definition.id),
    justification: text("justification").notNull(),
    values: jsonb("values").notNull(),
    until: jsonb("until"),
    approval: text("approval", { enum: ["draft", "pending", "approved", "rejected", "withdrawn", "expired"] }).notNull(),
    step: integer("step").notNull(),
    /** Derived by the rules on every change, for the unique index below. */
    open: boolean("open").notNull(),
    submittedAt: at("submitted_at").notNull(),
    decidedAt: at("decided_at"),
    /** How it ended without being decided or carried out: how, by, at, reason. */
    closing: jsonb("closing"),
    version: integer("version").notNull(),
  },
  (t) => [
    foreignKey({ name: "line_request", columns: [t.requestId, t.requesterId], foreignColumns: [request.id, request.requesterId] }),
    unique("line_and_parties").on(t.id, t.requesterId, t.beneficiaryId),
    uniqueIndex("line_open_once").on(t.beneficiaryId, t.applicationId, sql`coalesce(${t.entitlementId}, '')`).where(sql`${t.open}`),
    index("line_request_lines").on(t.requestId),
    index("line_beneficiary").on(t.beneficiaryId, t.applicationId),
    index("line_requester").on(t.requesterId, t.submittedAt),
    index("line_requester_open").on(t.requesterId).where(sql`${t.open}`),
    check("line_approval", sql`${t.approval} in ('draft', 'pending', 'approved', 'rejected', 'withdrawn', 'expired')`),
  ],
);

export const task = pgTable(
  "task",
  {
    id: uuid("id").primaryKey(),
    lineId: uuid("line_id")
      .notNull()
      .references(() => line.id),
    kind: text("kind", { enum: ["approval", "fulfilment", "review"] }).notNull(),
    state: text("state", { enum: ["open", "done", "closed"] }).notNull(),
    step: integer("step"),
    needed: integer("needed").notNull(),
    claimedBy: text("claimed_by").references(() => person.id),
    claimedAt: at("claimed_at"),
    /** What buttons carry; rises when assignees, claim or content change, not with a vote. */
    face: integer("face").notNull(),
    openedAt: at("opened_at").notNull(),
    /** Its clocks: when it is late, and when the next reminder, rung and the end come by themselves. */
    dueAt: at("due_at"),
    remindAt: at("remind_at"),
    reminders: integer("reminders").notNull().default(0),
    escalateAt: at("escalate_at"),
    rungs: integer("rungs").notNull().default(0),
    expireAt: at("expire_at"),
    nudgedAt: at("nudged_at"),
    outcome: text("outcome"),
    decidedBy: text("decided_by").references(() => person.id),
    decidedAt: at("decided_at"),
    reason: text("reason"),
    /** The decider of an approval, who must have voted so: and a vote can't be the requester's or the beneficiary's. */
    approverId: text("approver_id"),
  },
  (t) => [
    index("task_line").on(t.lineId),
    index("task_open").on(t.openedAt).where(sql`${t.state} = 'open'`),
    // What the tick looks through: however much is closed or not yet due, it reads what is due.
    index("task_clock").on(sql`least(${t.remindAt}, ${t.escalateAt}, ${t.expireAt})`).where(sql`${t.state} = 'open'`),
    uniqueIndex("task_open_once").on(t.lineId).where(sql`${t.state} = 'open'`),
    check("task_state", sql`${t.state} in ('open', 'done', 'closed')`),
    check(
      "task_decided",
      sql`(${t.state} = 'done') = (${t.outcome} is not null and ${t.decidedBy} is not null and ${t.decidedAt} is not null)`,
    ),
    check("task_approver", sql`${t.kind} <> 'approval' or ${t.state} <> 'done' or ${t.approverId} is not distinct from ${t.decidedBy}`),
    unique("task_and_line").on(t.id, t.lineId),
    foreignKey({
      name: "task_approver_voted",
      columns: [t.id, t.approverId, t.outcome],
      foreignColumns: [vote.taskId, vote.personId, vote.vote],
    }),
  ],
);

export const taskAssignee = pgTable(
  "task_assignee",
  {
    taskId: uuid("task_id")
      .notNull()
      .references(() => task.id),
    position: integer("position").notNull(),
    personId: text("person_id").references(() => person.id),
    groupId: text("group_id"),
    because: text("because").notNull(),
    /** From when on they have been asked; null: since the task was opened. */
    since: at("since"),
  },
  (t) => [
    primaryKey({ columns: [t.taskId, t.position] }),
    index("task_assignee_person").on(t.personId).where(sql`${t.personId} is not null`),
    index("task_assignee_group").on(t.groupId).where(sql`${t.groupId} is not null`),
    check("task_assignee_one", sql`(${t.personId} is null) <> (${t.groupId} is null)`),
  ],
);

/** Tasks and votes refer to each other; the written type lets the compiler work out both. */
function taskKey(): [AnyPgColumn, AnyPgColumn] {
  return [task.id, task.lineId];
}

/** One person's voice on one approval. That nobody approves what they asked for or will receive is refused here, whatever the code above thinks. */
export const vote = pgTable(
  "vote",
  {
    taskId: uuid("task_id").notNull(),
    personId: text("person_id")
      .notNull()
      .references(() => person.id),
    lineId: uuid("line_id").notNull(),
    requesterId: text("requester_id").notNull(),
    beneficiaryId: text("beneficiary_id").notNull(),
    vote: text("vote", { enum: ["approved", "rejected"] }).notNull(),
    reason: text("reason"),
    at: at("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.taskId, t.personId] }),
    unique("vote_and_word").on(t.taskId, t.personId, t.vote),
    // The task's own line, so that nobody votes as a stranger to some other line.
    foreignKey({ name: "vote_task", columns: [t.taskId, t.lineId], foreignColumns: taskKey() }),
    foreignKey({
      name: "vote_parties",
      columns: [t.lineId, t.requesterId, t.beneficiaryId],
      foreignColumns: [line.id, line.requesterId, line.beneficiaryId],
    }),
    check("vote_not_own_request", sql`${t.personId} <> ${t.requesterId} and ${t.personId} <> ${t.beneficiaryId}`),
    check("vote_vote", sql`${t.vote} in ('approved', 'rejected')`),
  ],
);

export const account = pgTable(
  "account",
  {
    id: uuid("id").primaryKey(),
    applicationId: text("application_id").notNull(),
    login: text("login").notNull(),
    personId: text("person_id")
      .notNull()
      .references(() => person.id),
    attributes: jsonb("attributes").notNull(),
    state: text("state", { enum: ["active", "removed"] }).notNull(),
    createdAt: at("created_at").notNull(),
  },
  (t) => [
    uniqueIndex("account_login").on(t.applicationId, sql`lower(${t.login})`).where(sql`${t.state} = 'active'`),
    index("account_person").on(t.personId, t.applicationId),
  ],
);

export const order = pgTable(
  "order",
  {
    id: uuid("id").primaryKey(),
    lineId: uuid("line_id")
      .notNull()
      .references(() => line.id)
      .unique("order_line"),
    operation: text("operation", { enum: ["create", "update"] }).notNull(),
    state: text("state", {
      enum: ["awaiting-review", "scheduled", "pending", "transmitted", "executed", "verified", "errored", "inactive", "cancelled"],
    }).notNull(),
    accountId: uuid("account_id").references(() => account.id),
    login: text("login").notNull(),
    attributes: jsonb("attributes").notNull(),
    createdAt: at("created_at").notNull(),
    transmittedAt: at("transmitted_at"),
    executedAt: at("executed_at"),
    error: text("error"),
  },
  (t) => [
    check(
      "order_state",
      sql`${t.state} in ('awaiting-review', 'scheduled', 'pending', 'transmitted', 'executed', 'verified', 'errored', 'inactive', 'cancelled')`,
    ),
  ],
);

export const assignment = pgTable(
  "assignment",
  {
    id: uuid("id").primaryKey(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => account.id),
    personId: text("person_id")
      .notNull()
      .references(() => person.id),
    applicationId: text("application_id").notNull(),
    entitlementId: text("entitlement_id"),
    lineId: uuid("line_id")
      .notNull()
      .references(() => line.id),
    state: text("state", { enum: ["active", "ending", "ended"] }).notNull(),
    fromAt: at("from_at").notNull(),
    untilAt: at("until_at"),
    endedAt: at("ended_at"),
  },
  (t) => [
    uniqueIndex("assignment_held_once").on(t.accountId, sql`coalesce(${t.entitlementId}, '')`).where(sql`${t.state} <> 'ended'`),
    index("assignment_person").on(t.personId, t.applicationId),
    index("assignment_line").on(t.lineId),
  ],
);

/** Append-only, by the rights of the run-time role and by trigger. `seq` has gaps and is no position. */
export const event = pgTable(
  "event",
  {
    seq: bigint("seq", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: at("at").notNull(),
    kind: text("kind").notNull(),
    actorId: text("actor_id"),
    onBehalfOf: text("on_behalf_of"),
    requestId: uuid("request_id"),
    lineId: uuid("line_id"),
    taskId: uuid("task_id"),
    orderId: uuid("order_id"),
    /** Which life moved, from where to where; all null when nothing moved. */
    life: text("life", { enum: ["approval", "provisioning", "task", "holding"] }),
    fromState: text("from_state"),
    toState: text("to_state"),
    data: jsonb("data").notNull(),
    /** The card on which it was done: platform, conversation, message. */
    seen: jsonb("seen"),
  },
  (t) => [
    index("event_line").on(t.lineId, t.seq),
    index("event_denied").on(t.actorId, t.at).where(sql`${t.kind} = 'refused'`),
    index("event_unlinked").on(sql`(${t.data}->>'home')`, sql`(${t.data}->>'user')`).where(sql`${t.kind} = 'account-unlinked'`),
  ],
);

/** What must happen outside: written with the change, carried out after it. */
export const effect = pgTable(
  "effect",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: ["show", "tell", "remark", "alert", "transmit", "reroute", "home"] }).notNull(),
    /** The lower, the sooner. */
    priority: integer("priority").notNull(),
    /** Effects with the same subject do the same thing: one of them is enough. */
    subject: text("subject").notNull(),
    body: jsonb("body").notNull(),
    state: text("state", { enum: ["due", "done", "dead"] })
      .notNull()
      .default("due"),
    runAt: at("run_at").notNull(),
    attempts: integer("attempts").notNull().default(0),
    leasedUntil: at("leased_until"),
    /** Names the take: whoever was overtaken while it stalled no longer has it. */
    lease: uuid("lease"),
    why: text("why"),
    doneAt: at("done_at"),
  },
  (t) => [
    index("effect_ready").on(t.priority, sql`coalesce(${t.leasedUntil}, ${t.runAt})`).where(sql`${t.state} = 'due'`),
    index("effect_dead").on(t.kind).where(sql`${t.state} = 'dead'`),
    index("effect_subject").on(t.subject).where(sql`${t.state} = 'due'`),
    index("effect_done").on(t.doneAt).where(sql`${t.state} = 'done'`),
  ],
);

/** Whom no card reaches on a platform, and why: they aren't asked while others can be. Gone as soon as a card arrives or they act. */
export const unreachable = pgTable(
  "unreachable",
  {
    personId: text("person_id")
      .notNull()
      .references(() => person.id),
    platform: text("platform", { enum: ["slack", "teams"] }).notNull(),
    why: text("why").notNull(),
    since: at("since").notNull(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.platform] })],
);

/** Where every copy of every card stands, so that it can be redrawn. */
export const message = pgTable(
  "message",
  {
    id: uuid("id").primaryKey(),
    /** `task:<id>`, `request:<id>`, `digest:<id>`, or for a notice the effect that sent it. */
    subject: text("subject").notNull(),
    platform: text("platform", { enum: ["slack", "teams"] }).notNull(),
    home: text("home").notNull(),
    /** `person:<id>` or `channel:<name or id>`. */
    place: text("place").notNull(),
    conversation: text("conversation"),
    message: text("message"),
    /** Hash of the card as it was drawn last. */
    drawn: text("drawn"),
    /** `listed`: a row of the digest `digest`, with no message of its own. */
    state: text("state", { enum: ["posting", "posted", "lost", "listed"] }).notNull(),
    /** The digest `digest:<id>` on which the task stands at that place. */
    digest: uuid("digest"),
    why: text("why"),
    leasedUntil: at("leased_until"),
    lease: uuid("lease"),
    postedAt: at("posted_at"),
  },
  (t) => [
    unique("message_place").on(t.subject, t.platform, t.home, t.place),
    index("message_digest").on(t.digest).where(sql`${t.digest} is not null`),
  ],
);

/** How many messages about new tasks a place still takes (`domain/digest.ts`), and the digest that was opened there last. */
export const allowance = pgTable(
  "allowance",
  {
    platform: text("platform", { enum: ["slack", "teams"] }).notNull(),
    home: text("home").notNull(),
    /** `person:<id>` or `channel:<name or id>`. */
    place: text("place").notNull(),
    /** When all of it is there again. */
    fullAt: at("full_at").notNull(),
    digest: uuid("digest"),
    openedAt: at("opened_at"),
  },
  (t) => [primaryKey({ columns: [t.platform, t.home, t.place] })],
);

/** Commands that were taken, with their answers: the same key gives the same answer. Kept 30 days. */
export const inbound = pgTable(
  "inbound",
  {
    key: text("key").primaryKey(),
    fingerprint: text("fingerprint").notNull(),
    answer: jsonb("answer").notNull(),
    at: at("at").notNull(),
  },
  (t) => [index("inbound_at").on(t.at)],
);

/** Pages of request forms that are longer than one window, until the whole is sent; kept for a day. A view is the platform's id of a window. */
export const unsentForm = pgTable(
  "unsent_form",
  {
    platform: text("platform", { enum: ["slack", "teams"] }).notNull(),
    home: text("home").notNull(),
    view: text("view").notNull(),
    personId: text("person_id")
      .notNull()
      .references(() => person.id),
    applicationId: text("application_id").notNull(),
    /** By field id. */
    answers: jsonb("answers").notNull(),
    at: at("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.platform, t.home, t.view, t.personId] }),
    index("unsent_form_at").on(t.at),
    index("unsent_form_person").on(t.personId),
  ],
);

/** How far `app_now()` runs ahead of the database's clock; only a playground may move it. */
export const clock = pgTable("clock", { one: boolean("one").primaryKey().default(true), ahead: interval("ahead").notNull() }, (t) => [
  check("clock_one", sql`${t.one}`),
]);
