/**
 * Lengths of time as the configuration writes them: `90 seconds`, `4 hours`, `14 days` (elapsed time), or
 * `8 working hours`, `1 working day` (time in somebody's calendar).
 */
export type Duration =
  | { readonly kind: "elapsed"; readonly seconds: number }
  | { readonly kind: "working-hours"; readonly hours: number }
  | { readonly kind: "working-days"; readonly days: number };

const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 } as const;
const WRITTEN = /^(\d{1,6}(?:\.\d{1,3})?) (working )?(second|minute|hour|day|week)s?$/;

/** Reads a written duration; undefined when it isn't one (zero, negative and fractions of working days aren't). */
export function parseDuration(text: string): Duration | undefined {
  const match = WRITTEN.exec(text.trim());
  if (!match) return undefined;
  const amount = Number(match[1]);
  const unit = match[3] as keyof typeof SECONDS;
  if (!(amount > 0)) return undefined;
  if (!match[2]) return { kind: "elapsed", seconds: Math.round(amount * SECONDS[unit]) };
  if (unit === "hour") return { kind: "working-hours", hours: amount };
  if (unit === "day" && Number.isInteger(amount)) return { kind: "working-days", days: amount };
  return undefined;
}

/** Whole days of an elapsed duration, rounded down; for limits on how long access may last. */
export function daysOf(duration: Duration): number | undefined {
  return duration.kind === "elapsed" ? Math.floor(duration.seconds / SECONDS.day) : undefined;
}
