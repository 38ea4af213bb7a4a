/** Acts of people: on a task, or on a line as a whole. */
import type { Actor } from "../db/commit.ts";
import type { Loaded } from "../db/load.ts";
import { personById } from "../db/people.ts";
import { recordRefusal, rememberRefusal } from "../db/refused.ts";
import type { LineVerb, Verb } from "../domain/commands.ts";
import { decide, decideOnLine } from "../domain/decide.ts";
import type { Line } from "../domain/line.ts";
import { awaited, holdersOf, openTask, taskOf } from "../domain/line.ts";
import { hindrance } from "../domain/may.ts";
import type { PersonId } from "../domain/people.ts";
import { isDenial, type Refusal, type Result } from "../domain/refusals.ts";
import { type Change, change } from "./change.ts";
import type { Act, ActOnLine, Answer, Seen } from "./operations.ts";
import { isId, type World } from "./world.ts";

export async function act(world: World, it: Act): Promise<Result<Answer>> {
  if (!isId(it.aim.task)) return gone();
  const { command } = it;
  return run(world, {
    wanted: {
      task: it.aim.task,
      line: null,
      actor: it.actor,
      login: command.verb === "confirm" ? command.login.trim() : null,
      named: command.verb === "reassign" ? command.to : [],
    },
    decide: (line, facts) => decide(line, it.aim, command, facts),
    by: {
      once: it.once,
      seen: it.seen,
      rights: (line, loaded) => rightOn(it, line, loaded),
      answer: (is) => answerOf(command.verb, is, { task: it.aim.task }),
      refused: (refusal, line) =>
        refused(world, { ...it.once, actor: it.actor, task: it.aim.task, verb: command.verb, seen: it.seen }, line, refusal),
    },
  });
}

export async function actOnLine(world: World, it: ActOnLine): Promise<Result<Answer>> {
  if (!isId(it.line)) return gone();
  const { command } = it;
  return run(world, {
    wanted: { task: null, line: it.line, actor: it.actor, login: null },
    decide: (line, facts) => decideOnLine(line, command, facts),
    by: {
      once: it.once,
      seen: it.seen,
      rights: (_line, loaded) => ({ person: it.actor, task: null, group: command.verb === "cancel" ? loaded.administratorsGroup : null }),
      answer: (is) => answerOf(command.verb, is, { task: null }),
      refused: (refusal, line) =>
        refused(world, { ...it.once, actor: it.actor, task: null, verb: command.verb, seen: it.seen }, line, refusal),
    },
  });
}

async function run(world: World, it: Change & { by: NonNullable<Change["by"]> }): Promise<Result<Answer>> {
  const changed = await change(world, it);
  switch (changed.type) {
    case "changed":
      return { ok: true, value: it.by.answer(changed.line) };
    case "answered":
      return changed.result;
    case "nothing":
      return gone();
    case "busy":
      return { ok: false, refusal: { name: "busy", about: {} } };
  }
}

function gone(): Result<never> {
  return { ok: false, refusal: { name: "no-such-task", about: {} } };
}

/** By which right they act, asserted once more in the statement: as one whom the task asks, else as an administrator. */
function rightOn({ actor, aim, command: { verb } }: Act, line: Line, loaded: Loaded): Actor {
  const task = taskOf(line, aim.task);
  const asked = task !== undefined && verb !== "reassign" && holdersOf(line, task).includes(actor);
  // Who is asked and takes a colleague's claim away does so as an administrator, unless it was escalated to them.
  const asHolder = asked && (verb !== "release" || hindrance(line, task, verb, actor) === null);
  return asHolder ? { person: actor, task: aim.task } : { person: actor, task: null, group: loaded.administratorsGroup };
}

export interface Refused {
  readonly actor: PersonId;
  readonly task: string | null;
  readonly verb: Verb | LineVerb | "status";
  readonly seen: Seen | null;
  readonly delivery?: string;
}

/** The refusal as it is told, with names for ids; one for want of right leaves an event first. It is remembered with the ids: people are erased. */
export async function refused(world: World, it: Refused, line: Line, refusal: Refusal): Promise<Result<never>> {
  const delivery = it.delivery ?? null;
  if (!isDenial(refusal)) await rememberRefusal(world.db, delivery, refusal);
  else
    await recordRefusal(world.db, {
      actor: it.actor,
      line: line.id,
      request: line.requestId,
      task: it.task,
      verb: it.verb,
      refusal,
      seen: it.seen,
      delivery,
    });
  return { ok: false, refusal: { ...refusal, about: { ...(await named(world, refusal.about)), number: String(line.number) } } };
}

/** Ids of people give way to their names before anything is said. */
async function named(world: World, about: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  if (about.by === undefined) return { ...about };
  return { ...about, by: (await personById(world.db, about.by))?.name ?? about.by };
}

/** `to` in the answer's `about`: ids of those who are asked now, comma-separated; the reader of the answer names them. */
function answerOf(verb: Verb | LineVerb, is: Line, aim: { readonly task: string | null }): Answer {
  const task = aim.task === null ? undefined : taskOf(is, aim.task);
  const next = openTask(is);
  const about: Record<string, string> = {
    number: String(is.number),
    application: is.application.name,
    entitlement: is.entitlement?.name ?? "",
    ...(task ? { given: String(task.votes.length), needed: String(task.needed) } : {}),
    ...(next ? { to: awaited(is, next).join(",") } : {}),
  };
  switch (verb) {
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
    case "reassign":
      return { said: "reassigned", about };
    case "withdraw":
      return { said: "withdrawn", about };
    case "nudge":
      return { said: "nudged", about };
    case "cancel":
      return { said: "cancelled", about };
  }
}
