/**
 * Fitting a card into a place of Slack's. What a card can't do without is shown as long as there is room for; answers to a form and the like fill
 * what is left, in their order; lines to copy get all the room that remains, because cut in the middle they are of little use. Whatever has no room
 * leaves a mark, and a button that opens the whole card where there is one.
 */
import type { ActionsBlock, KnownBlock } from "@slack/types";
import type { Block, Button, Card } from "../../cards/card.ts";
import { actionValueOf } from "./actions.ts";
import { LIMIT } from "./limits.ts";
import { plainLine } from "./plain.ts";
import { buttonsOf, context, header, type PrintWords, printBlock } from "./print-block.ts";

/** What a surface holds: so many blocks, and so much of all of them together. */
export interface Room {
  readonly blocks: number;
  readonly size: number;
  readonly sizeOf: (block: KnownBlock) => number;
  /** Characters that surely fit into so much room. */
  readonly characters: (size: number) => number;
}

/** How long one text may be, tried in turn until what the card can't do without fits. */
const LENGTHS = [LIMIT.richText, 1_000, 375, 150] as const;
/** Characters to copy for which other texts may stay long; below, the others are made shorter first. */
const ENOUGH_TO_COPY = 6_000;
/** A button and a mark at the end, with what they cost. */
const TAIL_BLOCKS = 2;
const TAIL_SIZE = 700;

/** One block of the card as Slack's blocks, with its place on the card. */
interface Part {
  readonly place: number;
  readonly blocks: readonly KnownBlock[];
}

interface Drawn {
  readonly parts: readonly Part[];
  /** Blocks of the card that had no room. */
  readonly missing: number;
  /** True: some text was cut. */
  readonly cut: boolean;
}

export function fitted(card: Card, words: PrintWords, room: Room): readonly KnownBlock[] {
  const title: readonly KnownBlock[] = plainLine(card.title) === "" ? [] : [header(card.title, "title")];
  const drawn = drawnIn(card.blocks, words, { ...room, blocks: room.blocks - title.length, size: room.size - total(title, room) });
  const blocks = [...title, ...drawn.parts.flatMap((part) => part.blocks)];
  const incomplete = drawn.cut || drawn.missing > 0 || plainLine(card.title).length > LIMIT.header;
  const withRest = incomplete && card.rest ? withButton(blocks, card.rest) : blocks;
  return drawn.missing === 0 ? withRest : [...withRest, context([words.leftOut(drawn.missing)], "missing", words)];
}

/** Everything where that fits; else with room kept for the mark and the button at the end. */
function drawnIn(blocks: readonly Block[], words: PrintWords, room: Room): Drawn {
  const kept = { ...room, blocks: room.blocks - TAIL_BLOCKS, size: room.size - TAIL_SIZE };
  const placed = blocks.map((block, place) => ({ block, place }));
  const copies = placed.filter(({ block }) => block.type === "copy");
  const rows = blocks.filter(({ type }) => type === "buttons").length;
  const draw = ({ block, place }: Placed, length: number, say: PrintWords): Part => ({
    place,
    blocks: printBlock(block, String(place), length, say),
  });
  const copied = watching(words, (say) => copies.map((one) => draw(one, LIMIT.richText, say)));
  for (const most of LENGTHS) {
    const core = watching(words, (say) => placed.filter(isCore).map((one) => draw(one, most, say)));
    const spare = placed.filter(({ block }) => isSpare(block)).map((one) => watching(words, (say) => draw(one, most, say)));
    const whole = arranged({ core, spare, copied, copies, rows }, words, room, true);
    if (whole && !whole.cut && whole.missing === 0) return whole;
    const some = arranged({ core, spare, copied, copies, rows }, words, kept, most === LENGTHS.at(-1));
    if (some) return some;
  }
  return thinned(placed, words, kept);
}

interface Placed {
  readonly block: Block;
  readonly place: number;
}

interface Watched<T> {
  readonly drawn: T;
  readonly cut: boolean;
}

interface Drawings {
  /** What the card can't do without, at some length. */
  readonly core: Watched<readonly Part[]>;
  readonly spare: readonly Watched<Part>[];
  /** Lines to copy at full length, and the blocks that they come from. */
  readonly copied: Watched<readonly Part[]>;
  readonly copies: readonly Placed[];
  /** Rows of buttons: more than one on a list. */
  readonly rows: number;
}

/** Null: what the card can't do without has no room at this length. `anyCopy`: however little is left for lines to copy. */
function arranged({ core, spare, copied, copies, rows }: Drawings, words: PrintWords, room: Room, anyCopy: boolean): Drawn | null {
  // Lines between parts go before any part does.
  const crowded = count(core.drawn) + copies.length > room.blocks;
  const parts = crowded ? core.drawn.filter((part) => part.blocks.every((block) => block.type !== "divider")) : core.drawn;
  let left = { blocks: room.blocks - count(parts), size: room.size - sizeOf(parts, room) };
  if (left.blocks < 0 || left.size < 0) return null;

  const fits = count(copied.drawn) <= left.blocks && sizeOf(copied.drawn, room) <= left.size;
  if (!fits && !anyCopy && room.characters(left.size) < ENOUGH_TO_COPY) return null;
  const lines = fits ? { parts: copied.drawn, cut: copied.cut, missing: 0 } : copiesIn({ copies, shared: rows > 1 }, words, room, left);
  left = { blocks: left.blocks - count(lines.parts), size: left.size - sizeOf(lines.parts, room) };

  const shown: Watched<Part>[] = [];
  for (const one of spare) {
    const size = sizeOf([one.drawn], room);
    if (one.drawn.blocks.length > left.blocks || size > left.size) break;
    left = { blocks: left.blocks - one.drawn.blocks.length, size: left.size - size };
    shown.push(one);
  }
  const all = [...parts, ...lines.parts, ...shown.map(({ drawn }) => drawn)].sort((one, other) => one.place - other.place);
  const cut = core.cut || lines.cut || shown.some((one) => one.cut);
  return { parts: all, missing: spare.length - shown.length + lines.missing, cut };
}

/** Lines to copy from the first one on, until the room is used up; `shared`: those of a list's rows share it, so that no row goes without. */
function copiesIn(
  { copies, shared }: { readonly copies: readonly Placed[]; readonly shared: boolean },
  words: PrintWords,
  room: Room,
  left: { readonly blocks: number; readonly size: number },
): Drawn {
  const parts: Part[] = [];
  const overhead = room.sizeOf({ type: "divider" }) + 2 * LIMIT.factLabel;
  let { blocks, size } = left;
  let cut = false;
  for (const [at, { block, place }] of copies.entries()) {
    const share = shared ? size / (copies.length - at) : size;
    const most = Math.min(LIMIT.richText, room.characters(share - overhead));
    if ((cut && !shared) || blocks < 1 || most < LEAST_TO_COPY) break;
    const one = watching(words, (say) => printBlock(block, String(place), most, say));
    parts.push({ place, blocks: one.drawn });
    blocks -= one.drawn.length;
    size -= total(one.drawn, room);
    cut ||= one.cut;
  }
  return { parts, missing: copies.length - parts.length, cut };
}

const LEAST_TO_COPY = 100;

/**
 * The last way: blocks go from the end, and the buttons stay. A list, in which each row has buttons of its own, loses its last rows whole: no button
 * stands there without what it is about.
 */
function thinned(placed: readonly Placed[], words: PrintWords, room: Room): Drawn {
  const isList = placed.filter(({ block }) => block.type === "buttons").length > 1;
  const shown = placed.filter(({ block }) => block.type !== "divider");
  const least = LENGTHS[LENGTHS.length - 1] ?? 1;
  const { drawn, cut } = watching(words, (say) =>
    shown.map(({ block, place }): Part => ({ place, blocks: printBlock(block, String(place), least, say) })),
  );
  const parts = [...drawn];
  let left = { blocks: room.blocks - count(parts), size: room.size - sizeOf(parts, room) };
  while (parts.length > 0 && (left.blocks < 0 || left.size < 0)) {
    const content = isList ? -1 : parts.findLastIndex((part) => part.blocks.some((block) => block.type !== "actions"));
    const gone = parts.splice(content >= 0 ? content : parts.length - 1, 1);
    left = { blocks: left.blocks + count(gone), size: left.size + sizeOf(gone, room) };
  }
  return { parts, missing: drawn.length - parts.length, cut };
}

function isCore({ block }: Placed): boolean {
  return block.type !== "copy" && !isSpare(block);
}

function isSpare(block: Block): boolean {
  return "spare" in block && block.spare === true;
}

/** What is drawn, and whether anything had to be said of what is missing. */
function watching<T>(words: PrintWords, draw: (words: PrintWords) => T): Watched<T> {
  let cut = false;
  const note = (say: (amount: number) => string) => (amount: number) => {
    cut = true;
    return say(amount);
  };
  const drawn = draw({ more: note(words.more), leftOut: note(words.leftOut) });
  return { drawn, cut };
}

/** Beside the card's own buttons where those stand last. */
function withButton(blocks: readonly KnownBlock[], button: Button): readonly KnownBlock[] {
  const last = blocks.at(-1);
  if (last?.type !== "actions" || last.elements.length >= LIMIT.actionsElements) return [...blocks, ...buttonsOf([button], "rest")];
  const own = (last as ActionsBlock).elements;
  const value = actionValueOf(button.action);
  if (own.some((other) => other.type === "button" && other.value === value)) return blocks;
  const elements = [...own, ...buttonsOf([button], "rest", own.length).flatMap((row) => row.elements)];
  return [...blocks.slice(0, -1), { ...(last as ActionsBlock), elements }];
}

function count(parts: readonly Part[]): number {
  return parts.reduce((sum, { blocks }) => sum + blocks.length, 0);
}

function sizeOf(parts: readonly Part[], room: Room): number {
  return parts.reduce((sum, { blocks }) => sum + total(blocks, room), 0);
}

function total(blocks: readonly KnownBlock[], { sizeOf: one }: Room): number {
  return blocks.reduce((sum, block) => sum + one(block), 0);
}
