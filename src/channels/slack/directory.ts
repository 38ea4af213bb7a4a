/** Slack's directory: who is behind a user id, and what standing they have in the company's workspace. */
import type { WebClient } from "@slack/web-api";
import { WebAPIPlatformError } from "@slack/web-api";
import type { ChatUser, Delivery } from "../../ports.ts";
import { undelivered } from "./client.ts";

/** The part of Slack's user object that says who may act; see docs.slack.dev/reference/objects/user-object. Events carry it too, and nothing has checked it there. */
export interface SlackUser {
  readonly id?: string;
  readonly team_id?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_workflow_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly profile?: { readonly email?: string };
  readonly enterprise_user?: { readonly teams?: readonly string[] };
}

/** Makes a call, or throws instead of making it: what stands between the directory and Slack. */
export type Through = <T>(call: () => Promise<T>) => Promise<T>;

const straight: Through = (call) => call();

export async function lookUpById(client: WebClient, home: string, user: string, through = straight): Promise<Delivery<ChatUser | null>> {
  try {
    const found = (await through(() => client.users.info({ user }))).user;
    return { type: "done", value: found ? chatUser(home, user, found) : null };
  } catch (error) {
    return unknownOr(error);
  }
}

export async function lookUpByEmail(
  client: WebClient,
  home: string,
  email: string,
  through = straight,
): Promise<Delivery<ChatUser | null>> {
  try {
    const found = (await through(() => client.users.lookupByEmail({ email }))).user;
    return { type: "done", value: found?.id === undefined ? null : chatUser(home, found.id, found) };
  } catch (error) {
    return unknownOr(error);
  }
}

const UNKNOWN: readonly string[] = ["user_not_found", "users_not_found", "user_not_visible"];

function unknownOr(error: unknown): Delivery<ChatUser | null> {
  if (error instanceof WebAPIPlatformError && UNKNOWN.includes(error.data.error)) return { type: "done", value: null };
  return undelivered(error);
}

export function chatUser(home: string, user: string, found: SlackUser): ChatUser {
  const email: unknown = found.profile?.email;
  return { platform: "slack", home, user, email: typeof email === "string" ? email : null, standing: standingOf(home, found) };
}

/** In doubt the lesser standing: only a live, full member of this very workspace is one. */
function standingOf(home: string, user: SlackUser): ChatUser["standing"] {
  if (user.deleted) return "deactivated";
  if (user.is_bot || user.is_workflow_bot || user.id === "USLACKBOT") return "bot";
  const teams: unknown = user.enterprise_user?.teams;
  const isHere = user.team_id === home || (Array.isArray(teams) && teams.includes(home));
  if (user.is_stranger || !isHere) return "external";
  return user.is_restricted || user.is_ultra_restricted ? "guest" : "member";
}
