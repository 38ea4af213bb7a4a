/** Where a request stands, step by step, for one reader who asked for it by its number; with what that reader may do about it. */
import type { Step } from "../domain/catalogue.ts";
import type { Line, Task } from "../domain/line.ts";
import { askedSince, isOpen, openTask } from "../domain/line.ts";
import { statusOf } from "../domain/status.ts";
import type { StatusView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Button, Card, Fact, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import {
  actButton,
  approversOf,
  factBlocks,
  group,
  holders,
  howLong,
  introduced,
  itemFor,
  mayAct,
  moment,
  note,
  paragraph,
  people,
  person,
  strong,
  verbsOf,
  warning,
} from "./phrases.ts";
import { nextText, stateFacts, troubleText } from "./standing.ts";
import { administratorButtons, buttonRow, requesterButtons, wholeRequestButton } from "./steering-buttons.ts";

export function statusCard(view: StatusView, texts: Texts): Card {
  const { line, request } = view;
  const voice: Voice = { directory: request.directory, texts };
  const word = texts.status[statusOf(line).status];
  const trouble = troubleText(line, voice);
  const next = nextText(line, voice, view.viewer);
  const title = texts.titles.request(line.number, line.application.name);
  return {
    title,
    blocks: [
      paragraph([...itemFor(line, voice), "\n", strong(word)]),
      ...(trouble === null ? [] : [warning(trouble)]),
      ...factBlocks([
        { label: texts.labels.askedBy, value: introduced(line.requester, voice) },
        ...line.policy.steps.map((step, index) => stepFact(line, step, index, view, voice)),
        setupFact(line, view, voice),
        { label: texts.labels.howLong, value: [howLong(line.until, texts)] },
        { label: texts.labels.why, value: [line.justification] },
      ]),
      ...(next === null || line.requester !== view.viewer ? [] : [note(next)]),
      ...buttons(view, texts),
    ],
    summary: texts.requests.summary(title, word),
    rest: wholeRequestButton(line, texts),
  };
}

function stepFact(line: Line, step: Step, index: number, view: StatusView, voice: Voice): Fact {
  const label = voice.texts.steering.step(index + 1, line.policy.steps.length);
  const task = line.tasks.findLast((one) => one.kind === "approval" && one.step === index);
  return { label, value: task ? taskText(task, line, view, voice) : untaskedText(line, step, index, voice) };
}

/** A step without a task: one that comes later, one that was counted, or one that nobody needs any more. */
function untaskedText(line: Line, { approvers }: Step, index: number, voice: Voice): Text {
  const { later } = voice.texts.steering;
  if (line.approval === "approved" || (line.approval === "pending" && index < line.step)) return [later.counted];
  if (line.approval !== "pending") return [later.over];
  return approvers.kind === "manager" ? [later.manager] : later.group(group(approvers.group, voice));
}

/** Whom an open task waits for, since when and until when; or who ended it, how and when. */
function taskText(task: Task, line: Line, { now }: StatusView, voice: Voice): Text {
  const { texts } = voice;
  if (task.state === "open") return openText(task, line, now, voice);
  const by = task.outcome === "approved" ? people(approversOf(line, task), voice) : task.decidedBy ? [person(task.decidedBy, voice)] : null;
  return texts.steering.decidedBy(texts.outcomes[task.outcome ?? "closed"], by, moment(task.decidedAt ?? task.openedAt));
}

function openText(task: Task, line: Line, now: Date, voice: Voice): Text {
  const { texts } = voice;
  const age = (from: Date) => texts.home.age(now.getTime() - from.getTime());
  const from = task.claimedAt ?? askedSince(task, null);
  const waits = task.claimedBy
    ? texts.home.onIt(person(task.claimedBy, voice), moment(from), age(from))
    : texts.steering.waits(holders(line, task, voice), moment(from), age(from));
  const given = task.votes.filter(({ vote }) => vote === "approved").length;
  const { dueAt } = task.clock;
  const due = dueAt === null ? null : dueAt < now ? texts.home.overdue(moment(dueAt), age(dueAt)) : texts.home.due(moment(dueAt));
  return [
    ...waits,
    ...(task.needed > 1 ? [", ", texts.approvals.progress(given, task.needed)] : []),
    ...(due === null ? [] : [", ", ...due]),
  ];
}

function setupFact(line: Line, { now }: StatusView, voice: Voice): Fact {
  const [, setup] = stateFacts(line, voice);
  const label = voice.texts.labels.setup;
  const task = openTask(line);
  if (task && task.kind !== "approval") return { label, value: openText(task, line, now, voice) };
  if (!isOpen(line) && line.order === null) return { label, value: [voice.texts.steering.later.over] };
  return { label, value: setup?.value ?? [] };
}

/** Each thing once, though somebody may have it by two rights. */
function buttons({ line, viewer, administrator }: StatusView, texts: Texts): readonly Block[] {
  const task = openTask(line);
  const own = task && mayAct(line, task, viewer) ? verbsOf(task).map((verb) => actButton(verb, line, task, texts)) : [];
  const all: readonly Button[] = [
    ...own,
    ...(line.requester === viewer ? requesterButtons(line, texts) : []),
    ...(administrator ? administratorButtons(line, viewer, texts) : []),
  ];
  return buttonRow(all.filter((button, index) => all.findIndex(({ label }) => label === button.label) === index));
}
