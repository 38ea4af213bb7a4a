/** The process that dies: Latchkey itself, whose awaits were rewritten (kill-points.ts) to pass by here. */
import { serve } from "../../src/serve.ts";

/** `begun`: what is awaited was begun, and nothing that waits for it was told. `under-way`: so many milliseconds later. `settled`: its end is known, and nothing was done about it. */
export type Moment = "begun" | "under-way" | "settled";

/** Where to die: at the passage with that number (from 1) of a point, counted from the moment in which this was heard. */
export interface Death {
  readonly point: string;
  readonly passage: number;
  readonly moment: Moment;
  /** For `under-way`. */
  readonly afterMs: number;
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
let passages: Record<string, number> | null = null;

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

function atPoint(point: string, awaited: unknown): unknown {
  if (passages) passages[point] = (passages[point] ?? 0) + 1;
  if (death?.point !== point) return awaited;
  passed += 1;
  if (passed !== death.passage) return awaited;
  switch (death.moment) {
    case "begun":
      die();
      return awaited;
    case "under-way":
      setTimeout(die, death.afterMs);
      return awaited;
    case "settled":
      return Promise.resolve(awaited).finally(die);
  }
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
  if ("die" in told) {
    death = told.die;
    passed = 0;
    process.send?.({ heard: true } satisfies Said);
  }
  if ("count" in told) {
    passages = {};
    process.send?.({ heard: true } satisfies Said);
  }
  if ("counted" in told) process.send?.({ passages: passages ?? {} } satisfies Said);
});
// Whoever started it is gone: so is it.
process.on("disconnect", die);

void serve(process.env).then((code) => process.exit(code));
