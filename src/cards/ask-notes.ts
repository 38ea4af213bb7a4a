/** What the request form says beside what it asks: what became of the typed words, what is held, what is on its way. */
import { bringsAccount } from "../domain/asking.ts";
import type { Application } from "../domain/catalogue.ts";
import type { AskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import { refusalText } from "./answers.ts";
import type { Text } from "./card.ts";
import type { Field } from "./form.ts";
import { strong } from "./phrases.ts";

const MOST_NAMED = 5;

type Chosen = NonNullable<AskView["chosen"]>;

/** What became of the words that the command was given: something near, something closed, nothing, or several. */
export function matchNote(view: AskView, texts: Texts): readonly Field[] {
  const { matches, near, barred } = view;
  const { askForm: words } = texts;
  const typed = view.words.trim();
  if (typed === "") return [];
  const names = matches.map(({ name }) => strong(name));
  if (names.length > 0) {
    const shown = names.length > MOST_NAMED ? [...names.slice(0, MOST_NAMED - 1), words.more(names.length - MOST_NAMED + 1)] : names;
    return [{ type: "note", id: "matches", text: words.matches(typed, texts.and(shown)) }];
  }
  const guesses = near.map(({ name }) => strong(name));
  const other = otherName(view);
  const closed = barred.map(({ name, owner }) =>
    words.barred(strong(name), other === null ? null : strong(other), owner === null ? null : strong(owner)),
  );
  const first = guesses.length > 0 ? [words.near(typed, texts.or(guesses))] : closed.length > 0 ? [] : [[words.noMatch(typed)]];
  return [{ type: "warning", id: "matches", text: sentences([...first, ...closed]) }];
}

function sentences(said: readonly Text[]): Text {
  return said.flatMap((one, index) => (index === 0 ? one : [" ", ...one]));
}

/** What the beneficiary has there, and what is on its way: said, and left out of the choice. Somebody else's login is nobody's business. */
export function standing(chosen: Chosen, view: AskView, texts: Texts): readonly Field[] {
  const { askForm: words } = texts;
  const { application } = chosen;
  const other = otherName(view);
  const name = other === null ? null : strong(other);
  const held = chosen.held.filter((id) => id !== null).map((id) => strong(itemName(application, id, texts)));
  const asked = chosen.asked.map(({ entitlement, number }) => words.askedItem(itemName(application, entitlement, texts), number));
  const bringer = bringsAccount(chosen);
  const said = [
    ...(chosen.login === null ? [] : [name === null ? words.account(strong(chosen.login)) : words.accountOf(name)]),
    ...(held.length === 0 ? [] : [words.held(texts.and(held), name)]),
    ...(asked.length === 0 ? [] : [words.asked(texts.and(asked))]),
    ...(bringer === null ? [] : [[words.comesWith(bringer)]]),
  ];
  const closed = { application: application.name, ...(other === null ? {} : { name: other }) };
  return [
    ...(chosen.open
      ? []
      : [{ type: "warning", id: "closed", text: refusalText({ name: "not-requestable", about: closed }, texts) } as const]),
    ...(said.length === 0 ? [] : [{ type: "note", id: "standing", text: sentences(said) } as const]),
  ];
}

/** Whom it is for, where that is somebody else; null: the reader. */
export function otherName({ beneficiary }: AskView): string | null {
  return beneficiary.self ? null : beneficiary.name;
}

export function itemName(application: Application, id: string | null, texts: Texts): string {
  return id === null ? texts.askForm.theAccount : (application.entitlements.find((one) => one.id === id)?.name ?? id);
}
