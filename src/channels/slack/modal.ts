/** Forms as Slack's modals. Pure and total; what was filled in comes back through answers.ts. */
import type { KnownBlock, ModalView } from "@slack/types";
import type { Text } from "../../cards/card.ts";
import type { Field, Form, Purpose } from "../../cards/form.ts";
import { type Drawing, printField } from "./inputs.ts";
import { LIMIT } from "./limits.ts";
import { bytes } from "./print.ts";
import { type PrintWords, printBlock } from "./print-block.ts";
import { plainText } from "./rich.ts";

export interface FormWords extends PrintWords {
  /** The submit button of a form that asks something and names no button. */
  readonly go: string;
}

/** How many options stand in a list itself, the rest is looked for by typing; and whether hints are shown. Less when the modal grows too big. */
const WAYS = [
  { inline: LIMIT.options, hints: true },
  { inline: LIMIT.ticks, hints: true },
  { inline: 0, hints: true },
  { inline: 0, hints: false },
] as const;

/** Blocks that stand around a form's own. */
export interface Around {
  readonly before: readonly KnownBlock[];
  readonly after: readonly KnownBlock[];
}

const NOTHING_AROUND: Around = { before: [], after: [] };

/**
 * `metadata` comes back with every submission. Callback ids name the purpose: `ask` or `act`.
 * A form too big for Slack loses its last fields, and says so.
 */
export function printForm(form: Form, metadata: string, words: FormWords): ModalView {
  const fitting = printWhole(form, metadata, words);
  if (fitting) return fitting;
  const view = (shown: readonly KnownBlock[]) => viewOf(form, metadata, words, shown);
  const blocks = draw(form, { inline: 0, hints: false, words }).slice(0, LIMIT.viewBlocks);
  const all = form.fields.length;
  const rest = () => printBlock({ type: "note", text: [words.leftOut(all - blocks.length)] }, "rest", LIMIT.contextText, words);
  while (blocks.length > 0 && !fits(view([...blocks, ...rest()]))) blocks.pop();
  return view([...blocks, ...rest()]);
}

/** The same with every field in it; null: it doesn't fit into a modal. */
export function printWhole(form: Form, metadata: string, words: FormWords, around: Around = NOTHING_AROUND): ModalView | null {
  for (const way of WAYS) {
    const blocks = [...around.before, ...draw(form, { ...way, words }), ...around.after];
    if (blocks.length > LIMIT.viewBlocks) return null;
    const view = viewOf(form, metadata, words, blocks);
    if (fits(view)) return view;
  }
  return null;
}

/** Bytes that a field takes at least in the body in which its form comes back. */
export function sizeAlone(field: Field, purpose: Purpose): number {
  const words: PrintWords = { more: () => "", leftOut: () => "" };
  return encoded(printField(field, 0, purpose, { inline: 0, hints: false, words }));
}

function viewOf(form: Form, metadata: string, words: FormWords, blocks: readonly KnownBlock[]): ModalView {
  return {
    type: "modal",
    callback_id: form.purpose.kind,
    private_metadata: metadata.slice(0, LIMIT.privateMetadata),
    title: plainText(form.title, LIMIT.modalWord),
    close: plainText(form.close, LIMIT.modalWord),
    ...submitOf(form, blocks, words),
    blocks: [...blocks],
  };
}

function fits(view: ModalView): boolean {
  return view.blocks.length <= LIMIT.viewBlocks && bytes(view) <= LIMIT.viewBytes && encoded(view) <= LIMIT.formEncoded;
}

function draw(form: Form, drawing: Drawing): KnownBlock[] {
  return [...uniquely(form.fields.flatMap((field, index) => printField(field, index, form.purpose, drawing)))];
}

/** A sentence in a modal, for when a click can't be answered anywhere else. */
export function printNotice(title: string, sentence: Text, words: PrintWords & { readonly close: string }): ModalView {
  return {
    type: "modal",
    callback_id: "notice",
    title: plainText(title, LIMIT.modalWord),
    close: plainText(words.close, LIMIT.modalWord),
    blocks: [...printBlock({ type: "text", text: sentence }, "0", LIMIT.richText, words)],
  };
}

/** Slack wants a submit button wherever something is asked. */
function submitOf(form: Form, blocks: readonly KnownBlock[], words: FormWords): Pick<ModalView, "submit"> {
  if (form.submit !== null) return { submit: plainText(form.submit, LIMIT.modalWord) };
  return blocks.some((block) => block.type === "input") ? { submit: plainText(words.go, LIMIT.modalWord) } : {};
}

/** Slack refuses two blocks of one id; a form with two fields of one id is drawn all the same. */
function uniquely(blocks: readonly KnownBlock[]): readonly KnownBlock[] {
  const seen = new Set<string>();
  return blocks.map((block, index) => {
    const id = block.block_id ?? "";
    const fresh = seen.has(id) ? { ...block, block_id: `${index}~${id}`.slice(0, LIMIT.blockId) } : block;
    seen.add(fresh.block_id ?? "");
    return fresh;
  });
}

/** Bytes of the body in which a view comes back, or a part of it. */
function encoded(view: ModalView | readonly KnownBlock[]): number {
  // Halves of surrogate pairs can't be encoded; none is left in what is printed, and in ids and values Slack keeps its own counsel.
  return encodeURIComponent(JSON.stringify(view).replace(/\p{Cs}/gu, "?")).length;
}
