/** Slack's Web API over HTTP: tokens, methods, error envelopes, and the faults that a test has asked for. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { argumentsOf, bodyOf } from "./arguments.ts";
import type { Method } from "./methods.ts";
import { CHAT_METHODS } from "./methods-chat.ts";
import { VIEW_METHODS } from "./methods-views.ts";
import { WORKSPACE_METHODS } from "./methods-workspace.ts";
import { retryAfter } from "./rate-limits.ts";
import { type Outcome, type Refused, refused } from "./workspace.ts";
import type { Fault, Json, World } from "./world.ts";

const METHODS: { readonly [name: string]: Method } = { ...CHAT_METHODS, ...WORKSPACE_METHODS, ...VIEW_METHODS };

/** How many of the app's calls are remembered for tests. */
const REMEMBERED_CALLS = 10_000;

/** Answers `POST /api/<method>`. */
export async function webApi(
  world: World,
  botToken: string,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const query = new URL(request.url ?? "", "http://stand-in").searchParams;
  const args = argumentsOf(query, request.headers["content-type"] ?? "", await bodyOf(request));
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? (args.ok ? args.value.text("token") : undefined);
  const trouble = args.ok ? takeFaults(world, name, args.value.text("channel")) : [];
  if (await obstructed(trouble, response)) return;
  const seconds = world.rateLimits && args.ok ? retryAfter(world, name, args.value.text("channel")) : undefined;
  if (seconds !== undefined) return answer(response, 429, { ok: false, error: "ratelimited" }, { "retry-after": String(seconds) });

  let outcome: Outcome<Json>;
  const refusal = trouble.find((each) => each.type === "refuse");
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (token === undefined) outcome = refused("not_authed");
  else if (token !== botToken) outcome = refused("invalid_auth");
  else if (world.token !== null) outcome = refused(world.token);
  else if (!args.ok) outcome = args;
  else if (refusal) outcome = refused(refusal.error);
  else if (!method) outcome = { ok: false, error: "unknown_method" };
  else outcome = method(world, args.value);

  remember(world, name, args.ok ? args.value.all : {}, outcome);
  const { scopes } = world.app;
  const headers = scopes && token === botToken ? { "x-oauth-scopes": scopes.join(",") } : {};
  const body = outcome.ok ? { ok: true, ...outcome.value } : refusalBody(outcome, name);
  if (!(await lost(trouble, response, body))) answer(response, 200, body, headers);
}

/** What was done is done, and the app doesn't get to hear it; true when that is so. */
async function lost(trouble: readonly Fault[], response: ServerResponse, body: object): Promise<boolean> {
  for (const fault of trouble) {
    if (fault.type === "dropAfterDelivery") response.destroy();
    else if (fault.type === "failAfterDelivery") answer(response, fault.status, { ok: false, error: "internal_error" });
    else if (fault.type === "truncateAfterDelivery") {
      const text = JSON.stringify(body);
      response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(text.slice(0, text.length / 2));
    } else if (fault.type === "hangAfterDelivery") await once(response, "close");
    else continue;
    return true;
  }
  return false;
}

/** The faults that apply to this call; those that count down are used up by it. */
export function takeFaults(world: World, method: string, channel?: string): readonly Fault[] {
  const matching = world.faults.filter(
    (each) => (each.method === method || each.method === "*") && (each.channel === undefined || each.channel === channel),
  );
  for (const fault of matching) {
    if (fault.times === undefined) continue;
    fault.times -= 1;
    if (fault.times <= 0) world.faults.splice(world.faults.indexOf(fault), 1);
  }
  return matching;
}

/** Waits, or answers in the method's place; true when the answer is given. */
export async function obstructed(trouble: readonly Fault[], response: ServerResponse): Promise<boolean> {
  for (const fault of trouble) {
    if (fault.type === "delay") await pause(fault.ms);
    if (fault.type === "rateLimit") {
      const header = fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
      answer(response, 429, { ok: false, error: "ratelimited" }, header);
      return true;
    }
    if (fault.type === "fail") {
      answer(response, fault.status, { ok: false, error: "internal_error" });
      return true;
    }
  }
  return false;
}

function refusalBody(outcome: Refused, name: string): Json {
  const said = outcome.messages?.map((each) => `[ERROR] ${each}`);
  return {
    ok: false,
    error: outcome.error,
    ...(outcome.error === "unknown_method" ? { req_method: name } : {}),
    ...(outcome.messages && said ? { errors: outcome.messages, response_metadata: { messages: said } } : {}),
  };
}

function remember(world: World, method: string, args: Json, outcome: Outcome<Json>): void {
  const { token: _, ...rest } = args;
  world.calls.push({ method, args: rest, ok: outcome.ok, ...(outcome.ok ? {} : { error: outcome.error }) });
  if (world.calls.length > REMEMBERED_CALLS) world.calls.shift();
}

export function answer(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}
