/** The request form: opened, drawn anew while it is filled in, searched, and sent. */
import type { ModalView } from "@slack/types";
import { answerText, fieldFaultText, refusalText } from "../../cards/answers.ts";
import { asksDate, chosenApplication, chosenBeneficiary, chosenEntitlements, submissionOf } from "../../cards/ask-answers.ts";
import { askForm } from "../../cards/ask-form.ts";
import type { Text } from "../../cards/card.ts";
import type { Answers, Form } from "../../cards/form.ts";
import { LIMITS_FIELD } from "../../cards/until-fields.ts";
import type { Submission } from "../../domain/asking.ts";
import { ASK_FIELDS } from "../../domain/asking.ts";
import type { PersonId } from "../../domain/people.ts";
import type { Refusal } from "../../domain/refusals.ts";
import type { AskView } from "../../domain/views.ts";
import type { Seen } from "../../operations/operations.ts";
import type { Desk } from "./desk.ts";
import type { ModalState, Sender } from "./envelope.ts";
import type { Errors } from "./faults.ts";
import { errorsAt } from "./faults.ts";
import { answersOf, digestOf, longValue } from "./fields.ts";
import { isOwnToApplication, printForm } from "./modal.ts";
import { onceOfForm } from "./once.ts";
import type { Kept } from "./purposes.ts";
import { metadataOf } from "./purposes.ts";
import { opened, redraw } from "./redraws.ts";
import type { Reply } from "./replies.ts";
import { reply } from "./replies.ts";
import { inPlain } from "./rich.ts";
import { quietly, tellBeside } from "./telling.ts";

/** What a view_submission may be answered with. */
export type FormAnswer = Errors | { readonly response_action: "update"; readonly view: ModalView } | { readonly response_action: "clear" };

export interface AskOpening {
  readonly person: PersonId;
  readonly trigger: string;
  readonly words: string;
  readonly application: string | null;
  /** A line that is asked for again; left out: none. */
  readonly line?: string | null;
  /** Where it was asked for, so that the answer can be given there. */
  readonly seen: Seen | null;
}

/** True when Slack opened it. */
export async function openAskForm(desk: Desk, { person, trigger, words, application, line = null, seen }: AskOpening): Promise<boolean> {
  const asked = await desk.operations.askView(person, { words, application, entitlements: [], asksDate: false, line });
  const view = printed(desk, askForm(asked, desk.texts), seen);
  return quietly(desk, "the request form", async () =>
    opened(desk, await desk.interactive.views.open({ trigger_id: trigger, view }), view),
  );
}

function printed(desk: Desk, form: Form, seen: Seen | null): ModalView {
  const limits = limitsIn(form);
  return printForm(form, metadataOf({ purpose: form.purpose, seen, ...(limits === null ? {} : { limits }) }), desk.texts.slack);
}

/** Digest of what the form says about items that end earlier than chosen; null: it says nothing. */
function limitsIn(form: Form): string | null {
  const said = form.fields.find(({ id }) => id === LIMITS_FIELD);
  return said && "text" in said && typeof said.text !== "string" ? digestOf([inPlain(said.text)]) : null;
}

type AskKept = Kept & { readonly purpose: { readonly kind: "ask" } };

/** The form as it has to stand after what was filled in so far. */
async function formNow(
  desk: Desk,
  person: PersonId,
  kept: AskKept,
  answers: Answers,
): Promise<{ readonly view: AskView; readonly form: Form }> {
  const view = await desk.operations.askView(person, {
    words: kept.purpose.words,
    application: chosenApplication(answers),
    entitlements: chosenEntitlements(answers) ?? [],
    asksDate: asksDate(answers),
    beneficiary: chosenBeneficiary(answers) ?? kept.purpose.beneficiary,
    shown: kept.purpose.application,
  });
  const moved = (view.chosen?.application.id ?? null) !== kept.purpose.application;
  return { view, form: askForm(view, desk.texts, moved ? withoutOwnFields(answers) : answers) };
}

/** Another application's questions are other questions, even under the same id. */
function withoutOwnFields(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([field]) => !isOwnToApplication(field)));
}

/** After a choice that changes what else is asked; `at`: when it was made. Ends when the newest state is drawn. */
export async function redrawAskForm(desk: Desk, person: PersonId, kept: AskKept, modal: ModalState, at: number): Promise<void> {
  const draw = async ({ values }: ModalState) => printed(desk, (await formNow(desk, person, kept, answersOf(values))).form, kept.seen);
  await redraw(desk, { modal, at, draw });
}

/** Commit comes before the answer to Slack; a refusal stands at its field, and nothing typed is lost. */
export async function sendAskForm(
  desk: Desk,
  sender: Sender,
  person: PersonId,
  kept: AskKept,
  modal: ModalState,
): Promise<Reply<FormAnswer>> {
  const answers = answersOf(modal.values);
  const application = chosenApplication(answers);
  if (application === null)
    return reply(marked(modal, [[ASK_FIELDS.application, [fieldFaultText({ name: "missing", about: {} }, desk.texts)]]]));
  const { view, form } = await formNow(desk, person, kept, answers);
  // Sent before the questions of the chosen application were shown: now they are.
  const isShown = view.chosen?.application.id === kept.purpose.application;
  // The same with a time that is cut short: nobody sends "as long as I need it" and gets 30 days unread.
  const limits = limitsIn(form);
  const isSaid = limits === null || limits === kept.limits;
  if (view.chosen && !(isShown && isSaid)) return reply({ response_action: "update", view: printed(desk, form, kept.seen) });

  const submission = view.chosen ? submissionOf(inFull(answers, form), view.chosen.application) : bare(answers);
  const beneficiary = chosenBeneficiary(answers) ?? kept.purpose.beneficiary ?? person;
  const content = { application, beneficiary, submission };
  const once = onceOfForm({ team: sender.home, user: sender.user, view: modal.id, content });
  const result = await desk.operations.ask({ actor: person, beneficiary, application, submission, once });
  if (!result.ok) return reply(marked(modal, faultsOf(desk, result.refusal)));
  return reply<FormAnswer>({ response_action: "clear" }, () => tellBeside(desk, sender, kept.seen, answerText(result.value, desk.texts)));
}

/** What can be said without knowing the application; the operation refuses it by name. */
function bare(answers: Answers): Submission {
  return {
    entitlements: chosenEntitlements(answers) ?? [],
    justification: String(answers[ASK_FIELDS.justification] ?? ""),
    until: null,
    values: {},
  };
}

/** Values too long for Slack's options, in full again. */
function inFull(answers: Answers, form: Form): Answers {
  const offered = new Map(form.fields.map((field) => [field.id, "choices" in field ? field.choices.map(({ value }) => value) : []]));
  const full = (field: string, value: string) => longValue(value, offered.get(field) ?? []);
  return Object.fromEntries(
    Object.entries(answers).map(([field, answer]) => {
      if (typeof answer === "string") return [field, full(field, answer)];
      return [field, typeof answer === "boolean" || answer === null ? answer : answer.map((one) => full(field, one))];
    }),
  );
}

function faultsOf(desk: Desk, refusal: Refusal): readonly (readonly [string | null, Text])[] {
  const fields = Object.entries(refusal.fields ?? {});
  if (fields.length === 0) return [[null, refusalText(refusal, desk.texts)]];
  return fields.map(([field, fault]) => [field, [fieldFaultText(fault, desk.texts)]] as const);
}

function marked(modal: ModalState, faults: readonly (readonly [string | null, Text])[]): FormAnswer | undefined {
  return errorsAt(modal, faults, ASK_FIELDS.application) ?? undefined;
}
