/** Many changes at once, each its own: what no longer matches is skipped and named, and one failing undoes nothing of the others. */
import { type Actor, type Committed, commit } from "./commit.ts";
import type { Db } from "./connect.ts";
import { type ChangeRows, together } from "./rows.ts";

export interface Part {
  /** The line that the rows belong to. */
  readonly line: string;
  readonly rows: ChangeRows;
}

/** By line: committed, or why not. */
export type Ended = Readonly<Record<string, Committed["type"]>>;

/**
 * One statement for all of them. Only when a unique index refuses one (it undoes the whole statement and doesn't say whose row it was) are they
 * committed one after another.
 */
export async function commitEach(db: Db, parts: readonly Part[], actor: Actor | null): Promise<Ended> {
  const all = await commit(db, { form: "each", actor, once: null, rows: together(parts.map(({ rows }) => rows)) });
  if (all.type === "committed")
    return Object.fromEntries(parts.map(({ line }) => [line, all.lines.includes(line) ? "committed" : "stale"]));
  if (all.type !== "clash" || parts.length === 1) return Object.fromEntries(parts.map(({ line }) => [line, all.type]));
  const ended: Record<string, Committed["type"]> = {};
  for (const { line, rows } of parts) ended[line] = (await commit(db, { form: "all", actor, once: null, rows })).type;
  return ended;
}
