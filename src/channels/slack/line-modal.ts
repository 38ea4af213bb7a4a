/** Acts on a request as a whole: at the click, or through a form that asks for a reason. */
import { refusalText } from "../../cards/answers.ts";
import type { Action, Text } from "../../cards/card.ts";
import { fieldOfLineRefusal, lineCommandOf, lineForm } from "../../cards/steering-forms.ts";
import type { PersonId } from "../../domain/people.ts";
import { type Nobody, openPrinted } from "./act-modal.ts";
import { FIRST_PAGES, readPages } from "./actions.ts";
import type { FormAnswer } from "./ask-modal.ts";
import type { Desk } from "./desk.ts";
import type { Interaction, ModalState, Sender } from "./envelope.ts";
import { seenAt } from "./envelope.ts";
import { errorsAt } from "./faults.ts";
import { answersOf } from "./fields.ts";
import { delivered, onceOfForm, onceOfLineClick } from "./once.ts";
import type { Kept } from "./purposes.ts";
import type { Reply } from "./replies.ts";
import { reply } from "./replies.ts";
import { answered, HOME, publishHome, tellAt, tellBeside } from "./telling.ts";

type LineAction = Extract<Action, { readonly kind: "act-on-line" }>;

/** A reminder costs one click; what ends a request asks first. */
export async function pressOnLine(desk: Desk, click: Interaction, person: PersonId, action: LineAction): Promise<Reply<never>> {
  if (action.verb === "nudge") return nudgeNow(desk, click, person, action);
  const instead = await openLineForm(desk, click, person, action);
  return reply<never>(undefined, async () => {
    if (instead) await tellAt(desk, click, instead);
  });
}

async function nudgeNow(desk: Desk, click: Interaction, person: PersonId, { verb, line }: LineAction): Promise<Reply<never>> {
  const seen = seenAt(click.place);
  const { conversation, message } = seen ?? { conversation: "", message: "" };
  const once = onceOfLineClick({ ...click, conversation, message, verb, line });
  const result = await desk.operations.actOnLine({ actor: person, line, command: lineCommandOf(verb, {}), once, seen });
  const onHome = click.place.kind === "home" ? click.place : null;
  return reply<never>(undefined, async () => {
    if (onHome) await publishHome(desk, click, person, readPages(onHome.metadata));
    if (!result.ok) await tellAt(desk, click, refusalText(result.refusal, desk.texts));
    else if (!onHome) await tellAt(desk, click, await answered(desk, result.value));
  });
}

async function openLineForm(desk: Desk, click: Interaction, person: PersonId, { verb, line }: LineAction): Promise<Text | null> {
  const seen = seenAt(click.place);
  const allowed = await desk.operations.mayActOnLine({ actor: person, line, verb, seen, ...delivered(click) });
  if (!allowed.ok) return refusalText(allowed.refusal, desk.texts);
  const form = lineForm(verb, line, allowed.value, desk.texts);
  return form ? openPrinted(desk, click, form) : refusalText({ name: "no-such-task", about: {} }, desk.texts);
}

/** As for acts on tasks: whoever may not use Latchkey now is refused where it is written down. */
export async function refuseStrangerOnLine(
  desk: Desk,
  who: Nobody,
  { verb, line, seen, delivery }: Pick<LineAction, "verb" | "line"> & { readonly seen: Kept["seen"]; readonly delivery?: string },
): Promise<void> {
  if (who.stranger !== "not-active") return;
  await desk.operations.mayActOnLine({ actor: who.known, line, verb, seen, ...(delivery === undefined ? {} : { delivery }) });
}

type LineKept = Kept & { readonly purpose: { readonly kind: "act-on-line" } };

/** Commit comes before the answer to Slack. A refusal stands in the form, so that what was typed isn't lost. */
export async function sendLineForm(
  desk: Desk,
  sender: Sender,
  person: PersonId,
  { purpose, seen }: LineKept,
  modal: ModalState,
): Promise<Reply<FormAnswer>> {
  const { verb, line } = purpose;
  const command = lineCommandOf(verb, answersOf(modal.values));
  const once = onceOfForm({ ...sender, view: modal.id, content: { line, command } });
  const result = await desk.operations.actOnLine({ actor: person, line, command, once, seen });
  if (!result.ok) {
    const { refusal } = result;
    return reply<FormAnswer>(errorsAt(modal, [[fieldOfLineRefusal(refusal), refusalText(refusal, desk.texts)]]) ?? undefined);
  }
  return reply<FormAnswer>({ response_action: "clear" }, async () => {
    if (seen?.conversation === HOME) await publishHome(desk, sender, person, FIRST_PAGES);
    else await tellBeside(desk, sender, seen, await answered(desk, result.value));
  });
}
