/**
 * Dates and times as Slack's own clients print them: in the reader's time zone and by the reader's language setting, so that `9:13 AM` for one is
 * `09:13` for another. Slack's date tokens: docs.slack.dev/messaging/formatting-message-text#date-formatting.
 */

/** Whose clock and which habits. */
export interface Clockwork {
  readonly tz: string;
  readonly locale: string;
}

/** `9:13 AM` or `09:13`. */
export const clockTime = (at: number, { tz, locale }: Clockwork): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: tz }).format(at);

/** `Tuesday, 24 November`; the same for all moments of one day. */
export const dayName = (at: number, { tz, locale }: Clockwork): string =>
  new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", timeZone: tz }).format(at);

/** The time alone today, after the day's name on any other. */
export function dayAndTime(at: number, reader: Clockwork & { readonly now: () => number }): string {
  const day = dayName(at, reader);
  return day === dayName(reader.now(), reader) ? clockTime(at, reader) : `${day}, ${clockTime(at, reader)}`;
}

/** Below something of another day (milliseconds since 1970 both) the day's name comes first. */
export function timeBelow(at: number, below: number, reader: Clockwork): string {
  const day = dayName(at, reader);
  return day === dayName(below, reader) ? clockTime(at, reader) : `${day}, ${clockTime(at, reader)}`;
}

/** Fills a format such as `{date_short_pretty} at {time}`; `seconds` since 1970. An unknown token is left as it stands. */
export function slackDate(seconds: number, format: string, reader: Clockwork & { readonly now: number }): string {
  const at = new Date(seconds * 1000);
  const show = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(reader.locale, { timeZone: reader.tz, ...options }).format(at);
  const day = (options: Intl.DateTimeFormatOptions) => () => show({ ...options, day: "numeric", year: "numeric" });
  const pretty = (far: () => string) => () => nearDay(at, reader) ?? far();
  const date = day({ month: "long" });
  const short = day({ month: "short" });
  const long = day({ weekday: "long", month: "long" });
  const tokens: { readonly [token: string]: () => string } = {
    date_num: () => new Intl.DateTimeFormat("en-CA", { timeZone: reader.tz }).format(at),
    date_slash: day({ month: "numeric" }),
    date,
    date_pretty: pretty(date),
    date_short: short,
    date_short_pretty: pretty(short),
    date_long: long,
    date_long_full: long,
    date_long_pretty: pretty(long),
    day_divider_pretty: pretty(() => show({ weekday: "long", month: "long", day: "numeric" })),
    time: () => clockTime(seconds * 1000, reader),
    time_secs: () => show({ timeStyle: "medium" }),
    ago: () => ago(seconds * 1000 - reader.now),
  };
  const filled = format.replaceAll(/\{(\w+)\}/g, (whole, token: string) => (Object.hasOwn(tokens, token) ? tokens[token]!() : whole));
  return filled.charAt(0).toUpperCase() + filled.slice(1);
}

function nearDay(at: Date, reader: { readonly tz: string; readonly now: number }): string | null {
  const dayOf = (ms: number) => new Intl.DateTimeFormat("en-CA", { timeZone: reader.tz }).format(ms);
  const days = (Date.parse(dayOf(at.getTime())) - Date.parse(dayOf(reader.now))) / 86_400_000;
  return ({ "-1": "yesterday", "0": "today", "1": "tomorrow" } as { readonly [days: string]: string })[String(days)] ?? null;
}

const UNITS = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

function ago(ms: number): string {
  const [unit, length] = UNITS.find(([, each]) => Math.abs(ms) >= each) ?? UNITS[5];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(ms / length), unit);
}
