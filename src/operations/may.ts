/** Whether an act would be allowed: asked at the click that opens a form. A refusal leaves the same trace as the act's own. */
import { load } from "../db/load.ts";
import { readRequest, readTask } from "../db/views.ts";
import { keepsFrom } from "../domain/closing.ts";
import { mayAct as allowed } from "../domain/may.ts";
import type { Result } from "../domain/refusals.ts";
import { refuse } from "../domain/refusals.ts";
import type { RequestView, TaskView } from "../domain/views.ts";
import { refused } from "./act.ts";
import type { Intent, IntentOnLine } from "./operations.ts";
import { isId, type World } from "./world.ts";

export async function mayAct(world: World, it: Intent): Promise<Result<TaskView>> {
  if (!isId(it.aim.task)) return refuse("no-such-task");
  const loaded = await load(world.db, { task: it.aim.task, line: null, actor: it.actor, key: null, login: null });
  const { line, actor } = loaded;
  if (!line || !actor) return refuse("no-such-task");
  const result = allowed(line, it.aim, it.verb, { actor, candidates: loaded.candidates });
  if (!result.ok) return refused(world, { ...it, task: it.aim.task }, line, result.refusal);
  const view = await readTask(world.db, it.aim.task, it.actor);
  return view ? { ok: true, value: view } : refuse("no-such-task");
}

export async function mayActOnLine(world: World, it: IntentOnLine): Promise<Result<RequestView>> {
  if (!isId(it.line)) return refuse("no-such-task");
  const loaded = await load(world.db, { task: null, line: it.line, actor: it.actor, key: null, login: null });
  const { line, actor } = loaded;
  if (!line || !actor) return refuse("no-such-task");
  const refusal = keepsFrom(line, it.verb, { actor, candidates: loaded.candidates });
  if (refusal) return refused(world, { ...it, task: null }, line, refusal);
  const view = await readRequest(world.db, line.requestId);
  return view ? { ok: true, value: view } : refuse("no-such-task");
}
