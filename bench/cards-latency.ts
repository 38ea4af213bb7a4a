/** From the commit of a request until the card that asks its approver has arrived at Slack, one request after the other, nothing held back by any limit. */
import { WebClient } from "@slack/web-api";
import { v7 } from "uuid";
import { taskCard } from "../src/cards/task-card.ts";
import { printMessage } from "../src/channels/slack/print.ts";
import { connect, type Db, type Sql } from "../src/db/connect.ts";
import { readTask } from "../src/db/views.ts";
import { ask } from "../src/operations/ask.ts";
import type { World } from "../src/operations/world.ts";
import { en } from "../src/texts/en.ts";
import type { Ground } from "./bench.ts";
import { arrivals, nowMs } from "./cards-arrivals.ts";
import { replica } from "./cards-replica.ts";
import { userOf } from "./decide-company.ts";
import { BOT_TOKEN, type Program, startBeside, startLatchkey } from "./decide-processes.ts";
import { type Figure, spreadOf } from "./figure.ts";
import type { Database } from "./server.ts";

/** Of each person. Everybody has a manager of their own, who gets three cards of their own at once; what comes beyond that shares a card. */
const ROUNDS = 2;
/** The first person who asks for what another process finds; the others have asked enough. */
const OTHERS = 400;
/** Requests that another process finds before those that count. */
const WARM = 3;
/** Requests, or bare messages, between which the two take turns. */
const STRETCH = 25;
/** Milliseconds within which another process looks for what nobody told it. */
const LOOK_MS = 1_000;

interface Asked {
  readonly approver: string;
  /** When the operation had resolved. */
  readonly committed: number;
}

export async function committedToPosted(ground: Ground, database: Database, owner: Sql): Promise<readonly Figure[]> {
  const people = ground.quick ? 50 : OTHERS;
  const slack = await startBeside("./cards-slack.ts");
  const ours = replica(database.url, slack.url);
  try {
    const askAll = async (from: number, to: number, round: number): Promise<Asked[]> => {
      const done: Asked[] = [];
      for (let n = from; n < to; n++) {
        const posted = ours.asked(userOf(`m${n}`));
        done.push(await file(ours.world, n, round));
        await posted;
      }
      return done;
    };
    // Everybody has heard of Latchkey before: their conversations are open, and the server knows its tables.
    await askAll(0, people / 2, 0);
    await owner`analyze`;
    await askAll(people / 2, people, 0);
    const post = await bare(ours.world.db, slack.url);
    const done: Asked[] = [];
    for (let round = 1; round <= ROUNDS; round++)
      for (let from = 0; from < people; from += STRETCH) {
        ground.say(`cards: ${done.length} of ${ROUNDS * people} requests`);
        for (let n = 0; n < STRETCH; n++) await post();
        done.push(...(await askAll(from, Math.min(people, from + STRETCH), round)));
      }
    const limit = spreadOf(await post.latencies());
    const spread = spreadOf(await latenciesOf(slack.url, done, people));
    const figure = (what: string, value: number, most: number | null, beside: number): Figure => ({
      bench: "cards",
      what,
      unit: "ms",
      value,
      limit: { what: "a bare WebClient", value: beside },
      target: most === null ? null : { type: "at-most", value: most },
      spread,
    });
    return [
      figure("commit to card posted, p50", spread.p50, null, limit.p50),
      figure("commit to card posted, p99", spread.p99, 10, limit.p99),
    ];
  } finally {
    await ours.stop();
    await slack.stop();
  }
}

/** The process that commits says nothing to the one that delivers, which is Latchkey as it is installed: it finds the effect when it looks. */
export async function foundByAnother(ground: Ground, database: Database): Promise<readonly Figure[]> {
  const people = WARM + (ground.quick ? 3 : 60);
  const slack = await startBeside("./cards-slack.ts");
  const started: Program[] = [slack];
  const connection = connect(database.url, { max: 2 });
  const mute: World = { db: connection.db, newId: v7, wake: () => {} };
  try {
    started.push(await startLatchkey({ databaseUrl: database.url, ownerUrl: database.ownerUrl, slackApiUrl: `${slack.url}/api/` }));
    const done: Asked[] = [];
    for (let n = 0; n < people; n++) {
      if (n % 10 === 0) ground.say(`cards: ${n} of ${people} requests for another process`);
      // At every part of its pause alike.
      await new Promise((resolve) => setTimeout(resolve, (LOOK_MS * ((n * 7) % people)) / people));
      done.push(await file(mute, OTHERS + n, 0));
      await arrivals(slack.url, { begins: "task:", count: done.length });
    }
    const spread = spreadOf((await latenciesOf(slack.url, done, 0)).slice(WARM));
    return [
      {
        bench: "cards",
        what: "found by another process, longest",
        unit: "ms",
        value: spread.max,
        limit: { what: "its pause alone", value: LOOK_MS },
        target: { type: "at-most", value: 1_100 },
        spread,
      },
    ];
  } finally {
    for (const one of started.reverse()) await one.stop();
    await connection.close();
  }
}

/** The nth person asks for the application of that round. */
async function file(world: World, n: number, round: number): Promise<Asked> {
  const person = `p${n}`;
  const filed = await ask(world, {
    actor: person,
    beneficiary: person,
    application: `app${round}`,
    submission: { entitlements: [], justification: "I look after customers in the north", until: null, values: { region: "EMEA" } },
    once: { key: `cards:${round}:${n}`, fingerprint: "cards" },
  });
  const committed = nowMs();
  if (!filed.ok) throw new Error(`not filed: ${JSON.stringify(filed.refusal)}`);
  return { approver: userOf(`m${n}`), committed };
}

/** Milliseconds of each; the first `before` cards were there before the requests in question. */
async function latenciesOf(slackUrl: string, done: readonly Asked[], before: number): Promise<readonly number[]> {
  const { taken } = await arrivals(slackUrl, { begins: "task:", count: before + done.length });
  if (taken.length !== before + done.length) throw new Error(`${done.length} requests led to ${taken.length - before} cards`);
  return taken.slice(before).map(({ at, channel }, n) => {
    const asked = done[n];
    if (asked === undefined || channel !== `D${asked.approver}`) throw new Error(`card ${n} came to ${channel}`);
    return at - asked.committed;
  });
}

/** The same card by Slack's own client, which keeps its connection as Latchkey's does. */
async function bare(db: Db, slackUrl: string): Promise<(() => Promise<void>) & { latencies(): Promise<readonly number[]> }> {
  const { taken } = await arrivals(slackUrl, { begins: "task:", count: 1 });
  const view = await readTask(db, taken[0]?.key.slice("task:".length).split("@")[0] ?? "", null);
  if (!view) throw new Error("there is no card to post");
  const { text, blocks } = printMessage(taskCard(view, en), en.slack);
  const client = new WebClient(BOT_TOKEN, { slackApiUrl: `${slackUrl}/api/` });
  const sent: number[] = [];
  const post = async (): Promise<void> => {
    const metadata = { event_type: "bare", event_payload: { key: `bare:${sent.length}` } };
    sent.push(nowMs());
    await client.chat.postMessage({ channel: "DBARE", text, blocks: [...blocks], metadata });
  };
  for (let n = 0; n < STRETCH; n++) await post();
  return Object.assign(post, {
    latencies: async () => {
      const arrived = await arrivals(slackUrl, { begins: "bare:", count: sent.length });
      return arrived.taken.map(({ at }, n) => at - (sent[n] ?? Number.NaN)).slice(STRETCH);
    },
  });
}
