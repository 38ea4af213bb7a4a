import fc from "fast-check";
import { expect, test } from "vitest";
import { type TurnLimits, turns } from "../../src/channels/slack/turns.ts";

const SEED = Number(process.env.LATCHKEY_SEED ?? Date.now() % 1_000_000);
const LIMITS: TurnLimits = { underWay: 2, waiting: 3, allUnderWay: 4, allWaiting: 20, patience: null };

/** Work that ends when it is told to, and says when it began. */
function desk() {
  const began: string[] = [];
  const open: { readonly name: string; readonly end: () => void }[] = [];
  const work = (name: string) => () =>
    new Promise<void>((resolve) => {
      began.push(name);
      open.push({ name, end: resolve });
    });
  const end = async (at = 0) => {
    open.splice(at, 1)[0]?.end();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { began, open, work, end };
}

test("THREAT-20 one person's thousand clicks are all answered, a few at a time, and what is too much at once isn't done", async () => {
  const it = turns(LIMITS);
  const { began, open, work, end } = desk();
  const answers = Array.from({ length: 1000 }, (_, n) => it.act("ana", work(`ana ${n}`)));
  expect(it.counts()).toEqual({ underWay: 2, waiting: 3, people: 1 });
  while (open.length > 0) await end();
  const said = await Promise.all(answers);
  expect(said.filter(({ type }) => type === "done")).toHaveLength(5);
  expect(said.filter((one) => one.type === "too-many" && one.first)).toHaveLength(1);
  expect(said.filter(({ type }) => type === "too-many")).toHaveLength(995);
  expect(began).toEqual(["ana 0", "ana 1", "ana 2", "ana 3", "ana 4"]);
  expect(it.counts()).toEqual({ underWay: 0, waiting: 0, people: 0 });
});

test("THREAT-20 whoever comes after a crowd of clicks begins at once, or next after one of them where all places are taken", async () => {
  const roomy = turns(LIMITS);
  const first = desk();
  for (let n = 0; n < 1000; n++) void roomy.act("ana", first.work("ana"));
  void roomy.act("ben", first.work("ben"));
  expect(first.began).toEqual(["ana", "ana", "ben"]);

  const tight = turns({ ...LIMITS, underWay: 4, allUnderWay: 4 });
  const second = desk();
  for (let n = 0; n < 1000; n++) void tight.act("ana", second.work("ana"));
  void tight.act("ben", second.work("ben"));
  void tight.act("cem", second.work("cem"));
  expect(second.began).toEqual(["ana", "ana", "ana", "ana"]);
  for (let n = 0; n < 3; n++) await second.end();
  // ana stood in the line once before they came
  expect(second.began.slice(4)).toEqual(["ben", "cem", "ana"]);
});

test("a type-ahead's newest question waits, the ones before it are answered with nothing, and clicks don't wait for them", async () => {
  const it = turns(LIMITS);
  const { began, open, work, end } = desk();
  const answers = ["s", "sa", "sal", "sale", "sales"].map((typed) => it.question("ana", work(typed)));
  void it.act("ana", work("click"));
  expect(began).toEqual(["s", "click"]);
  await end();
  expect(began).toEqual(["s", "click", "sales"]);
  while (open.length > 0) await end();
  expect((await Promise.all(answers)).map(({ type }) => type)).toEqual(["done", "overtaken", "overtaken", "overtaken", "done"]);
});

test("work that fails gives its place back, and says so to whoever sent it", async () => {
  const it = turns({ ...LIMITS, underWay: 1, allUnderWay: 1 });
  const failed = it.act("ana", () => Promise.reject(new Error("no luck")));
  const after = it.act("ben", () => Promise.resolve());
  await expect(failed).rejects.toThrow("no luck");
  expect(await after).toEqual({ type: "done" });
  expect(it.counts().people).toBe(0);
});

test("THREAT-20 whatever comes in whatever order: no bound is passed, everything is answered, and nobody is remembered", async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ who: fc.constantFrom("ana", "ben", "cem", "dee", "eve", "flo", "gus"), asks: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ ends: fc.nat(6) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
      const it = turns({ ...LIMITS, allWaiting: 6 });
      const { began, open, work, end } = desk();
      const answers: Promise<{ readonly type: string }>[] = [];
      for (const one of steps) {
        if ("ends" in one) await end(open.length === 0 ? 0 : one.ends % open.length);
        else if (one.asks) answers.push(it.question(one.who, work(`${one.who} asks`)));
        else answers.push(it.act(one.who, work(one.who)));
        const { underWay, waiting } = it.counts();
        expect(underWay).toBeLessThanOrEqual(LIMITS.allUnderWay);
        expect(underWay).toBe(open.length);
        expect(waiting).toBeLessThanOrEqual(6 + 7);
        for (const who of new Set(open.map(({ name }) => name)))
          expect(open.filter(({ name }) => name === who).length).toBeLessThanOrEqual(who.endsWith("asks") ? 1 : LIMITS.underWay);
        // nothing waits while there is room for it
        if (waiting > 0 && underWay < LIMITS.allUnderWay) expect(open.length).toBeGreaterThan(0);
      }
      while (open.length > 0) await end();
      const said = await Promise.all(answers);
      expect(said.filter(({ type }) => type === "done")).toHaveLength(began.length);
      expect(it.counts()).toEqual({ underWay: 0, waiting: 0, people: 0 });
    }),
    { numRuns: 200, seed: SEED },
  );
});
