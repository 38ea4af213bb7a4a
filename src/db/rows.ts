/** Domain -> rows: what a change of a line comes to in each table. Keys are the columns' SQL names, since rows travel as jsonb. */

import type { Effect } from "../domain/effects.ts";
import type { AccountRecord, LineEvent } from "../domain/events.ts";
import { evolve, moveOf } from "../domain/events.ts";
import type { Line, Order, Task } from "../domain/line.ts";
import { isOpen } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import { effectRows } from "./effect-rows.ts";

type Row = Readonly<Record<string, unknown>>;

/** A list per table; the commit statement takes all of them, empty or not. */
export interface ChangeRows {
  readonly lines: readonly Row[];
  readonly requests: readonly Row[];
  readonly newLines: readonly Row[];
  readonly tasks: readonly Row[];
  readonly newTasks: readonly Row[];
  readonly assignees: readonly Row[];
  /** Tasks whose assignees are replaced by those that stand in `assignees`. */
  readonly handed: readonly Row[];
  readonly votes: readonly Row[];
  readonly accounts: readonly Row[];
  readonly newOrders: readonly Row[];
  readonly orders: readonly Row[];
  readonly assignments: readonly Row[];
  readonly events: readonly Row[];
  readonly effects: readonly Row[];
  readonly chatAccounts: readonly Row[];
}

export const NO_ROWS: ChangeRows = {
  lines: [],
  requests: [],
  newLines: [],
  tasks: [],
  newTasks: [],
  assignees: [],
  handed: [],
  votes: [],
  accounts: [],
  newOrders: [],
  orders: [],
  assignments: [],
  events: [],
  effects: [],
  chatAccounts: [],
};

export interface LineChange {
  /** As it was loaded; null when the line is new. */
  readonly was: Line | null;
  /** The line before its events: `was`, or the draft. */
  readonly from: Line;
  readonly is: Line;
  readonly events: readonly LineEvent[];
  readonly effects: readonly Effect[];
  readonly actor: PersonId | null;
  readonly at: Date;
  readonly seen: object | null;
  /** For a new line: which rows of the catalogue it is filed under. */
  readonly filedUnder: { readonly application: number; readonly policy: number } | null;
}

/** The rows of one change. */
export function rowsOf(change: LineChange): ChangeRows {
  const { was, is, events, at } = change;
  const known = new Map((was?.tasks ?? []).map((task) => [task.id, task]));
  const fresh = is.tasks.filter((task) => !known.has(task.id));
  const changed = is.tasks.filter(
    (task) => known.has(task.id) && known.get(task.id) !== task && !onlyVotesDiffer(known.get(task.id), task),
  );
  const handed = changed.filter((task) => known.get(task.id)?.assignees !== task.assignees);
  const before = new Set((was?.tasks ?? []).flatMap((task) => task.votes.map((vote) => `${task.id} ${vote.by}`)));
  const accounts = events.flatMap((event) => (event.type === "order-executed" && event.account.isNew ? [event.account] : []));
  return {
    ...NO_ROWS,
    lines: was ? [{ ...lineRow(is), version: was.version }] : [],
    newLines: was ? [] : [newLineRow(is, change)],
    tasks: changed.map((task) => taskRow(is, task)),
    newTasks: fresh.map((task) => taskRow(is, task)),
    assignees: [...fresh, ...handed].flatMap(assigneeRows),
    handed: handed.map((task) => ({ id: task.id, line_id: is.id })),
    votes: is.tasks.flatMap((task) =>
      task.votes.filter((vote) => !before.has(`${task.id} ${vote.by}`)).map((vote) => voteRow(is, task, vote)),
    ),
    accounts: accounts.map((account) => accountRow(is, account, at)),
    newOrders: is.order && !was?.order ? [orderRow(is, is.order)] : [],
    orders: is.order && was?.order && is.order !== was.order ? [orderRow(is, is.order)] : [],
    assignments: events.flatMap((event) => (event.type === "assignment-started" ? [assignmentRow(is, event)] : [])),
    events: eventRows(change),
    effects: effectRows(change.effects, at, is.id),
  };
}

/** The rows of several changes, table by table. */
export function together(parts: readonly ChangeRows[]): ChangeRows {
  const all = (table: keyof ChangeRows) => parts.flatMap((part) => part[table]);
  const tables = Object.keys(NO_ROWS) as (keyof ChangeRows)[];
  return Object.fromEntries(tables.map((table) => [table, all(table)])) as unknown as ChangeRows;
}

/** A free-standing event: one that is no part of a line's change. */
export function eventRow(
  kind: string,
  about: { readonly at: Date; readonly actor: PersonId | null; readonly data: object; readonly seen?: object | null },
): Row {
  return { ...NO_IDS, at: about.at.toISOString(), kind, actor_id: about.actor, data: about.data, seen: about.seen ?? null };
}

const NO_IDS = {
  on_behalf_of: null,
  request_id: null,
  line_id: null,
  task_id: null,
  order_id: null,
  life: null,
  from_state: null,
  to_state: null,
};

function onlyVotesDiffer(was: Task | undefined, is: Task): boolean {
  return was !== undefined && was.state === is.state && was.face === is.face && was.clock === is.clock;
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

function lineRow(line: Line): Row {
  return {
    id: line.id,
    version: line.version,
    approval: line.approval,
    step: line.step,
    open: isOpen(line),
    decided_at: iso(line.decidedAt),
    closing: line.closing && { ...line.closing, at: iso(line.closing.at) },
  };
}

function newLineRow(line: Line, change: LineChange): Row {
  return {
    ...lineRow(line),
    number: line.number,
    request_id: line.requestId,
    requester_id: line.requester,
    beneficiary_id: line.beneficiary,
    application_id: line.application.id,
    entitlement_id: line.entitlement?.id ?? null,
    application_definition: change.filedUnder?.application,
    policy_definition: change.filedUnder?.policy,
    justification: line.justification,
    values: line.values,
    until: line.until,
    submitted_at: iso(line.submittedAt),
  };
}

function taskRow(line: Line, task: Task): Row {
  return {
    id: task.id,
    line_id: line.id,
    kind: task.kind,
    state: task.state,
    step: task.step,
    needed: task.needed,
    claimed_by: task.claimedBy,
    claimed_at: iso(task.claimedAt),
    face: task.face,
    opened_at: iso(task.openedAt),
    due_at: iso(task.clock.dueAt),
    remind_at: iso(task.clock.remindAt),
    reminders: task.clock.reminders,
    escalate_at: iso(task.clock.escalateAt),
    rungs: task.clock.rungs,
    expire_at: iso(task.clock.expireAt),
    nudged_at: iso(task.clock.nudgedAt),
    outcome: task.outcome,
    decided_by: task.decidedBy,
    decided_at: iso(task.decidedAt),
    reason: task.reason,
    approver_id: task.kind === "approval" && task.state === "done" ? task.decidedBy : null,
  };
}

function assigneeRows(task: Task): readonly Row[] {
  return task.assignees.map((assignee, position) => ({
    task_id: task.id,
    position,
    person_id: assignee.kind === "person" ? assignee.person : null,
    group_id: assignee.kind === "group" ? assignee.group : null,
    because: assignee.because,
    since: iso(assignee.since ?? null),
  }));
}

function voteRow(line: Line, task: Task, vote: Task["votes"][number]): Row {
  return {
    task_id: task.id,
    person_id: vote.by,
    line_id: line.id,
    requester_id: line.requester,
    beneficiary_id: line.beneficiary,
    vote: vote.vote,
    reason: vote.reason,
    at: iso(vote.at),
  };
}

function accountRow(line: Line, account: AccountRecord, at: Date): Row {
  return {
    id: account.id,
    line_id: line.id,
    application_id: line.application.id,
    login: account.login,
    person_id: line.beneficiary,
    attributes: account.attributes,
    state: "active",
    created_at: iso(at),
  };
}

function orderRow(line: Line, order: Order): Row {
  return {
    id: order.id,
    line_id: line.id,
    operation: order.operation,
    state: order.state,
    account_id: order.accountId,
    login: order.login,
    attributes: order.attributes,
    created_at: iso(order.createdAt),
    transmitted_at: iso(order.transmittedAt),
    executed_at: iso(order.executedAt),
    error: order.error,
  };
}

function assignmentRow(line: Line, { assignment }: Extract<LineEvent, { type: "assignment-started" }>): Row {
  return {
    id: assignment.id,
    account_id: assignment.accountId,
    person_id: line.beneficiary,
    application_id: line.application.id,
    entitlement_id: line.entitlement?.id ?? null,
    line_id: line.id,
    state: "active",
    from_at: iso(assignment.from),
    until_at: iso(assignment.until),
    ended_at: null,
  };
}

/** Each event with the move it makes, worked out from the state just before it. */
function eventRows(change: LineChange): readonly Row[] {
  let line = change.from;
  return change.events.map((event) => {
    const move = moveOf(line, event);
    line = evolve(line, event, change.at);
    return {
      ...eventRow(event.type, { at: change.at, actor: change.actor, data: dataOf(event), seen: change.seen }),
      request_id: line.requestId,
      line_id: line.id,
      on_behalf_of: event.type === "submitted" && line.beneficiary !== line.requester ? line.beneficiary : null,
      task_id: "task" in event ? (typeof event.task === "string" ? event.task : event.task.id) : null,
      order_id: move?.life === "provisioning" ? (line.order?.id ?? null) : null,
      life: move?.life ?? null,
      from_state: move?.from ?? null,
      to_state: move?.to ?? null,
    };
  });
}

/** What an auditor needs beside the columns. */
function dataOf(event: LineEvent): object {
  const { type: _, ...data } = event;
  return data;
}
