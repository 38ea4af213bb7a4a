/** Search among people: whom a request is for. What was typed is data, and few rows are read whatever it was. */
import { type SQL, sql } from "drizzle-orm";
import type { Person, PersonId } from "../domain/people.ts";
import type { Db } from "./connect.ts";
import { type Json, personOf } from "./read-rows.ts";
import { person } from "./schema.ts";
import { cleaned } from "./search.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

/** Words in lower case without accents, as `text[]`: "Müller-Lüdenscheidt" is found by "muller" and by "ludens". Immutable, so that an index can hold it. */
function wordsIn(text: SQL): SQL {
  return sql`array_remove(regexp_split_to_array(lower(regexp_replace(normalize(left(${text}, 400), NFD), '[\\u0300-\\u036f]', '', 'g')), '[[:space:][:punct:]]+'), '')`;
}

/** The very expression of the index `person_words`. */
const PERSON_WORDS = sql`array_to_tsvector(${wordsIn(sql`x.name || ' ' || x.email || ' ' || x.department`)})`;

/** So many fitting people are ranked; whoever has more to choose from types on. */
const MOST_RANKED = sql.raw("2000");

/** Each spelling asks for words that begin with all of its words; one spelling is enough. */
const QUERY = sql`(
  select string_agg('(' || spelling.query || ')', ' | ')::tsquery from jsonb_array_elements_text(${p("spellings")}::jsonb) typed,
    lateral (select string_agg('''' || replace(replace(w, '\\', '\\\\'), '''', '''''') || ''':*', ' & ') as query from unnest(${wordsIn(sql`typed`)}) w) spelling)`;

const found = statement<{ person: Json }>(sql`
with fitting as materialized (select x.* from ${person} x where x.state = 'active' and ${PERSON_WORDS} @@ ${QUERY} limit ${MOST_RANKED})
select to_jsonb(x) as person from fitting x
order by case
    when lower(x.name) = ${p("whole")}::text or lower(x.email) = ${p("whole")}::text then 0
    when starts_with(lower(x.name), ${p("whole")}::text) then 1
    when strpos(' ' || lower(x.name), ' ' || ${p("whole")}::text) > 0 then 2
    else 3 end, x.name, x.id limit ${p("limit")}::int`);

/** Who sits near: oneself first, then one's own people, manager and colleagues. */
const near = statement<{ person: Json }>(sql`
select to_jsonb(x) as person from ${person} x where x.state = 'active' and (x.id = ${p("me")}::text or x.manager_id = ${p("me")}::text
  or x.id = (select m.manager_id from ${person} m where m.id = ${p("me")}::text)
  or x.manager_id = (select m.manager_id from ${person} m where m.id = ${p("me")}::text))
order by case when x.id = ${p("me")}::text then 0 when x.manager_id = ${p("me")}::text then 1 else 2 end, x.name, x.id limit ${p("limit")}::int`);

/** Active people whose name, e-mail address or department hold words that begin with every typed word, best first; an empty search gives those near to `me`. */
export async function findPeople(db: Db, me: PersonId, typed: string, limit: number): Promise<readonly Person[]> {
  const whole = cleaned(typed);
  const rows = whole === "" ? await near(db, { me, limit }) : await found(db, { whole, spellings: spellingsOf(whole), limit });
  return rows.map((row) => personOf(row.person));
}

/** A database of locale C knows small letters of a to z only: there, others are found as names write them. */
function spellingsOf(whole: string): readonly string[] {
  const capitals = whole.replace(/(^|[^\p{L}\p{M}])(\p{Ll})/gu, (_, before: string, letter: string) => `${before}${letter.toUpperCase()}`);
  return [...new Set([whole, capitals])];
}
