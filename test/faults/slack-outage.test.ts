/**
 * Delivery against a Slack that limits, fails, falls silent or is away for an hour: the outbox, the pacer and the channel as they run, over real HTTP, with
 * a stand-in that counts Slack's limits for itself. Time is moved ahead to when something is due next: the stand-in's, the pacer's and the database's alike.
 */
import { afterEach, expect, test } from "vitest";
import { slackChannel } from "../../src/channels/slack/channel.ts";
import { clients } from "../../src/channels/slack/client.ts";
import { RATES } from "../../src/channels/slack/limits.ts";
import { drain } from "../../src/delivery/drain.ts";
import { type StandIn, standIn } from "../../src/playground/slack/stand-in.ts";
import type { Fault } from "../../src/playground/slack/world.ts";
import { en } from "../../src/texts/en.ts";
import { BOT_TOKEN, SILENT, userOf, WORKSPACE } from "../channels/stage.ts";
import { stage } from "../delivery/stage.ts";
import { application, type Company, company, file, folder, on, PEOPLE, person } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Chance, chance, oneOf } from "./repeated.ts";

const SEED = Number(process.env.LATCHKEY_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** How many ask: each has a card of their own, and one with whoever decides. */
const ASKERS = Number(process.env.LATCHKEY_OUTAGE ?? 12);
/** A process gives an unanswered call up after this; the real one waits ten seconds. */
const TIMEOUT_MS = 250;

const CROWD = Array.from({ length: ASKERS }, (_, n) => person(`asker-${n}`, `boss-${n}`));
/** Everybody has a manager of their own, so that each card goes to a place of its own. */
const BOSSES = CROWD.map(({ managerId }) => person(managerId ?? "", "cleo"));

let it: Company;
let world: StandIn;
let close: () => Promise<void> = async () => {};
/** Milliseconds of the clock that the stand-in and the pacer share. */
const clock = { now: 1_800_000_000_000 };

const sql = () => it.connection.sql;
const count = async (query: string) => Number((await sql().unsafe(`select count(*) as n from ${query}`))[0]?.n);

async function begin(): Promise<void> {
  clock.now = 1_800_000_000_000;
  it = await company({
    people: [...PEOPLE, ...BOSSES, ...CROWD],
    catalogue: { ...folder().catalogue, applications: [application("wiki", { fulfillers: { kind: "person", person: "lena" } })] },
  });
  const users = [...BOSSES, ...CROWD].map(({ id, name, email }) => ({ id: userOf(id), name: id, real_name: name, email }));
  world = standIn({
    ...WORKSPACE,
    users: [...WORKSPACE.users, ...users],
    deliver: () => Promise.reject(new Error("nothing is delivered here")),
    ownMessageEvents: false,
    clock: () => clock.now,
    rateLimits: true,
  });
  const listening = await world.listen();
  close = listening.close;
  url = listening.url;
}
let url = "";

/** A process that delivers: it has its own memory of what Slack said. */
function aProcess() {
  const { delivery } = clients({ botToken: BOT_TOKEN, apiUrl: `${url}/api/`, log: SILENT, timeoutMs: TIMEOUT_MS });
  const { courier, notes } = stage(it);
  const channel = slackChannel(delivery, en.slack, { now: () => clock.now, rates: RATES });
  return { courier: { ...courier, channel }, notes };
}
type Process = ReturnType<typeof aProcess>;

const MOST_ROUNDS = 600;
/** The clock goes so far at least, so that a heap of little waits is one. */
const LEAST_STEP_MS = 250;

/** Everything that waits waits so much shorter, and what was drawn is drawn no more. */
async function passes(ms: number): Promise<void> {
  clock.now += ms;
  await sql()`update effect set leased_until = leased_until - make_interval(secs => ${ms / 1000}) where state = 'due' and leased_until is not null`;
  await sql()`update message set leased_until = leased_until - make_interval(secs => ${ms / 1000}) where leased_until is not null`;
}

/** Delivers until nothing is due; gives the milliseconds that the clock went meanwhile. `going` false: stops there, with something left. */
async function settled(processes: readonly Process[], going: () => boolean = () => true): Promise<number> {
  const from = clock.now;
  for (let round = 0; going(); round++) {
    if (round > MOST_ROUNDS)
      throw new Error(
        `it never settles: ${JSON.stringify(await sql()`select kind, why, attempts from effect where state = 'due' limit 5`)}`,
      );
    const waits = await Promise.all(processes.map(({ courier }) => drain(courier, () => true)));
    const next = waits.filter((ms) => ms !== null);
    if (next.length === 0 || (await count("effect where state = 'due'")) === 0) break;
    await passes(Math.max(LEAST_STEP_MS, Math.ceil(Math.min(...next))));
  }
  return clock.now - from;
}

/** Lasting messages that the app has posted, by the key that each carries: the copies of a card, notices and remarks. */
function keysShown(): readonly string[] {
  return [...world.world.channels.values()].flatMap(({ messages }) =>
    messages.flatMap(({ metadata, visibleTo }) => (visibleTo === undefined && metadata ? [JSON.stringify(metadata)] : [])),
  );
}

/** What must be true once all is quiet: nothing lost, nothing doubled, nothing given up, and every copy shows the newest state. */
async function demandWhole(requests: readonly number[], processes: readonly Process[]): Promise<void> {
  expect(await count("effect where state <> 'done'")).toBe(0);
  expect(await count("message where state <> 'posted' and state <> 'listed'")).toBe(0);
  const keys = keysShown();
  expect(keys.filter((key, n) => keys.indexOf(key) !== n)).toEqual([]);
  const places = await sql()`select place, count(*)::int as n from message where subject like 'request:%' group by 1`;
  expect(places.filter(({ n }) => n !== 1)).toEqual([]);
  expect(places).toHaveLength(requests.length);
  expect(processes.flatMap(({ notes }) => notes.filter(({ level }) => level === "error"))).toEqual([]);
}

/** Whose cards say what, by the direct message they stand in. */
function shownTo(id: string): string {
  return JSON.stringify(world.world.channels.get(`D${userOf(id).slice(1)}`)?.messages.map(({ blocks }) => blocks) ?? []);
}

async function everybodyAsks(): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (const { id } of CROWD) numbers.push(...(await file(it, id, "wiki", [], {})));
  return numbers;
}

/** Half of them are approved, a quarter rejected. */
async function decide(numbers: readonly number[]): Promise<void> {
  for (const [n, number] of numbers.entries()) {
    if (n % 4 === 3) continue;
    const done = await on(it, number, `boss-${n}`, n % 4 === 2 ? { verb: "reject", reason: "no" } : { verb: "approve", comment: null });
    expect(done).toMatchObject({ ok: true });
  }
}

/** What Slack would let through at the very best, in milliseconds: the slowest of its limits for what was called. */
function optimum(calls: readonly { readonly method: string; readonly ok: boolean }[]): number {
  const through = (method: string) => calls.filter((call) => call.method === method && call.ok).length;
  return Math.max(
    ...Object.entries<{ readonly workspace?: { readonly calls: number; readonly ms: number }; readonly share?: { readonly card: number } }>(
      RATES,
    ).map(([method, { workspace, share }]) => {
      if (!workspace) return 0;
      const allowed = Math.floor(workspace.calls * (share?.card ?? 1));
      // The last of them need not wait for their window's end.
      return Math.max(0, Math.ceil(through(method) / allowed) - 1) * workspace.ms;
    }),
  );
}

describeWithDatabase(`a Slack that is not well, LATCHKEY_SEED=${SEED}`, () => {
  afterEach(async () => {
    await close();
    await it.close();
  });

  test("an outage of an hour while people go on: every decision stands, nothing is lost or doubled, and the backlog is gone as fast as Slack's limits allow, and a tenth", async () => {
    await begin();
    const here = aProcess();
    const numbers = await everybodyAsks();
    const gone: Fault = { method: "*", type: "fail", status: 503, times: 1_000_000 };
    world.world.faults.push(gone);
    const tried503 = () => 1_000_000 - (gone.times ?? 0);
    // An hour, in which each try is one of many: the clock goes two minutes at a time.
    for (let minutes = 0; minutes < 60; minutes += 2) {
      if (minutes === 30) await decide(numbers);
      await drain(here.courier, () => true);
      await passes(120_000);
    }
    expect(await count("vote")).toBe(numbers.filter((_, n) => n % 4 !== 3).length);
    expect(tried503()).toBeGreaterThan(30);
    expect(keysShown()).toEqual([]);
    expect(await count("effect where state = 'dead'")).toBe(0);
    const tried = world.world.calls.length;
    // Slack is back. What was put off comes at the latest five seconds later.
    world.world.faults.length = 0;
    const took = await settled([here]);
    const calls = world.world.calls.slice(tried);
    expect(calls.filter(({ ok }) => !ok)).toEqual([]);
    await demandWhole(numbers, [here]);
    expect(took).toBeLessThanOrEqual(optimum(calls) * 1.1 + 5_000);
  }, 120_000);

  test.each([
    ["that says how long to wait", 7],
    ["that doesn't", undefined],
  ] as const)(
    "a storm of 429 %s: nobody's card is lost, doubled or starved, and those whom it doesn't concern don't wait",
    async (_, retryAfter) => {
      await begin();
      const here = [aProcess(), aProcess()];
      const numbers = await everybodyAsks();
      const draw = chance(SEED);
      // Every tenth place is limited again and again, and now and then a whole method.
      const limited = CROWD.filter((_one, n) => n % 10 === 0).map(({ id }) => `D${userOf(id).slice(1)}`);
      const limit = (method: string, times: number, channel?: string): Fault => ({
        method,
        times,
        type: "rateLimit",
        ...(channel === undefined ? {} : { channel }),
        ...(retryAfter === undefined ? {} : { retryAfter }),
      });
      world.world.faults.push(...limited.map((channel) => limit("chat.postMessage", 4, channel)));
      const first = new Map<string, number>();
      const began = clock.now;
      const look = () => {
        for (const { id } of CROWD) if (!first.has(id) && shownTo(id) !== "[]") first.set(id, clock.now - began);
        return first.size < CROWD.length;
      };
      await settled(here, look);
      const places = CROWD.filter(({ id }) => !limited.includes(`D${userOf(id).slice(1)}`));
      const least = Math.min(
        ...limited.map(
          (channel) => first.get(CROWD.find(({ id }) => channel === `D${userOf(id).slice(1)}`)?.id ?? "") ?? Number.POSITIVE_INFINITY,
        ),
      );
      // Four times told to wait, the limited ones come after everybody else.
      expect(least).toBeGreaterThanOrEqual((retryAfter ?? 30) * 1000);
      expect(places.filter(({ id }) => (first.get(id) ?? Number.POSITIVE_INFINITY) > least)).toEqual([]);
      await decide(numbers);
      world.world.faults.push(...["chat.postMessage", "chat.update"].map((method) => limit(method, 3 + Math.floor(draw() * 8))));
      await settled(here);
      await demandWhole(numbers, here);
      // Slack counted for itself: beyond what it was told to refuse, nothing was too much.
      expect(world.world.calls.filter(({ error }) => error === "ratelimited")).toEqual([]);
    },
    300_000,
  );

  test("whatever goes wrong with a call, drawn by lot, over two processes: answers lost after delivery, cut off, too late, refused, failed", async () => {
    await begin();
    const here = [aProcess(), aProcess()];
    const numbers = await everybodyAsks();
    const draw = chance(SEED);
    const kinds: readonly ((draw: Chance) => Fault)[] = [
      () => ({ method: "chat.postMessage", type: "dropAfterDelivery", times: 1 }),
      () => ({ method: "chat.postMessage", type: "truncateAfterDelivery", times: 1 }),
      () => ({ method: "chat.postMessage", type: "hangAfterDelivery", times: 1 }),
      (lot) => ({ method: "chat.postMessage", type: "failAfterDelivery", status: oneOf(lot, [500, 502, 503, 504, 408]), times: 1 }),
      (lot) => ({
        method: oneOf(lot, ["chat.postMessage", "chat.update", "conversations.open", "conversations.history"]),
        type: "fail",
        status: oneOf(lot, [500, 502, 503]),
        times: 1,
      }),
      (lot) => ({
        method: oneOf(lot, ["chat.postMessage", "chat.update"]),
        type: "refuse",
        error: oneOf(lot, ["internal_error", "service_unavailable", "ratelimited"]),
        times: 1,
      }),
      () => ({ method: "chat.update", type: "dropAfterDelivery", times: 1 }),
      () => ({ method: "chat.update", type: "truncateAfterDelivery", times: 1 }),
      (lot) => ({ method: "*", type: "rateLimit", times: 1, ...(lot() < 0.5 ? { retryAfter: 3 } : {}) }),
    ];
    const faults = Array.from({ length: ASKERS }, () => oneOf(draw, kinds)(draw));
    let met = 0;
    const more = () => {
      // A few at a time, so that they don't all fall on one call.
      while (world.world.faults.length < 4 && faults.length > 0) {
        world.world.faults.push(...faults.splice(0, 1));
        met += 1;
      }
      return true;
    };
    await settled(here, more);
    await decide(numbers);
    await settled(here, more);
    expect(met).toBeGreaterThan(4);
    world.world.faults.length = 0;
    await settled(here);
    await demandWhole(numbers, here);
    for (const [n, { id }] of CROWD.entries()) {
      const words = shownTo(id);
      expect(words.includes("is approved"), id).toBe(n % 4 < 2);
      expect(words.includes("is rejected"), id).toBe(n % 4 === 2);
    }
  }, 120_000);
});
