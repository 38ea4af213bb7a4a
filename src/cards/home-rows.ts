/** Rows of the home page's lists: each says enough to act on it, and carries its buttons. */
import type { Line, Task } from "../domain/line.ts";
import { askedSince, openTask, riskOf } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import { statusOf } from "../domain/status.ts";
import type { HeldAccess, TaskRow } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Text } from "./card.ts";
import { accountLines, instructionsFor, waitsForAccount } from "./order-card.ts";
import type { Voice } from "./phrases.ts";
import {
  actButton,
  askAgainButton,
  date,
  holders,
  howLong,
  item,
  itemFor,
  mayAct,
  moment,
  note,
  paragraph,
  person,
  riskFacts,
  strong,
  verbsOf,
  warning,
} from "./phrases.ts";
import { failedTask } from "./review-card.ts";
import { approvalWords, standingText, troubleText } from "./standing.ts";
import { administratorButtons, buttonRow, mayAskAgain, requesterButtons, showButton } from "./steering-buttons.ts";

/** What rows are drawn with beside the row itself. */
export interface Reading extends Voice {
  readonly viewer: PersonId;
  readonly now: Date;
}

/** Enough to act on: nobody approves from here without seeing why, how long and how risky, or confirms without what has to be entered. */
export function taskRow({ line, task }: TaskRow, reading: Reading): readonly Block[] {
  const { texts, viewer } = reading;
  const verbs = mayAct(line, task, viewer) ? verbsOf(task) : [];
  const buttons = buttonRow([...verbs.map((verb) => actButton(verb, line, task, texts)), showButton(line, task, texts)]);
  const heading = paragraph(headingOf(line, task, reading));
  const timing = timingBlock(task, sinceText(task, reading), reading);
  const long: Text = [howLong(line.until, texts)];
  switch (task.kind) {
    case "approval":
      return [
        heading,
        ...(riskOf(line) === "high" ? [warning(texts.approvals.highRisk())] : []),
        timing,
        note([texts.home.why(line.justification), "\n", ...dotted([long, ...riskWords(line, texts)])]),
        ...buttons,
      ];
    case "fulfilment":
      return [
        heading,
        timing,
        ...(waitsForAccount(line.order) ? [warning([texts.orders.onItsWay])] : []),
        ...toEnter(line, long, texts),
        ...buttons,
      ];
    case "review":
      return [heading, timing, warning([texts.home.error(failedTask(line, task)?.reason ?? line.order?.error ?? "")]), ...buttons];
  }
}

export function headingOf(line: Line, task: Task, { texts, directory }: Voice): Text {
  const number = strong(texts.requests.number(line.number));
  const who = person(line.beneficiary, { directory, texts });
  const words = { approval: texts.home.decide, fulfilment: texts.home.setUp, review: texts.home.mend }[task.kind];
  return words(number, item(line, texts), who);
}

/** Characters of the instructions that a row shows; the rest stands on the card. */
const SHOWN_INSTRUCTIONS = 300;

/** The login, the values and the beginning of the instructions, as lines to copy. */
export function toEnter(line: Line, long: Text, texts: Texts): readonly Block[] {
  const instructions = instructionsFor(line);
  const shown = shortened(instructions);
  const lines = [...accountLines(line, texts), ...(shown === "" ? [] : [shown])].join("\n");
  const isShort = shown === instructions;
  return [
    ...(lines === "" ? [] : [{ type: "copy", label: texts.home.toEnter, text: lines } as const]),
    note(isShort ? long : dotted([long, [texts.home.detailsOnCard]])),
  ];
}

/** Whole lines as far as they fit; one that is too long alone is cut. */
function shortened(text: string): string {
  if (text.length <= SHOWN_INSTRUCTIONS) return text;
  const end = text.lastIndexOf("\n", SHOWN_INSTRUCTIONS);
  return `${text.slice(0, end > 0 ? end : SHOWN_INSTRUCTIONS).trimEnd()} …`;
}

/** When it is due, then since when it waits; what is overdue must not be overlooked. */
function timingBlock(task: Task, since: Text, { texts, now }: Reading): Block {
  const { dueAt } = task.clock;
  if (dueAt === null) return note(since);
  const isLate = dueAt < now;
  const due = isLate ? texts.home.overdue(moment(dueAt), age(dueAt, now, texts)) : texts.home.due(moment(dueAt));
  return (isLate ? warning : note)(dotted([due, since]));
}

function sinceText(task: Task, { texts, viewer, now, directory }: Reading): Text {
  const { home } = texts;
  const from = task.claimedAt ?? askedSince(task, viewer);
  const [at, old] = [moment(from), age(from, now, texts)];
  if (task.claimedBy === null) return home.waiting(at, old);
  return task.claimedBy === viewer ? home.youAreOnIt(at, old) : home.onIt(person(task.claimedBy, { directory, texts }), at, old);
}

function age(from: Date, now: Date, texts: Texts): string {
  return texts.home.age(now.getTime() - from.getTime());
}

export function riskWords(line: Line, texts: Texts): readonly Text[] {
  return riskFacts(line, texts).map(({ label, value }) => [`${label}: `, ...value]);
}

/** For administrators: whose work is late, and what can be done about it. */
export function lateRow({ line, task }: TaskRow, reading: Reading): readonly Block[] {
  const { texts, viewer, now } = reading;
  const from = askedSince(task, null);
  const since = texts.home.waitingFor(holders(line, task, reading), moment(from), age(from, now, texts));
  return [
    paragraph(headingOf(line, task, reading)),
    timingBlock(task, since, reading),
    ...buttonRow([...administratorButtons(line, viewer, texts), showButton(line, task, texts)]),
  ];
}

/** Where it stands and what the requester can do; a reason never stands on the outcome's message alone. */
export function requestRow(line: Line, reading: Reading): readonly Block[] {
  const { texts, viewer } = reading;
  const number = strong(texts.requests.number(line.number));
  const trouble = troubleText(line, reading);
  const buttons = viewer === line.requester ? requesterButtons(line, texts) : mayAskAgain(line) ? [askAgainButton(line, texts)] : [];
  return [
    paragraph([...texts.requests.line(number, itemFor(line, reading, item(line, texts))), "\n", ...standingText(line, reading)]),
    ...(trouble === null ? [] : [warning(trouble)]),
    waitingBlock(line, reading),
    ...buttonRow(buttons),
  ];
}

/** Both states, who asked if it wasn't the reader, and while somebody holds it since when and until when. */
function waitingBlock(line: Line, reading: Reading): Block {
  const { texts, now, viewer } = reading;
  const task = openTask(line);
  const complete = statusOf(line).status === "complete";
  const states = texts.home[complete ? "statesInShort" : "states"](
    approvalWords(line, texts),
    texts.provisioning[line.order?.state ?? "none"],
  );
  const asker = line.requester === viewer ? [] : [texts.home.askedBy(person(line.requester, reading))];
  if (!task) return note(dotted([[states], ...asker]));
  const { dueAt } = task.clock;
  const due =
    dueAt === null ? [] : [dueAt < now ? texts.home.overdue(moment(dueAt), age(dueAt, now, texts)) : texts.home.due(moment(dueAt))];
  return note(dotted([[states], ...asker, [texts.home.asked(age(line.submittedAt, now, texts))], ...due]));
}

/** Access that is held was approved; what differs is whether anybody checked that it is there. What is past its end isn't current any more. */
export function accessRow(held: HeldAccess, { texts, now }: Reading): readonly Block[] {
  const application = strong(held.application);
  const what =
    held.entitlement === null ? texts.approvals.account(application) : texts.approvals.item(strong(held.entitlement), application);
  const number = texts.requests.number(held.lineNumber);
  const named = texts.home.held(what, strong(held.login));
  if (held.until && held.until <= now) return [paragraph(named), warning([`${number}, `, ...texts.home.heldEnded(date(held.until))])];
  const span = texts.home.heldFrom(number, date(held.from), held.until ? date(held.until) : null);
  return [paragraph([...named, "\n", ...span, texts.home.statesInShort(texts.approval.approved, texts.provisioning[held.state])])];
}

/** Phrases side by side. */
export function dotted(parts: readonly Text[]): Text {
  return parts.flatMap((part, index) => (index === 0 ? part : [" · ", ...part]));
}
