/** Buttons of cards, in messages and on home pages. */
import { commandOf } from "../../cards/act-forms.ts";
import { refusalText, strangerText } from "../../cards/answers.ts";
import type { Action, Text } from "../../cards/card.ts";
import { listCard } from "../../cards/home-card.ts";
import type { Verb } from "../../domain/commands.ts";
import type { PersonId } from "../../domain/people.ts";
import { openActForm, refuseStranger } from "./act-modal.ts";
import { FIRST_PAGES, readAction, readPages } from "./actions.ts";
import { openAskForm } from "./ask-modal.ts";
import { openCard } from "./card-modal.ts";
import type { Desk } from "./desk.ts";
import { whoIs } from "./desk.ts";
import type { Interaction } from "./envelope.ts";
import { seenAt } from "./envelope.ts";
import { pressOnLine, refuseStrangerOnLine } from "./line-modal.ts";
import { delivered, onceOfClick } from "./once.ts";
import { printMessage } from "./print.ts";
import type { Reply } from "./replies.ts";
import { reply } from "./replies.ts";
import { answered, privately, publishHome, respond, tellAt } from "./telling.ts";

/** `value` is what the button carried: never believed, only read. */
export async function press(desk: Desk, click: Interaction, value: unknown): Promise<Reply<never>> {
  const action = readAction(value);
  if (!action) return told(desk, click, [desk.texts.slack.unreadable]);
  const who = await whoIs(desk, click);
  if (!who.ok) {
    const seen = seenAt(click.place);
    if (action.kind === "act") await refuseStranger(desk, who, { ...action, seen, ...delivered(click) });
    if (action.kind === "act-on-line") await refuseStrangerOnLine(desk, who, { ...action, seen, ...delivered(click) });
    return told(desk, click, strangerText(who.stranger, desk.texts));
  }
  switch (action.kind) {
    case "act":
      return actsAtClick(action.verb) ? actNow(desk, click, who.person.id, action) : openForm(desk, click, who.person.id, action);
    case "ask": {
      const opening = {
        sender: { home: click.home, user: click.user },
        person: who.person.id,
        trigger: click.trigger,
        words: "",
        application: action.application,
        line: action.line ?? null,
        seen: seenAt(click.place),
      };
      return (await openAskForm(desk, opening)) ? reply<never>(undefined) : told(desk, click, [desk.texts.slack.notOpened]);
    }
    case "act-on-line":
      return pressOnLine(desk, click, who.person.id, action);
    case "show":
    case "show-request": {
      const instead = await openCard(desk, click, who.person.id, action);
      return instead ? told(desk, click, instead) : reply<never>(undefined);
    }
    case "page":
      return reply<never>(undefined, () => turnPage(desk, click, who.person.id, action));
  }
}

function told(desk: Desk, click: Interaction, said: Text): Reply<never> {
  return reply<never>(undefined, () => tellAt(desk, click, said));
}

/** Approve costs one click; what needs words opens a form. */
function actsAtClick(verb: Verb): boolean {
  switch (verb) {
    case "approve":
    case "claim":
    case "release":
    case "retry":
      return true;
    case "reject":
    case "confirm":
    case "report-error":
    case "cancel-order":
    case "reassign":
      return false;
  }
}

type ActAction = Extract<Action, { readonly kind: "act" }>;

/** Load, decide, commit; the acknowledgement and everything said come afterwards. */
async function actNow(desk: Desk, click: Interaction, person: PersonId, action: ActAction): Promise<Reply<never>> {
  const seen = seenAt(click.place);
  const { conversation, message } = seen ?? { conversation: "", message: "" };
  const once = onceOfClick({ ...click, conversation, message, action });
  const aim = { task: action.task, face: action.face };
  const result = await desk.operations.act({ actor: person, aim, command: commandOf(action.verb, {}), once, seen });
  // Whoever takes a colleague's claim away says why; one's own is let go of without a word.
  if (action.verb === "release" && !result.ok && result.refusal.name === "reason-missing") return openForm(desk, click, person, action);
  const onHome = click.place.kind === "home" ? click.place : null;
  return reply<never>(undefined, async () => {
    // The home page says what came of it; only a refusal needs words of its own there.
    if (onHome) await publishHome(desk, click, person, readPages(onHome.metadata));
    if (!result.ok) await tellAt(desk, click, refusalText(result.refusal, desk.texts));
    else if (!onHome) await tellAt(desk, click, await answered(desk, result.value));
  });
}

async function openForm(desk: Desk, click: Interaction, person: PersonId, action: ActAction): Promise<Reply<never>> {
  const instead = await openActForm(desk, click, person, action);
  return instead ? told(desk, click, instead) : reply<never>(undefined);
}

/** On the home page in place; in a list that a command answered with, that answer is replaced. A card that stands there stays, and the list comes beside it. */
async function turnPage(
  desk: Desk,
  click: Interaction,
  person: PersonId,
  action: Extract<Action, { readonly kind: "page" }>,
): Promise<void> {
  if (click.place.kind === "home") {
    return publishHome(desk, click, person, { ...readPages(click.place.metadata), [action.list]: action.page });
  }
  if (click.responseUrl === "") return;
  const view = await desk.operations.home(person, { ...FIRST_PAGES, [action.list]: action.page });
  const isAnswer = click.place.kind === "message" && click.place.isPrivate;
  await respond(desk, click.responseUrl, privately(printMessage(listCard(action.list, view, desk.texts), desk.texts.slack), isAnswer));
}
