/** What time and changes of people do to open requests: reminders, escalation, expiry, and asking others when those who were asked can't act. */
import { dueLines, openedAroundChange, wasToldLately } from "../db/due.ts";
import { openTask } from "../domain/line.ts";
import { isStranded, reroute as rerouted } from "../domain/reassigning.ts";
import { ok } from "../domain/refusals.ts";
import { tick as ticked } from "../domain/ticking.ts";
import { alertOnce } from "./alert.ts";
import { change } from "./change.ts";
import type { World } from "./world.ts";

/** Lines looked at in one go; what is left is looked at in the next. */
const AT_ONCE = 200;
/** How often one line is looked at in a row: an escalation and a reminder may be due together. */
const ROUNDS = 50;

/**
 * Does everything that is due by now, and says how many changes that were. Any number of processes may do it at the same time: each change is one
 * commit under its line's version, so that whoever comes second finds nothing due. A tick that was missed is made up by the next one. What fails for one
 * line is thrown once the others have had their turn.
 */
export async function tick(world: World, goOn: () => boolean = () => true): Promise<number> {
  let done = 0;
  const faults = new Map<string, unknown>();
  for (let round = 0; round < ROUNDS && goOn(); round++) {
    // A line that can't be read or changed keeps its place at the head: it must not keep the others from their turn.
    const due = (await dueLines(world.db, AT_ONCE + faults.size)).filter((line) => !faults.has(line));
    let moved = 0;
    for (const line of due) {
      if (!goOn()) break;
      const changed = await tickOf(world, line).catch((fault: unknown) => void faults.set(line, fault));
      if (changed) moved += 1;
    }
    done += moved;
    if (due.length === 0 || moved === 0) break;
  }
  for (const line of goOn() ? await openedAroundChange(world.db, AT_ONCE) : []) {
    await reroute(world, line).catch((fault: unknown) => void faults.set(line, fault));
  }
  const [fault] = faults.values();
  if (faults.size > 0) throw fault;
  return done;
}

async function tickOf(world: World, line: string): Promise<boolean> {
  const changed = await change(world, {
    wanted: { task: null, line, actor: null, login: null },
    decide: (state, facts) => ok(ticked(state, facts)),
    by: null,
  });
  return changed.type === "changed";
}

/** Works out again who is asked, after people changed; where nobody else can be found, administrators hear it once a day. Safe to repeat. */
export async function reroute(world: World, line: string): Promise<"rerouted" | "as-it-was"> {
  let waits: { readonly id: string; readonly number: number } | null = null;
  const changed = await change(world, {
    wanted: { task: null, line, actor: null, login: null },
    decide: (state, facts) => {
      const events = rerouted(state, facts);
      const task = openTask(state);
      waits = task && events.length === 0 && isStranded(state, facts.candidates) ? { id: task.id, number: state.number } : null;
      return ok(events);
    },
    by: null,
  });
  if (changed.type === "busy") throw new Error("a request could not be routed anew: others kept changing its line");
  if (waits && !(await wasToldLately(world.db, line))) await tellStranded(world, line, waits);
  return changed.type === "changed" ? "rerouted" : "as-it-was";
}

function tellStranded(world: World, line: string, task: { readonly id: string; readonly number: number }): Promise<void> {
  return alertOnce(world, { alert: "nobody-to-ask", about: { line, number: String(task.number) }, key: `nobody-to-ask:${task.id}` });
}
