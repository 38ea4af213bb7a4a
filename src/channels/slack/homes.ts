/** Whose envelope it is: workspaces that aren't listed reach no listener, whatever they sign with. */
import { isRecord } from "./shape.ts";

/** Every team id that an envelope names, Slack Connect's among them, and the person's own where it is said. */
export interface Origin {
  readonly teams: readonly string[];
  /** The team of the person who acted. */
  readonly home: string | null;
}

function idAt(body: unknown, ...path: readonly string[]): string | null {
  let at: unknown = body;
  for (const key of path) at = isRecord(at) ? at[key] : undefined;
  return typeof at === "string" && at !== "" ? at : null;
}

export function originOf(body: unknown): Origin {
  const own = idAt(body, "user", "team_id") ?? idAt(body, "event", "user_team") ?? idAt(body, "event", "source_team");
  const team = idAt(body, "team", "id") ?? idAt(body, "team_id");
  const named = [
    own,
    team,
    idAt(body, "context_team_id"),
    idAt(body, "view", "team_id"),
    idAt(body, "view", "app_installed_team_id"),
    idAt(body, "event", "team"),
    idAt(body, "event", "team_id"),
    idAt(body, "event", "view", "team_id"),
    idAt(body, "message", "user_team"),
  ];
  return {
    teams: [...new Set(named.filter((id) => id !== null))],
    home: own ?? team ?? idAt(body, "context_team_id"),
  };
}

/**
 * True when every id that the envelope names is listed, and at least one is named. Where a Grid's own id stands in place of a workspace's,
 * that one has to be listed too.
 */
export function isOurs(origin: Origin, listed: readonly string[]): boolean {
  return origin.home !== null && origin.teams.every((team) => listed.includes(team));
}
