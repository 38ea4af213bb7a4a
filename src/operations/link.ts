/** Linking and unlinking chat accounts by hand: an administrator's acts, each in one transaction with its event. */
import { batch, type Connection } from "../db/connect.ts";
import { markReached } from "../db/due.ts";
import { addLink, personNamed, proveLink, removeLink, standingLink } from "../db/links.ts";
import { loadSettings } from "../db/load.ts";
import type { Person } from "../domain/people.ts";
import type { DirectoryEntry } from "./operations.ts";

export interface Ground {
  readonly db: Connection["db"];
  /** For the transaction on a connection of its own. */
  readonly url: string;
  readonly newId: () => string;
}

/** What came of asking the directory: its word, `null` for a login that it doesn't know, or that it can't be asked now and why. */
export type Word = { readonly asked: true; readonly entry: DirectoryEntry | null } | { readonly asked: false; readonly why: string };

export interface LinkBy {
  /** HR id or e-mail address. */
  readonly person: string;
  /** Slack user id. */
  readonly user: string;
  /** Slack team id; null: the only workspace that is listed. */
  readonly home: string | null;
  /** Who asks for it, for the record. */
  readonly by: string;
  readonly look: (home: string, user: string) => Promise<Word>;
}

/** Why nothing was linked or unlinked; `about` fills the sentence in. */
export interface NotLinked {
  readonly ok: false;
  readonly why:
    | "no-user-id"
    | "no-such-person"
    | "has-left"
    | "no-home"
    | "which-home"
    | "foreign-home"
    | "linked-otherwise"
    | "unknown-login"
    | "not-a-member"
    | "not-linked";
  readonly about: Readonly<Record<string, string>>;
}

export interface LinkedTo {
  readonly ok: true;
  readonly person: Person;
  readonly home: string;
  readonly user: string;
  /** False: the same link was there already. */
  readonly changed: boolean;
  /** Null: a full member, says the directory. Else why it could not be asked; it is then asked at the first use. */
  readonly unproved: string | null;
}

/** Links a login to a person. Guests, bots, strangers and deactivated logins are never linked; a login that is somebody else's stays so. */
export async function link(ground: Ground, it: LinkBy): Promise<LinkedTo | NotLinked> {
  if (!isUserId(it.user)) return no("no-user-id", { user: it.user });
  const person = await personNamed(ground.db, it.person);
  if (!person) return no("no-such-person", { person: it.person });
  if (person.state === "left") return no("has-left", { person: person.name });
  const home = await homeOf(ground, it.home);
  if (!home.ok) return home;

  const { user, by } = it;
  const word = await it.look(home.id, user);
  if (word.asked && !word.entry) return no("unknown-login", { user, home: home.id });
  if (word.asked && word.entry && word.entry.standing !== "member") return no("not-a-member", { user, standing: word.entry.standing });
  const login = { platform: "slack", home: home.id, user };
  const linked = await batch(ground.url, async ({ sql }): Promise<LinkedTo | NotLinked> => {
    const done = (changed: boolean): LinkedTo => ({
      ok: true,
      person,
      home: home.id,
      user,
      changed,
      unproved: word.asked ? null : word.why,
    });
    const standing = await standingLink(sql, login);
    if (!standing && (await addLink(sql, { id: ground.newId(), login, person: person.id, proved: word.asked, by }))) return done(true);
    const other = standing ?? (await standingLink(sql, login));
    if (!other) throw new Error("a login was linked and unlinked by others in the same moment; try again");
    if (other.person !== person.id) return no("linked-otherwise", { user, person: other.name, id: other.person });
    if (word.asked) await proveLink(sql, login);
    return { ...done(false), unproved: word.asked || other.proved ? null : word.why };
  });
  // Whoever was passed over because no card reached them is asked again.
  if (linked.ok && linked.changed) await markReached(ground.db, { person: person.id, platform: "slack" });
  return linked;
}

export interface UnlinkedFrom {
  readonly ok: true;
  readonly person: string;
  readonly name: string;
  readonly home: string;
  readonly user: string;
}

/** Takes a login away from its person: from the next click on it is a stranger's, and only `link` brings it back. */
export async function unlink(
  ground: Ground,
  it: { readonly user: string; readonly home: string | null; readonly by: string },
): Promise<UnlinkedFrom | NotLinked> {
  if (!isUserId(it.user)) return no("no-user-id", { user: it.user });
  // A workspace that isn't listed any more may still have links.
  const home = it.home === null ? await homeOf(ground, null) : { ok: true as const, id: it.home };
  if (!home.ok) return home;
  const login = { platform: "slack", home: home.id, user: it.user };
  return batch(ground.url, async ({ sql }) => {
    const standing = await standingLink(sql, login);
    if (!standing) return no("not-linked", { user: it.user, home: home.id });
    await removeLink(sql, login, { person: standing.person, by: it.by });
    return { ok: true, person: standing.person, name: standing.name, home: home.id, user: it.user };
  });
}

/** docs.slack.dev: user ids begin with U or W. */
function isUserId(user: string): boolean {
  return /^[UW][A-Z0-9]{2,}$/.test(user);
}

async function homeOf(ground: Ground, wanted: string | null): Promise<{ readonly ok: true; readonly id: string } | NotLinked> {
  const homes = ((await loadSettings(ground.db))?.homes ?? []).filter(({ platform }) => platform === "slack").map(({ id }) => id);
  if (wanted !== null)
    return homes.includes(wanted) ? { ok: true, id: wanted } : no("foreign-home", { home: wanted, homes: homes.join(", ") });
  const [only, ...others] = homes;
  if (only === undefined) return no("no-home");
  return others.length === 0 ? { ok: true, id: only } : no("which-home", { homes: homes.join(", ") });
}

function no(why: NotLinked["why"], about: NotLinked["about"] = {}): NotLinked {
  return { ok: false, why, about };
}
