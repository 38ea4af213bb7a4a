/** Forms of the acts that need words: opened from a card, sent, and answered where the card stands. */
import { actForm, commandOf, fieldOfRefusal } from "../../cards/act-forms.ts";
import { refusalText } from "../../cards/answers.ts";
import type { Action, Text } from "../../cards/card.ts";
import type { Form } from "../../cards/form.ts";
import { releaseForm } from "../../cards/steering-forms.ts";
import type { PersonId } from "../../domain/people.ts";
import type { Identity, Seen } from "../../operations/operations.ts";
import { FIRST_PAGES } from "./actions.ts";
import type { FormAnswer } from "./ask-modal.ts";
import type { Desk } from "./desk.ts";
import type { Interaction, ModalState, Sender } from "./envelope.ts";
import { seenAt } from "./envelope.ts";
import { errorsAt } from "./faults.ts";
import { answersOf } from "./fields.ts";
import { printForm } from "./modal.ts";
import { delivered, onceOfForm } from "./once.ts";
import type { Kept } from "./purposes.ts";
import { metadataOf } from "./purposes.ts";
import type { Reply } from "./replies.ts";
import { reply } from "./replies.ts";
import { answered, HOME, publishHome, quietly, tellBeside } from "./telling.ts";

type ActAction = Extract<Action, { readonly kind: "act" }>;

/** Opens the form with the task as it is now; answers with what is to be said instead, or null when the form is open. */
export async function openActForm(desk: Desk, click: Interaction, person: PersonId, action: ActAction): Promise<Text | null> {
  const { verb, task, face } = action;
  const seen = seenAt(click.place);
  // Said at the click instead of after the typing; the act decides again when the form is sent.
  const allowed = await desk.operations.mayAct({ actor: person, aim: { task, face }, verb, seen, ...delivered(click) });
  if (!allowed.ok) return refusalText(allowed.refusal, desk.texts);
  const form = verb === "release" ? releaseForm(allowed.value, desk.texts) : actForm(verb, allowed.value, desk.texts);
  return form ? openPrinted(desk, click, form) : refusalText({ name: "no-such-task", about: {} }, desk.texts);
}

/** null when Slack opened it; else what is to be said. */
export async function openPrinted(desk: Desk, click: Interaction, form: Form): Promise<Text | null> {
  const modal = printForm(form, metadataOf({ purpose: form.purpose, seen: seenAt(click.place) }), desk.texts.slack);
  const opened = await quietly(desk, "a form", () => desk.interactive.views.open({ trigger_id: click.trigger, view: modal }));
  return opened ? null : [desk.texts.slack.notOpened];
}

export type Nobody = Extract<Identity, { readonly ok: false }>;

/** Whoever may not use Latchkey now is refused as on any other ground, so that the attempt is written down; who is unknown leaves no name to write. */
export async function refuseStranger(
  desk: Desk,
  who: Nobody,
  { verb, task, face, ...more }: Pick<ActAction, "verb" | "task" | "face"> & { readonly seen: Seen | null; readonly delivery?: string },
): Promise<void> {
  const { seen, delivery } = more;
  if (who.stranger !== "not-active") return;
  await desk.operations.mayAct({ actor: who.known, aim: { task, face }, verb, seen, ...(delivery === undefined ? {} : { delivery }) });
}

type ActKept = Kept & { readonly purpose: { readonly kind: "act" } };

/** Commit comes before the answer to Slack. A refusal stands in the form, so that what was typed isn't lost. */
export async function sendActForm(
  desk: Desk,
  sender: Sender,
  person: PersonId,
  kept: ActKept,
  modal: ModalState,
): Promise<Reply<FormAnswer>> {
  const { verb, task, face } = kept.purpose;
  const command = commandOf(verb, answersOf(modal.values));
  const once = onceOfForm({ ...sender, view: modal.id, content: { task, face, command } });
  const result = await desk.operations.act({ actor: person, aim: { task, face }, command, once, seen: kept.seen });
  if (!result.ok) {
    const { refusal } = result;
    return reply<FormAnswer>(errorsAt(modal, [[fieldOfRefusal(verb, refusal), refusalText(refusal, desk.texts)]]) ?? undefined);
  }
  return reply<FormAnswer>({ response_action: "clear" }, async () => {
    if (kept.seen?.conversation === HOME) await publishHome(desk, sender, person, FIRST_PAGES);
    else await tellBeside(desk, sender, kept.seen, await answered(desk, result.value));
  });
}
