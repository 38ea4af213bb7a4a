/** A card's content over what the person sees, for lists that have no room for it. It carries no buttons: those stand where it was opened. */
import { refusalText } from "../../cards/answers.ts";
import type { Text } from "../../cards/card.ts";
import { taskCard } from "../../cards/task-card.ts";
import type { PersonId } from "../../domain/people.ts";
import type { Desk } from "./desk.ts";
import type { Interaction } from "./envelope.ts";
import { LIMIT } from "./limits.ts";
import { printHome } from "./print.ts";
import { plainText } from "./rich.ts";
import { quietly } from "./telling.ts";

/** Answers with what is to be said instead, or null when the card is open. Only whom the request concerns sees it. */
export async function openCard(desk: Desk, click: Interaction, person: PersonId, task: string): Promise<Text | null> {
  const { operations, texts } = desk;
  const view = await operations.task(task, person);
  if (!view) return refusalText({ name: "no-such-task", about: {} }, texts);
  const allowed = await operations.status(person, view.line.number);
  if (!allowed.ok) return refusalText(allowed.refusal, texts);
  const card = taskCard(view, texts);
  const blocks = card.blocks.filter(({ type }) => type !== "buttons");
  const opened = await quietly(desk, "a card", () =>
    desk.interactive.views.open({
      trigger_id: click.trigger,
      view: {
        type: "modal",
        callback_id: "card",
        title: plainText(texts.requests.number(view.line.number), LIMIT.modalWord),
        close: plainText(texts.slack.close, LIMIT.modalWord),
        blocks: [...printHome({ ...card, blocks }, texts.slack, "").blocks],
      },
    }),
  );
  return opened ? null : [texts.slack.notOpened];
}
