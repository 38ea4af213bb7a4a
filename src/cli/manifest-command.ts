/** `latchkey manifest slack`: the app manifest with this installation's address, ready to paste at api.slack.com/apps. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Document, parseDocument } from "yaml";
import { failed, type Said } from "./said.ts";

export interface ManifestOptions {
  /** Where Slack reaches this Latchkey, such as https://latchkey.example.com; not needed for Socket Mode. */
  readonly url?: string;
  /** Socket Mode: Latchkey keeps the connection, and Slack needs no address. */
  readonly socket?: boolean;
  /** What the app is called in Slack; default: Latchkey. */
  readonly name?: string;
}

const MANIFEST = fileURLToPath(new URL("../../manifests/slack.yaml", import.meta.url));
/** The one route that Slack's requests come in by. */
const ROUTE = "/slack/events";
/** docs.slack.dev/reference/app-manifest, display_information.name. */
const LONGEST_NAME = 35;

/** Prints the manifest; `json.manifest` is the same as an object. Refused is what Slack would refuse, or what could never work. */
export async function manifestSlack({ url, socket = false, name }: ManifestOptions): Promise<Said> {
  const problems = [...(url === undefined ? [] : urlProblems(url)), ...(name === undefined ? [] : nameProblems(name))];
  if (url === undefined && !socket)
    problems.push(
      "Say where Slack reaches Latchkey: --url https://latchkey.example.com. For Socket Mode, which needs no address: --socket",
    );
  if (problems.length > 0) return failed(problems);
  const manifest = parseDocument(await readFile(MANIFEST, "utf8"));
  // The file's own heading speaks to whoever edits it by hand.
  manifest.commentBefore = null;
  if (name !== undefined) {
    manifest.setIn(["display_information", "name"], name.trim());
    manifest.setIn(["features", "bot_user", "display_name"], name.trim());
  }
  if (socket) withoutAddresses(manifest);
  else if (url !== undefined) withAddress(manifest, requestUrl(url));
  return { ok: true, lines: [manifest.toString({ lineWidth: 0 }).trimEnd()], json: { manifest: manifest.toJS() as unknown } };
}

function urlProblems(text: string): string[] {
  if (!URL.canParse(text)) return [`"${text}" is no address. Write it with https:// in front, such as https://latchkey.example.com`];
  const url = new URL(text);
  if (url.protocol !== "https:")
    return [
      `Slack calls only addresses that begin with https://, and this one begins with ${url.protocol}// . Put TLS in front of Latchkey, or use --socket.`,
    ];
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return ["Leave out of the address whatever is no host or path: user, password, ? and #."];
  if (/^(localhost|127\.|0\.0\.0\.0$|\[::1?\]$)/.test(url.hostname))
    return [`Slack can't reach ${url.hostname}: that is this machine alone. Name the address by which others reach it, or use --socket.`];
  return [];
}

function nameProblems(name: string): string[] {
  const length = [...name.trim()].length;
  if (length === 0) return ["The name is empty. Leave --name out for Latchkey."];
  return length > LONGEST_NAME ? [`The name has ${length} characters; Slack takes ${LONGEST_NAME}.`] : [];
}

function requestUrl(text: string): string {
  const base = new URL(text).href.replace(/\/+$/, "");
  return base.endsWith(ROUTE) ? base : base + ROUTE;
}

/** Every place of the manifest that holds an address. */
function addresses(manifest: Document): readonly (readonly (string | number)[])[] {
  const { features } = manifest.toJS() as { readonly features: { readonly slash_commands: readonly unknown[] } };
  return [
    ...features.slash_commands.map((_, at) => ["features", "slash_commands", at, "url"]),
    ["settings", "event_subscriptions", "request_url"],
    ["settings", "interactivity", "request_url"],
    ["settings", "interactivity", "message_menu_options_url"],
  ];
}

function withAddress(manifest: Document, url: string): void {
  for (const path of addresses(manifest)) manifest.setIn(path, url);
}

function withoutAddresses(manifest: Document): void {
  for (const path of addresses(manifest)) manifest.deleteIn(path);
  manifest.setIn(["settings", "socket_mode_enabled"], true);
}
