/** A fault of the database, seen by people: what they are told while it lasts, and what must stand when it is over. */
import type postgres from "postgres";
import { expect } from "vitest";
import { checkInvariants } from "../../src/db/invariants.ts";
import { messagesOf, newest, read } from "../product/people.ts";
import { type Child, eventually, quiet, type Slack } from "../product/stage.ts";
import { amiss, approveAll, approved, everybodyAsks, roomForCards, standing, type Waiting } from "./crowd.ts";

export interface Scene {
  readonly slack: Slack;
  /** As the superuser, past whatever lies between Latchkey and the database. */
  readonly sql: postgres.Sql;
  readonly latchkey: Child;
  readonly address: string;
}

/** Requests that wait for their decision. */
export interface Round {
  readonly scene: Scene;
  readonly waiting: readonly Waiting[];
  /** Approve is pressed on each of them, once more; the numbers whose click Slack saw acknowledged. */
  press(progress?: (acknowledged: number) => void): Promise<ReadonlySet<number>>;
  /** What those who decide were told, since the round began. */
  told(): readonly string[];
}

export async function decides(scene: Scene, names: readonly string[]): Promise<Round> {
  const { slack, sql } = scene;
  await roomForCards(sql);
  const waiting = await everybodyAsks(slack, names);
  await quiet({ sql });
  const deciders = [...new Set(waiting.map(({ decider }) => decider))].map((name) => slack.as(name));
  const since = deciders.map(newest);
  return {
    scene,
    waiting,
    press: (progress) => approveAll(slack, waiting, progress),
    told: () =>
      deciders.flatMap((person, at) =>
        messagesOf(person)
          .filter(({ ephemeral, ts }) => ephemeral && ts > (since[at] ?? ""))
          .map(read),
      ),
  };
}

export async function readinessOf({ address }: Scene): Promise<{ readonly ready: boolean; readonly parts: object }> {
  return (await (await fetch(`${address}/readyz`)).json()) as { ready: boolean; parts: object };
}

/**
 * Ready within ten seconds of the fault's end. The product's own pauses between tries are a second at most; as much again is left to a busy machine.
 */
export async function untilReady({ address }: Scene): Promise<void> {
  const began = performance.now();
  await eventually(async () => (await fetch(`${address}/readyz`)).ok);
  expect(performance.now() - began).toBeLessThan(20_000);
}

export const AGAIN = /try again in a moment/;
export const STILL = /^Still working on it\./;
export const DONE = /^Thank you\. You approved request \d+\.$/;
/** Pressed again it may be too much at once for one person, or decided already. */
const ANSWERS: readonly RegExp[] = [AGAIN, STILL, DONE, /^That was a lot at once/, /already/];

/** When one of those who decide was told so, or `times` of them. */
export async function heard({ told }: Round, words: RegExp, times = 1): Promise<void> {
  await eventually(() => told().filter((text) => words.test(text)).length >= times);
}

/** After the fault: what was told is true, pressing again is safe, and nothing is wrong or lost. */
export async function soundly({ scene, waiting, press, told }: Round): Promise<void> {
  const { slack, sql, latchkey } = scene;
  const numbers = waiting.map(({ number }) => number);
  const kept = await approved(sql);
  const promised = told().flatMap((text) => /You approved request (\d+)/.exec(text)?.[1] ?? []);
  expect(promised.filter((number) => !kept.has(Number(number)))).toEqual([]);
  expect(told().filter((text) => !ANSWERS.some((answer) => answer.test(text)))).toEqual([]);

  // Pressed again, as people do who were told so: by those too whose click counted.
  await press();
  await eventually(async () => {
    const done = await approved(sql);
    if (numbers.every((number) => done.has(number))) return true;
    await press();
    return false;
  });
  await quiet({ sql });
  expect(await amiss(sql, numbers)).toEqual([]);
  expect(standing(slack, waiting)).toEqual({ missing: [], doubled: [] });
  const broken = (await checkInvariants(sql)).flatMap((one) =>
    one.type === "holds" ? [] : [`${one.invariant.id} ${JSON.stringify(one)}`],
  );
  expect(broken).toEqual([]);
  expect(latchkey.process.exitCode, latchkey.said()).toBeNull();
}
