/**
 * A thousand cards while Slack turns away what is too much: two processes, each of which keeps to Slack's limits as though it were alone, share what Slack
 * takes from both. So one call in two is turned away, unless they heed it.
 *
 * The optimum: Slack's limit is a bucket that is full at the beginning. Who knew it would send BURST messages at once and one more each 1/PER_SECOND: the nth
 * arrives after (n - BURST) / PER_SECOND seconds. Each channel takes one a second: the kth of a channel arrives after k - 1 seconds. The later of the two, which
 * is the first as soon as the cards are spread over as many channels as here.
 */
import type { Sql } from "../src/db/connect.ts";
import type { Ground } from "./bench.ts";
import { arrivals, nowMs } from "./cards-arrivals.ts";
import { fileLines, waiting } from "./decide-company.ts";
import { PACED_HOST, type Program, startBeside, startLatchkey } from "./decide-processes.ts";
import type { Figure } from "./figure.ts";
import type { Database } from "./server.ts";

/** 300 messages a minute, as few as "several hundred" may mean (docs.slack.dev/apis/web-api/rate-limits). */
const PER_SECOND = 5;
const BURST = 10;
/** Cards of one channel: as many as a channel takes at once before they share one. */
const EACH = 2;
export const ROOMS = 500;

const PROCESSES = 2;

export async function drainedInStorm(ground: Ground, database: Database, owner: Sql): Promise<readonly Figure[]> {
  const cards = ground.quick ? 30 : ROOMS * EACH;
  const rooms = cards / EACH;
  const limits = { PER_SECOND: String(PER_SECOND), BURST: String(BURST) };
  const started: Program[] = [];
  try {
    const slack = await startBeside("./cards-slack.ts", PACED_HOST, limits);
    started.push(slack);
    const options = { databaseUrl: database.url, ownerUrl: database.ownerUrl, slackApiUrl: `${slack.url}/api/` };
    for (let n = 0; n < PROCESSES; n++) started.push(await startLatchkey(options));
    await fileLines(owner, FIRST, cards, rooms);
    ground.say(`cards: ${cards} in a storm`);
    const committed = await fall(owner, cards);
    const { taken, turnedAway } = await arrivals(slack.url, { begins: "task:", count: cards });
    const last = taken.at(-1)?.at ?? Number.NaN;
    if (new Set(taken.map(({ key }) => key.split("@")[0])).size !== cards || taken.length !== cards)
      throw new Error(`${taken.length} cards arrived of ${cards}`);
    ground.say(`cards: ${turnedAway} calls were turned away`);
    const optimum = Math.max((cards - BURST) / PER_SECOND, EACH - 1);
    return [
      {
        bench: "cards",
        what: `${cards} cards in a storm of 429, ${PROCESSES} processes`,
        unit: "s",
        value: (last - committed) / 1000,
        limit: { what: "the rate limit's optimum", value: optimum },
        target: { type: "at-most-of-limit", factor: 1.1 },
        spread: null,
      },
    ];
  } finally {
    for (const one of started.reverse()) await one.stop();
  }
}

/** Lines of other parts of the bench end before it. */
const FIRST = 200_000;

/** All cards fall due at once; gives when they were committed. */
async function fall(owner: Sql, cards: number): Promise<number> {
  const tasks = Array.from({ length: cards }, (_, n) => waiting(FIRST + n).task);
  await owner`
    insert into effect (kind, priority, subject, body, run_at)
    select 'show', 2, 'task:' || id, jsonb_build_object('kind', 'show', 'subject', 'task', 'id', id), app_now() from unnest(${tasks}::text[]) as id`;
  return nowMs();
}
