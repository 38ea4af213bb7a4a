/** The process that dies: Latchkey itself, whose awaits were rewritten (kill-points.ts) to pass by here. */
import { writeFileSync } from "node:fs";
import { serve } from "../../src/serve.ts";

/** `begun`: what is awaited was begun, and nothing else. `under-way`: so many milliseconds later. `settled`: its end is known, and nothing came of it yet. */
export type Moment = "begun" | "under-way" | "settled";

/** Where to die: at the passage with that number (from 1) of a point, counted from the moment in which this was heard. */
export interface Death {
  readonly point: string;
  readonly passage: number;
  readonly moment: Moment;
  /** For `under-way`. */
  readonly afterMs: number;
  /** A file that gets, in its last moment, the points at which it was waiting, one a line. */
  readonly will: string;
}

/** What it is told by the test. */
export type Told = { readonly die: Death } | { readonly count: true } | { readonly counted: true } | { readonly keep: true };

/** What it says: that it has heard, or how often each point was passed since it was told to count. */
export type Said =
  | { readonly heard: true }
  | { readonly passages: Readonly<Record<string, number>> }
  /** By start.cjs: the program's code is kept. */
  | { readonly kept: true };

let death: Death | null = null;
let passed = 0;
let passages: Record<string, number> = {};
/** How many wait at each point right now. */
const waiting = new Map<string, number>();

function die({ point, will }: Death): void {
  const points = [...waiting].filter(([, many]) => many > 0).map(([at]) => at);
  writeFileSync(will, [...new Set([point, ...points])].join("\n"));
  process.kill(process.pid, "SIGKILL");
}

function atPoint(point: string, awaited: unknown): unknown {
  passages[point] = (passages[point] ?? 0) + 1;
  // What only looks like a promise may begin anew at each `then`, so it is asked once.
  const promise = awaited instanceof Promise ? awaited : isThenable(awaited) ? Promise.resolve(awaited) : null;
  if (promise) {
    const over = () => void waiting.set(point, (waiting.get(point) ?? 0) - 1);
    waiting.set(point, (waiting.get(point) ?? 0) + 1);
    promise.then(over, over);
  }
  return at(point, promise ?? awaited);
}

function at(point: string, awaited: unknown): unknown {
  const now = death;
  if (now?.point !== point) return awaited;
  passed += 1;
  if (passed !== now.passage) return awaited;
  switch (now.moment) {
    case "begun":
      die(now);
      return awaited;
    case "under-way":
      setTimeout(die, now.afterMs, now);
      return awaited;
    case "settled":
      return Promise.resolve(awaited).finally(() => die(now));
  }
}

function isThenable(it: unknown): it is PromiseLike<unknown> {
  return typeof it === "object" && it !== null && "then" in it;
}

async function* eachAtPoint<T>(point: string, many: AsyncIterable<T>): AsyncGenerator<T> {
  const from = many[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = (await atPoint(point, from.next())) as IteratorResult<T>;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await from.return?.();
  }
}

Object.assign(globalThis, { atPoint, eachAtPoint });

process.on("message", (told: Told) => {
  const say = (said: Said) => process.send?.(said);
  if ("die" in told) {
    death = told.die;
    passed = 0;
    say({ heard: true });
  }
  if ("count" in told) {
    passages = {};
    say({ heard: true });
  }
  if ("counted" in told) say({ passages });
});
// Whoever started it is gone: so is it.
process.on("disconnect", () => process.exit(1));

void serve(process.env).then((code) => process.exit(code));
