/** Whom a typed command names: by a chat account that is linked, never by the name that somebody typed. */
import { linkOf, personByEmail } from "../db/accounts.ts";
import { personById } from "../db/people.ts";
import type { Person } from "../domain/people.ts";
import type { NamedAs } from "./operations.ts";
import type { World } from "./world.ts";

/** In the order in which they are named; null: nobody, or a login that isn't linked: a mention alone links nobody. */
export function named(world: World, people: readonly NamedAs[]): Promise<readonly (Person | null)[]> {
  return Promise.all(people.map((one) => ("login" in one ? byLogin(world, one.login) : byWords(world, one.words))));
}

async function byLogin(world: World, login: Extract<NamedAs, { login: unknown }>["login"]): Promise<Person | null> {
  return (await linkOf(world.db, login))?.person ?? null;
}

async function byWords(world: World, words: string): Promise<Person | null> {
  // An id of the HR system may look like an address.
  const byEmail = words.includes("@") ? (await personByEmail(world.db, words)).person : null;
  return byEmail ?? personById(world.db, words);
}
