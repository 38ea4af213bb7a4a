/** Many requests at once, for tests that kill something meanwhile: who asks, who decides, who does the work. */
import type postgres from "postgres";
import type { MessageOnPage } from "../../src/playground/slack/page-interface.ts";
import { cardSaying, newest, openForm, read, send, whisper } from "../product/people.ts";
import type { Slack } from "../product/stage.ts";
import { clickOn, deliver, signed } from "../product/wire.ts";

/** Everybody has one manager, who decides on a seat in Figma; the IT desk sets it up. */
export const ASKERS: Readonly<Record<string, string>> = {
  anna: "ines",
  chloe: "ines",
  ben: "omar",
  diego: "omar",
  mei: "kenji",
  farah: "kenji",
  aisha: "sofia",
  arjun: "jasmine",
  elif: "katrin",
  rahul: "katrin",
  tomasz: "katrin",
  samuel: "michael",
  emily: "michael",
  lin: "michael",
  rachel: "oliver",
  siti: "priya",
};
const SEATS = ["viewer", "dev"];

export interface Waiting {
  readonly number: number;
  readonly asker: string;
  readonly decider: string;
  readonly card: MessageOnPage;
}

/** These people ask for two seats each; gives the cards before those who decide. */
export async function everybodyAsks(slack: Slack, names: readonly string[]): Promise<readonly Waiting[]> {
  const asked = await Promise.all(
    names.map(async (asker) => {
      const person = slack.as(asker);
      const before = newest(person);
      await openForm(person, "figma");
      const sent = await send(person, { justification: "Seats for both of us", entitlements: SEATS });
      if (!sent.ok) throw new Error(`${asker}: ${sent.seen}`);
      const told = await whisper(person, /Sent as requests \d+, \d+/, before);
      return [...told.matchAll(/\d+/g)].map(([number]) => ({ asker, number: Number(number) }));
    }),
  );
  return Promise.all(
    asked.flat().map(async ({ asker, number }) => {
      const decider = ASKERS[asker] ?? "";
      return { number, asker, decider, card: await cardSaying(slack.as(decider), { title: `Request ${number}: Figma` }) };
    }),
  );
}

/** Presses Approve on each; gives the numbers whose click Slack saw acknowledged, and calls `progress` after each. */
export async function approveAll(
  slack: Slack,
  waiting: readonly Waiting[],
  progress: (acknowledged: number) => void = () => {},
): Promise<Set<number>> {
  const acknowledged = new Set<number>();
  const queue = [...waiting];
  const presser = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { number, decider, card } = next;
      const body = clickOn(slack, slack.as(decider).user, card, "Approve");
      const status = await deliver(slack.eventsUrl, signed(slack, body)).catch(() => 0);
      if (status === 200) acknowledged.add(number);
      progress(acknowledged.size);
    }
  };
  await Promise.all([presser(), presser(), presser()]);
  return acknowledged;
}

/** The numbers of the lines that are approved. */
export async function approved(sql: postgres.Sql): Promise<Set<number>> {
  const rows = await sql<{ number: string }[]>`select number from line where approval = 'approved'`;
  return new Set(rows.map(({ number }) => Number(number)));
}

/** Whatever happened twice or not at all to these lines, in words. */
export async function amiss(sql: postgres.Sql, numbers: readonly number[]): Promise<readonly string[]> {
  const rows = await sql<{ number: string; kind: string; n: number }[]>`
    select l.number, e.kind, count(*)::int as n from event e join line l on l.id = e.line_id where l.number = any(${[...numbers]}::bigint[]) group by 1, 2`;
  const votes = await sql<{ number: string; n: number }[]>`
    select l.number, count(v.person_id)::int as n from line l join task t on t.line_id = l.id join vote v on v.task_id = t.id
    where l.number = any(${[...numbers]}::bigint[]) group by 1`;
  const kinds = ["submitted", "voted", "approved", "order-created", "order-transmitted"];
  const seen = (number: number, kind: string) => rows.find((row) => Number(row.number) === number && row.kind === kind)?.n ?? 0;
  return numbers.flatMap((number) => [
    ...kinds.filter((kind) => seen(number, kind) !== 1).map((kind) => `request ${number}: ${kind} ${seen(number, kind)} times`),
    ...(votes.find((row) => Number(row.number) === number)?.n === 1 ? [] : [`request ${number}: not one vote`]),
  ]);
}

/** Cards that should stand somewhere for approved requests: how often each does. */
export function standing(
  slack: Slack,
  waiting: readonly Waiting[],
): { readonly missing: readonly string[]; readonly doubled: readonly string[] } {
  const headings = new Map<string, number>();
  const count = (where: string, conversation: { readonly id: string } | undefined) => {
    for (const message of slack.world.world.channels.get(conversation?.id ?? "")?.messages ?? []) {
      const key = `${where}: ${read(message).split("\n")[0]}`;
      if (message.visibleTo === undefined) headings.set(key, (headings.get(key) ?? 0) + 1);
    }
  };
  const people = new Set(waiting.flatMap(({ asker, decider }) => [asker, decider]));
  for (const name of people) count(name, slack.as(name).direct());
  count("it-desk", slack.as("lena").conversation("it-desk"));
  const wanted = waiting.flatMap(({ number, asker, decider }) => [
    `${decider}: Request ${number}: Figma`,
    `${asker}: Request ${number} is approved`,
    `it-desk: Request ${number}: Figma, to set up`,
  ]);
  return { missing: wanted.filter((key) => !headings.has(key)), doubled: wanted.filter((key) => (headings.get(key) ?? 0) > 1) };
}
