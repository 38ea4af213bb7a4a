/** Slack's date tokens (docs.slack.dev/messaging/formatting-message-text#date-formatting), in the reader's own time zone. */

/** Fills a format such as `{date_short_pretty} at {time}`; `seconds` since 1970. An unknown token is left as it stands. */
export function slackDate(seconds: number, format: string, reader: { readonly tz: string; readonly now: number }): string {
  const at = new Date(seconds * 1000);
  const show = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-US", { timeZone: reader.tz, ...options }).format(at);
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
    time: () => show({ hour: "numeric", minute: "2-digit" }),
    time_secs: () => show({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
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
