/** The limiter in front of Slack, on a clock that only moves when it is told to. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { RATES, type Rate } from "../../src/channels/slack/limits.ts";
import { type Pacer, pacer, type Wanted } from "../../src/channels/slack/pacing.ts";
import type { Urgency } from "../../src/ports.ts";

const post = (conversation: string, key: string, urgency: Urgency = "card"): Wanted => ({
  method: "chat.postMessage",
  conversation,
  urgency,
  key,
});
const update = (key: string, urgency: Urgency = "card"): Wanted => ({ method: "chat.update", conversation: "C1", urgency, key });
const publish = (key: string, urgency: Urgency): Wanted => ({ method: "views.publish", conversation: null, urgency, key });

function stopped() {
  const clock = { now: 1_000_000 };
  return { clock, pace: pacer({ now: () => clock.now }) };
}

interface Sent {
  readonly wanted: Wanted;
  readonly at: number;
}

/** Lets everybody come when they were told to, a little late as in life, until all are through. */
function drained(pace: Pacer, clock: { now: number }, all: readonly Wanted[], late: () => number = () => 0) {
  const sent: Sent[] = [];
  let asked = 0;
  const due = all.map((wanted) => ({ wanted, at: clock.now }));
  while (due.length > 0) {
    due.sort((a, b) => a.at - b.at);
    const next = due.shift();
    if (!next) break;
    clock.now = Math.max(clock.now, next.at);
    const ms = pace.ask(next.wanted);
    asked += 1;
    if (ms === 0) sent.push({ wanted: next.wanted, at: clock.now });
    else due.push({ wanted: next.wanted, at: clock.now + ms + late() });
  }
  return { sent, asked, took: (sent.at(-1)?.at ?? 0) - (sent[0]?.at ?? 0) };
}

/** The most that went out in any stretch of the rate's length. */
function mostIn(times: readonly number[], { ms }: Rate): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);

test("whatever is asked for, no limit of Slack's is passed, and everybody gets their turn", () => {
  const wanted = fc.record({
    conversation: fc.constantFrom("C1", "C2", "D3"),
    method: fc.constantFrom("chat.postMessage" as const, "chat.update" as const, "views.publish" as const),
    urgency: fc.constantFrom<Urgency>("outcome", "card", "bulk"),
  });
  const runs = Number(process.env.LATCHKEY_PACES ?? 60);
  fc.assert(
    fc.property(fc.array(wanted, { minLength: 1, maxLength: 150 }), fc.array(fc.nat(400), { minLength: 1, maxLength: 5 }), (all, lates) => {
      const { clock, pace } = stopped();
      let turn = 0;
      const { sent } = drained(
        pace,
        clock,
        all.map((one, index) => ({ ...one, key: `k${index}` })),
        () => lates[turn++ % lates.length] ?? 0,
      );
      expect(sent).toHaveLength(all.length);
      for (const [method, { workspace, conversation }] of Object.entries<{ workspace?: Rate; conversation?: Rate }>(RATES)) {
        const ours = sent.filter((one) => one.wanted.method === method);
        if (workspace)
          expect(
            mostIn(
              ours.map(({ at }) => at),
              workspace,
            ),
          ).toBeLessThanOrEqual(workspace.calls);
        for (const place of ["C1", "C2", "D3"]) {
          const there = ours.filter((one) => one.wanted.conversation === place).map(({ at }) => at);
          if (conversation) expect(mostIn(there, conversation)).toBeLessThanOrEqual(conversation.calls);
        }
      }
    }),
    { numRuns: runs, verbose: true },
  );
});

test.each([
  ["cards for one channel, one a second", (key: string) => post("C1", key), 1_000],
  ["redrawn cards, fifty a minute", (key: string) => update(key), 1_200],
  ["cards for many people, 285 a minute, the rest kept for outcomes", (key: string) => post(`D${key}`, key), 12_000 / 57],
  ["home pages, 75 a minute, the rest kept for who opens theirs", (key: string) => publish(key, "bulk"), 800],
] as const)("a heap is gone in the time that the limit takes, and a tenth at most: %s", (_, call, everyMs) => {
  const { clock, pace } = stopped();
  const { sent, asked, took } = drained(pace, clock, names(600).map(call), () => 5);
  expect(sent).toHaveLength(600);
  expect(took).toBeLessThanOrEqual(600 * everyMs * 1.1);
  // Each comes about twice, and not at every moment in which somebody else is let through.
  expect(asked).toBeLessThanOrEqual(600 * 2.5);
});

test("those who wait are told different times", () => {
  const { pace } = stopped();
  const waits = names(100).map((key) => pace.ask(post("C1", key)));
  const waiting = waits.filter((ms) => ms > 0);
  expect(waiting).toHaveLength(90);
  expect(new Set(waiting).size).toBe(90);
});

test("a 429 for one channel holds that channel and no other, and no other method", () => {
  const { clock, pace } = stopped();
  pace.hold("chat.postMessage", "C1", 30_000);
  expect(pace.ask(post("C1", "a"))).toBe(30_000);
  expect(pace.ask(post("C2", "b"))).toBe(0);
  expect(pace.ask(update("c"))).toBe(0);
  clock.now += 29_999;
  expect(pace.ask(post("C1", "a"))).toBe(1);
  clock.now += 1;
  expect(pace.ask(post("C1", "a"))).toBe(0);
});

test("a 429 for several channels at once is the workspace's; one that names no channel holds the method", () => {
  const { pace } = stopped();
  pace.hold("chat.postMessage", "C1", 10_000);
  pace.hold("chat.postMessage", "C2", 10_000);
  expect(pace.ask(post("C9", "x"))).toBe(0);
  pace.hold("chat.postMessage", "C3", 10_000);
  expect(pace.ask(post("C9", "y"))).toBeGreaterThanOrEqual(10_000);
  pace.hold("views.publish", null, 5_000);
  expect(pace.ask(publish("z", "outcome"))).toBeGreaterThanOrEqual(5_000);
  expect(pace.ask(update("u"))).toBe(0);
});

test("those who wait for the end of a 429 come one after the other", () => {
  const { clock, pace } = stopped();
  pace.hold("chat.postMessage", "C1", 20_000);
  const { sent } = drained(
    pace,
    clock,
    names(30).map((key) => post("C1", key)),
  );
  const times = sent.map(({ at }) => at - 1_000_000);
  expect(Math.min(...times)).toBe(20_000);
  expect(new Set(times).size).toBe(30);
});

test("THREAT-20 a flood of cards, and of bulk, leaves outcomes their room", () => {
  for (const urgency of ["card", "bulk"] as const) {
    const { clock, pace } = stopped();
    for (const key of names(1_000)) pace.ask(post(`D${key}`, key, urgency));
    expect(pace.ask(post("DX", "outcome", "outcome"))).toBe(0);
    clock.now += 100;
    const waits = names(20).map((key) => pace.ask(post(`E${key}`, `o${key}`, "outcome")));
    // All of the flood waits behind the outcomes, which wait for each other only.
    expect(Math.max(...waits)).toBeLessThanOrEqual(12_000 + 20 * 210);
    const bulk = pace.ask(post("DY", "late", "bulk"));
    expect(bulk).toBeGreaterThan(Math.max(...waits));
  }
});

test("whoever came at the time that was given comes before those who come now", () => {
  const { clock, pace } = stopped();
  for (const key of names(10)) pace.ask(update(key));
  const first = pace.ask(update("first"));
  clock.now += first - 1;
  expect(pace.ask(update("second"))).toBeGreaterThan(1);
  clock.now += 1;
  expect(pace.ask(update("first"))).toBe(0);
});
