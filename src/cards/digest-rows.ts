/** Rows of a digest: enough to act on with buttons, or one line that says what became of it. No ages: a card that stands must look the same tomorrow. */
import type { Line, Task } from "../domain/line.ts";
import { askedSince, claimerOf, holdersOf, riskOf } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { DigestView, TaskRow } from "../domain/views.ts";
import { approvalOutcome } from "./approval-card.ts";
import type { Block, Text } from "./card.ts";
import { dotted, headingOf, riskWords, toEnter } from "./home-rows.ts";
import { orderOutcome, waitsForAccount } from "./order-card.ts";
import type { Voice } from "./phrases.ts";
import { actButtons, holders, howLong, item, moment, note, paragraph, person, strong, warning } from "./phrases.ts";
import { failedTask, reviewOutcome } from "./review-card.ts";
import { buttonRow, showButton } from "./steering-buttons.ts";

/** Characters of a reason on a row; the whole of it stands on the card. */
const SHOWN_REASON = 200;

/** What, for whom, why, how long, how risky, until when, and the buttons: five blocks at most, the divider before it among them. */
export function digestRow({ line, task }: TaskRow, view: DigestView, voice: Voice): readonly Block[] {
  const { texts } = voice;
  const { viewer } = view;
  const heading = headingOf(line, task, voice);
  const facts: readonly Text[] = [[howLong(line.until, texts)], ...riskWords(line, texts)];
  const timing = timingOf(task, view, voice);
  const buttons = buttonRow([...verbButtons(line, task, viewer, voice), showButton(line, task, texts)]);
  switch (task.kind) {
    case "approval":
      return [
        paragraph(heading),
        ...(riskOf(line) === "high" ? [warning(texts.approvals.highRisk())] : []),
        note([texts.home.why(clipped(line.justification)), "\n", ...dotted([...facts, ...timing])]),
        ...buttons,
      ];
    case "fulfilment": {
      const onItsWay = waitsForAccount(line.order) ? [["\n", texts.orders.onItsWay]] : [];
      return [
        paragraph([...heading, ...onItsWay.flat()]),
        note(dotted([...facts, ...timing])),
        ...(claimerOf(task) === viewer && viewer !== null ? toEnter(line, [], texts).slice(0, 1) : []),
        ...buttons,
      ];
    }
    case "review":
      return [
        paragraph(heading),
        warning([texts.home.error(clipped(failedTask(line, task)?.reason ?? line.order?.error ?? ""))]),
        note(dotted([...facts, ...timing])),
        ...buttons,
      ];
  }
}

function verbButtons(line: Line, task: Task, viewer: PersonId | null, { texts }: Voice) {
  return actButtons(line, task, texts, viewer).flatMap((block) => (block.type === "buttons" ? block.buttons : []));
}

function timingOf(task: Task, { now, viewer }: DigestView, { texts }: Voice): readonly Text[] {
  const { dueAt } = task.clock;
  const since = texts.digest.since(moment(task.claimedAt ?? askedSince(task, viewer)));
  if (dueAt === null) return [since];
  return [dueAt < now ? texts.digest.overdue(moment(dueAt)) : texts.digest.due(moment(dueAt)), since];
}

/** On one line, and cut where it is long. */
function clipped(words: string): string {
  const line = words.replace(/\s+/g, " ").trim();
  return line.length <= SHOWN_REASON ? line : `${line.slice(0, SHOWN_REASON).replace(/[\ud800-\udbff]$/, "")} …`;
}

/** What the viewer can't act on: decided, in a colleague's hands, or passed on. */
export function digestLine({ line, task }: TaskRow, viewer: PersonId | null, voice: Voice): Block {
  const { texts } = voice;
  const request = strong(texts.requests.number(line.number));
  return note(texts.digest.became(request, item(line, texts), person(line.beneficiary, voice), became(line, task, viewer, voice)));
}

function became(line: Line, task: Task, viewer: PersonId | null, voice: Voice): Text {
  if (task.state === "open") return elsewhere(line, task, viewer, voice);
  const said = outcomeOf(line, task, voice).flatMap((block) =>
    block.type === "text" || block.type === "warning" || block.type === "note" ? [block.text] : [],
  );
  return said.flatMap((text, index) => (index === 0 ? shortened(text) : [" ", ...shortened(text)]));
}

function outcomeOf(line: Line, task: Task, voice: Voice): readonly Block[] {
  switch (task.kind) {
    case "approval":
      return approvalOutcome(line, task, voice);
    case "fulfilment":
      return orderOutcome(line, task, voice);
    case "review":
      return reviewOutcome(line, task, voice);
  }
}

function shortened(text: Text): Text {
  return text.map((piece) => (typeof piece === "string" && piece.length > SHOWN_REASON ? clipped(piece) : piece));
}

/** Open, and not the viewer's to act on. */
function elsewhere(line: Line, task: Task, viewer: PersonId | null, voice: Voice): Text {
  const { approvals, orders } = voice.texts;
  const own = task.votes.find((vote) => vote.by === viewer);
  if (own) return approvals.youVoted(moment(own.at), task.needed - task.votes.length);
  const isAsked = viewer === null || holdersOf(line, task).includes(viewer);
  if (task.claimedBy !== null && isAsked) return orders.onIt(person(task.claimedBy, voice), moment(task.claimedAt ?? task.openedAt));
  return approvals.notYours(holders(line, task, voice));
}
