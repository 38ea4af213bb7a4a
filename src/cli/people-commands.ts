/** `latchkey people link|unlink|links`: which chat account is whose, kept by an administrator. */
import { v7 } from "uuid";
import type { Config } from "../config.ts";
import type { Database } from "../database.ts";
import { connect } from "../db/connect.ts";
import { type Link, linksOf, personNamed, type TakenAway } from "../db/links.ts";
import { migrationGaps } from "../db/migrate.ts";
import { createLog } from "../log.ts";
import { type Ground, type LinkedTo, link, type NotLinked, unlink, type Word } from "../operations/link.ts";
import { slackOf } from "../wiring.ts";
import { operator } from "./operator.ts";
import { failed, type Said } from "./said.ts";
import { withDatabase } from "./with-database.ts";

export interface PeopleOptions {
  /** Slack team id; left out: the only workspace that the configuration lists. */
  readonly home?: string;
}

/** Links a Slack login to a person; the directory is asked first where its credentials are set. */
export function peopleLink(env: NodeJS.ProcessEnv, person: string, user: string, options: PeopleOptions = {}): Promise<Said> {
  return onGround(env, async (ground, config) => {
    const asked = directoryOf(config);
    const said = await link(ground, { person, user, home: options.home ?? null, by: operator(), look: asked });
    return said.ok ? linked(said) : refused(said);
  });
}

/** Takes a Slack login away from its person. */
export function peopleUnlink(env: NodeJS.ProcessEnv, user: string, options: PeopleOptions = {}): Promise<Said> {
  return onGround(env, async (ground) => {
    const said = await unlink(ground, { user, home: options.home ?? null, by: operator() });
    if (!said.ok) return refused(said);
    const { ok: _, ...json } = said;
    return {
      ok: true,
      lines: [
        `${said.user} (${said.home}) is no longer ${said.name}'s (${said.person}). It is refused from the next click on, and only "latchkey people link" links it again.`,
      ],
      json,
    };
  });
}

/** The links that stand, and the logins that were taken away. */
export function peopleLinks(env: NodeJS.ProcessEnv, person: string | undefined): Promise<Said> {
  return onGround(env, async ({ db }) => {
    const found = person === undefined ? null : await personNamed(db, person);
    if (person !== undefined && !found) return refused({ ok: false, why: "no-such-person", about: { person } });
    const { links, takenAway } = await linksOf(db, found?.id ?? null);
    const lines = [...links.map(lineOf), ...takenAway.map(goneLine)];
    const nothing = found ? `${found.name} (${found.id}) has no chat account.` : "Nobody has a chat account yet.";
    return { ok: true, lines: lines.length > 0 ? lines : [nothing], json: { links, takenAway } };
  });
}

const BECAUSE: Readonly<Record<Link["because"], string>> = {
  "trusted-email": "by e-mail address",
  "people.csv": "by people.csv",
  administrator: "by an administrator",
};

function lineOf(link: Link): string {
  const proof = link.proved ? "" : "; Slack is asked at its first use whether it is a full member";
  return `${link.name} (${link.person}, ${link.email}): ${link.user} in ${link.home}, ${BECAUSE[link.because]}, ${day(link.linkedAt)}${proof}`;
}

function goneLine(gone: TakenAway): string {
  return `nobody any more: ${gone.user} in ${gone.home}, taken from ${gone.name} (${gone.person}) by ${gone.by}, ${day(gone.at)}`;
}

function day(instant: string): string {
  return new Date(instant).toISOString().slice(0, 10);
}

function linked({ person, home, user, changed, unproved }: LinkedTo): Said {
  const whose = `${user} (${home}) is ${person.name}'s (${person.id})`;
  const proof =
    unproved === null ? [] : [`Slack could not be asked whether it is a full member (${unproved}): it is asked at the first use.`];
  return {
    ok: true,
    lines: [changed ? `${whose} now.` : `${whose} already; nothing was changed.`, ...proof],
    json: { person: person.id, name: person.name, home, user, changed, proved: unproved === null },
  };
}

function refused({ why, about }: NotLinked): Said {
  const sentence = sentenceOf(why, about);
  return failed([sentence], { why, about, problems: [sentence] });
}

function sentenceOf(why: NotLinked["why"], about: NotLinked["about"]): string {
  switch (why) {
    case "no-user-id":
      return `"${about.user}" is no Slack user id. It begins with U or W, as in U012AB3CD: in Slack, open the person's profile, then the menu with three dots, then "Copy member ID".`;
    case "no-such-person":
      return `Nobody has the id or e-mail address "${about.person}". Look into people.csv, and apply it first if the person is new there.`;
    case "has-left":
      return `${about.person} has left, says people.csv, so no login is linked. Correct the state there if that is wrong.`;
    case "no-home":
      return "No workspace is listed. Add its id under chat.slack in latchkey.yaml and apply the folder.";
    case "which-home":
      return `There are several workspaces: say which one with --home (${about.homes}).`;
    case "foreign-home":
      return `The workspace ${about.home} is not listed under chat.slack; listed: ${about.homes || "none"}.`;
    case "linked-otherwise":
      return `${about.user} is ${about.person}'s (${about.id}) already. Unlink it first: latchkey people unlink ${about.user}`;
    case "unknown-login":
      return `Slack knows no user ${about.user} in ${about.home}. Copy the member ID from the person's profile.`;
    case "not-a-member":
      return `${about.user} is ${STANDING[about.standing ?? ""] ?? "no full member"} in Slack. Only full members of your own workspace are linked.`;
    case "not-linked":
      return `${about.user} in ${about.home} is nobody's; nothing was changed.`;
  }
}

const STANDING: Readonly<Record<string, string>> = {
  guest: "a guest",
  external: "somebody of another workspace",
  bot: "a bot",
  deactivated: "deactivated",
};

/** Asks Slack's directory where credentials are set; in playground mode nobody is there to ask. */
function directoryOf(config: Config): (home: string, user: string) => Promise<Word> {
  const slack = slackOf(config, createLog("silent"));
  return async (home, user) => {
    if (!slack) return { asked: false, why: "no Slack credentials are set" };
    const found = await slack.userById(home, user);
    return found.type === "done" ? { asked: true, entry: found.value } : { asked: false, why: `Slack said ${found.why}` };
  };
}

function onGround(env: NodeJS.ProcessEnv, run: (ground: Ground, config: Config) => Promise<Said>): Promise<Said> {
  const act = async ({ url }: Database, config: Config) => {
    const connection = connect(url, { max: 2, name: "latchkey people" });
    try {
      const { missing, unknown } = await migrationGaps(connection.sql);
      if (missing.length + unknown.length > 0)
        return failed(['The database is not of this version. Run "latchkey migrate" (or start Latchkey), then try again.']);
      return await run({ db: connection.db, url, newId: v7 }, config);
    } finally {
      await connection.close();
    }
  };
  return withDatabase(env, act, { join: true });
}
