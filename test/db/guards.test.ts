import { v7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Connection, connect } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { everything } from "../operations/changes.ts";
import { type Company, company, file, on, openTask } from "../operations/company.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";

let it: Company;
let owner: Connection;

/** Refused with that SQLSTATE or constraint, and nothing has changed. */
async function refused(as: Connection, query: string, reason: string): Promise<void> {
  const before = await everything(it);
  const error = await as.sql.unsafe(query).then(
    () => ({ code: "nothing refused it", constraint_name: "" }),
    (failure: unknown) => failure as { code: string; constraint_name?: string },
  );
  expect([error.code, error.constraint_name], query).toContain(reason);
  expect(await everything(it)).toEqual(before);
}

/** As whoever may write at all: Latchkey's own role, and the one that owns the schema. */
async function everybody(query: string, reason: string): Promise<void> {
  await refused(it.connection, query, reason);
  await refused(owner, query, reason);
}

async function row(query: string): Promise<Record<string, string>> {
  const [found] = await owner.sql.unsafe(query);
  if (!found) throw new Error(`nothing found: ${query}`);
  return found as unknown as Record<string, string>;
}

const DENIED = "42501";

describeWithDatabase("the database refuses by itself", () => {
  let line: Record<string, string>;
  let task: string;
  let number: number;

  beforeAll(async () => {
    it = await company();
    owner = connect(it.database.ownerUrl, { max: 2 });
    await file(it, "stan", "salesforce", ["reports"]);
    await file(it, "rita", "wiki", [], {});
  });
  afterAll(async () => {
    await owner.close();
    await it.close();
  });
  // One line that waits for its approvers, as it stands between the tests: none of them may change it.
  beforeAll(async () => {
    [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    const [other = 0] = await file(it, "stan", "salesforce", ["admin"]);
    await on(it, other, "omar", { verb: "reject", reason: "no" });
    line = await row(`select * from line where number = ${number}`);
    task = (await openTask(it, number)).id;
  });

  describe("that events are changed", () => {
    test.each([
      "update event set at = now()",
      "update event set actor_id = 'max' where kind = 'submitted'",
      "delete from event",
      "truncate event",
    ])("THREAT-19 by %s, as Latchkey's role and as the owner", async (query) => {
      await refused(it.connection, query, DENIED);
      await refused(owner, query, "LK003");
    });

    test("THREAT-19 by an upsert, or by a merge", async () => {
      const insert = "insert into event (seq, at, kind, data) overriding system value values (1, now(), 'forged', '{}')";
      await refused(it.connection, `${insert} on conflict (seq) do update set kind = 'forged'`, DENIED);
      await refused(owner, `${insert} on conflict (seq) do update set kind = 'forged'`, "LK003");
      await refused(owner, "merge into event e using person p on e.actor_id = p.id when matched then delete", "LK003");
    });
  });

  describe("that votes are changed", () => {
    test.each(["update vote set vote = 'approved'", "delete from vote"])("by %s", async (query) => {
      await refused(it.connection, query, DENIED);
      await refused(owner, query, "LK003");
    });
    test("by truncate", async () => {
      await refused(it.connection, "truncate vote cascade", DENIED);
      await refused(owner, "truncate vote cascade", "LK003");
    });
  });

  describe("self-approval", () => {
    const vote = (person: string, more: Record<string, string> = {}) => {
      const it = { task_id: task, line_id: line.id, requester_id: line.requester_id, beneficiary_id: line.beneficiary_id, ...more };
      return `insert into vote (task_id, person_id, line_id, requester_id, beneficiary_id, vote, at)
        values ('${it.task_id}', '${person}', '${it.line_id}', '${it.requester_id}', '${it.beneficiary_id}', 'approved', now())`;
    };
    const decided = (by: string, approver: string | null) =>
      `update task set state = 'done', outcome = 'approved', decided_by = '${by}', decided_at = now(), approver_id = ${approver ? `'${approver}'` : "null"}
       where id = '${task}'`;

    test("THREAT-4 a vote of the requester or the beneficiary", async () => {
      await everybody(vote("rita"), "vote_not_own_request");
    });

    test("THREAT-4 a vote that names other parties than its line has", async () => {
      await everybody(vote("rita", { requester_id: "stan", beneficiary_id: "stan" }), "vote_parties");
    });

    test("THREAT-4 a vote on one's own task that claims to belong to a stranger's line", async () => {
      const other = await row("select * from line where requester_id = 'stan' limit 1");
      const forged = { line_id: other.id ?? "", requester_id: "stan", beneficiary_id: "stan" };
      await everybody(vote("rita", forged), "vote_task");
    });

    test("THREAT-4 an approval that was decided without a vote, or by somebody else than voted", async () => {
      await everybody(decided("rita", "rita"), "task_approver_voted");
      await everybody(decided("rita", null), "task_approver");
      await everybody(decided("rita", "ines"), "task_approver");
      await everybody(decided("ines", "ines"), "task_approver_voted");
    });

    test("THREAT-4 an approval decided by fewer voices than it needs", async () => {
      await everybody(`with v as (${vote("ines")} returning 1) ${decided("ines", "ines")} and (select count(*) from v) = 1`, "LK006");
    });

    test("THREAT-4 an approval whose decider voted the other way", async () => {
      const against = vote("ines").replace("'approved'", "'rejected'");
      await everybody(
        `with v as (${against} returning 1) ${decided("ines", "ines")} and (select count(*) from v) = 1`,
        "task_approver_voted",
      );
    });

    test("THREAT-4 a line or request whose requester or beneficiary is changed to get around it", async () => {
      await everybody(`update line set requester_id = 'stan' where id = '${line.id}'`, "LK004");
      await everybody(`update line set beneficiary_id = 'stan' where id = '${line.id}'`, "LK004");
      await everybody(`update request set requester_id = 'stan' where id = '${line.request_id}'`, "line_request");
    });

    test("THREAT-4 an approval that becomes another kind of task, needs fewer voices, or moves to another line", async () => {
      await everybody(`update task set kind = 'review' where id = '${task}'`, "LK004");
      await everybody(`update task set needed = 0 where id = '${task}'`, "LK004");
      const other = await row("select id from line where requester_id = 'stan' limit 1");
      await everybody(`update task set line_id = '${other.id}' where id = '${task}'`, "LK004");
    });

    test("THREAT-4 deleting a person or a line that a decision leans on", async () => {
      await everybody(`delete from line where id = '${line.id}'`, "23503");
      await everybody("delete from person where id = 'rita'", "23503");
    });
  });

  describe("what was asked", () => {
    test("is changed after the fact: item, version filed under", async () => {
      await everybody(`update line set entitlement_id = 'reports' where id = '${line.id}'`, "LK004");
      await everybody(`update line set application_id = 'wiki', entitlement_id = null where id = '${line.id}'`, "LK004");
      const policy = await row("select id from definition where kind = 'policy' and key = 'by-manager'");
      await everybody(`update line set policy_definition = ${policy.id} where id = '${line.id}'`, "LK004");
    });
  });

  describe("what is final", () => {
    let rejected: number;
    let done: number;
    beforeAll(async () => {
      [rejected = 0] = await file(it, "lena", "salesforce", ["reports"]);
      await on(it, rejected, "cleo", { verb: "reject", reason: "no" });
      [done = 0] = await file(it, "tom", "wiki", [], {});
      await on(it, done, "cleo", { verb: "approve", comment: null });
      await transmit(it.world, (await row(`select id from line where number = ${done}`)).id ?? "");
      await on(it, done, "lena", { verb: "confirm", login: "tom" });
    });

    test.each(["pending", "approved", "withdrawn", "draft"])("a rejected line that becomes %s", async (state) => {
      await everybody(`update line set approval = '${state}' where number = ${rejected}`, "LK005");
    });

    test("a closed line that opens again", async () => {
      await everybody(`update line set open = true where number = ${rejected}`, "LK005");
      await everybody(`update line set open = true where number = ${done}`, "LK005");
    });

    test("a decided task that opens, is decided anew or by somebody else", async () => {
      const at = `where line_id = (select id from line where number = ${rejected})`;
      await everybody(
        `update task set state = 'open', outcome = null, decided_by = null, decided_at = null, approver_id = null ${at}`,
        "LK005",
      );
      await everybody(`update task set outcome = 'approved' ${at}`, "LK005");
      await everybody(`update task set decided_by = 'max', approver_id = 'max' ${at}`, "LK005");
    });

    test("an order that was carried out, and goes back", async () => {
      const at = `where line_id = (select id from line where number = ${done})`;
      await everybody(`update "order" set state = 'pending' ${at}`, "LK005");
      await everybody(`update "order" set state = 'cancelled' ${at}`, "LK005");
    });

    test("an assignment that had ended, and is active again", async () => {
      await owner.sql`update assignment set state = 'ended', ended_at = now() where person_id = 'tom'`;
      await everybody("update assignment set state = 'active' where person_id = 'tom'", "LK005");
    });
  });

  describe("what may be there only once", () => {
    beforeEach(async () => {
      await owner.sql`delete from account where login ilike 'twice'`;
    });

    const copyOfLine = (from: string, more = "") => `insert into line select * from jsonb_populate_record(null::public.line,
      (select to_jsonb(l) from line l where ${from}) || jsonb_build_object('id', '${v7()}', 'number', nextval('line_number') ${more}))`;

    test("a second open task on one line", async () => {
      await everybody(
        `insert into task select * from jsonb_populate_record(null::task, (select to_jsonb(t) from task t where id = '${task}') || '{"id": "${v7()}"}')`,
        "task_open_once",
      );
    });

    test("a second open line for one item, of the application alone too", async () => {
      await everybody(copyOfLine(`number = ${number}`), "line_open_once");
      await everybody(copyOfLine("requester_id = 'rita' and application_id = 'wiki'"), "line_open_once");
    });

    test("a line for something that is held already", async () => {
      const [mine = 0] = await file(it, "uma", "wiki", [], {});
      await on(it, mine, "cleo", { verb: "approve", comment: null });
      await transmit(it.world, (await row(`select id from line where number = ${mine}`)).id ?? "");
      await on(it, mine, "lena", { verb: "confirm", login: "uma" });
      await everybody(copyOfLine(`number = ${mine}`, ", 'open', true, 'approval', 'pending'"), "line_not_held");
    });

    test("a second active account with the same login, in other letters too", async () => {
      const account = (login: string, person: string) =>
        `insert into account values ('${v7()}', 'salesforce', '${login}', '${person}', '[]', 'active', now())`;
      await owner.sql.unsafe(account("twice", "rita"));
      await everybody(account("TWICE", "stan"), "account_login");
      await everybody(account("Twice", "rita"), "account_login");
      // The login of an account that was removed is free again, and another application has logins of its own.
      await owner.sql`update account set state = 'removed' where login = 'twice'`;
      await it.connection.sql.unsafe(account("TWICE", "stan"));
    });

    test("a second order on one line, a second person with one address, a second owner of one chat login", async () => {
      const existing = await row(`select * from "order" limit 1`);
      await everybody(
        `insert into "order" select * from jsonb_populate_record(null::"order", (select to_jsonb(o) from "order" o where id = '${existing.id}') || '{"id": "${v7()}"}')`,
        "order_line",
      );
      await everybody(
        "update person set email = upper(email) || '' where id = 'rita'; update person set email = 'RITA@acme.example' where id = 'stan'",
        "person_email",
      );
      await everybody(
        `insert into chat_account select '${v7()}', platform, home, "user", 'stan', because, now(), null from chat_account where person_id = 'rita'`,
        "chat_account_login",
      );
    });
  });

  test("that Latchkey's role rewrites what the installation is", async () => {
    await refused(it.connection, "update installation set mark = 'real'", DENIED);
    await refused(it.connection, "delete from latchkey_migration", DENIED);
    await refused(it.connection, "alter table event disable trigger all", DENIED);
    await refused(it.connection, "drop trigger event_append_only on event", DENIED);
    await refused(
      it.connection,
      "create or replace function append_only() returns trigger language plpgsql as 'begin return new; end'",
      DENIED,
    );
  });
});

describeWithDatabase("the clock", () => {
  let database: TestDatabase;
  let real: Connection;
  beforeAll(async () => {
    database = await emptyDatabase();
    await migrate({ ownerUrl: database.ownerUrl, runtimeUrl: database.url, mark: "real" });
    real = connect(database.url, { max: 1 });
  });
  afterAll(async () => {
    await real.close();
    await database.drop();
  });

  test("of a real installation is moved by nobody", async () => {
    const admin = connect(database.ownerUrl, { max: 1 });
    for (const { sql } of [real, admin]) {
      await expect(sql`insert into clock (ahead) values ('1 day')`).rejects.toMatchObject({ code: "LK002" });
      expect((await sql`select app_now() = now() as same`)[0]?.same).toBe(true);
    }
    await admin.close();
  });

  test("of a playground may be moved ahead, and everything that asks for the time follows", async () => {
    const playground = await company();
    await playground.connection.sql`insert into clock (ahead) values ('3 days')`;
    expect((await playground.connection.sql`select app_now() - now() = interval '3 days' as moved`)[0]?.moved).toBe(true);
    const [number = 0] = await file(playground, "rita", "salesforce");
    const [filed] = await playground.connection
      .sql`select submitted_at > now() + interval '2 days' as later from line where number = ${number}`;
    expect(filed?.later).toBe(true);
    await playground.close();
  });
});
