/** What can happen to a line: past tense, with everything needed to fold it into the line's next state. */

import type { AttributeRow, Because, Line, Order, Task, Vote } from "./line.ts";
import { taskOf } from "./line.ts";
import type { Approval, Provisioning, TaskState } from "./lives.ts";
import type { PersonId } from "./people.ts";

export type LineEvent =
  | { readonly type: "submitted" }
  | { readonly type: "fallback-used"; readonly step: number; readonly because: readonly Because[] }
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
  | { readonly type: "released"; readonly task: string; readonly by: PersonId }
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
    case "voted":
    case "step-passed":
    case "claimed":
    case "released":
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
    case "assignment-started":
      return line;
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

function withTask(line: Line, id: string, change: (task: Task) => Task): Line {
  return { ...line, tasks: line.tasks.map((task) => (task.id === id ? change(task) : task)) };
}

function withOrder(line: Line, change: (order: Order) => Order): Line {
  return line.order ? { ...line, order: change(line.order) } : line;
}
