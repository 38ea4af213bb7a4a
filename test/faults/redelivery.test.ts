/** What Slack delivers again, late, in any order, to any of three Latchkeys: the same comes of it as of its first delivery alone. */
import { pino } from "pino";
import postgres from "postgres";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { type Running, start } from "../../src/wiring.ts";
import { environmentOf, quiet, slackOfAcme } from "../product/stage.ts";
import { describeWithDatabase, emptyDatabase } from "../setup/database.ts";
import { roomForCards } from "./crowd.ts";
import { type Meaning, meaningOf } from "./meaning.ts";
import { chance, type Pair, repeats } from "./repeated.ts";
import { type Ground, type Step, session } from "./session.ts";

const SEED = Number(process.env.LATCHKEY_SEED ?? Math.floor(Math.random() * 2 ** 31));
const STORIES = Number(process.env.LATCHKEY_STORIES ?? 8);
const TEN_MINUTES = 600_000;

interface Played {
  readonly meaning: Meaning;
  readonly pairs: readonly Pair[];
  readonly times: readonly number[];
  readonly logged: readonly string[];
}

/** Plays the session on a database of its own, with three Latchkeys; each request is delivered up to `most` times. */
async function play(steps: readonly Step[], most: number): Promise<Played> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    let ahead = 0;
    let doors: readonly string[] = [];
    const now = () => Date.now() + ahead;
    const carrier = repeats({
      doors: () => doors,
      sign: (body, type) => slack.world.sign(body, undefined, type),
      now,
      draw: chance(SEED + 1),
      most,
      lateMs: TEN_MINUTES,
    });
    const shortcuts = [{ callback_id: "request_access", name: "Request access" }];
    const slack = await slackOfAcme({}, { deliver: carrier.deliver, clock: now, app: { shortcuts } });
    undo.push(slack.close);
    const database = await emptyDatabase();
    undo.push(database.drop);
    const sql = postgres(database.adminUrl, { max: 2, onnotice: () => {} });
    undo.push(() => sql.end());
    const logged: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => void logged.push(line) });
    const replicas: Running[] = [];
    for (let n = 0; n < 3; n++) {
      const running = await start(readConfig(environmentOf(slack, database)), log);
      undo.push(running.stop);
      replicas.push(running);
    }
    doors = replicas.map(({ address }) => `${address}/slack/events`);
    // Now that nobody looks at the mark any more: only a playground's clock may be moved.
    await sql`alter table installation disable trigger user`;
    await sql`update installation set mark = 'playground'`;
    const ground: Ground = {
      slack,
      numbers: new Map(),
      kept: new Map(),
      left: new Map(),
      newestNumber: async () => Number((await sql`select max(number) as number from line`)[0]?.number),
      sendOld: async (body) => {
        const headers = slack.world.sign(body);
        await carrier.deliver({ body, headers }, AbortSignal.timeout(10_000));
      },
    };
    const later = async (ms: number) => {
      await quiet({ sql });
      await roomForCards(sql);
      ahead += ms;
      await sql`insert into clock (ahead) values (make_interval(secs => ${ahead / 1000})) on conflict (one) do update set ahead = excluded.ahead`;
      await carrier.until(now());
      await quiet({ sql });
      await roomForCards(sql);
    };
    for (const [index, step] of steps.entries()) {
      try {
        await step.go(ground);
      } catch (error) {
        throw new Error(`step ${index}, story ${step.story}: ${step.says}`, { cause: error });
      }
      // A minute and a half at most: the last copies of a step come when a dozen others have been done.
      await later(20_000 + ((index * 37) % 5) * 17_000);
    }
    await later(TEN_MINUTES);
    return { meaning: await meaningOf(sql, slack), pairs: carrier.pairs, times: carrier.times, logged };
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

const isError = (line: string) => Number((JSON.parse(line) as { level?: number }).level) >= 50;

describeWithDatabase("over three Latchkeys on one database", () => {
  describe(`a session of ${STORIES} requests, LATCHKEY_SEED=${SEED}`, () => {
    test("THREAT-3 each thing delivered one to five times, up to ten minutes late and in any order, has the effects of its first delivery alone", async () => {
      const steps = session(chance(SEED), STORIES);
      const [once, often] = [await play(steps, 1), await play(steps, 5)];
      // Else so many deliveries would have shown nothing.
      expect(once.meaning.accepted.length).toBe(13);
      expect(Math.max(...once.times)).toBe(1);
      expect(new Set(often.times)).toEqual(new Set([1, 2, 3, 4, 5]));
      expect(often.meaning).toEqual(once.meaning);
      for (const { first, copy } of often.pairs) {
        expect(copy.status).toBe(200);
        expect(copy.body).not.toMatch(/went wrong|still working|try it again|busy/i);
        // What was done is answered as it was the first time.
        if (first.body.includes('"clear"')) expect(copy.body).toBe(first.body);
      }
      expect([...once.logged, ...often.logged].filter(isError)).toEqual([]);
    }, 600_000);
  });
});
