/** The invariants hold after the real operations, and each is broken by its own damage and by no other's. */
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkInvariants, INVARIANTS, type InvariantId } from "../../src/db/invariants.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { type Company, company, file, on, POLICIES } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";

let it: Company;
let admin: postgres.Sql;

const [byManager] = POLICIES;
if (!byManager) throw new Error("the company has no policy");
const twice = {
  ...byManager,
  id: "by-two",
  steps: [
    { approvers: { kind: "group", group: "approvers" }, needed: 2, once: false },
    { approvers: { kind: "group", group: "approvers" }, needed: 3, once: true },
  ],
} as const;

async function idOf(number: number): Promise<string> {
  const [row] = await it.connection.sql`select id from line where number = ${number}`;
  return String(row?.id);
}

async function act(number: number, ...acts: readonly (readonly [string, Parameters<typeof on>[3]])[]): Promise<void> {
  for (const [actor, command] of acts) {
    const said = await on(it, number, actor, command);
    if (!said.ok) throw new Error(`${actor} ${command.verb}: ${said.refusal.name}`);
  }
}

async function filed(actor: string, to: string, entitlements: readonly string[] = []): Promise<number> {
  const [number = 0] = await file(it, actor, to, entitlements, to === "salesforce" ? { region: "EMEA" } : {});
  return number;
}

const approve = { verb: "approve", comment: null } as const;

/** Lines by what has happened to them. */
const numbers = { done: 0, twoSteps: 0, rejected: 0, errored: 0, waiting: 0, pending: 0 };

async function live(): Promise<void> {
  numbers.done = await filed("rita", "salesforce", ["reports"]);
  await act(numbers.done, ["max", approve]);
  await transmit(it.world, await idOf(numbers.done));
  await act(numbers.done, ["lena", { verb: "claim" }], ["lena", { verb: "confirm", login: "rita" }]);

  numbers.twoSteps = await filed("rita", "salesforce", ["admin"]);
  await act(numbers.twoSteps, ["ines", approve], ["omar", approve], ["uma", approve]);

  numbers.rejected = await filed("stan", "salesforce", ["reports"]);
  await act(numbers.rejected, ["max", { verb: "reject", reason: "no seat left" }]);

  numbers.errored = await filed("stan", "wiki");
  await act(numbers.errored, ["max", approve]);
  await transmit(it.world, await idOf(numbers.errored));
  await act(numbers.errored, ["lena", { verb: "report-error", reason: "licence missing" }], ["tom", { verb: "retry" }]);
  await transmit(it.world, await idOf(numbers.errored));

  numbers.pending = await filed("rita", "wiki");
  numbers.waiting = await filed("stan", "salesforce", ["admin"]);
  await act(numbers.waiting, ["ines", approve]);
}

/** What is found broken after the damage, which is undone afterwards. Triggers and foreign keys look away, as for whoever owns the server. */
async function brokenBy(damage: (sql: postgres.TransactionSql) => Promise<unknown>): Promise<readonly InvariantId[]> {
  let found: readonly InvariantId[] = [];
  const undo = new Error("undo");
  await admin
    .begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await damage(tx);
      const checked = await checkInvariants(tx as unknown as postgres.Sql);
      found = checked.flatMap(({ type, invariant }) => (type === "holds" ? [] : [invariant.id]));
      for (const one of checked) if (one.type === "broken") expect(one.first[0]?.about).toMatch(/\S/);
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return found;
}

describeWithDatabase("the invariants", () => {
  beforeAll(async () => {
    it = await company({ catalogue: { policies: [byManager, twice] } });
    admin = postgres(it.database.adminUrl, { max: 1, onnotice: () => {} });
    await live();
  });
  afterAll(async () => {
    await admin.end();
    await it.close();
  });

  test("hold after requests were filed, approved in two steps, rejected, done by hand, failed, tried again", async () => {
    const [counts] = await admin`select (select count(*)::int from vote) as votes, (select count(*)::int from "order") as orders,
      (select count(*)::int from assignment) as assignments, (select count(*)::int from event where kind = 'step-counted') as counted`;
    expect(counts).toMatchObject({ orders: 3, assignments: 1, counted: 1 });
    const checked = await checkInvariants(it.connection.sql);
    expect(checked.map(({ invariant }) => invariant.id)).toEqual(["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I11", "I12"]);
    expect(checked.filter(({ type }) => type !== "holds")).toEqual([]);
  });

  test("are read with no more rights than the run-time role has, and what takes too long is named as unfinished", async () => {
    const hasty = postgres(it.database.url, { max: 1, connection: { statement_timeout: 1 }, onnotice: () => {} });
    await admin`create function slow() returns boolean language plpgsql as $$ begin perform pg_sleep(1); return true; end $$`;
    await admin`alter table event rename to event_itself`;
    await admin`create view event as select * from event_itself where slow()`;
    await admin`grant select on event to public`;
    const checked = await checkInvariants(hasty, ["I4"]);
    await admin`drop view event`;
    await admin`alter table event_itself rename to event`;
    await hasty.end();
    expect(checked).toMatchObject([{ type: "unfinished", invariant: { id: "I4" } }]);
  });

  const line = (sql: postgres.TransactionSql, number: number) => sql`(select id from line where number = ${number})`;
  const taskOf = (sql: postgres.TransactionSql, number: number, kind: string) =>
    sql`(select id from task where line_id = ${line(sql, number)} and kind = ${kind} order by opened_at desc limit 1)`;

  const DAMAGE: readonly (readonly [InvariantId, string, (sql: postgres.TransactionSql) => Promise<unknown>])[] = [
    [
      "I1",
      "a policy that demands more than was given",
      (sql) => sql`update definition set content = jsonb_set(content, '{steps,0,needed}', '3') where kind = 'policy' and key = 'by-two'`,
    ],
    [
      "I1",
      "an earlier approval that was counted for a later step by a policy that doesn't say once",
      (sql) => sql`update definition set content = jsonb_set(content, '{steps,1,once}', 'false') where kind = 'policy' and key = 'by-two'`,
    ],
    [
      "I2",
      "an approver who turns out to be the beneficiary",
      (sql) => sql`update line set beneficiary_id = 'max' where number = ${numbers.done}`,
    ],
    [
      "I2",
      "an approver who turns out to have asked",
      (sql) => sql`update line set requester_id = 'max' where number = ${numbers.rejected}`,
    ],
    [
      "I3",
      "a second decision of one task",
      (sql) => sql`insert into event (at, kind, line_id, task_id, data) select now(), 'task-closed', line_id, id, '{}' from task
        where line_id = ${line(sql, numbers.done)} and kind = 'approval'`,
    ],
    [
      "I4",
      "an order that moved without an event",
      (sql) => sql`update "order" set state = 'errored' where line_id = ${line(sql, numbers.errored)}`,
    ],
    [
      "I4",
      "a task that was closed without an event",
      (sql) => sql`update task set state = 'closed' where id = ${taskOf(sql, numbers.pending, "approval")}`,
    ],
    [
      "I4",
      "an event that tells of another beginning",
      (sql) => sql`update event set from_state = 'pending' where kind = 'submitted' and line_id = ${line(sql, numbers.pending)}`,
    ],
    [
      "I4",
      "a vote of which no event tells",
      (sql) => sql`insert into vote (task_id, person_id, line_id, requester_id, beneficiary_id, vote, at)
        select ${taskOf(sql, numbers.waiting, "approval")}, 'omar', id, requester_id, beneficiary_id, 'approved', now() from line where number = ${numbers.waiting}`,
    ],
    [
      "I4",
      "an event of a task that isn't there",
      (sql) => sql`insert into event (at, kind, line_id, task_id, data, life, from_state, to_state)
        select now(), 'task-opened', id, gen_random_uuid(), '{"task": {"assignees": []}}', 'task', null, 'open' from line where number = ${numbers.pending}`,
    ],
    [
      "I5",
      "an answer that no event stands behind",
      (sql) => sql`insert into inbound (key, fingerprint, answer, at)
        values ('lost', '', jsonb_build_object('said', 'approved', 'about', jsonb_build_object('number', ${String(numbers.pending)}::text)), now() - interval '1 day')`,
    ],
    [
      "I6",
      "a vote that was counted twice",
      (sql) => sql`insert into event (at, kind, actor_id, request_id, line_id, task_id, data)
        select at, kind, actor_id, request_id, line_id, task_id, data from event where kind = 'voted' and line_id = ${line(sql, numbers.waiting)}`,
    ],
    [
      "I7",
      "a rejected line that opens again",
      async (sql) => {
        await sql`insert into event (at, kind, line_id, data, life, from_state, to_state)
          select now(), 'reopened', id, '{}', 'approval', 'rejected', 'pending' from line where number = ${numbers.rejected}`;
        await sql`update line set approval = 'pending', open = true where number = ${numbers.rejected}`;
      },
    ],
    ["I7", "work that stays open on a line that is over", (sql) => sql`update line set open = false where number = ${numbers.pending}`],
    [
      "I8",
      "a decision by somebody who had left before",
      (sql) => sql`with v as (select seq - 1 as before from event where kind = 'voted' and actor_id = 'omar' order by seq desc limit 1)
        insert into event (seq, at, kind, data) overriding system value
        select -1, now(), 'person-moved', jsonb_build_object('person', 'omar', 'from', 'active', 'to', 'left') from v`,
    ],
    [
      "I8",
      "a decision by somebody who was never asked",
      async (sql) => {
        await sql`update event set data = jsonb_set(data, '{task,assignees}', '[{"kind": "person", "person": "cleo", "because": "manager"}]')
          where kind = 'task-opened' and line_id = ${line(sql, numbers.done)} and data->'task'->>'kind' = 'approval'`;
      },
    ],
    [
      "I8",
      "a decision by somebody who was no member of the group that was asked",
      (sql) =>
        sql`update definition set content = jsonb_set(content, '{members}', '["ines", "uma"]') where kind = 'group' and key = 'approvers'`,
    ],
    [
      "I9",
      "access that began without the work",
      async (sql) => {
        await sql`insert into assignment (id, account_id, person_id, application_id, line_id, state, from_at)
          select gen_random_uuid(), gen_random_uuid(), beneficiary_id, application_id, id, 'active', now() from line where number = ${numbers.errored}`;
        await sql`insert into event (at, kind, line_id, data) select now(), 'assignment-started', id, '{}' from line where number = ${numbers.errored}`;
      },
    ],
    [
      "I11",
      "a task whose only approver has left",
      (sql) =>
        sql`update person set state = 'leave' where id = 'cleo'`.then(
          () => sql`update task_assignee set person_id = 'cleo' where task_id = ${taskOf(sql, numbers.pending, "approval")}`,
        ),
    ],
    [
      "I11",
      "a task that asks only the beneficiary",
      (sql) => sql`update task_assignee set person_id = 'rita' where task_id = ${taskOf(sql, numbers.pending, "approval")}`,
    ],
    [
      "I12",
      "a card that nobody carries out",
      (sql) =>
        sql`update effect set state = 'due', run_at = now() - interval '1 hour', leased_until = null where id = (select min(id) from effect)`,
    ],
    [
      "I12",
      "a card that was given up without a word",
      (sql) => sql`update effect set state = 'dead', why = 'channel_not_found' where id = (select min(id) from effect)`,
    ],
  ];

  describe("are broken one by one", () => {
    test.each(DAMAGE)("%s is broken by %s, and nothing else is", async (id, _, damage) => {
      expect(await brokenBy(damage)).toEqual([id]);
    });

    test("every one of them", () => {
      expect([...new Set(DAMAGE.map(([id]) => id))]).toEqual(INVARIANTS.map(({ id }) => id));
    });
  });

  test("hold for what waits for its next try, for what an administrator was told of, and for what is being routed anew", async () => {
    const damage = async (sql: postgres.TransactionSql) => {
      await sql`update effect set run_at = now() - interval '1 day', leased_until = clock_timestamp() + interval '1 minute', why = 'ratelimited'`;
      await sql`update effect set state = 'dead', why = 'is_archived' where id = (select min(id) from effect)`;
      await sql`insert into event (at, kind, data) values (now(), 'not-delivered', '{"why": "is_archived"}')`;
      await sql`update person set state = 'leave' where id = 'max'`;
      await sql`insert into event (at, kind, data) values (now(), 'person-moved', '{"person": "max", "from": "active", "to": "leave"}')`;
      await sql`insert into effect (kind, priority, subject, body, run_at)
        select 'reroute', 1, 'reroute:' || id, '{}', now() from line where number = ${numbers.pending}`;
    };
    expect(await brokenBy(damage)).toEqual([]);
  });
});
