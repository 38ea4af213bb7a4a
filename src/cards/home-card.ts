/** The App Home: my tasks with their buttons, my requests, my access, and for administrators what is late; each list in pages. */
import type { HomeView, LastAct, Page } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Button, Card, HomeList, Text } from "./card.ts";
import type { Reading } from "./home-rows.ts";
import { accessRow, lateRow, requestRow, taskRow } from "./home-rows.ts";
import { askButton, moment, note, paragraph, strong } from "./phrases.ts";
import { buttonRow } from "./steering-buttons.ts";

export function homeCard(view: HomeView, texts: Texts): Card {
  return {
    title: texts.home.title,
    blocks: [
      ...(view.last ? [paragraph(didText(view.last, texts))] : []),
      ...askRow(texts),
      ...LISTS.flatMap((list) => listBlocks(list, view, texts)),
    ],
    summary: texts.home.summary,
  };
}

const LISTS: readonly HomeList[] = ["tasks", "late", "requests", "access"];

/** One of the lists as a card of its own, for `/access tasks`, `/access requests` and `/access mine`. */
export function listCard(list: HomeList, view: HomeView, texts: Texts): Card {
  const [, ...blocks] = listBlocks(list, view, texts);
  const heading = texts.home.count(texts.home[list], view[list]?.total ?? 0);
  const offersAsking = list === "requests" || list === "access";
  return { title: heading, blocks: [...blocks, ...(offersAsking ? askRow(texts) : [])], summary: heading };
}

function askRow(texts: Texts): readonly Block[] {
  return buttonRow([askButton(texts.buttons.ask, null, texts)]);
}

function didText({ did, number, application, at }: LastAct, texts: Texts): Text {
  return texts.home.did[did](strong(texts.home.requestNamed(number, application)), moment(at));
}

function listBlocks(list: HomeList, view: HomeView, texts: Texts): readonly Block[] {
  const reading: Reading = { directory: view.directory, texts, viewer: view.person, now: view.now };
  const { home } = texts;
  switch (list) {
    case "tasks":
      return listed(list, view.tasks, { empty: home.noTasks, row: (row) => taskRow(row, reading) }, texts);
    case "late":
      return view.late ? listed(list, view.late, { empty: home.noLate, row: (row) => lateRow(row, reading) }, texts) : [];
    case "requests":
      return listed(list, view.requests, { empty: home.noRequests, row: (line) => requestRow(line, reading) }, texts);
    case "access":
      return listed(list, view.access, { empty: home.noAccess, row: (held) => accessRow(held, reading) }, texts);
  }
}

interface Listing<T> {
  readonly empty: string;
  readonly row: (row: T) => readonly Block[];
}

function listed<T>(list: HomeList, page: Page<T>, { empty, row }: Listing<T>, texts: Texts): readonly Block[] {
  return [
    { type: "heading", text: texts.home.count(texts.home[list], page.total) },
    ...(page.rows.length === 0 ? [note([empty])] : page.rows.flatMap((one, index) => [...(index === 0 ? [] : [DIVIDER]), ...row(one)])),
    ...paging(list, page, texts),
  ];
}

const DIVIDER: Block = { type: "divider" };

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
