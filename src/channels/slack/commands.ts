/** Slash commands, and what is typed in the direct message. */
import { strangerText } from "../../cards/answers.ts";
import { openAskForm } from "./ask-modal.ts";
import type { Desk } from "./desk.ts";
import { whoIs } from "./desk.ts";
import type { Sender } from "./envelope.ts";
import { typed } from "./envelope.ts";
import { delivered, onceOfTyped } from "./once.ts";
import type { PrintedMessage } from "./print.ts";
import { printMessage, printSentence } from "./print.ts";
import type { Reply } from "./replies.ts";
import { reply } from "./replies.ts";
import type { Private } from "./telling.ts";
import { privately, quietly, sentence } from "./telling.ts";
import { carryOut, refuseTyped, type Spoken, type Writing } from "./typed.ts";

export interface Typed extends Sender {
  /** `/access`, as Slack names it. */
  readonly command: string;
  /** What stands after it, as Slack sends it. */
  readonly text: string;
  readonly conversation: string;
  readonly trigger: string;
}

/** The command's answer, for this person alone. */
export async function runCommand(desk: Desk, it: Typed): Promise<Reply<Private>> {
  const seen = { platform: "slack", conversation: it.conversation, message: "command" };
  if (it.command === "/request-access") {
    const who = await whoIs(desk, it);
    if (!who.ok) return reply(sentence(desk, strangerText(who.stranger, desk.texts)));
    const words = typed(it.text).trim();
    const sender = { home: it.home, user: it.user };
    const opened = await openAskForm(desk, { sender, person: who.person.id, trigger: it.trigger, words, application: null, seen });
    return reply(opened ? undefined : sentence(desk, [desk.texts.slack.notOpened]));
  }
  // It leaves no message, so its trigger tells it from the next one.
  const once: Writing["once"] = (content) => onceOfTyped({ ...it, message: it.trigger, content });
  return reply(privately(await answer(desk, it, { text: it.text, once, seen })));
}

async function answer(desk: Desk, sender: Sender, it: Pick<Writing, "text" | "once" | "seen">): Promise<PrintedMessage> {
  const who = await whoIs(desk, sender);
  if (who.ok) return printed(desk, await carryOut(desk, { ...it, person: who.person.id, sender }));
  if (who.stranger === "not-active") await refuseTyped(desk, { ...it, person: who.known, sender });
  return printed(desk, { text: strangerText(who.stranger, desk.texts) });
}

function printed({ texts }: Desk, spoken: Spoken): PrintedMessage {
  return "card" in spoken ? printMessage(spoken.card, texts.slack) : printSentence(spoken.text, texts.slack);
}

export interface Said extends Sender {
  readonly conversation: string;
  /** Its ts. */
  readonly message: string;
  /** The ts of the thread's first message; empty: it stands in no thread. */
  readonly thread: string;
  readonly text: string;
}

/** Somebody wrote to the app: what is commanded is committed, then acknowledged, then answered where it was written. */
export async function answerMessage(desk: Desk, it: Said): Promise<Reply<never>> {
  const { conversation, message } = it;
  const once: Writing["once"] = (content) => onceOfTyped({ ...it, content });
  const said = await answer(desk, it, { text: it.text, once, seen: { platform: "slack", conversation, message } });
  return reply<never>(undefined, async () => {
    // Delivered again, it is not answered again: this answer stands there for good.
    const { delivery } = delivered(it);
    if (delivery === undefined || (await desk.operations.firstToAnswer(delivery))) await sayIn(desk, it, said);
  });
}

/** In the thread in which it was written, or else in the conversation itself. */
export async function sayIn(
  desk: Desk,
  { conversation, thread }: Pick<Said, "conversation" | "thread">,
  { text, blocks }: Pick<PrintedMessage, "text" | "blocks">,
): Promise<void> {
  await quietly(desk, "an answer", () =>
    desk.interactive.chat.postMessage({
      channel: conversation,
      text,
      blocks: [...blocks],
      parse: "none",
      link_names: false,
      mrkdwn: false,
      ...(thread === "" ? {} : { thread_ts: thread }),
    }),
  );
}
