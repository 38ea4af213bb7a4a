/** Where a line stands, in one word that people know, with who holds it, since when, and what comes next. */
import type { Line } from "./line.ts";
import { claimerOf, holdersOf, openTask } from "./line.ts";
import type { GroupId, PersonId } from "./people.ts";

export type Status =
  | "draft"
  | "waiting-for-approval"
  | "approved"
  | "waiting-for-fulfilment"
  | "being-done"
  | "failed"
  | "complete"
  | "rejected"
  | "withdrawn"
  | "expired"
  | "cancelled";

export interface LineStatus {
  readonly status: Status;
  readonly since: Date;
  /** The claimer, or the one person asked; else empty. */
  readonly holder: PersonId | null;
  readonly group: GroupId | null;
  readonly asked: readonly PersonId[];
  /** Step k of n while approvals are outstanding. */
  readonly step: number;
  readonly steps: number;
  /** Approvals given and needed at this step. */
  readonly given: number;
  readonly needed: number;
}

/** Derived from the line each time, never stored beside it. */
export function statusOf(line: Line): LineStatus {
  const task = openTask(line);
  const group = task?.assignees.find((assignee) => assignee.kind === "group");
  const asked = task ? holdersOf(line, task) : [];
  const status = wordOf(line);
  return {
    status,
    since: sinceOf(line, status),
    holder: task ? (claimerOf(task) ?? (asked.length === 1 && !group ? (asked[0] ?? null) : null)) : null,
    group: group?.kind === "group" ? group.group : null,
    asked,
    step: line.step + 1,
    steps: line.policy.steps.length,
    given: task?.votes.filter((vote) => vote.vote === "approved").length ?? 0,
    needed: task?.needed ?? 1,
  };
}

function wordOf(line: Line): Status {
  if (line.closing) return line.closing.how;
  switch (line.approval) {
    case "draft":
    case "rejected":
    case "withdrawn":
    case "expired":
      return line.approval;
    case "pending":
      return "waiting-for-approval";
    case "approved":
      return provisioningWord(line);
  }
}

function provisioningWord(line: Line): Status {
  const state = line.order?.state;
  switch (state) {
    case undefined:
    case "awaiting-review":
    case "scheduled":
    case "pending":
      return "approved";
    case "transmitted":
      return openTask(line)?.claimedBy ? "being-done" : "waiting-for-fulfilment";
    case "executed":
    case "verified":
      return "complete";
    case "errored":
      return "failed";
    case "inactive":
    case "cancelled":
      return "cancelled";
  }
}

function sinceOf(line: Line, status: Status): Date {
  if (line.closing) return line.closing.at;
  const task = openTask(line);
  const order = line.order;
  switch (status) {
    case "being-done":
      return task?.claimedAt ?? line.submittedAt;
    case "waiting-for-approval":
    case "waiting-for-fulfilment":
    case "failed":
      return task?.openedAt ?? line.submittedAt;
    case "complete":
      return order?.executedAt ?? line.submittedAt;
    case "cancelled":
      return line.tasks.findLast((one) => one.decidedAt !== null)?.decidedAt ?? line.submittedAt;
    case "approved":
      return line.tasks.findLast((one) => one.decidedAt !== null)?.decidedAt ?? line.submittedAt;
    case "rejected":
    case "withdrawn":
    case "expired":
    case "draft":
      return line.decidedAt ?? line.submittedAt;
  }
}

/** A request's own state, derived from its lines: the least advanced one that still moves, else the worst end. */
export function requestStatus(statuses: readonly Status[]): Status {
  const order: readonly Status[] = [
    "draft",
    "failed",
    "waiting-for-approval",
    "approved",
    "waiting-for-fulfilment",
    "being-done",
    "rejected",
    "expired",
    "cancelled",
    "withdrawn",
    "complete",
  ];
  return order.find((status) => statuses.includes(status)) ?? "draft";
}
