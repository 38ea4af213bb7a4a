/** Cards as Block Kit, for messages and the App Home. Pure and total: whatever the card says, Slack takes what comes out. */
import type { HomeView, KnownBlock } from "@slack/types";
import type { Card, Text } from "../../cards/card.ts";
import { fitted, type Room } from "./fit.ts";
import { LIMIT } from "./limits.ts";
import { apartLine, clip, escaped } from "./plain.ts";
import type { PrintWords } from "./print-block.ts";
import { elementsOf, inPlain, section } from "./rich.ts";

export type { PrintWords } from "./print-block.ts";

export interface PrintedMessage {
  /** What notifications show; escaped, because Slack reads markup there. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

export function printMessage(card: Card, words: PrintWords): PrintedMessage {
  return { text: summaryOf(card.summary), blocks: fitted(card, words, MESSAGE) };
}

/** `pages` stands in the view's private metadata: which page of each list is shown. */
export function printHome(card: Card, words: PrintWords, pages: string): HomeView {
  return { type: "home", private_metadata: clip(pages, LIMIT.privateMetadata), blocks: [...fitted(card, words, VIEW)] };
}

/** A sentence as a message of its own. */
export function printSentence(sentence: Text, words: PrintWords): PrintedMessage {
  const elements = elementsOf(sentence, LIMIT.richText, words.more);
  return { text: summaryOf(inPlain(sentence)), blocks: [{ type: "rich_text", elements: [section(elements)] }] };
}

function summaryOf(summary: string): string {
  return escaped(apartLine(summary, LIMIT.summary)) || "–";
}

const MESSAGE: Room = {
  blocks: LIMIT.messageBlocks,
  size: LIMIT.messageCharacters,
  sizeOf: (block) => charactersOf(block) + LIMIT.messageBlockCost,
  characters: (size) => size,
};
const VIEW: Room = {
  blocks: LIMIT.viewBlocks,
  size: LIMIT.viewBytes,
  sizeOf: bytes,
  // At most three bytes of UTF-8 a UTF-16 unit; escapes of JSON are shorter.
  characters: (size) => Math.floor(size / 3),
};

/** What a block counts against Slack's limit for all texts of a message. */
function charactersOf(value: unknown, key = ""): number {
  if (typeof value === "string") return key === "text" || key === "fallback" ? value.length : 0;
  if (Array.isArray(value)) return value.reduce((total: number, one: unknown) => total + charactersOf(one), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce((total, [name, one]) => total + charactersOf(one, name), 0);
}

/** UTF-8 bytes as JSON, with the comma after it. */
export function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1;
}
