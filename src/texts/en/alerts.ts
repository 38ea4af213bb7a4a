/** What administrators are told, so that they can mend it. */
import type { About, Said } from "../say.ts";
import { say } from "../say.ts";
import { request } from "./answers.ts";

/** Why a card can't be delivered, by the word that delivery or Slack gives; other words are shown as they are. */
export const undelivered: Readonly<Record<string, string>> = {
  "not-linked": "no chat account is known for them",
  "not-active": "they are not active",
  "not-a-member": "their chat account is no full member's",
  "no-workspace": "no workspace is configured",
  not_in_channel: "the app is not in that channel",
  channel_not_found: "there is no such channel, or the app can't see it",
  is_archived: "the channel is archived",
  user_not_found: "Slack doesn't know the account",
  users_not_found: "Slack doesn't know the account",
  user_not_visible: "Slack doesn't show the account to the app",
  cannot_dm_bot: "the account is a bot's",
  messages_tab_disabled: "the app's messages tab is switched off in its settings (App Home)",
  restricted_action: "the workspace's settings keep the app from writing there",
  token_revoked: "the app's token was revoked",
  invalid_auth: "the app's token is not valid",
  token_expired: "the app's token has run out",
  missing_scope: "the app lacks a right: compare its scopes with the manifest",
  user_disabled: "the account is switched off",
  account_inactive: "the account is switched off, or the app was uninstalled",
  message_not_found: "the card was deleted",
  link_disabled: "Socket Mode is switched off in the app's settings",
};

/** Why those whom the configuration names could not be asked, by the rules' own word. */
export const causes: Readonly<Record<string, string>> = {
  none: "no manager or group member is known",
  "own-request": "the only ones named asked for it or receive it",
  "not-active": "whoever is named is on leave or has left",
  "not-reachable": "no chat account is known for whoever is named",
  "too-few": "fewer people can act than have to approve",
};

/** "Request 12 (Salesforce, for Anna Lind)" */
function described<P>(about: About<P>): Said<P> {
  const { application, by } = about;
  if (application === null && by === null) return request(about);
  const who = by === null ? null : say<P>`${application === null ? "" : ", "}for ${by}`;
  return say<P>`${request(about)} (${application}${who})`;
}

/** For administrators. */
export const alerts = {
  "fallback-used": {
    title: "Other people were asked",
    text: <P>(about: About<P>): Said<P> =>
      say<P>`${described(about)} went to ${about.to === null ? "a stand-in" : say<P>`${about.to} instead`}: ${about.cause ?? "nobody whom the configuration names can act"}.`,
    next: "Check in the configuration who decides and who does the setup.",
  },
  "nobody-to-ask": {
    title: "Nobody can act",
    text: <P>(about: About<P>): Said<P> =>
      say<P>`${described(about)} waits, and nobody is left to ask${about.cause === null ? null : say<P>`: ${about.cause}`}.`,
    next: "If a group is asked, add active people to it and apply the configuration. If a person is asked, set them active again.",
  },
  "nobody-to-escalate": {
    title: "Late, and nobody else to ask",
    text: <P>(about: About<P>): Said<P> => say<P>`${described(about)} is late, and nobody further up can be asked.`,
    next: "Talk to whoever it waits for, or have somebody else do it.",
  },
  "nobody-can-approve": {
    title: "Nobody can approve",
    text: <P>({ by, application }: About<P>): Said<P> =>
      say<P>`${by === null ? "Somebody" : by} could not ask for ${application === null ? "access" : application}, because nobody can approve it.`,
    next: "Name approvers who are active in the configuration, then apply it.",
  },
  "not-linked": {
    title: "A chat account is not linked",
    text: <P>({ login, home, name, email }: About<P>): Said<P> => {
      const account = login === null ? say<P>`A chat account` : say<P>`The chat account ${login}`;
      const known = name ?? email;
      return say<P>`${account}${home === null ? null : say<P>` in workspace ${home}`}${known === null ? null : say<P>` (${known})`} tried to use Latchkey, but nobody is linked to it.`;
    },
    next: "Put its Slack user id in people.csv, then apply the configuration.",
  },
  "not-a-member": {
    title: "A chat account may not be used",
    text: <P>({ login, home }: About<P>): Said<P> =>
      say<P>`${login === null ? say<P>`A chat account` : say<P>`The chat account ${login}`}${home === null ? null : say<P>` in workspace ${home}`} stands in people.csv, but it belongs to a guest, a bot, another company or somebody switched off.`,
    next: "Put the person's own Slack user id in people.csv, then apply the configuration.",
  },
  "not-delivered": {
    title: "A card could not be delivered",
    text: <P>(about: About<P>): Said<P> => {
      const { to, why } = about;
      return about.number === null
        ? say<P>`Cards can't reach ${to === null ? "somebody" : to} any more${why === null ? null : say<P>`: ${why}`}. What waits there goes to others until then.`
        : say<P>`The card of request ${about.number} did not reach ${to === null ? "its reader" : to}${why === null ? null : say<P>`: ${why}`}.`;
    },
    next: "Invite the app to the channel, or check that the person's chat account is in use.",
  },
  "slack-cut-off": {
    title: "Slack does not reach Latchkey",
    text: <P>({ why }: About<P>): Said<P> =>
      say<P>`Nothing that people press, type or send in Slack reaches Latchkey now${why === null ? null : say<P>`: ${why}`}. What was decided is safe.`,
    next: "At api.slack.com/apps, switch Socket Mode on, and check that the app-level token which Latchkey was given is still there.",
  },
  "shut-out": {
    title: "Slack had shut Latchkey out",
    text: <P>({ why }: About<P>): Said<P> =>
      say<P>`For a while Slack let Latchkey do nothing${why === null ? null : say<P>`: ${why}`}. Cards and messages waited, and come now.`,
    next: "Check who uninstalled the app or took its token away.",
  },
  "effect-dead": {
    title: "Latchkey gave something up",
    text: <P>({ why }: About<P>): Said<P> =>
      say<P>`A card or message failed again and again and is not tried any more${why === null ? null : say<P>` (${why})`}. Decisions are safe.`,
    next: "Look into the log of Latchkey for this time, or ask whoever runs it.",
  },
};
