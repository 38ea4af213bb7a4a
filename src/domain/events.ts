/** What can happen to a line: past tense, with everything needed to fold it into the line's next state. */

import type { Assignee, AttributeRow, Because, Closing, Line, Order, Task, Vote } from "./line.ts";
import { taskOf } from "./line.ts";
import type { Approval, Provisioning, TaskState } from "./lives.ts";
import type { PersonId } from "./people.ts";
import type { Cause } from "./routing.ts";

export type LineEvent =
  | { readonly type: "submitted" }
  | { readonly type: "fallback-used"; readonly step: number; readonly because: readonly Because[]; readonly why: Cause }
  /** Who approved an earlier step counts for this one too, since the policy says `once`. */
  | { readonly type: "step-counted"; readonly step: number; readonly by: readonly PersonId[] }
  | { readonly type: "task-opened"; readonly task: Task }
  | { readonly type: "voted"; readonly task: string; readonly vote: Vote }
  | {
      readonly type: "task-decided";
      readonly task: string;
      readonly outcome: NonNullable<Task["outcome"]>;
      readonly by: PersonId;
      readonly reason: string | null;
    }
  | { readonly type: "step-passed"; readonly step: number }
  | { readonly type: "approved" }
  | { readonly type: "rejected"; readonly by: PersonId; readonly reason: string }
  | { readonly type: "order-created"; readonly order: Order }
  | { readonly type: "order-transmitted"; readonly task: string; readonly to: readonly PersonId[] }
  | { readonly type: "claimed"; readonly task: string; readonly by: PersonId }
  /** `from`: whose claim it was. */
  | { readonly type: "released"; readonly task: string; readonly by: PersonId; readonly from: PersonId; readonly reason: string | null }
  /** Others are asked. `by` null: people changed, and the rules were worked out again. */
  | {
      readonly type: "reassigned";
      readonly task: string;
      readonly assignees: readonly Assignee[];
      readonly by: PersonId | null;
      readonly reason: string | null;
    }
  /** `nth` counts from 1; `remindAt`: when the next one comes. */
  | {
      readonly type: "reminded";
      readonly task: string;
      readonly nth: number;
      readonly to: readonly PersonId[];
      readonly remindAt: Date | null;
    }
  /** `rung` counts from 1 and names the last one that was tried; `to` empty: no rung had anybody left to ask. */
  | {
      readonly type: "escalated";
      readonly task: string;
      readonly rung: number;
      readonly to: readonly PersonId[];
      readonly assignees: readonly Assignee[];
      readonly remindAt: Date | null;
      readonly escalateAt: Date | null;
    }
  | { readonly type: "nudged"; readonly task: string; readonly by: PersonId }
  /** It lapsed: the line moved on without it. */
  | {
      readonly type: "task-closed";
      readonly task: string;
      readonly outcome: "withdrawn" | "expired" | "cancelled";
      readonly by: PersonId | null;
    }
  | { readonly type: "withdrawn"; readonly by: PersonId; readonly reason: string | null }
  | { readonly type: "cancelled"; readonly by: PersonId; readonly reason: string }
  | { readonly type: "expired" }
  | { readonly type: "order-executed"; readonly by: PersonId; readonly login: string; readonly account: AccountRecord }
  | { readonly type: "assignment-started"; readonly assignment: AssignmentRecord }
  | { readonly type: "order-errored"; readonly by: PersonId; readonly reason: string }
  | { readonly type: "order-retried"; readonly by: PersonId }
  | { readonly type: "order-cancelled"; readonly by: PersonId; readonly reason: string };

/** The account an executed order left behind; `isNew` when Latchkey didn't know it before. */
export interface AccountRecord {
  readonly id: string;
  readonly isNew: boolean;
  readonly login: string;
  readonly attributes: readonly AttributeRow[];
}

export interface AssignmentRecord {
  readonly id: string;
  readonly accountId: string;
  readonly from: Date;
  readonly until: Date | null;
}

/** Where an event moves one life; null for events that are no move. */
export type Move =
  | { readonly life: "approval"; readonly from: Approval; readonly to: Approval }
  | { readonly life: "provisioning"; readonly from: Provisioning | null; readonly to: Provisioning }
  | { readonly life: "task"; readonly from: TaskState | null; readonly to: TaskState };

/** The move an event makes from this state, for its row and for the test that walks the tables. */
export function moveOf(line: Line, event: LineEvent): Move | null {
  const provisioning = (to: Provisioning): Move => ({ life: "provisioning", from: line.order?.state ?? null, to });
  switch (event.type) {
    case "submitted":
      return { life: "approval", from: line.approval, to: "pending" };
    case "approved":
      return { life: "approval", from: line.approval, to: "approved" };
    case "rejected":
      return { life: "approval", from: line.approval, to: "rejected" };
    case "withdrawn":
    case "cancelled":
      // After its approval a line stays approved; its order and its task move by events of their own.
      return line.approval === "pending" ? { life: "approval", from: "pending", to: "withdrawn" } : null;
    case "expired":
      return { life: "approval", from: line.approval, to: "expired" };
    case "task-closed":
      return { life: "task", from: taskOf(line, event.task)?.state ?? null, to: "closed" };
    case "task-opened":
      return { life: "task", from: null, to: "open" };
    case "task-decided":
      return { life: "task", from: taskOf(line, event.task)?.state ?? null, to: "done" };
    case "order-created":
      return provisioning(event.order.state);
    case "order-transmitted":
      return provisioning("transmitted");
    case "order-executed":
      return provisioning("executed");
    case "order-errored":
      return provisioning("errored");
    case "order-retried":
      return provisioning("pending");
    case "order-cancelled":
      return provisioning("cancelled");
    case "fallback-used":
    case "step-counted":
    case "voted":
    case "step-passed":
    case "claimed":
    case "released":
    case "reassigned":
    case "reminded":
    case "escalated":
    case "nudged":
    case "assignment-started":
      return null;
  }
}

/** The line after the event. Total: every event of the union folds, and nothing else changes a line. */
export function evolve(line: Line, event: LineEvent, at: Date): Line {
  switch (event.type) {
    case "submitted":
      return { ...line, approval: "pending" };
    case "fallback-used":
    case "step-counted":
    case "assignment-started":
      return line;
    case "withdrawn":
      return closed(line, { how: "withdrawn", by: event.by, at, reason: event.reason });
    case "cancelled":
      return closed(line, { how: "cancelled", by: event.by, at, reason: event.reason });
    case "expired":
      return closed(line, { how: "expired", by: null, at, reason: null });
    case "task-closed":
      return withTask(line, event.task, (task) => ({
        ...task,
        state: "closed",
        outcome: event.outcome,
        decidedAt: at,
        face: task.face + 1,
      }));
    case "reassigned":
      return withTask(line, event.task, (task) => ({
        ...handedTo(task, event.assignees),
        ...(event.by === null ? {} : { handed: { by: event.by, reason: event.reason, at } }),
        face: task.face + 1,
      }));
    case "reminded":
      return withClock(line, event.task, { reminders: event.nth, remindAt: event.remindAt });
    case "escalated":
      return withTask(line, event.task, (task) => ({
        ...task,
        assignees: event.assignees,
        face: task.face + 1,
        clock: {
          ...task.clock,
          rungs: event.rung,
          escalateAt: event.escalateAt,
          remindAt: event.remindAt,
          reminders: event.to.length > 0 ? 0 : task.clock.reminders,
        },
      }));
    case "nudged":
      return withClock(line, event.task, { nudgedAt: at });
    case "task-opened":
      return { ...line, tasks: [...line.tasks, event.task] };
    case "voted":
      return withTask(line, event.task, (task) => ({ ...task, votes: [...task.votes, event.vote] }));
    case "task-decided":
      return withTask(line, event.task, (task) => ({
        ...task,
        state: "done",
        outcome: event.outcome,
        decidedBy: event.by,
        decidedAt: at,
        reason: event.reason,
        face: task.face + 1,
      }));
    case "step-passed":
      return { ...line, step: Math.min(event.step + 1, line.policy.steps.length - 1) };
    case "approved":
      return { ...line, approval: "approved", decidedAt: at };
    case "rejected":
      return { ...line, approval: "rejected", decidedAt: at };
    case "order-created":
      return { ...line, order: event.order };
    case "order-transmitted":
      return withOrder(line, (order) => ({ ...order, state: "transmitted", transmittedAt: at }));
    case "claimed":
      return withTask(line, event.task, (task) => ({ ...task, claimedBy: event.by, claimedAt: at, face: task.face + 1 }));
    case "released":
      return withTask(line, event.task, (task) => ({ ...task, claimedBy: null, claimedAt: null, face: task.face + 1 }));
    case "order-executed":
      return withOrder(line, (order) => ({
        ...order,
        state: "executed",
        login: event.login,
        accountId: event.account.id,
        executedAt: at,
        error: null,
      }));
    case "order-errored":
      return withOrder(line, (order) => ({ ...order, state: "errored", error: event.reason }));
    case "order-retried":
      return withOrder(line, (order) => ({ ...order, state: "pending" }));
    case "order-cancelled":
      return withOrder(line, (order) => ({ ...order, state: "cancelled" }));
  }
}

/** Its approval ends too where it was still open. */
function closed(line: Line, closing: Closing): Line {
  if (line.approval !== "pending") return { ...line, closing };
  return { ...line, closing, approval: closing.how === "expired" ? "expired" : "withdrawn", decidedAt: closing.at };
}

/** Who is no longer asked loses the claim. */
function handedTo(task: Task, assignees: readonly Assignee[]): Task {
  const asked = assignees.flatMap((assignee) => (assignee.kind === "person" ? [assignee.person] : assignee.members));
  const keeps = task.claimedBy !== null && asked.includes(task.claimedBy);
  return { ...task, assignees, claimedBy: keeps ? task.claimedBy : null, claimedAt: keeps ? task.claimedAt : null };
}

function withClock(line: Line, id: string, change: Partial<Task["clock"]>): Line {
  return withTask(line, id, (task) => ({ ...task, clock: { ...task.clock, ...change } }));
}

function withTask(line: Line, id: string, change: (task: Task) => Task): Line {
  return { ...line, tasks: line.tasks.map((task) => (task.id === id ? change(task) : task)) };
}

function withOrder(line: Line, change: (order: Order) => Order): Line {
  return line.order ? { ...line, order: change(line.order) } : line;
}
