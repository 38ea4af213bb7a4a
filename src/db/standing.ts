/** Copies of cards that still matter, at a place where cards can't stand any more, or can again. */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { effect, line, message, task } from "./schema.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

/** Cards about open work, and about requests that aren't over. */
const WANTED = sql`
  select 'task:' || t.id as subject from ${task} t where t.state = 'open'
  union select 'digest:' || m.digest from ${task} t join ${message} m on m.subject = 'task:' || t.id where t.state = 'open' and m.digest is not null
  union select 'request:' || l.request_id from ${line} l where l.open`;

const AT_PLACE = sql`m.platform = ${p("platform")}::text and (m.conversation = ${p("conversation")}::text
  or m.place in (select jsonb_array_elements_text(${p("places")}::jsonb))) and (m.leased_until is null or m.leased_until < clock_timestamp())`;

/** In scope: `them`, rows with the subjects of cards. */
const SHOW_THEM = sql`insert into ${effect} (kind, priority, subject, body, run_at)
  select distinct 'show', 2, subject, jsonb_build_object('kind', 'show', 'subject', split_part(subject, ':', 1), 'id', split_part(subject, ':', 2)), app_now() from them returning 1`;

/** A conversation by its id, and the places by which copies in it are kept: `channel:<name or id>`, `person:<id>`. */
export interface Standing {
  readonly platform: string;
  /** Empty: none that is known. */
  readonly conversation: string;
  readonly places: readonly string[];
}

const lost = statement<{ places: readonly string[] }>(sql`
with wanted as materialized (${WANTED}),
them as (update ${message} m set state = 'lost', why = ${p("why")}::text, leased_until = null
  where m.subject in (select subject from wanted) and m.state in ('posting', 'posted') and ${AT_PLACE} returning m.subject, m.place),
shown as (${SHOW_THEM})
select coalesce((select jsonb_agg(distinct place) from them), '[]') as places, (select count(*) from shown)`);

/** Cards stand there no longer, so those that matter are put where they belong now; gives the places at which there were any. Safe to repeat. */
export async function loseCopies(db: Db, { platform, conversation, places }: Standing, why: string): Promise<readonly string[]> {
  const [row] = await lost(db, { platform, conversation, places, why: why.slice(0, 200) });
  return row?.places ?? [];
}

const found = statement<{ shown: number }>(sql`
with wanted as materialized (${WANTED}),
them as (update ${message} m set state = case when m.message is null then m.state else 'posted' end, drawn = null
  where m.subject in (select subject from wanted) and m.state = 'lost' and ${AT_PLACE} returning m.subject),
shown as (${SHOW_THEM})
select (select count(*)::int from shown) as shown`);

/** Cards can stand there again: those that did are drawn anew, the others are posted if they are still wanted there. Gives how many; safe to repeat. */
export async function restoreCopies(db: Db, { platform, conversation, places }: Standing): Promise<number> {
  const [row] = await found(db, { platform, conversation, places });
  return row?.shown ?? 0;
}

export interface LostPlace {
  readonly home: string;
  /** Name or id of the channel. */
  readonly channel: string;
}

const lostPlaces = statement<LostPlace>(sql`
with wanted as materialized (${WANTED})
select home, substr(place, 9) as channel from (select distinct m.home, m.place from ${message} m where m.platform = ${p("platform")}::text
  and m.subject in (select subject from wanted) and m.state = 'lost' and m.place like 'channel:%') m order by random() limit ${p("most")}::int`);

/** Some of the channels at which a card that matters could not be delivered; others the next time. */
export async function lostChannels(db: Db, platform: string, most: number): Promise<readonly LostPlace[]> {
  return lostPlaces(db, { platform, most });
}
