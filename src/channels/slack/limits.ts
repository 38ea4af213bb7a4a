/**
 * Slack's limits, one table. Characters are UTF-16 units. Where sources differ the smaller number stands here.
 * Source: the doc comments of @slack/types 3.2.0 unless another is named.
 */
export const LIMIT = {
  messageBlocks: 50,
  viewBlocks: 100,
  /** bolt-js issue 2509: `msg_blocks_too_long` sets in at 13,297 characters over all blocks; some are kept in hand. */
  messageCharacters: 13_000,
  /** The same issue: what each further block costs beside its text. */
  messageBlockCost: 125,
  /** docs.slack.dev/reference/methods/views.open, `view_too_large`: 250 kB; some are kept in hand. */
  viewBytes: 240_000,
  /** A form comes back with each click in it, as a form-encoded body, beside what was filled in; the gate takes 256 kB of both. */
  formEncoded: 160_000,
  header: 150,
  /** No limit is documented for rich text; a section's text (3,000) stands in for it. */
  richText: 3_000,
  contextText: 2_000,
  /** As many as two of Slack's own field lists; a longer list of facts is no card any more. */
  facts: 20,
  factLabel: 150,
  factValue: 2_000,
  actionsElements: 25,
  buttonText: 75,
  /** docs.slack.dev/reference/block-kit/block-elements/button-element. */
  buttonValue: 2_000,
  accessibilityLabel: 75,
  blockId: 255,
  actionId: 255,
  /** The notification line (`text` beside blocks) is documented with 4,000 for chat.update; a line is shorter. */
  summary: 500,
  modalWord: 24,
  privateMetadata: 3_000,
  inputLabel: 2_000,
  inputHint: 2_000,
  placeholder: 150,
  textInput: 3_000,
  options: 100,
  /** Checkboxes and radio buttons. */
  ticks: 10,
  optionText: 75,
  /** The pages of docs.slack.dev say 150 for some of them; @slack/types says 75. */
  optionValue: 75,
  /** No limit is documented for an error under an input; a longer one is no help. */
  errorText: 500,
  /** docs.slack.dev/interactivity/handling-user-interaction: Slack waits 3 s for an answer; half a second is for the way. */
  answerMs: 2_500,
} as const;

/** So many calls in any stretch of so many milliseconds. */
export interface Rate {
  readonly calls: number;
  readonly ms: number;
}

/** What Slack counts together: all calls of a method, or those for one conversation. */
export interface Rates {
  readonly workspace?: Rate;
  readonly conversation?: Rate;
  /** How much of the workspace's rate cards and bulk may use; the rest is kept for what is more urgent. Left out: all of it. */
  readonly share?: { readonly card: number; readonly bulk: number };
}

/** A fifth of a minute's calls in a fifth of a minute: never more than Slack allows in any minute, bursts are taken, and nobody stands still for long. */
const aMinute = (calls: number): Rate => ({ calls: calls / 5, ms: 12_000 });

/**
 * What Latchkey allows itself of the methods that the outbox calls. Tiers: docs.slack.dev/apis/web-api/rate-limits, each method's tier: its page under
 * docs.slack.dev/reference/methods. Tiers hold per method, app and workspace; "sporadic bursts are welcome".
 */
export const RATES = {
  /** The same page: one a second and channel, short bursts allowed, and a workspace-wide limit ("several hundred messages a minute": the smaller end). */
  "chat.postMessage": { workspace: aMinute(300), conversation: { calls: 10, ms: 10_000 }, share: { card: 0.95, bulk: 0.5 } },
  /** Tier 3: 50 a minute. */
  "chat.update": { workspace: aMinute(50) },
  /** Tier 4: 100 a minute. A part is kept for the pages that somebody has just opened, which go out by the client that nobody holds back. */
  "views.publish": { workspace: aMinute(100), share: { card: 0.75, bulk: 0.75 } },
  /** Tier 3. */
  "conversations.open": { workspace: aMinute(50) },
  "conversations.info": { workspace: aMinute(50) },
  "conversations.history": { workspace: aMinute(50) },
  "conversations.replies": { workspace: aMinute(50) },
  /** Tier 2: 20 a minute. */
  "conversations.list": { workspace: aMinute(20) },
  /** Tier 4; the directory is asked for people who stand before us too. */
  "users.info": { workspace: aMinute(100), share: { card: 0.75, bulk: 0.75 } },
  /** Tier 3. */
  "users.lookupByEmail": { workspace: aMinute(50) },
} as const satisfies { readonly [method: string]: Rates };

export type PacedMethod = keyof typeof RATES;
