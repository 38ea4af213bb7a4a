/** Text from people as data: nothing unseen in it, never longer than its place, and no markup where Slack would read some. */

/**
 * Characters that show nothing and can make a text read otherwise than it is: bidi controls, zero-width and tag characters, other controls,
 * halves of surrogate pairs. Variation selectors stay (emoji need them), and so do joiners outside of Latin, Greek and Cyrillic.
 */
const UNSEEN =
  /(?!\u200C|\u200D|[\uFE00-\uFE0F])\p{Default_Ignorable_Code_Point}|(?!\n|\t)\p{Cc}|[\uFFF9-\uFFFB]|\p{Cs}|(?<=^|[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{P}\s])(?:\u200C|\u200D)/gu;
const LINE_ENDS = /\r\n?|\u0085|\u2028|\u2029|\v|\f/g;

export function plain(text: string): string {
  return text.replace(LINE_ENDS, "\n").replace(UNSEEN, "");
}

/** On one line, for titles, labels and buttons. */
export function plainLine(text: string): string {
  return plain(text).replace(/\s+/g, " ").trim();
}

/** Says how much is missing, such as "(120 more characters)". */
export type SayMore = (characters: number) => string;

/** Below this there is no room to say how much is missing. */
const ROOM_TO_SAY = 60;

/** At most `most` UTF-16 units, no surrogate pair cut in two; ends with "…" when something is missing, and with how much where there's room. */
export function clip(text: string, most: number, say: SayMore | null = null): string {
  if (text.length <= most) return text;
  let kept = whole(text, most - 1);
  if (!say || most < ROOM_TO_SAY) return `${kept}…`;
  // Saying how much is missing takes room of its own, and so more is missing: two rounds settle the number's length.
  for (let round = 0; round < 3; round++) {
    const ending = `… ${say(text.length - kept.length)}`;
    kept = whole(text, Math.max(0, most - ending.length));
  }
  return `${kept}… ${say(text.length - kept.length)}`.slice(0, most);
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
