/** The read side for channels: what the request form shows, and what its type-ahead finds. Rights are the rules' own. */
import { loadAsk } from "../db/load-ask.ts";
import { personById } from "../db/people.ts";
import { findApplications, type Listed, rankByWords } from "../db/search.ts";
import type { PersonId } from "../domain/people.ts";
import { mayRequest } from "../domain/requestable.ts";
import type { AskView } from "../domain/views.ts";
import type { World } from "./world.ts";

export interface Found {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** What the person may ask for and fits the words, best first. */
export async function searchApplications(world: World, person: PersonId, words: string, limit: number): Promise<readonly Found[]> {
  return (await mine(world, person, words)).slice(0, limit).map(({ id, name, description }) => ({ id, name, description }));
}

export async function searchEntitlements(
  world: World,
  person: PersonId,
  application: string,
  words: string,
  limit: number,
): Promise<readonly Found[]> {
  const loaded = await loadAsk(world.db, { actor: person, beneficiary: person, application, key: null });
  if (!loaded.application || !loaded.beneficiary || !mayRequest(loaded.application, loaded.beneficiary)) return [];
  const { held, asked } = loaded.standing;
  const free = loaded.application.entitlements.filter(({ id }) => !held.includes(id) && !asked.some((line) => line.entitlement === id));
  return rankByWords(free, words, ({ name, description }) => ({ name, search: description }))
    .slice(0, limit)
    .map(({ id, name, description }) => ({ id, name, description }));
}

export interface AskForm {
  readonly words: string;
  readonly application: string | null;
  readonly entitlements: readonly string[];
  readonly asksDate: boolean;
}

/** How many of the words' matches the form names. */
const NAMED_MATCHES = 5;

export async function askView(world: World, person: PersonId, form: AskForm): Promise<AskView> {
  const matches = form.words.trim() === "" ? [] : await mine(world, person, form.words);
  const application = form.application ?? (matches.length === 1 ? matches[0]?.id : sameName(matches, form.words)) ?? null;
  const view = {
    words: form.words,
    matches: matches.slice(0, NAMED_MATCHES).map(({ id, name }) => ({ id, name })),
    asksDate: form.asksDate,
  };
  if (application === null) return { ...view, chosen: null, entitlements: [] };
  const loaded = await loadAsk(world.db, { actor: person, beneficiary: person, application, key: null });
  if (!loaded.application || !loaded.beneficiary || !mayRequest(loaded.application, loaded.beneficiary))
    return { ...view, chosen: null, entitlements: [] };
  return {
    ...view,
    chosen: { application: loaded.application, held: loaded.standing.held, asked: loaded.standing.asked, login: loaded.login },
    entitlements: form.entitlements,
  };
}

async function mine(world: World, id: PersonId, words: string): Promise<readonly Listed[]> {
  const person = await personById(world.db, id);
  if (!person) return [];
  return (await findApplications(world.db, words)).filter((application) => mayRequest(application, person));
}

/** Words that are an application's whole name choose it, though others contain them too. */
function sameName(matches: readonly Listed[], words: string): string | null {
  return matches.find(({ name }) => name.toLowerCase() === words.trim().toLowerCase())?.id ?? null;
}
