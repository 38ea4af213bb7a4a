/** Search in the catalogue: what fits the typed words, best first. Words are data: no pattern characters, whatever was typed. */
import { sql } from "drizzle-orm";
import type { Application } from "../domain/catalogue.ts";
import { distance, wordsOf } from "../domain/near.ts";
import type { Db } from "./connect.ts";
import { application, definition, person } from "./schema.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

/**
 * Every typed word must occur somewhere in name, keywords, entitlements or description. Rank: the name itself, names that begin so, words of the
 * name that begin so, anywhere in the name, then the rest; names in order within a rank.
 */
const found = statement<{ id: string; name: string; description: string; requestableBy: Application["requestableBy"] }>(sql`
select a.id, a.name, d.content->>'description' as description, nullif(d.content->'requestableBy', 'null') as "requestableBy"
from (select *, split_part(search, E'\n', 1) as lower from ${application}) a join ${definition} d on d.id = a.definition_id
where not exists (select from jsonb_array_elements_text(${p("words")}::jsonb) w where strpos(a.search, w) = 0)
order by case
    when ${p("whole")}::text = '' then 0
    when a.lower = ${p("whole")}::text then 0
    when starts_with(a.lower, ${p("whole")}::text) then 1
    when strpos(' ' || a.lower, ' ' || ${p("whole")}::text) > 0 then 2
    when strpos(a.lower, ${p("whole")}::text) > 0 then 3
    when strpos(E'\n' || a.search, E'\n' || ${p("whole")}::text) > 0 then 4
    else 5 end, a.name`);

/** Longest search taken from what was typed, in characters; the rest is cut off. */
export const LONGEST_SEARCH = 64;

/** What a list needs of an application: its entitlements and forms stay where they are. */
export type Listed = Pick<Application, "id" | "name" | "description" | "requestableBy">;

export async function findApplications(db: Db, typed: string): Promise<readonly Listed[]> {
  const whole = cleaned(typed);
  const words = whole === "" ? [] : whole.split(" ");
  return found(db, { words, whole });
}

/** Applications that a near miss is looked for among: those that share most with what was typed. */
const MOST_LIKE = 500;

/** The first 300 characters hold name, keywords and most entitlements; letter pairs put first what shares most, so that a big catalogue is cut at the right end. */
const alike = statement<Listed & { search: string }>(sql`
select a.id, a.name, d.content->>'description' as description, nullif(d.content->'requestableBy', 'null') as "requestableBy", left(a.search, 300) as search
from ${application} a join ${definition} d on d.id = a.definition_id
order by (select count(*) from jsonb_array_elements_text(${p("pairs")}::jsonb) w where strpos(a.search, w) > 0) desc, a.name limit ${sql.raw(String(MOST_LIKE))}`);

/** What was probably meant when nothing fits: a typing error or two away, the nearest first. */
export async function findNearApplications(db: Db, typed: string): Promise<readonly Listed[]> {
  const words = wordsOf(cleaned(typed));
  if (words.length === 0) return [];
  const pairs = [...new Set(words.flatMap((word) => [...word].slice(1).map((letter, index) => `${[...word][index] ?? ""}${letter}`)))];
  const ranked = (await alike(db, { pairs })).flatMap(({ search, ...one }) => {
    const far = distance(words, wordsOf(search));
    return far === null ? [] : [{ one, far, inName: distance(words, wordsOf(one.name)) !== null }];
  });
  return ranked.sort((a, b) => a.far - b.far || Number(b.inName) - Number(a.inName)).map(({ one }) => one);
}

const owners = statement<{ id: string; owner: string }>(sql`
select a.id, x.name as owner from ${application} a join ${definition} d on d.id = a.definition_id join ${person} x on x.id = d.content->>'businessOwner'
where a.id in (select jsonb_array_elements_text(${p("ids")}::jsonb)) and x.state = 'active'`);

/** The names of the active business owners, by application. */
export async function ownersOf(db: Db, ids: readonly string[]): Promise<Readonly<Record<string, string>>> {
  if (ids.length === 0) return {};
  return Object.fromEntries((await owners(db, { ids })).map(({ id, owner }) => [id, owner]));
}

/** Lower case, single spaces, no NUL (Postgres holds none), at most 64 characters and never half of a surrogate pair. */
export function cleaned(typed: string): string {
  const short = [...typed].slice(0, LONGEST_SEARCH).join("");
  return short
    .replaceAll("\0", "")
    .replace(/[\uD800-\uDFFF]/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();
}

/** The same ranking for a short list in hand, such as one application's entitlements. */
export function rankByWords<T>(
  items: readonly T[],
  typed: string,
  textOf: (item: T) => { readonly name: string; readonly search: string },
): readonly T[] {
  const whole = cleaned(typed);
  const words = whole === "" ? [] : whole.split(" ");
  const ranked = items.flatMap((item) => {
    const { name, search } = textOf(item);
    const all = `${name}\n${search}`.toLowerCase();
    if (!words.every((word) => all.includes(word))) return [];
    const lower = name.toLowerCase();
    const rank = lower === whole ? 0 : lower.startsWith(whole) ? 1 : ` ${lower}`.includes(` ${whole}`) ? 2 : lower.includes(whole) ? 3 : 4;
    return [{ item, rank, name: lower }];
  });
  return ranked.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).map(({ item }) => item);
}
