/** Search among people: whom a request is for. What was typed is data, and few rows are read whatever it was. */
import { type SQL, sql } from "drizzle-orm";
import type { Person, PersonId } from "../domain/people.ts";
import type { Db } from "./connect.ts";
import { type Json, personOf } from "./read-rows.ts";
import { person, personWord } from "./schema.ts";
import { cleaned, endOf, rangesOf } from "./search-words.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

/** Entries that one rank of one search looks through at most; whoever has more to choose from types on. */
const MOST_SCANNED = sql.raw("600");
/** Entries that are counted at most to find the rarest of several words. */
const MOST_COUNTED = sql.raw("4000");
/** How often a person is compared with a word at most, in one search. */
const MOST_COMPARED = sql.raw("800");

const entries = (from: SQL, until: SQL) => sql`(values (1), (2), (3)) r(rank), lateral (select rank, text, person_id from ${personWord}
    where rank = r.rank and text >= ${from} collate "C" and text < ${until} collate "C" order by text, person_id limit ${MOST_SCANNED}) e`;

/** Ranks: 1 names that begin with what was typed, 2 words of a name, 3 e-mail address and department, 4 several words in any order; then by what fits. */
const found = statement<{ person: Json }>(sql`
with whole as (select e.rank, e.text, e.person_id from ${entries(sql`${p("whole")}::text`, sql`${p("until")}::text`)} limit ${MOST_SCANNED}),
typed as materialized (select w->>'word' as word, w->>'until' as until, place from jsonb_array_elements(${p("words")}::jsonb) with ordinality x(w, place)),
rarest as materialized (
  select t.*, ${MOST_COMPARED} / (select count(*) from typed) as most from typed t, lateral (
    select count(*) as n from (select from ${entries(sql`t.word`, sql`t.until`)} limit (select least(600, ${MOST_COUNTED} / count(*)) from typed)) these) counted
  order by counted.n, t.place limit 1),
candidate as (select e.text, e.person_id from rarest t, lateral (select e.* from ${entries(sql`t.word`, sql`t.until`)} limit t.most) e),
fitting as (
  select 4 as rank, c.text, c.person_id
  from (select distinct on (person_id) * from candidate order by person_id, text) c join ${person} x on x.id = c.person_id,
    lateral (select ' ' || search_parted(search_letters(concat_ws(' ', left(x.name, 200), split_part(left(x.email, 200), '@', 1), left(x.department, 200)))) as words) l
  where not exists (select from typed w where strpos(l.words, ' ' || w.word) = 0)),
best as (
  select * from (select distinct on (person_id) * from (select * from whole union all select * from fitting) hit order by person_id, rank, text) one_each
  order by rank, text, person_id limit ${p("limit")}::int)
select to_jsonb(x) as person from best b join ${person} x on x.id = b.person_id and x.state = 'active' order by b.rank, b.text, b.person_id`);

/** Who sits near: oneself first, then one's own people, manager and colleagues. */
const near = statement<{ person: Json }>(sql`
select to_jsonb(x) as person from ${person} x where x.state = 'active' and (x.id = ${p("me")}::text or x.manager_id = ${p("me")}::text
  or x.id = (select m.manager_id from ${person} m where m.id = ${p("me")}::text)
  or x.manager_id = (select m.manager_id from ${person} m where m.id = ${p("me")}::text))
order by case when x.id = ${p("me")}::text then 0 when x.manager_id = ${p("me")}::text then 1 else 2 end, x.name, x.id limit ${p("limit")}::int`);

/** ASCII punctuation parts words, as in the SQL function `search_parted`. */
const PUNCTUATION = /[!-/:-@[-`{-~]+/g;

/**
 * Active people, best first: what was typed begins the name, a word of it, the e-mail address or a word before its @, or a word of the department; or
 * each of its words does. An empty search gives those near to `me`.
 */
export async function findPeople(db: Db, me: PersonId, typed: string, limit: number): Promise<readonly Person[]> {
  const whole = cleaned(typed);
  if (whole === "") return (await near(db, { me, limit })).map((row) => personOf(row.person));
  const words = rangesOf(whole.replace(PUNCTUATION, " "));
  const alone = words.length === 1 && words[0]?.word === whole;
  const rows = await found(db, { whole, until: endOf(whole), words: alone ? [] : words, limit });
  return rows.map((row) => personOf(row.person));
}
