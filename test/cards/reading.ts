/** Reads a card as a person does: its words in order, its facts, its buttons. */
import type { Block, Button, Card, Text } from "../../src/cards/card.ts";
import type { Field, Form } from "../../src/cards/form.ts";

export function buttonsOf(card: Card): readonly Button[] {
  return card.blocks.flatMap((block) => (block.type === "buttons" ? block.buttons : []));
}

export function labelsOf(card: Card): readonly string[] {
  return buttonsOf(card).map((button) => button.label);
}

export function factsOf(card: Card): Record<string, string> {
  const facts = card.blocks.flatMap((block) => (block.type === "facts" ? block.facts : []));
  return Object.fromEntries(facts.map(({ label, value }) => [label, plainText(value)]));
}

export function warningsOf(card: Card): readonly string[] {
  return card.blocks.flatMap((block) => (block.type === "warning" ? [plainText(block.text)] : []));
}

export function wordsOf(card: Card): string {
  return card.blocks
    .map(wordsOfBlock)
    .filter((words) => words !== "")
    .join("\n");
}

function wordsOfBlock(block: Block): string {
  switch (block.type) {
    case "text":
    case "note":
    case "warning":
      return plainText(block.text);
    case "facts":
      return block.facts.map(({ label, value }) => `${label}: ${plainText(value)}`).join("\n");
    case "copy":
      return `${block.label}\n${block.text}`;
    case "heading":
      return block.text;
    case "divider":
    case "buttons":
      return "";
  }
}

export function fieldOf(form: Form, id: string): Field {
  const field = form.fields.find((one) => one.id === id);
  if (!field) throw new Error(`the form has no field ${id}, only ${form.fields.map((one) => one.id).join(", ")}`);
  return field;
}

/** What a field only says. */
export function saidIn(form: Form): string {
  return form.fields.flatMap((field) => ("text" in field && typeof field.text !== "string" ? [plainText(field.text)] : [])).join("\n");
}

/** A text as words alone; instants as UTC. */
export function plainText(text: Text): string {
  return text
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if ("strong" in piece) return piece.strong;
      if ("mention" in piece) return piece.mention;
      const iso = piece.at.toISOString();
      return piece.show === "date" ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
    })
    .join("");
}
