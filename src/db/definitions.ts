/**
 * Contents of definitions, kept by the process that read them. A definition is never rewritten, only followed by another one; its digest is asked with
 * it each time, so that a database that was put back to an earlier state, where the same id means something else, is believed over what is kept.
 */
import { sql } from "drizzle-orm";
import type { Db } from "./connect.ts";
import type { Json } from "./read-rows.ts";
import { definition } from "./schema.ts";
import { statement } from "./statement.ts";

/** Contents kept at most by one process: of the size of a kilobyte or two, since of an application only one entitlement is read. */
const MOST_KEPT = 1_000;

/** As `REF` prints it: the definition's id and digest. */
export type Ref = readonly [id: number, digest: string];

export interface WantedContent {
  readonly ref: Ref;
  /** Of an application: the only one of its entitlements that is read; null: none of them. Of anything else: left out. */
  readonly entitlement?: string | null;
}

/** `definition d` as a `Ref`. */
export const REF = sql`jsonb_build_array(d.id, d.digest)`;

const missing = statement<{ n: number; content: Json }>(sql`
select w.n, case when d.kind <> 'application' then d.content else jsonb_set(d.content, '{entitlements}', coalesce(
    (select jsonb_agg(e) from jsonb_array_elements(d.content->'entitlements') e where e->>'id' = w.entitlement), '[]')) end as content
from jsonb_to_recordset(${sql.placeholder("wanted")}::jsonb) as w(n int, id bigint, entitlement text) join ${definition} d on d.id = w.id`);

const kept = new WeakMap<object, Map<string, Json>>();

/** The contents, in the order in which they were wanted; what isn't kept is read with one question. Nobody changes what comes back: others get it too. */
export async function contentsOf(db: Db, wanted: readonly WantedContent[]): Promise<readonly Json[]> {
  const known = kept.get(db.$client) ?? new Map<string, Json>();
  kept.set(db.$client, known);
  const keys = wanted.map(({ ref: [id, digest], entitlement }) => `${id} ${digest} ${entitlement ?? ""}`);
  const found = keys.map((key) => known.get(key));
  const lacking = wanted
    .map(({ ref, entitlement }, n) => ({ n, id: ref[0], entitlement: entitlement ?? null }))
    .filter(({ n }) => found[n] === undefined);
  if (lacking.length === 0) return found;
  for (const { n, content } of await missing(db, { wanted: lacking })) {
    found[n] = content;
    known.set(keys[n] ?? "", content);
  }
  for (const oldest of known.keys()) {
    if (known.size <= MOST_KEPT) break;
    known.delete(oldest);
  }
  return found;
}
