/** Forms of the acts that need words (a reason, a login), and the way back from their answers to a command. */
import type { TaskCommand, Verb } from "../domain/commands.ts";
import { LONGEST_LOGIN, LONGEST_TEXT } from "../domain/commands.ts";
import type { Refusal } from "../domain/refusals.ts";
import type { TaskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Piece } from "./card.ts";
import type { Answers, Field, Form } from "./form.ts";
import type { Voice } from "./phrases.ts";
import { item, person, strong } from "./phrases.ts";

/** Field ids of these forms. */
export const ACT_FIELDS = { reason: "reason", login: "login", to: "to" } as const;

/** The form that a button opens; null for verbs that act at the click. */
export function actForm(verb: Verb, view: TaskView, texts: Texts): Form | null {
  switch (verb) {
    case "reject":
      return rejectForm(view, texts);
    case "confirm":
      return confirmForm(view, texts);
    case "report-error":
      return errorForm(view, texts);
    case "cancel-order":
      return cancelOrderForm(view, texts);
    case "reassign":
      return reassignForm(view, texts);
    case "approve":
    case "claim":
    case "release":
    case "retry":
      return null;
  }
}

export function rejectForm(view: TaskView, texts: Texts): Form {
  const { reject } = texts.forms;
  return form("reject", reject.title(view.line.number), view, texts, [
    reason(reject.reason, reject.hint),
    { type: "note", id: "after", text: reject.after(requester(view, texts)) },
  ]);
}

/** The login is filled in as the account template proposes it. */
export function confirmForm(view: TaskView, texts: Texts): Form {
  const { confirm } = texts.forms;
  const who = person(view.line.beneficiary, { directory: view.directory, texts });
  return form("confirm", confirm.title(view.line.number), view, texts, [
    {
      type: "line",
      id: ACT_FIELDS.login,
      label: confirm.login,
      hint: confirm.hint,
      required: true,
      initial: view.line.order?.login ?? "",
      placeholder: null,
      most: LONGEST_LOGIN,
    },
    { type: "note", id: "after", text: confirm.after(who) },
  ]);
}

export function errorForm(view: TaskView, texts: Texts): Form {
  const { error } = texts.forms;
  return form("report-error", error.title(view.line.number), view, texts, [reason(error.reason, error.hint)]);
}

export function cancelOrderForm(view: TaskView, texts: Texts): Form {
  const { cancelOrder } = texts.forms;
  return form("cancel-order", cancelOrder.title, view, texts, [
    reason(cancelOrder.reason, cancelOrder.hint),
    { type: "note", id: "after", text: cancelOrder.after(requester(view, texts)) },
  ]);
}

/** Whom to choose from is for the channel to search; as many as have to approve, at least. */
export function reassignForm(view: TaskView, texts: Texts): Form {
  const { reassign } = texts.forms;
  return form("reassign", reassign.title(view.line.number), view, texts, [
    {
      type: "search",
      id: ACT_FIELDS.to,
      label: reassign.to,
      hint: reassign.toHint,
      required: true,
      initial: [],
      many: true,
      redraws: false,
      placeholder: reassign.placeholder,
    },
    reason(reassign.reason, reassign.hint),
  ]);
}

function requester(view: TaskView, texts: Texts): Piece {
  return person(view.line.requester, { directory: view.directory, texts });
}

/** What was filled in, as a command; nothing about it is believed yet. */
export function commandOf(verb: Verb, answers: Answers): TaskCommand {
  switch (verb) {
    case "approve":
      return { verb, comment: words(answers, ACT_FIELDS.reason) || null };
    case "reject":
    case "report-error":
    case "cancel-order":
      return { verb, reason: words(answers, ACT_FIELDS.reason) };
    case "confirm":
      return { verb, login: words(answers, ACT_FIELDS.login) };
    case "release":
      return { verb, reason: words(answers, ACT_FIELDS.reason) || null };
    case "reassign":
      return { verb, to: chosen(answers, ACT_FIELDS.to), reason: words(answers, ACT_FIELDS.reason) };
    case "claim":
    case "retry":
      return { verb };
  }
}

/** The field of an act's form that a refusal is about, so that it is marked there; null: it is about the whole. */
export function fieldOfRefusal(verb: Verb, refusal: Refusal): string | null {
  switch (refusal.name) {
    case "reason-missing":
      return ACT_FIELDS.reason;
    case "login-missing":
    case "login-taken":
      return ACT_FIELDS.login;
    case "no-such-person":
    case "unfit-assignee":
    case "too-few-named":
      return ACT_FIELDS.to;
    case "too-long":
      return verb === "confirm" ? ACT_FIELDS.login : ACT_FIELDS.reason;
    case "no-such-task":
    case "not-active":
    case "own-request":
    case "already-decided":
    case "already-claimed":
    case "already-voted":
    case "not-yours":
    case "not-shown":
    case "not-claimed":
    case "not-claimer":
    case "stale-card":
    case "end-passed":
    case "not-requester":
    case "not-administrator":
    case "already-over":
    case "nudged-already":
    case "nothing-waits":
    case "no-such-application":
    case "not-requestable":
    case "already-held":
    case "already-asked":
    case "nobody-can-approve":
    case "too-many-open":
    case "faulty-form":
    case "busy":
    case "key-reused":
      return null;
  }
}

function form(verb: Verb, title: string, view: TaskView, texts: Texts, fields: readonly Field[]): Form {
  const voice: Voice = { directory: view.directory, texts };
  const number = strong(texts.requests.number(view.line.number));
  return {
    title,
    submit: texts.buttons[verb],
    close: texts.forms.close,
    purpose: { kind: "act", verb, task: view.task.id, face: view.task.face },
    fields: [
      { type: "text", id: "about", text: texts.forms.about(number, item(view.line, texts), person(view.line.beneficiary, voice)) },
      ...fields,
    ],
  };
}

function reason(label: string, hint: string): Field {
  return { type: "paragraph", id: ACT_FIELDS.reason, label, hint, required: true, initial: "", placeholder: null, most: LONGEST_TEXT };
}

function chosen(answers: Answers, id: string): readonly string[] {
  const answer = answers[id];
  if (typeof answer === "string") return answer === "" ? [] : [answer];
  return Array.isArray(answer) ? answer : [];
}

function words(answers: Answers, id: string): string {
  const answer = answers[id];
  return typeof answer === "string" ? answer : "";
}
