/** The card of a fulfiller: exactly what to do, as lines to copy; then the claim, the confirmation, or what became of it. */
import type { Line, Order, Task } from "../domain/line.ts";
import { askedSince, claimerOf, holdersOf } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { TaskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Card, Fact, Piece, Text } from "./card.ts";
import { clockBlocks, handedBlocks } from "./clock-note.ts";
import { closingBlocks } from "./closing.ts";
import type { Voice } from "./phrases.ts";
import {
  accountFact,
  actButtons,
  describedAs,
  few,
  holders,
  howLong,
  introduced,
  itemFirst,
  itemWords,
  mayAct,
  moment,
  nameOf,
  note,
  paragraph,
  person,
  strong,
  together,
  warning,
  withFormFacts,
} from "./phrases.ts";
import { failedTask } from "./review-card.ts";
import { wholeTaskButton } from "./steering-buttons.ts";
import { whatToDo } from "./what-to-do.ts";

export function orderCard(view: TaskView, texts: Texts): Card {
  const { line, task, viewer } = view;
  const voice: Voice = { directory: view.directory, texts };
  const open = task.state === "open";
  return {
    title: (open ? texts.titles.order : texts.titles.request)(line.number, line.application.name),
    blocks: [
      ...(open ? earlierTry(line, task, voice) : orderOutcome(line, task, voice)),
      paragraph(open ? whatToDo(line, voice) : [...itemFirst(line, texts), ...texts.requests.forWhom(person(line.beneficiary, voice))]),
      ...(open && waitsForAccount(line.order) ? [warning([texts.orders.onItsWay])] : []),
      ...withFormFacts(factsOf(line, voice), line, texts),
      ...(open ? [...toCopy(line, texts), ...openPart(line, task, viewer, voice)] : []),
    ],
    summary: summaryOf(line, task, voice),
    rest: wholeTaskButton(line, task, texts),
  };
}

/** An order on an account that another order is still about to create. */
export function waitsForAccount(order: Order | null): boolean {
  return order?.operation === "update" && order.accountId === null && order.executedAt === null;
}

function factsOf(line: Line, voice: Voice): readonly Fact[] {
  const { labels } = voice.texts;
  const email = voice.directory.people[line.beneficiary]?.email ?? "";
  const allows = line.entitlement ? describedAs(line) : "";
  return [
    { label: labels.who, value: introduced(line.beneficiary, voice) },
    ...(email === "" ? [] : [{ label: labels.email, value: [email] }]),
    ...(allows === "" ? [] : [{ label: labels.allows, value: [allows] }]),
    { label: labels.howLong, value: [howLong(line.until, voice.texts)] },
    accountFact(line, voice.texts),
    ...approvals(line, voice),
  ];
}

function approvals(line: Line, voice: Voice): readonly Fact[] {
  const given = line.tasks
    .filter((task) => task.kind === "approval")
    .flatMap((task) => task.votes)
    .filter((vote) => vote.vote === "approved")
    .map((vote) => voice.texts.orders.approval(person(vote.by, voice), moment(vote.at)));
  if (given.length === 0) return [];
  return [
    {
      label: voice.texts.labels.approvedBy,
      value:
        given.length > MOST_GIVEN
          ? together(few(given, voice.texts, MOST_GIVEN), voice.texts)
          : given.flatMap((one, index) => (index === 0 ? one : ["; ", ...one])),
    },
  ];
}

const MOST_GIVEN = 6;

/** The account template filled in, and the instructions for just this order, letter by letter. */
function toCopy(line: Line, texts: Texts): readonly Block[] {
  const instructions = instructionsFor(line);
  return [
    ...copies(texts.labels[line.order?.operation ?? "create"], accountLines(line, texts)),
    ...(instructions === "" ? [] : copies(texts.labels.instructions, instructions.split("\n"))),
  ];
}

/** The account template filled in: its login, and each attribute that has a value. */
export function accountLines({ order }: Line, texts: Texts): readonly string[] {
  const rows = (order?.attributes ?? [])
    .filter((row) => row.proposed.trim() !== "")
    .map(({ name, current, proposed }) =>
      current === null ? texts.orders.row(name, proposed) : texts.orders.change(name, current, proposed),
    );
  return [...(order ? [texts.orders.row(texts.labels.login, order.login)] : []), ...rows];
}

/** The application's, by what the order does, then the entitlement's own. */
export function instructionsFor(line: Line): string {
  const { create, update } = line.application.instructions;
  const general = (line.order?.operation ?? "create") === "create" ? create : update;
  return [general, line.entitlement?.instructions ?? ""]
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .join("\n");
}

/** Characters in one block to copy: what every platform shows whole. */
const COPIED = 2500;

/** Lines to copy, in as many blocks as it takes to show each line whole; only the first one carries the label. */
function copies(label: string, lines: readonly string[]): readonly Block[] {
  const texts: string[] = [];
  for (const line of lines.flatMap(inPieces)) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + line.length < COPIED) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map((text, index) => ({ type: "copy", label: index === 0 ? label : "", text }));
}

/** A line that no block holds, in pieces that end at a space where there is one. */
function inPieces(line: string): readonly string[] {
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > COPIED) {
    const space = rest.lastIndexOf(" ", COPIED);
    const hard = isHalf(rest, COPIED) ? COPIED - 1 : COPIED;
    const end = space > COPIED / 2 ? space + 1 : hard;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

/** True: a cut there would part a pair of surrogates. */
function isHalf(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return before >= 0xd800 && before <= 0xdbff;
}

/** What went wrong before, and who wants another try: whoever does it now must know. */
function earlierTry(line: Line, task: Task, voice: Voice): readonly Block[] {
  const failed = failedTask(line, task);
  const review = failed && reviewOf(line, failed);
  if (!failed || review?.outcome !== "retried") return [];
  return [reported(failed, voice), note(voice.texts.orders.triedBefore(person(review.decidedBy, voice), decidedAt(review)))];
}

/** Who looked, or looks, into the error that the task ended with. */
function reviewOf(line: Line, failed: Task): Task | undefined {
  return line.tasks.slice(line.tasks.indexOf(failed) + 1).find((task) => task.kind === "review");
}

function reported(failed: Task, voice: Voice): Block {
  return warning(voice.texts.orders.errored(person(failed.decidedBy, voice), decidedAt(failed), failed.reason ?? ""));
}

function decidedAt(task: Task): Piece {
  return moment(task.decidedAt ?? task.openedAt);
}

function openPart(line: Line, task: Task, viewer: PersonId | null, voice: Voice): readonly Block[] {
  const { orders, approvals: approvalTexts } = voice.texts;
  const buttons = mayAct(line, task, viewer) ? actButtons(line, task, voice.texts, viewer) : [];
  const time = [...handedBlocks(task, viewer, voice), ...clockBlocks(line, task, voice)];
  const since = moment(task.claimedAt ?? task.openedAt);
  if (viewer !== null && !holdersOf(line, task).includes(viewer)) return [paragraph(approvalTexts.notYours(holders(line, task, voice)))];
  if (task.claimedBy === null) return [...time, note(waiting(line, task, viewer, voice)), ...buttons];
  const by = person(task.claimedBy, voice);
  if (viewer === null) return [...time, paragraph(orders.onItHere(by, since)), ...buttons];
  return [...time, paragraph(task.claimedBy === viewer ? orders.youAreOnIt(since) : orders.onIt(by, since)), ...buttons];
}

function waiting(line: Line, task: Task, viewer: PersonId | null, voice: Voice): Text {
  const { orders, approvals: approvalTexts } = voice.texts;
  const since = moment(askedSince(task, viewer));
  const who = holders(line, task, voice);
  if (claimerOf(task) !== null) return viewer === null ? approvalTexts.waits(who, since) : orders.yours(since);
  return viewer === null && who ? orders.claimFirstHere(who, since) : orders.claimFirst(since);
}

/** Who did it, or what came of it otherwise; of a task that is over. */
export function orderOutcome(line: Line, task: Task, voice: Voice): readonly Block[] {
  const { orders } = voice.texts;
  if (task.outcome === "executed")
    return [paragraph(orders.done(person(task.decidedBy, voice), decidedAt(task), strong(line.order?.login ?? "")))];
  if (task.outcome === "errored") return [reported(task, voice), ...cameOf(line, reviewOf(line, task), voice)];
  return closingBlocks(line, orders.closed, voice);
}

/** What came of a reported error, so that no old copy leaves it open. */
function cameOf(line: Line, review: Task | undefined, voice: Voice): readonly Block[] {
  const { orders, approvals: approvalTexts } = voice.texts;
  if (!review) return [];
  const by = person(review.decidedBy, voice);
  if (review.state === "open") return [note(orders.looksInto(holders(line, review, voice) ?? [person(null, voice)]))];
  if (review.outcome === "retried") return [paragraph(orders.again(by, decidedAt(review)))];
  if (review.outcome === "cancelled")
    return [
      paragraph(orders.cancelled(by, decidedAt(review))),
      ...(review.reason === null ? [] : [warning(approvalTexts.reason(review.reason))]),
    ];
  return closingBlocks(line, orders.closed, voice);
}

function summaryOf(line: Line, task: Task, voice: Voice): string {
  const { orders, approvals: approvalTexts, outcomes } = voice.texts;
  const what = itemWords(line, voice.texts);
  if (task.state === "open") return orders.summary(line.number, what, nameOf(line.beneficiary, voice));
  const outcome = (task.outcome === "errored" ? reviewOf(line, task)?.outcome : null) ?? task.outcome;
  return approvalTexts.summaryOver(line.number, what, outcome === null ? outcomes.closed : outcomes[outcome]);
}
