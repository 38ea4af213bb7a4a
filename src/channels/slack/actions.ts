/** What a button carries to Slack and back: a verb, an id and a version. Whatever comes back is checked letter by letter. */
import type { Action, HomeList } from "../../cards/card.ts";
import type { Verb } from "../../domain/commands.ts";
import { LIMIT } from "./limits.ts";

/** Every verb, so that a verb added to the domain stops this file compiling until Slack knows it. */
const VERBS = {
  approve: true,
  reject: true,
  claim: true,
  release: true,
  confirm: true,
  "report-error": true,
  retry: true,
  "cancel-order": true,
} as const satisfies Record<Verb, true>;

const LISTS = { tasks: true, requests: true, access: true } as const satisfies Record<HomeList, true>;

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(VERBS, word);
}

/** Buttons of cards are told from inputs of forms by this beginning. */
export const BUTTON_ID = /^do\./;

/** `do.approve`, and a number from the second button of a row on, since an action_id may stand in a block only once. */
export function actionIdOf(action: Action, index: number): string {
  const suffix = index === 0 ? "" : `.${index}`;
  switch (action.kind) {
    case "act":
      return `do.${action.verb}${suffix}`;
    case "ask":
      return `do.ask${suffix}`;
    case "page":
      return `do.page-${action.list}${suffix}`;
  }
}

/** `act:approve:3:<task>`: the free part stands last, so that nothing in it can pass for another part. */
export function actionValueOf(action: Action): string {
  switch (action.kind) {
    case "act":
      return `act:${action.verb}:${action.face}:${action.task}`.slice(0, LIMIT.buttonValue);
    case "ask":
      return `ask:${action.application ?? ""}`.slice(0, LIMIT.buttonValue);
    case "page":
      return `page:${action.list}:${action.page}`;
  }
}

/** The action that a value stands for; null for anything that no card of ours carries. */
export function readAction(value: unknown): Action | null {
  if (typeof value !== "string" || value.length > LIMIT.buttonValue) return null;
  const act = /^act:([a-z-]+):(\d{1,9}):([^\0]+)$/s.exec(value);
  if (act) {
    const [, verb = "", face = "", task = ""] = act;
    return isVerb(verb) ? { kind: "act", verb, face: Number(face), task } : null;
  }
  const ask = /^ask:(.*)$/s.exec(value);
  if (ask) return { kind: "ask", application: ask[1] || null };
  const page = /^page:([a-z]+):(\d{1,6})$/.exec(value);
  if (page) {
    const [, list = "", number = ""] = page;
    return isList(list) ? { kind: "page", list, page: Number(number) } : null;
  }
  return null;
}

function isList(word: string): word is HomeList {
  return Object.hasOwn(LISTS, word);
}

/** Which page of each list an App Home shows. */
export interface Pages {
  readonly tasks: number;
  readonly requests: number;
  readonly access: number;
}

export const FIRST_PAGES: Pages = { tasks: 0, requests: 0, access: 0 };

export function pagesText(pages: Pages): string {
  return `${pages.tasks},${pages.requests},${pages.access}`;
}

export function readPages(text: unknown): Pages {
  const [, tasks, requests, access] = (typeof text === "string" ? /^(\d{1,6}),(\d{1,6}),(\d{1,6})$/.exec(text) : null) ?? [];
  return tasks === undefined ? FIRST_PAGES : { tasks: Number(tasks), requests: Number(requests), access: Number(access) };
}
