import { afterEach, expect, test } from "vitest";
import { type Connection, connect } from "../../src/db/connect.ts";
import type { Policy } from "../../src/domain/catalogue.ts";
import { tick } from "../../src/operations/tick.ts";
import { hasten, type Stage, settled, stage } from "../delivery/stage.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { rounds } from "../setup/thorough.ts";
import { approve, goTo, MONDAY_TEN } from "./acts.ts";
import { application, type Company, company, file, folder, PEOPLE, person } from "./company.ts";
import { carried } from "./outbox.ts";

let it: Company;
let pools: readonly Connection[] = [];

const HOUR = { kind: "elapsed", seconds: 3600 } as const;
const TWO_HOURS = { kind: "elapsed", seconds: 7200 } as const;
const clocks = {
  remind: { after: HOUR, every: HOUR, grow: 1, atMost: 5 },
  escalate: { after: TWO_HOURS, to: [{ kind: "manager" }, { kind: "administrators" }] },
  expireAfter: { kind: "elapsed", seconds: 24 * 3600 },
} as const;
const POLICY: Policy = { id: "by-manager", steps: [{ approvers: { kind: "manager" }, needed: 1, once: false }], ...clocks };
const CROWD = Array.from({ length: rounds(6, 12) }, (_, n) => person(`asker-${n}`, "max"));

/** What happened once to each. */
const EACH = `${CROWD.length} on ${CROWD.length}`;

/** Each of them waits for an answer, and three processes look after them: the same database, each with connections of its own. */
async function waiting(replicas = 3): Promise<readonly number[]> {
  const { groups } = folder().catalogue;
  it = await company({
    people: [...PEOPLE, ...CROWD],
    catalogue: { groups, policies: [POLICY], applications: [application("wiki", { fulfillers: { kind: "person", person: "lena" } })] },
  });
  pools = Array.from({ length: replicas }, () => connect(it.database.url, { max: 8 }));
  await goTo(it, MONDAY_TEN);
  const numbers: number[] = [];
  for (const { id } of CROWD) numbers.push(...(await file(it, id, "wiki", [], {})));
  return numbers;
}

const worlds = () => pools.map(({ db }) => ({ ...it.world, db }));

/** Kinds of hops with how often each happened, over all lines: `reminded 1: 12 on 12`. */
async function hops(): Promise<readonly string[]> {
  const rows = await it.connection.sql`
    select e.kind, coalesce(e.data->>'nth', e.data->>'rung', '') as nth, count(*)::int as n, count(distinct e.line_id)::int as lines
    from event e where e.kind in ('reminded', 'escalated', 'expired') group by 1, 2 order by min(e.seq)`;
  return rows.map(({ kind, nth, n, lines }) => `${kind} ${nth}: ${n} on ${lines}`);
}

describeWithDatabase("several processes on one database", () => {
  afterEach(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    await it.close();
  });

  test("OIM-3 look at the clocks at the same time, again and again: each reminder and each rung happens once for each request, and none is lost", async () => {
    await waiting();
    const together = () => Promise.all([...worlds(), ...worlds()].map((world) => tick(world)));
    await goTo(it, "2100-01-04T10:10:00Z");
    const done = await together();
    expect(done.reduce((sum, n) => sum + n, 0)).toBe(CROWD.length);
    expect(await hops()).toEqual([`reminded 1: ${EACH}`]);
    // The second reminder comes before the first rung, after which reminders begin anew.
    await goTo(it, "2100-01-04T11:15:00Z");
    await together();
    const after = await hops();
    expect(after.filter((hop) => hop.startsWith("escalated"))).toEqual([`escalated 1: ${EACH}`]);
    await goTo(it, "2100-01-05T10:00:00Z");
    await together();
    expect((await hops()).at(-1)).toBe(`expired : ${EACH}`);
    const told = await it.connection
      .sql`select body->>'line' as line, count(*)::int as n from effect where kind = 'tell' and body->>'notice' = 'expired' group by 1`;
    expect(told.map(({ n }) => n)).toEqual(Array(CROWD.length).fill(1));
  });

  test("OIM-3 of which all were down for a day come back together: one reminder each, not a heap", async () => {
    await waiting();
    await it.connection.sql`update task set expire_at = null, escalate_at = null`;
    await goTo(it, "2100-01-05T20:00:00Z");
    await Promise.all(worlds().map((world) => tick(world)));
    await Promise.all(worlds().map((world) => tick(world)));
    expect(await hops()).toEqual([`reminded 1: ${EACH}`]);
  });

  test("ASK-1 deliver what was reminded and decided meanwhile: each word stands in each thread once, each card once, and nothing waits", async () => {
    const numbers = await waiting();
    const first = stage(it, { connection: pools[0] as Connection });
    const others = pools.slice(1).map((connection) => stage(it, { channel: first.channel, connection }));
    const all: readonly Stage[] = [first, ...others];
    await settled(it, ...all);
    await goTo(it, "2100-01-04T10:10:00Z");
    const decided = numbers.slice(0, numbers.length / 3);
    await Promise.all([
      ...worlds().map((world) => tick(world)),
      ...all.map((one) => one.deliver()),
      (async () => {
        for (const number of decided) expect(await approve(it, number, "max")).toBe("approved");
      })(),
    ]);
    await hasten(it);
    await settled(it, ...all);
    const keys = first.channel.shown.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    // Whoever had decided already isn't reminded, though the reminder may have been on its way.
    const replies = first.channel.shown.filter(({ to }) => to.kind === "thread");
    // All of them stand on one digest, whose thread tells in one reply how many wait.
    const reminders = replies.reduce((sum, { card }) => sum + Number(/\d+/.exec(card.summary)?.[0] ?? 1), 0);
    const reminded = (await it.connection.sql`select 1 from event where kind = 'reminded'`).length;
    expect(reminders).toBeLessThanOrEqual(reminded);
    expect(reminders).toBeGreaterThanOrEqual(numbers.length - decided.length);
    const [left] = await it.connection.sql`select count(*)::int as n from effect where state <> 'done'`;
    expect(left?.n).toBe(0);
    expect(all.flatMap(({ notes }) => notes.filter(({ level }) => level === "error"))).toEqual([]);
  });

  test("ASK-11 route anew what asked somebody who left, at the same time: each request is handed on once", async () => {
    await waiting();
    await it.connection.sql`update person set state = 'left' where id = 'max'`;
    await it.connection.sql`insert into effect (kind, priority, subject, body, run_at)
      select 'reroute', 1, 'reroute:' || l.id || n, jsonb_build_object('kind', 'reroute', 'line', l.id), app_now() from line l, generate_series(1, 3) n`;
    const first = stage(it, { connection: pools[0] as Connection });
    // One chat for all: in a chat of its own a process would not find what another one sent.
    const all = [first, ...pools.slice(1).map((connection) => stage(it, { channel: first.channel, connection }))];
    await Promise.all(all.map((one) => one.deliver()));
    await carried(it);
    const handed = await it.connection.sql`select line_id, count(*)::int as n from event where kind = 'reassigned' group by 1`;
    expect(handed.map(({ n }) => n)).toEqual(Array(CROWD.length).fill(1));
  });
});
