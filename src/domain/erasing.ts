/** Erasing a person: who may be erased, and what of an event stays. Decisions stay, with ids and times; words and names go. */
import type { Person, PersonId } from "./people.ts";

/** What counts before somebody is erased. */
export interface Erasable {
  readonly person: Pick<Person, "id" | "name" | "state">;
  readonly isErased: boolean;
  /** Numbers of lines that are for them and still open. */
  readonly open: readonly number[];
  /** Accounts that Latchkey still believes to be theirs. */
  readonly accounts: readonly { readonly application: string; readonly login: string }[];
}

/** Why somebody isn't erased; null: they may be. `accessIsRemoved`: whoever erases says that no account of theirs is left anywhere. */
export function eraseHindrance(
  it: Erasable,
  accessIsRemoved: boolean,
): "erased-already" | "not-left" | "open-requests" | "has-accounts" | null {
  if (it.isErased) return "erased-already";
  if (it.person.state !== "left") return "not-left";
  if (it.open.length > 0) return "open-requests";
  // With the login goes the only word on whose the account is: nobody could find it again.
  if (it.accounts.length > 0 && !accessIsRemoved) return "has-accounts";
  return null;
}

/** The address of somebody who was erased: no address of people.csv looks like it, so it is also the mark by which they are known. */
export function erasedAddress(id: PersonId): string {
  return `erased:${id}`;
}

/** Keys of an event's data, at any depth, under which stands what people typed or what was worked out from it. */
const WORDS: readonly string[] = ["reason", "login", "error", "justification", "current", "proposed"];

/** An event's data without words: those that were there give way to `word`, the rest (ids, votes, times, states) stays letter by letter. */
export function withoutWords(data: unknown, word: string): unknown {
  if (Array.isArray(data)) return data.map((one) => withoutWords(one, word));
  if (data === null || typeof data !== "object") return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, WORDS.includes(key) && typeof value === "string" ? word : withoutWords(value, word)]),
  );
}

/** An event that belongs to no line, without the person: their name gives way to `former`, their address and logins to nothing. */
export function withoutPerson(
  data: unknown,
  it: { readonly gone: readonly string[]; readonly name: string; readonly former: string },
): unknown {
  if (typeof data === "string") return data === it.name ? it.former : it.gone.includes(data) ? null : data;
  if (Array.isArray(data)) return data.map((one) => withoutPerson(one, it));
  if (data === null || typeof data !== "object") return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, withoutPerson(value, it)]));
}
