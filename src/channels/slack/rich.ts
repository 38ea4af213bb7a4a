/** A card's sentences as Slack's rich text: every piece is its own element, so nothing in it is ever read as markup. */
import type { ContextBlock, RichTextDate, RichTextElement, RichTextSection } from "@slack/types";
import type { Piece, Text } from "../../cards/card.ts";
import { LIMIT } from "./limits.ts";
import type { SayMore } from "./plain.ts";
import { apart, apartLine, clip, plain } from "./plain.ts";

export type Instant = Extract<Piece, { readonly at: Date }>;

const SHOWN = { date: "{date_short}", time: "{date_short}, {time}" } as const;

/** The same instant where Slack can't show it in the reader's zone: `2026-05-04 09:30 UTC`. */
export function inWords({ at, show }: Instant): string {
  if (Number.isNaN(at.getTime())) return "?";
  const iso = at.toISOString();
  const day = iso.slice(0, iso.indexOf("T"));
  return show === "date" ? day : `${day} ${iso.slice(iso.indexOf("T") + 1, -8)} UTC`;
}

/** The year 10000, in Unix seconds. */
const NO_DATE_ANY_MORE = 253_402_300_800;

/** Unix seconds, or null where Slack's dates don't reach. */
function seconds(at: Date): number | null {
  const value = Math.floor(at.getTime() / 1000);
  return value >= 0 && value < NO_DATE_ANY_MORE ? value : null;
}

export function isInstant(piece: Piece): piece is Instant {
  return typeof piece === "object" && "at" in piece;
}

/** A sentence without anything that only a screen can show, for labels and notifications. */
export function inPlain(text: Text): string {
  return text.map(wordsOf).join("");
}

/** Elements of at most `most` characters together; what is missing is said at the end. */
export function elementsOf(text: Text, most: number, say: SayMore): RichTextElement[] {
  const wide = text.map((piece) => apart(plain(wordsOf(piece))));
  const total = wide.reduce((sum, words) => sum + words.length, 0);
  const elements: RichTextElement[] = [];
  let room = most;
  for (const [index, piece] of text.entries()) {
    const words = wide[index] ?? "";
    const rest = total - (most - room);
    if (words.length > room || (rest > room && words.length + 60 > room)) {
      const last = clip(wide.slice(index).join(""), Math.max(1, room), say);
      return last === "" ? elements : [...elements, { type: "text", text: last }];
    }
    room -= words.length;
    const element = elementOf(piece, words);
    if (element) elements.push(element);
  }
  return elements;
}

function wordsOf(piece: Piece): string {
  if (typeof piece === "string") return piece;
  if (isInstant(piece)) return inWords(piece);
  return "mention" in piece ? piece.mention : piece.strong;
}

function elementOf(piece: Piece, words: string): RichTextElement | null {
  if (typeof piece !== "string" && isInstant(piece)) return dateOf(piece, words);
  if (typeof piece !== "string" && "mention" in piece) return { type: "user", user_id: piece.user };
  if (words === "") return null;
  return typeof piece === "string" ? { type: "text", text: words } : { type: "text", text: words, style: { bold: true } };
}

function dateOf(instant: Instant, fallback: string): RichTextElement {
  const timestamp = seconds(instant.at);
  if (timestamp === null) return { type: "text", text: fallback };
  const date: RichTextDate = { type: "date", timestamp, format: SHOWN[instant.show], fallback };
  return date;
}

/** Slack refuses a rich text without any element, and so an empty sentence is a blank one. */
export function section(elements: readonly RichTextElement[]): RichTextSection {
  return { type: "rich_text_section", elements: elements.length === 0 ? [{ type: "text", text: " " }] : [...elements] };
}

/**
 * Small, pale text as one piece of plain text. null: it holds an instant, which such a block could only show as an element of its own, torn out of
 * its sentence; rich text shows it in place.
 */
export function contextOf(text: Text, most: number, say: SayMore): ContextBlock["elements"] | null {
  if (text.some((piece) => typeof piece !== "string" && isInstant(piece))) return null;
  const words = text.map((piece) => apart(plain(wordsOf(piece)))).join("");
  const line = clip(words.trim(), Math.min(most, LIMIT.contextText), say);
  return [{ type: "plain_text", text: line === "" ? " " : line, emoji: false }];
}

/** One line of a person's own words as Slack's plain text; never empty, since Slack refuses that. */
export function plainText(text: string, most: number): { type: "plain_text"; text: string; emoji: false } {
  return { type: "plain_text", text: apartLine(text, most) || "–", emoji: false };
}
