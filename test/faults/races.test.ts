/** Many at once on one task, over and over: whoever comes first decides, and everybody else hears what happened. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalText } from "../../src/cards/answers.ts";
import { type Connection, connect } from "../../src/db/connect.ts";
import { checkInvariants } from "../../src/db/invariants.ts";
import type { TaskCommand } from "../../src/domain/commands.ts";
import type { Refusal, Result } from "../../src/domain/refusals.ts";
import type { Answer } from "../../src/operations/operations.ts";
import { tick } from "../../src/operations/tick.ts";
import { operations } from "../../src/operations/wire.ts";
import type { World } from "../../src/operations/world.ts";
import { en } from "../../src/texts/en.ts";
import { wordsOf } from "../channels/stage.ts";
import { application, type Company, company, file, folder, once, openTask, PEOPLE, person } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { chance } from "./repeated.ts";

/** 200 in CI, 10,000 for a night. */
const RACES = Number(process.env.LATCHKEY_RACES ?? 20);
const SEED = Number(process.env.LATCHKEY_SEED ?? Math.floor(Math.random() * 2 ** 31));
const AT_ONCE = 64;

const VOTERS = Array.from({ length: 8 }, (_, n) => person(`voter-${n}`, "cleo"));
const HEIRS = ["uma", "omar"] as const;
/** Nobody may have more than a hundred requests open. */
const ASKERS = Array.from({ length: 120 }, (_, n) => person(`asker-${n}`, "max"));
const APPLICATIONS = Array.from({ length: Math.ceil((2 * RACES) / ASKERS.length) }, (_, n) =>
  application(`app-${n}`, { policy: "by-crowd" }),
);

/** What else happens to a task while people click. */
const FATES = ["people decide", "it is passed on", "its time runs out", "it is passed on and its time runs out"] as const;
type Fate = (typeof FATES)[number];

interface Click {
  readonly actor: string;
  readonly face: number | null;
  readonly command: TaskCommand;
}

let it: Company;
let pools: readonly Connection[];
let filed = 0;
/** How each race ended. */
const ends: string[] = [];

const sql = () => it.connection.sql;

/** The clicks of one race, in an order that nobody chose. */
function clicksOn(face: number, fate: Fate, draw: () => number): readonly Click[] {
  const clicks = Array.from({ length: AT_ONCE }, (_, n): Click => {
    const command: TaskCommand = draw() < 0.5 ? { verb: "approve", comment: null } : { verb: "reject", reason: "not now" };
    if (!fate.includes("passed on")) return { actor: `voter-${n % VOTERS.length}`, face, command };
    // An administrator passes it on, twice; those who are asked then type, and don't look at a card.
    if (n < 2) return { actor: "cleo", face: null, command: { verb: "reassign", to: HEIRS, reason: "They know it" } };
    if (n < 10) return { actor: HEIRS[n % 2] ?? "uma", face: null, command };
    return { actor: `voter-${n % VOTERS.length}`, face, command };
  });
  const placed = clicks.map((click) => ({ click, place: draw() })).toSorted((a, b) => a.place - b.place);
  return placed.map(({ click }) => click);
}

interface Outcome {
  readonly approval: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly decided_by: string | null;
  readonly votes: number;
  readonly ends: number;
}

async function outcomeOf(task: string): Promise<Outcome> {
  const [row] = await sql()<Outcome[]>`select l.approval, t.state, t.outcome, t.decided_by,
    (select count(*)::int from vote v where v.task_id = t.id) as votes,
    (select count(*)::int from event e where e.task_id = t.id and e.kind in ('task-decided', 'task-closed')) as ends
    from task t join line l on l.id = t.line_id where t.id = ${task}`;
  if (!row) throw new Error("the task is gone");
  return row;
}

const NAMES = new Map([...PEOPLE, ...VOTERS].map(({ id, name }) => [id, name]));

/** Whether the loser was told what happened, by name where somebody did it. */
function isTold({ name, about }: Refusal, click: Click, is: Outcome): boolean {
  const said = wordsOf([{ text: JSON.stringify(refusalText({ name, about }, en)) }]);
  if (name === "already-decided" && is.outcome === "expired") return about.outcome === "expired" && said.includes("expired");
  if (name === "already-decided")
    return about.by === NAMES.get(is.decided_by ?? "") && about.outcome === is.outcome && said.includes(about.by ?? "?");
  // Whoever was asked and is not any more hears who passed it on; whoever isn't asked yet, that it isn't theirs.
  if (name !== "not-yours") return false;
  return HEIRS.some((heir) => heir === click.actor) ? about.by === undefined : about.outcome === "reassigned" && said.includes("Cleo");
}

/** One race; gives how it ended, in a word. */
async function race(worlds: readonly World[], fate: Fate, draw: () => number): Promise<string> {
  const verbs = worlds.map((world) => operations(world));
  const asker = ASKERS[filed % ASKERS.length]?.id ?? "";
  const [number = 0] = await file(it, asker, `app-${Math.floor(filed++ / ASKERS.length)}`, [], {});
  const { id: task, face } = await openTask(it, number);
  if (fate.includes("time")) await sql()`update task set expire_at = app_now() where id = ${task}`;
  const clicks = clicksOn(face, fate, draw);
  const begin = Math.floor(draw() ** 3 * clicks.length);
  let ticking: Promise<unknown> = Promise.resolve();
  const results: Promise<Result<Answer>>[] = [];
  for (const [n, { actor, face: seen, command }] of clicks.entries()) {
    if (n === begin && fate.includes("time")) {
      ticking = Promise.all(worlds.map((world) => tick(world)));
      // The clock looks for what is due before it acts: now and then it has that behind it.
      for (let ahead = Math.floor(draw() * 5); ahead > 0; ahead--) await sql()`select 1`;
    }
    const by = verbs[n % verbs.length] ?? it.operations;
    results.push(by.act({ actor, aim: { task, face: seen }, command, once: once(), seen: null }));
  }
  const told = await Promise.all(results);
  await ticking;
  const won = told.flatMap((result, n) =>
    result.ok && result.value.said !== "reassigned" ? [{ said: result.value.said, by: clicks[n]?.actor }] : [],
  );
  const is = await outcomeOf(task);
  const ended = is.state !== "open";
  expect(won).toEqual(is.state === "done" ? [{ said: is.outcome, by: is.decided_by }] : []);
  expect(is).toMatchObject({ votes: won.length, ends: ended ? 1 : 0, approval: is.outcome ?? "pending" });
  const untold = told.flatMap((result, n) => {
    const click = clicks[n];
    return result.ok || !click || isTold(result.refusal, click, is) ? [] : [{ click, refusal: result.refusal }];
  });
  expect(untold, `${fate}: ${JSON.stringify(is)}`).toEqual([]);
  return is.outcome ?? "open";
}

describeWithDatabase(`races, ${RACES} with ${AT_ONCE} clicks each, LATCHKEY_SEED=${SEED}`, () => {
  beforeAll(async () => {
    const base = folder().catalogue;
    it = await company({
      people: [...PEOPLE, ...VOTERS, ...ASKERS],
      catalogue: {
        groups: base.groups.map((one) => (one.id === "approvers" ? { ...one, members: VOTERS.map(({ id }) => id) } : one)),
        policies: [
          {
            id: "by-crowd",
            steps: [{ approvers: { kind: "group", group: "approvers" }, needed: 1, once: false }],
            remind: null,
            escalate: null,
            expireAfter: null,
          },
        ],
        applications: APPLICATIONS,
      },
    });
    pools = [0, 1, 2].map(() => connect(it.database.url, { max: 8 }));
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    await it.close();
  });

  test.each([
    ["one process", 1],
    ["three processes on one database", 3],
  ] as const)(
    "THREAT-7 ASK-7 over %s: one decision each at most, by approval, rejection or time, and every loser is told who won or what happened",
    async (_, replicas) => {
      const worlds = pools.slice(0, replicas).map(({ db }): World => ({ ...it.world, db }));
      const draw = chance(SEED + replicas);
      for (let n = 0; n < RACES; n++) ends.push(await race(worlds, FATES[n % FATES.length] ?? "people decide", draw));
    },
    24 * 3_600_000,
  );

  test("each of them might have won, and afterwards every invariant holds", async () => {
    expect(ends).toHaveLength(2 * RACES);
    expect([...new Set(ends)].filter((end) => end !== "open").toSorted()).toEqual(["approved", "expired", "rejected"]);
    const broken = (await checkInvariants(it.connection.sql)).filter(({ type }) => type !== "holds");
    expect(broken.map(({ invariant, ...found }) => [invariant.id, found])).toEqual([]);
  });
});
