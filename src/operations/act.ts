/** One act on one task: load, decide, commit in one statement; and again when somebody else was faster. */
import { type Committed, commit } from "../db/commit.ts";
import { type Loaded, load } from "../db/load.ts";
import { recordRefusal } from "../db/refused.ts";
import { rowsOf } from "../db/rows.ts";
import type { Facts } from "../domain/commands.ts";
import { decide } from "../domain/decide.ts";
import { effectsOf } from "../domain/effects.ts";
import { evolve } from "../domain/events.ts";
import type { Line } from "../domain/line.ts";
import { isDenial, type Refusal, type Result } from "../domain/refusals.ts";
import { renderAccount } from "../domain/template.ts";
import type { Act, Answer, Intent } from "./operations.ts";
import { ATTEMPTS, backOff, isId, type World } from "./world.ts";

export async function act(world: World, it: Act): Promise<Result<Answer>> {
  if (!isId(it.aim.task)) return { ok: false, refusal: { name: "no-such-task", about: {} } };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const login = it.command.verb === "confirm" ? it.command.login.trim() : null;
    const loaded = await load(world.db, { task: it.aim.task, line: null, actor: it.actor, key: it.once.key, login });
    if (loaded.stored) return stored(loaded.stored, it.once.fingerprint);
    const { line, actor } = loaded;
    if (!line || !actor) return { ok: false, refusal: { name: "no-such-task", about: {} } };

    const decided = decide(line, it.aim, it.command, factsOf(world, loaded, line));
    if (!decided.ok) return refused(world, { ...it, verb: it.command.verb }, loaded, line, decided.refusal);

    const events = decided.value;
    const is = events.reduce((state, event) => evolve(state, event, loaded.now), line);
    const effects = effectsOf(is, events);
    const answer = answerOf(it, is);
    const committed: Committed = await commit(world.db, {
      form: "all",
      actor: { person: it.actor, task: it.aim.task },
      once: { ...it.once, answer, at: loaded.now },
      rows: rowsOf({ was: line, from: line, is, events, effects, actor: it.actor, at: loaded.now, seen: it.seen, filedUnder: null }),
    });
    if (committed.type === "committed") {
      world.wake();
      return { ok: true, value: answer };
    }
    // A login that somebody else's account took in the same moment: load again, and the rule says whose it is. After a lost connection the
    // stored answer says whether it was done.
    await backOff(attempt);
  }
  return { ok: false, refusal: { name: "busy", about: {} } };
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

/** The refusal as it is told, with names for ids; one for want of right leaves an event first. */
export async function refused(world: World, it: Intent, loaded: Loaded, line: Line, refusal: Refusal): Promise<Result<never>> {
  if (isDenial(refusal)) {
    await recordRefusal(world.db, {
      actor: it.actor,
      line: line.id,
      request: line.requestId,
      task: it.aim.task,
      verb: it.verb,
      refusal: refusal.name,
      seen: it.seen,
    });
  }
  return { ok: false, refusal: { ...refusal, about: { ...named(refusal.about, loaded.names), number: String(line.number) } } };
}

/** Ids of people give way to their names before anything is said. */
function named(about: Readonly<Record<string, string>>, names: Readonly<Record<string, string>>): Record<string, string> {
  return about.by === undefined ? { ...about } : { ...about, by: names[about.by] ?? about.by };
}

function answerOf(it: Act, is: Line): Answer {
  const about: Record<string, string> = {
    number: String(is.number),
    application: is.application.name,
    entitlement: is.entitlement?.name ?? "",
  };
  const task = is.tasks.find((one) => one.id === it.aim.task);
  if (task) Object.assign(about, { given: String(task.votes.length), needed: String(task.needed) });
  switch (it.command.verb) {
    case "approve":
      return { said: task?.state === "done" ? "approved" : "vote-counted", about };
    case "reject":
      return { said: "rejected", about };
    case "claim":
      return { said: "claimed", about };
    case "release":
      return { said: "released", about };
    case "confirm":
      return { said: "confirmed", about: { ...about, login: is.order?.login ?? "" } };
    case "report-error":
      return { said: "error-reported", about };
    case "retry":
      return { said: "retried", about };
    case "cancel-order":
      return { said: "order-cancelled", about };
  }
}
