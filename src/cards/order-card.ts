/** The card of a fulfiller: exactly what to do, as lines to copy; then the claim, the confirmation, or what became of it. */
import type { Line, Order, Task } from "../domain/line.ts";
import { claimerOf, holdersOf } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { TaskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Card, Fact, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import {
  accountFact,
  actButtons,
  describedAs,
  factBlocks,
  formFacts,
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
  warning,
} from "./phrases.ts";

export function orderCard(view: TaskView, texts: Texts): Card {
  const { line, task, viewer } = view;
  const voice: Voice = { directory: view.directory, texts };
  const open = task.state === "open";
  return {
    title: (open ? texts.titles.order : texts.titles.request)(line.number, line.application.name),
    blocks: [
      ...outcome(line, task, voice),
      paragraph(open ? whatToDo(line, voice) : [...itemFirst(line, texts), ...texts.requests.forWhom(person(line.beneficiary, voice))]),
      ...(open && waitsForAccount(line.order) ? [warning([texts.orders.onItsWay])] : []),
      ...factBlocks(factsOf(line, voice)),
      ...(open ? [...toCopy(line, texts), ...openPart(line, task, viewer, voice)] : []),
    ],
    summary: summaryOf(line, task, voice),
  };
}

/** One sentence: the operation, on whose account, where. */
export function whatToDo(line: Line, voice: Voice): Text {
  const { orders } = voice.texts;
  const application = strong(line.application.name);
  const who = person(line.beneficiary, voice);
  const entitlement = line.entitlement ? strong(line.entitlement.name) : null;
  const login = strong(line.order?.login ?? "");
  switch (line.order?.operation ?? "create") {
    case "create":
      return entitlement ? orders.createWith(entitlement, application, who) : orders.create(application, who);
    case "update":
      return entitlement ? orders.updateWith(entitlement, login, application, who) : orders.update(login, application, who);
  }
}

/** An order on an account that another order is still about to create. */
function waitsForAccount(order: Order | null): boolean {
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
    ...formFacts(line, voice.texts),
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
  return [{ label: voice.texts.labels.approvedBy, value: given.flatMap((one, index) => (index === 0 ? one : ["; ", ...one])) }];
}

/** The account template filled in, and the instructions for just this order, letter by letter. */
function toCopy(line: Line, texts: Texts): readonly Block[] {
  const { order } = line;
  const rows = (order?.attributes ?? [])
    .filter((row) => row.proposed.trim() !== "")
    .map(({ name, current, proposed }) =>
      current === null ? texts.orders.row(name, proposed) : texts.orders.change(name, current, proposed),
    );
  const account = [...(order ? [texts.orders.row(texts.labels.login, order.login)] : []), ...rows];
  const instructions = instructionsFor(line);
  return [
    ...copies(texts.labels[order?.operation ?? "create"], account),
    ...(instructions === "" ? [] : copies(texts.labels.instructions, instructions.split("\n"))),
  ];
}

/** The application's, by what the order does, then the entitlement's own. */
function instructionsFor(line: Line): string {
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
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + line.length < COPIED) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map((text, index) => ({ type: "copy", label: index === 0 ? label : "", text }));
}

function openPart(line: Line, task: Task, viewer: PersonId | null, voice: Voice): readonly Block[] {
  const { orders, approvals: approvalTexts } = voice.texts;
  const buttons = mayAct(line, task, viewer) ? actButtons(line, task, voice.texts) : [];
  const since = moment(task.claimedAt ?? task.openedAt);
  if (viewer !== null && !holdersOf(line, task).includes(viewer)) return [paragraph(approvalTexts.notYours(holders(line, task, voice)))];
  if (task.claimedBy === null) {
    const text = claimerOf(task) === null ? orders.claimFirst(since) : orders.yours(since);
    return [note(text), ...buttons];
  }
  const by = person(task.claimedBy, voice);
  if (viewer === null) return [paragraph(orders.onItHere(by, since)), ...buttons];
  return [paragraph(task.claimedBy === viewer ? orders.youAreOnIt(since) : orders.onIt(by, since)), ...buttons];
}

function outcome(line: Line, task: Task, voice: Voice): readonly Block[] {
  if (task.state === "open") return [];
  const { orders } = voice.texts;
  const by = person(task.decidedBy, voice);
  const at = moment(task.decidedAt ?? task.openedAt);
  if (task.outcome === "executed") return [paragraph(orders.done(by, at, strong(line.order?.login ?? "")))];
  if (task.outcome === "errored") return [warning(orders.errored(by, at, task.reason ?? ""))];
  return [paragraph([orders.closed])];
}

function summaryOf(line: Line, task: Task, voice: Voice): string {
  const { orders, approvals: approvalTexts, outcomes } = voice.texts;
  const what = itemWords(line, voice.texts);
  if (task.state === "open") return orders.summary(line.number, what, nameOf(line.beneficiary, voice));
  return approvalTexts.summaryOver(line.number, what, task.outcome === null ? outcomes.closed : outcomes[task.outcome]);
}
