import { v7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Actor, type Commit, type Committed, commit, type Form } from "../../src/db/commit.ts";
import { commitEach } from "../../src/db/commit-each.ts";
import { connect } from "../../src/db/connect.ts";
import { effectRows } from "../../src/db/effect-rows.ts";
import { type ChangeRows, eventRow, NO_ROWS, together } from "../../src/db/rows.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { type Change, changeOf, everything, slowly } from "../operations/changes.ts";
import { APPLICATIONS, application, type Company, company, file, on, once, openTask, PEOPLE, person } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { rounds } from "../setup/thorough.ts";

const ROLES = Array.from({ length: 50 }, (_, n) => `role-${n}`);

/** Lines that a bulk holds, and bulks that are committed over the same lines at once. */
const MANY = rounds(60, 200);
const BULKS = rounds(6, 20);

/** An application of which one person can ask for as many lines as one request may have. */
const vault = application("vault", {
  entitlements: ROLES.map((id) => ({
    id,
    name: id,
    description: "",
    policy: null,
    risk: "low",
    accountType: null,
    maxDuration: null,
    instructions: null,
  })),
});

let it: Company;
let clerk = 0;

/** Clerks of Max's, each of whom asks once: each item may be asked for once, and nobody may have hundreds of open lines. */
const CLERKS = Array.from({ length: 120 }, (_, n) => person(`clerk-${n}`, "max"));

/** Files that many lines, waiting for Max. */
async function waiting(count: number): Promise<readonly number[]> {
  const numbers: number[] = [];
  while (numbers.length < count) {
    const roles = ROLES.slice(0, count - numbers.length);
    numbers.push(...(await file(it, CLERKS[clerk++]?.id ?? "rita", "vault", roles, {})));
  }
  return numbers;
}

/** Files that many lines and brings each to the hands, claimed by Lena. */
async function claimed(count: number): Promise<readonly number[]> {
  const numbers = await waiting(count);
  for (const number of numbers) {
    await on(it, number, "max", { verb: "approve", comment: null });
    await transmit(it.world, await idOf(number));
    await on(it, number, "lena", { verb: "claim" });
  }
  return numbers;
}

async function idOf(number: number): Promise<string> {
  const [row] = await it.connection.sql`select id from line where number = ${number}`;
  return String(row?.id);
}

const approve = { verb: "approve", comment: null } as const;
const approvals = (numbers: readonly number[]): Promise<readonly Change[]> =>
  Promise.all(numbers.map((number) => changeOf(it, number, "max", approve)));

const write = (form: Form, rows: ChangeRows, actor: Actor | null = { person: "max", task: null }, key: Commit["once"] = null) =>
  commit(it.world.db, { form, actor, once: key, rows });

const count = async (query: string) => Number((await it.connection.sql.unsafe(`select count(*) as n from ${query}`))[0]?.n);

describeWithDatabase("a commit in one statement", () => {
  beforeAll(async () => {
    it = await company({ people: [...PEOPLE, ...CLERKS], catalogue: { applications: [...APPLICATIONS, vault] } });
  });
  afterAll(() => it.close());

  test(`of ${MANY} lines all or nothing changes all of them, each with its own task, vote, order and events`, async () => {
    const changes = await approvals(await waiting(MANY));
    const committed = await write("all", together(changes.map(({ rows }) => rows)));
    expect(committed.type).toBe("committed");
    const ids = changes.map(({ line }) => line.id);
    expect(committed.type === "committed" ? new Set(committed.lines) : null).toEqual(new Set(ids));
    const lines = await it.connection.sql`select approval, version, (select count(*) from vote v where v.line_id = l.id) as votes,
      (select count(*) from "order" o where o.line_id = l.id and o.state = 'pending') as orders,
      (select count(*) from event e where e.line_id = l.id and e.kind in ('voted', 'approved', 'order-created')) as events,
      (select count(*) from task t where t.line_id = l.id and t.state = 'done' and t.decided_by = 'max') as tasks from line l where id = any(${ids})`;
    expect(lines).toHaveLength(MANY);
    for (const line of lines)
      expect(line).toMatchObject({ approval: "approved", version: 2, votes: "1", orders: "1", events: "3", tasks: "1" });
  });

  test(`all or nothing is undone wholly when one of ${MANY} lines no longer stands as it was read`, async () => {
    const changes = await approvals(await waiting(MANY));
    const late = changes[MANY - 20];
    await on(it, late?.line.number ?? 0, "max", { verb: "reject", reason: "no" });
    const before = await everything(it);
    expect(await write("all", together(changes.map(({ rows }) => rows)))).toEqual({ type: "stale" });
    expect(await everything(it)).toEqual(before);
  });

  test("each its own skips and names what no longer stands, and writes nothing at all of it", async () => {
    const changes = await approvals(await waiting(MANY));
    const late = new Set([3, MANY - 40, MANY - 1].map((at) => changes[at]?.line.id ?? ""));
    for (const { line } of changes.filter(({ line }) => late.has(line.id)))
      await on(it, line.number, "max", { verb: "reject", reason: "no" });
    const stale = async () =>
      await it.connection.sql`select (select jsonb_agg(to_jsonb(x) order by x.id) from line x where id = any(${[...late]})) as lines,
        (select jsonb_agg(to_jsonb(x) order by x.id) from task x where line_id = any(${[...late]})) as tasks,
        (select jsonb_agg(to_jsonb(x) order by x.seq) from event x where line_id = any(${[...late]})) as events,
        (select jsonb_agg(to_jsonb(x) order by x.id) from effect x where body->>'line' = any(${[...late]})) as effects`;
    const before = await stale();
    const transmissions = await count("effect where kind = 'transmit'");
    const committed = await write("each", together(changes.map(({ rows }) => rows)));
    const kept = changes.map(({ line }) => line.id).filter((id) => !late.has(id));
    expect(committed.type === "committed" ? new Set(committed.lines) : committed).toEqual(new Set(kept));
    expect(await stale()).toEqual(before);
    expect(await count("effect where kind = 'transmit'")).toBe(transmissions + MANY - 3);
    expect(await count(`vote where line_id in (${[...late].map((id) => `'${id}'`).join()}) and vote = 'approved'`)).toBe(0);
    expect(await count(`"order" where line_id in (${[...late].map((id) => `'${id}'`).join()})`)).toBe(0);
  });

  test("each its own opens no account, task or assignment for a skipped line", async () => {
    const numbers = await claimed(3);
    const [first, second, third] = await Promise.all(
      numbers.map((number) => changeOf(it, number, "lena", { verb: "confirm", login: `rita-${number}` })),
    );
    if (!first || !second || !third) throw new Error("three changes");
    await on(it, second.line.number, "lena", { verb: "release", reason: null });
    const before = { accounts: await count("account"), assignments: await count("assignment"), tasks: await count("task") };
    const committed = await write("each", together([first.rows, second.rows, third.rows]), { person: "lena", task: null });
    expect(committed.type === "committed" ? new Set(committed.lines) : committed).toEqual(new Set([first.line.id, third.line.id]));
    expect(await count("account")).toBe(before.accounts + 2);
    expect(await count("assignment")).toBe(before.assignments + 2);
    expect(await count("task")).toBe(before.tasks);
    const logins = (await it.connection.sql`select login from account order by login`).map(({ login }) => login);
    expect(logins).toEqual([first, third].map(({ line }) => `rita-${line.number}`).sort());
    const [left] = await it.connection.sql`select o.state, t.state as task from "order" o join task t on t.line_id = o.line_id
      where o.line_id = ${second.line.id} and t.kind = 'fulfilment'`;
    expect(left).toEqual({ state: "transmitted", task: "open" });
  });

  test("a closed task and two lines' new ones travel together: an error opens a review on each line", async () => {
    const numbers = await claimed(2);
    const changes = await Promise.all(
      numbers.map((number) => changeOf(it, number, "lena", { verb: "report-error", reason: "no licence" })),
    );
    expect(await write("all", together(changes.map(({ rows }) => rows)), { person: "lena", task: null })).toMatchObject({
      type: "committed",
    });
    const opened = await it.connection
      .sql`select kind, state from task where line_id = any(${changes.map(({ line }) => line.id)}) and state = 'open'`;
    expect(opened.map(({ kind }) => kind)).toEqual(["review", "review"]);
  });

  test("a line has one open task: a change that opens a second one is refused, and nothing of it stays", async () => {
    const [number] = await waiting(1);
    const { rows, line } = await changeOf(it, number ?? 0, "max", approve);
    const another = { ...rows.tasks[0], id: v7(), state: "open", outcome: null, decided_by: null, decided_at: null, approver_id: null };
    const before = await everything(it);
    const twice = { ...rows, newTasks: [another, { ...another, id: v7() }] };
    expect(await write("all", twice)).toEqual({ type: "stale" });
    expect(await everything(it)).toEqual(before);
    expect(line.tasks).toHaveLength(1);
  });

  test("whoever was deactivated between load and commit changes nothing", async () => {
    const [number] = await waiting(1);
    const { rows, task } = await changeOf(it, number ?? 0, "max", approve);
    await it.connection.sql`update person set state = 'left' where id = 'max'`;
    const before = await everything(it);
    expect(await write("all", rows, { person: "max", task })).toEqual({ type: "not-allowed" });
    expect(await write("each", rows, { person: "max", task: null })).toEqual({ type: "not-allowed" });
    expect(await everything(it)).toEqual(before);
    await it.connection.sql`update person set state = 'active' where id = 'max'`;
    expect(await write("all", rows, { person: "max", task })).toMatchObject({ type: "committed" });
  });

  test("whoever left the group, or was taken off the task, between load and commit changes nothing", async () => {
    const [number] = await file(it, "rita", "salesforce", ["admin"]);
    const { rows, task } = await changeOf(it, number ?? 0, "ines", approve);
    await it.connection.sql`delete from member where group_id = 'approvers' and person_id = 'ines'`;
    const before = await everything(it);
    expect(await write("all", rows, { person: "ines", task })).toEqual({ type: "not-allowed" });
    expect(await everything(it)).toEqual(before);
    await it.connection.sql`insert into member values ('approvers', 'ines')`;
    const [other] = await waiting(1);
    const named = await changeOf(it, other ?? 0, "max", approve);
    await it.connection.sql`update task_assignee set person_id = 'cleo' where task_id = ${named.task}`;
    expect(await write("all", named.rows, { person: "max", task: named.task })).toEqual({ type: "not-allowed" });
  });

  test("waits for a deactivation under way, and then sees it", async () => {
    const [number] = await waiting(1);
    const { rows, task } = await changeOf(it, number ?? 0, "max", approve);
    let committing: ReturnType<typeof write> | undefined;
    await it.connection.sql.begin(async (tx) => {
      await tx`update person set state = 'left' where id = 'max'`;
      committing = write("all", rows, { person: "max", task });
      await waitsForLock();
    });
    expect(await committing).toEqual({ type: "not-allowed" });
    await it.connection.sql`update person set state = 'active' where id = 'max'`;
  });

  test("under a key that was used already changes nothing, whatever the line says", async () => {
    const [first, second] = await waiting(2);
    const a = await changeOf(it, first ?? 0, "max", approve);
    const b = await changeOf(it, second ?? 0, "max", approve);
    const key = { ...once("a"), answer: { said: "approved" }, at: new Date() };
    expect(await write("all", a.rows, null, key)).toMatchObject({ type: "committed" });
    const before = await everything(it);
    expect(await write("all", b.rows, null, key)).toEqual({ type: "stale" });
    expect(await write("each", b.rows, null, { ...key, fingerprint: "b" })).toEqual({ type: "stale" });
    expect(await everything(it)).toEqual(before);
  });

  test("writes no event without its change and no change without its event", async () => {
    const [number] = await waiting(1);
    const { rows, line } = await changeOf(it, number ?? 0, "max", approve);
    const before = await everything(it);
    // Nothing of what stands beside a line is written without it: here the line is left out.
    expect(await write("each", { ...rows, lines: [] })).toEqual({ type: "committed", lines: [] });
    expect(await everything(it)).toEqual(before);
    // A task that was closed by somebody else undoes its line.
    await it.connection.sql`update task set state = 'closed' where line_id = ${line.id}`;
    const closed = await everything(it);
    expect(await write("all", rows)).toEqual({ type: "stale" });
    expect(await write("each", rows)).toEqual({ type: "stale" });
    expect(await everything(it)).toEqual(closed);
    // An event that the database won't take undoes the line too.
    const broken = { ...rows, events: [{ ...rows.events[0], kind: null }] };
    await expect(write("all", { ...broken, tasks: [] })).rejects.toMatchObject({ code: "23502" });
    expect(await everything(it)).toEqual(closed);
  });

  test("names the index that refused it", async () => {
    const [first, second] = await claimed(2);
    const a = await changeOf(it, first ?? 0, "lena", { verb: "confirm", login: "Taken" });
    const b = await changeOf(it, second ?? 0, "lena", { verb: "confirm", login: "taken" });
    expect(await write("all", a.rows, { person: "lena", task: a.task })).toMatchObject({ type: "committed" });
    const before = await everything(it);
    expect(await write("all", b.rows, { person: "lena", task: b.task })).toEqual({ type: "clash", index: "account_login" });
    expect(await write("each", b.rows, { person: "lena", task: null })).toEqual({ type: "clash", index: "account_login" });
    expect(await everything(it)).toEqual(before);
  });

  test("many at once, each its own: one that an index refuses or that is stale is named, and undoes nothing of the others", async () => {
    const numbers = await claimed(4);
    const logins = ["first", "twice", "TWICE", "fourth"];
    const changes = await Promise.all(
      numbers.map((number, index) => changeOf(it, number, "lena", { verb: "confirm", login: logins[index] ?? "" })),
    );
    await it.connection.sql`update line set version = version + 1 where id = ${changes[3]?.line.id ?? ""}`;
    const parts = changes.map(({ rows, line }) => ({ line: line.id, rows }));
    const ended = await commitEach(it.connection.db, parts, { person: "lena", task: null });
    expect(parts.map(({ line }) => ended[line])).toEqual(["committed", "committed", "clash", "stale"]);
    expect(await count("account where login in ('first', 'twice', 'TWICE', 'fourth')")).toBe(2);
    // With nobody in each other's way, one statement does it.
    expect(await commitEach(it.connection.db, parts.slice(0, 2), { person: "lena", task: null })).toEqual({
      [parts[0]?.line ?? ""]: "stale",
      [parts[1]?.line ?? ""]: "stale",
    });
  });

  test("free-standing events and effects need no line", async () => {
    const at = new Date();
    const rows = {
      ...NO_ROWS,
      events: [eventRow("noted", { at, actor: null, data: { a: 1 } })],
      effects: effectRows([{ kind: "alert", alert: "not-linked", about: { user: "U1" } }], at, null),
    };
    expect(await write("all", rows, null)).toEqual({ type: "committed", lines: [] });
    expect(await count("event where kind = 'noted'")).toBe(1);
    expect(await count("effect where body->>'alert' = 'not-linked'")).toBe(1);
  });

  test(`${BULKS} bulk commits over the same 50 lines, half of them backwards, meet without a deadlock: each line has one winner`, async () => {
    const numbers = await waiting(50);
    const many = connect(it.database.url, { max: BULKS });
    const bulks = await Promise.all(
      Array.from({ length: BULKS }, async (_, turn) => {
        const changes = await approvals(numbers);
        return together((turn % 2 === 0 ? changes : [...changes].reverse()).map(({ rows }) => rows));
      }),
    );
    const ended = await Promise.all(
      bulks.map((rows) => commit(many.db, { form: "each", actor: { person: "max", task: null }, once: null, rows })),
    );
    await many.close();
    // A deadlock's victim would be told `stale` as a whole.
    expect(ended.map(({ type }) => type)).toEqual(ended.map(() => "committed"));
    const won = ended.flatMap((one) => (one.type === "committed" ? one.lines : []));
    expect(won).toHaveLength(50);
    expect(new Set(won).size).toBe(50);
    const lines = await it.connection.sql`select version, (select count(*) from vote v where v.line_id = l.id) as votes,
      (select count(*) from event e where e.line_id = l.id and e.kind = 'approved') as events from line l where number = any(${numbers as number[]})`;
    for (const line of lines) expect(line).toEqual({ version: 2, votes: "1", events: "1" });
  });

  test(`${BULKS} all-or-nothing commits over the same 50 lines have one winner, and the others changed nothing`, async () => {
    const numbers = await waiting(50);
    const many = connect(it.database.url, { max: BULKS });
    const bulks = await Promise.all(Array.from({ length: BULKS }, () => approvals(numbers)));
    const ended = await Promise.all(
      bulks.map((changes, turn) =>
        commit(many.db, {
          form: "all",
          actor: { person: "max", task: null },
          once: null,
          rows: together((turn % 2 === 0 ? changes : [...changes].reverse()).map(({ rows }) => rows)),
        }),
      ),
    );
    await many.close();
    expect(ended.map(({ type }) => type).sort()).toEqual(["committed", ...Array.from({ length: BULKS - 1 }, () => "stale")]);
  });

  test("many accounts with the same logins, confirmed forwards and backwards at once, never wait for each other in a circle", async () => {
    const mine = await claimed(20);
    const theirs = await claimed(20);
    const confirm = (numbers: readonly number[]) =>
      Promise.all(numbers.map((number, at) => changeOf(it, number, "lena", { verb: "confirm", login: `twin-${at}` })));
    const [forwards, backwards] = [await confirm(mine), (await confirm(theirs)).reverse()];
    const lena = { person: "lena", task: null };
    let ended: readonly Committed[] = [];
    await slowly(it.database.ownerUrl, "account", async () => {
      ended = await Promise.all([forwards, backwards].map((changes) => write("all", together(changes.map(({ rows }) => rows)), lena)));
    });
    // A deadlock's victim would be told `stale`.
    expect(ended.map(({ type }) => type).sort()).toEqual(["clash", "committed"]);
  });

  test("a connection cut under it is reported as unknown, and never as refused", async () => {
    const [number] = await waiting(1);
    const { rows, task, line } = await changeOf(it, number ?? 0, "max", approve);
    const cut = connect(it.database.url, { max: 1, name: "to be cut" });
    let committing: ReturnType<typeof write> | undefined;
    await it.connection.sql.begin(async (tx) => {
      await tx`select from line where id = ${line.id} for update`;
      committing = commit(cut.db, { form: "all", actor: { person: "max", task }, once: null, rows });
      await waitsForLock();
      await tx`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be cut' and datname = current_database()`;
    });
    expect(await committing).toEqual({ type: "unknown" });
    await cut.close();
    expect(await openTask(it, line.number)).toMatchObject({ id: task });
  });
});

/** Until some statement of this database waits for a lock. */
async function waitsForLock(): Promise<void> {
  for (;;) {
    if ((await count("pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
