/** The App Home: my tasks with their buttons, my requests, my access; each list in pages. */
import type { Line, Task } from "../domain/line.ts";
import { riskOf } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { HeldAccess, HomeView, Page } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Button, Card, HomeList, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import {
  actButtons,
  askButton,
  date,
  howLong,
  item,
  mayAct,
  moment,
  note,
  paragraph,
  person,
  riskFacts,
  strong,
  warning,
} from "./phrases.ts";
import { failedTask } from "./review-card.ts";
import { approvalWords, standingText } from "./standing.ts";

export function homeCard(view: HomeView, texts: Texts): Card {
  const ask: Block = { type: "buttons", buttons: [askButton(texts.buttons.ask, null, texts)] };
  return {
    title: texts.home.title,
    blocks: [ask, ...listBlocks("tasks", view, texts), ...listBlocks("requests", view, texts), ...listBlocks("access", view, texts)],
    summary: texts.home.summary,
  };
}

/** One of the three lists as a card of its own, for `/access tasks`, `/access requests` and `/access mine`. */
export function listCard(list: HomeList, view: HomeView, texts: Texts): Card {
  const [, ...blocks] = listBlocks(list, view, texts);
  const heading = texts.home.count(texts.home[list], view[list].total);
  return { title: heading, blocks, summary: heading };
}

function listBlocks(list: HomeList, view: HomeView, texts: Texts): readonly Block[] {
  const voice: Voice = { directory: view.directory, texts };
  const { home } = texts;
  switch (list) {
    case "tasks":
      return listed(list, view.tasks, { heading: home.tasks, empty: home.noTasks, row: (row) => taskRow(row, view.person, voice) }, texts);
    case "requests":
      return listed(list, view.requests, { heading: home.requests, empty: home.noRequests, row: (line) => requestRow(line, voice) }, texts);
    case "access":
      return listed(list, view.access, { heading: home.access, empty: home.noAccess, row: (held) => accessRow(held, voice) }, texts);
  }
}

interface Listing<T> {
  readonly heading: string;
  readonly empty: string;
  readonly row: (row: T) => readonly Block[];
}

function listed<T>(list: HomeList, page: Page<T>, { heading, empty, row }: Listing<T>, texts: Texts): readonly Block[] {
  return [
    { type: "heading", text: texts.home.count(heading, page.total) },
    ...(page.rows.length === 0 ? [note([empty])] : page.rows.flatMap(row)),
    ...paging(list, page, texts),
  ];
}

function paging(list: HomeList, { page, size, total, rows }: Page<unknown>, texts: Texts): readonly Block[] {
  if (page === 0 && rows.length >= total) return [];
  const first = page * size;
  const button = (label: string, to: number): Button => ({
    label,
    tone: "plain",
    action: { kind: "page", list, page: to },
    spoken: texts.buttons.spokenPage(label, texts.home[list]),
  });
  return [
    ...(rows.length === 0 ? [] : [note([texts.home.range(first + 1, first + rows.length, total)])]),
    {
      type: "buttons",
      buttons: [
        ...(page > 0 ? [button(texts.buttons.earlier, page - 1)] : []),
        ...(first + rows.length < total && rows.length > 0 ? [button(texts.buttons.later, page + 1)] : []),
      ],
    },
  ];
}

/** Enough to decide on: nobody approves from here without seeing why, how long and how risky. */
function taskRow({ line, task }: TaskRow, viewer: PersonId, voice: Voice): readonly Block[] {
  const { texts } = voice;
  const number = strong(texts.requests.number(line.number));
  const who = person(line.beneficiary, voice);
  const what = item(line, texts);
  const long: Text = [howLong(line.until, texts)];
  const since = sinceText(task, viewer, voice);
  const buttons = mayAct(line, task, viewer) ? actButtons(line, task, texts) : [];
  switch (task.kind) {
    case "approval":
      return [
        paragraph(texts.home.decide(number, what, who)),
        ...(riskOf(line) === "high" ? [warning(texts.approvals.highRisk())] : []),
        note([texts.home.why(line.justification)]),
        note(dotted([long, ...riskWords(line, texts), since])),
        ...buttons,
      ];
    case "fulfilment":
      return [paragraph(texts.home.setUp(number, what, who)), note(dotted([long, since])), ...buttons];
    case "review":
      return [
        paragraph(texts.home.mend(number, what, who)),
        note([texts.home.error(failedTask(line, task)?.reason ?? line.order?.error ?? "")]),
        note(since),
        ...buttons,
      ];
  }
}

interface TaskRow {
  readonly line: Line;
  readonly task: Task;
}

function sinceText(task: Task, viewer: PersonId, voice: Voice): Text {
  const { home } = voice.texts;
  const at = moment(task.claimedAt ?? task.openedAt);
  if (task.claimedBy === null) return home.waiting(at);
  return task.claimedBy === viewer ? home.youAreOnIt(at) : home.onIt(person(task.claimedBy, voice), at);
}

function riskWords(line: Line, texts: Texts): readonly Text[] {
  return riskFacts(line, texts).map(({ label, value }) => [`${label}: `, ...value]);
}

function requestRow(line: Line, voice: Voice): readonly Block[] {
  const { texts } = voice;
  const number = strong(texts.requests.number(line.number));
  const states = texts.home.states(approvalWords(line, texts), texts.provisioning[line.order?.state ?? "none"]);
  return [paragraph([...texts.requests.line(number, item(line, texts)), "\n", ...standingText(line, voice)]), note([states])];
}

/** Access that is held was approved; what differs is whether anybody checked that it is there. */
function accessRow(held: HeldAccess, { texts }: Voice): readonly Block[] {
  const application = strong(held.application);
  const what =
    held.entitlement === null ? texts.approvals.account(application) : texts.approvals.item(strong(held.entitlement), application);
  const span = texts.home.heldFrom(texts.requests.number(held.lineNumber), date(held.from), held.until ? date(held.until) : null);
  const states = texts.home.states(texts.approval.approved, texts.provisioning[held.state]);
  return [paragraph(texts.home.held(what, strong(held.login))), note([...span, states])];
}

function dotted(parts: readonly Text[]): Text {
  return parts.flatMap((part, index) => (index === 0 ? part : [" · ", ...part]));
}
