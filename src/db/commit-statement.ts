/**
 * The statement that `commit` sends. Rules that keep it right, each found by trying: guards stand in the final select (a guard in a CTE that nobody reads
 * never runs); the key is a plain insert; no row is written by two CTEs; CTEs don't see each other's writes, so ids come from outside; lines are locked in
 * id order first, and what a unique index makes others wait for is inserted in one order; tasks are opened only after others were closed, since a line
 * has one open task and the index checks at once; a task's new assignees are written only after the old ones went.
 */
import { type Column, type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
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

export type List = keyof ChangeRows | "inbound";
/** Who acts, as far as the statement asks for it. */
export type Asserted = "actor" | "actorTask" | "actorGroup";

/**
 * The statement for a change that has rows for `has` and asserts `asserts`. What a change hasn't got is left out, since the server goes through all that
 * stands in a statement each time, and most changes touch four tables of fifteen.
 */
function changing(has: (list: List) => boolean, asserts: (what: Asserted) => boolean) {
  const parts: SQL[] = [];
  const demands: SQL[] = [];
  const part = (when: boolean, sql: SQL) => void (when && parts.push(sql));
  const demand = (when: boolean, sql: SQL) => void (when && demands.push(sql));

  part(asserts("actor"), sql`actor as (select id from ${person} where id = ${p("actor")}::text and state = 'active' for share)`);
  demand(asserts("actor"), sql`demand((select count(*) from actor) = 1, 'actor')`);
  part(
    asserts("actorTask"),
    sql`named as (select 1 from ${taskAssignee} where task_id = ${p("actorTask")}::uuid and person_id = ${p("actor")}::text for share),
grouped as (
  select 1 from ${taskAssignee} a join ${member} m on m.group_id = a.group_id
  where a.task_id = ${p("actorTask")}::uuid and m.person_id = ${p("actor")}::text for share of a, m)`,
  );
  demand(asserts("actorTask"), sql`demand((select count(*) from named) + (select count(*) from grouped) > 0, 'actor')`);
  part(
    asserts("actorGroup"),
    sql`officed as (select 1 from ${member} where group_id = ${p("actorGroup")}::text and person_id = ${p("actor")}::text for share)`,
  );
  demand(asserts("actorGroup"), sql`demand((select count(*) from officed) = 1, 'actor')`);
  part(
    has("assignees"),
    sql`newcomers as (
  select x.id from ${person} x where x.state = 'active' and x.id in (select n.person_id from ${listed("assignees", [taskAssignee.personId], "n")})
  order by x.id for share)`,
  );
  demand(
    has("assignees"),
    sql`demand((select count(*) from newcomers) = (select count(distinct n.person_id) from ${listed("assignees", [taskAssignee.personId], "n")}), 'stale')`,
  );
  part(
    has("lines"),
    sql`locked as materialized (
  select l.id from ${line} l where l.id in (select n.id from ${listed("lines", [line.id], "n")}) order by l.id for update),
moved as (
  update ${line} l set approval = n.approval, step = n.step, open = n.open, decided_at = n.decided_at, closing = n.closing, version = l.version + 1
  from ${listed("lines", lineColumns, "n")} join locked on locked.id = n.id
  where l.id = n.id and l.version = n.version returning l.id)`,
  );
  demand(
    has("lines"),
    sql`demand(not ${p("all")}::boolean or (select count(*) from moved) = jsonb_array_length(${p("lines")}::jsonb), 'stale')`,
  );
  part(has("requests"), inserted("asked", request, "requests", columnsOf(request), sql``));
  part(
    has("newLines"),
    inserted("filed", line, "newLines", columnsOf(line), sql`order by n.beneficiary_id, n.application_id, n.entitlement_id`),
  );
  const lines = [...(has("lines") ? [sql`select id from moved`] : []), ...(has("newLines") ? [sql`select id from filed`] : [])];
  parts.push(sql`live as (${lines.length > 0 ? sql.join(lines, sql` union all `) : sql`select null::uuid as id where false`})`);
  const WITH_LIVE = sql`join live on live.id = n.line_id`;
  part(
    has("tasks"),
    sql`closed as (
  update ${task} t set state = n.state, claimed_by = n.claimed_by, claimed_at = n.claimed_at, face = n.face,
    due_at = n.due_at, remind_at = n.remind_at, reminders = n.reminders, escalate_at = n.escalate_at, rungs = n.rungs, expire_at = n.expire_at,
    nudged_at = n.nudged_at, outcome = n.outcome,
    decided_by = n.decided_by, decided_at = n.decided_at, reason = n.reason, approver_id = n.approver_id
  from ${listed("tasks", taskColumns, "n")} ${WITH_LIVE} where t.id = n.id and t.state = 'open' returning t.id)`,
  );
  demand(
    has("tasks"),
    sql`demand((select count(*) from closed) = (select count(*) from ${listed("tasks", [task.lineId], "n")} ${WITH_LIVE}), 'stale')`,
  );
  const afterClosed = has("tasks") ? sql`where (select count(*) from closed) >= 0` : sql``;
  part(has("newTasks"), inserted("opened", task, "newTasks", insertedTask, sql`${WITH_LIVE} ${afterClosed}`));
  part(
    has("handed"),
    sql`unasked as (
  delete from ${taskAssignee} a using ${listed("handed", [task.id, task.lineId], "n")} ${WITH_LIVE} where a.task_id = n.id returning 1)`,
  );
  const standing = [
    ...(has("newTasks") ? [sql`n.task_id in (select id from opened)`] : []),
    ...(has("tasks") ? [sql`n.task_id in (select id from closed)`] : []),
  ];
  const afterUnasked = has("handed") ? sql` and (select count(*) from unasked) >= 0` : sql``;
  part(
    has("assignees") && standing.length > 0,
    inserted("assigned", taskAssignee, "assignees", columnsOf(taskAssignee), sql`where (${sql.join(standing, sql` or `)})${afterUnasked}`),
  );
  part(has("votes"), inserted("voted", vote, "votes", columnsOf(vote), WITH_LIVE));
  part(
    has("accounts"),
    sql`made as (
  insert into ${account} (${names(columnsOf(account))}) select ${names(columnsOf(account), "n")} from ${listed("accounts", [...columnsOf(account), order.lineId], "n")}
  ${WITH_LIVE} order by n.application_id, lower(n.login) returning 1)`,
  );
  part(has("newOrders"), inserted("ordered", order, "newOrders", insertedOrder, WITH_LIVE));
  part(
    has("orders"),
    sql`carried as (
  update ${order} o set state = n.state, account_id = n.account_id, login = n.login, transmitted_at = n.transmitted_at, executed_at = n.executed_at, error = n.error
  from ${listed("orders", orderColumns, "n")} ${WITH_LIVE} where o.id = n.id returning 1)`,
  );
  part(has("assignments"), inserted("held", assignment, "assignments", columnsOf(assignment), WITH_LIVE));
  const FREE_OR_LIVE = sql`where n.line_id is null or n.line_id in (select id from live)`;
  part(has("events"), inserted("said", event, "events", insertedEvent, FREE_OR_LIVE));
  part(has("effects"), inserted("due", effect, "effects", insertedEffect, FREE_OR_LIVE, [task.lineId]));
  part(has("chatAccounts"), inserted("linked", chatAccount, "chatAccounts", columnsOf(chatAccount), sql``));
  part(has("inbound"), inserted("once", inbound, "inbound", columnsOf(inbound), sql``));

  const numbered = demands.map((one, n) => sql`${one} as ${sql.identifier(`demand${n}`)},\n`);
  return statement<{ lines: string[] | null }>(sql`
with ${sql.join(parts, sql`,\n`)}
select ${sql.join(numbered, sql``)} (select jsonb_agg(id) from live) as lines`);
}

/** Rows of a list as rows of a table; `beside`: columns of the list that `tail` needs and the table hasn't got. */
function inserted(as: string, table: PgTable, list: List, columns: readonly Column[], tail: SQL, beside: readonly Column[] = []): SQL {
  const returned = sql.raw(columns.some(({ name }) => name === "id") ? "id" : "1");
  return sql`${sql.raw(as)} as (
  insert into ${table} (${names(columns)}) select ${names(columns, "n")} from ${listed(list, [...columns, ...beside], "n")} ${tail} returning ${returned})`;
}

const compiled = new Map<string, ReturnType<typeof changing>>();

/** The statement for those lists and assertions; compiled at its first use, of which there are some dozens in all. */
export function changeOf(has: ReadonlySet<List>, asserts: ReadonlySet<Asserted>): ReturnType<typeof changing> {
  const key = [...has, "|", ...asserts].join(" ");
  const known =
    compiled.get(key) ??
    changing(
      (list) => has.has(list),
      (what) => asserts.has(what),
    );
  compiled.set(key, known);
  return known;
}
