/** What a person does in Slack: each act changes the workspace, tells the app as Slack would, and comes back with what the person sees. */
import { directMessage } from "./conversations.ts";
import type { Carrier, Delivered } from "./delivery.ts";
import { PRESSED } from "./elements.ts";
import {
  appHomeOpened,
  type BaseUrl,
  blockActions,
  blockSuggestion,
  eventCallback,
  globalShortcut,
  hears,
  messageEvent,
  slashCommand,
  type Where,
} from "./envelope.ts";
import { holdsValue, optionsOf } from "./inputs.ts";
import { escaped, linked, linkedBlock, linkedInCommand } from "./mentions.ts";
import { post, remove, withIds } from "./messages.ts";
import type { Act, ActAnswer, OptionOnPage } from "./page-interface.ts";
import { offer, type Pointed, pointed, put, putAll, seenBy, valuesIn } from "./places.ts";
import { closeModal, submit } from "./submissions.ts";
import { suggestionFaults } from "./validate.ts";
import { changed, type Outcome, refused, SLACKBOT } from "./workspace.ts";
import type { Channel, Json, User, World } from "./world.ts";

export interface Slack {
  readonly world: World;
  readonly carrier: Carrier;
  readonly base: BaseUrl;
}

/** Carries out one act of one person. */
export async function act(slack: Slack, userId: string, what: Act): Promise<ActAnswer> {
  const user = slack.world.users.get(userId);
  if (!user) return failed("user_not_found");
  if (user.deleted || user.is_bot) return failed("account_inactive");
  switch (what.type) {
    case "command":
      return command(slack, user, what);
    case "click":
    case "change":
    case "suggest":
      return use(slack, user, what);
    case "fill": {
      const where = seenBy(slack.world, user, what.in);
      return plain(where.ok ? putAll(slack.world, where.value, user.id, what.values) : where);
    }
    case "submit":
      return submit(slack, user, what.view, what.values);
    case "close":
      return closeModal(slack, user, what.view, what.all ?? false);
    case "home":
      return told(
        await slack.carrier.event(
          eventCallback(slack.world, appHomeOpened(slack.world, user, directMessage(slack.world, user.id), what.tab ?? "home")),
        ),
      );
    case "message":
      return say(slack, user, what);
    case "shortcut":
      return told(await slack.carrier.payload(globalShortcut(slack.world, user, what.callback_id)));
    case "read":
      return look(slack.world, user, what.channel);
    case "dismiss": {
      const where = seenBy(slack.world, user, what);
      if (!where.ok) return plain(where);
      if ("view" in where.value || where.value.message.visibleTo === undefined) return failed("cant_dismiss");
      remove(slack.world, where.value.channel, where.value.message);
      return { ok: true };
    }
  }
}

/** What people read about a failure; the names are Slack's, or those of this stand-in. */
const SEEN: { readonly [error: string]: string } = {
  operation_timeout: "The app did not answer within 3 seconds.",
  dispatch_failed: "The app could not be reached.",
  invalid_input: "Some fields need another look.",
  option_not_offered: "That option is not in the list.",
  not_in_channel: "You are not a member of that conversation.",
  not_found: "That window is no longer open.",
  message_not_found: "That message is gone.",
  element_not_found: "That has changed meanwhile. Please look again.",
  account_inactive: "This account is deactivated.",
};

export function failed(error: string, seen = SEEN[error] ?? `Something went wrong (${error}).`): ActAnswer {
  return { ok: false, error, seen };
}

const plain = (outcome: Outcome<unknown>): ActAnswer => (outcome.ok ? { ok: true } : failed(outcome.error));

/** A delivery of which the person only notices that it failed. */
export const told = (delivered: Delivered): ActAnswer => (delivered.ok ? { ok: true } : failed(delivered.error));

async function command(slack: Slack, user: User, typed: Extract<Act, { type: "command" }>): Promise<ActAnswer> {
  const { world } = slack;
  const channel = conversationOf(world, user, typed.channel);
  if (!channel) return failed("not_in_channel");
  const [word = "", ...rest] = typed.text.trim().split(/(?<=^\S+)\s+/);
  const known = world.app.commands;
  if (!word.startsWith("/") || (known && !known.some((each) => each.command === word))) {
    return failed("not_a_command", `${word} is not a valid command.`);
  }
  const isEscaped = known?.find((each) => each.command === word)?.should_escape ?? false;
  const given = rest.join(" ");
  const text = isEscaped ? linkedInCommand(world, given, typed.mentions ?? []) : escaped(given);
  const fields = slashCommand(world, slack.base, user, channel, { command: word, text });
  const delivered = await slack.carrier.form(fields);
  if (!delivered.ok) {
    const seen = `${word} failed with the error "${delivered.error}"`;
    post(world, channel, { user: SLACKBOT, text: escaped(seen), visibleTo: user.id });
    return failed(delivered.error, seen);
  }
  return commandAnswer(world, user, channel, delivered.answer.body, delivered.answer.headers.get("content-type") ?? "");
}

/** A command's answer: nothing, plain text, or a message in JSON, shown to the person alone unless it says `in_channel`. */
function commandAnswer(world: World, user: User, channel: Channel, body: string, contentType: string): ActAnswer {
  if (body.trim() === "") return { ok: true };
  let message: Json = { text: body };
  if (contentType.includes("json")) {
    try {
      message = JSON.parse(body) as Json;
    } catch {
      return failed("invalid_response");
    }
    if (Object.keys(message).length === 0) return { ok: true };
  }
  const text = typeof message.text === "string" ? message.text : undefined;
  const everyone = message.response_type === "in_channel";
  const posted = post(world, channel, {
    text,
    blocks: message.blocks,
    attachments: message.attachments,
    ...(everyone ? {} : { visibleTo: user.id }),
  });
  if (!posted.ok) return failed(posted.error, posted.messages?.join("; "));
  return { ok: true, ...(text === undefined ? {} : { seen: text }) };
}

type Use = Extract<Act, { type: "click" | "change" | "suggest" }>;

/** Uses one element of a message, a modal or an App Home. */
async function use(slack: Slack, user: User, what: Use): Promise<ActAnswer> {
  const where = seenBy(slack.world, user, what.in);
  if (!where.ok) return plain(where);
  const at = pointed(where.value, what.block_id, what.action_id);
  if (!at.ok) return plain(at);
  if (what.type === "suggest") return suggest(slack, user, where.value, at.value, what.query);
  if (what.values) {
    const kept = putAll(slack.world, where.value, user.id, what.values);
    if (!kept.ok) return plain(kept);
  }
  const action = what.type === "click" ? pressed(at.value) : chosen(slack.world, where.value, user, at.value, what.value);
  if (!action.ok) return plain(action);
  const { block } = at.value;
  if (block.type === "input" && block.dispatch_action !== true) return { ok: true };
  const payload = blockActions(slack.world, slack.base, user, where.value, {
    block,
    action: action.value,
    values: valuesIn(where.value, user.id),
  });
  return told(await slack.carrier.payload(payload));
}

function pressed({ element }: Pointed): Outcome<Json> {
  if (!PRESSED.includes(String(element.type)) || element.type === "overflow") return refused("element_not_found");
  const { type, action_id, text, value, style, url, confirm } = element;
  return { ok: true, value: { type, action_id, text, value, style, url, confirm } };
}

function chosen(world: World, where: Where, user: User, at: Pointed, typed: Extract<Act, { type: "change" }>["value"]): Outcome<Json> {
  const { block, element } = at;
  const action_id = String(element.action_id);
  if (element.type === "overflow") {
    const option = optionsOf(element).find((each) => each.value === typed);
    return option ? { ok: true, value: { type: "overflow", action_id, selected_option: option } } : refused("option_not_offered");
  }
  if (!holdsValue(element)) return refused("element_not_found");
  const kept = put(world, where, user.id, at, typed);
  return kept.ok ? { ok: true, value: { action_id, ...kept.value[block.block_id]?.[action_id] } } : kept;
}

/** Slack asks for options only from this many characters on (@slack/types: `min_query_length`). */
const MIN_QUERY = 3;

async function suggest(slack: Slack, user: User, where: Where, at: Pointed, query: string): Promise<ActAnswer> {
  const { block, element } = at;
  if (!String(element.type).endsWith("external_select")) return failed("element_not_found");
  if (query.length < Number(element.min_query_length ?? MIN_QUERY)) return { ok: true, options: [] };
  const asked = { block_id: block.block_id, action_id: String(element.action_id), value: query };
  const delivered = await slack.carrier.payload(blockSuggestion(slack.world, user, where, asked));
  if (!delivered.ok) return told(delivered);
  let answer: Json;
  try {
    answer = JSON.parse(delivered.answer.body) as Json;
  } catch {
    return failed("invalid_response");
  }
  const faults = suggestionFaults(answer);
  if (faults.length > 0) return failed("invalid_options", faults.join("; "));
  offer(slack.world, where, user.id, at, optionsOf(answer));
  const { options, option_groups } = answer as { options?: OptionOnPage[]; option_groups?: [] };
  return { ok: true, ...(options ? { options } : {}), ...(option_groups ? { option_groups } : {}) };
}

async function say(slack: Slack, user: User, said: Extract<Act, { type: "message" }>): Promise<ActAnswer> {
  const { world } = slack;
  const channel = conversationOf(world, user, said.channel);
  if (!channel) return failed("not_in_channel");
  if (channel.is_archived) return failed("is_archived");
  const mentions = said.mentions ?? [];
  const blocks = said.text === "" ? [] : withIds([linkedBlock(world, said.text, mentions)]);
  const posted = post(world, channel, { user: user.id, text: linked(world, said.text, mentions), blocks, thread_ts: said.thread_ts });
  if (!posted.ok) return failed(posted.error);
  const event = messageEvent(world, channel, posted.value);
  if (!hears(world, channel)) return { ok: true };
  return told(await slack.carrier.event(eventCallback(world, event)));
}

function look(world: World, user: User, channelId: string): ActAnswer {
  const channel = conversationOf(world, user, channelId);
  if (!channel) return failed("not_in_channel");
  const last = channel.messages.filter((each) => each.visibleTo === undefined || each.visibleTo === user.id).at(-1)?.ts ?? "";
  const key = `${user.id} ${channel.id}`;
  if (last > (world.read.get(key) ?? "")) {
    world.read.set(key, last);
    changed(world);
  }
  return { ok: true };
}

/** A conversation by id, for a member of it. */
function conversationOf(world: World, user: User, id: string): Channel | undefined {
  const channel = world.channels.get(id);
  return channel?.members.has(user.id) ? channel : undefined;
}
