/** The Slack app manifest asks for what the code answers and calls, and for nothing more: read from the code's own syntax, both ways. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WebClient } from "@slack/web-api";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { BUTTON_ID } from "../src/channels/slack/actions.ts";
import { SCOPES } from "../src/channels/slack/inspect.ts";
import { manifestSlack } from "../src/cli/manifest-command.ts";
import { en } from "../src/texts/en.ts";

const manifest = parse(readFileSync("manifests/slack.yaml", "utf8"));

/**
 * Scopes that a bot token needs for a method, from docs.slack.dev/reference/methods/<method>; of conversations.* those for the kinds of conversation that
 * are used. A method that is called and isn't listed fails the tests.
 */
const SCOPES_OF_METHOD: Readonly<Record<string, readonly string[]>> = {
  // The app-level token's own, connections:write, which no manifest can ask for.
  "apps.connections.open": [],
  "auth.test": [],
  "chat.postEphemeral": ["chat:write"],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  // Asked of direct messages; of channels too, where a refusal for want of scope means no more than that a card may stand there twice.
  "conversations.history": ["im:history"],
  "conversations.info": ["channels:read", "groups:read"],
  "conversations.list": ["channels:read", "groups:read"],
  "conversations.open": ["im:write"],
  "conversations.replies": ["im:history"],
  "users.info": ["users:read", "users:read.email"],
  "users.lookupByEmail": ["users:read.email"],
  "views.open": [],
  "views.publish": [],
  "views.update": [],
};

/** Scopes without which Slack sends no such event, from docs.slack.dev/reference/events/<event>. */
const SCOPES_OF_EVENT: Readonly<Record<string, readonly string[]>> = {
  app_home_opened: [],
  app_uninstalled: [],
  channel_archive: ["channels:read"],
  channel_deleted: ["channels:read"],
  channel_left: ["channels:read"],
  channel_rename: ["channels:read"],
  channel_unarchive: ["channels:read"],
  group_archive: ["groups:read"],
  group_deleted: ["groups:read"],
  group_left: ["groups:read"],
  group_rename: ["groups:read"],
  group_unarchive: ["groups:read"],
  member_joined_channel: ["channels:read", "groups:read"],
  "message.im": ["im:history"],
  team_join: ["users:read"],
  tokens_revoked: [],
  user_change: ["users:read"],
};

interface Call {
  readonly file: string;
  /** `chat.update` of `desk.interactive.chat.update(...)`; `command` of `app.command(...)`. */
  readonly chain: readonly string[];
  readonly first: ts.Expression | undefined;
  readonly source: ts.SourceFile;
}

/** Every call of the server's code, by the names that lead to it. The playground plays Slack and the people, not the app. */
function calls(): readonly Call[] {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.startsWith("playground"),
  );
  return files.flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(join("src", file), "utf8"), ts.ScriptTarget.Latest, true);
    const found: Call[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) found.push({ file, chain: chainOf(node.expression), first: node.arguments[0], source });
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

function chainOf(expression: ts.Expression): readonly string[] {
  if (ts.isIdentifier(expression)) return [expression.text];
  if (ts.isPropertyAccessExpression(expression)) return [...chainOf(expression.expression), expression.name.text];
  return [];
}

const CALLS = calls();
const web = new WebClient() as unknown as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
const literal = ({ first }: Call) => (first && ts.isStringLiteral(first) ? first.text : null);
/** What is registered with Bolt's App: `app.event("...")`, `app.command(...)`. */
const registered = (kind: string) => CALLS.filter(({ chain }) => chain.length === 2 && chain[0] === "app" && chain[1] === kind);

function methodsCalled(): readonly string[] {
  const named = CALLS.flatMap(({ chain }) => {
    const [family = "", method = ""] = chain.slice(-2);
    return chain.length > 2 && typeof web[family]?.[method] === "function" ? [`${family}.${method}`] : [];
  });
  const spelt = CALLS.filter(({ chain }) => chain.at(-1) === "apiCall").map(
    (call) => literal(call) ?? `of a name worked out in ${call.file}`,
  );
  return [...new Set([...named, ...spelt])].sort();
}

const heard = registered("event").map((call) => literal(call));
const events = heard.map((event) => (event === "message" ? "message.im" : (event ?? "an event of a name worked out")));

describe("scopes", () => {
  test("every method that is called is known, with the scopes that it needs", () => {
    expect(methodsCalled().length).toBeGreaterThan(10);
    expect(methodsCalled().filter((method) => !(method in SCOPES_OF_METHOD))).toEqual([]);
  });

  test("the manifest asks for those of the methods called, of the events heard and of the commands, each once, and for no other", () => {
    const needed = [
      "commands",
      ...methodsCalled().flatMap((method) => SCOPES_OF_METHOD[method] ?? []),
      ...events.flatMap((event) => SCOPES_OF_EVENT[event] ?? []),
    ];
    expect(manifest.oauth_config.scopes.bot).toEqual([...new Set(needed)].sort());
    expect(Object.keys(manifest.oauth_config.scopes)).toEqual(["bot"]);
  });

  test("channels are looked for among public and private ones, which is what the two scopes are for", () => {
    const code = readdirSync("src/channels/slack").map((name) => readFileSync(join("src/channels/slack", name), "utf8"));
    expect(code.join("\n")).toContain('types: "public_channel,private_channel"');
  });

  test("doctor compares the token with the very same scopes", () => {
    expect(Object.keys(SCOPES).toSorted()).toEqual([...manifest.oauth_config.scopes.bot].toSorted());
  });
});

describe("listeners", () => {
  test("the events are those that a listener hears, and no other", () => {
    expect(events.filter((event) => !(event in SCOPES_OF_EVENT))).toEqual([]);
    expect([...manifest.settings.event_subscriptions.bot_events].toSorted()).toEqual([...new Set(events)].toSorted());
    // Of messages only those of the direct conversation with the app are read.
    expect(readFileSync("src/channels/slack/listeners.ts", "utf8")).toMatch(/text\(event, "channel_type"\) !== "im"/);
  });

  test("commands, shortcuts, buttons, forms and searches each have a listener, and the manifest lets each of them in", () => {
    const { features, settings } = manifest;
    const kinds = { command: features.slash_commands.length, shortcut: features.shortcuts.length };
    for (const [kind, entries] of Object.entries(kinds)) expect([kind, registered(kind).length > 0]).toEqual([kind, entries > 0]);
    expect(["action", "view"].map((kind) => registered(kind).length > 0)).toEqual([true, true]);
    expect(settings.interactivity.is_enabled).toBe(true);
    expect(registered("options").length > 0).toBe("message_menu_options_url" in settings.interactivity);
    expect(features.app_home).toEqual({ home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false });
    // What Bolt can listen to besides would need entries of its own.
    expect(["message", "step", "function", "assistant"].flatMap(registered)).toEqual([]);
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

  test("the shortcut is named like the button that does the same, and passes for none of the cards' buttons", () => {
    const [shortcut] = manifest.features.shortcuts;
    expect(shortcut).toMatchObject({ name: en.buttons.ask, type: "global" });
    expect(shortcut.callback_id).not.toMatch(BUTTON_ID);
  });
});

describe("the file", () => {
  test("everything comes to the one signed route, and what opens a form has a place to ask for options", () => {
    const route = "https://latchkey.example.com/slack/events";
    const { event_subscriptions, interactivity, ...settings } = manifest.settings;
    expect(event_subscriptions.request_url).toBe(route);
    expect(interactivity).toEqual({ is_enabled: true, request_url: route, message_menu_options_url: route });
    expect(manifest.features.slash_commands.map((one: { url: string }) => one.url)).toEqual([route, route]);
    expect(settings).toEqual({ org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false });
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
});

describe("latchkey manifest slack", () => {
  const printed = async (options: Parameters<typeof manifestSlack>[0]) => {
    const said = await manifestSlack(options);
    expect(said).toMatchObject({ ok: true });
    const read = parse(said.lines.join("\n"));
    expect(read).toEqual(said.json.manifest);
    return { read, text: said.lines.join("\n") };
  };

  test.each([
    ["https://access.acme.example", "https://access.acme.example/slack/events"],
    ["https://access.acme.example/", "https://access.acme.example/slack/events"],
    ["https://acme.example:8443/latchkey/", "https://acme.example:8443/latchkey/slack/events"],
    ["https://access.acme.example/slack/events", "https://access.acme.example/slack/events"],
  ])("writes %s into every place for an address, and changes nothing else", async (url, route) => {
    const { read, text } = await printed({ url });
    expect(text).not.toContain("latchkey.example.com");
    const wanted = readFileSync("manifests/slack.yaml", "utf8").replaceAll("https://latchkey.example.com/slack/events", route);
    expect(read).toEqual(parse(wanted));
    // What each scope is for is said to whoever reads it in Slack's form.
    expect(text).toMatch(/- chat:write # \w+/);
  });

  test("for Socket Mode it holds no address at all, with or without one given", async () => {
    for (const url of [{}, { url: "https://access.acme.example" }]) {
      const { read, text } = await printed({ ...url, socket: true });
      expect(text).not.toMatch(/https?:/);
      expect(read.settings.socket_mode_enabled).toBe(true);
      expect(read.settings.interactivity).toEqual({ is_enabled: true });
      expect(read.settings.event_subscriptions).toEqual({ bot_events: manifest.settings.event_subscriptions.bot_events });
      expect(read.oauth_config).toEqual(manifest.oauth_config);
      expect(read.features.slash_commands).toHaveLength(manifest.features.slash_commands.length);
    }
  });

  test("calls the app what it is told, whatever stands in the name", async () => {
    for (const name of ["Access desk", "yes", "a: b # c", '"quoted"']) {
      const { read } = await printed({ socket: true, name });
      expect([read.display_information.name, read.features.bot_user.display_name]).toEqual([name, name]);
    }
  });

  test.each([
    [{ url: "http://access.acme.example" }, "begin with https://"],
    [{ url: "access.acme.example" }, "Write it with https:// in front"],
    [{ url: "https://user:secret@acme.example" }, "Leave out of the address"],
    [{ url: "https://acme.example/?a=b" }, "Leave out of the address"],
    [{ url: "https://localhost:3000" }, "Slack can't reach localhost"],
    [{ url: "https://127.0.0.1" }, "Slack can't reach 127.0.0.1"],
    [{ url: "http://acme.example", socket: true }, "begin with https://"],
    [{ url: "https://acme.example", name: " " }, "The name is empty"],
    [{ socket: true, name: "x".repeat(36) }, "has 36 characters"],
    [{}, "--socket"],
  ])("refuses %j in a sentence", async (options, sentence) => {
    const said = await manifestSlack(options);
    expect(said.ok).toBe(false);
    expect(said.lines).toEqual([expect.stringContaining(sentence)]);
  });
});
