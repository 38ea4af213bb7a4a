/** Telling one person something, where they are: beside the card, in a modal, on their home page. Nobody else sees it. */
import type { KnownBlock } from "@slack/types";
import { answerText } from "../../cards/answers.ts";
import type { Card, Text } from "../../cards/card.ts";
import { homeCard } from "../../cards/home-card.ts";
import type { Answer, Seen } from "../../operations/operations.ts";
import type { Pages } from "./actions.ts";
import { pagesText } from "./actions.ts";
import { nameOf } from "./client.ts";
import type { Desk } from "./desk.ts";
import type { Interaction, Sender } from "./envelope.ts";
import { LIMIT } from "./limits.ts";
import { printNotice } from "./modal.ts";
import type { PrintedMessage } from "./print.ts";
import { printHome, printMessage, printSentence } from "./print.ts";

/** A message for one person alone, as a slash command's answer or at a response_url. */
export interface Private {
  readonly response_type: "ephemeral";
  readonly replace_original: boolean;
  readonly text: string;
  readonly blocks: KnownBlock[];
}

export function privately(printed: PrintedMessage, replace = false): Private {
  return { response_type: "ephemeral", replace_original: replace, text: printed.text, blocks: [...printed.blocks] };
}

export function sentence(desk: Desk, said: Text): Private {
  return privately(printSentence(said, desk.texts.slack));
}

export function cardAnswer(desk: Desk, card: Card): Private {
  return privately(printMessage(card, desk.texts.slack));
}

/** Where a click came from a message: beside it. Else, as a modal over what the person sees. A failure is logged and no more: cards tell it too. */
export async function tellAt(desk: Desk, where: Interaction, said: Text): Promise<void> {
  if (where.responseUrl !== "") return respond(desk, where.responseUrl, sentence(desk, said));
  await quietly(desk, "a notice", () =>
    desk.interactive.views.open({ trigger_id: where.trigger, view: printNotice(desk.texts.slack.notice, said, desk.texts.slack) }),
  );
}

/** After a form was sent: in the conversation in which it was opened. */
export async function tellBeside(desk: Desk, sender: Sender, seen: Seen | null, said: Text): Promise<void> {
  if (seen === null || seen.conversation === HOME) return;
  const { text, blocks } = sentence(desk, said);
  await quietly(desk, "an answer", () =>
    desk.interactive.chat.postEphemeral({ channel: seen.conversation, user: sender.user, text, blocks, parse: "none", link_names: false }),
  );
}

const MOST_NAMES = 3;

/** What came of an act, in words: `to` holds ids, which are people's names here. */
export async function answered({ operations, texts }: Desk, answer: Answer): Promise<Text> {
  const ids = (answer.about.to ?? "").split(",").filter((id) => id !== "");
  if (ids.length === 0) return answerText(answer, texts);
  const shown = ids.length > MOST_NAMES + 1 ? ids.slice(0, MOST_NAMES) : ids;
  const people = await operations.named(shown.map((words) => ({ words })));
  const names = people.map((person) => person?.name ?? texts.somebody);
  const missing = ids.length - shown.length;
  const to = texts.and([...names, ...(missing > 0 ? [texts.others(missing)] : [])]).join("");
  return answerText({ ...answer, about: { ...answer.about, to } }, texts);
}

/** Where a card stood that was no message. */
export const HOME = "home";

/** Slack itself made the address and signed it; it is a secret for half an hour, so it is never logged. */
export async function respond(desk: Desk, responseUrl: string, message: Private): Promise<void> {
  await quietly(desk, "an answer", async () => {
    const response = await fetch(responseUrl, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(message),
      redirect: "error",
      signal: AbortSignal.timeout(LIMIT.answerMs),
    });
    await response.body?.cancel();
    if (!response.ok) throw Object.assign(new Error("response_url"), { code: `http_${response.status}` });
  });
}

export async function publishHome(desk: Desk, sender: Sender, person: string, pages: Pages): Promise<void> {
  const view = await desk.operations.home(person, pages);
  await publishCard(desk, sender, homeCard(view, desk.texts), pages);
}

export async function publishCard(desk: Desk, { user }: Sender, card: Card, pages: Pages): Promise<void> {
  await quietly(desk, "a home page", () =>
    desk.interactive.views.publish({ user_id: user, view: printHome(card, desk.texts.slack, pagesText(pages)) }),
  );
}

/** Runs a call whose failure changes nothing that counts; true when it went well. */
export async function quietly(desk: Desk, what: string, call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    // A trigger opens one window: the same click, delivered before, has opened this one.
    if (nameOf(error) === "exchanged_trigger_id") return true;
    desk.log.warn({ why: nameOf(error) }, `${what} did not reach Slack`);
    return false;
  }
}
