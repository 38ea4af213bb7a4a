/** What was probably meant when nothing fits: the words of the catalogue a typing error or two away from what was typed. */
import { sql } from "drizzle-orm";
import { distance, wordsOf } from "../domain/near.ts";
import type { Db } from "./connect.ts";
import { applicationWord, spelling } from "./schema.ts";
import { type Listed, ranked, type Sought } from "./search.ts";
import { cleaned, endOf } from "./search-words.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

/** Words read for each way of leaving out a letter. */
const MOST_READ = sql.raw("60");
/** Typed words that are looked up, ways to mend each, and ways to mend all of them that are tried. */
const MOST_WORDS = 8;
const MOST_MENDED = 3;
const MOST_TRIED = 4;
/** Letters at the beginning of a word that `spelling` knows it by. */
const FIRST_LETTERS = 6;

/**
 * The words that share what is left of their first letters without one of them: so one letter more, less or other there, or two that changed
 * places, lead to the word; later errors are counted on the words read. `fits`: the word begins something as it is.
 */
const alike = statement<{ place: number; word: string; fits: boolean }>(sql`
select t.place::int as place, coalesce(n.word, '') as word, t.fits from (
  select x.place, x.w->'rests' as rests, exists (
    select from (values (1), (2), (3), (5), (6)) r(rank), lateral (
      select from ${applicationWord} where rank = r.rank and text >= (x.w->>'word') collate "C" and text < (x.w->>'until') collate "C" limit 1) e) as fits
  from jsonb_array_elements(${p("words")}::jsonb) with ordinality x(w, place)) t
left join lateral (
  select distinct s.word from jsonb_array_elements(t.rests) y(r), lateral (
    select word from ${spelling} where rest >= (r->>'rest') collate "C" and rest < (r->>'until') collate "C" order by rest, word limit ${MOST_READ}) s) n on true`);

interface Mended {
  readonly words: readonly string[];
  readonly far: number;
}

/** The nearest first; nothing when some typed word is near to none. */
export async function findNearApplications(db: Db, typed: string, sought: Sought): Promise<readonly Listed[]> {
  const words = wordsOf(cleaned(typed));
  if (words.length === 0 || words.length > MOST_WORDS) return [];
  const rows = await alike(db, {
    words: words.map((word) => ({ word, until: endOf(word), rests: restsOf(word).map((rest) => ({ rest, until: endOf(rest) })) })),
  });
  const mended = words.map((word, index) =>
    mendedOf(
      word,
      rows.filter(({ place }) => place === index + 1),
    ),
  );
  const tried = together(mended).filter(({ words: these }) => these.join(" ") !== words.join(" "));
  const found = new Map<string, Listed>();
  // one after the other, the nearest first: mostly the first one is enough
  for (const far of [...new Set(tried.map((one) => one.far))]) {
    const these = await Promise.all(tried.filter((one) => one.far === far).map((one) => ranked(db, one.words.join(" "), sought)));
    const best = these.flat().sort((a, b) => a.rank - b.rank || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    for (const { rank, text, ...one } of best) if (!found.has(one.id)) found.set(one.id, one);
    if (found.size >= sought.limit) break;
  }
  return [...found.values()].slice(0, sought.limit);
}

/** What is left of its first letters without one of them. */
function restsOf(word: string): readonly string[] {
  const first = [...word].slice(0, FIRST_LETTERS);
  if (first.length < 3) return [];
  return [...new Set(first.map((_, at) => first.filter((_, index) => index !== at).join("")))];
}

/** Itself where it fits, and the nearest words; one that another of them begins with is found by that one. */
function mendedOf(word: string, rows: readonly { readonly word: string; readonly fits: boolean }[]): readonly Mended[] {
  const near = rows.flatMap((row) => {
    const far = row.word === "" ? null : distance([word], [row.word]);
    return far === null || far === 0 ? [] : [{ words: [row.word], far }];
  });
  near.sort((a, b) => a.far - b.far || a.words.join().length - b.words.join().length || (a.words.join() < b.words.join() ? -1 : 1));
  const kept: Mended[] = rows.some(({ fits }) => fits) ? [{ words: [word], far: 0 }] : [];
  for (const one of near) {
    if (kept.length === MOST_MENDED) break;
    if (!kept.some((other) => one.words.join().startsWith(other.words.join()))) kept.push(one);
  }
  return kept;
}

/** Every word mended in one of its ways, the nearest first. */
function together(mended: readonly (readonly Mended[])[]): readonly Mended[] {
  const all = mended.reduce<readonly Mended[]>(
    (before, ways) =>
      before
        .flatMap((one) => ways.map((way) => ({ words: [...one.words, ...way.words], far: one.far + way.far })))
        .sort((a, b) => a.far - b.far)
        .slice(0, MOST_TRIED + 1),
    [{ words: [], far: 0 }],
  );
  return all;
}
