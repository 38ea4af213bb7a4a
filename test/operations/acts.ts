/** Acting and looking on, in the words of the tests: what people do by the number of a line, what time does, and what stands there afterwards. */
import { v7 } from "uuid";
import { type Applied, applyFolder } from "../../src/db/apply.ts";
import { moveClock } from "../../src/db/clock.ts";
import { databaseNow } from "../../src/db/now.ts";
import type { Calendar } from "../../src/domain/catalogue.ts";
import type { LineCommand } from "../../src/domain/commands.ts";
import type { Result } from "../../src/domain/refusals.ts";
import type { Answer } from "../../src/operations/operations.ts";
import { tick } from "../../src/operations/tick.ts";
import { type Company, folder, on, once } from "./company.ts";
import { carried } from "./outbox.ts";

const WEEK = [1, 2, 3, 4, 5].map((day) => ({ day, from: 9 * 60, until: 17 * 60 }));
/** Monday to Friday, nine to five; Wednesday the 6th is a holiday. */
export const BERLIN: Calendar = {
  id: "berlin",
  timeZone: "Europe/Berlin",
  hours: "Mon-Fri 09:00-17:00",
  openings: WEEK,
  holidays: ["2100-01-06"],
};
export const KOLKATA: Calendar = { id: "kolkata", timeZone: "Asia/Kolkata", hours: "Mon-Fri 09:00-17:00", openings: WEEK, holidays: [] };

/** A Monday far enough ahead that no clock has passed it, at ten in the morning in Berlin. */
export const MONDAY_TEN = "2100-01-04T09:00:00Z";

/** Moves the clock to an instant that lies ahead. */
export async function goTo(it: Company, instant: string): Promise<void> {
  const now = await databaseNow(it.world.db);
  await moveClock(it.world.db, Date.parse(instant) - now.getTime());
}

/** The clock stands there, and everything that is due by then has happened. */
export async function until(it: Company, instant: string): Promise<void> {
  await goTo(it, instant);
  await tick(it.world);
  await carried(it);
}

/** Applies the company's folder with these changes, and lets what follows from it happen. */
export async function reapply(it: Company, more: Parameters<typeof folder>[0]): Promise<Applied> {
  const applied = await applyFolder(it.database.url, folder(more), { by: "test", newId: v7, manyMayLeave: true });
  await carried(it);
  return applied;
}

export async function lineId(it: Company, number: number): Promise<string> {
  const [row] = await it.connection.sql`select id from line where number = ${number}`;
  return String(row?.id);
}

/** Approves the open task, as it stands, and lets what follows happen. */
export async function approve(it: Company, number: number, actor: string): Promise<string> {
  const said = word(await on(it, number, actor, { verb: "approve", comment: null }));
  await carried(it);
  return said;
}

export async function onLine(it: Company, number: number, actor: string, command: LineCommand): Promise<Result<Answer>> {
  return it.operations.actOnLine({ actor, line: await lineId(it, number), command, once: once(), seen: null });
}

/** What came of it, in one word. */
export function word(result: Result<Answer>): string {
  return result.ok ? result.value.said : result.refusal.name;
}

/** Where a line stands: its approval, its order, and whom its open task asks (`nobody` where it asks nobody, null where none is open). */
export async function standing(it: Company, number: number): Promise<{ approval: string; order: string | null; asks: string | null }> {
  const [row] = await it.connection.sql`
    select l.approval, o.state as order, (select coalesce(string_agg(coalesce(a.person_id, a.group_id) || ' ' || a.because, ', ' order by a.position), 'nobody')
      from task t left join task_assignee a on a.task_id = t.id where t.line_id = l.id and t.state = 'open' group by t.id) as asks
    from line l left join "order" o on o.line_id = l.id where l.number = ${number}`;
  return { approval: String(row?.approval), order: row?.order ?? null, asks: row?.asks ?? null };
}

/** The line's events of these kinds, in order: instants, who, and what. */
export async function events(it: Company, number: number, ...kinds: readonly string[]) {
  return it.connection.sql<{ at: Date; kind: string; actor: string | null; data: Record<string, unknown> }[]>`
    select e.at, e.kind, e.actor_id as actor, e.data from event e join line l on l.id = e.line_id
    where l.number = ${number} and (${kinds.length} = 0 or e.kind = any(${[...kinds]}::text[])) order by e.seq`;
}

/** What leaves the house because of the line, of these kinds of effects: `tell approved rita`, `remark reminder max+cleo`, `alert fallback-used`. */
export async function effects(it: Company, number: number, ...kinds: readonly string[]): Promise<readonly string[]> {
  const id = await lineId(it, number);
  const rows = await it.connection.sql<{ body: Record<string, unknown> }[]>`
    select body from effect where kind = any(${[...kinds]}::text[]) and (body->>'line' = ${id} or body->'about'->>'line' = ${id}) order by id`;
  return rows.map(({ body }) => {
    const who = body.kind === "remark" ? (body.to as string[]).join("+") : (body.person ?? "");
    return `${body.kind} ${body.notice ?? body.remark ?? body.alert} ${who}`.trim();
  });
}
