/**
 * The one place where a change reaches Postgres, in one statement: guarded lines, closed and opened tasks, votes, orders, accounts,
 * assignments, events, effects and the inbound key. Either all of it happens or nothing.
 *
 * Rules that keep it right, each found by trying: guards stand in the final select (a guard in a CTE that nobody reads never runs); the key is a
 * plain insert; no row is written by two CTEs; CTEs don't see each other's writes, so ids come from outside; lines are locked in id order first, and
 * what a unique index makes others wait for is inserted in one order;
 * tasks are opened only after others were closed, since a line has one open task and the index checks at once; a task's new assignees are written
 * only after the old ones went.
 */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { codeOf, constraintOf } from "./fault.ts";
import type { ChangeRows } from "./rows.ts";
import {
  account,
  assignment,
  chatAccount,
  effect,
  event,
  inbound,
  line,
  member,
  order,
  person,
  request,
  task,
  taskAssignee,
  vote,
} from "./schema.ts";
import { columnsOf, listed, names, statement } from "./statement.ts";

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

const p = (name: string) => sql.placeholder(name);
const lineColumns = [line.id, line.version, line.approval, line.step, line.open, line.decidedAt, line.closing] as const;
const taskColumns = [
  task.id,
  task.lineId,
  task.state,
  task.claimedBy,
  task.claimedAt,
  task.face,
  task.dueAt,
  task.remindAt,
  task.reminders,
  task.escalateAt,
  task.rungs,
  task.expireAt,
  task.nudgedAt,
  task.outcome,
  task.decidedBy,
  task.decidedAt,
  task.reason,
  task.approverId,
] as const;
const orderColumns = [
  order.id,
  order.lineId,
  order.state,
  order.accountId,
  order.login,
  order.transmittedAt,
  order.executedAt,
  order.error,
] as const;

const insertedTask = columnsOf(task);
const insertedOrder = columnsOf(order);
const insertedEvent = columnsOf(event, event.seq);
const insertedEffect = [effect.kind, effect.priority, effect.subject, effect.body, effect.runAt] as const;

const changed = statement<{ lines: string[] | null }>(sql`
with actor as (select id from ${person} where id = ${p("actor")}::text and state = 'active' for share),
named as (select 1 from ${taskAssignee} where task_id = ${p("actorTask")}::uuid and person_id = ${p("actor")}::text for share),
grouped as (
  select 1 from ${taskAssignee} a join ${member} m on m.group_id = a.group_id
  where a.task_id = ${p("actorTask")}::uuid and m.person_id = ${p("actor")}::text for share of a, m),
officed as (select 1 from ${member} where group_id = ${p("actorGroup")}::text and person_id = ${p("actor")}::text for share),
newcomers as (
  select x.id from ${person} x where x.state = 'active' and x.id in (select n.person_id from ${listed("assignees", [taskAssignee.personId], "n")})
  order by x.id for share),
locked as materialized (
  select l.id from ${line} l where l.id in (select n.id from ${listed("lines", [line.id], "n")}) order by l.id for update),
moved as (
  update ${line} l set approval = n.approval, step = n.step, open = n.open, decided_at = n.decided_at, closing = n.closing, version = l.version + 1
  from ${listed("lines", lineColumns, "n")} join locked on locked.id = n.id
  where l.id = n.id and l.version = n.version returning l.id),
asked as (
  insert into ${request} (${names(columnsOf(request))}) select ${names(columnsOf(request), "n")} from ${listed("requests", columnsOf(request), "n")} returning id),
filed as (
  insert into ${line} (${names(columnsOf(line))}) select ${names(columnsOf(line), "n")} from ${listed("newLines", columnsOf(line), "n")}
  order by n.beneficiary_id, n.application_id, n.entitlement_id returning id),
live as (select id from moved union all select id from filed),
closed as (
  update ${task} t set state = n.state, claimed_by = n.claimed_by, claimed_at = n.claimed_at, face = n.face,
    due_at = n.due_at, remind_at = n.remind_at, reminders = n.reminders, escalate_at = n.escalate_at, rungs = n.rungs, expire_at = n.expire_at,
    nudged_at = n.nudged_at, outcome = n.outcome,
    decided_by = n.decided_by, decided_at = n.decided_at, reason = n.reason, approver_id = n.approver_id
  from ${listed("tasks", taskColumns, "n")} join live on live.id = n.line_id where t.id = n.id and t.state = 'open' returning t.id),
opened as (
  insert into ${task} (${names(insertedTask)}) select ${names(insertedTask, "n")} from ${listed("newTasks", insertedTask, "n")}
  join live on live.id = n.line_id where (select count(*) from closed) >= 0 returning id),
unasked as (
  delete from ${taskAssignee} a using ${listed("handed", [task.id, task.lineId], "n")} join live on live.id = n.line_id where a.task_id = n.id returning 1),
assigned as (
  insert into ${taskAssignee} (${names(columnsOf(taskAssignee))}) select ${names(columnsOf(taskAssignee), "n")}
  from ${listed("assignees", columnsOf(taskAssignee), "n")}
  where (n.task_id in (select id from opened) or n.task_id in (select id from closed)) and (select count(*) from unasked) >= 0 returning 1),
voted as (
  insert into ${vote} (${names(columnsOf(vote))}) select ${names(columnsOf(vote), "n")} from ${listed("votes", columnsOf(vote), "n")}
  join live on live.id = n.line_id returning 1),
made as (
  insert into ${account} (${names(columnsOf(account))}) select ${names(columnsOf(account), "n")} from ${listed("accounts", [...columnsOf(account), order.lineId], "n")}
  join live on live.id = n.line_id order by n.application_id, lower(n.login) returning id),
ordered as (
  insert into ${order} (${names(insertedOrder)}) select ${names(insertedOrder, "n")} from ${listed("newOrders", insertedOrder, "n")}
  join live on live.id = n.line_id returning 1),
carried as (
  update ${order} o set state = n.state, account_id = n.account_id, login = n.login, transmitted_at = n.transmitted_at, executed_at = n.executed_at, error = n.error
  from ${listed("orders", orderColumns, "n")} join live on live.id = n.line_id where o.id = n.id returning 1),
held as (
  insert into ${assignment} (${names(columnsOf(assignment))}) select ${names(columnsOf(assignment), "n")}
  from ${listed("assignments", columnsOf(assignment), "n")} join live on live.id = n.line_id returning 1),
said as (
  insert into ${event} (${names(insertedEvent)}) select ${names(insertedEvent, "n")} from ${listed("events", insertedEvent, "n")}
  where n.line_id is null or n.line_id in (select id from live) returning 1),
due as (
  insert into ${effect} (${names(insertedEffect)}) select ${names(insertedEffect, "n")}
  from jsonb_to_recordset(${p("effects")}::jsonb) as n(line_id uuid, kind text, priority integer, subject text, body jsonb, run_at timestamptz)
  where n.line_id is null or n.line_id in (select id from live) returning 1),
linked as (
  insert into ${chatAccount} (${names(columnsOf(chatAccount))}) select ${names(columnsOf(chatAccount), "n")}
  from ${listed("chatAccounts", columnsOf(chatAccount), "n")} returning 1),
once as (
  insert into ${inbound} (${names(columnsOf(inbound))}) select ${names(columnsOf(inbound), "n")} from ${listed("inbound", columnsOf(inbound), "n")} returning 1)
select
  demand(${p("actor")}::text is null or (select count(*) from actor) = 1, 'actor') as a,
  demand(${p("actorTask")}::uuid is null or (select count(*) from named) + (select count(*) from grouped) > 0, 'actor') as b,
  demand(${p("actorGroup")}::text is null or (select count(*) from officed) = 1, 'actor') as g,
  demand(not ${p("all")}::boolean or (select count(*) from moved) = jsonb_array_length(${p("lines")}::jsonb), 'stale') as c,
  demand((select count(*) from closed) = (select count(*) from ${listed("tasks", [task.lineId], "n")} join live on live.id = n.line_id), 'stale') as d,
  demand((select count(*) from newcomers) = (select count(distinct n.person_id) from ${listed("assignees", [taskAssignee.personId], "n")}), 'stale') as f,
  demand((select count(*) from opened) + (select count(*) from once) + (select count(*) from said) >= 0, 'stale') as e,
  (select jsonb_agg(id) from live) as lines
`);

/** Commits one change or many. Everything that stands beside a line (tasks, votes, orders, events, effects) goes with its line or not at all. */
export async function commit(db: Db, { form, actor, once, rows }: Commit): Promise<Committed> {
  try {
    const [row] = await changed(db, {
      ...rows,
      actor: actor?.person ?? null,
      actorTask: actor?.task ?? null,
      actorGroup: actor?.group ?? null,
      all: form === "all",
      inbound: once ? [{ key: once.key, fingerprint: once.fingerprint, answer: once.answer, at: once.at.toISOString() }] : [],
    });
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
