/** One reply in the thread of a digest for everything on it that is reminded of at the same moment: one notification. */
import { askedSince } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { DigestView, TaskRow } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Card, Piece, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import { item, itemFor, moment, nameOf, note, paragraph, strong } from "./phrases.ts";

const MOST_NAMED = 3;
const MOST_LINES = 15;

interface Reminding {
  readonly rows: readonly TaskRow[];
  readonly to: readonly PersonId[];
  /** Live mentions by person; who has none is named. */
  readonly mentions: Readonly<Record<PersonId, Piece>>;
}

export function digestReminder({ rows, to, mentions }: Reminding, { directory, viewer }: DigestView, texts: Texts): Card {
  const voice: Voice = { directory, texts };
  const lines = rows.slice(0, MOST_LINES).map(({ line, task }): Text => {
    const request = strong(texts.requests.number(line.number));
    const expires = task.clock.expireAt ? moment(task.clock.expireAt) : null;
    return ["\n", ...texts.digest.reminded(request, itemFor(line, voice, item(line, texts)), moment(askedSince(task, viewer)), expires)];
  });
  const missing = rows.length - lines.length;
  return {
    title: "",
    blocks: [
      paragraph([...texts.digest.reminder(names(to, mentions, voice)), ...lines.flat()]),
      ...(missing > 0 ? [note([texts.digest.othersReminded(missing)])] : []),
    ],
    summary: texts.digest.reminderSummary(rows.length),
  };
}

/** null: nobody in particular. */
function names(to: readonly PersonId[], mentions: Reminding["mentions"], voice: Voice): Text | null {
  if (to.length === 0 || to.length > MOST_NAMED) return null;
  return voice.texts.and(
    to.map((id): Piece => {
      const live = mentions[id];
      return live && typeof live === "object" && "mention" in live ? { ...live, mention: nameOf(id, voice) } : strong(nameOf(id, voice));
    }),
  );
}
