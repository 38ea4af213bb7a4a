/** What happens in a chat by itself: a channel closes or opens again, an account is switched off or on, the app is shut out or let in. Safe to repeat. */
import { doubtLogin, linkOf, loginsOf, personByEmail, proveLogin } from "../db/accounts.ts";
import { markReached, markUnreachable, whomNothingReaches } from "../db/due.ts";
import { loadSettings } from "../db/load.ts";
import { reopen } from "../db/outbox.ts";
import { namedChannels } from "../db/reach.ts";
import { loseCopies, restoreCopies } from "../db/standing.ts";
import { isActive, type Person } from "../domain/people.ts";
import { alertOnce, troubleAt } from "./alert.ts";
import { linkByEmail } from "./identify.ts";
import type { ChannelNews, DirectoryEntry, Login } from "./operations.ts";
import type { World } from "./world.ts";

/** Reasons why no card reaches somebody that are mended by what the directory says of them; the others by a card that arrives, or by their own act. */
export const MENDED_BY_DIRECTORY: readonly string[] = [
  "not-linked",
  "not-a-member",
  "user_disabled",
  "user_not_found",
  "users_not_found",
  "user_not_visible",
];

/** A channel can or can't take cards now: what waits there goes to people directly, or back to where it belongs. */
export async function channelChanged(world: World, { platform, conversation, names, why }: ChannelNews): Promise<void> {
  const places = [conversation, ...names].flatMap((name) => [`channel:${name}`, `channel:#${name}`]);
  if (why === null) {
    if ((await restoreCopies(world.db, { platform, conversation, places })) > 0) world.wake();
    return;
  }
  const lost = await loseCopies(world.db, { platform, conversation, places }, why);
  const named = (await namedChannels(world.db)).map(({ channel }) => `channel:${channel}`);
  for (const place of new Set([...lost, ...places.filter((one) => named.includes(one))])) {
    const to = `#${place.slice("channel:".length).replace(/^#/, "")}`;
    await alertOnce(world, { alert: "not-delivered", about: { to, place, why }, key: troubleAt(platform, place, why) });
  }
  if (lost.length > 0) world.wake();
}

/** What the directory says of a login now: who was switched off, or became a guest, is asked no longer while others can be; who is back, is. */
export async function loginChanged(world: World, login: Login, entry: DirectoryEntry): Promise<void> {
  const known = await linkOf(world.db, login);
  if (!known) return newcomer(world, login, entry);
  const { person, proved } = known;
  if (entry.standing === "member") {
    if (!proved) await proveLogin(world.db, login);
    return reached(world, person.id, login.platform);
  }
  if (!proved) return;
  await doubtLogin(world.db, login);
  const others = (await loginsOf(world.db, { person: person.id, platform: login.platform })).filter((one) => one.proved);
  if (others.length === 0)
    await unreached(world, person, login.platform, entry.standing === "deactivated" ? "user_disabled" : "not-a-member");
}

async function unreached(world: World, person: Person, platform: string, why: string): Promise<void> {
  const place = `person:${person.id}`;
  const { lines } = await markUnreachable(world.db, { person: person.id, platform, why });
  world.wake();
  // Nobody has to mend what nothing waits for: leavers are switched off every day.
  if (lines === 0 || !isActive(person)) return;
  await alertOnce(world, {
    alert: "not-delivered",
    about: { to: person.name, place, why },
    key: troubleAt(platform, place, why),
  });
}

/** Somebody whom no card reached because no login was known has one now. */
async function newcomer(world: World, login: Login, { standing, email }: DirectoryEntry): Promise<void> {
  if (standing !== "member" || email === null) return;
  const home = (await loadSettings(world.db))?.homes.find((one) => one.platform === login.platform && one.id === login.home);
  if (!home?.trustEmail) return;
  const { person } = await personByEmail(world.db, email);
  if (!person || (await marksOf(world, person.id, login.platform)) === 0) return;
  if ((await linkByEmail(world, { login, email, home }))?.id === person.id) await reached(world, person.id, login.platform);
}

async function marksOf(world: World, person: string, platform: string): Promise<number> {
  return (await whomNothingReaches(world.db, { platform, whys: MENDED_BY_DIRECTORY, most: 1, person })).length;
}

/** The directory knows them as a full member: the mark goes, and the cards that are still wanted are put before them. */
export async function reached(world: World, person: string, platform: Login["platform"]): Promise<void> {
  if ((await marksOf(world, person, platform)) === 0) return;
  await markReached(world.db, { person, platform });
  await restoreCopies(world.db, { platform, conversation: "", places: [`person:${person}`] });
  world.wake();
}

/** Administrators hear it as soon as anything can be told again. */
export async function shutOut(world: World, platform: Login["platform"], why: string): Promise<void> {
  await alertOnce(world, { alert: "shut-out", about: { why }, key: `shut-out:${platform}:${why}` });
}

const AT_ONCE = 1_000;

/** What waited while the app was shut out is due; says how much. */
export async function letIn(world: World): Promise<number> {
  let waited = 0;
  for (;;) {
    const some = await reopen(world.db, AT_ONCE);
    waited += some;
    if (some < AT_ONCE) break;
  }
  if (waited > 0) world.wake();
  return waited;
}
