/** One change of one line: load, decide, commit in one statement; and again when somebody else was faster. Every verb on a line ends here. */
import { type Actor, commit } from "../db/commit.ts";
import { type Loaded, load, type Wanted } from "../db/load.ts";
import { rowsOf } from "../db/rows.ts";
import type { Facts } from "../domain/commands.ts";
import { effectsOf } from "../domain/effects.ts";
import { evolve, type LineEvent } from "../domain/events.ts";
import type { Line } from "../domain/line.ts";
import type { Refusal, Result } from "../domain/refusals.ts";
import { renderAccount } from "../domain/template.ts";
import type { Answer, Once, Seen } from "./operations.ts";
import { ATTEMPTS, backOff, type World } from "./world.ts";

export interface Change {
  readonly wanted: Omit<Wanted, "key" | "delivery">;
  /** Pure: the events that follow, or why not. */
  readonly decide: (line: Line, facts: Facts, loaded: Loaded) => Result<readonly LineEvent[]>;
  /** null: nobody acts, time or a change of people does. */
  readonly by: Person | null;
}

/** Somebody's command: its key, its answer, and what happens to a refusal. */
export interface Person {
  readonly once: Once;
  readonly seen: Seen | null;
  readonly rights: (line: Line, loaded: Loaded) => Actor;
  readonly answer: (is: Line) => Answer;
  readonly refused: (refusal: Refusal, line: Line) => Promise<Result<never>>;
}

export type Changed =
  | { readonly type: "changed"; readonly line: Line; readonly events: readonly LineEvent[] }
  /** There is no such line, or nothing followed. */
  | { readonly type: "nothing" }
  | { readonly type: "answered"; readonly result: Result<Answer> }
  | { readonly type: "busy" };

export async function change(world: World, { wanted, decide, by }: Change): Promise<Changed> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const loaded = await load(world.db, { ...wanted, key: by?.once.key ?? null, delivery: by?.once.delivery ?? null });
    if (by && loaded.stored) return { type: "answered", result: stored(loaded.stored, by.once.fingerprint) };
    const { line } = loaded;
    if (!line || (by && !loaded.actor)) return { type: "nothing" };

    const before = by && loaded.refused;
    const decided: Result<readonly LineEvent[]> = before
      ? { ok: false, refusal: before }
      : decide(line, factsOf(world, loaded, line), loaded);
    if (!decided.ok) {
      return by ? { type: "answered", result: await by.refused(decided.refusal, line) } : { type: "nothing" };
    }
    const events = decided.value;
    if (events.length === 0) return { type: "nothing" };
    const is = events.reduce((state, event) => evolve(state, event, loaded.now), line);
    const actor = by?.rights(line, loaded) ?? null;
    const rows = rowsOf({
      was: line,
      from: line,
      is,
      events,
      effects: effectsOf(is, events),
      actor: actor?.person ?? null,
      at: loaded.now,
      seen: by?.seen ?? null,
      filedUnder: null,
    });
    const once = by && { ...by.once, answer: by.answer(is), at: loaded.now };
    const committed = await commit(world.db, { form: "all", actor, once, rows });
    if (committed.type === "committed") {
      world.wake();
      world.meters?.happened(events.map(({ type }) => type));
      return { type: "changed", line: is, events };
    }
    world.meters?.conflicted(by ? "act" : "clock");
    // A login that somebody else's account took in the same moment: load again, and the rule says whose it is. After a lost connection the
    // stored answer says whether it was done.
    await backOff(attempt);
  }
  return { type: "busy" };
}

/** The same key with the same content gives the stored answer, with other content a refusal. */
export function stored(it: { readonly fingerprint: string; readonly answer: object }, fingerprint: string): Result<Answer> {
  if (it.fingerprint !== fingerprint) return { ok: false, refusal: { name: "key-reused", about: {} } };
  return { ok: true, value: it.answer as Answer };
}

export function factsOf(world: World, loaded: Loaded, line: Line): Facts {
  const { actor, beneficiary } = loaded;
  if (!beneficiary) throw new Error(`line ${line.number} has no beneficiary`);
  return {
    now: loaded.now,
    actor: actor ?? beneficiary,
    beneficiary,
    candidates: loaded.candidates,
    accounts: loaded.accounts,
    accountOnItsWay: loaded.accountOnItsWay,
    ownerOfLogin: loaded.ownerOfLogin,
    filledIn: renderAccount(line.application.account, {
      person: beneficiary,
      form: line.values,
      application: line.application,
      entitlement: line.entitlement,
      number: line.number,
    }),
    newId: world.newId,
  };
}
