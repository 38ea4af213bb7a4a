/** What a button carries to Slack and back: a verb, an id and a version. Whatever comes back is checked letter by letter. */
import type { Action, HomeList } from "../../cards/card.ts";
import type { LineVerb, Verb } from "../../domain/commands.ts";
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
  reassign: true,
} as const satisfies Record<Verb, true>;

const LINE_VERBS = { withdraw: true, nudge: true, cancel: true } as const satisfies Record<LineVerb, true>;

const LISTS = { tasks: true, requests: true, access: true, late: true } as const satisfies Record<HomeList, true>;

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(VERBS, word);
}

export function isLineVerb(word: string): word is LineVerb {
  return Object.hasOwn(LINE_VERBS, word);
}

/** Buttons of cards are told from inputs of forms by this beginning. */
export const BUTTON_ID = /^do\./;

/** `do.approve`, and a number from the second button of a row on, since an action_id may stand in a block only once. */
export function actionIdOf(action: Action, index: number): string {
  const suffix = index === 0 ? "" : `.${index}`;
  switch (action.kind) {
    case "act":
    case "act-on-line":
      return `do.${action.verb}${suffix}`;
    case "show":
    case "show-request":
      return `do.${action.kind}${suffix}`;
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
    case "act-on-line":
      return `line:${action.verb}:${action.line}`.slice(0, LIMIT.buttonValue);
    case "show":
      return `show${action.page === undefined ? "" : `@${action.page}`}:${action.task}`.slice(0, LIMIT.buttonValue);
    case "show-request":
      return `all:${action.number}:${action.page ?? 0}`;
    case "ask":
      return `ask${action.line === undefined ? "" : `@${action.line}`}:${action.application ?? ""}`.slice(0, LIMIT.buttonValue);
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
  const ask = /^ask(?:@([\w-]{1,64}))?:(.*)$/s.exec(value);
  if (ask) return { kind: "ask", application: ask[2] || null, ...(ask[1] === undefined ? {} : { line: ask[1] }) };
  const onLine = /^line:([a-z-]+):([^\0]+)$/s.exec(value);
  if (onLine) {
    const [, verb = "", line = ""] = onLine;
    return isLineVerb(verb) ? { kind: "act-on-line", verb, line } : null;
  }
  const show = /^show(?:@(\d{1,4}))?:([^\0]+)$/s.exec(value);
  if (show) return { kind: "show", task: show[2] ?? "", ...(show[1] === undefined ? {} : { page: Number(show[1]) }) };
  const all = /^all:(\d{1,15}):(\d{1,4})$/.exec(value);
  if (all) return { kind: "show-request", number: Number(all[1]), page: Number(all[2]) };
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
  readonly late: number;
}

export const FIRST_PAGES: Pages = { tasks: 0, requests: 0, access: 0, late: 0 };

export function pagesText(pages: Pages): string {
  return `${pages.tasks},${pages.requests},${pages.access},${pages.late}`;
}

export function readPages(text: unknown): Pages {
  const [, tasks, requests, access, late] =
    (typeof text === "string" ? /^(\d{1,6}),(\d{1,6}),(\d{1,6})(?:,(\d{1,6}))?$/.exec(text) : null) ?? [];
  if (tasks === undefined) return FIRST_PAGES;
  return { tasks: Number(tasks), requests: Number(requests), access: Number(access), late: Number(late ?? 0) };
}
