/** Slash commands, and what is typed in the direct message. */
import { strangerText } from "../../cards/answers.ts";
import type { HomeList } from "../../cards/card.ts";
import { listCard } from "../../cards/home-card.ts";
import { helpCard } from "../../cards/notices.ts";
import { FIRST_PAGES } from "./actions.ts";
import { openAskForm } from "./ask-modal.ts";
import type { Desk } from "./desk.ts";
import { whoIs } from "./desk.ts";
import type { Sender } from "./envelope.ts";
import { printMessage } from "./print.ts";
import type { Reply } from "./replies.ts";
import { reply } from "./replies.ts";
import type { Private } from "./telling.ts";
import { cardAnswer, quietly, sentence } from "./telling.ts";

export interface Typed extends Sender {
  /** `/access`, as Slack names it. */
  readonly command: string;
  /** What stands after it, as it was typed. */
  readonly words: string;
  readonly conversation: string;
  readonly trigger: string;
}

/** The command's answer, for this person alone. */
export async function runCommand(desk: Desk, it: Typed): Promise<Reply<Private>> {
  const who = await whoIs(desk, it);
  if (!who.ok) return reply(sentence(desk, strangerText(who.stranger, desk.texts)));
  if (it.command === "/request-access") {
    const seen = { platform: "slack", conversation: it.conversation, message: "command" };
    const opened = await openAskForm(desk, { person: who.person.id, trigger: it.trigger, words: it.words.trim(), application: null, seen });
    return reply(opened ? undefined : sentence(desk, [desk.texts.slack.notOpened]));
  }
  const list = listNamed(it.words);
  if (list === null) return reply(cardAnswer(desk, helpCard(desk.texts)));
  return reply(cardAnswer(desk, listCard(list, await desk.operations.home(who.person.id, FIRST_PAGES), desk.texts)));
}

function listNamed(words: string): HomeList | null {
  switch (words.trim().toLowerCase()) {
    case "tasks":
      return "tasks";
    case "requests":
      return "requests";
    case "mine":
      return "access";
    default:
      return null;
  }
}

/** Somebody wrote to the app: told how it is used. Typed commands come with a later issue. */
export async function answerMessage(desk: Desk, sender: Sender, conversation: string): Promise<void> {
  const who = await whoIs(desk, sender);
  const { text, blocks } = who.ok
    ? printMessage(helpCard(desk.texts), desk.texts.slack)
    : sentence(desk, strangerText(who.stranger, desk.texts));
  await quietly(desk, "an answer", () =>
    desk.interactive.chat.postMessage({
      channel: conversation,
      text,
      blocks: [...blocks],
      parse: "none",
      link_names: false,
      mrkdwn: false,
    }),
  );
}
