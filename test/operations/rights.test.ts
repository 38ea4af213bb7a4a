import fc from "fast-check";
import { v7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyFolder } from "../../src/db/apply.ts";
import { connect } from "../../src/db/connect.ts";
import type { TaskCommand, Verb } from "../../src/domain/commands.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { operations } from "../../src/operations/wire.ts";
import { anyCharacter } from "../setup/characters.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { rounds } from "../setup/thorough.ts";
import { slowly } from "./changes.ts";
import { type Company, company, file, folder, on, once, openTask, PEOPLE, person } from "./company.ts";

let it: Company;
const sql = () => it.connection.sql;

const STRANGERS = ["", "nobody", "Max", "max ", "max\0", "' or true --", "ghost"];
/** Lou is on leave, though he stands in every group; Fay starts next month. */
const ABSENT = [
  person("lou", "max", { state: "leave" }),
  person("fay", "max", { state: "future" }),
  person("gus", "max", { state: "left" }),
];

async function idOf(number: number): Promise<string> {
  const [line] = await sql()`select id from line where number = ${number}`;
  return String(line?.id);
}

/** Brings a line that its manager or Tom may approve before the hands. */
async function atTheHands(number: number, approver: string): Promise<void> {
  await on(it, number, approver, { verb: "approve", comment: null });
  await transmit(it.world, await idOf(number));
}

function commandOf(verb: Verb): TaskCommand {
  switch (verb) {
    case "approve":
      return { verb, comment: null };
    case "reject":
    case "report-error":
    case "cancel-order":
      return { verb, reason: "because" };
    case "confirm":
      return { verb, login: v7() };
    case "release":
      return { verb, reason: "because" };
    case "reassign":
      return { verb, to: INSTEAD, reason: "because" };
    case "claim":
    case "retry":
      return { verb };
  }
}

const VERBS = ["approve", "reject", "claim", "release", "confirm", "report-error", "retry", "cancel-order", "reassign"] as const;
/** Whom a reassignment of these tests names. */
const INSTEAD = ["uma", "omar"] as const;

/** Who may do it, asked of the tables alone. */
async function mayDo(task: string, face: number | null, actor: string, verb: Verb): Promise<boolean> {
  const [row] = await sql()`
    select t.kind, t.claimed_by, ${face}::int is null or t.face = ${face}::int as fresh,
      ${actor} in (l.requester_id, l.beneficiary_id) as party,
      exists (select from vote v where v.task_id = t.id and v.person_id = ${actor}) as voted,
      (select count(*) from task_assignee a where a.task_id = t.id) = 1
        and exists (select from task_assignee a where a.task_id = t.id and a.person_id = ${actor}) as alone,
      exists (select from task_assignee a left join member m on m.group_id = a.group_id
        where a.task_id = t.id and (a.person_id = ${actor} or m.person_id = ${actor})) as asked,
      exists (select from member m where m.group_id = 'administrators' and m.person_id = ${actor}) as administrator,
      t.kind = 'approval' and exists (select from unnest(${[...INSTEAD]}::text[]) named(id) where named.id in (l.requester_id, l.beneficiary_id)
        or exists (select from vote v where v.task_id = t.id and v.person_id = named.id)) as unfit
    from task t join line l on l.id = t.line_id join person x on x.id = ${actor} and x.state = 'active'
    where t.id = ${task} and t.state = 'open'`;
  if (!row?.fresh) return false;
  if (verb === "reassign") return row.administrator && !row.unfit && !(row.kind === "approval" && row.party);
  if (verb === "release" && row.administrator) return row.kind === "fulfilment" && row.claimed_by !== null;
  if (!row.asked) return false;
  switch (verb) {
    case "approve":
    case "reject":
      return row.kind === "approval" && !row.party && !row.voted;
    case "claim":
      return row.kind === "fulfilment" && row.claimed_by === null;
    case "release":
      return row.kind === "fulfilment" && row.claimed_by === actor;
    case "confirm":
    case "report-error":
      return row.kind === "fulfilment" && (row.claimed_by === actor || (row.claimed_by === null && row.alone === true));
    case "retry":
    case "cancel-order":
      return row.kind === "review";
  }
}

const askFor = (actor: string) => ({
  actor,
  beneficiary: actor,
  application: "wiki",
  submission: { entitlements: [], justification: "To read", until: null, values: {} },
  once: once(),
});

const refusals = async (actor: string) =>
  (
    await sql()`select data->>'refusal' as refusal, data->>'verb' as verb from event where kind = 'refused' and actor_id = ${actor} order by seq`
  ).map(({ refusal, verb }) => `${verb} ${refusal}`);

describeWithDatabase("the right to act", () => {
  beforeAll(async () => {
    const groups = folder().catalogue.groups.map((one) => ({ ...one, members: [...one.members, "lou", "fay", "gus"] }));
    it = await company({ people: [...PEOPLE, ...ABSENT], catalogue: { groups } });
  });
  afterAll(() => it.close());

  test("THREAT-5 whatever task, face and verb a button carries and whoever clicks, it succeeds exactly for the live assignees", async () => {
    const numbers: number[] = [];
    for (const one of ["rita", "stan", "ines", "omar", "lena", "tom", "uma", "max"]) {
      numbers.push(...(await file(it, one, "salesforce", ["reports", "admin"])), ...(await file(it, one, "wiki", [], {})));
    }
    // Some wait for approval, some for their hands, some for a second look.
    for (const [index, number] of numbers.entries()) {
      const open = await it.operations.task((await openTask(it, number)).id, null);
      const named = open?.task.assignees[0];
      if (index % 3 === 0 || named?.kind !== "person") continue;
      await atTheHands(number, named.person);
      if (index % 3 === 2) continue;
      const work = await it.operations.task((await openTask(it, number)).id, null);
      if (work?.task.assignees[0]?.kind === "group") await on(it, number, "tom", { verb: "claim" });
      await on(it, number, work?.task.assignees[0]?.kind === "group" ? "tom" : "lena", { verb: "report-error", reason: "no" });
    }
    const known = (await sql()`select id, face from task order by opened_at`).map(({ id, face }) => ({
      id: String(id),
      face: Number(face),
    }));
    const before = await sql()`select count(*) as tasks from task where state <> 'open'`;
    let done = 0;
    const tasks = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...known.map(({ id }) => id)) },
      { weight: 1, arbitrary: fc.uuid() },
      { weight: 1, arbitrary: fc.string({ unit: anyCharacter }) },
    );
    const people = fc.constantFrom(...[...PEOPLE, ...ABSENT].map(({ id }) => id), ...STRANGERS);
    const faces = fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, -1, 2 ** 31, 1.5, Number.NaN));
    const anything = fc.record({ task: tasks, actor: people, face: faces, verb: fc.constantFrom(...VERBS) });
    // Left to chance alone, hardly anybody would ever be allowed: half of the clicks come from people who hold the task, on the card as it is.
    const nearly = async (pick: number) => {
      const held = await sql()`select distinct t.id as task, t.face, x.id as actor from task t join task_assignee a on a.task_id = t.id
        left join member m on m.group_id = a.group_id join person x on x.id = coalesce(a.person_id, m.person_id) where t.state = 'open' order by 1, 3`;
      const one = held[pick % held.length];
      return one ? { task: String(one.task), face: Number(one.face), actor: String(one.actor) } : {};
    };
    await fc.assert(
      fc.asyncProperty(anything, fc.option(fc.nat()), async (given, pick) => {
        const { task, actor, face, verb } = pick === null ? given : { ...given, ...(await nearly(pick)) };
        const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(task);
        const whole = face === null || (Number.isInteger(face) && face < 2 ** 31);
        const may = uuid && whole && !actor.includes("\0") && (await mayDo(task, face, actor, verb));
        const acted = await it.operations.act({ actor, aim: { task, face }, command: commandOf(verb), once: once(), seen: null });
        expect({ ok: acted.ok, refusal: acted.ok ? null : acted.refusal.name }).toMatchObject({ ok: may });
        if (acted.ok) done += 1;
      }),
      { numRuns: rounds(100, 600), seed: 20260301 },
    );
    expect(done).toBeGreaterThan(10);
    const after = await sql()`select count(*) as tasks from task where state <> 'open'`;
    expect(Number(after[0]?.tasks)).toBeGreaterThan(Number(before[0]?.tasks));
    const byStrangers = await sql()`select 1 from task t join person x on x.id = t.decided_by where x.state <> 'active'`;
    expect(byStrangers).toEqual([]);
    const own = await sql()`select 1 from vote v join line l on l.id = v.line_id where v.person_id in (l.requester_id, l.beneficiary_id)`;
    expect(own).toEqual([]);
  });

  test("THREAT-6 a card that has become old is refused, changes nothing, and leaves one event a minute however often it is clicked", async () => {
    const fresh = await company();
    const [number = 0] = await file(fresh, "rita", "salesforce");
    await on(fresh, number, "max", { verb: "approve", comment: null });
    const [line] = await fresh.connection.sql`select id, version from line where number = ${number}`;
    await transmit(fresh.world, String(line?.id));
    const seenByLena = await openTask(fresh, number);
    await on(fresh, number, "tom", { verb: "claim" });
    await on(fresh, number, "tom", { verb: "release", reason: null });
    const [before] = await fresh.connection.sql`select version from line where number = ${number}`;
    const pool = connect(fresh.database.url, { max: 20 });
    const many = operations({ ...fresh.world, db: pool.db });
    const click = () =>
      many.act({
        actor: "lena",
        aim: { task: seenByLena.id, face: seenByLena.face },
        command: { verb: "claim" },
        once: once(),
        seen: { platform: "slack", conversation: "C1", message: "1.2" },
      });
    await slowly(fresh.database.ownerUrl, "event", async () => {
      const clicks = await Promise.all(Array.from({ length: 40 }, click));
      for (const refused of clicks) expect(refused).toMatchObject({ ok: false, refusal: { name: "stale-card" } });
    });
    const events = async () =>
      await fresh.connection.sql`select actor_id, task_id, line_id, data, seen, life from event where kind = 'refused' order by seq`;
    expect(await events()).toEqual([
      {
        actor_id: "lena",
        task_id: seenByLena.id,
        line_id: line?.id,
        data: { verb: "claim", refusal: "stale-card" },
        seen: { platform: "slack", conversation: "C1", message: "1.2" },
        life: null,
      },
    ]);
    expect(await fresh.connection.sql`select version from line where number = ${number}`).toEqual([before]);
    await fresh.connection.sql`insert into clock (ahead) values ('61 seconds')`;
    await click();
    await click();
    expect(await events()).toHaveLength(2);
    await pool.close();
    await fresh.close();
  });

  test("ASK-5 leaving a group takes the right away at once, joining it gives it at once; nothing else does", async () => {
    const [number = 0] = await file(it, "cleo", "salesforce", ["admin"]);
    const approve = (actor: string) => on(it, number, actor, { verb: "approve", comment: null });
    expect(await approve("max")).toMatchObject({ ok: false, refusal: { name: "not-yours" } });
    expect(await refusals("max")).toContain("approve not-yours");
    const regroup = async (members: readonly string[]) => {
      const groups = folder().catalogue.groups.map((one) => (one.id === "approvers" ? { ...one, members: [...members] } : one));
      await applyFolder(it.database.url, folder({ people: [...PEOPLE, ...ABSENT], catalogue: { groups } }), { by: "test", newId: v7 });
    };
    await regroup(["max", "uma"]);
    expect(await approve("ines")).toMatchObject({ ok: false, refusal: { name: "not-yours" } });
    expect(await approve("max")).toMatchObject({ ok: true, value: { said: "vote-counted" } });
    await regroup(["uma"]);
    // A vote that was given stays, though its voter has left the group.
    expect(await approve("uma")).toMatchObject({ ok: true, value: { said: "approved" } });
    await regroup(["ines", "omar", "uma"]);
  });

  test("THREAT-4 somebody whose own request reaches their own group is told that others decide", async () => {
    const [number = 0] = await file(it, "cleo", "wiki", [], {});
    const asked = await it.operations.task((await openTask(it, number)).id, null);
    expect(asked?.task.assignees).toMatchObject([{ kind: "person", person: "tom", because: "technical-owner" }]);
    expect(await on(it, number, "cleo", { verb: "approve", comment: null })).toMatchObject({ ok: false, refusal: { name: "own-request" } });
    expect(await refusals("cleo")).toContain("approve own-request");
    expect(await on(it, number, "tom", { verb: "reject", reason: "no" })).toMatchObject({ ok: true });
  });

  test("whoever was deactivated is refused on every card, and it is written down", async () => {
    const fresh = await company();
    const [number = 0] = await file(fresh, "rita", "salesforce");
    const { id } = await openTask(fresh, number);
    await fresh.connection.sql`update person set state = 'left' where id = 'max'`;
    const told: string[] = [];
    for (const verb of VERBS) {
      const act = { actor: "max", aim: { task: id, face: null }, command: commandOf(verb), once: once(), seen: null };
      const acted = await fresh.operations.act(act);
      told.push(acted.ok ? "ok" : acted.refusal.name);
    }
    const refusal = (verb: Verb) => told[VERBS.indexOf(verb as (typeof VERBS)[number])];
    for (const verb of VERBS) expect(refusal(verb)).toBe(["approve", "reject", "reassign"].includes(verb) ? "not-active" : "no-such-task");
    const written = await fresh.connection.sql`select actor_id, data from event where kind = 'refused' order by seq`;
    expect(written).toEqual(["approve", "reject", "reassign"].map((verb) => ({ actor_id: "max", data: { verb, refusal: "not-active" } })));
    expect(await fresh.operations.ask(askFor("max"))).toMatchObject({ ok: false, refusal: { name: "not-active" } });
    await fresh.close();
  });
});
