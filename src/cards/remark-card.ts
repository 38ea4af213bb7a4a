/** Remarks in the thread of a card: reminders, and what became of what somebody was asked. */
import type { Effect, Remark } from "../domain/effects.ts";
import { askedSince } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { TaskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Card, Piece, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import { item, itemFor, itemWords, moment, nameOf, paragraph, person, strong, warning } from "./phrases.ts";
import { wholeRequestButton } from "./steering-buttons.ts";

export interface Remarked extends Pick<Extract<Effect, { readonly kind: "remark" }>, "remark" | "to" | "by" | "reason"> {}

const MOST_NAMES = 3;

/** `mentions`: live mentions by person; who has none is named. `isNamed`: said is which request it is about, since others stand on the same card. */
export function remarkCard(
  it: Remarked,
  view: TaskView,
  { mentions, isNamed }: { readonly mentions: Readonly<Record<PersonId, Piece>>; readonly isNamed: boolean },
  texts: Texts,
): Card {
  const voice: Voice = { directory: view.directory, texts };
  const said = textOf(it.remark, it, view, { ...voice, mentions });
  const what = () => itemFor(view.line, voice, item(view.line, texts));
  const text = isNamed ? texts.digest.about(strong(texts.requests.number(view.line.number)), what(), said) : said;
  const reason = it.reason?.trim() ? [warning(texts.approvals.reason(it.reason.trim()))] : [];
  return {
    title: "",
    blocks: [paragraph(text), ...reason],
    summary: texts.remarks.summary[it.remark](view.line.number, itemWords(view.line, texts)),
    rest: wholeRequestButton(view.line, texts),
  };
}

type Speaker = Voice & { readonly mentions: Readonly<Record<PersonId, Piece>> };

function textOf(remark: Remark, it: Remarked, { line, task }: TaskView, voice: Speaker): Text {
  const { remarks } = voice.texts;
  const to = names(it.to, voice);
  const by = it.by === null ? null : person(it.by, voice);
  const since = moment(task.claimedAt ?? askedSince(task, it.to.length === 1 ? (it.to[0] ?? null) : null));
  switch (remark) {
    case "reminder":
      return remarks.reminder(to, since, task.clock.expireAt ? moment(task.clock.expireAt) : null);
    case "nudge":
      return remarks.nudge(to, by ?? person(line.requester, voice));
    case "escalated":
      return remarks.escalated(to);
    case "reassigned":
      return remarks.reassigned(to, by);
    case "released":
      return remarks.released(to, by);
    case "withdrawn":
      return remarks.withdrawn(by ?? person(line.requester, voice));
    case "cancelled":
      return remarks.cancelled(by);
    case "expired":
      return remarks.expired();
  }
}

/** null: nobody in particular. */
function names(people: readonly PersonId[], voice: Speaker): Text | null {
  if (people.length === 0 || people.length > MOST_NAMES) return null;
  return voice.texts.and(people.map((id) => mentionOf(id, voice)));
}

function mentionOf(id: PersonId, voice: Speaker): Piece {
  const live = voice.mentions[id];
  return live && typeof live === "object" && "mention" in live ? { ...live, mention: nameOf(id, voice) } : strong(nameOf(id, voice));
}
