/** The request form: opened, drawn anew while it is filled in, turned from page to page where it has several, and sent. */
import type { ModalView } from "@slack/types";
import { answerText, fieldFaultText, refusalText } from "../../cards/answers.ts";
import { answersOfLine, chosenApplication, chosenBeneficiary, chosenEntitlements, submissionOf } from "../../cards/ask-answers.ts";
import { askForm } from "../../cards/ask-form.ts";
import type { Text } from "../../cards/card.ts";
import type { Answers, Form } from "../../cards/form.ts";
import type { Submission } from "../../domain/asking.ts";
import { ASK_FIELDS } from "../../domain/asking.ts";
import type { PersonId } from "../../domain/people.ts";
import type { Refusal } from "../../domain/refusals.ts";
import type { AskView } from "../../domain/views.ts";
import type { Seen } from "../../operations/operations.ts";
import type { AskKept, Came, Drawn, Sheet } from "./ask-drawing.ts";
import { allAnswers, formNow, limitsIn, pagesIn, printed, unsentPage } from "./ask-drawing.ts";
import { pageOf, reachesBeyond } from "./ask-pages.ts";
import type { Desk } from "./desk.ts";
import type { ModalState, Sender } from "./envelope.ts";
import { text } from "./envelope.ts";
import type { Errors } from "./faults.ts";
import { errorsAt } from "./faults.ts";
import { delivered, onceOfForm } from "./once.ts";
import { opened, redraw, turned } from "./redraws.ts";
import type { Reply } from "./replies.ts";
import { reply } from "./replies.ts";
import { inPlain } from "./rich.ts";
import { quietly, tellBeside } from "./telling.ts";

/** What a view_submission may be answered with. */
export type FormAnswer = Errors | { readonly response_action: "update"; readonly view: ModalView } | { readonly response_action: "clear" };

export interface AskOpening {
  readonly sender: Sender;
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
export async function openAskForm(desk: Desk, opening: AskOpening): Promise<boolean> {
  const { person, trigger, words, application, line = null, seen } = opening;
  const asked = await desk.operations.askView(person, { words, application, entitlements: [], asksDate: false, line });
  const form = askForm(asked, desk.texts);
  const view = printed(desk, form, { seen, page: 0 });
  return quietly(desk, "the request form", async () => {
    const answer = await desk.interactive.views.open({ trigger_id: trigger, view });
    opened(desk, answer, view);
    if (asked.again && pagesIn(desk, form, { seen }).length > 1) await keepEarlier(desk, opening, asked, text(answer, "view", "id"));
  });
}

/** What was answered the last time stands on the later pages too. */
async function keepEarlier(desk: Desk, { sender, person }: AskOpening, { again, chosen }: AskView, view: string): Promise<void> {
  if (!again || !chosen || view === "") return;
  const application = chosen.application.id;
  await desk.operations.beginUnsent({ login: { platform: "slack", ...sender }, person, view, application, answers: answersOfLine(again) });
}

/** After a choice that changes what else is asked, all of which stand on the first page; `at`: when it was made. Ends when the newest state is drawn. */
export async function redrawAskForm(desk: Desk, came: Came, at: number): Promise<void> {
  if ((came.kept.page ?? 0) > 0) return;
  const draw = async (modal: ModalState) => {
    const now = { ...came, modal };
    const { answers, pages } = await allAnswers(desk, now);
    const drawn = await formNow(desk, now, answers);
    return firstPage(desk, now, drawn, pages);
  };
  await redraw(desk, { modal: came.modal, at, draw });
}

/** The first page, or all of it; a form that has become too big for one modal keeps what stood in it. */
async function firstPage(desk: Desk, came: Came, { view, form, answers }: Drawn, pages: boolean, said?: Text): Promise<ModalView> {
  const sheet = { seen: came.kept.seen, page: 0, pages, ...(said ? { said } : {}) };
  const [first] = pagesIn(desk, form, sheet);
  if (first && first !== form && reachesBeyond(first, came.modal.inputs.keys())) {
    const page = unsentPage(came, view.chosen?.application.id ?? null, answers);
    if (page) await desk.operations.beginUnsent(page);
  }
  return printed(desk, form, sheet);
}

/** Commit comes before the answer to Slack; a refusal stands at its field, and nothing typed is lost. */
export async function sendAskForm(desk: Desk, came: Came): Promise<Reply<FormAnswer>> {
  const { kept, modal } = came;
  const held = await allAnswers(desk, came);
  if (chosenApplication(held.answers) === null)
    return reply(marked(modal, [[ASK_FIELDS.application, [fieldFaultText({ name: "missing", about: {} }, desk.texts)]]]));
  const drawn = await formNow(desk, came, held.answers);
  const { view, form } = drawn;
  if (held.gone) return turnedTo(desk, modal, await firstPage(desk, came, drawn, true, [desk.texts.slack.pagesGone]));
  // Sent before the questions of the chosen application were shown: now they are.
  const isShown = view.chosen?.application.id === kept.purpose.application;
  // The same with a time that is cut short: nobody sends "as long as I need it" and gets 30 days unread.
  const limits = limitsIn(form);
  const isSaid = limits === null || limits === kept.limits;
  if (view.chosen && !(isShown && isSaid)) return turnedTo(desk, modal, await firstPage(desk, came, drawn, held.pages));

  const pages = view.chosen && kept.page !== undefined ? pagesIn(desk, form, { seen: kept.seen, pages: held.pages }) : [form];
  const page = kept.page ?? 0;
  return page < pages.length - 1 ? nextPage(desk, came, drawn, pages, page) : sendWhole(desk, came, drawn, pages);
}

function turnedTo(desk: Desk, modal: ModalState, view: ModalView): Reply<FormAnswer> {
  turned(desk, modal.id);
  return reply<FormAnswer>({ response_action: "update", view });
}

/** What is wrong on this page is said on it; what is missing on later ones isn't wrong yet. */
async function nextPage(desk: Desk, came: Came, drawn: Drawn, pages: readonly Form[], page: number): Promise<Reply<FormAnswer>> {
  const { kept, modal, person } = came;
  const asked = askedIn(came, drawn);
  const allowed = await desk.operations.mayAsk({ actor: person, ...asked, ...delivered(came.sender) });
  const faults = allowed.ok ? [] : faultsOf(desk, allowed.refusal).filter(([field]) => field === null || pageOf(pages, field) === page);
  if (faults.length > 0) return reply(marked(modal, faults));
  const unsent = unsentPage(came, asked.application, drawn.answers);
  if (unsent && page === 0) {
    const all = await desk.operations.beginUnsent(unsent);
    // What was filled in under this application before another one was looked at is there again.
    const { form } = await formNow(desk, came, all);
    return turnedTo(desk, modal, printed(desk, form, { seen: kept.seen, page: 1, limits: kept.limits, pages: true }));
  }
  return turnedTo(desk, modal, printed(desk, drawn.form, { seen: kept.seen, page: page + 1, limits: kept.limits, pages: true }));
}

async function sendWhole(desk: Desk, came: Came, drawn: Drawn, pages: readonly Form[]): Promise<Reply<FormAnswer>> {
  const { sender, person, kept, modal } = came;
  const content = askedIn(came, drawn);
  const once = onceOfForm({ ...sender, view: modal.id, content });
  const result = await desk.operations.ask({ actor: person, ...content, once });
  if (!result.ok) return refused(desk, came, drawn, pages, result.refusal);
  return reply<FormAnswer>({ response_action: "clear" }, () => tellBeside(desk, sender, kept.seen, answerText(result.value, desk.texts)));
}

/** At its field where that stands before the person, else the page on which it stands is opened. */
function refused(desk: Desk, { kept, modal }: Came, { form }: Drawn, pages: readonly Form[], refusal: Refusal): Reply<FormAnswer> {
  const faults = faultsOf(desk, refusal);
  const shown = kept.page ?? 0;
  // Nothing is asked any more once somebody has it all: then what was the last page stands nowhere in the form.
  const here = faults.filter(([field]) => field === null || pageOf(pages, field) === shown);
  if (here.length > 0) return reply(marked(modal, here));
  const page = Math.min(...faults.map(([field]) => pageOf(pages, field ?? "")));
  const marks = new Map(faults.flatMap(([field, said]) => (field === null ? [] : [[field, inPlain(said)] as const])));
  const sheet: Sheet = { seen: kept.seen, page, limits: kept.limits, pages: true, said: [desk.texts.slack.lookAgain], faults: marks };
  return turnedTo(desk, modal, printed(desk, form, sheet));
}

/** Back to the page before, with everything that stands on this one kept as it is, right or not. */
export async function turnBack(desk: Desk, came: Came): Promise<void> {
  const { kept, modal } = came;
  if ((kept.page ?? 0) === 0) return;
  const { answers, gone } = await allAnswers(desk, came);
  const drawn = await formNow(desk, came, answers);
  const page = (kept.page ?? 0) - 1;
  const view = gone
    ? await firstPage(desk, came, drawn, true, [desk.texts.slack.pagesGone])
    : printed(desk, drawn.form, { seen: kept.seen, page, limits: kept.limits, pages: true });
  await quietly(desk, "the page before", async () => opened(desk, await desk.interactive.views.update({ view_id: modal.id, view }), view));
}

function askedIn({ person, kept }: { readonly person: PersonId; readonly kept: AskKept }, { view, answers }: Drawn): Asked {
  return {
    application: chosenApplication(answers) ?? "",
    beneficiary: chosenBeneficiary(answers) ?? kept.purpose.beneficiary ?? person,
    submission: view.chosen ? submissionOf(answers, view.chosen.application) : bare(answers),
  };
}

interface Asked {
  readonly application: string;
  readonly beneficiary: PersonId;
  readonly submission: Submission;
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

function faultsOf(desk: Desk, refusal: Refusal): readonly (readonly [string | null, Text])[] {
  const fields = Object.entries(refusal.fields ?? {});
  if (fields.length === 0) return [[null, refusalText(refusal, desk.texts)]];
  return fields.map(([field, fault]) => [field, [fieldFaultText(fault, desk.texts)]] as const);
}

function marked(modal: ModalState, faults: readonly (readonly [string | null, Text])[]): FormAnswer | undefined {
  return errorsAt(modal, faults, ASK_FIELDS.application) ?? undefined;
}
