/** Holds what stands in Slack against the state in the database: every copy of every card, wherever it was posted. */
import type { Card } from "../../src/cards/card.ts";
import { digestCard } from "../../src/cards/digest-card.ts";
import { requestCard } from "../../src/cards/request-card.ts";
import { taskCard } from "../../src/cards/task-card.ts";
import { printMessage } from "../../src/channels/slack/print.ts";
import { connect, type Db } from "../../src/db/connect.ts";
import { readDigest } from "../../src/db/digests.ts";
import { readRequest, readTask } from "../../src/db/views.ts";
import { en } from "../../src/texts/en.ts";
import { type Product, quiet } from "./stage.ts";

interface CopyRow {
  readonly subject: string;
  readonly place: string;
  readonly conversation: string;
  readonly message: string;
}

/** How many copies there are, and those that don't show the present state, by their place; looked at when nothing is left to deliver. */
export async function copies(
  it: Pick<Product, "slack" | "database" | "sql">,
): Promise<{ readonly count: number; readonly outdated: readonly string[] }> {
  await quiet(it);
  const rows = await it.sql<CopyRow[]>`
    select subject, place, conversation, message from message where state = 'posted' and subject ~ '^(task|request|digest):' order by posted_at`;
  const { db, close } = connect(it.database.url, { max: 1 });
  try {
    const outdated: string[] = [];
    for (const row of rows) {
      const [kind, id = ""] = row.subject.split(":");
      const viewer = row.place.startsWith("person:") ? row.place.slice("person:".length) : null;
      const request = kind === "request" ? await readRequest(db, id) : null;
      const task = kind === "task" ? await readTask(db, id, viewer) : null;
      const digest = kind === "digest" ? await digestOf(db, id, viewer) : null;
      const card = request ? requestCard(request, en) : task ? taskCard(task, en) : digest;
      const stands = it.slack.world.world.channels.get(row.conversation)?.messages.find(({ ts }) => ts === row.message);
      const same = card && stands && JSON.stringify(stands.blocks) === JSON.stringify(printMessage(card, en.slack).blocks);
      if (!same) outdated.push(`${row.subject} at ${row.place}: ${JSON.stringify(stands?.blocks)}`);
    }
    return { count: rows.length, outdated };
  } finally {
    await close();
  }
}

/** As delivery draws it: a single task as its own card. */
async function digestOf(db: Db, id: string, viewer: string | null): Promise<Card | null> {
  const view = await readDigest(db, id);
  const [first, ...others] = view ? [...view.open, ...view.over] : [];
  if (!view || !first || others.length > 0) return view && digestCard({ ...view, viewer }, en);
  const alone = await readTask(db, first.task.id, viewer);
  return alone && taskCard(alone, en);
}

/** What Slack refused; nothing, as long as every card and form keeps to Slack's limits. */
export function refusedBySlack({ slack }: Pick<Product, "slack">): readonly string[] {
  return slack.world.world.calls.filter(({ ok }) => !ok).map(({ method, error }) => `${method}: ${error}`);
}
