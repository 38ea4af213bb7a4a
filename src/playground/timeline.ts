/** The timeline beside the chat: Latchkey's events, each in one sentence. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Db } from "../db/connect.ts";
import { readTimeline, type TimelineRow } from "../db/timeline.ts";
import { json } from "../http.ts";
import { timeline } from "../texts/en/timeline.ts";

const MOST = 500;

/** `GET ...?after=<seq>` -> `{ events: [{ seq, at, kind, actor, text, lineNumber, move }] }`. */
export function timelineEndpoint(db: Db): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const after = Number(new URL(request.url ?? "/", "http://local").searchParams.get("after") ?? 0);
    const rows = await readTimeline(db, Number.isSafeInteger(after) && after > 0 ? after : 0, MOST);
    const events = rows.map((row) => ({
      seq: row.seq,
      at: new Date(row.at).toISOString(),
      kind: row.kind,
      actor: row.actor,
      text: sentence(row),
      lineNumber: row.lineNumber,
      move: row.move,
    }));
    json(response, 200, { events });
  };
}

function sentence(row: TimelineRow): string {
  const what = [row.application, row.entitlement].filter((part) => part !== null).join(" · ");
  const say = timeline[row.kind];
  if (!say) return row.kind;
  return say({
    kind: row.kind,
    actor: row.actor ?? "",
    what,
    whom: row.beneficiary ?? "",
    data: row.data,
    to: namedIn(row),
    step: Number(row.data.step ?? 0) + 1,
  });
}

/** Everybody whom the event's data names: assignees, recipients, the person it is about. */
function namedIn(row: TimelineRow): string {
  const names = Object.values(row.names);
  return names.length === 0 ? "nobody" : names.join(", ");
}
