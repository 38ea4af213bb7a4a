/** The card of whoever looks into a reported error: what went wrong, then another try or the end. */
import type { Line, Task } from "../domain/line.ts";
import type { TaskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Card } from "./card.ts";
import { clockBlocks, handedBlocks } from "./clock-note.ts";
import { closingBlocks } from "./closing.ts";
import type { Voice } from "./phrases.ts";
import {
  accountFact,
  actButtons,
  holders,
  howLong,
  introduced,
  itemFirst,
  itemWords,
  lookedAfterBy,
  mayAct,
  moment,
  nameOf,
  note,
  paragraph,
  person,
  warning,
  withFormFacts,
} from "./phrases.ts";
import { wholeTaskButton } from "./steering-buttons.ts";
import { whatToDo } from "./what-to-do.ts";

export function reviewCard(view: TaskView, texts: Texts): Card {
  const { line, task, viewer } = view;
  const voice: Voice = { directory: view.directory, texts };
  return {
    title: texts.titles.review(line.number, line.application.name),
    blocks: [
      ...reported(line, task, voice),
      ...reviewOutcome(line, task, voice),
      ...withFormFacts(
        [
          { label: texts.labels.what, value: itemFirst(line, texts) },
          { label: texts.labels.who, value: introduced(line.beneficiary, voice) },
          { label: texts.labels.howLong, value: [howLong(line.until, texts)] },
          accountFact(line, texts),
          ...(task.state === "open" ? [{ label: texts.labels.toDo, value: whatToDo(line, voice) }] : []),
        ],
        line,
        texts,
      ),
      ...openPart(line, task, viewer, voice),
    ],
    summary: summaryOf(line, task, voice),
    rest: wholeTaskButton(line, task, texts),
  };
}

/** The fulfilment whose error this task is about: the last one that was reported before it was opened. */
export function failedTask(line: Line, review: Task): Task | undefined {
  return line.tasks.slice(0, line.tasks.indexOf(review)).findLast((task) => task.outcome === "errored");
}

function reported(line: Line, task: Task, voice: Voice): readonly Block[] {
  const failed = failedTask(line, task);
  if (!failed) return [];
  const at = moment(failed.decidedAt ?? task.openedAt);
  return [warning(voice.texts.orders.errored(person(failed.decidedBy, voice), at, failed.reason ?? line.order?.error ?? ""))];
}

function openPart(line: Line, task: Task, viewer: TaskView["viewer"], voice: Voice): readonly Block[] {
  if (task.state !== "open") return [];
  if (!mayAct(line, task, viewer)) return [paragraph(voice.texts.approvals.notYours(holders(line, task, voice)))];
  const hint = voice.texts.reviews.hint(lookedAfterBy(line.application.fulfillers, voice), person(line.requester, voice));
  return [...handedBlocks(task, viewer, voice), ...clockBlocks(line, task, voice), note(hint), ...actButtons(line, task, voice.texts)];
}

/** What was decided about the error; nothing while it is open. */
export function reviewOutcome(line: Line, task: Task, voice: Voice): readonly Block[] {
  if (task.state === "open") return [];
  const { reviews, orders, approvals } = voice.texts;
  const by = person(task.decidedBy, voice);
  const at = moment(task.decidedAt ?? task.openedAt);
  if (task.outcome === "retried") return [paragraph(reviews.retried(by, lookedAfterBy(line.application.fulfillers, voice), at))];
  if (task.outcome === "cancelled")
    return [paragraph(reviews.cancelled(by, at)), ...(task.reason === null ? [] : [warning(approvals.reason(task.reason))])];
  return closingBlocks(line, orders.closed, voice);
}

function summaryOf(line: Line, task: Task, voice: Voice): string {
  const { reviews, approvals, outcomes } = voice.texts;
  const what = itemWords(line, voice.texts);
  if (task.state === "open") return reviews.summary(line.number, what, nameOf(line.beneficiary, voice));
  return approvals.summaryOver(line.number, what, task.outcome === null ? outcomes.closed : outcomes[task.outcome]);
}
