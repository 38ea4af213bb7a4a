/**
 * What must hold in every database of Latchkey, whatever happened to it: one query each, which gives whatever breaks it. Tests run them after every
 * random walk, and `latchkey doctor` in production: they only read, take no lock that anybody waits for, and each is one statement (one snapshot).
 */
import type postgres from "postgres";
import { codeOf } from "./fault.ts";
import { DELIVERY } from "./invariants-of-delivery.ts";
import { LIVES } from "./invariants-of-lives.ts";
import { RIGHTS } from "./invariants-of-rights.ts";

export type InvariantId = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I9" | "I11" | "I12";

export interface Invariant {
  readonly id: InvariantId;
  /** What holds. */
  readonly holds: string;
  /** What it means when it doesn't, and what to do. */
  readonly otherwise: string;
  /** A query of the columns `id` (text: of a line, task, order ...) and `about` (text, for people). */
  readonly query: string;
}

export const INVARIANTS: readonly Invariant[] = [...RIGHTS, ...LIVES, ...DELIVERY].sort(
  (a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)),
);

export interface Offender {
  readonly id: string;
  readonly about: string;
}

export type Checked =
  | { readonly invariant: Invariant; readonly type: "holds" }
  /** `first`: at most 20 of them. */
  | { readonly invariant: Invariant; readonly type: "broken"; readonly count: number; readonly first: readonly Offender[] }
  /** The server's statement timeout came first. */
  | { readonly invariant: Invariant; readonly type: "unfinished" };

const MOST_SHOWN = 20;

/** Checks them one after another over a client whose statement timeout bounds each; `only`: some of them. */
export async function checkInvariants(sql: postgres.Sql, only: readonly InvariantId[] | null = null): Promise<readonly Checked[]> {
  const checked: Checked[] = [];
  for (const invariant of INVARIANTS) if (only === null || only.includes(invariant.id)) checked.push(await check(sql, invariant));
  return checked;
}

async function check(sql: postgres.Sql, invariant: Invariant): Promise<Checked> {
  try {
    const [row] = await sql.unsafe(`with broken as materialized (${invariant.query})
      select (select count(*)::int from broken) as count,
        (select jsonb_agg(jsonb_build_object('id', f.id, 'about', f.about)) from (select id, about from broken order by about, id limit ${MOST_SHOWN}) f) as first`);
    const count = Number(row?.count ?? 0);
    if (count === 0) return { invariant, type: "holds" };
    const first = typeof row?.first === "string" ? JSON.parse(row.first) : (row?.first ?? []);
    return { invariant, type: "broken", count, first: first as readonly Offender[] };
  } catch (error) {
    if (codeOf(error) === "57014") return { invariant, type: "unfinished" };
    throw error;
  }
}
