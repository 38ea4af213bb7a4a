/** Whom the page was last used as, and whom a newcomer begins as. */
import { readState } from "./api.ts";

const RECENT_KEY = "latchkey.playground.recent";
const RECENT_AT_MOST = 5;

/** People acted as, the latest first. */
export function remembered(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(RECENT_KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** Remembers the person in this browser and in the address, so that a reload, a link or a second window shows the same eyes. */
export function rememberPerson(user: string): void {
  const recent = [user, ...remembered().filter((id) => id !== user)].slice(0, RECENT_AT_MOST);
  try {
    localStorage.setItem(RECENT_KEY, JSON.stringify(recent));
  } catch {
    // A browser that keeps nothing still plays.
  }
  if (location.hash.slice(1) !== user) history.replaceState(null, "", `#${user}`);
}

/** The person in the address, else the last one, else whom the server proposes. Throws when nobody answers. */
export async function landingPerson(): Promise<string | null> {
  for (const candidate of [location.hash.slice(1), ...remembered()]) {
    if (candidate !== "" && (await readState(candidate))) return candidate;
  }
  // Without a name the server answers with somebody who is likely to ask rather than to decide.
  return (await readState(""))?.me.id ?? null;
}
