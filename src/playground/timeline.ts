/** The timeline beside the chat: Latchkey's events, each in one sentence, and whom each open request waits for. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Db } from "../db/connect.ts";
import { type OpenTask, readOpenTasks } from "../db/open-tasks.ts";
import { readTimeline, type TimelineRow } from "../db/timeline.ts";
import { json } from "../http.ts";
import { timeline, waits } from "../texts/en/timeline.ts";

const MOST_EVENTS = 500;
const MOST_OPEN = 50;

/** What another event brings about: it never stands alone, and is shown with the act before it. */
const CONSEQUENCES: ReadonlySet<string> = new Set([
  "task-opened",
  "task-closed",
  "task-decided",
  "step-counted",
  "step-passed",
  "approved",
  "order-created",
  "order-transmitted",
  "assignment-started",
  "fallback-used",
]);

/**
 * `GET ...?after=<seq>` -> `{ events, open }`: the events after that one (`act` is the same for those of one commit, `follows` says that it only
 * follows from another), and every open task with who can act on it. `userOf` gives a person's id in the stand-in's workspace.
 */
export function timelineEndpoint(
  db: Db,
  userOf: (person: string) => string,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const after = Number(new URL(request.url ?? "/", "http://local").searchParams.get("after") ?? 0);
    const [rows, tasks] = await Promise.all([
      readTimeline(db, Number.isSafeInteger(after) && after > 0 ? after : 0, MOST_EVENTS),
      readOpenTasks(db, MOST_OPEN),
    ]);
    const events = rows.map((row) => ({
      seq: row.seq,
      at: new Date(row.at).toISOString(),
      kind: row.kind,
      actor: row.actor,
      text: sentence(row),
      lineNumber: row.lineNumber,
      move: row.move,
      // One statement commits a change, so all of its events have the same time to the microsecond.
      act: `${row.lineNumber ?? ""} ${row.at}`,
      follows: CONSEQUENCES.has(row.kind),
    }));
    json(response, 200, { events, open: tasks.map((task) => openOnPage(task, userOf)) });
  };
}

function openOnPage(task: OpenTask, userOf: (person: string) => string) {
  const what = [task.application, task.entitlement].filter((part) => part !== null).join(" · ");
  const whom = task.beneficiaryName;
  return {
    task: task.task,
    number: task.number,
    kind: task.kind,
    title: waits.title({ what, whom }),
    needs: waits.needs(task.kind, task.claimedBy !== null),
    requester: userOf(task.requester),
    holders: task.holders.map((holder) => ({
      user: userOf(holder.person),
      name: holder.name,
      why: waits.why({ because: holder.because, group: holder.group, whom, isClaimed: task.claimedBy !== null }),
      card: cardFor(task, holder.person),
    })),
  };
}

/** Where this person finds the card: in the direct message if it went there, else in a channel. */
function cardFor({ cards }: OpenTask, person: string): { readonly conversation: string; readonly message: string } | null {
  const card = cards.find(({ place }) => place === `person:${person}`) ?? cards.find(({ place }) => place.startsWith("channel:"));
  return card ? { conversation: card.conversation, message: card.message } : null;
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

/** Whom the event went to; else everybody whom its data names: assignees, the person it is about. */
function namedIn(row: TimelineRow): string {
  const { to } = row.data;
  const names = Array.isArray(to) ? to.flatMap((id) => row.names[String(id)] ?? []) : Object.values(row.names);
  return names.length === 0 ? "nobody" : names.join(", ");
}
