/** Whom each open task waits for, and where its cards stand: what the playground leads a newcomer by. Never an authority: that is `may.ts`. */
import { sql } from "drizzle-orm";
import { awaited, type Line, openTask, type Task } from "../domain/line.ts";
import type { Db } from "./connect.ts";
import { LINE_JSON, PEOPLE_OF_LINE } from "./fragments.ts";
import { type Json, lineOf } from "./read-rows.ts";
import { group, line, message, person, task } from "./schema.ts";
import { statement } from "./statement.ts";

export interface OpenTask {
  readonly task: string;
  readonly kind: string;
  readonly number: number;
  readonly application: string;
  readonly entitlement: string | null;
  readonly requester: string;
  readonly requesterName: string;
  readonly beneficiaryName: string;
  readonly claimedBy: string | null;
  /** Those whom it waits for now, each once, by name within their place on the list; `group`: the name of the group that is asked. */
  readonly holders: readonly Holder[];
  /** `place` is `person:<id>` or `channel:<name or id>`; the ids are the chat's own. */
  readonly cards: readonly { readonly place: string; readonly conversation: string; readonly message: string }[];
}

interface Holder {
  readonly person: string;
  readonly name: string;
  readonly because: string;
  readonly group: string | null;
}

type Names = Readonly<Record<string, string>>;

const read = statement<{ line: Json; names: Names; groups: Names | null; cards: OpenTask["cards"] }>(sql`
select ${LINE_JSON} as line, (select jsonb_object_agg(x.id, x.name) from ${PEOPLE_OF_LINE} who join ${person} x on x.id = who.id) as names,
  (select jsonb_object_agg(g.id, g.name) from ${group} g) as groups,
  coalesce((select jsonb_agg(jsonb_build_object('place', m.place, 'conversation', m.conversation, 'message', m.message) order by m.place)
    from ${message} m where m.platform = 'slack' and m.state = 'posted' and m.message is not null and (m.subject = 'task:' || w.id
      or m.subject in (select 'digest:' || l.digest from ${message} l where l.subject = 'task:' || w.id and l.digest is not null))), '[]') as cards
from ${task} w join ${line} l on l.id = w.line_id where w.state = 'open' order by l.number, w.opened_at limit ${sql.placeholder("most")}::int`);

/** The oldest request first; at most `most`. */
export async function readOpenTasks(db: Db, most: number): Promise<readonly OpenTask[]> {
  return (await read(db, { most })).flatMap(({ line, names, groups, cards }) => {
    const it = lineOf(line);
    const open = openTask(it);
    if (!open) return [];
    const { id, kind, claimedBy } = open;
    const name = (person: string) => names[person] ?? person;
    const { number, requester, application, entitlement } = it;
    const what = { task: id, kind, number, application: application.name, entitlement: entitlement?.name ?? null, claimedBy, cards };
    const who = { requester, requesterName: name(requester), beneficiaryName: name(it.beneficiary) };
    return [{ ...what, ...who, holders: holdersIn(it, open, names, groups ?? {}) }];
  });
}

function holdersIn(line: Line, task: Task, names: Names, groups: Names): readonly Holder[] {
  const holders = new Map<string, Holder>();
  const waiting = new Set(awaited(line, task));
  for (const one of task.assignees) {
    const group = one.kind === "group" ? (groups[one.group] ?? one.group) : null;
    const people = (one.kind === "group" ? one.members : [one.person]).map((person) => ({ person, name: names[person] ?? person }));
    for (const { person, name } of people.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
      if (waiting.has(person) && !holders.has(person)) holders.set(person, { person, name, because: one.because, group });
  }
  return [...holders.values()];
}
