/** How the database itself stands: version, roles, rights, guards, and what waits in the outbox. Only reads. */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import { APPEND_ONLY, READ_ONLY } from "./grants.ts";
import { configuration, effect } from "./schema.ts";
import { statement } from "./statement.ts";

const p = (name: string) => sql.placeholder(name);

export interface Standing {
  readonly version: string;
  readonly role: string;
  readonly isSuperuser: boolean;
  readonly mark: "playground" | "real" | null;
  /** Tables that the role can't work with although it has to. */
  readonly lacks: readonly string[];
  /** Rights on evidence that the role should not have, such as "update event". */
  readonly excess: readonly string[];
  /** Guards of the schema that were switched off, such as "event_append_only on event". */
  readonly asleep: readonly string[];
}

const standing = statement<Standing>(sql`
with tables as (select tablename::text as name, format('%I.%I', schemaname, tablename) as called from pg_tables where schemaname = 'public')
select current_setting('server_version') as version, current_user::text as role,
  (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
  (select mark from installation) as mark,
  coalesce((select jsonb_agg(t.name order by t.name) from tables t where not has_table_privilege(t.called, 'select')
    or (not t.name in (select jsonb_array_elements_text(${p("readOnly")}::jsonb)) and not has_table_privilege(t.called, 'insert'))), '[]') as lacks,
  coalesce((select jsonb_agg(lower(r.act) || ' ' || t.name order by t.name, r.act) from tables t, unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) r(act)
    where t.name in (select jsonb_array_elements_text(${p("guarded")}::jsonb)) and has_table_privilege(t.called, r.act)), '[]') as excess,
  coalesce((select jsonb_agg(g.tgname || ' on ' || c.relname order by g.tgname) from pg_trigger g join pg_class c on c.oid = g.tgrelid
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public' where not g.tgisinternal and g.tgenabled not in ('O', 'A')), '[]') as asleep`);

/** Demands a migrated database. */
export async function standingOf(db: Db): Promise<Standing> {
  const [row] = await standing(db, { readOnly: [...READ_ONLY], guarded: [...APPEND_ONLY, ...READ_ONLY] });
  if (!row) throw new Error("the database gave no word on itself");
  return row;
}

export interface InForce {
  readonly version: number;
  readonly digest: string;
  readonly appliedAt: string;
  readonly appliedBy: string;
}

const inForce = statement<InForce>(sql`
select version, digest, to_json(applied_at) as "appliedAt", applied_by as "appliedBy" from ${configuration} order by version desc limit 1`);

/** The configuration that is in force; null: none was applied yet. */
export async function configurationInForce(db: Db): Promise<InForce | null> {
  const [row] = await inForce(db, {});
  return row ?? null;
}

/** Effects of one kind that wait or were given up for one reason. */
export interface Waiting {
  readonly state: "due" | "dead";
  readonly kind: string;
  readonly why: string;
  readonly count: number;
  /** Minutes since the oldest was due. */
  readonly oldest: number;
  /** Minutes since the youngest was due. */
  readonly youngest: number;
}

const waiting = statement<Waiting>(sql`
select state, kind, coalesce(why, '') as why, count(*)::int as count, floor(extract(epoch from app_now() - min(run_at)) / 60)::int as oldest,
  floor(extract(epoch from app_now() - max(run_at)) / 60)::int as youngest
from ${effect} where state = 'dead' or (state = 'due' and run_at < app_now() - interval '10 minutes') group by 1, 2, 3 order by 1, 2, 3`);

/** What has been due for more than ten minutes, and what was given up. */
export async function waitingEffects(db: Db): Promise<readonly Waiting[]> {
  return waiting(db, {});
}
