/** How soon Latchkey is ready, and how much memory it holds: the product in its own process, Slack over HTTP, no playground, the database elsewhere. */
import postgres from "postgres";
import { connect } from "../src/db/connect.ts";
import type { Bench } from "./bench.ts";
import { clicks, shoot } from "./decide-clicks.ts";
import { fileLines, settle } from "./decide-company.ts";
import { PACED_HOST, type Program, rssOf, startBeside, startLatchkey } from "./decide-processes.ts";
import { type Figure, spreadOf, type Target } from "./figure.ts";

const CONNECTIONS = 16;
/** Seconds of clicks between looks at how many there were. */
const STRETCH = 5;
/** Milliseconds after which what a start left behind is gone. */
const SETTLED_MS = 5_000;

export const start: Bench = {
  name: "start",
  about: "from the start of the process to /readyz, and its memory before and after many clicks",
  run: async (ground) => {
    const times = ground.quick ? 1 : 7;
    const [half, all] = ground.quick ? ([200, 400] as const) : ([50_000, 100_000] as const);
    const server = await ground.server();
    const database = await server.fresh();
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    const reading = connect(database.url, { max: 1 });
    const started: Program[] = [];
    try {
      await settle(database, owner);
      ground.say("start: filing requests");
      await fileLines(owner, 0, all + 60_000);
      const slack = await startBeside("./decide-slack.ts", PACED_HOST);
      started.push(slack);
      const options = { databaseUrl: database.url, ownerUrl: database.ownerUrl, slackApiUrl: `${slack.url}/api/` };
      const ready: number[] = [];
      // The first start warms the database and the disk.
      for (let time = 0; time <= times; time++) {
        const one = await startLatchkey(options);
        if (time > 0) ready.push(one.readyAfterMs / 1000);
        await one.stop();
      }
      const latchkey = await startLatchkey(options);
      started.push(latchkey);
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      const idle = rssOf(latchkey);
      const ours = await clicks(reading.db, slack.url);
      const upTo = async (wanted: number): Promise<number | null> => {
        for (let done = ours.count(); done < wanted; done = ours.count()) {
          ground.say(`start: ${done} of ${all} clicks`);
          await shoot(latchkey.url, ours, { connections: CONNECTIONS, seconds: STRETCH });
        }
        return rssOf(latchkey);
      };
      const middle = await upTo(half);
      const end = await upTo(all);
      const spread = spreadOf(ready);
      return [
        {
          bench: "start",
          what: "start to ready",
          unit: "s",
          value: spread.p50,
          limit: null,
          target: { type: "at-most", value: 1 },
          spread,
        },
        ...memory("memory, idle", idle, null, { type: "at-most", value: 120 }),
        ...memory(`memory after ${all} clicks`, end, null, { type: "at-most", value: 180 }),
        // Flat: a tenth is what collecting garbage a little sooner or later makes.
        ...memory(`memory after ${all} clicks`, end, middle && { what: `after ${half}`, value: middle }, {
          type: "at-most-of-limit",
          factor: 1.1,
        }),
      ];
    } finally {
      for (const one of started.reverse()) await one.stop();
      await reading.close();
      await owner.end();
      await database.drop();
    }
  },
};

/** Nothing where the system doesn't say. */
function memory(what: string, value: number | null, limit: Figure["limit"] | 0, target: Target): readonly Figure[] {
  return value === null ? [] : [{ bench: "start", what, unit: "MiB", value, limit: limit || null, target, spread: null }];
}
