/** What was typed into a search, made ready: in the letters that the index compares, and never a pattern. */

/** Longest search taken from what was typed, in characters; the rest is cut off. The index holds as many of each text. */
export const LONGEST_SEARCH = 64;

/**
 * Small letters without accents, single spaces, at most 64 characters; no NUL (Postgres holds none) and never half of a surrogate pair.
 * The letters are those of the SQL function `search_letters` (migrations/0004).
 */
export function cleaned(typed: string): string {
  const short = typed.slice(0, 4 * LONGEST_SEARCH).replace(/[\0\u{10ffff}]|[\uD800-\uDFFF]/gu, "");
  const letters = short
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replaceAll("ς", "σ")
    .replace(/\s+/g, " ")
    .trim();
  return [...letters].slice(0, LONGEST_SEARCH).join("").trim();
}

/** Behind every text that begins so, byte by byte: the end of a range of the index. U+10FFFF is no character that anybody uses. */
export function endOf(text: string): string {
  return `${text}\u{10ffff}`;
}

/** Where a word stands in the index. */
export interface WordRange {
  readonly word: string;
  readonly until: string;
}

/** The words of what was typed; one that another begins with says nothing more and is left out. */
export function rangesOf(whole: string): readonly WordRange[] {
  const words = [...new Set(whole.split(" "))].filter((word) => word !== "");
  const telling = words.filter((word) => !words.some((other) => other !== word && other.startsWith(word)));
  return telling.map((word) => ({ word, until: endOf(word) }));
}

/** The same ranking for a short list in hand, such as one application's entitlements: every typed word must occur somewhere. */
export function rankByWords<T>(
  items: readonly T[],
  typed: string,
  textOf: (item: T) => { readonly name: string; readonly search: string },
): readonly T[] {
  const whole = cleaned(typed);
  const words = whole === "" ? [] : whole.split(" ");
  const ranked = items.flatMap((item) => {
    const text = textOf(item);
    const name = lettersOf(text.name);
    const all = `${name}\n${lettersOf(text.search)}`;
    if (!words.every((word) => all.includes(word))) return [];
    const rank = name === whole ? 0 : name.startsWith(whole) ? 1 : ` ${name}`.includes(` ${whole}`) ? 2 : name.includes(whole) ? 3 : 4;
    return [{ item, rank, name }];
  });
  return ranked.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).map(({ item }) => item);
}

/** A text in the letters that searching compares. */
export function lettersOf(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replaceAll("ς", "σ");
}
