/** What time and changes of people do to open requests: reminders, escalation, expiry, and asking others when those who were asked can't act. */
import { dueLines } from "../db/due.ts";
import { reroute as rerouted } from "../domain/reassigning.ts";
import { ok } from "../domain/refusals.ts";
import { tick as ticked } from "../domain/ticking.ts";
import { change } from "./change.ts";
import type { World } from "./world.ts";

/** Lines looked at in one go; what is left is looked at in the next. */
const AT_ONCE = 200;
/** How often one line is looked at in a row: an escalation and a reminder may be due together. */
const ROUNDS = 50;

/**
 * Does everything that is due by now, and says how many changes that were. Any number of processes may do it at the same time: each change is one
 * commit under its line's version, so that whoever comes second finds nothing due. A tick that was missed is made up by the next one.
 */
export async function tick(world: World, goOn: () => boolean = () => true): Promise<number> {
  let done = 0;
  for (let round = 0; round < ROUNDS && goOn(); round++) {
    const due = await dueLines(world.db, AT_ONCE);
    if (due.length === 0) return done;
    for (const line of due) {
      if (!goOn()) return done;
      const changed = await change(world, {
        wanted: { task: null, line, actor: null, login: null },
        decide: (state, facts) => ok(ticked(state, facts)),
        by: null,
      });
      if (changed.type === "changed") done += 1;
    }
  }
  return done;
}

/** Works out again who is asked, after people changed. Safe to repeat. */
export async function reroute(world: World, line: string): Promise<"rerouted" | "as-it-was"> {
  const changed = await change(world, {
    wanted: { task: null, line, actor: null, login: null },
    decide: (state, facts) => ok(rerouted(state, facts)),
    by: null,
  });
  if (changed.type === "busy") throw new Error("a request could not be routed anew: others kept changing its line");
  return changed.type === "changed" ? "rerouted" : "as-it-was";
}
