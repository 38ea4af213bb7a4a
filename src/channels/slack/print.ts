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
const LENGTHS = [LIMIT.richText, 1_500, 750, 375] as const;

export function printMessage(card: Card, words: PrintWords): PrintedMessage {
  const fits = (blocks: readonly KnownBlock[]) => blocks.length <= LIMIT.messageBlocks && weight(blocks) <= LIMIT.messageCharacters;
  return { text: summaryOf(card.summary), blocks: printed(card, words, fits) };
}

/** `pages` stands in the view's private metadata: which page of each list is shown. */
export function printHome(card: Card, words: PrintWords, pages: string): HomeView {
  const fits = (blocks: readonly KnownBlock[]) => blocks.length <= LIMIT.viewBlocks && bytes(blocks) <= LIMIT.viewBytes;
  return { type: "home", private_metadata: clip(pages, LIMIT.privateMetadata), blocks: [...printed(card, words, fits)] };
}

/** A sentence as a message of its own. */
export function printSentence(sentence: Text, words: PrintWords): PrintedMessage {
  const elements = elementsOf(sentence, LIMIT.richText, words.more);
  return { text: summaryOf(inPlain(sentence)), blocks: [{ type: "rich_text", elements: [section(elements)] }] };
}

function summaryOf(summary: string): string {
  return escaped(clip(plainLine(summary), LIMIT.summary)) || "–";
}

type Fits = (blocks: readonly KnownBlock[]) => boolean;

/** First every text is made shorter, then blocks go, the buttons last. */
function printed(card: Card, words: PrintWords, fits: Fits): readonly KnownBlock[] {
  const title: readonly KnownBlock[] = plainLine(card.title) === "" ? [] : [header(card.title, "title")];
  const draw = (most: number) => [...title, ...card.blocks.flatMap((block, index) => printBlock(block, String(index), most, words))];
  for (const most of LENGTHS) {
    const blocks = draw(most);
    if (fits(blocks)) return blocks;
  }
  const blocks = draw(LENGTHS[LENGTHS.length - 1] ?? LIMIT.richText);
  const all = blocks.length;
  const tail = () => ({ ...context([words.leftOut(all - blocks.length)], "rest", words), block_id: "rest" }) as KnownBlock;
  while (blocks.length > 0 && !fits([...blocks, tail()])) {
    const last = blocks.findLastIndex((block) => block.type !== "actions");
    blocks.splice(last > 0 ? last : blocks.length - 1, 1);
  }
  return [...blocks, tail()];
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
        { type: "rich_text", block_id: `warning.${id}`, elements: [section([WARNING, ...elementsOf(block.text, most, words.more)])] },
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

/** What a message's blocks count against Slack's limit for all of them together: their texts, and a cost for each block but the first. */
export function weight(blocks: readonly KnownBlock[]): number {
  const texts = (value: unknown, key: string): number => {
    if (typeof value === "string") return key === "text" || key === "fallback" ? value.length : 0;
    if (Array.isArray(value)) return value.reduce((sum: number, one: unknown) => sum + texts(one, ""), 0);
    if (typeof value !== "object" || value === null) return 0;
    return Object.entries(value).reduce((sum, [name, one]) => sum + texts(one, name), 0);
  };
  return texts(blocks, "") + Math.max(0, blocks.length - 1) * LIMIT.messageBlockCost;
}

export function bytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
