/** Text from people as data: nothing unseen in it, never longer than its place, and no markup where Slack would read some. */

/**
 * Characters that show nothing and can make a text read otherwise than it is: bidi controls, zero-width and tag characters, other controls,
 * halves of surrogate pairs. Variation selectors stay (emoji need them), and so do joiners outside of Latin, Greek and Cyrillic.
 */
const UNSEEN = /(?!\u200C|\u200D|[\uFE00-\uFE0F])\p{Default_Ignorable_Code_Point}|(?!\n|\t)\p{Cc}|[\uFFF9-\uFFFB]|\p{Cs}/gu;
/** Looked for when all else is gone, since other unseen characters may have stood between a letter and its joiner. */
const JOINERS = /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{P}\s])[\u200C\u200D]+/gu;
const LINE_ENDS = /\r\n?|\u0085|\u2028|\u2029|\v|\f/g;
/** A quick look for any of them: most texts have none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const PERHAPS_UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cs}\0-\x08\x0B-\x1F\x7F-\x9F\u2028\u2029\uFFF9-\uFFFB]/u;
/** More marks on one letter than any script writes climb over the lines around them; without a letter of their own they sit on somebody else's. */
const TOWER = /(\p{M}{8})\p{M}+/gu;
const HEADLESS = /^[\p{M}\u200C\u200D]+/u;

export function plain(text: string): string {
  const seen = PERHAPS_UNSEEN.test(text) ? text.replace(LINE_ENDS, "\n").replace(UNSEEN, "").replace(JOINERS, "") : text;
  return seen.replace(HEADLESS, "").replace(TOWER, "$1");
}

/** On one line, for titles, labels and buttons. Braille's empty cell looks like a space, and is one here. */
export function plainLine(text: string): string {
  return plain(text)
    .replace(/[\s\u2800]+/g, " ")
    .trim();
}

/** The scripts that are written from right to left, as Unicode's chart of blocks has them. */
const FROM_THE_RIGHT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const ISOLATE = "\u2068";
const END = "\u2069";

/**
 * Words that are written from right to left keep to themselves: without this they pull the digits and signs that follow over to their side
 * ("name, 3 of 5" reads "3 ,name of 5"). Line by line, since a line's end ends it. Their own direction comes from their first letter.
 */
export function apart(text: string): string {
  if (!FROM_THE_RIGHT.test(text)) return text;
  return text
    .split("\n")
    .map((line) => (FROM_THE_RIGHT.test(line) ? `${ISOLATE}${line}${END}` : line))
    .join("\n");
}

/** The same for one line that has to fit. */
export function apartLine(text: string, most: number): string {
  const line = plainLine(text);
  return FROM_THE_RIGHT.test(line) && most > 2 ? `${ISOLATE}${clip(line, most - 2)}${END}` : clip(line, most);
}

/** Ends what a cut has left open, in its last line. */
function ended(text: string): string {
  const last = text.slice(text.lastIndexOf("\n") + 1);
  return last.lastIndexOf(ISOLATE) > last.lastIndexOf(END) ? `${text}${END}` : text;
}

/** Says how much is missing, such as "(120 more characters)". */
export type SayMore = (characters: number) => string;

/** Below this there is no room to say how much is missing. */
const ROOM_TO_SAY = 60;

/** At most `most` UTF-16 units, no surrogate pair cut in two; ends with "…" when something is missing, and with how much where there's room. */
export function clip(text: string, most: number, say: SayMore | null = null): string {
  if (text.length <= most) return text;
  // One character is kept in hand for the end of an isolate.
  let kept = whole(text, Math.max(0, most - 2));
  if (!say || most < ROOM_TO_SAY) return ended(`${kept}…`);
  // Saying how much is missing takes room of its own, and so more is missing: two rounds settle the number's length.
  for (let round = 0; round < 3; round++) {
    const ending = `… ${say(text.length - kept.length)}`;
    kept = whole(text, Math.max(0, most - 1 - ending.length));
  }
  return ended(`${kept}… ${say(text.length - kept.length)}`.slice(0, most - 1));
}

/** The first `most` units without half a surrogate pair at the end. */
export function whole(text: string, most: number): string {
  const cut = text.slice(0, most);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** For the few places that Slack always reads as markup: the three characters that it knows entities for. */
export function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
