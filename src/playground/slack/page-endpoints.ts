/** The playground page's way in: a person's snapshot, a stream of changes, and the acts. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { act, type Slack } from "./acts.ts";
import { bodyOf } from "./arguments.ts";
import { isObject } from "./checks.ts";
import type { ActRequest, Changed } from "./page-interface.ts";
import { news, snapshot } from "./snapshot.ts";
import { answer } from "./web-api.ts";

/** Changes closer together than this come as one event. */
const GATHER_MS = 30;
/** A comment line keeps proxies from closing a quiet stream. */
const STAY_ALIVE_MS = 20_000;

export async function page(slack: Slack, name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const user = new URL(request.url ?? "", "http://stand-in").searchParams.get("user") || someone(slack.world);
  if (name === "state" && request.method === "GET") {
    const seen = snapshot(slack.world, user);
    return seen
      ? answer(response, 200, seen, { "cache-control": "no-store" })
      : answer(response, 404, { ok: false, error: "user_not_found" });
  }
  if (name === "events" && request.method === "GET") return stream(slack, response);
  if (name === "act" && request.method === "POST") return perform(slack, request, response);
  answer(response, 404, { ok: false, error: "not_found" });
}

function stream({ world }: Slack, response: ServerResponse): void {
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    connection: "keep-alive",
    "x-accel-buffering": "no",
  });
  let soon: NodeJS.Timeout | undefined;
  const tell = () => {
    soon = undefined;
    const change: Changed = { version: world.version, news: news(world) };
    response.write(`data: ${JSON.stringify(change)}\n\n`);
  };
  const watch = () => {
    soon ??= setTimeout(tell, GATHER_MS);
  };
  const alive = setInterval(() => response.write(": still here\n\n"), STAY_ALIVE_MS).unref();
  world.watchers.add(watch);
  response.on("close", () => {
    world.watchers.delete(watch);
    clearTimeout(soon);
    clearInterval(alive);
  });
  tell();
}

const ACTS: readonly ActRequest["type"][] = [
  "command",
  "click",
  "change",
  "fill",
  "suggest",
  "submit",
  "close",
  "home",
  "message",
  "shortcut",
  "read",
  "dismiss",
];
/** What an act must carry as text, so that a malformed request is refused and not half done. */
const NEEDS: { readonly [type in ActRequest["type"]]: readonly string[] } = {
  command: ["channel", "text"],
  click: ["block_id", "action_id"],
  change: ["block_id", "action_id"],
  fill: [],
  suggest: ["block_id", "action_id", "query"],
  submit: ["view"],
  close: ["view"],
  home: [],
  message: ["channel", "text"],
  shortcut: ["callback_id"],
  read: ["channel"],
  dismiss: ["channel", "message"],
};

async function perform(slack: Slack, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let asked: unknown;
  try {
    asked = JSON.parse(await bodyOf(request));
  } catch {
    return answer(response, 400, { ok: false, error: "invalid_json", seen: "That request is not JSON." });
  }
  if (!isActRequest(asked))
    return answer(response, 400, { ok: false, error: "invalid_arguments", seen: "That request is not one of the page's acts." });
  const { user, ...what } = asked;
  answer(response, 200, await act(slack, user, what));
}

function isActRequest(asked: unknown): asked is ActRequest {
  if (!isObject(asked) || typeof asked.user !== "string") return false;
  const type = ACTS.find((each) => each === asked.type);
  if (!type || NEEDS[type].some((name) => typeof asked[name] !== "string")) return false;
  const inPlace = ["click", "change", "fill", "suggest"].includes(type);
  if (
    inPlace &&
    !(
      isObject(asked.in) &&
      (typeof asked.in.view === "string" || (typeof asked.in.channel === "string" && typeof asked.in.message === "string"))
    )
  )
    return false;
  const isTyped = (value: unknown) =>
    value === null || typeof value === "string" || (Array.isArray(value) && value.every((each) => typeof each === "string"));
  if (type === "change" && !isTyped(asked.value)) return false;
  if (!isMentions(asked.mentions ?? [])) return false;
  const values = type === "fill" ? asked.values : (asked.values ?? {});
  return isObject(values) && Object.values(values).every((block) => isObject(block) && Object.values(block).every(isTyped));
}

const isMentions = (given: unknown): boolean =>
  Array.isArray(given) && given.every((each) => isObject(each) && typeof each.text === "string" && typeof each.user === "string");

/** Whoever comes without saying who they are is the first person of the workspace. */
function someone(world: Slack["world"]): string {
  return [...world.users.values()].find((user) => !user.is_bot && !user.deleted)?.id ?? "";
}
