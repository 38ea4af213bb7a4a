/** What is said at once: after an act, instead of an act, to a login that is nobody here. */
import type { FieldFault, Refusal } from "../domain/refusals.ts";
import type { About } from "../texts/say.ts";
import type { Texts } from "../texts/texts.ts";
import type { Piece, Text } from "./card.ts";
import { moment, strong } from "./phrases.ts";

/** The shape of operations' Answer: `said` names a text, `about` fills it in. */
export interface Told {
  readonly said: keyof Texts["answers"];
  readonly about: Readonly<Record<string, string>>;
}

export function answerText({ said, about }: Told, texts: Texts): Text {
  return texts.answers[said](aboutPieces(about));
}

/** In `about`, `by` is a person's name by now and `at` an ISO instant. */
export function refusalText({ name, about }: Refusal, texts: Texts): Text {
  return texts.refusals[name](aboutPieces(about));
}

/** Plain words, because platforms show faults at fields as plain words. */
export function fieldFaultText({ name, about }: FieldFault, texts: Texts): string {
  return texts.fieldFaults[name](about);
}

export function strangerText(stranger: keyof Texts["strangers"], texts: Texts): Text {
  return [texts.strangers[stranger]];
}

/**
 * What is known, as pieces: `number` (or `numbers`), `by` (a name), `at` (ISO instant), `item` (or `entitlement`), `application`, `login`
 * (or `user`), `most`, `given` and `needed` approvals, `name`, `email`, `home`, `to` (names), `why`, `cause`, `again`
 * (ISO instant), and a task's `outcome` by its name.
 * Whatever is left out or empty is null, and each sentence does without it.
 */
export function aboutPieces(about: Readonly<Record<string, string>>): About<Piece> {
  const words = (key: string): string | null => about[key]?.trim() || null;
  const named = (key: string): Piece | null => {
    const word = words(key);
    return word === null ? null : strong(word);
  };
  const instant = (key: string): Piece | null => {
    const at = new Date(about[key] ?? Number.NaN);
    return Number.isNaN(at.getTime()) ? null : moment(at);
  };
  const missing = Number(about.needed ?? Number.NaN) - Number(about.given ?? Number.NaN);
  return {
    number: words("number") ?? words("numbers"),
    by: named("by"),
    at: instant("at"),
    item: named("item") ?? named("entitlement"),
    application: named("application"),
    login: named("login") ?? named("user"),
    most: words("most"),
    missing: Number.isNaN(missing) ? null : missing,
    name: named("name"),
    email: words("email"),
    home: words("home"),
    to: named("to"),
    why: words("why"),
    cause: words("cause"),
    again: instant("again"),
    needed: words("needed"),
    outcome: words("outcome"),
  };
}
