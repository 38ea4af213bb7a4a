import { afterEach, beforeEach, expect, test } from "vitest";
import { SILENT } from "../../src/db/fault.ts";
import { type Watchdog, watchdog } from "../../src/db/watchdog.ts";

let now: number;
let answers: boolean;
let left: number[];
let dog: Watchdog;

beforeEach(() => {
  now = 0;
  answers = true;
  left = [];
  dog = watchdog({
    ping: () => (answers ? Promise.resolve() : Promise.reject(new Error("gone"))),
    log: SILENT,
    exit: (code) => left.push(code),
    now: () => now,
    every: 1_000_000,
  });
});
afterEach(() => dog.stop());

async function at(time: number): Promise<number[]> {
  now = time;
  await dog.check();
  return left;
}

test("the process stays while the database answers", async () => {
  expect(await at(0)).toEqual([]);
  expect(await at(1_000_000)).toEqual([]);
});

test("the process is left, once, when the database has not answered for thirty seconds", async () => {
  answers = false;
  expect(await at(10_000)).toEqual([]);
  expect(await at(39_999)).toEqual([]);
  expect(await at(40_000)).toEqual([1]);
});

test("one answer in between gives it its thirty seconds anew", async () => {
  answers = false;
  await at(0);
  await at(29_000);
  answers = true;
  await at(29_500);
  answers = false;
  expect(await at(31_000)).toEqual([]);
  expect(await at(60_999)).toEqual([]);
  expect(await at(61_000)).toEqual([1]);
});

test("a machine that slept for an hour does not count the hour", async () => {
  await at(0);
  answers = false;
  expect(await at(3_600_000)).toEqual([]);
});

test("a question that is never answered counts as a failure, and the next is not asked on top of it", async () => {
  let asked = 0;
  const waiting = watchdog({
    ping: () => {
      asked++;
      return new Promise(() => {});
    },
    log: SILENT,
    exit: (code) => left.push(code),
    now: () => now,
    every: 1_000_000,
    answerWithin: 20,
    patience: 100,
  });
  await Promise.all([waiting.check(), waiting.check()]);
  expect([asked, left]).toEqual([1, []]);
  now = 100;
  await waiting.check();
  expect([asked, left]).toEqual([2, [1]]);
});

test("an answer that comes late is one: a slow database, which a restart would not cure, is not left", async () => {
  const late: (() => void)[] = [];
  const waiting = watchdog({
    ping: () => new Promise<void>((resolve) => late.push(resolve)),
    log: SILENT,
    exit: (code) => left.push(code),
    now: () => now,
    every: 1_000_000,
    answerWithin: 20,
    patience: 100,
  });
  for (now = 0; now < 1_000; now += 60) {
    await waiting.check();
    late.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(left).toEqual([]);
});

test("a stopped watchdog leaves nobody", async () => {
  answers = false;
  await at(0);
  dog.stop();
  expect(await at(100_000)).toEqual([]);
});
