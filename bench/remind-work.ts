/** Open and closed work in any amount, made by the server itself: what a tick has to find its due tasks among. */
import type { Sql } from "postgres";

/** Tables that a tick reads or writes and that grow with the work. */
const GROWING = ["request", "line", "task", "task_assignee"];
/** Nobody but the tick shall read while it is counted; indexes of closed work are made once all rows are there. */
export async function holdStill(admin: Sql): Promise<void> {
  const tables = await admin<
    { name: string }[]
  >`select quote_ident(relname) as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`;
  for (const { name } of tables) await admin.unsafe(`alter table ${name} set (autovacuum_enabled = off)`);
  // a row that comes to be due stays on its page, so that the due ones lie as far apart as the others
  await admin.unsafe("alter table task set (fillfactor = 80)");
}

/** Lines numbered `from` to `to`, each with an open approval of the beneficiary's manager that is reminded about tomorrow. Every fortieth person asks for all. */
export async function addOpen(admin: Sql, from: number, to: number): Promise<void> {
  await unguarded(admin, [
    `insert into request (id, requester_id, submitted_at, configuration_version)
     select ${id("r")}, 'E' || 2 + n % 999, now() - interval '2 days', 1 from generate_series(${from}, ${to}) n`,
    `insert into line (id, number, request_id, requester_id, beneficiary_id, application_id, entitlement_id, application_definition, policy_definition, justification,
       values, approval, step, open, submitted_at, version)
     select ${id("a")}, n, ${id("r")}, 'E' || 2 + n % 999, 'E' || 2 + n % 999, a.key, 'right-' || 1 + n / 999 / 101 % 10, a.id, p.id, 'For the bench', '{}', 'pending', 0, true,
       now() - interval '2 days', 1
     from generate_series(${from}, ${to}) n join definition a on a.kind = 'application' and a.key = 'app-' || 1 + n / 999 % 101
       join definition p on p.kind = 'policy' and p.key = 'policy-0'`,
    `insert into task (id, line_id, kind, state, step, needed, face, opened_at, due_at, remind_at, expire_at)
     select ${id("b")}, ${id("a")}, 'approval', 'open', 0, 1, 1, now() - interval '2 days', now() + interval '12 days', now() + interval '1 day' + n % 86400 * interval '1 s',
       now() + interval '12 days' from generate_series(${from}, ${to}) n`,
    `insert into task_assignee (task_id, position, person_id, because)
     select ${id("b")}, 0, 'E' || (n % 999) / 8 + 1, 'manager' from generate_series(${from}, ${to}) n`,
  ]);
}

/** Closed tasks, ten to a line that is over: years of work. */
export async function addClosed(admin: Sql, tasks: number): Promise<void> {
  const lines = tasks / 10;
  await unguarded(admin, [
    `insert into line (id, number, request_id, requester_id, beneficiary_id, application_id, application_definition, policy_definition, justification, values, approval, step,
       open, submitted_at, version)
     select ${id("c")}, 100000000 + n, ${id("c")}, 'E' || 2 + n % 999, 'E' || 2 + n % 999, a.key, a.id, p.id, '', '{}', 'withdrawn', 0, false, now() - interval '1 year', 2
     from generate_series(1, ${lines}) n join definition a on a.kind = 'application' and a.key = 'app-' || 1 + n % 101 join definition p on p.kind = 'policy' and p.key = 'policy-0'`,
    `insert into task (id, line_id, kind, state, step, needed, face, opened_at, remind_at, expire_at)
     select ('dddddddd-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ('cccccccc-0000-7000-8000-' || lpad(to_hex(1 + n / 10), 12, '0'))::uuid,
       'approval', 'closed', 0, 1, 1, now() - interval '1 year', now() - interval '300 days', now() - interval '290 days' from generate_series(0, ${tasks - 1}) n`,
  ]);
}

/** Exactly so many open tasks, far apart, are to be reminded about now. */
export async function makeDue(admin: Sql, due: number, open: number): Promise<void> {
  await admin.unsafe(`update task set remind_at = now() - interval '1 hour', reminders = 0
    where id in (select ${id("b")} from (select 1 + i * ${Math.floor(open / due)} as n from generate_series(0, ${due - 1}) i) spread)`);
  // what was written is tidied, so that no tick does another's housekeeping
  for (const table of [...GROWING, "event", "effect"]) await admin.unsafe(`vacuum (freeze, analyze) ${table}`);
}

/** Rows are right by how they are made: foreign keys and triggers would only be slow. */
async function unguarded(admin: Sql, statements: readonly string[]): Promise<void> {
  await admin.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    for (const one of statements) await sql.unsafe(one);
  });
}

/** Ordered like the product's own: rows made together lie together. */
function id(kind: string): string {
  return `('${({ r: "00000000", a: "aaaaaaaa", b: "bbbbbbbb", c: "cccccccc" } as Record<string, string>)[kind]}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
}
