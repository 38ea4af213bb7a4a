/**
 * Search in the catalogue: what fits the typed words, best first. Words are data: no pattern characters, whatever was typed.
 *
 * Whatever was typed, a bounded number of rows is read: each question to the index `application_word_ranked` is a range with a limit.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Application } from "../domain/catalogue.ts";
import type { Person } from "../domain/people.ts";
import { mayRequest } from "../domain/requestable.ts";
import type { Db } from "./connect.ts";
import { application, applicationWord, audience, definition, person } from "./schema.ts";
import { cleaned, endOf, rangesOf } from "./search-words.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

/** Entries of the index that one rank of one search looks through at most. */
const MOST_SCANNED = sql.raw("1000");
/** Entries that are ranked at most. */
const MOST_RANKED = sql.raw("400");
/** Entries that are counted at most to find the rarest of several words. */
const MOST_COUNTED = sql.raw("4000");
/** How often an application is compared with a word at most, in one search. */
const MOST_COMPARED = sql.raw("800");

/** What a list needs of an application: its entitlements and forms stay where they are. */
export type Listed = Pick<Application, "id" | "name" | "description" | "requestableBy">;

export interface Sought {
  readonly person: Person;
  /** `open`: what that person may ask for; `closed`: what there is and is not for them. */
  readonly door: "open" | "closed";
  /** Applications at most. */
  readonly limit: number;
}

/** Who may ask: the same rule as `mayRequest`, which has the last word. */
const OPEN = sql`array(select u.id from ${audience} u where not exists (
  select from jsonb_each(u.rule) r where not coalesce(r.value ? (${p("attributes")}::jsonb->>r.key), false)))`;

const RANKS = sql.raw("(values (1), (2), (3), (5), (6)) r(rank)");

/** The beginning of that rank's entries that begin with a text, in the order of the index; `until` ends the range. */
const range = (from: SQL, until: SQL) => sql`select text, application_id, audience from ${applicationWord}
    where rank = r.rank and text >= ${from} collate "C" and text < ${until} collate "C" order by text, application_id limit ${MOST_SCANNED}`;

/** Those of them that the person may ask for, or may not. */
const entries = (from: SQL, until: SQL) => sql`${RANKS}, lateral (select * from (${range(from, until)}) all_of_them
    where (audience = 0 or audience = any((select ids from open)::int[])) = ${p("open")}::boolean) e`;

/**
 * Every typed word must begin a word of name, keywords, entitlements or description, or stand anywhere in the name. Ranks: 1 names that begin with
 * what was typed, the name itself first; 2 words of a name; 3 anywhere in it; 4 every word somewhere in the name; 5 a keyword, entitlement or
 * description that begins so; 6 the rest. Within a rank the order is that of the text from the fitting place on. Several words are looked up by
 * the one that finds least; what it finds is compared with the others.
 */
const found = statement<Listed & { rank: number; text: string }>(sql`
with open as materialized (select ${OPEN} as ids),
whole as (
  select e.text, e.application_id, e.audience, r.rank from ${entries(sql`${p("whole")}::text`, sql`${p("until")}::text`)}
  where r.rank <= ${p("last")}::int limit ${MOST_RANKED}),
typed as materialized (select w->>'word' as word, w->>'until' as until, place from jsonb_array_elements(${p("words")}::jsonb) with ordinality x(w, place)),
rarest as materialized (
  select t.*, ${MOST_COMPARED} / (select count(*) from typed) as most from typed t, lateral (
    select count(*) as n from (select from ${RANKS}, lateral (${range(sql`t.word`, sql`t.until`)}) e limit (select least(1000, ${MOST_COUNTED} / count(*)) from typed)) these) counted
  order by counted.n, t.place limit 1),
candidate as (
  select e.text, e.application_id, e.audience from rarest t, lateral (select e.* from ${entries(sql`t.word`, sql`t.until`)} limit t.most) e),
fitting as (
  select c.*, split_part(a.words, E'\\n', 1) as name
  from (select distinct on (application_id) * from candidate order by application_id, text) c join ${application} a on a.id = c.application_id
  where not exists (select from typed w where strpos(a.words, ' ' || w.word) = 0 and strpos(split_part(a.words, E'\\n', 1), w.word) = 0)),
hit as (
  select rank, text, application_id, audience from whole
  union all
  select case when exists (select from typed w where strpos(name, w.word) = 0) then 6 else 4 end, text, application_id, audience from fitting),
best as (
  select * from (select distinct on (application_id) * from hit order by application_id, rank, text) one_each
  order by rank, text, application_id limit ${p("limit")}::int)
select a.id, a.name, a.description, u.rule as "requestableBy", b.rank, b.text
from best b join ${application} a on a.id = b.application_id left join ${audience} u on u.id = b.audience order by b.rank, b.text, b.application_id`);

/** What fits the typed words, best first; nothing typed: the first names. */
export async function findApplications(db: Db, typed: string, sought: Sought): Promise<readonly Listed[]> {
  return (await ranked(db, cleaned(typed), sought)).map(({ rank, text, ...one }) => one);
}

type Ranked = Listed & { readonly rank: number; readonly text: string };

/** The same with its rank, for what is cleaned already. */
export async function ranked(db: Db, whole: string, { person, door, limit }: Sought): Promise<readonly Ranked[]> {
  const words = rangesOf(whole);
  const rows = await found(db, {
    whole,
    until: endOf(whole),
    // a single word is looked up as a whole
    words: words.length > 1 ? words : [],
    last: whole === "" ? 1 : 6,
    attributes: attributesOf(person),
    open: door === "open",
    limit,
  });
  return rows.filter((row) => mayRequest(row, person) === (door === "open"));
}

function attributesOf({ id, email, name, department, title, location, timeZone, attributes }: Person): object {
  return { ...attributes, id, email, name, department, title, location, time_zone: timeZone };
}

const owners = statement<{ id: string; owner: string }>(sql`
select a.id, x.name as owner from ${application} a join ${definition} d on d.id = a.definition_id join ${person} x on x.id = d.content->>'businessOwner'
where a.id in (select jsonb_array_elements_text(${p("ids")}::jsonb)) and x.state = 'active'`);

/** The names of the active business owners, by application. */
export async function ownersOf(db: Db, ids: readonly string[]): Promise<Readonly<Record<string, string>>> {
  if (ids.length === 0) return {};
  return Object.fromEntries((await owners(db, { ids })).map(({ id, owner }) => [id, owner]));
}
