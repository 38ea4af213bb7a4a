/** Posts to a response_url: five times within half an hour, without a token. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf } from "./arguments.ts";
import { isObject } from "./checks.ts";
import { LIMIT } from "./limits.ts";
import { change, find, post, remove } from "./messages.ts";
import { spendResponseUrl } from "./triggers.ts";
import { answer, obstructed, takeFaults } from "./web-api.ts";
import { done, type Outcome, refused } from "./workspace.ts";
import type { Json, ResponseUrl, World } from "./world.ts";

export async function responseUrl(world: World, id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const trouble = takeFaults(world, "response_url");
  if (await obstructed(trouble, response)) return;
  const outcome = respond(world, id, body);
  world.calls.push({ method: "response_url", args: { body }, ok: outcome.ok, ...(outcome.ok ? {} : { error: outcome.error }) });
  if (trouble.some((each) => each.type === "dropAfterDelivery")) response.destroy();
  else if (outcome.ok) answer(response, 200, { ok: true });
  else answer(response, outcome.error.endsWith("_url") ? 404 : 400, { ok: false, error: outcome.error });
}

function respond(world: World, id: string, body: string): Outcome<undefined> {
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    return refused("invalid_payload");
  }
  if (!isObject(said)) return refused("invalid_payload");
  const used = spendResponseUrl(world, id);
  return used.ok ? carryOut(world, used.value, said) : used;
}

function carryOut(world: World, url: ResponseUrl, said: Json): Outcome<undefined> {
  const channel = world.channels.get(url.channel);
  if (!channel) return refused("channel_not_found");
  const original = url.message === undefined ? undefined : find(channel, url.message);
  const content = {
    text: typeof said.text === "string" ? said.text : undefined,
    blocks: said.blocks,
    attachments: said.attachments,
    metadata: said.metadata,
  };
  if (said.delete_original === true) {
    if (!original) return refused("message_not_found");
    remove(world, channel, original);
    return done(undefined);
  }
  if (said.replace_original === true && original) {
    const changed = change(world, original, content, LIMIT.messageText);
    return changed.ok ? done(undefined) : changed;
  }
  const thread = typeof said.thread_ts === "string" ? said.thread_ts : url.thread_ts;
  const posted = post(world, channel, {
    ...content,
    thread_ts: thread,
    ...(said.response_type === "in_channel" ? {} : { visibleTo: url.user }),
  });
  return posted.ok ? done(undefined) : posted;
}
