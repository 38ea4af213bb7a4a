/** The lives of things: each is one table of legal moves and nothing else; an empty list marks a final state. */

export type Approval = "draft" | "pending" | "approved" | "rejected" | "withdrawn" | "expired";

export const APPROVAL_MOVES = {
  draft: ["pending", "withdrawn"],
  pending: ["approved", "rejected", "withdrawn", "expired"],
  approved: [],
  rejected: [],
  withdrawn: [],
  expired: [],
} as const satisfies Record<Approval, readonly Approval[]>;

export type Provisioning =
  | "awaiting-review"
  | "scheduled"
  | "pending"
  | "transmitted"
  | "executed"
  | "verified"
  | "errored"
  | "inactive"
  | "cancelled";

/** `errored` goes back to review or to pending: an order is never silently closed. */
export const PROVISIONING_MOVES = {
  "awaiting-review": ["scheduled", "pending", "cancelled"],
  scheduled: ["pending", "inactive", "cancelled"],
  pending: ["transmitted", "inactive", "cancelled"],
  transmitted: ["executed", "errored", "inactive", "cancelled"],
  executed: ["verified"],
  verified: [],
  errored: ["awaiting-review", "pending", "cancelled"],
  inactive: [],
  cancelled: [],
} as const satisfies Record<Provisioning, readonly Provisioning[]>;

/** `done`: somebody decided or did it. `closed`: it lapsed, because the line moved on without it. */
export type TaskState = "open" | "done" | "closed";

export const TASK_MOVES = { open: ["done", "closed"], done: [], closed: [] } as const satisfies Record<TaskState, readonly TaskState[]>;

export type Holding = "active" | "ending" | "ended";

export const HOLDING_MOVES = { active: ["ending", "ended"], ending: ["ended"], ended: [] } as const satisfies Record<
  Holding,
  readonly Holding[]
>;

/** True when the table lists the move. */
export function isMove<S extends string>(moves: Readonly<Record<S, readonly S[]>>, from: S, to: S): boolean {
  return moves[from].includes(to);
}

/** Every move of a table as `[from, to]`, for tests and for documentation. */
export function movesOf<S extends string>(moves: Readonly<Record<S, readonly S[]>>): readonly (readonly [S, S])[] {
  return (Object.entries(moves) as [S, readonly S[]][]).flatMap(([from, tos]) => tos.map((to) => [from, to] as const));
}
