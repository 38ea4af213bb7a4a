/** What a bench measures: a figure beside its limit from the same run, so that it says something on any machine. */

export type Unit = "per s" | "ms" | "s" | "MiB" | "buffers" | "ratio";

/** What a figure has to reach: a part of the limit beside it, or a bound of its own. `factor` 0.4: at least 0.4 times the limit. */
export type Target =
  | { readonly type: "at-least-of-limit"; readonly factor: number }
  | { readonly type: "at-most-of-limit"; readonly factor: number }
  | { readonly type: "at-most"; readonly value: number };

export interface Figure {
  /** As in `npm run bench -- decide`. */
  readonly bench: string;
  readonly what: string;
  readonly unit: Unit;
  /** What is judged, in `unit`. */
  readonly value: number;
  /** The physical limit, measured in the same run with the same load; null: the target stands alone. */
  readonly limit: { readonly what: string; readonly value: number } | null;
  /** null: shown only. */
  readonly target: Target | null;
  readonly spread: Spread | null;
}

/** In the figure's unit for latencies, in ms for rates. */
export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The nearest-rank percentiles of the samples; throws when there are none. */
export function spreadOf(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new Error("nothing was measured");
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { n: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** value / limit; null where no limit stands beside it. */
export function ratioOf({ value, limit }: Figure): number | null {
  return limit === null ? null : value / limit.value;
}

/** null: it has no target. */
export function isMet(figure: Figure): boolean | null {
  const { target, value } = figure;
  if (target === null) return null;
  const ratio = ratioOf(figure);
  switch (target.type) {
    case "at-least-of-limit":
      return ratio !== null && ratio >= target.factor;
    case "at-most-of-limit":
      return ratio !== null && ratio <= target.factor;
    case "at-most":
      return value <= target.value;
  }
}
