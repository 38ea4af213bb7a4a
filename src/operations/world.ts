/** What every operation works with. */
import { validate } from "uuid";
import type { Db } from "../db/connect.ts";
import type { Meters } from "../ports.ts";

export interface World {
  readonly db: Db;
  /** A new id each time, ordered by time (UUID v7), so that rows made together lie together. */
  readonly newId: () => string;
  /** Tells the delivery of this process that something is due; the others look for themselves. */
  readonly wake: () => void;
  /** Left out: nobody watches. */
  readonly meters?: Pick<Meters, "conflicted" | "happened">;
}

/** How often a change is tried when somebody else was faster. Each loser of a race loses to a winner, so this bounds how many may win before us. */
export const ATTEMPTS = 16;

/** Waits a little, longer each time and never the same, so that losers don't meet again. Milliseconds. */
export async function backOff(attempt: number): Promise<void> {
  const most = Math.min(5 * 2 ** attempt, 200);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * most));
}

/** Ids come back from buttons, where anybody may put anything: what isn't an id names nothing. */
export function isId(id: string): boolean {
  return validate(id);
}
