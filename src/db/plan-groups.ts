/** Which groups would gain or lose whom. Read from the plan's copies. */
import type { Group } from "../domain/people.ts";
import type { Transaction } from "./connect.ts";
import type { Named } from "./plan-people.ts";

export interface GroupChange {
  readonly id: string;
  readonly change: "added" | "removed" | "changed";
  readonly gains: readonly Named[];
  readonly loses: readonly Named[];
  /** Other keys that differ. */
  readonly fields: readonly string[];
}

interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly calendar: string | null;
  readonly slack_channel: string | null;
  readonly notify: string | null;
}

interface Move extends Named {
  readonly group_id: string;
  readonly gains: boolean;
}

export async function groupChanges(sql: Transaction["sql"], groups: readonly Group[]): Promise<readonly GroupChange[]> {
  const current = new Map(
    (await sql<GroupRow[]>`select id, name, calendar, slack_channel, notify from public."group"`).map((one) => [one.id, one]),
  );
  const moves = await sql<Move[]>`
    select n.group_id, n.person_id as id, t.name, true as gains from member n join person t on t.id = n.person_id
    where not exists (select from public.member m where (m.group_id, m.person_id) = (n.group_id, n.person_id))
    union all
    select m.group_id, m.person_id, t.name, false from public.member m join person t on t.id = m.person_id
    where not exists (select from member n where (n.group_id, n.person_id) = (m.group_id, m.person_id)) order by 1, 3`;
  const byGroup = new Map<string, Move[]>(moves.map((move) => [move.group_id, []]));
  for (const move of moves) byGroup.get(move.group_id)?.push(move);
  const ids = [...new Set([...groups.map(({ id }) => id), ...current.keys()])].sort();
  const next = new Map(groups.map((group) => [group.id, group]));
  return ids.flatMap((id): GroupChange[] => {
    const [was, now] = [current.get(id), next.get(id)];
    const people = (gains: boolean) => (byGroup.get(id) ?? []).filter((move) => move.gains === gains).map(({ id, name }) => ({ id, name }));
    const change = { id, gains: people(true), loses: people(false) };
    if (!was) return [{ ...change, change: "added", fields: [] }];
    if (!now) return [{ ...change, change: "removed", fields: [] }];
    const fields = differing(was, now);
    return fields.length + change.gains.length + change.loses.length > 0 ? [{ ...change, change: "changed", fields }] : [];
  });
}

function differing(was: GroupRow, now: Group): readonly string[] {
  const pairs: readonly (readonly [string, string | null, string | null])[] = [
    ["name", was.name, now.name],
    ["calendar", was.calendar, now.calendar],
    ["slack_channel", was.slack_channel, now.slackChannel],
    ["notify", was.notify, now.notify],
  ];
  return pairs.filter(([, a, b]) => a !== b).map(([key]) => key);
}
