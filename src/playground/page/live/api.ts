/** All that goes over the wire. Addresses are relative: the page stands beside the stand-in for Slack and the timeline. */
import type { ActAnswer, ActRequest, Changed, Snapshot } from "../../slack/page-interface.ts";
import { TEXT } from "../texts.ts";
import type { OpenTask, TimelineEvent } from "./timeline-event.ts";

/** What `user` could see now; null when there is no such person. Throws when the server does not answer. */
export async function readState(user: string): Promise<Snapshot | null> {
  const answer = await fetch(`slack/page/state?user=${encodeURIComponent(user)}`, { headers: { accept: "application/json" } });
  if (answer.status === 404 || answer.status === 400) return null;
  if (!answer.ok) throw new Error(`state: ${answer.status}`);
  return (await answer.json()) as Snapshot;
}

/** Does something as a person. Never throws: a server that is gone is an answer too. */
export async function sendAct(request: ActRequest): Promise<ActAnswer> {
  try {
    const answer = await fetch("slack/page/act", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    const body = (await answer.json()) as Partial<ActAnswer>;
    if (typeof body.ok === "boolean") return body as ActAnswer;
    return { ok: false, error: `http_${answer.status}`, seen: TEXT.unreachable };
  } catch {
    return { ok: false, error: "unreachable", seen: TEXT.unreachable };
  }
}

/** Listens for changes until the returned function is called. `onDown` when the stream breaks; it is opened again every second. */
export function listen(user: string, on: { changed(change: Changed): void; up(): void; down(): void }): () => void {
  let source: EventSource | null = null;
  let again: number | undefined;
  const open = () => {
    source = new EventSource(`slack/page/events?user=${encodeURIComponent(user)}`);
    source.onopen = () => on.up();
    source.onmessage = (message) => on.changed(JSON.parse(String(message.data)) as Changed);
    source.onerror = () => {
      // The browser's own reconnecting gives up on an HTTP error and waits longer than a restart takes.
      source?.close();
      on.down();
      again = window.setTimeout(open, 1_000);
    };
  };
  open();
  return () => {
    window.clearTimeout(again);
    source?.close();
  };
}

export interface TimelinePart {
  readonly events: readonly TimelineEvent[];
  readonly open: readonly OpenTask[];
}

/** Events after `seq`, oldest first, and what is open now; null when this Latchkey has no timeline to show. Throws when the server does not answer. */
export async function readTimeline(after: number): Promise<TimelinePart | null> {
  const answer = await fetch(`timeline?after=${after}`, { headers: { accept: "application/json" } });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`timeline: ${answer.status}`);
  return (await answer.json()) as TimelinePart;
}

/** What Latchkey takes the time to be; `now` in ISO 8601, `ahead` in milliseconds, `zone` an IANA name. */
export interface ClockNow {
  readonly now: string;
  readonly ahead: number;
  readonly workingDays: number;
  readonly zone: string;
}

export type ClockMove = "hour" | "working-hours" | "working-day" | "working-days" | "week";

/** Reads the clock, moving it on first if `by` says so; null when there is none, or it was not moved. Throws when the server does not answer. */
export async function readClock(by?: ClockMove): Promise<ClockNow | null> {
  const answer = await fetch(
    "clock",
    by === undefined
      ? { headers: { accept: "application/json" } }
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ by }) },
  );
  return answer.ok ? ((await answer.json()) as ClockNow) : null;
}
