/**
 * What becomes of open requests: those that go on under definitions that change, and those that would wait for other people. Who that is say the rules
 * of routing themselves, asked with how things would stand. Read from the plan's copies.
 */
import { evolve } from "../domain/events.ts";
import { awaited, type Line, openTask, type Task } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import { reroute } from "../domain/reassigning.ts";
import type { Db, Transaction } from "./connect.ts";
import { loadForRouting } from "./load.ts";
import { lookAt } from "./plan-copies.ts";
import type { DefinitionChange } from "./plan-definitions.ts";
import type { Named } from "./plan-people.ts";

export interface OtherPeople {
  /** The request's number. */
  readonly number: number;
  readonly kind: Task["kind"];
  /** Whom it waits for now, and whom it would wait for. */
  readonly from: readonly Named[];
  readonly to: readonly Named[];
  /** Nobody who is asked now would still be. */
  readonly losesAll: boolean;
  /** Too few of those whom the policy names would be left, so that others are asked in their place. */
  readonly fallsBack: boolean;
  /** Who has claimed it lets go of it. */
  readonly losesClaim: boolean;
}

export interface OpenWork {
  /** Open requests, by the numbers on their cards. */
  readonly total: number;
  /** Numbers of those whose application or policy changes or goes: they keep what they were filed under. */
  readonly keep: readonly number[];
  readonly others: readonly OtherPeople[];
}

type Sql = Transaction["sql"];

export async function openWork(sql: Sql, definitions: readonly DefinitionChange[]): Promise<OpenWork> {
  const [count] = await sql`select count(*) as total from line where open`;
  const ids = (kind: DefinitionChange["kind"]) =>
    definitions.filter((one) => one.kind === kind && one.change !== "added").map(({ id }) => id);
  const keep = await sql`
    select distinct l.number from line l join public.definition d on d.id in (l.application_definition, l.policy_definition) and d.until is null
    where l.open and ((d.kind = 'application' and d.key = any(${ids("application")}::text[])) or (d.kind = 'policy' and d.key = any(${ids("policy")}::text[])))
    order by l.number`;
  return { total: Number(count?.total ?? 0), keep: keep.map(({ number }) => Number(number)), others: await othersAsked(sql) };
}

/** Lines read at once. */
const AT_ONCE = 500;

interface Moving {
  readonly line: Line;
  readonly task: Task;
  readonly from: readonly PersonId[];
  readonly to: readonly PersonId[];
  readonly fallsBack: boolean;
  readonly losesClaim: boolean;
}

async function othersAsked(sql: Sql): Promise<readonly OtherPeople[]> {
  // Applying leaves behind which lines have to be looked at again.
  const touched = await sql`select distinct body->>'line' as line from effect where kind = 'reroute' order by 1`;
  const lines = touched.map((row) => String(row.line));
  const moving: Moving[] = [];
  for (let start = 0; start < lines.length; start += AT_ONCE) moving.push(...(await movingOf(sql, lines.slice(start, start + AT_ONCE))));
  const everybody = [...new Set(moving.flatMap(({ from, to }) => [...from, ...to]))];
  const names = await sql<Named[]>`select id, name from person where id = any(${everybody}::text[])`;
  const byId = new Map(names.map(({ id, name }) => [id, { id, name }]));
  const named = (ids: readonly PersonId[]) => ids.map((id) => byId.get(id) ?? { id, name: id });
  return moving
    .map(({ line, task, from, to, fallsBack, losesClaim }) => ({
      ...{ number: line.number, kind: task.kind, from: named(from), to: named(to), fallsBack, losesClaim },
      losesAll: from.length > 0 && !from.some((id) => to.includes(id)),
    }))
    .sort((a, b) => a.number - b.number);
}

async function movingOf(sql: Sql, lines: readonly string[]): Promise<readonly Moving[]> {
  const db = { $client: sql } as unknown as Db;
  await lookAt(sql, "real");
  const today = new Map((await loadForRouting(db, lines)).map(({ line }) => [line.id, line]));
  await lookAt(sql, "copied");
  return (await loadForRouting(db, lines)).flatMap(({ line, candidates, now }) => {
    const was = today.get(line.id);
    const task = was && openTask(was);
    if (!task) return [];
    const events = reroute(line, { candidates, now });
    const is = events.reduce((state, event) => evolve(state, event, now), line);
    const then = openTask(is);
    const [from, to] = [askedBy(was, task), then ? askedBy(is, then) : []];
    const fallsBack = events.some((event) => event.type === "fallback-used");
    if (!fallsBack && from.join("\n") === to.join("\n")) return [];
    return [{ line, task, from, to, fallsBack, losesClaim: task.claimedBy !== null && !to.includes(task.claimedBy) }];
  });
}

/** Everybody who could act on it, whether somebody has claimed it or not. */
function askedBy(line: Line, task: Task): readonly PersonId[] {
  return awaited(line, { ...task, claimedBy: null }).toSorted();
}
