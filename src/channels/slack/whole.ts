/** A card in full, as pages of a modal: nothing is cut; what is longer than one block or one page goes on in the next. */
import type { KnownBlock } from "@slack/types";
import type { Block, Card, Piece, Text } from "../../cards/card.ts";
import { LIMIT } from "./limits.ts";
import { plainLine, whole } from "./plain.ts";
import { bytes } from "./print.ts";
import { header, type PrintWords, printBlock } from "./print-block.ts";
import { inPlain } from "./rich.ts";

/** Some blocks of a view are kept for the line that counts the pages, and for their buttons. */
const PAGE_BLOCKS = LIMIT.viewBlocks - 4;
/** A quarter of what Slack takes, so that a page opens at once. */
const PAGE_BYTES = LIMIT.viewBytes / 4;
/** Room for the isolates that the printer adds. */
const CHUNK = LIMIT.richText - 600;
const NOTE = LIMIT.contextText - 400;

/** At least one page, each of blocks that fit into one view. */
export function pagesOf(card: Card, words: PrintWords): readonly (readonly KnownBlock[])[] {
  const pages: KnownBlock[][] = [[]];
  let size = 0;
  for (const block of blocksOf(card, words)) {
    const cost = bytes(block);
    const page = pages.at(-1) ?? [];
    if (page.length >= PAGE_BLOCKS || (page.length > 0 && size + cost > PAGE_BYTES)) {
      pages.push([block]);
      size = cost;
    } else {
      page.push(block);
      size += cost;
    }
  }
  return pages;
}

function blocksOf(card: Card, words: PrintWords): readonly KnownBlock[] {
  const long = plainLine(card.title).length > LIMIT.header;
  const title: readonly Block[] = long ? [{ type: "text", text: [{ strong: card.title }] }] : [];
  const named = !long && plainLine(card.title) !== "" ? [header(card.title, "title")] : [];
  const parts = [...title, ...card.blocks].flatMap(inFull);
  return [...named, ...parts.flatMap((part, place) => printBlock(part, String(place), LIMIT.richText, words))];
}

/** The block as several, each of which is printed without being cut. */
function inFull(block: Block): readonly Block[] {
  switch (block.type) {
    case "text":
    case "warning":
      return chunks(block.text, CHUNK).map((text) => ({ ...block, text }));
    case "note":
      return chunks(block.text, NOTE).map((text) => ({ ...block, text }));
    case "facts":
      return factsInFull(block);
    case "copy":
      return linesInFull(block.text).map((text, index) => ({ ...block, text, label: index === 0 ? block.label : "" }));
    case "heading":
      return plainLine(block.text).length > LIMIT.header ? inFull({ type: "text", text: [{ strong: block.text }] }) : [block];
    case "divider":
    case "buttons":
      return [block];
  }
}

/** A list of facts with one that is too long for its line is a paragraph each. */
function factsInFull(block: Extract<Block, { readonly type: "facts" }>): readonly Block[] {
  const { facts } = block;
  const all = facts.reduce((sum, { label, value }) => sum + label.length + inPlain(value).length + 4, 0);
  const fits = facts.every(({ label, value }) => label.length <= LIMIT.factLabel && inPlain(value).length < LIMIT.factValue / 2);
  if (fits && all <= CHUNK && facts.length <= LIMIT.facts) return [block];
  return facts.flatMap(({ label, value }) => inFull({ type: "text", text: [{ strong: label }, "\n", ...value] }));
}

/** Cut at a line's end or a space where there is one; a name or an instant is never parted. */
function chunks(text: Text, most: number): readonly Text[] {
  const found: Piece[][] = [[]];
  let room = most;
  for (const piece of text.flatMap(piecesOf)) {
    const length = inPlain([piece]).length;
    if (length > room) {
      found.push([]);
      room = most;
    }
    found.at(-1)?.push(piece);
    room -= length;
  }
  return found.filter((pieces) => pieces.length > 0 || found.length === 1);
}

function piecesOf(piece: Piece): readonly Piece[] {
  if (typeof piece === "string") return cut(piece);
  return "strong" in piece ? cut(piece.strong).map((strong) => ({ strong })) : [piece];
}

function linesInFull(text: string): readonly string[] {
  const pieces = cut(text);
  return pieces.length === 0 ? [text] : pieces;
}

/** In pieces of at most half a block, so that short neighbours find room beside them. */
function cut(text: string): readonly string[] {
  const pieces: string[] = [];
  const most = NOTE / 2;
  let rest = text;
  while (rest.length > most) {
    const piece = whole(rest, most);
    const end = Math.max(piece.lastIndexOf("\n"), piece.lastIndexOf(" "));
    const at = end > most / 2 ? end + 1 : withItsMarks(rest, piece.length);
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return rest === "" ? pieces : [...pieces, rest];
}

/** Not between a letter and its marks, which would be nothing without it. */
function withItsMarks(text: string, at: number): number {
  let end = at;
  while (end > at - 20 && /^\p{M}/u.test(text.slice(end, end + 2))) end -= 1;
  return end > at - 20 ? end : at;
}
