/** What is left after a death: nothing lost, nothing doubled, all of it delivered. */
import { checkInvariants } from "../../src/db/invariants.ts";
import { copies } from "../product/copies.ts";
import type { Doing } from "./kill-deeds.ts";
import type { Lane } from "./kill-lane.ts";

/**
 * All that was written about each of these requests, in words and counted, without ids: the same deed leaves the same, however often the process died. Whether
 * a task that was done at once ever had a card, and whether a reminder shares its message with others, is a matter of moments and left out.
 */
export async function traces({ sql }: Lane, numbers: readonly number[]): Promise<readonly string[]> {
  const rows = await sql<{ number: string; traces: string }[]>`
    with l as (select id, number, request_id, approval, open from line where number = any(${[...numbers]}::bigint[])),
    t as (select t.id, t.kind, t.state, t.reminders, t.line_id from task t join l on l.id = t.line_id),
    f as (select f.id, f.kind, f.state, coalesce(f.body->>'line', t.line_id::text) as line_id from effect f left join t on t.id::text = f.body->>'task'
      where f.kind in ('tell', 'transmit', 'remark', 'alert') and coalesce(f.body->>'line', t.line_id::text) in (select id::text from l)),
    said as (
      select l.number, 'is ' || l.approval || case when l.open then ' and open' else '' end as what from l
      union all select l.number, 'event ' || e.kind from event e join l on l.id = e.line_id
      union all select l.number, 'task ' || t.kind || ' ' || t.state || ', reminded ' || t.reminders || ' times' from t join l on l.id = t.line_id
      union all select l.number, 'vote ' || v.vote from vote v join t on t.id = v.task_id join l on l.id = t.line_id
      union all select l.number, 'order ' || o.state from "order" o join l on l.id = o.line_id
      union all select l.number, 'effect ' || f.kind || ' ' || f.state from f join l on l.id::text = f.line_id
      union all select l.number, 'told at ' || regexp_replace(m.place, 'p[0-9]+$', 'asker') || ' ' || m.state
        from message m join f on f.kind = 'tell' and m.subject = 'notice:' || f.id join l on l.id::text = f.line_id
      union all select l.number, 'remark stands' from f join l on l.id::text = f.line_id where f.kind = 'remark' and exists (
        select from message m where m.state = 'posted' and (m.subject = 'remark:' || f.id or exists (select from message d join t on d.subject = 'task:' || t.id
          where t.line_id = l.id and d.digest is not null and m.subject like 'remark:' || d.digest || ':%')))
      union all select l.number, 'card of the ' || t.kind || ' at ' || m.place || case when m.state in ('posted', 'listed') then '' else ' ' || m.state end
        from message m join t on m.subject = 'task:' || t.id join l on l.id = t.line_id where t.state = 'open'
      union all select l.number, 'card of the request at its asker ' || m.state from message m join l on m.subject = 'request:' || l.request_id)
    select number, string_agg(what || ' x' || n, '; ' order by what) as traces
    from (select number, what, count(*) as n from said group by 1, 2) counted group by 1 order by 1`;
  return rows.map((row) => row.traces);
}

interface Stands {
  readonly key: string;
  readonly times: number;
}

/** Cards in Slack by the key that they carry. */
function cards({ slack: { world } }: Lane): readonly Stands[] {
  const seen = new Map<string, number>();
  for (const { messages } of world.world.channels.values()) {
    for (const { metadata } of messages) {
      const key = (metadata?.event_payload as { key?: string } | undefined)?.key;
      if (key !== undefined) seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  return [...seen].map(([key, times]) => ({ key, times }));
}

/** Cards that stand there more than once; each time counts. */
export function doubled(lane: Lane): readonly string[] {
  return cards(lane).flatMap(({ key, times }) => Array.from({ length: times - 1 }, () => key));
}

/** Whatever is wrong with one deed when all of it is done and delivered; `usual`: its traces where nobody died. */
export async function wrongWith(lane: Lane, doing: Doing, usual: readonly string[]): Promise<readonly string[]> {
  const left = await traces(lane, doing.numbers);
  return left.flatMap((trace, index) => {
    const [is, was] = [trace.split("; "), (usual[index] ?? "").split("; ")];
    const differs = [
      ...is.filter((one) => !was.includes(one)).map((one) => `+ ${one}`),
      ...was.filter((one) => !is.includes(one)).map((one) => `- ${one}`),
    ];
    return differs.length === 0 ? [] : [`request ${doing.numbers[index]}: ${differs.join(", ")}`];
  });
}

/** Whatever is wrong with everything that was ever done there. */
export async function wrongAtTheEnd(lane: Lane): Promise<readonly string[]> {
  const { sql, slack, company } = lane;
  const broken = (await checkInvariants(sql)).filter(({ type }) => type !== "holds");
  const posted = await sql<
    { key: string }[]
  >`select subject || '@' || id as key from message where state = 'posted' and subject not like 'home:%'`;
  const standing = new Set(cards(lane).map(({ key }) => key));
  const dead = await sql<{ kind: string; why: string }[]>`select kind, why from effect where state = 'dead'`;
  const { outdated } = await copies({ slack, sql, database: company.database });
  return [
    ...broken.map((one) => `${one.invariant.id}: ${JSON.stringify("first" in one ? one.first : one.type)}`),
    ...posted.filter(({ key }) => !standing.has(key)).map(({ key }) => `not in Slack: ${key}`),
    ...dead.map(({ kind, why }) => `given up: ${kind}, ${why}`),
    ...outdated.map((one) => `outdated: ${one}`),
  ];
}
