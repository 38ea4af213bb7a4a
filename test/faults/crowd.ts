/** Many requests at once, for tests that kill something meanwhile: who asks, who decides, who does the work. */
import type postgres from "postgres";
import type { MessageOnPage } from "../../src/playground/slack/page-interface.ts";
import { newest, openForm, read, send, whisper } from "../product/people.ts";
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
      const person = slack.as(decider);
      const card = await person.until(() => person.direct()?.messages.findLast((message) => isAbout(message, number)), PATIENCE_MS);
      return { number, asker, decider, card };
    }),
  );
}

const PATIENCE_MS = 15_000;

/** As if nothing had been posted lately: the next cards come alone, or on a digest of their own, which shows every row of a handful. */
export async function roomForCards(sql: postgres.Sql): Promise<void> {
  await sql`delete from allowance`;
}

/** The request has this card for its own, or is a row of it: several that come at once share one. */
export function isAbout(message: MessageOnPage, number: number): boolean {
  const [title = "", ...rest] = read(message).split("\n");
  if (title === `Request ${number}: Figma` || title === `Request ${number}: Figma, to set up`) return true;
  return (
    /^(\d+ tasks? (is|are) waiting|Nothing on this list)/.test(title) &&
    rest.some((line) => new RegExp(`^Request ${number}[:,]`).test(line))
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
      const body = clickOn(slack, slack.as(decider).user, card, "Approve", number);
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
  const stands = (where: string, shown: readonly MessageOnPage[] | undefined, has: (message: MessageOnPage) => boolean) => ({
    where,
    times: (shown ?? []).filter((message) => !message.ephemeral && has(message)).length,
  });
  const all = waiting.flatMap(({ number, asker, decider }) => [
    stands(`${decider}: request ${number}`, slack.as(decider).direct()?.messages, (message) => isAbout(message, number)),
    stands(`${asker}: request ${number} is approved`, slack.as(asker).direct()?.messages, (message) =>
      read(message).startsWith(`Request ${number} is approved`),
    ),
    stands(`it-desk: request ${number}`, slack.as("lena").conversation("it-desk")?.messages, (message) => isAbout(message, number)),
  ]);
  const named = (test: (times: number) => boolean) => all.filter(({ times }) => test(times)).map(({ where }) => where);
  return { missing: named((times) => times === 0), doubled: named((times) => times > 1) };
}
