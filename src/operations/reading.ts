/** The read side for channels: what the request form shows, and what its type-ahead finds. Rights are the rules' own. */
import { type LoadedAsk, loadAsk, loadFiled } from "../db/load-ask.ts";
import { personById } from "../db/people.ts";
import { findApplications, type Listed, ownersOf, type Sought } from "../db/search.ts";
import { findNearApplications } from "../db/search-near.ts";
import { findPeople } from "../db/search-people.ts";
import { rankByWords } from "../db/search-words.ts";
import type { Candidates } from "../domain/candidates.ts";
import type { Line } from "../domain/line.ts";
import { isActive, type Person, type PersonId } from "../domain/people.ts";
import { mayRequest } from "../domain/requestable.ts";
import { stepsAhead } from "../domain/steps-ahead.ts";
import type { AskedFor, AskView, Directory } from "../domain/views.ts";
import type { AskForm, Found } from "./operations.ts";
import { isId, type World } from "./world.ts";

/** What may be asked for, for that person, and fits the words, best first; when nothing does, what was probably meant. */
export async function searchApplications(world: World, beneficiary: PersonId, words: string, limit: number): Promise<readonly Found[]> {
  const person = await personById(world.db, beneficiary);
  if (!person || !isActive(person)) return [];
  const { found } = await listed(world, words, { person, door: "open", limit });
  return found.map(({ id, name, description }) => ({ id, name, description }));
}

export async function searchEntitlements(
  world: World,
  beneficiary: PersonId,
  application: string,
  words: string,
  limit: number,
): Promise<readonly Found[]> {
  const loaded = await loadAsk(world.db, { actor: beneficiary, beneficiary, application, key: null });
  if (!loaded.application || !loaded.beneficiary || !mayRequest(loaded.application, loaded.beneficiary)) return [];
  const { held, asked } = loaded.standing;
  const free = loaded.application.entitlements.filter(({ id }) => !held.includes(id) && !asked.some((line) => line.entitlement === id));
  return rankByWords(free, words, ({ name, description }) => ({ name, search: description }))
    .slice(0, limit)
    .map(({ id, name, description }) => ({ id, name, description }));
}

/** Everybody active may ask for everybody active: who approves decides. */
export async function searchPeople(world: World, person: PersonId, words: string, limit: number): Promise<readonly Found[]> {
  const found = await findPeople(world.db, person, words, limit);
  return found.map((one) => ({
    id: one.id,
    name: one.name,
    description: [one.title, one.department, one.email].filter((word) => word !== "").join(", "),
  }));
}

/** How many of the words' matches the form names, and how many guesses it makes when there are none. */
const NAMED_MATCHES = 5;
const NAMED_GUESSES = 3;

export async function askView(world: World, person: PersonId, form: AskForm): Promise<AskView> {
  const again = form.line && isId(form.line) ? await loadFiled(world.db, form.line, person) : null;
  const asker = await personById(world.db, person);
  const wanted = again?.beneficiary ?? form.beneficiary ?? person;
  const beneficiary = (wanted === person ? null : await personById(world.db, wanted)) ?? asker;
  if (!asker || !beneficiary) throw new Error(`a request form for ${person}, who is nobody`);

  const matched = await matchesOf(world, beneficiary, form.words);
  const fits = matched.matches.length === 1 ? matched.matches[0]?.id : sameName(matched.matches, form.words);
  const application = again?.application.id ?? form.application ?? fits ?? null;
  const view = {
    words: form.words,
    ...named(matched),
    beneficiary: askedFor(beneficiary, asker),
    asksDate: again ? again.until?.kind === "date" : form.asksDate,
    entitlements: again ? entitlementsOf(again) : form.entitlements,
    again,
  };
  if (application === null) return { ...view, chosen: null };
  const loaded = await loadAsk(world.db, { actor: person, beneficiary: beneficiary.id, application, key: null });
  return { ...view, chosen: chosenIn(loaded, { stays: form.shown === application || again !== null, entitlements: view.entitlements }) };
}

function entitlementsOf(line: Line): readonly string[] {
  return line.entitlement ? [line.entitlement.id] : [];
}

/** The chosen application; null when the beneficiary may not have it, unless its questions stand in the form already. */
function chosenIn(
  loaded: LoadedAsk,
  { stays, entitlements }: { readonly stays: boolean; readonly entitlements: readonly string[] },
): AskView["chosen"] {
  const { application, actor, beneficiary, candidates, now, standing, login } = loaded;
  if (!application || !actor || !beneficiary) return null;
  const open = mayRequest(application, beneficiary);
  if (!open && !stays) return null;
  const policies = Object.fromEntries(Object.entries(loaded.policies).map(([id, { policy }]) => [id, policy]));
  const ahead = stepsAhead(application, entitlements.length > 0 ? entitlements : [null], { actor, beneficiary, policies, candidates, now });
  return { application, held: standing.held, asked: standing.asked, login, open, ahead, directory: directoryOf(loaded) };
}

function directoryOf({ candidates, groupNames }: LoadedAsk): Directory {
  return { people: Object.fromEntries(everybody(candidates).map((one) => [one.id, one])), groups: groupNames };
}

function everybody({
  managers,
  groups,
  businessOwner,
  technicalOwner,
  fulfiller,
  fallback,
  administrators,
}: Candidates): readonly Person[] {
  const owners = [businessOwner, technicalOwner, fulfiller].filter((one) => one !== null);
  return [...managers, ...Object.values(groups).flat(), ...owners, ...(fallback ?? []), ...administrators];
}

function askedFor({ id, name, email, title, department, ...rest }: Person, asker: Person): AskedFor {
  return { id, name, email, title, department, self: id === asker.id, active: isActive({ id, name, email, title, department, ...rest }) };
}

interface Matched {
  readonly matches: readonly Listed[];
  readonly near: readonly Listed[];
  readonly barred: readonly { readonly name: string; readonly owner: string | null }[];
}

/** What the words fit and is open to them; else what was meant, and what fits and is closed to them. */
async function matchesOf(world: World, person: Person, words: string): Promise<Matched> {
  if (words.trim() === "") return { matches: [], near: [], barred: [] };
  const open = await listed(world, words, { person, door: "open", limit: NAMED_MATCHES });
  if (open.fits && open.found.length > 0) return { matches: open.found, near: [], barred: [] };
  const closed = await findApplications(world.db, words, { person, door: "closed", limit: NAMED_GUESSES });
  // what fits and is closed is no typing error
  const near = closed.length > 0 ? [] : open.found;
  const guessed =
    closed.length > 0 ? closed : await findNearApplications(world.db, words, { person, door: "closed", limit: NAMED_GUESSES });
  const owners = await ownersOf(
    world.db,
    guessed.map(({ id }) => id),
  );
  return { matches: [], near, barred: guessed.map(({ id, name }) => ({ name, owner: owners[id] ?? null })) };
}

/** What fits; when nothing does, what was probably meant. */
async function listed(world: World, words: string, sought: Sought): Promise<{ readonly found: readonly Listed[]; readonly fits: boolean }> {
  const fitting = await findApplications(world.db, words, sought);
  if (fitting.length > 0) return { found: fitting, fits: true };
  return { found: await findNearApplications(world.db, words, sought), fits: false };
}

function named({ matches, near, barred }: Matched): Pick<AskView, "matches" | "near" | "barred"> {
  const few = (listed: readonly Listed[], most: number) => listed.slice(0, most).map(({ id, name }) => ({ id, name }));
  return { matches: few(matches, NAMED_MATCHES), near: few(near, NAMED_GUESSES), barred };
}

/** Words that are an application's whole name choose it, though others contain them too. */
function sameName(matches: readonly Listed[], words: string): string | null {
  return matches.find(({ name }) => name.toLowerCase() === words.trim().toLowerCase())?.id ?? null;
}
