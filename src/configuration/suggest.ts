/** "Did you mean": the nearest known word, or the known words themselves. */

const MOST_NAMED = 8;
const LONGEST_COMPARED = 80;
/** Above this many known words (people, mostly) only those one edit away are looked up, to stay fast with thousands of slips. */
const MANY = 1000;
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz0123456789.-_@"];

/** The known word that differs least from the written one; undefined when none is near enough to be meant. */
export function nearest(word: string, known: ReadonlySet<string> | readonly string[]): string | undefined {
  const words = Array.isArray(known) ? new Set<string>(known) : (known as ReadonlySet<string>);
  if (words.size > MANY) return oneEditAway(word.slice(0, LONGEST_COMPARED), words);
  const written = word.toLowerCase().slice(0, LONGEST_COMPARED);
  const furthest = written.length < 3 ? 0 : Math.floor(written.length / 3);
  let best: { word: string; distance: number } | undefined;
  for (const candidate of words) {
    const most = Math.min(furthest, (best?.distance ?? Number.POSITIVE_INFINITY) - 1);
    if (Math.abs(candidate.length - written.length) > most) continue;
    const distance = distanceOf(written, candidate.toLowerCase());
    if (distance <= most) best = { word: candidate, distance };
  }
  return best?.word;
}

function oneEditAway(word: string, known: ReadonlySet<string>): string | undefined {
  for (const written of new Set([word, word.toLowerCase(), word.toUpperCase()])) {
    if (known.has(written)) return written;
    for (let at = 0; at <= written.length; at++) {
      const [before, after] = [written.slice(0, at), written.slice(at)];
      const swapped = after.length > 1 ? [before + after[1] + after[0] + after.slice(2)] : [];
      const others = LETTERS.flatMap((letter) => [before + letter + after, before + letter + after.slice(1)]);
      const found = [...swapped, before + after.slice(1), ...others].find((one) => known.has(one));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** `unknown group "crm-aprovers": did you mean "crm-approvers"?`, else the known ones, else `otherwise`. */
export function unknown(kind: string, word: string, known: Iterable<string>, otherwise: string): string {
  const all = new Set(known);
  return unlisted(kind, word, all, all.size > 0 && all.size <= MOST_NAMED ? `write ${oneOf([...all])}` : otherwise);
}

function unlisted(kind: string, word: string, known: ReadonlySet<string>, otherwise: string): string {
  return unknownBut(kind, word, nearest(word, known), otherwise);
}

/** The sentence for an unknown word, with the known one that was probably meant. */
export function unknownBut(kind: string, word: string, near: string | undefined, otherwise: string): string {
  return `unknown ${kind} ${quote(word)}: ${near === undefined ? otherwise : `did you mean ${quote(near)}?`}`;
}

/**
 * The person that a written address or id probably means. Ids of an HR system are near each other by nature, so that another one is
 * offered only when it is the same but for case, zeros and signs; an address only when its name is at most a slip away.
 */
export function nearestPerson(word: string, known: ReadonlySet<string>): string | undefined {
  const at = word.lastIndexOf("@");
  if (at === -1) return bareIds(known).get(bareId(word));
  const near = nearest(word, known);
  return near !== undefined && distanceOf(word.toLowerCase().slice(0, LONGEST_COMPARED), near.toLowerCase()) <= Math.max(1, at / 3)
    ? near
    : undefined;
}

/** Thousands of rows may name managers who aren't there: each list of ids is bared once. */
const bared = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, string>>();

function bareIds(known: ReadonlySet<string>): ReadonlyMap<string, string> {
  const ids = bared.get(known) ?? new Map([...known].map((id) => [bareId(id), id]));
  bared.set(known, ids);
  return ids;
}

function bareId(id: string): string {
  return id.toLowerCase().replace(/[^a-z0-9]|(?<!\d)0+(?=\d)/g, "");
}

/** `a, b or c` */
export function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** In double quotes, on one line, cut to a length that fits a terminal. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57).replace(/[\ud800-\udbff]$/, "")}...` : text);
}

/** Edits between two words, a swap of neighbours counting as one (optimal string alignment). */
function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
