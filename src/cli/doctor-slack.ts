/** Doctor: are the tokens good, may they do what Latchkey does, is their workspace let in, and is the bot in every channel that cards go to? */
import type { Db } from "../db/connect.ts";
import { loadSettings } from "../db/load.ts";
import { namedChannels } from "../db/reach.ts";
import { SLACK_SCOPES, type SlackInspector } from "../wiring.ts";
import { type Examined, type Finding, note, someOf, wanting } from "./doctor-finding.ts";

/** Scopes that Latchkey uses when it has them, and does without. */
const WELCOME: readonly string[] = ["channels:history", "groups:history"];

/** `answers`: whether anything else can be asked of Slack. */
export async function examineSlack(db: Db, slack: SlackInspector | null): Promise<Examined & { readonly answers: boolean }> {
  const area = "slack";
  if (!slack)
    return {
      area,
      stands: "off: no Slack credentials are set, so Latchkey would run in playground mode",
      findings: [],
      answers: false,
    };
  const found = await slack.token();
  if (found.type !== "done")
    return {
      area,
      stands: `no answer (${found.why})`,
      answers: false,
      findings: [
        wanting(area, {
          what: found.type === "later" ? `Slack did not answer (${found.why}).` : `Slack refuses the bot token (${found.why}).`,
          why: "No card goes out and nobody new can be looked up; decisions on cards that stand are still taken.",
          todo:
            found.type === "later"
              ? "Try again in a moment. If it stays so: does this machine reach https://slack.com, through the proxy that it needs?"
              : "Copy the Bot User OAuth Token of the installed app anew (OAuth & Permissions) into SLACK_BOT_TOKEN.",
        }),
      ],
    };
  const { team, bot, scopes } = found.value;
  const homes = ((await loadSettings(db))?.homes ?? []).filter(({ platform }) => platform === "slack");
  const findings: Finding[] = [];
  if (!homes.some(({ id }) => id === team))
    findings.push(
      wanting(area, {
        what: `The token's workspace ${team} is not listed under chat.slack${homes.length > 0 ? ` (listed: ${homes.map(({ id }) => id).join(", ")})` : ""}.`,
        why: "Only listed workspaces may act: everybody in it is turned away.",
        todo: `Write { team_id: ${team} } under chat.slack in latchkey.yaml, then run: latchkey config apply`,
      }),
    );
  for (const { id } of homes.filter((home) => home.id !== team && homes.some((one) => one.id === team)))
    findings.push(
      note(area, {
        what: `The workspace ${id} is listed, and the token is of ${team}.`,
        why: "Unless both belong to one Enterprise Grid that the token was installed for, nobody of it is reached.",
        todo: `Install the app for the whole Grid, or take ${id} off the list.`,
      }),
    );
  findings.push(...(scopes === null ? [unsaid()] : scopeFindings(scopes)));
  if (slack.socket) findings.push(...socketFindings(await slack.socket()));
  const way = slack.socket ? ", over Socket Mode" : "";
  return {
    area,
    stands: `the bot ${bot} of ${team} answers${scopes ? `, with ${scopes.length} scopes` : ""}${way}`,
    findings,
    answers: true,
  };
}

/** The app token is of the right kind and has connections:write when Slack gives an address for a link. */
function socketFindings(opened: Awaited<ReturnType<NonNullable<SlackInspector["socket"]>>>): readonly Finding[] {
  if (opened.type === "done") return [];
  return [
    wanting("slack", {
      what: opened.type === "later" ? `Slack gave no address for a link (${opened.why}).` : `Slack refuses the app token (${opened.why}).`,
      why: "Over Socket Mode nothing that people press, type or send reaches Latchkey without a link.",
      todo:
        opened.type === "later"
          ? "Try again in a moment. If it stays so: does this machine reach https://slack.com, through the proxy that it needs?"
          : "Copy an app-level token of this app with the scope connections:write (Basic Information > App-Level Tokens) into SLACK_APP_TOKEN.",
    }),
  ];
}

function unsaid(): Finding {
  return note("slack", {
    what: "The answer did not say which scopes the token has.",
    why: "A proxy before Slack may have dropped the header x-oauth-scopes.",
    todo: "Compare OAuth & Permissions in the app's settings with manifests/slack.yaml by eye.",
  });
}

function scopeFindings(scopes: readonly string[]): readonly Finding[] {
  const missing = Object.entries(SLACK_SCOPES)
    .filter(([scope]) => !scopes.includes(scope))
    .map(([scope, without]) =>
      wanting("slack", {
        what: `The token lacks the scope ${scope}.`,
        why: `Without it ${without}.`,
        todo: "Add it under OAuth & Permissions (Bot Token Scopes), then install the app to the workspace again.",
      }),
    );
  const spare = scopes.filter((scope) => !(scope in SLACK_SCOPES) && !WELCOME.includes(scope));
  if (spare.length === 0) return missing;
  return [
    ...missing,
    note("slack", {
      what: `The token has scopes that Latchkey doesn't use: ${someOf(spare)}.`,
      why: "Whoever steals the token could do that too.",
      todo: "Remove them under OAuth & Permissions, then install the app again.",
    }),
  ];
}

export async function examineChannels(db: Db, slack: SlackInspector): Promise<Examined> {
  const area = "channels";
  const named = await namedChannels(db);
  const seen = await slack.channels();
  if (seen.type !== "done")
    return {
      area,
      stands: `could not be looked up (${seen.why})`,
      findings: [
        wanting(area, {
          what: `Slack did not list its channels (${seen.why}).`,
          why: "Cards for groups can't be placed by a channel's name.",
          todo: "See to the token and its scopes channels:read and groups:read first.",
        }),
      ],
    };
  const findings = named.flatMap(({ channel, of }) => {
    const found = seen.value.find((one) => one.id === channel || one.name === channel);
    if (found?.botIsIn) return [];
    const why = "Its cards go to each member's direct messages instead, and administrators are told once a day.";
    return [
      found
        ? wanting(area, {
            what: `The bot is not in #${found.name} (${someOf(of)}).`,
            why,
            todo: `In #${found.name}, write: /invite @Latchkey`,
          })
        : wanting(area, {
            what: `There is no channel "${channel}" that the bot could see (${someOf(of)}).`,
            why,
            todo: "Correct its name in latchkey.yaml. If it is private, invite the bot there: /invite @Latchkey",
          }),
    ];
  });
  return { area, stands: `${named.length - findings.length} of ${named.length} that the configuration names take cards`, findings };
}
