/** The request form as it has to stand after what was filled in so far, and its printing: whole, or the page that somebody is on. */
import type { ModalView } from "@slack/types";
import { asksDate, chosenApplication, chosenBeneficiary, chosenEntitlements } from "../../cards/ask-answers.ts";
import { askForm } from "../../cards/ask-form.ts";
import type { Text } from "../../cards/card.ts";
import type { Answers, Form } from "../../cards/form.ts";
import { LIMITS_FIELD } from "../../cards/until-fields.ts";
import { ASK_FIELDS } from "../../domain/asking.ts";
import type { PersonId } from "../../domain/people.ts";
import type { AskView } from "../../domain/views.ts";
import type { FilledIn, Seen, UnsentPage } from "../../operations/operations.ts";
import { pagesOf, printPage, withMarks } from "./ask-pages.ts";
import type { Desk } from "./desk.ts";
import type { ModalState, Sender } from "./envelope.ts";
import { answersOf, digestOf, longValue } from "./fields.ts";
import { isOwnToApplication } from "./inputs.ts";
import { printForm } from "./modal.ts";
import type { Kept } from "./purposes.ts";
import { metadataOf } from "./purposes.ts";
import { inPlain } from "./rich.ts";

export type AskKept = Kept & { readonly purpose: { readonly kind: "ask" } };

/** A request form as it came: who sent it, and what it is. */
export interface Came {
  readonly sender: Sender;
  readonly person: PersonId;
  readonly kept: AskKept;
  readonly modal: ModalState;
}

export interface Drawn {
  readonly view: AskView;
  readonly form: Form;
  /** Values too long for Slack's options, in full again. */
  readonly answers: Answers;
}

export async function formNow(desk: Desk, { person, kept }: Pick<Came, "person" | "kept">, answers: Answers): Promise<Drawn> {
  const view = await desk.operations.askView(person, {
    words: kept.purpose.words,
    application: chosenApplication(answers),
    entitlements: chosenEntitlements(answers) ?? [],
    asksDate: asksDate(answers),
    beneficiary: chosenBeneficiary(answers) ?? kept.purpose.beneficiary,
    shown: kept.purpose.application,
  });
  const moved = (view.chosen?.application.id ?? null) !== kept.purpose.application;
  const own = moved ? withoutOwnFields(answers) : answers;
  const form = askForm(view, desk.texts, own);
  const full = inFull(own, form);
  return { view, form: full === own ? form : askForm(view, desk.texts, full), answers: full };
}

/** Another application's questions are other questions, even under the same id. */
function withoutOwnFields(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([field]) => !isOwnToApplication(field)));
}

/** The same object where nothing in it is a digest. */
function inFull(answers: Answers, form: Form): Answers {
  const isDigest = (value: unknown) => typeof value === "string" && value.startsWith("~");
  if (!Object.values(answers).some((answer) => isDigest(answer) || (Array.isArray(answer) && answer.some(isDigest)))) return answers;
  const offered = new Map(form.fields.map((field) => [field.id, "choices" in field ? field.choices.map(({ value }) => value) : []]));
  const full = (field: string, value: string) => longValue(value, offered.get(field) ?? []);
  return Object.fromEntries(
    Object.entries(answers).map(([field, answer]) => {
      if (typeof answer === "string") return [field, full(field, answer)];
      return [field, typeof answer === "boolean" || answer === null ? answer : answer.map((one) => full(field, one))];
    }),
  );
}

/** Digest of what the form says about items that end earlier than chosen; null: it says nothing. */
export function limitsIn(form: Form): string | null {
  const said = form.fields.find(({ id }) => id === LIMITS_FIELD);
  return said && "text" in said && typeof said.text !== "string" ? digestOf([inPlain(said.text)]) : null;
}

/** Everything that is kept of the form with this page's answers in it; null: nothing is kept (any more). */
export function keptWith(desk: Desk, came: Came, answers: FilledIn): Promise<FilledIn | null> {
  const page = unsentPage(came, came.kept.purpose.application, answers);
  return page ? desk.operations.continueUnsent(page) : Promise.resolve(null);
}

/** The page as it is kept; null: no application is chosen, so there are no questions yet. */
export function unsentPage({ sender, person, modal }: Came, application: string | null, answers: FilledIn): UnsentPage | null {
  if (application === null) return null;
  return { login: { platform: "slack", ...sender }, person, view: modal.id, application, answers };
}

/** What stands on the page and on all others; on a later page nothing else is in the modal. `gone`: the others are kept no more. */
export async function allAnswers(
  desk: Desk,
  came: Came,
): Promise<{ readonly answers: Answers; readonly gone: boolean; readonly pages: boolean }> {
  const { kept, modal } = came;
  const state = answersOf(modal.values);
  if (kept.page === undefined) return { answers: state, gone: false, pages: false };
  const { application, beneficiary } = kept.purpose;
  const isElsewhere = kept.page === 0 && chosenApplication(state) !== application;
  const all = isElsewhere ? null : await keptWith(desk, came, state);
  if (all) return { answers: all, gone: false, pages: true };
  if (kept.page === 0) return { answers: state, gone: false, pages: !isElsewhere };
  // What stands on this page is still worth something, under the application and the person that the form was for.
  const rest = {
    [ASK_FIELDS.application]: application,
    ...(beneficiary === null ? {} : { [ASK_FIELDS.beneficiary]: beneficiary }),
    ...state,
  };
  const page = unsentPage(came, application, rest);
  return { answers: page ? await desk.operations.beginUnsent(page) : rest, gone: true, pages: true };
}

export interface Sheet {
  readonly seen: Seen | null;
  readonly page: number;
  /** What the first page said about limits when it was last seen; left out on the first page, which says it now. */
  readonly limits?: string | undefined;
  /** In pages even where all of it would fit. */
  readonly pages?: boolean;
  readonly said?: Text;
  readonly faults?: ReadonlyMap<string, string>;
}

/** Pages of the form, one where it fits into a modal. */
export function pagesIn(desk: Desk, form: Form, { seen, pages = false }: Pick<Sheet, "seen" | "pages">): readonly Form[] {
  return pagesOf(form, metadataOf({ purpose: form.purpose, seen }), desk.texts.slack, pages);
}

/** One page of the form, the last one where there are fewer; all of it where it fits. */
export function printed(desk: Desk, form: Form, sheet: Sheet): ModalView {
  const { slack } = desk.texts;
  const pages = pagesIn(desk, form, sheet);
  const page = Math.min(sheet.page, pages.length - 1);
  const limits = page === 0 ? (limitsIn(form) ?? undefined) : sheet.limits;
  const kept = { purpose: form.purpose, seen: sheet.seen, ...(limits === undefined ? {} : { limits }) };
  const shown = pages[page];
  const marked = withMarks(shown ?? form, sheet, slack);
  const one = pages.length > 1 ? printPage(marked, page, pages.length, metadataOf({ ...kept, page }), slack) : null;
  return one ?? printForm(marked, metadataOf(pages.length > 1 ? { ...kept, page } : kept), slack);
}
