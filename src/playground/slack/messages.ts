/** Messages: posting, changing, deleting, and who sees which. */
import { randomBytes } from "node:crypto";
import { elementsOf } from "./elements.ts";
import { LIMIT } from "./limits.ts";
import { blockFaults, blocksWeight } from "./validate.ts";
import { changed, done, nextTs, type Outcome, refused } from "./workspace.ts";
import type { Block, Channel, Json, Message, World } from "./world.ts";

/** What a message says, as it was sent; `undefined` means that the field was left out. */
export interface Content {
  readonly text?: string | undefined;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly metadata?: unknown;
}

interface Checked {
  readonly blocks: readonly Block[];
  readonly attachments: readonly Json[];
}

/**
 * Gives blocks and elements the ids that the sender left out. As in Slack they are made anew each time, so what was typed into an input
 * without ids of its own does not outlive an update.
 */
export function withIds(blocks: readonly unknown[]): readonly Block[] {
  const fresh = (): string => randomBytes(4).toString("base64url").slice(0, 5);
  return blocks.map((each) => {
    const block = structuredClone(each) as Json & { type: string };
    for (const element of elementsOf(block)) element.action_id ??= fresh();
    return { ...block, block_id: typeof block.block_id === "string" ? block.block_id : fresh() };
  });
}

/** Slack's checks of a message's content, the limits first. */
export function checkContent(content: Content, textLimit: number): Outcome<Checked> {
  if ((content.text ?? "").length > textLimit) return refused("msg_too_long");
  const { blocks = [], attachments = [] } = content;
  if (!Array.isArray(blocks)) return refused("invalid_blocks_format");
  const faults = blockFaults(blocks);
  if (faults.length > 0) return refused("invalid_blocks", faults);
  if (blocksWeight(blocks) > LIMIT.messageBlocksText) return refused("msg_blocks_too_long");
  if (!Array.isArray(attachments)) return refused("invalid_attachments");
  if (attachments.length > LIMIT.attachments) return refused("too_many_attachments");
  const inside = attachments.flatMap((each: unknown, index) => {
    if (typeof each !== "object" || each === null) return [`must provide an object [json-pointer:/attachments/${index}]`];
    return "blocks" in each ? blockFaults(each.blocks, `/attachments/${index}/blocks`) : [];
  });
  if (inside.length > 0) return refused("invalid_attachments", inside);
  const metadata = checkMetadata(content.metadata);
  if (!metadata.ok) return metadata;
  return done({
    blocks: withIds(blocks),
    attachments: attachments.map((each: Json) => (Array.isArray(each.blocks) ? { ...each, blocks: withIds(each.blocks) } : each)),
  });
}

function checkMetadata(metadata: unknown): Outcome<undefined> {
  if (metadata === undefined) return done(undefined);
  if (typeof metadata !== "object" || metadata === null) return refused("invalid_metadata_format");
  const { event_type, event_payload, entities } = metadata as Json;
  const isEvent = typeof event_type === "string" && event_type !== "" && typeof event_payload === "object" && event_payload !== null;
  if (!isEvent && entities === undefined) return refused("invalid_metadata_format");
  return JSON.stringify(metadata).length > LIMIT.metadataBytes ? refused("metadata_too_large") : done(undefined);
}

export interface Posting extends Content {
  /** The author; left out: the app. */
  readonly user?: string;
  readonly thread_ts?: string | undefined;
  /** A reply that stands in the conversation too. */
  readonly reply_broadcast?: boolean;
  /** Only this person sees it. */
  readonly visibleTo?: string;
}

/** Adds a message to a channel that the caller has found to be writable. */
export function post(world: World, channel: Channel, posting: Posting): Outcome<Message> {
  const checked = checkContent(posting, LIMIT.messageText);
  if (!checked.ok) return checked;
  const text = posting.text ?? "";
  if (text === "" && checked.value.blocks.length === 0 && checked.value.attachments.length === 0) return refused("no_text");
  const thread = checkThread(channel, posting);
  if (!thread.ok) return thread;
  const message: Message = {
    ts: nextTs(world),
    channel: channel.id,
    user: posting.user ?? world.app.botUser,
    ...(posting.user === undefined ? { bot_id: world.app.botId } : {}),
    text,
    blocks: checked.value.blocks,
    attachments: checked.value.attachments,
    ...(posting.metadata === undefined ? {} : { metadata: posting.metadata as Json }),
    ...(posting.thread_ts === undefined ? {} : { thread_ts: posting.thread_ts }),
    ...(posting.reply_broadcast && posting.thread_ts !== undefined ? { reply_broadcast: true } : {}),
    ...(posting.visibleTo === undefined ? {} : { visibleTo: posting.visibleTo }),
    states: new Map(),
  };
  channel.messages.push(message);
  changed(world);
  if (message.bot_id !== undefined && message.visibleTo === undefined) world.announce({ type: "posted", channel, message });
  return done(message);
}

/**
 * A `thread_ts` that is none is Slack's `invalid_thread_ts` (jenkinsci/slack-plugin issue 584). One that names no message, Slack takes with
 * `ok` and shows the reply nowhere (python-slack-sdk issue 840); a reply's own `ts` scatters the thread. Both are refused here, so that no
 * word is lost unseen. What one person alone sees may hang on anything.
 */
function checkThread(channel: Channel, posting: Posting): Outcome<undefined> {
  const { thread_ts } = posting;
  if (thread_ts === undefined) return done(undefined);
  if (!/^\d{9,10}\.\d{6}$/.test(thread_ts)) return refused("invalid_thread_ts", [`${thread_ts} is not a valid thread_ts`]);
  const parent = find(channel, thread_ts);
  if (!parent) return posting.visibleTo === undefined ? refused("thread_not_found") : done(undefined);
  const isReply = parent.thread_ts !== undefined && parent.thread_ts !== parent.ts;
  const isPrivate = parent.visibleTo !== undefined && posting.visibleTo === undefined;
  return isReply || isPrivate ? refused("cannot_reply_to_message") : done(undefined);
}

export const find = (channel: Channel, ts: string): Message | undefined => channel.messages.find((each) => each.ts === ts);

/**
 * Replaces a message's content. As chat.update documents it: a new text without blocks removes the blocks, blocks without text keep the
 * text, attachments that are left out stay.
 */
export function change(world: World, message: Message, content: Content, textLimit: number = LIMIT.updateText): Outcome<Message> {
  if (content.text === undefined && content.blocks === undefined && content.attachments === undefined) return refused("no_text");
  const checked = checkContent(content, textLimit);
  if (!checked.ok) return checked;
  const text = content.text ?? message.text;
  const blocks = content.blocks === undefined && content.text === undefined ? message.blocks : checked.value.blocks;
  const attachments = content.attachments === undefined ? message.attachments : checked.value.attachments;
  if (text === "" && blocks.length === 0 && attachments.length === 0) return refused("no_text");
  const before = { ...message };
  message.text = text;
  message.blocks = blocks;
  message.attachments = attachments;
  if (content.metadata !== undefined) message.metadata = content.metadata as Json;
  message.edited = nextTs(world);
  changed(world);
  const channel = world.channels.get(message.channel);
  if (channel && message.visibleTo === undefined) world.announce({ type: "changed", channel, message, before });
  return done(message);
}

export function remove(world: World, channel: Channel, message: Message): void {
  channel.messages.splice(channel.messages.indexOf(message), 1);
  changed(world);
  if (message.visibleTo === undefined) world.announce({ type: "deleted", channel, before: message });
}

/** What this person sees of a conversation they are in. */
export const visible = (channel: Channel, user: string): readonly Message[] =>
  channel.messages.filter((each) => each.visibleTo === undefined || each.visibleTo === user);
