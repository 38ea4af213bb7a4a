/**
 * How often parsers are fuzzed, and how slow a case may be.
 *
 * LATCHKEY_FUZZ says how many cases each property gets: few in `npm test`, 100,000 in CI, 1,000,000 in a long run. LATCHKEY_SEED repeats a run.
 *
 * "None above 50 ms" is judged only where LATCHKEY_FUZZ_TIMES=1 is set, and by the CPU time that the process spent, never by a clock on the wall, which
 * says how busy the machine is. A slow case is done three times over and its fastest counts, since the collector may have come in between. What a case
 * spends is all that it could hold the event loop for, so a case within the limit stalls nothing for longer either.
 */
import fc from "fast-check";

const CASES = Number(process.env.LATCHKEY_FUZZ ?? 150);
const TIMED = process.env.LATCHKEY_FUZZ_TIMES === "1";
const MOST_MS = 50;

/** Of a property whose cases cost more than a parser's: `share` of the cases, at least a few. */
function runs(share: number): { readonly numRuns: number; readonly endOnFailure: boolean } {
  // A case of a hundred thousand characters takes for ever to shrink.
  return { numRuns: Math.max(3, Math.round(CASES * share)), endOnFailure: CASES > 1000 };
}

/** How long a test may take: a parser's case is done in a fraction of this, on a machine that is busy with other things. */
export const LONG = { timeout: 60_000 + CASES * 20 };

/** Does `read` with many inputs; it fails by throwing. */
export function fuzz<Input>(inputs: fc.Arbitrary<Input>, read: (input: Input) => void, share = 1, timed = TIMED): void {
  withoutTraces(() =>
    fc.assert(
      fc.property(inputs, (input) => {
        for (let round = 1; ; round++) {
          const began = timed ? process.cpuUsage() : null;
          read(input);
          if (began === null || isQuick(began, round)) return;
        }
      }),
      runs(share),
    ),
  );
}

/** The same where reading takes turns with the event loop. */
export function fuzzAsync<Input>(inputs: fc.Arbitrary<Input>, read: (input: Input) => Promise<void>, share = 1): Promise<void> {
  return fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      for (let round = 1; ; round++) {
        const began = TIMED ? process.cpuUsage() : null;
        await read(input);
        if (began === null || isQuick(began, round)) return;
      }
    }),
    runs(share),
  );
}

/** Throws where the third round was slow as well. */
function isQuick(began: NodeJS.CpuUsage, round: number): boolean {
  const spent = spentMs(began);
  if (spent > MOST_MS && round === 3) throw new Error(`took ${spent.toFixed(0)} ms of CPU time, three times over`);
  return spent <= MOST_MS;
}

/** Parsers throw inside of themselves, and vitest makes every error's trace readable: most of a case's time. What fails says its seed and its input. */
function withoutTraces(work: () => void): void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Fails where it isn't so: `expect` costs more than most of the parsers do. */
export function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`not so: ${what}`);
}

function spentMs(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
