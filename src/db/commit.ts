/**
 * The one place where a change reaches Postgres, in one statement: guarded lines, closed and opened tasks, votes, orders, accounts,
 * assignments, events, effects and the inbound key. Either all of it happens or nothing.
 */
import { type Asserted, changeOf, type List } from "./commit-statement.ts";
import type { Db } from "./connect.ts";
import { codeOf, constraintOf } from "./fault.ts";
import type { ChangeRows } from "./rows.ts";

/** `all`: one line that no longer stands as it was read undoes everything. `each`: it is skipped and named. */
export type Form = "all" | "each";

/** Who acts, checked inside the statement: still active and, where a task is named, still assigned to it. */
export interface Actor {
  readonly person: string;
  readonly task: string | null;
  /** The group whose member they act as: an administrator. */
  readonly group?: string | null;
}

export interface Commit {
  readonly form: Form;
  readonly actor: Actor | null;
  readonly once: { readonly key: string; readonly fingerprint: string; readonly answer: object; readonly at: Date } | null;
  readonly rows: ChangeRows;
}

/**
 * `committed` names the lines that were changed. `stale`: somebody was faster, or the key was taken: load again. `not-allowed`: the actor lost the
 * right between load and commit: load again too, and the rules will say why. `clash`: a unique index refused it (`index` names it).
 * `unknown`: the connection was lost before the answer came, so it may have happened or not: load again, and the key's stored answer says which.
 */
export type Committed =
  | { readonly type: "committed"; readonly lines: readonly string[] }
  | { readonly type: "stale" }
  | { readonly type: "not-allowed" }
  | { readonly type: "clash"; readonly index: string }
  | { readonly type: "unknown" };

/** Commits one change or many. Everything that stands beside a line (tasks, votes, orders, events, effects) goes with its line or not at all. */
export async function commit(db: Db, { form, actor, once, rows }: Commit): Promise<Committed> {
  try {
    const inbound = once ? [{ key: once.key, fingerprint: once.fingerprint, answer: once.answer, at: once.at.toISOString() }] : [];
    const lists = { ...rows, inbound };
    const asserted = { actor: actor?.person ?? null, actorTask: actor?.task ?? null, actorGroup: actor?.group ?? null };
    const has = (Object.keys(lists) as List[]).filter((list) => lists[list].length > 0);
    const asserts = (Object.keys(asserted) as Asserted[]).filter((what) => asserted[what] !== null);
    const [row] = await changeOf(new Set(has), new Set(asserts))(db, { ...lists, ...asserted, all: form === "all" });
    return { type: "committed", lines: row?.lines ?? [] };
  } catch (error) {
    return refusedBy(error);
  }
}

/** What the database's refusal means; anything else is a fault and thrown on. */
function refusedBy(error: unknown): Committed {
  const code = codeOf(error);
  const index = constraintOf(error) ?? "";
  if (code === "LK001") return index === "actor" ? { type: "not-allowed" } : { type: "stale" };
  // The key was taken by this very command, delivered twice at once, or another vote of the same person was faster.
  if (code === "23505" && (index === "inbound_pkey" || index.startsWith("vote_") || index === "task_open_once" || index === "order_line"))
    return { type: "stale" };
  if (code === "23505") return { type: "clash", index };
  // A deadlock or a serialisation failure undid everything: nothing happened, so load again.
  if (code === "40P01" || code === "40001") return { type: "stale" };
  if (code !== undefined && LOST.has(code)) return { type: "unknown" };
  throw error;
}

/** The connection ended under the statement: the driver's and the system's words, and the server's own (57P01: told to stop, 57P02: crashed). */
const LOST: ReadonlySet<string> = new Set(["CONNECTION_CLOSED", "CONNECTION_DESTROYED", "ECONNRESET", "EPIPE", "57P01", "57P02"]);
