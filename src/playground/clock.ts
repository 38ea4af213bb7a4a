/** The playground's clock as the page sees and moves it: forward only, by an hour, by working time, by a week. */
import { clockAhead, moveClock, nextDueClock } from "../db/clock.ts";
import type { Db } from "../db/connect.ts";
import type { Calendar } from "../domain/catalogue.ts";
import type { Duration } from "../domain/duration.ts";
import { after } from "../domain/working-time.ts";
import { type Handle, json } from "../http.ts";

/** What the page offers, by the name that it posts. */
const MOVES: Readonly<Record<string, Duration>> = {
  hour: { kind: "elapsed", seconds: 3600 },
  "working-hours": { kind: "working-hours", hours: 4 },
  "working-day": { kind: "working-days", days: 1 },
  "working-days": { kind: "working-days", days: 2 },
  week: { kind: "elapsed", seconds: 604_800 },
};
const DAY_MS = 86_400_000;
/** Bytes; a move is a word. */
const LONGEST_BODY = 200;

export interface ClockOnPage {
  /** What Latchkey takes the time to be, in ISO 8601. */
  readonly now: string;
  /** Milliseconds ahead of the real time. */
  readonly ahead: number;
  /** Whole working days that lie between the real time and this one. */
  readonly workingDays: number;
  /** IANA zone in which the page shows what belongs to nobody in particular: the clock and the timeline. */
  readonly zone: string;
}

export interface PlaygroundClock {
  /** Milliseconds since 1970, as `app_now()` has it. */
  now(): number;
  /** `GET` -> `ClockOnPage`; `POST {"by": "hour" | "working-hours" | "working-day" | "working-days" | "week"}` moves it first. */
  readonly handle: Handle;
}

interface Moving {
  readonly db: Db;
  /** By which working time counts here; null: none is configured, and then it is plain time. */
  readonly calendar: Calendar | null;
  /** Something may be due now that wasn't before; resolves once what is due was decided. */
  readonly onMove: () => Promise<void>;
}

/** Stops on the way at most; then the rest of the way is gone in one go. */
const MOST_STOPS = 100;
/** Milliseconds that the cards of one stop may take to go out before the clock goes on. */
const STOP_MS = 2000;

export async function playgroundClock({ db, calendar, onMove }: Moving): Promise<PlaygroundClock> {
  // A clock that was moved before a restart is still ahead.
  let ahead = await clockAhead(db);
  const now = () => Date.now() + ahead;
  const zone = calendar?.timeZone ?? "UTC";
  const later = (start: number, by: Duration): number => after(new Date(start), by, { calendar, timeZone: zone }).getTime();
  const shown = (): ClockOnPage => ({ now: new Date(now()).toISOString(), ahead, workingDays: workingDaysAhead(), zone });

  /** Counted one by one: a playground is moved by weeks, not by decades. */
  const workingDaysAhead = (): number => {
    let days = 0;
    const most = Math.ceil(ahead / DAY_MS);
    for (let at = later(Date.now(), ONE_DAY); days < most && at <= now() + TOLERANCE_MS; at = later(at, ONE_DAY)) days += 1;
    return days;
  };

  /** Stops wherever something comes due on the way, so that each reminder bears its own time, as it would have if somebody had waited. */
  async function moveTo(target: number): Promise<void> {
    for (let stops = 0; stops < MOST_STOPS; stops++) {
      const { at } = await nextDueClock(db);
      if (at === null || at.getTime() >= target) break;
      if (at.getTime() > now()) ahead = await moveClock(db, at.getTime() - now());
      await onMove();
      await carriedOut();
    }
    if (target > now()) ahead = await moveClock(db, target - now());
    await onMove();
  }

  async function carriedOut(): Promise<void> {
    const until = Date.now() + STOP_MS;
    while (Date.now() < until && (await nextDueClock(db)).waiting) await new Promise((resolve) => setTimeout(resolve, 25));
  }

  return {
    now,
    handle: async (request, response) => {
      if (isForeign(request.headers)) return json(response, 403, { error: "foreign_origin" });
      if (request.method === "GET") return json(response, 200, shown());
      if (request.method !== "POST") return json(response, 405, { error: "method_not_allowed" });
      let by: unknown;
      try {
        by = (JSON.parse(await bodyOf(request)) as { by?: unknown } | null)?.by;
      } catch {
        by = undefined;
      }
      const move = typeof by === "string" && Object.hasOwn(MOVES, by) ? MOVES[by] : undefined;
      if (!move) return json(response, 400, { error: "no_such_move" });
      await moveTo(later(now(), move));
      return json(response, 200, shown());
    },
  };
}

const ONE_DAY: Duration = { kind: "working-days", days: 1 };
/** A day that ends this close to now has passed: the clock has gone on since it was moved, or was moved a breath too short. */
const TOLERANCE_MS = 1000;

/** A browser page of another site says so in its Origin header; programs send none. */
function isForeign({ origin, host }: { readonly origin?: string | undefined; readonly host?: string | undefined }): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<string> {
  let body = "";
  for await (const chunk of request) {
    body += chunk.toString("utf8");
    if (body.length > LONGEST_BODY) throw new Error("too long");
  }
  return body;
}
