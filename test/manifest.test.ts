/** The Slack app manifest asks for what the code answers and calls, and for nothing more. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { BUTTON_ID } from "../src/channels/slack/actions.ts";
import { en } from "../src/texts/en.ts";

const CHANNEL = "src/channels/slack";
const code = readdirSync(CHANNEL)
  .map((name) => readFileSync(join(CHANNEL, name), "utf8"))
  .join("\n");
const manifest = parse(readFileSync("manifests/slack.yaml", "utf8"));

/** Scopes that a bot token needs for a method, from the methods' pages of docs.slack.dev; conversations.* by the kinds of conversation used. */
const SCOPES_OF_METHOD: Readonly<Record<string, readonly string[]>> = {
  "auth.test": [],
  "chat.postEphemeral": ["chat:write"],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  // Asked of direct messages; of channels too, where a refusal for want of scope means no more than that a card may stand there twice.
  "conversations.history": ["im:history"],
  "conversations.list": ["channels:read", "groups:read"],
  "conversations.open": ["im:write"],
  "conversations.replies": ["im:history"],
  "users.info": ["users:read", "users:read.email"],
  "users.lookupByEmail": ["users:read.email"],
  "views.open": [],
  "views.publish": [],
  "views.update": [],
};
const SCOPES_OF_EVENT: Readonly<Record<string, readonly string[]>> = { app_home_opened: [], "message.im": ["im:history"] };

/** Every call on a Web API client: `client.chat.update(`, `desk.interactive.views.open(`. */
function methodsCalled(): readonly string[] {
  const calls = code.matchAll(/\b(?:client|delivery|interactive)\.([a-z]+\.[a-zA-Z]+)\(/g);
  return [...new Set([...calls].map(([, method = ""]) => method))].sort();
}

test("the scopes are those of the methods called, of the events heard and of the commands, each once", () => {
  expect(methodsCalled()).toEqual(Object.keys(SCOPES_OF_METHOD));
  expect(code).toContain('types: "public_channel,private_channel"');
  const needed = [
    "commands",
    ...methodsCalled().flatMap((method) => SCOPES_OF_METHOD[method] ?? []),
    ...Object.values(SCOPES_OF_EVENT).flat(),
  ];
  expect(manifest.oauth_config.scopes.bot).toEqual([...new Set(needed)].sort());
  expect(Object.keys(manifest.oauth_config.scopes)).toEqual(["bot"]);
});

test("the events are those that a listener hears", () => {
  const heard = [...code.matchAll(/app\.event\("([a-z_]+)"/g)].map(([, event]) => event);
  // Of messages only those of the direct conversation with the app are read.
  expect(code).toMatch(/text\(event, "channel_type"\) !== "im"/);
  expect(heard.map((event) => (event === "message" ? "message.im" : event))).toEqual(Object.keys(SCOPES_OF_EVENT));
  expect(manifest.settings.event_subscriptions.bot_events).toEqual(Object.keys(SCOPES_OF_EVENT));
});

test("the commands are those that help names, and the words that they take are the ones offered", () => {
  const named = [...new Set(en.help.commands.map((line) => line.split(/\s/)[0]))];
  expect(manifest.features.slash_commands.map((one: { command: string }) => one.command)).toEqual(named);
  const [ask, access] = manifest.features.slash_commands;
  const words = en.help.commands.flatMap((line) => /^\/access (\w+)/.exec(line)?.[1] ?? []);
  expect(access.usage_hint).toBe(`[${words.join("|")}] or a command, such as ${en.typedCommands.approve}`);
  // Only so a mention after the command names an account; what is searched for comes as it was typed.
  expect([ask.should_escape, access.should_escape]).toEqual([false, true]);
  expect(ask.usage_hint).toBe("[application]");
});

test("everything comes to the one signed route, and what opens a form has a place to ask for options", () => {
  const route = "https://latchkey.example.com/slack/events";
  const { event_subscriptions, interactivity, ...settings } = manifest.settings;
  expect(event_subscriptions.request_url).toBe(route);
  expect(interactivity).toEqual({ is_enabled: true, request_url: route, message_menu_options_url: route });
  expect(manifest.features.slash_commands.map((one: { url: string }) => one.url)).toEqual([route, route]);
  expect(settings).toEqual({ org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false });
});

test("the shortcut is named like the button that does the same, and passes for none of the cards' buttons", () => {
  const [shortcut] = manifest.features.shortcuts;
  expect(shortcut).toMatchObject({ name: en.buttons.ask, type: "global" });
  expect(shortcut.callback_id).not.toMatch(BUTTON_ID);
});

test("names and descriptions keep to Slack's limits", () => {
  // docs.slack.dev/reference/app-manifest
  const { display_information: shown, features } = manifest;
  expect(shown.name.length).toBeLessThanOrEqual(35);
  expect(shown.description.length).toBeLessThanOrEqual(140);
  expect(features.bot_user.display_name.length).toBeLessThanOrEqual(80);
  for (const { name, description } of features.shortcuts) {
    expect(name.length).toBeLessThanOrEqual(24);
    expect(description.length).toBeLessThanOrEqual(150);
  }
  for (const { command, description, usage_hint } of features.slash_commands) {
    expect(command.length).toBeLessThanOrEqual(32);
    expect(description.length).toBeLessThanOrEqual(2000);
    expect(usage_hint.length).toBeLessThanOrEqual(1000);
  }
});
