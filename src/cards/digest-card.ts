/**
 * Many tasks that came to one place at once, on one card, the most urgent first. What is over keeps its place and loses its buttons: nothing slides
 * under the pointer of whoever is about to press.
 */
import type { DigestView, TaskRow } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Button, Card } from "./card.ts";
import { digestLine, digestRow } from "./digest-rows.ts";
import { mayAct, note, type Voice } from "./phrases.ts";

/** Blocks for rows with buttons, and for all of the card: Slack takes 50 in a message, its title among them. */
const ROOM_FOR_ROWS = 32;
const ROOM = 48;
/** Requests that a notification names. */
const MOST_NUMBERS = 3;

export function digestCard(view: DigestView, texts: Texts): Card {
  const voice: Voice = { directory: view.directory, texts };
  const { waiting, others } = parted(view);
  const rows = fitting(waiting.map((row): Drawn => ({ row, blocks: [DIVIDER, ...digestRow(row, view, voice)] })));
  const count = waiting.length + (view.openCount - view.open.length);
  const above: readonly Block[] = [
    ...(count === 0 ? [] : [note([texts.digest.why])]),
    // Above the rows: a card that is too long for its platform loses what stands last.
    ...(count > rows.length ? [note([texts.digest.rest(rows.length, count)]), allTasks(texts)] : []),
  ];
  // Each row with buttons may need a divider below it as well.
  const room = ROOM - above.length - rows.reduce((sum, { blocks }) => sum + blocks.length + 1, 0);
  const lines = others.slice(0, room).map((row): Drawn => ({ row, blocks: [digestLine(row, view.viewer, voice)] }));
  const unsaid = others.length - lines.length + (view.overCount - view.over.length);
  const title = titleOf(count, view, texts);
  return {
    title,
    blocks: [
      ...above,
      ...[...rows, ...lines]
        .sort((a, b) => byUrgency(a.row, b.row))
        .flatMap(({ blocks }, index, all) => {
          const isParted = blocks.length === 1 && (all[index - 1]?.blocks.length ?? 0) > 1;
          return isParted ? [DIVIDER, ...blocks] : blocks;
        }),
      ...(unsaid > 0 ? [note([texts.digest.othersOver(unsaid)])] : []),
    ],
    summary: summaryOf(title, waiting, count, texts),
  };
}

const DIVIDER: Block = { type: "divider" };

/** What the viewer can act on now, and everything else with what became of it: colleagues' first, then what is over. */
function parted({ open, over, viewer }: DigestView): { readonly waiting: readonly TaskRow[]; readonly others: readonly TaskRow[] } {
  const isWaiting = ({ line, task }: TaskRow) => mayAct(line, task, viewer);
  return { waiting: open.filter(isWaiting), others: [...open.filter((row) => !isWaiting(row)), ...over] };
}

interface Drawn {
  readonly row: TaskRow;
  readonly blocks: readonly Block[];
}

/** As on the home page, whether it is over or not. */
function byUrgency({ task: a }: TaskRow, { task: b }: TaskRow): number {
  const due = ({ clock }: TaskRow["task"]) => clock.dueAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return due(a) - due(b) || a.openedAt.getTime() - b.openedAt.getTime() || (a.id < b.id ? -1 : 1);
}

/** The first rows, as many as have room. */
function fitting(rows: readonly Drawn[]): readonly Drawn[] {
  let room = ROOM_FOR_ROWS;
  const end = rows.findIndex(({ blocks }) => {
    room -= blocks.length;
    return room < 0;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

/** True while the viewer can act on anything that stands there, as far as is known. */
export function isWaiting(view: DigestView): boolean {
  return parted(view).waiting.length > 0 || view.openCount > view.open.length;
}

function titleOf(count: number, { viewer }: DigestView, { digest }: Texts): string {
  if (count === 0) return viewer === null ? digest.nothingHere : digest.nothing;
  return viewer === null ? digest.waitingHere(count) : digest.waiting(count);
}

function summaryOf(title: string, waiting: readonly TaskRow[], count: number, { digest }: Texts): string {
  const numbers = waiting.slice(0, MOST_NUMBERS).map(({ line }) => line.number);
  return digest.summary(title, numbers, count - numbers.length);
}

/** The reader's own list, which has pages; shown to them alone. */
function allTasks({ digest, buttons, home }: Texts): Block {
  const label = digest.myTasks;
  const button: Button = {
    label,
    tone: "plain",
    action: { kind: "page", list: "tasks", page: 0 },
    spoken: buttons.spokenPage(label, home.tasks),
  };
  return { type: "buttons", buttons: [button] };
}
