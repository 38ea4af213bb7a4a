/** A line with its tasks and its order: what one decision reads and changes, guarded by the line's version. */
import type { Application, Entitlement, Policy, Risk, Step } from "./catalogue.ts";
import type { Approval, Provisioning, TaskState } from "./lives.ts";
import type { GroupId, PersonId } from "./people.ts";
import type { Until } from "./until.ts";

/** Why somebody is asked, kept as evidence: the auditor's "why were they the approver at that instant". */
export type Because =
  | "manager"
  | "manager-of-manager"
  | "group"
  | "fallback-approver"
  | "business-owner"
  | "technical-owner"
  | "administrator"
  | "fulfiller"
  /** The task was late, and the ladder of its policy led here. */
  | "escalated"
  /** An administrator named them. */
  | "reassigned";

export type Assignee =
  /** `since`: from when on they have been asked; left out: since the task was opened. */
  | { readonly kind: "person"; readonly person: PersonId; readonly because: Because; readonly since?: Date }
  /** `members` are today's active ones: a group is never frozen, so joining or leaving it counts at once. */
  | {
      readonly kind: "group";
      readonly group: GroupId;
      readonly members: readonly PersonId[];
      readonly because: Because;
      readonly since?: Date;
    };

export interface Vote {
  readonly by: PersonId;
  readonly vote: "approved" | "rejected";
  readonly reason: string | null;
  readonly at: Date;
}

export type TaskKind = "approval" | "fulfilment" | "review";
export type Outcome = "approved" | "rejected" | "executed" | "errored" | "retried" | "cancelled" | "withdrawn" | "expired";

/** When the next thing happens to a task by itself; null: never. */
export interface TaskClock {
  /** When it counts as late. */
  readonly dueAt: Date | null;
  readonly remindAt: Date | null;
  /** Reminders sent since the present people were asked. */
  readonly reminders: number;
  readonly escalateAt: Date | null;
  /** Rungs of the ladder that lie behind. */
  readonly rungs: number;
  readonly expireAt: Date | null;
  /** When its requester last nudged. */
  readonly nudgedAt: Date | null;
}

export const NO_CLOCK: TaskClock = {
  dueAt: null,
  remindAt: null,
  reminders: 0,
  escalateAt: null,
  rungs: 0,
  expireAt: null,
  nudgedAt: null,
};

export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  readonly state: TaskState;
  /** Position among the policy's steps; null unless an approval. */
  readonly step: number | null;
  /** Approvals needed; 1 for other kinds. */
  readonly needed: number;
  readonly assignees: readonly Assignee[];
  readonly votes: readonly Vote[];
  readonly claimedBy: PersonId | null;
  readonly claimedAt: Date | null;
  /** Rises when assignees, claim or content change, not when a colleague votes: what buttons carry. */
  readonly face: number;
  readonly openedAt: Date;
  readonly clock: TaskClock;
  /** Who passed it on last, and why, while it is open; left out: nobody did. */
  readonly handed?: Handed;
  /** Of a closed task too: why it lapsed. */
  readonly outcome: Outcome | null;
  readonly decidedBy: PersonId | null;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
}

export interface Handed {
  readonly by: PersonId;
  readonly reason: string | null;
  readonly at: Date;
}

export type OrderOperation = "create" | "update";

/** One attribute of an account: what stands there now, and what shall stand there. */
export interface AttributeRow {
  readonly name: string;
  readonly current: string | null;
  readonly proposed: string;
}

export interface Order {
  readonly id: string;
  readonly operation: OrderOperation;
  readonly state: Provisioning;
  /** The account it changes; null while it has to be created. */
  readonly accountId: string | null;
  /** Proposed login, until executed; then the real one. */
  readonly login: string;
  readonly attributes: readonly AttributeRow[];
  readonly createdAt: Date;
  readonly transmittedAt: Date | null;
  readonly executedAt: Date | null;
  /** The last error that the hands reported. */
  readonly error: string | null;
}

export type FormValue = string | readonly string[] | boolean;
export type FormValues = Readonly<Record<string, FormValue>>;

/** How a line ended without being decided or carried out. `by` null: nobody, the time ran out. */
export interface Closing {
  readonly how: "withdrawn" | "cancelled" | "expired";
  readonly by: PersonId | null;
  readonly at: Date;
  readonly reason: string | null;
}

export interface Line {
  readonly id: string;
  /** The number on every card, which typed commands name. */
  readonly number: number;
  readonly requestId: string;
  readonly requester: PersonId;
  readonly beneficiary: PersonId;
  /** As filed: a later configuration doesn't change what was asked or who has to decide. */
  readonly application: Application;
  readonly entitlement: Entitlement | null;
  readonly policy: Policy;
  readonly justification: string;
  readonly values: FormValues;
  readonly until: Until | null;
  readonly approval: Approval;
  /** Position of the step that decides now, or decided last. */
  readonly step: number;
  readonly submittedAt: Date;
  readonly decidedAt: Date | null;
  /** Withdrawn or cancelled after its approval, the approval stays as it was. */
  readonly closing: Closing | null;
  readonly version: number;
  readonly tasks: readonly Task[];
  readonly order: Order | null;
}

/** A line is open until it is refused, withdrawn, expired or carried out: only one may be open per beneficiary, item and account. */
export function isOpen(line: Pick<Line, "approval" | "order">): boolean {
  if (line.approval === "pending" || line.approval === "draft") return true;
  if (line.approval !== "approved") return false;
  const state = line.order?.state;
  return state !== "executed" && state !== "verified" && state !== "cancelled" && state !== "inactive";
}

export function taskOf(line: Line, taskId: string): Task | undefined {
  return line.tasks.find((task) => task.id === taskId);
}

export function openTask(line: Line): Task | undefined {
  return line.tasks.find((task) => task.state === "open");
}

/** Requester and beneficiary never decide, whatever list they stand on. */
export function isParty(line: Pick<Line, "requester" | "beneficiary">, person: PersonId): boolean {
  return person === line.requester || person === line.beneficiary;
}

/** Everybody who may act on the task at this moment. */
export function holdersOf(line: Line, task: Task): readonly PersonId[] {
  const named = task.assignees.flatMap((assignee) => (assignee.kind === "person" ? [assignee.person] : assignee.members));
  const everybody = [...new Set(named)];
  if (task.kind !== "approval") return everybody;
  const counted = countedEarlier(line, task);
  return everybody.filter((person) => !isParty(line, person) && !counted.includes(person));
}

/** Whose earlier approval counts for this step already, since its policy says `once`: they aren't asked again. */
function countedEarlier(line: Line, task: Task): readonly PersonId[] {
  if (task.step === null || !line.policy.steps[task.step]?.once) return [];
  const earlier = line.tasks.filter((one) => one.step !== null && one.step < (task.step ?? 0));
  return earlier.flatMap((one) => one.votes.filter((vote) => vote.vote === "approved").map((vote) => vote.by));
}

/** An open task without the claim of somebody who may no longer do it: who leaves the group lets go of its tasks. */
export function liveClaim(line: Line, task: Task): Task {
  if (task.state !== "open" || task.claimedBy === null || holdersOf(line, task).includes(task.claimedBy)) return task;
  return { ...task, claimedBy: null, claimedAt: null };
}

/** The claimer; a single named person counts as one, a group of one doesn't. */
export function claimerOf(task: Task): PersonId | null {
  if (task.claimedBy) return task.claimedBy;
  const [only, ...others] = task.assignees;
  return only?.kind === "person" && others.length === 0 ? only.person : null;
}

/** From when on the person has been asked; null, or somebody whom it doesn't ask: from when on the first of those who are asked has been. */
export function askedSince(task: Task, person: PersonId | null): Date {
  const own = task.assignees.filter((one) => (one.kind === "person" ? one.person === person : one.members.some((id) => id === person)));
  const asked = (own.length > 0 ? own : task.assignees).map((one) => one.since ?? task.openedAt);
  return asked.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? task.openedAt;
}

/** Approvals that an open approval still lacks; 1 for other kinds. */
export function missingVotes(task: Task): number {
  return task.needed - task.votes.filter((vote) => vote.vote === "approved").length;
}

/** Whoever has voted on it, here or at an earlier step that counts: nobody counts twice. */
export function hasSpoken(line: Line, task: Task, person: PersonId): boolean {
  return task.votes.some((vote) => vote.by === person) || countedEarlier(line, task).includes(person);
}

/** Approvals that came with a comment, the oldest first. */
export function commented(line: Line): readonly Vote[] {
  return line.tasks.flatMap((task) => task.votes).filter((vote) => vote.vote === "approved" && (vote.reason?.trim() ?? "") !== "");
}

/** Those whom an open task waits for now: its claimer, else everybody who may act and hasn't. */
export function awaited(line: Line, task: Task): readonly PersonId[] {
  if (task.claimedBy) return [task.claimedBy];
  return holdersOf(line, task).filter((person) => !hasSpoken(line, task, person));
}

export function currentStep(line: Line): Step | undefined {
  return line.policy.steps[line.step];
}

export function riskOf(line: Line): Risk {
  return line.entitlement?.risk ?? line.application.risk;
}
