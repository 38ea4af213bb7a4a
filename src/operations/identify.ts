/** Who is behind a login. E-mail proposes; it is enough only where the configuration says that the workspace's accounts come from the company's directory. */
import { findLogin, type LoginRow, linkOf, loginsOf, personByEmail, proveLogin } from "../db/accounts.ts";
import { commit } from "../db/commit.ts";
import { markReached } from "../db/due.ts";
import { wasUnlinked } from "../db/links.ts";
import { eventRow, NO_ROWS } from "../db/rows.ts";
import type { Home } from "../domain/catalogue.ts";
import { isActive, type Person } from "../domain/people.ts";
import { alertOnce } from "./alert.ts";
import type { DirectoryEntry, Identity, Login, Stranger } from "./operations.ts";
import type { World } from "./world.ts";

export async function identify(world: World, login: Login, look: () => Promise<DirectoryEntry | null>): Promise<Identity> {
  const { home, link: known } = await findLogin(world.db, login);
  if (!home) return nobody("foreign-home");
  // Whoever acts from there can be reached there again.
  if (known?.unreachable) await markReached(world.db, { person: known.person.id, platform: login.platform });
  if (known?.proved) return recognised(known.person);

  const entry = await look();
  if (!entry) return nobody("directory-silent");
  // Guests, people of other companies, bots and deactivated users are never linked, whatever their e-mail says.
  if (entry.standing !== "member") {
    if (known) await tellAdministrators(world, login, "not-a-member");
    return nobody("guest");
  }
  if (known) {
    await proveLogin(world.db, login);
    return recognised(known.person);
  }
  const linked = home.trustEmail && entry.email ? await linkByEmail(world, { login, email: entry.email, home }) : null;
  if (linked) return recognised(linked);
  // Somebody on leave, or before their first day, is known well enough: linking wouldn't help them.
  const named = home.trustEmail && entry.email ? (await personByEmail(world.db, entry.email)).person : null;
  if (named && !isActive(named)) return recognised(named);
  await tellAdministrators(world, login, "not-linked");
  return nobody("not-linked");
}

/**
 * Links the login to the active person with that e-mail; null when there is none, or when that person has another login there already. A link once
 * made never moves: not by a changed e-mail either.
 */
export async function linkByEmail(
  world: World,
  it: { readonly login: LoginRow; readonly email: string; readonly home: Home },
): Promise<Person | null> {
  const { now, person } = await personByEmail(world.db, it.email);
  if (!person || !isActive(person)) return null;
  const { platform, home, user } = it.login;
  // What an administrator took away comes back by an administrator only.
  if (await wasUnlinked(world.db, it.login)) return null;
  // An address that turns up at a second login of the same home has been handed on: an administrator says whose it is.
  if ((await loginsOf(world.db, { person: person.id, platform })).some((other) => other.home === home && other.user !== user)) return null;
  const row = {
    id: world.newId(),
    platform,
    home,
    user,
    person_id: person.id,
    because: "trusted-email",
    linked_at: now.toISOString(),
    home_opened_at: null,
    // whoever calls this has seen that it is a full member's
    proved_at: now.toISOString(),
  };
  const said = eventRow("account-linked", { at: now, actor: person.id, data: { platform, home, user, because: "trusted-email" } });
  const committed = await commit(world.db, {
    form: "all",
    actor: { person: person.id, task: null },
    once: null,
    rows: { ...NO_ROWS, chatAccounts: [row], events: [said] },
  });
  // Two first contacts at once: whoever came second reads what the first one linked.
  return committed.type === "committed" ? person : ((await linkOf(world.db, it.login))?.person ?? null);
}

/** Said once for a login: whoever keeps trying is no news. */
function tellAdministrators(world: World, login: Login, alert: "not-linked" | "not-a-member"): Promise<void> {
  const { platform, home, user } = login;
  return alertOnce(world, { alert, about: { platform, home, user }, key: `${alert}:${platform}:${home}:${user}`, again: "never" });
}

function recognised(person: Person): Identity {
  return isActive(person) ? { ok: true, person } : { ok: false, stranger: "not-active", known: person.id };
}

function nobody(stranger: Exclude<Stranger, "not-active">): Identity {
  return { ok: false, stranger };
}
