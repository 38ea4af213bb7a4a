/** Cards as Block Kit, for messages and the App Home. Pure and total: whatever the card says, Slack takes what comes out. */
import type { ActionsBlock, HomeView, KnownBlock, RichTextElement, Button as SlackButton } from "@slack/types";
import type { Block, Button, Card, Fact, Text } from "../../cards/card.ts";
import { actionIdOf, actionValueOf } from "./actions.ts";
import { LIMIT } from "./limits.ts";
import type { SayMore } from "./plain.ts";
import { clip, escaped, plain, plainLine } from "./plain.ts";
import { contextOf, elementsOf, inPlain, plainText, section } from "./rich.ts";

/** What a printer has to say of its own. */
export interface PrintWords {
  /** How much of a text is missing, such as "(120 more characters)". */
  readonly more: SayMore;
  /** That parts of the card had no room. */
  readonly leftOut: (parts: number) => string;
}

export interface PrintedMessage {
  /** What notifications show; escaped, because Slack reads markup there. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** How long one text may be, tried in turn until the card fits as a whole. */
const LENGTHS = [LIMIT.richText, 1_000, 375] as const;

export function printMessage(card: Card, words: PrintWords): PrintedMessage {
  return { text: summaryOf(card.summary), blocks: printed(card, words, MESSAGE) };
}

/** `pages` stands in the view's private metadata: which page of each list is shown. */
export function printHome(card: Card, words: PrintWords, pages: string): HomeView {
  return { type: "home", private_metadata: clip(pages, LIMIT.privateMetadata), blocks: [...printed(card, words, VIEW)] };
}

/** A sentence as a message of its own. */
export function printSentence(sentence: Text, words: PrintWords): PrintedMessage {
  const elements = elementsOf(sentence, LIMIT.richText, words.more);
  return { text: summaryOf(inPlain(sentence)), blocks: [{ type: "rich_text", elements: [section(elements)] }] };
}

function summaryOf(summary: string): string {
  return escaped(clip(plainLine(summary), LIMIT.summary)) || "–";
}

/** What a surface holds: so many blocks, and so much of all of them together. */
interface Room {
  readonly blocks: number;
  readonly size: number;
  readonly sizeOf: (block: KnownBlock) => number;
}

const MESSAGE: Room = {
  blocks: LIMIT.messageBlocks,
  size: LIMIT.messageCharacters,
  sizeOf: (block) => charactersOf(block) + LIMIT.messageBlockCost,
};
const VIEW: Room = { blocks: LIMIT.viewBlocks, size: LIMIT.viewBytes, sizeOf: bytes };

/** First every text is made shorter, then blocks go. */
function printed(card: Card, words: PrintWords, room: Room): readonly KnownBlock[] {
  const title: readonly KnownBlock[] = plainLine(card.title) === "" ? [] : [header(card.title, "title")];
  const draw = (most: number) => [...title, ...card.blocks.flatMap((block, index) => printBlock(block, String(index), most, words))];
  // Where the blocks are too many already, shorter texts don't help.
  for (const most of LENGTHS) {
    const blocks = draw(most);
    if (blocks.length <= room.blocks && sum(blocks.map(room.sizeOf)) <= room.size) return blocks;
    if (blocks.length > room.blocks) break;
  }
  return thinned(draw(SHORTEST), words, room);
}

const SHORTEST = 375;

/**
 * A card keeps its buttons and loses what stands before them. A list, in which each row has buttons of its own, loses its last rows whole:
 * no button stands there without what it is about.
 */
function thinned(blocks: KnownBlock[], words: PrintWords, room: Room): readonly KnownBlock[] {
  const all = blocks.length;
  const isList = blocks.filter((block) => block.type === "actions").length > 1;
  const tail = (missing: number) => context([words.leftOut(missing)], "rest", words);
  let size = sum(blocks.map(room.sizeOf)) + room.sizeOf(tail(all));
  while (blocks.length > 0 && (blocks.length + 1 > room.blocks || size > room.size)) {
    const content = isList ? -1 : blocks.findLastIndex((block) => block.type !== "actions");
    for (const gone of blocks.splice(content > 0 ? content : blocks.length - 1, 1)) size -= room.sizeOf(gone);
  }
  return [...blocks, tail(all - blocks.length)];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

/** One block of a card; `id` names its place on the card and stays the same at every redraw. */
export function printBlock(block: Block, id: string, most: number, words: PrintWords): readonly KnownBlock[] {
  switch (block.type) {
    case "text":
      return [{ type: "rich_text", block_id: `text.${id}`, elements: [section(elementsOf(block.text, most, words.more))] }];
    case "note":
      return [context(block.text, `note.${id}`, words, most)];
    case "warning":
      return [
        {
          type: "rich_text",
          block_id: `warning.${id}`,
          elements: [section([WARNING, { type: "text", text: " " }, ...elementsOf(block.text, most, words.more)])],
        },
      ];
    case "facts":
      return [{ type: "rich_text", block_id: `facts.${id}`, elements: [section(factsOf(block.facts, most, words))] }];
    case "copy":
      return [copy(block.label, block.text, `copy.${id}`, most, words)];
    case "heading":
      return [header(block.text, `heading.${id}`)];
    case "divider":
      return [{ type: "divider", block_id: `divider.${id}` }];
    case "buttons":
      return rowsOf(block.buttons, id);
  }
}

/** Slack's own sign beside the words: a name, not text from anybody. */
const WARNING: RichTextElement = { type: "emoji", name: "warning" };

function header(text: string, id: string): KnownBlock {
  return { type: "header", block_id: id, text: plainText(text, LIMIT.header) };
}

function context(text: Text, id: string, words: PrintWords, most: number = LIMIT.contextText): KnownBlock {
  const elements = contextOf(text, most, words.more);
  if (elements) return { type: "context", block_id: id, elements };
  return { type: "rich_text", block_id: id, elements: [section(elementsOf(text, most, words.more))] };
}

/** A line each: the label stands out. A line break inside a value is drawn in, so that no value can pass for another label. */
function factsOf(facts: readonly Fact[], most: number, words: PrintWords): RichTextElement[] {
  const shown = facts.slice(0, LIMIT.facts).flatMap((fact, index): RichTextElement[] => {
    const label: RichTextElement = {
      type: "text",
      text: `${clip(plainLine(fact.label), LIMIT.factLabel) || "–"}: `,
      style: { bold: true },
    };
    const value = elementsOf(fact.value, Math.min(most, LIMIT.factValue), words.more).map(
      (element): RichTextElement =>
        element.type === "text" ? { ...element, text: element.text.replace(/\n/g, "\n\u2003\u2003") } : element,
    );
    return [...(index === 0 ? [] : [NEW_LINE]), label, ...value];
  });
  const missing = facts.length - LIMIT.facts;
  return missing > 0 ? [...shown, NEW_LINE, { type: "text", text: words.leftOut(missing) }] : shown;
}

const NEW_LINE: RichTextElement = { type: "text", text: "\n" };

function copy(label: string, text: string, id: string, most: number, words: PrintWords): KnownBlock {
  const exact = clip(plain(text), most, words.more);
  const above = clip(plainLine(label), LIMIT.factLabel);
  return {
    type: "rich_text",
    block_id: id,
    elements: [
      ...(above === "" ? [] : [section([{ type: "text", text: above, style: { bold: true } }])]),
      { type: "rich_text_preformatted", elements: [{ type: "text", text: exact === "" ? " " : exact }] },
    ],
  };
}

function rowsOf(buttons: readonly Button[], id: string): readonly ActionsBlock[] {
  const rows: ActionsBlock[] = [];
  for (let from = 0; from < buttons.length; from += LIMIT.actionsElements) {
    const elements = buttons.slice(from, from + LIMIT.actionsElements).map((button, index) => printButton(button, from + index));
    rows.push({ type: "actions", block_id: from === 0 ? `buttons.${id}` : `buttons.${id}.${from}`, elements });
  }
  return rows;
}

function printButton(button: Button, index: number): SlackButton {
  const spoken = clip(plainLine(button.spoken), LIMIT.accessibilityLabel);
  return {
    type: "button",
    action_id: actionIdOf(button.action, index),
    text: plainText(button.label, LIMIT.buttonText),
    value: actionValueOf(button.action),
    ...(button.tone === "plain" ? {} : { style: button.tone === "go" ? ("primary" as const) : ("danger" as const) }),
    ...(spoken === "" ? {} : { accessibility_label: spoken }),
  };
}

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
