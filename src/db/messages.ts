/** Where every copy of every card stands. A row is leased while its card is being posted or redrawn, so that two drawings never overtake each other. */
import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { LEASE_SECONDS } from "./outbox.ts";
import { message, unreachable } from "./schema.ts";
import { statement } from "./statement.ts";

export interface Place {
  readonly platform: string;
  readonly home: string;
  /** `person:<id>` or `channel:<name or id>`. */
  readonly place: string;
}

export interface Copy extends Place {
  readonly id: string;
  readonly subject: string;
  /** `listed`: a row of the digest `digest`, with no message of its own. */
  readonly state: "posting" | "posted" | "lost" | "listed";
  readonly digest: string | null;
  readonly conversation: string | null;
  readonly message: string | null;
  /** Hash of the card as drawn last. */
  readonly drawn: string | null;
}

const p = (name: string) => sql.placeholder(name);
const COPY = sql`id, subject, platform, home, place, state, digest, conversation, message, drawn`;

const copies = statement<Copy>(sql`select ${COPY} from ${message} where subject = ${p("subject")}::text order by place`);

export async function copiesOf(db: Db, subject: string): Promise<readonly Copy[]> {
  return copies(db, { subject });
}

const standing = statement<Copy>(sql`
select ${COPY} from ${message} where subject = ${p("subject")}::text and state = 'posted'
union all select ${COPY} from ${message} where state = 'posted' and subject in (
  select 'digest:' || l.digest from ${message} l where l.subject = ${p("subject")}::text and l.digest is not null)
order by place`);

/** Where it can be read now: its own messages, and those of the digests on which it stands. */
export async function standingCopies(db: Db, subject: string): Promise<readonly Copy[]> {
  return standing(db, { subject });
}

export interface TakenCopy extends Copy {
  /** Something may have been sent under its key: whoever held it before never gave it back, or doesn't know what came of it. */
  readonly perhapsSent: boolean;
  /** Names this take: only who still has it writes what came of it. */
  readonly lease: string;
}

const taken = statement<TakenCopy>(sql`
with before as (select leased_until is not null or state = 'posting' as sent from ${message}
  where subject = ${p("subject")}::text and platform = ${p("platform")}::text and home = ${p("home")}::text and place = ${p("place")}::text)
insert into ${message} as m (id, subject, platform, home, place, state, lease, leased_until)
values (${p("id")}::uuid, ${p("subject")}::text, ${p("platform")}::text, ${p("home")}::text, ${p("place")}::text, 'posting', ${p("lease")}::uuid, clock_timestamp() + make_interval(secs => ${sql.raw(String(LEASE_SECONDS))}))
on conflict (subject, platform, home, place) do update set lease = excluded.lease, leased_until = clock_timestamp() + make_interval(secs => ${sql.raw(String(LEASE_SECONDS))}),
  state = case m.state when 'lost' then 'posting' else m.state end, drawn = case when m.leased_until is null then m.drawn end
  where m.leased_until is null or m.leased_until < clock_timestamp()
returning ${COPY}, lease, coalesce((select sent from before), false) as "perhapsSent"`);

/**
 * Takes the copy at that place, known or new; null: somebody else is drawing it right now. Whoever let the lease run out may have drawn anything, so
 * `drawn` is then null. While it is held, a copy that wasn't there counts as one that may be (`posting`).
 */
export async function takeCopy(db: Db, it: Place & { readonly subject: string; readonly id: string }): Promise<TakenCopy | null> {
  const [row] = await taken(db, { ...it, lease: randomUUID() });
  return row ?? null;
}

const settled = statement<{ id: string }>(sql`
with reached as (delete from ${unreachable} u using ${message} m
  where ${p("state")}::text = 'posted' and m.id = ${p("id")}::uuid and u.platform = m.platform and m.place = 'person:' || u.person_id returning 1)
update ${message} set state = ${p("state")}::text, conversation = ${p("conversation")}::text, message = ${p("message")}::text, drawn = ${p("drawn")}::text,
  why = ${p("why")}::text, posted_at = coalesce(posted_at, app_now()), leased_until = null where id = ${p("id")}::uuid and lease = ${p("lease")}::uuid returning id`);

export interface Settled {
  readonly state: Copy["state"];
  readonly conversation: string | null;
  readonly message: string | null;
  readonly drawn: string | null;
  readonly why: string | null;
}

/** Writes what came of it and gives the copy back; may be repeated. False: somebody else has taken the copy meanwhile, so nothing was written. */
export async function settleCopy(db: Db, taken: Pick<TakenCopy, "id" | "lease">, it: Settled): Promise<boolean> {
  const { state, conversation, message, drawn, why } = it;
  const rows = await settled(db, { id: taken.id, lease: taken.lease, state, conversation, message, drawn, why });
  return rows.length > 0;
}
