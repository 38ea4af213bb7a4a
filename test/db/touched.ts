/** What a query touches, as the server counts it: the statements of src/db run as they are, each explained as well. */
import postgres from "postgres";
import type { Db } from "../../src/db/connect.ts";

export interface Touched {
  /** Pages of tables and indexes. */
  readonly buffers: number;
  /** Rows that come out of all steps of the plan together. */
  readonly rows: number;
  /** Tables that were read from end to end. */
  readonly swept: readonly string[];
}

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Plan[];
}

export interface Counter {
  readonly db: Db;
  /** What was touched since the last call. */
  taken(): Touched;
  close(): Promise<void>;
}

/** `generic`: planned without looking at what was typed, as the server does after some runs of a prepared statement. */
export function counter(url: string, plan: "generic" | "custom"): Counter {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connection: { plan_cache_mode: `force_${plan}_plan`, jit: "off" } });
  const prepared = new Map<string, string>();
  let sum: Touched = NOTHING;
  const unsafe = async (text: string, values: readonly unknown[]) => {
    if (!prepared.has(text)) {
      prepared.set(text, `counted${prepared.size}`);
      await sql.unsafe(`prepare ${prepared.get(text)} as ${text}`);
    }
    const given = values.map((value) => (value === null ? "null" : `'${String(value).replaceAll("'", "''")}'`)).join(", ");
    const call = `execute ${prepared.get(text)}${given === "" ? "" : `(${given})`}`;
    const [row] = await sql.unsafe(`explain (analyze, buffers, timing off, format json) ${call}`);
    const top = row?.["QUERY PLAN"][0].Plan as Plan;
    const steps = stepsOf(top);
    sum = {
      buffers: sum.buffers + top["Shared Hit Blocks"] + top["Shared Read Blocks"],
      rows: sum.rows + steps.reduce((rows, step) => rows + step["Actual Rows"] * step["Actual Loops"], 0),
      swept: [
        ...sum.swept,
        ...steps.filter((step) => step["Node Type"] === "Seq Scan" && step["Actual Loops"] > 0).map((step) => step["Relation Name"] ?? ""),
      ],
    };
    return sql.unsafe(call);
  };
  return {
    db: { $client: { unsafe } } as unknown as Db,
    taken: () => {
      const all = sum;
      sum = NOTHING;
      return all;
    },
    close: () => sql.end(),
  };
}

const NOTHING: Touched = { buffers: 0, rows: 0, swept: [] };

function stepsOf(plan: Plan): readonly Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(stepsOf)];
}
