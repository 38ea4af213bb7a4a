import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "../../src/db/connect.ts";
import type { TaskCommand } from "../../src/domain/commands.ts";
import type { Result } from "../../src/domain/refusals.ts";
import type { Answer, Operations } from "../../src/operations/operations.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { operations } from "../../src/operations/wire.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { rounds } from "../setup/thorough.ts";
import { deadlocks, slowly } from "./changes.ts";
import { type Company, company, file, folder, on, once, openTask, PEOPLE, person } from "./company.ts";

/** Races of many tasks, with passing on and running out of time among them: test/faults/races.test.ts. */
const TIMES = rounds(100, 1_000);
/** How many ask or click at once. */
const MANY = rounds(24, 64);

let it: Company;
let pools: readonly Connection[];
/** Three replicas: the same database, each with connections of its own. */
let replicas: readonly Operations[];

const CROWD = Array.from({ length: 10 }, (_, n) => person(`voter-${n}`, "cleo"));

const replica = (n: number): Operations => replicas[n % replicas.length] as Operations;
const sql = () => it.connection.sql;

async function count(query: string): Promise<number> {
  return Number((await sql().unsafe(`select count(*) as n from ${query}`))[0]?.n);
}

/** What came of it, as one word, with how many times. */
function tally(results: readonly Result<Answer>[]): Record<string, number> {
  const words: Record<string, number> = {};
  for (const result of results) {
    const word = result.ok ? result.value.said : result.refusal.name;
    words[word] = (words[word] ?? 0) + 1;
  }
  return words;
}

describeWithDatabase("many at once", () => {
  beforeAll(async () => {
    const base = folder();
    const groups = base.catalogue.groups.map((one) =>
      one.id === "approvers"
        ? { ...one, members: CROWD.map(({ id }) => id) }
        : one.id === "hands"
          ? { ...one, members: ["lena", "tom", "uma", "omar"] }
          : one,
    );
    it = await company({
      people: [...PEOPLE, ...CROWD],
      catalogue: {
        groups,
        policies: [
          ...base.catalogue.policies,
          {
            id: "by-crowd",
            steps: [{ approvers: { kind: "group", group: "approvers" }, needed: 1, once: false }],
            remind: null,
            escalate: null,
            expireAfter: null,
          },
          {
            id: "by-all",
            steps: [{ approvers: { kind: "group", group: "approvers" }, needed: 10, once: false }],
            remind: null,
            escalate: null,
            expireAfter: null,
          },
        ],
        applications: base.catalogue.applications.map((one) =>
          one.id === "salesforce"
            ? { ...one, entitlements: one.entitlements.map((role) => ({ ...role, policy: role.id === "admin" ? "by-crowd" : "by-all" })) }
            : one,
        ),
      },
    });
    pools = [0, 1, 2].map(() => connect(it.database.url, { max: 8 }));
    replicas = pools.map(({ db }) => operations({ ...it.world, db }));
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    await it.close();
  });

  const ask = (n: number, actor: string, application: string, entitlements: readonly string[], values: Record<string, string>) =>
    replica(n).ask({
      actor,
      beneficiary: actor,
      application,
      submission: { entitlements, justification: `try ${n}`, until: { kind: "days", days: 30 }, values },
      once: once(),
    });

  test(`the same thing can't be asked twice, also under ${MANY} parallel submits: one line, and all others are told its number`, async () => {
    const asked = await Promise.all(Array.from({ length: MANY }, (_, n) => ask(n, "rita", "wiki", [], {})));
    const [won, ...more] = asked.flatMap((result) => (result.ok ? [result.value] : []));
    expect(more).toEqual([]);
    const told = asked.flatMap((result) => (result.ok ? [] : [result.refusal]));
    expect(told).toHaveLength(MANY - 1);
    for (const refusal of told)
      expect(refusal).toEqual({
        name: "faulty-form",
        about: {},
        fields: { application: { name: "already-asked", about: { number: won?.about.numbers } } },
      });
    expect(await count("line where beneficiary_id = 'rita' and application_id = 'wiki'")).toBe(1);
    expect(await count("request where requester_id = 'rita'")).toBe(1);
    expect(await count("event where kind = 'submitted'")).toBe(1);
  });

  test("two items asked for together, in either order, by 16 submits at once: one request gets both, without waiting in a circle", async () => {
    const items = ["reports", "admin"];
    const pool = connect(it.database.url, { max: 8, name: "in a circle" });
    const verbs = operations({ ...it.world, db: pool.db });
    const submission = { justification: "both", until: { kind: "days", days: 30 }, values: { region: "EMEA" } } as const;
    let asked: readonly Result<Answer>[] = [];
    await slowly(it.database.ownerUrl, "line", async () => {
      asked = await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          verbs.ask({
            actor: "stan",
            beneficiary: "stan",
            application: "salesforce",
            submission: { ...submission, entitlements: n % 2 === 0 ? items : [...items].reverse() },
            once: once(),
          }),
        ),
      );
    });
    await pool.close();
    expect(await deadlocks(it, "in a circle")).toBe(0);
    expect(tally(asked)).toEqual({ filed: 1, "faulty-form": 15 });
    expect(await count("line where beneficiary_id = 'stan'")).toBe(2);
    expect(await count("request where requester_id = 'stan'")).toBe(1);
  });

  test("what was just carried out can't be slipped in again while the confirmation is under way", async () => {
    const [number = 0] = await file(it, "ines", "wiki", [], {});
    await on(it, number, "cleo", { verb: "approve", comment: null });
    const [line] = await sql()`select id from line where number = ${number}`;
    await transmit(it.world, String(line?.id));
    const { id, face } = await openTask(it, number);
    const confirm: TaskCommand = { verb: "confirm", login: "ines" };
    const [confirmed, ...asked] = await Promise.all([
      replica(0).act({ actor: "lena", aim: { task: id, face }, command: confirm, once: once(), seen: null }),
      ...Array.from({ length: 32 }, (_, n) => ask(n, "ines", "wiki", [], {})),
    ]);
    expect(confirmed).toMatchObject({ ok: true });
    expect(tally(asked)).toEqual({ "faulty-form": 32 });
    expect(await count("line where beneficiary_id = 'ines'")).toBe(1);
  });

  test(`ASK-7 THREAT-7 of ${MANY} parallel clicks, approvals and rejections of several approvers mixed, one decides and every other is told who did`, async () => {
    for (const [index, requester] of ["max", "lena"].entries()) {
      const [number = 0] = await file(it, requester, "salesforce", ["admin"]);
      const { id, face } = await openTask(it, number);
      const clicks = await Promise.all(
        Array.from({ length: MANY }, (_, n) => {
          const command: TaskCommand = (n + index) % 2 === 0 ? { verb: "approve", comment: null } : { verb: "reject", reason: "not now" };
          return replica(n).act({ actor: `voter-${n % 10}`, aim: { task: id, face }, command, once: once(), seen: null });
        }),
      );
      const won = clicks.flatMap((click, n) => (click.ok ? [{ said: click.value.said, by: `voter-${n % 10}` }] : []));
      expect(won).toHaveLength(1);
      const [decided] = await sql()`select outcome, decided_by, decided_at from task where id = ${id}`;
      expect(decided).toMatchObject({ outcome: won[0]?.said, decided_by: won[0]?.by });
      const name = (won[0]?.by ?? "").replace(/^v/, "V");
      for (const click of clicks) {
        if (click.ok) continue;
        expect(click.refusal).toMatchObject({ name: "already-decided", about: { by: name, outcome: won[0]?.said } });
        expect(new Date(click.refusal.about.at ?? "").getTime()).toBe(new Date(String(decided?.decided_at)).getTime());
      }
      expect(await count(`vote where task_id = '${id}'`)).toBe(1);
      expect(await count(`event where task_id = '${id}' and kind = 'task-decided'`)).toBe(1);
      expect(await count(`effect where kind = 'tell' and body->>'line' = (select line_id::text from task where id = '${id}')`)).toBe(1);
    }
  });

  test("ten who all have to approve, clicking at once, are all counted", async () => {
    const [number = 0] = await file(it, "uma", "salesforce", ["reports"]);
    const { id, face } = await openTask(it, number);
    const clicks = await Promise.all(
      CROWD.map(({ id: actor }, n) =>
        replica(n).act({ actor, aim: { task: id, face }, command: { verb: "approve", comment: null }, once: once(), seen: null }),
      ),
    );
    expect(tally(clicks)).toEqual({ "vote-counted": 9, approved: 1 });
    expect(await count(`vote where task_id = '${id}'`)).toBe(10);
    const [line] = await sql()`select approval, version from line where number = ${number}`;
    expect(line).toEqual({ approval: "approved", version: 11 });
  });

  test("IDH-9 of four who claim at once, over and over, one has it and the others are told whose it is", async () => {
    const [number = 0] = await file(it, "omar", "salesforce");
    await on(it, number, "cleo", { verb: "approve", comment: null });
    const [line] = await sql()`select id from line where number = ${number}`;
    await transmit(it.world, String(line?.id));
    for (let round = 0; round < 3; round++) {
      const { id, face } = await openTask(it, number);
      const claims = await Promise.all(
        Array.from({ length: 32 }, (_, n) =>
          replica(n).act({
            actor: ["lena", "tom", "uma", "omar"][n % 4] ?? "",
            aim: { task: id, face },
            command: { verb: "claim" },
            once: once(),
            seen: null,
          }),
        ),
      );
      expect(tally(claims)).toEqual({ claimed: 1, "already-claimed": 31 });
      const [task] = await sql()`select claimed_by, face from task where id = ${id}`;
      const holder = String(task?.claimed_by);
      const told = claims.flatMap((claim) => (claim.ok ? [] : [claim.refusal.about.by]));
      expect(new Set(told)).toEqual(new Set([holder[0]?.toUpperCase() + holder.slice(1)]));
      expect(await on(it, number, holder, { verb: "release", reason: null })).toMatchObject({ ok: true });
    }
  });

  test(`THREAT-3 the same command ${TIMES} times over three replicas is one decision, one event and one answer`, async () => {
    const [number = 0] = await file(it, "voter-0", "wiki", [], {});
    const { id, face } = await openTask(it, number);
    const key = { key: "slack:T0ACME:C1:1700000000.000100:approve:cleo:1", fingerprint: "approve" };
    const before = await count("event");
    const answers: Result<Answer>[] = [];
    for (let batch = 0; batch < TIMES / 100; batch++) {
      answers.push(
        ...(await Promise.all(
          Array.from({ length: 100 }, (_, n) =>
            replica(n).act({ actor: "cleo", aim: { task: id, face }, command: { verb: "approve", comment: null }, once: key, seen: null }),
          ),
        )),
      );
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ ok: true, value: { said: "approved" } });
    expect(await count(`vote where task_id = '${id}'`)).toBe(1);
    expect(await count(`event where task_id = '${id}' and kind = 'task-decided'`)).toBe(1);
    // voted, decided, step passed, approved, order made: once
    expect(await count("event")).toBe(before + 5);
    expect(await count(`inbound where key = '${key.key}'`)).toBe(1);
  });

  test(`THREAT-3 the same request sent ${MANY} times is filed once; the same key with other content is refused`, async () => {
    const key = { key: "slack:T0ACME:V1:submit", fingerprint: "first" };
    const submit = (n: number, fingerprint: string) =>
      replica(n).ask({
        actor: "voter-1",
        beneficiary: "voter-1",
        application: "wiki",
        submission: { entitlements: [], justification: "To read", until: null, values: {} },
        once: { ...key, fingerprint },
      });
    const answers = await Promise.all(Array.from({ length: MANY }, (_, n) => submit(n, "first")));
    expect(tally(answers)).toEqual({ filed: MANY });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await count("line where beneficiary_id = 'voter-1'")).toBe(1);
    expect(await submit(0, "second")).toMatchObject({ ok: false, refusal: { name: "key-reused" } });
    expect(await count("line where beneficiary_id = 'voter-1'")).toBe(1);
  });

  test("an approval that loses its connection under way is told what became of it: it is done once", async () => {
    const [number = 0] = await file(it, "voter-2", "wiki", [], {});
    const { id, face } = await openTask(it, number);
    const cut = connect(it.database.url, { max: 1, name: "to be cut" });
    const fragile = operations({ ...it.world, db: cut.db });
    await fragile.task(id, null);
    let acting: Promise<Result<Answer>> | undefined;
    await sql().begin(async (tx) => {
      await tx`select from line where number = ${number} for update`;
      acting = fragile.act({
        actor: "cleo",
        aim: { task: id, face },
        command: { verb: "approve", comment: null },
        once: once(),
        seen: null,
      });
      while ((await count("pg_stat_activity where application_name = 'to be cut' and wait_event_type = 'Lock'")) === 0)
        await new Promise((resolve) => setTimeout(resolve, 5));
      await tx`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be cut' and datname = current_database()`;
    });
    expect(await acting).toMatchObject({ ok: true, value: { said: "approved" } });
    expect(await count(`vote where task_id = '${id}'`)).toBe(1);
    await cut.close();
  });
});
