/** Rows -> domain, in one place each. Rows come as `to_jsonb` prints them: SQL names, instants as ISO text. */
import type { Application, Entitlement, Policy, ServiceLevel, Settings, Step } from "../domain/catalogue.ts";
import type { Assignee, Because, Line, Order, Task, Vote } from "../domain/line.ts";
import { liveClaim } from "../domain/line.ts";
import type { Person, PersonState } from "../domain/people.ts";

// biome-ignore lint/suspicious/noExplicitAny: what to_jsonb prints has no type of its own; this file gives it one
export type Json = any;

export function personOf(row: Json): Person {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    managerId: row.manager_id,
    department: row.department,
    title: row.title,
    location: row.location,
    timeZone: row.time_zone,
    state: row.state as PersonState,
    calendar: row.calendar,
    startDate: row.start_date,
    endDate: row.end_date,
    attributes: row.attributes,
  };
}

/** `row.application` holds only the line's own entitlement, so that a large catalogue isn't read at every click. */
export function lineOf(row: Json): Line {
  const line = row.line;
  const application = applicationOf(row.application);
  const entitlement = application.entitlements.find((one: Entitlement) => one.id === line.entitlement_id) ?? null;
  const read: Line = {
    id: line.id,
    number: Number(line.number),
    requestId: line.request_id,
    requester: line.requester_id,
    beneficiary: line.beneficiary_id,
    application,
    entitlement,
    policy: policyOf(row.policy),
    justification: line.justification,
    values: line.values,
    until: line.until,
    approval: line.approval,
    step: line.step,
    submittedAt: new Date(line.submitted_at),
    decidedAt: instant(line.decided_at),
    closing: line.closing ? { ...line.closing, at: new Date(line.closing.at) } : null,
    version: line.version,
    tasks: (row.tasks ?? []).map(taskOf),
    order: row.order ? orderOf(row.order) : null,
  };
  return { ...read, tasks: read.tasks.map((task) => liveClaim(read, task)) };
}

export function taskOf(row: Json): Task {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    step: row.step,
    needed: row.needed,
    assignees: (row.assignees ?? []).map(assigneeOf),
    votes: (row.votes ?? []).map(voteOf),
    claimedBy: row.claimed_by,
    claimedAt: instant(row.claimed_at),
    face: row.face,
    openedAt: new Date(row.opened_at),
    clock: {
      dueAt: instant(row.due_at),
      remindAt: instant(row.remind_at),
      reminders: row.reminders,
      escalateAt: instant(row.escalate_at),
      rungs: row.rungs,
      expireAt: instant(row.expire_at),
      nudgedAt: instant(row.nudged_at),
    },
    ...(row.handed ? { handed: { by: row.handed.by, reason: row.handed.reason, at: new Date(row.handed.at) } } : {}),
    outcome: row.outcome,
    decidedBy: row.decided_by,
    decidedAt: instant(row.decided_at),
    reason: row.reason,
  };
}

function assigneeOf(row: Json): Assignee {
  const because = row.because as Because;
  const since = instant(row.since);
  const asked = { because, ...(since ? { since } : {}) };
  return row.group_id === null
    ? { kind: "person", person: row.person_id, ...asked }
    : { kind: "group", group: row.group_id, members: row.members ?? [], ...asked };
}

function voteOf(row: Json): Vote {
  return { by: row.person_id, vote: row.vote, reason: row.reason, at: new Date(row.at) };
}

function orderOf(row: Json): Order {
  return {
    id: row.id,
    operation: row.operation,
    state: row.state,
    accountId: row.account_id,
    login: row.login,
    attributes: row.attributes,
    createdAt: new Date(row.created_at),
    transmittedAt: instant(row.transmitted_at),
    executedAt: instant(row.executed_at),
    error: row.error,
  };
}

export function settingsOf(row: Json): Settings {
  return row as Settings;
}

export function instant(text: string | null): Date | null {
  return text === null || text === undefined ? null : new Date(text);
}

/** As it was stored: what an older version of Latchkey didn't know yet is off. */
export function policyOf(content: Json): Policy {
  return {
    id: content.id,
    steps: content.steps.map((step: Json): Step => ({ ...step, once: step.once ?? false })),
    remind: content.remind ?? null,
    escalate: content.escalate ?? null,
    expireAfter: content.expireAfter ?? null,
  };
}

export function applicationOf(content: Json): Application {
  const level: ServiceLevel = { remind: null, escalate: null, ...content.serviceLevel };
  return { ...content, serviceLevel: level };
}
