/** Everything about a task or a request, for whoever wants to read what a card had no room for: no list is shortened, and no button stands there. */
import type { Line, Task } from "../domain/line.ts";
import type { RequestView, StatusView, TaskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Card, Text } from "./card.ts";
import { group, moment, nameOf, paragraph, person, together, type Voice } from "./phrases.ts";
import { lineBlocks, requestCard } from "./request-card.ts";
import { statusCard } from "./steering-card.ts";
import { taskCard } from "./task-card.ts";

/** The card as it stands, then everybody who is asked, who voted how, and what else was asked for. */
export function wholeTaskCard(view: TaskView, texts: Texts): Card {
  const { line, task, siblings } = view;
  const voice: Voice = { directory: view.directory, texts };
  const card = taskCard(view, texts);
  const others = siblings.map((one): Text => texts.approvals.other(one.number, one.item));
  return {
    ...card,
    blocks: [
      ...card.blocks.filter(({ type }) => type !== "buttons"),
      ...section(texts.whole.asked, askedOf(task, voice)),
      ...section(texts.whole.votes, votesOf(line, voice)),
      ...section(texts.whole.others, others.length === 0 ? [] : [together(others, texts)]),
    ],
  };
}

/** Where it stands, then each line of the request in full. */
export function wholeRequestCard(view: StatusView, texts: Texts): Card {
  const { request } = view;
  const voice: Voice = { directory: request.directory, texts };
  const status = statusCard(view, texts);
  return {
    ...status,
    blocks: [...status.blocks, ...linesOf(request, view, voice)].filter(({ type }) => type !== "buttons"),
  };
}

function linesOf(request: RequestView, { viewer }: StatusView, voice: Voice): readonly Block[] {
  const { texts } = voice;
  const { title, blocks } = requestCard(request, texts, viewer);
  const heading: Block = { type: "heading", text: title };
  if (request.lines.length === 1) return [heading, ...blocks];
  const lines = request.lines.flatMap((line): readonly Block[] => [
    { type: "divider" },
    ...lineBlocks(line, { view: request, viewer }, voice),
  ]);
  // What was said of all lines at once stands below them on the card, after its last divider.
  return [heading, ...lines, ...blocks.slice(blocks.findLastIndex(({ type }) => type === "divider"))];
}

function section(heading: string, said: readonly Text[]): readonly Block[] {
  return said.length === 0 ? [] : [{ type: "heading", text: heading }, ...said.map((text) => paragraph(text))];
}

function askedOf(task: Task, voice: Voice): readonly Text[] {
  const { texts } = voice;
  const people = task.assignees.flatMap((one): readonly Text[] => {
    return one.kind === "person" ? [[person(one.person, voice), ` (${texts.because[one.because]})`]] : [];
  });
  const groups = task.assignees.flatMap((one): readonly Text[] => {
    if (one.kind === "person") return [];
    return [[group(one.group, voice), ": ", ...texts.and(one.members.map((id) => nameOf(id, voice)))]];
  });
  return [...(people.length === 0 ? [] : [together(people, texts)]), ...groups];
}

function votesOf(line: Line, voice: Voice): readonly Text[] {
  const given = line.tasks.flatMap((task) => task.votes).filter(({ vote }) => vote === "approved");
  return given.map((vote) => voice.texts.approvals.vote(person(vote.by, voice), moment(vote.at), vote.reason));
}
