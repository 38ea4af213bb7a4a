import { expect, test } from "vitest";
import { pulse, SILENT_AFTER_MS } from "../../src/db/pulse.ts";

/** A database whose answers the test gives, and a clock that it moves. */
function patient() {
  const answers: { readonly yes: () => void; readonly no: () => void }[] = [];
  const told: (number | null)[] = [];
  const time = { now: 0 };
  const heart = pulse({
    ping: () => new Promise<void>((resolve, reject) => answers.push({ yes: resolve, no: () => reject(new Error("gone")) })),
    asked: (seconds) => told.push(seconds),
    now: () => time.now,
  });
  return { heart, answers, told, time };
}

test("a database that answers at once answers, and one that refuses is silent", async () => {
  const { heart, answers } = patient();
  const well = heart.health();
  answers[0]?.yes();
  expect(await well).toBe("answers");
  const ill = heart.health();
  answers[1]?.no();
  expect(await ill).toBe("silent");
});

test("one that answered lately is slow while its answer is awaited, and silent when it has said nothing for seconds", async () => {
  const { heart, answers, time } = patient();
  const first = heart.ask();
  answers[0]?.yes();
  await first;
  time.now = SILENT_AFTER_MS - 1;
  expect(await heart.health()).toBe("slow");
  time.now = SILENT_AFTER_MS;
  expect(await heart.health()).toBe("silent");
  // All who wanted to know waited for one question; its answer, late as it is, is a sign of life.
  expect(answers).toHaveLength(2);
  answers[1]?.yes();
  await new Promise((resolve) => setImmediate(resolve));
  expect(await heart.health()).toBe("slow");
});

test("right after the start, when nothing was asked yet, one that takes its time is slow", async () => {
  const { heart, time } = patient();
  expect(await heart.health()).toBe("slow");
  time.now = SILENT_AFTER_MS;
  expect(await heart.health()).toBe("silent");
});

test("what came of each question is told: seconds, or that it failed", async () => {
  const { heart, answers, told, time } = patient();
  const slow = heart.ask();
  time.now = 2_500;
  answers[0]?.yes();
  await slow;
  const failing = heart.ask();
  answers[1]?.no();
  await expect(failing).rejects.toThrow("gone");
  expect(told).toEqual([2.5, null]);
});
