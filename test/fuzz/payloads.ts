/** Envelopes as Slack sends them, one of each kind that Latchkey deals with: what the fuzzers damage. */
import { actionValueOf } from "../../src/channels/slack/actions.ts";
import { metadataOf } from "../../src/channels/slack/purposes.ts";

export const TEAM = "T0ACME";
const TASK = "0199c0de-0000-7000-8000-000000000001";
const user = { id: "UANA", username: "ana", name: "ana", team_id: TEAM };
const team = { id: TEAM, domain: "acme" };
const sender = { user, team, api_app_id: "A0", token: "x", trigger_id: "1.2.abc", enterprise: null, is_enterprise_install: false };
const seen = { platform: "slack", conversation: "C1", message: "1.1" };

export const VALUES: readonly string[] = [
  actionValueOf({ kind: "act", verb: "approve", face: 3, task: TASK }),
  actionValueOf({ kind: "act", verb: "report-error", face: 12, task: TASK }),
  actionValueOf({ kind: "act-on-line", verb: "withdraw", line: TASK }),
  actionValueOf({ kind: "show", task: TASK }),
  actionValueOf({ kind: "show", task: TASK, page: 2 }),
  actionValueOf({ kind: "show-request", number: 12, page: 1 }),
  actionValueOf({ kind: "ask", application: "salesforce" }),
  actionValueOf({ kind: "ask", application: null, line: TASK }),
  actionValueOf({ kind: "page", list: "late", page: 3 }),
];

export const METADATA: readonly string[] = [
  metadataOf({
    purpose: { kind: "ask", words: "crm reports", application: "salesforce", beneficiary: "E7" },
    seen,
    limits: "abc",
    page: 1,
  }),
  metadataOf({ purpose: { kind: "ask", words: "", application: null, beneficiary: null }, seen: null }),
  metadataOf({ purpose: { kind: "act", verb: "reject", task: TASK, face: 3 }, seen }),
  metadataOf({ purpose: { kind: "act", verb: "reassign", task: TASK, face: 0 }, seen: null }),
  metadataOf({ purpose: { kind: "act-on-line", verb: "cancel", line: TASK }, seen }),
];

function input(action: string): object {
  return {
    type: "input",
    block_id: `${action}#1`,
    label: { type: "plain_text", text: "x" },
    element: { type: "plain_text_input", action_id: action },
  };
}

function view(metadata: string, state: object): object {
  return {
    id: "V1",
    team_id: TEAM,
    app_installed_team_id: TEAM,
    type: "modal",
    callback_id: "ask",
    hash: "1.h",
    private_metadata: metadata,
    blocks: [input("in.application"), input("in.form.region"), input("tick.form.agreed"), { type: "section", block_id: "s" }],
    state: { values: state },
  };
}

const STATE = {
  "application#1": {
    "in.application": {
      type: "external_select",
      selected_option: { text: { type: "plain_text", text: "Salesforce" }, value: "salesforce" },
    },
  },
  "entitlements#1": { "in.entitlements": { type: "checkboxes", selected_options: [{ value: "reports" }, { value: "admin" }] } },
  "region#1": { "in.form.region": { type: "static_select", selected_option: { value: "EMEA" } } },
  "justification#1": { "in.justification": { type: "plain_text_input", value: "For the quarter's end" } },
  "until#1": {
    "in.until": { type: "static_select", selected_option: { value: "date" } },
    "in.until_date": { type: "datepicker", selected_date: "2027-01-31" },
  },
  "agreed#1": { "tick.form.agreed": { type: "checkboxes", selected_options: [{ value: "yes" }] } },
  "reason#1": {
    "in.reason": { type: "plain_text_input", value: "not needed" },
    "in.login": { value: null },
    "in.to": { selected_options: [{ value: "E7" }] },
  },
};

export const CLICK = {
  type: "block_actions",
  ...sender,
  response_url: "https://hooks.slack.com/actions/T0ACME/1/abc",
  container: { type: "message", message_ts: "1.1", channel_id: "C1", is_ephemeral: false },
  channel: { id: "C1", name: "approvals" },
  message: { type: "message", ts: "1.1", bot_id: "B1", text: "x", blocks: [] },
  actions: [
    {
      type: "button",
      action_id: "do.approve",
      block_id: "b",
      value: VALUES[0],
      action_ts: "1.5",
      text: { type: "plain_text", text: "Approve" },
    },
  ],
};
const PRESS_AT_HOME = {
  ...CLICK,
  container: { type: "view", view_id: "V1" },
  message: undefined,
  channel: undefined,
  view: { id: "V1", type: "home", private_metadata: "1,0,2,0", blocks: [], state: { values: {} }, hash: "1.h", callback_id: "" },
  actions: [{ ...CLICK.actions[0], action_id: "do.page-tasks", value: VALUES[8] }],
};
const CHOICE_IN_FORM = {
  type: "block_actions",
  ...sender,
  container: { type: "view", view_id: "V1" },
  view: view(METADATA[0] ?? "", STATE),
  actions: [
    {
      type: "external_select",
      action_id: "in.application",
      block_id: "application#1",
      action_ts: "1.5",
      selected_option: { value: "salesforce" },
    },
  ],
};
export const SUBMISSION = { type: "view_submission", ...sender, view: view(METADATA[0] ?? "", STATE), response_urls: [] };
const DECISION_FORM = { type: "view_submission", ...sender, view: view(METADATA[2] ?? "", STATE), response_urls: [] };
const SUGGESTION = {
  type: "block_suggestion",
  ...sender,
  container: { type: "view", view_id: "V1" },
  view: view(METADATA[1] ?? "", STATE),
  action_id: "in.application",
  block_id: "application#1",
  value: "sales &amp; more",
};
const SHORTCUT = { type: "shortcut", ...sender, callback_id: "request_access", action_ts: "1.5" };
const CLOSED = { type: "view_closed", ...sender, view: view(METADATA[0] ?? "", STATE), is_cleared: true };
export const COMMAND = {
  command: "/access",
  text: "reassign 12 <@U0BO|bo>, cy@acme.example: on leave",
  user_id: "UANA",
  user_name: "ana",
  team_id: TEAM,
  channel_id: "C1",
  trigger_id: "1.2.abc",
  response_url: "https://hooks.slack.com/commands/T0ACME/1/abc",
};
const ASKING = { ...COMMAND, command: "/request-access", text: "salesforce reports" };

function event(it: object): object {
  return {
    type: "event_callback",
    team_id: TEAM,
    api_app_id: "A0",
    event_id: "Ev1",
    event_time: 1,
    authorizations: [{ team_id: TEAM, user_id: "UBOT", is_bot: true }],
    event: it,
  };
}

const SAID = {
  type: "message",
  channel_type: "im",
  user: "UANA",
  channel: "D1",
  ts: "1.1",
  thread_ts: "1.0",
  text: "approve 12 looks good",
  team: TEAM,
};
export const EVENTS: readonly object[] = [
  event(SAID),
  event({
    type: "app_home_opened",
    user: "UANA",
    tab: "home",
    channel: "D1",
    view: { id: "V1", team_id: TEAM, type: "home", private_metadata: "0,0,0,0" },
  }),
  event({ type: "channel_rename", channel: { id: "C1", name: "renamed", created: 1 } }),
  event({ type: "channel_archive", channel: "C1", user: "UANA" }),
  event({ type: "member_joined_channel", user: "UBOT", channel: "C1", channel_type: "C", team: TEAM }),
  event({
    type: "user_change",
    user: {
      id: "UANA",
      team_id: TEAM,
      deleted: false,
      is_bot: false,
      profile: { email: "ana@acme.example" },
      enterprise_user: { teams: [TEAM] },
    },
  }),
];

/** Everything that comes as JSON in a form's `payload`, or over a socket as `interactive`. */
export const INTERACTIVE: readonly object[] = [
  CLICK,
  PRESS_AT_HOME,
  CHOICE_IN_FORM,
  SUBMISSION,
  DECISION_FORM,
  SUGGESTION,
  SHORTCUT,
  CLOSED,
];
export const COMMANDS: readonly object[] = [COMMAND, ASKING];
