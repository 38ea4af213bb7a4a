/** Words that were probably meant: a typing error or two away from what was typed. */

/** Errors that a word of so many letters may hold; the shortest ones are too easily mistaken for each other. */
function allowed(word: string): number {
  return word.length < 3 ? 0 : word.length < 6 ? 1 : 2;
}

/** Letters and digits in lower case, word by word; words longer than 64 characters are nobody's typing error and are passed over. */
export function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "" && word.length <= 64);
}

/**
 * How far a text is from the typed words, in typing errors (a letter more, less, other, or two changed places); null: too far. Every typed word
 * must be near to some word of the text, or to the beginning of one, since people search while they type.
 */
export function distance(typed: readonly string[], text: readonly string[]): number | null {
  if (typed.length === 0) return null;
  let sum = 0;
  for (const word of typed) {
    const most = allowed(word);
    const near = text.map((one) => Math.min(errors(word, one, most), errors(word, one.slice(0, word.length), most)));
    const least = Math.min(...near, most + 1);
    if (least > most) return null;
    sum += least;
  }
  return sum;
}

/** Optimal string alignment distance; `most + 1` stands for anything beyond `most`. */
function errors(a: string, b: string, most: number): number {
  if (a === b) return 0;
  if (most === 0 || Math.abs(a.length - b.length) > most) return most + 1;
  let older: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (older[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    if (Math.min(...row) > most) return most + 1;
    older = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, most + 1);
}
