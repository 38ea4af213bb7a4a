/** How much of the outbox a look at it touches, counted in pages rather than in time. */
import { afterEach, expect, test } from "vitest";
import type { Db } from "../../src/db/connect.ts";
import { lease, nextDue, reopen } from "../../src/db/outbox.ts";
import { type Company, company } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Plan[];
}

let it: Company;
const sql = () => it.connection.sql;

/** Runs what is asked of the database with `explain analyze`, and gives the plan. */
async function planOf(ask: (db: Db) => Promise<unknown>): Promise<Plan> {
  let plan: Plan | undefined;
  const client = {
    unsafe: async (text: string, values: never[]) => {
      const rows = await sql().unsafe(`explain (analyze, buffers, format json) ${text}`, values);
      const plans = (rows[0]?.["QUERY PLAN"] ?? []) as readonly { Plan: Plan }[];
      plan = plans[0]?.Plan;
      return [];
    },
  };
  await ask({ $client: client } as unknown as Db);
  if (!plan) throw new Error("nothing was asked");
  return plan;
}

const pages = (plan: Plan) => plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
const nodes = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
const readsAll = (plan: Plan) => nodes(plan).some((one) => one["Node Type"] === "Seq Scan" && one["Relation Name"] === "effect");

/** Effects that were put off for an hour. */
const putOff = (from: number, to: number, priority: number) => sql()`
  insert into effect (kind, priority, subject, body, run_at, leased_until, why)
  select 'home', ${priority}, 'home:p' || n, jsonb_build_object('kind', 'home', 'person', 'p' || n), now() - interval '1 day', now() + interval '1 hour', 'in turn'
  from generate_series(${from}::int, ${to}::int) n`;

describeWithDatabase("a full outbox", () => {
  afterEach(() => it.close());

  test("100,000 effects that wait cost no more than 1,000: what is due now is found in a few pages, and so is when the next will be", async () => {
    it = await company();
    await putOff(1, 500, 2);
    await putOff(501, 1_000, 3);
    await sql()`analyze effect`;
    const few = { lease: pages(await planOf((db) => lease(db, 24))), next: pages(await planOf((db) => nextDue(db))) };
    await putOff(1_001, 50_000, 2);
    await putOff(50_001, 100_000, 3);
    await sql()`vacuum (analyze) effect`;
    const taking = await planOf((db) => lease(db, 24));
    const next = await planOf((db) => nextDue(db));
    expect([taking, next].map(readsAll)).toEqual([false, false]);
    // A deeper index costs a page or two for each of the ten priorities.
    expect(pages(taking)).toBeLessThanOrEqual(few.lease + 40);
    expect(pages(next)).toBeLessThanOrEqual(few.next + 40);

    await sql()`insert into effect (kind, priority, subject, body, run_at) values ('home', 3, 'home:due', '{"kind": "home", "person": "due"}', now())`;
    expect(pages(await planOf((db) => lease(db, 24)))).toBeLessThanOrEqual(few.lease + 80);
    await sql()`update effect set leased_until = null where subject = 'home:due'`;
    expect((await lease(it.world.db, 24)).map(({ subject }) => subject)).toEqual(["home:due"]);
    expect(await nextDue(it.world.db)).toBeLessThanOrEqual(4_000);
  });

  test("what was put off comes back in the order in which it may, after what is more urgent", async () => {
    it = await company();
    await putOff(1, 6, 3);
    await sql()`update effect set leased_until = now() - (6 - id % 6) * interval '1 minute' where priority = 3`;
    await sql()`insert into effect (kind, priority, subject, body, run_at) values ('home', 2, 'home:urgent', '{"kind": "home", "person": "u"}', now())`;
    const waited = await sql()`select subject from effect where priority = 3 order by leased_until`;
    const first = await lease(it.world.db, 4);
    expect(first[0]?.subject).toBe("home:urgent");
    expect(
      first
        .slice(1)
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(
      waited
        .slice(0, 3)
        .map(({ subject }) => String(subject))
        .sort(),
    );
  });

  test("what waited because the app was shut out is due at once when it is let in; what somebody works on, and what waits for its turn, is left alone", async () => {
    it = await company();
    await putOff(1, 3, 3);
    await sql()`update effect set why = 'shut: token_revoked' where subject <> 'home:p1'`;
    await sql()`update effect set leased_until = now() + interval '3 seconds' where subject = 'home:p2'`;
    expect(await reopen(it.world.db, 10)).toBe(1);
    expect((await lease(it.world.db, 10)).map(({ subject, age }) => ({ subject, old: age > 60 }))).toEqual([
      { subject: "home:p3", old: false },
    ]);
    expect(await reopen(it.world.db, 10)).toBe(0);
  });
});
