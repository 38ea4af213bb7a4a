/** What stands in a database and in Slack, by what it means: ids, times and the numbers that happened to be given are left out, so that two runs can be compared. */
import type postgres from "postgres";
import { read } from "../product/people.ts";
import type { Slack } from "../product/stage.ts";

export interface Meaning {
  readonly requests: readonly unknown[];
  readonly elsewhere: readonly string[];
  readonly accepted: readonly string[];
  readonly grants: readonly string[];
  readonly logins: readonly string[];
  readonly left: readonly string[];
  readonly copies: readonly string[];
  /** What lastingly stands in each conversation, oldest first. */
  readonly messages: Readonly<Record<string, readonly string[]>>;
}

/** Numbers of requests by age: `#3` is the third. */
type Labels = ReadonlyMap<string, string>;

export async function meaningOf(sql: postgres.Sql, slack: Slack): Promise<Meaning> {
  const lines = await sql<{ id: string; number: string }[]>`select id, number from line order by number`;
  const labels: Labels = new Map(lines.map(({ number }, n) => [String(number), `#${n + 1}`]));
  const plain = (value: unknown) => inWords(JSON.stringify(value), labels);
  const rows = async (query: Promise<readonly object[]>) => (await query).map((row) => plain(Object.values(row)));
  const requests = await Promise.all(
    lines.map(async ({ id }) => {
      const [line] =
        await sql`select requester_id, beneficiary_id, application_id, entitlement_id, justification, approval, step, open, version,
        closing - 'at' as closing from line where id = ${id}`;
      const tasks =
        await sql`select kind, state, step, needed, claimed_by, face, outcome, decided_by, reason, reminders, rungs, nudged_at is not null as nudged,
        (select jsonb_agg(jsonb_build_array(v.person_id, v.vote, v.reason) order by v.person_id) from vote v where v.task_id = t.id) as votes,
        (select jsonb_agg(jsonb_build_array(a.person_id, a.group_id, a.because) order by a.position) from task_assignee a where a.task_id = t.id) as asked
        from task t where line_id = ${id} order by opened_at, id`;
      const events =
        await sql`select kind, actor_id, on_behalf_of, life, from_state, to_state, data, seen->>'platform' as seen from event where line_id = ${id} order by seq`;
      const orders = await sql`select operation, state, login, attributes, error from "order" where line_id = ${id}`;
      return { line: plain(line), tasks: tasks.map(plain), events: events.map(plain), orders: orders.map(plain) };
    }),
  );
  return {
    requests,
    elsewhere: (await rows(sql`select kind, actor_id, data from event where line_id is null and kind <> 'submitted'`)).toSorted(),
    accepted: await rows(sql`select answer->>'said', count(*)::int from inbound where answer ? 'said' group by 1 order by 1`),
    grants: await rows(sql`select s.person_id, s.application_id, s.entitlement_id, s.state, c.login, c.state as account from assignment s
      join account c on c.id = s.account_id order by 1, 2, 3, 4, 5`),
    logins:
      await rows(sql`select platform, home, "user", person_id, because, home_opened_at is not null as home, proved_at is not null as proved
      from chat_account order by 1, 2, 3`),
    left: await rows(sql`select kind, body->>'notice', body->>'remark', body->>'alert', body->>'person', state, count(*)::int from effect
      where kind not in ('show', 'home') or state <> 'done' group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`),
    copies: (
      await rows(sql`select split_part(m.subject, ':', 1), 'request ' || l.number, t.kind, m.place, m.state from message m
        left join task t on m.subject = 'task:' || t.id left join line l on l.id = t.line_id or m.subject = 'request:' || l.request_id`)
    ).toSorted(),
    messages: messagesIn(slack, labels),
  };
}

function messagesIn(slack: Slack, labels: Labels): Readonly<Record<string, readonly string[]>> {
  const { channels } = slack.world.world;
  return Object.fromEntries(
    [...channels.values()]
      .map(({ id, messages }) => {
        const threads = new Map(messages.map(({ ts }, n) => [ts, n]));
        const lasting = messages.filter(({ visibleTo }) => visibleTo === undefined);
        const words = lasting.map(({ blocks, text, thread_ts }) => {
          const below = thread_ts === undefined ? "" : `below ${threads.has(thread_ts) ? "a card" : "nothing"}: `;
          return inWords(`${below}${blocks.length > 0 ? read(timeless({ blocks }) as { blocks: readonly unknown[] }) : text}`, labels);
        });
        return [id, words] as const;
      })
      .filter(([, words]) => words.length > 0)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Dates as Slack draws them are told apart by their type. */
function timeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(timeless);
  if (typeof value !== "object" || value === null) return value;
  if ("type" in value && value.type === "date") return { type: "text", text: "(time)" };
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, timeless(one)]));
}

function inWords(text: string, labels: Labels): string {
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "(id)")
    .replace(/\((just now|\d+ (minutes?|hours?|seconds?))\)/g, "(ago)")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)/g, "(time)")
    .replace(
      /(equests? #?|"number":\s?"?|(?:approve|reject|claim|release|confirm|error|retry|cancel-order|withdraw|nudge|cancel|reassign|status) )(\d+)/g,
      (all, before: string, number: string) => (labels.has(number) ? `${before}${labels.get(number)}` : all),
    );
}
