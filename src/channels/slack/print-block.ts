/** One block of a card as Slack's blocks. Pure and total: whatever it says, it keeps to Slack's limits for that block. */
import type { ActionsBlock, KnownBlock, RichTextElement, Button as SlackButton } from "@slack/types";
import type { Block, Button, Fact, Text } from "../../cards/card.ts";
import { actionIdOf, actionValueOf } from "./actions.ts";
import { LIMIT } from "./limits.ts";
import type { SayMore } from "./plain.ts";
import { apartLine, clip, plain } from "./plain.ts";
import { contextOf, elementsOf, plainText, section } from "./rich.ts";

/** What a printer has to say of its own. */
export interface PrintWords {
  /** How much of a text is missing, such as "(120 more characters)". */
  readonly more: SayMore;
  /** That parts of the card had no room. */
  readonly leftOut: (parts: number) => string;
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
      return buttonsOf(block.buttons, `buttons.${id}`);
  }
}

/** Slack's own sign beside the words: a name, not text from anybody. */
const WARNING: RichTextElement = { type: "emoji", name: "warning" };

export function header(text: string, id: string): KnownBlock {
  return { type: "header", block_id: id, text: plainText(text, LIMIT.header) };
}

export function context(text: Text, id: string, words: PrintWords, most: number = LIMIT.contextText): KnownBlock {
  const elements = contextOf(text, most, words.more);
  if (elements) return { type: "context", block_id: id, elements };
  return { type: "rich_text", block_id: id, elements: [section(elementsOf(text, most, words.more))] };
}

/** A line each: the label stands out. A line break inside a value is drawn in, so that no value can pass for another label. */
function factsOf(facts: readonly Fact[], most: number, words: PrintWords): RichTextElement[] {
  const shown = facts.slice(0, LIMIT.facts).flatMap((fact, index): RichTextElement[] => {
    const label: RichTextElement = {
      type: "text",
      text: `${apartLine(fact.label, LIMIT.factLabel) || "–"}: `,
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
  const above = apartLine(label, LIMIT.factLabel);
  return {
    type: "rich_text",
    block_id: id,
    elements: [
      ...(above === "" ? [] : [section([{ type: "text", text: above, style: { bold: true } }])]),
      { type: "rich_text_preformatted", elements: [{ type: "text", text: exact === "" ? " " : exact }] },
    ],
  };
}

/** In rows of as many as one holds; `first` numbers the first of them, beside others in the same row. */
export function buttonsOf(buttons: readonly Button[], id: string, first = 0): readonly ActionsBlock[] {
  const rows: ActionsBlock[] = [];
  for (let from = 0; from < buttons.length; from += LIMIT.actionsElements) {
    const elements = buttons.slice(from, from + LIMIT.actionsElements).map((button, index) => printButton(button, first + from + index));
    rows.push({ type: "actions", block_id: from === 0 ? id : `${id}.${from}`, elements });
  }
  return rows;
}

function printButton(button: Button, index: number): SlackButton {
  const spoken = apartLine(button.spoken, LIMIT.accessibilityLabel);
  return {
    type: "button",
    action_id: actionIdOf(button.action, index),
    text: plainText(button.label, LIMIT.buttonText),
    value: actionValueOf(button.action),
    ...(button.tone === "plain" ? {} : { style: button.tone === "go" ? ("primary" as const) : ("danger" as const) }),
    ...(spoken === "" ? {} : { accessibility_label: spoken }),
  };
}
