/** Acknowledged decisions through Bolt over HTTP: load, decide and commit before each acknowledgement, beside a Bolt app that only acknowledges. */
import postgres from "postgres";
import { connect } from "../src/db/connect.ts";
import type { Bench, Ground } from "./bench.ts";
import { type Clicks, clicks, type Round, shoot } from "./decide-clicks.ts";
import { fileLines, settle } from "./decide-company.ts";
import { PACED_HOST, type Program, startBeside, startLatchkey } from "./decide-processes.ts";
import { type Figure, spreadOf, type Target } from "./figure.ts";

interface Load {
  readonly connections: number;
  readonly targets: { readonly rate: Target | null; readonly p99: number | null };
}

const LOADS: readonly Load[] = [
  { connections: 1, targets: { rate: null, p99: null } },
  { connections: 16, targets: { rate: { type: "at-least-of-limit", factor: 0.4 }, p99: 25 } },
  { connections: 200, targets: { rate: null, p99: 100 } },
];
/** No acknowledgement may take longer, in ms. */
const LONGEST_MS = 1_000;
/** As many clicks in a second as no machine of today takes: so many tasks are made. */
const MOST_PER_SECOND = 5_000;

export const decide: Bench = {
  name: "decide",
  about: "acknowledged decisions through Bolt over HTTP, beside a Bolt app that only acknowledges",
  run: async (ground) => {
    const rounds = ground.quick ? 1 : 5;
    const seconds = ground.quick ? 1 : 3;
    const server = await ground.server();
    const database = await server.fresh();
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    const reading = connect(database.url, { max: 1 });
    const started: Program[] = [];
    try {
      await settle(database, owner);
      ground.say("decide: filing requests");
      await fileLines(owner, 0, (LOADS.length * rounds + 1) * seconds * MOST_PER_SECOND);
      const slack = await startBeside("./decide-slack.ts", PACED_HOST);
      const bolt = await startBeside("./decide-bolt.ts");
      const latchkey = await startLatchkey({ databaseUrl: database.url, ownerUrl: database.ownerUrl, slackApiUrl: `${slack.url}/api/` });
      started.push(slack, bolt, latchkey);
      const ours = await clicks(reading.db, slack.url);
      const theirs = await clicks(reading.db, slack.url);
      const stage = { ground, bolt, latchkey, ours, theirs, rounds, seconds };
      await warm(stage);
      const figures: Figure[] = [];
      for (const load of LOADS) figures.push(...(await measure(stage, load)));
      await demandDecided(owner, ours.count());
      return figures;
    } finally {
      for (const one of started.reverse()) await one.stop();
      await reading.close();
      await owner.end();
      await database.drop();
    }
  },
};

interface Stage {
  readonly ground: Ground;
  readonly bolt: Program;
  readonly latchkey: Program;
  readonly ours: Clicks;
  readonly theirs: Clicks;
  readonly rounds: number;
  readonly seconds: number;
}

async function warm({ bolt, latchkey, ours, theirs, seconds }: Stage): Promise<void> {
  await shoot(bolt.url, theirs, { connections: 16, seconds });
  await shoot(latchkey.url, ours, { connections: 16, seconds });
}

/** Limit and product take turns in short rounds, so that whatever else the machine does meets both. */
async function measure({ ground, bolt, latchkey, ours, theirs, rounds, seconds }: Stage, load: Load): Promise<readonly Figure[]> {
  const { connections, targets } = load;
  const limit: Round[] = [];
  const product: Round[] = [];
  for (let round = 1; round <= rounds; round++) {
    ground.say(`decide: ${connections} connections, round ${round} of ${rounds}`);
    // What Latchkey has left to do must not slow down its limit.
    latchkey.child.kill("SIGSTOP");
    limit.push(await shoot(bolt.url, theirs, { connections, seconds }));
    latchkey.child.kill("SIGCONT");
    product.push(await shoot(latchkey.url, ours, { connections, seconds }));
  }
  const at = `${connections} connection${connections === 1 ? "" : "s"}`;
  const spread = spreadOf(product.flatMap(({ latencies }) => latencies));
  const bound = targets.p99;
  const time = (what: string, value: number, most: number): Figure => ({
    bench: "decide",
    what: `${what}, ${at}`,
    unit: "ms",
    value,
    limit: null,
    target: { type: "at-most", value: most },
    spread,
  });
  return [
    {
      bench: "decide",
      what: `acknowledged, ${at}`,
      unit: "per s",
      value: median(product.map(rateOf)),
      limit: { what: "Bolt, acknowledging only", value: median(limit.map(rateOf)) },
      target: targets.rate,
      spread,
    },
    ...(bound === null ? [] : [time("p99", spread.p99, bound)]),
    time("longest", spread.max, LONGEST_MS),
  ];
}

function rateOf({ acknowledged, seconds }: Round): number {
  return acknowledged / seconds;
}

export function median(values: readonly number[]): number {
  return spreadOf(values).p50;
}

/** What was acknowledged was decided, by one vote each; a round's end may cut off a click under way. */
async function demandDecided(owner: postgres.Sql, clicked: number): Promise<void> {
  const [row] = await owner`select count(*)::int as votes, (select count(*)::int from event where kind = 'refused') as refused from vote`;
  const { votes = 0, refused = 0 } = row ?? {};
  const most = LOADS.reduce((sum, { connections }) => sum + 2 * connections, 0) * 20;
  if (refused > 0 || votes > clicked || votes < clicked - most)
    throw new Error(`${clicked} clicks made ${votes} votes and ${refused} refusals`);
}
