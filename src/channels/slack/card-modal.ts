/** Everything of a card over what the person sees, for lists and cards that have no room for it; in pages. It carries no buttons but those that turn them. */
import type { KnownBlock, ModalView } from "@slack/types";
import { refusalText } from "../../cards/answers.ts";
import type { Action, Button, Card, Text } from "../../cards/card.ts";
import { wholeRequestCard, wholeTaskCard } from "../../cards/whole-card.ts";
import type { PersonId } from "../../domain/people.ts";
import type { Result } from "../../domain/refusals.ts";
import type { Texts } from "../../texts/texts.ts";
import type { Desk } from "./desk.ts";
import type { Interaction } from "./envelope.ts";
import { LIMIT } from "./limits.ts";
import { buttonsOf, context } from "./print-block.ts";
import { plainText } from "./rich.ts";
import { quietly } from "./telling.ts";
import { pagesOf } from "./whole.ts";

export type ShowAction = Extract<Action, { readonly kind: "show" | "show-request" }>;

interface Whole {
  readonly number: number;
  readonly card: Card;
}

/** Answers with what is to be said instead, or null when it is shown. Only whom the request concerns sees it, each page anew. */
export async function openCard(desk: Desk, click: Interaction, person: PersonId, action: ShowAction): Promise<Text | null> {
  const found = action.kind === "show" ? await wholeTask(desk, person, action.task) : await wholeRequest(desk, person, action.number);
  if (!found.ok) return refusalText(found.refusal, desk.texts);
  const view = wholeView(found.value, action, desk.texts);
  const { place } = click;
  const shown = await quietly(desk, "a card", () =>
    place.kind === "modal"
      ? desk.interactive.views.update({ view_id: place.view.id, view })
      : desk.interactive.views.open({ trigger_id: click.trigger, view }),
  );
  return shown ? null : [desk.texts.slack.notOpened];
}

async function wholeTask({ operations, texts }: Desk, person: PersonId, task: string): Promise<Result<Whole>> {
  const view = await operations.task(task, person);
  if (!view) return { ok: false, refusal: { name: "no-such-task", about: {} } };
  const allowed = await operations.status(person, view.line.number);
  return allowed.ok ? { ok: true, value: { number: view.line.number, card: wholeTaskCard(view, texts) } } : allowed;
}

async function wholeRequest({ operations, texts }: Desk, person: PersonId, number: number): Promise<Result<Whole>> {
  const found = await operations.status(person, number);
  return found.ok ? { ok: true, value: { number, card: wholeRequestCard(found.value, texts) } } : found;
}

/** A page that isn't there any more is the last one. */
export function wholeView({ number, card }: Whole, action: ShowAction, texts: Texts): ModalView {
  const pages = pagesOf(card, texts.slack);
  const at = Math.min(action.page ?? 0, pages.length - 1);
  const turn = (label: string, page: number): Button => ({
    label,
    tone: "plain",
    action: { ...action, page },
    spoken: texts.buttons.spokenPage(label, texts.requests.number(number)),
  });
  const turning = [
    ...(at > 0 ? [turn(texts.buttons.earlier, at - 1)] : []),
    ...(at < pages.length - 1 ? [turn(texts.buttons.later, at + 1)] : []),
  ];
  const counted: readonly KnownBlock[] = [context([texts.slack.page(at + 1, pages.length)], "page", texts.slack)];
  return {
    type: "modal",
    callback_id: "card",
    title: plainText(texts.requests.number(number), LIMIT.modalWord),
    close: plainText(texts.slack.close, LIMIT.modalWord),
    blocks: [...(pages[at] ?? []), ...(pages.length > 1 ? [...counted, ...buttonsOf(turning, "turn")] : [])],
  };
}
