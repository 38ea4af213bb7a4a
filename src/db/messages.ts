/** Where every copy of every card stands. A row is leased while its card is being posted or redrawn, so that two drawings never overtake each other. */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { LEASE_SECONDS } from "./outbox.ts";
import { message } from "./schema.ts";
import { statement } from "./statement.ts";

export interface Place {
  readonly platform: string;
  readonly home: string;
  /** `person:<id>` or `channel:<name or id>`. */
  readonly place: string;
}

export interface Copy extends Place {
  readonly id: string;
  readonly state: "posting" | "posted" | "lost";
  readonly conversation: string | null;
  readonly message: string | null;
  /** Digest of the card as drawn last. */
  readonly drawn: string | null;
}

const p = (name: string) => sql.placeholder(name);
const COPY = sql`id, platform, home, place, state, conversation, message, drawn`;

const copies = statement<Copy>(sql`select ${COPY} from ${message} where subject = ${p("subject")}::text order by place`);

export async function copiesOf(db: Db, subject: string): Promise<readonly Copy[]> {
  return copies(db, { subject });
}

export interface TakenCopy extends Copy {
  /** Whoever held it before never gave it back: what they sent may have arrived. */
  readonly abandoned: boolean;
}

const taken = statement<TakenCopy>(sql`
with before as (select leased_until is not null as abandoned from ${message}
  where subject = ${p("subject")}::text and platform = ${p("platform")}::text and home = ${p("home")}::text and place = ${p("place")}::text)
insert into ${message} as m (id, subject, platform, home, place, state, leased_until)
values (${p("id")}::uuid, ${p("subject")}::text, ${p("platform")}::text, ${p("home")}::text, ${p("place")}::text, 'posting', clock_timestamp() + make_interval(secs => ${sql.raw(String(LEASE_SECONDS))}))
on conflict (subject, platform, home, place) do update set leased_until = clock_timestamp() + make_interval(secs => ${sql.raw(String(LEASE_SECONDS))}),
  state = case m.state when 'lost' then 'posting' else m.state end, drawn = case when m.leased_until is null then m.drawn end
  where m.leased_until is null or m.leased_until < clock_timestamp()
returning ${COPY}, coalesce((select abandoned from before), false) as abandoned`);

/**
 * Takes the copy at that place, known or new; null: somebody else is drawing it right now. Whoever let the lease run out may have drawn anything, so
 * `drawn` is then null. While it is held, a copy that wasn't there counts as one that may be (`posting`).
 */
export async function takeCopy(db: Db, it: Place & { readonly subject: string; readonly id: string }): Promise<TakenCopy | null> {
  const [row] = await taken(db, { ...it });
  return row ?? null;
}

const settled = statement(sql`
update ${message} set state = ${p("state")}::text, conversation = ${p("conversation")}::text, message = ${p("message")}::text, drawn = ${p("drawn")}::text,
  why = ${p("why")}::text, posted_at = coalesce(posted_at, app_now()), leased_until = null where id = ${p("id")}::uuid`);

export interface Settled {
  readonly state: "posting" | "posted" | "lost";
  readonly conversation: string | null;
  readonly message: string | null;
  readonly drawn: string | null;
  readonly why: string | null;
}

/** Writes what came of it and gives the copy back. */
export async function settleCopy(db: Db, id: string, it: Settled): Promise<void> {
  await settled(db, { id, ...it });
}
