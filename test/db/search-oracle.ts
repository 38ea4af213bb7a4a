/** What searching the catalogue should give, worked out in the plainest way from everything there is. */

export interface Known {
  readonly id: string;
  /** Name, keywords, entitlements and description, one line each. */
  readonly search: string;
  readonly open: boolean;
}

const PUNCTUATION = /[!-/:-@[-`{-~]/;

/** Ids of what fits, best first. */
export function expected(all: readonly Known[], typed: string, limit: number): readonly string[] {
  const whole = letters(typed).replace(/\s+/g, " ").trim();
  const words = [...new Set(whole.split(" "))].filter((word, _, every) => !every.some((other) => other !== word && other.startsWith(word)));
  const known = all.map((one) => ({ ...one, name: letters(one.search.split("\n")[0] ?? ""), texts: textsOf(letters(one.search)) }));
  const count = (word: string) => known.flatMap(({ texts }) => [...texts.keys()].filter((text) => text.startsWith(word))).length;
  // the first of the words that find least
  const rarest = words.reduce((least, word) => (count(word) < count(least) ? word : least));
  const ranked = known.flatMap((one) => {
    const hits = [...one.texts].filter(([text]) => text.startsWith(whole)).map(([text, rank]) => ({ rank, text }));
    const fits = words.every((word) => one.name.includes(word) || [...one.texts.keys()].some((text) => text.startsWith(word)));
    if (words.length > 1 && fits) {
      const rank = words.every((word) => one.name.includes(word)) ? 4 : 6;
      hits.push(...[...one.texts.keys()].filter((text) => text.startsWith(rarest)).map((text) => ({ rank, text })));
    }
    const best = hits.sort(byRank)[0];
    return one.open && best ? [{ id: one.id, ...best }] : [];
  });
  return ranked
    .sort((a, b) => byRank(a, b) || inBytes(a.id, b.id))
    .slice(0, limit)
    .map(({ id }) => id);
}

/** Every text that something typed may begin, with its best rank. */
function textsOf(search: string): ReadonlyMap<string, number> {
  const texts = new Map<string, number>();
  const add = (text: string, rank: number) => {
    const cut = [...text].slice(0, 64).join("");
    if (cut !== "") texts.set(cut, Math.min(rank, texts.get(cut) ?? rank));
  };
  const [name = "", ...lines] = search.split("\n");
  const all = [...name];
  for (const [at, here] of all.entries()) {
    const before = all[at - 1] ?? " ";
    const begins = before === " " || (PUNCTUATION.test(before) && !PUNCTUATION.test(here));
    if (here !== " ") add(all.slice(at).join(""), at === 0 ? 1 : begins ? 2 : 3);
  }
  for (const line of lines) {
    add(line, 5);
    for (const word of [...line.split(" "), ...line.split(new RegExp(`${PUNCTUATION.source}| `))]) add(word, 6);
  }
  return texts;
}

function letters(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "");
}

function byRank(a: { readonly rank: number; readonly text: string }, b: { readonly rank: number; readonly text: string }): number {
  return a.rank - b.rank || inBytes(a.text, b.text);
}

/** As the collation "C" has it. */
function inBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
