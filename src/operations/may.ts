/** Whether an act would be allowed: asked at the click that opens a form. A refusal leaves the same trace as the act's own. */
import { load } from "../db/load.ts";
import { readTask } from "../db/views.ts";
import { mayAct as allowed } from "../domain/may.ts";
import type { Result } from "../domain/refusals.ts";
import { refuse } from "../domain/refusals.ts";
import type { TaskView } from "../domain/views.ts";
import { refused } from "./act.ts";
import type { Intent } from "./operations.ts";
import { isId, type World } from "./world.ts";

export async function mayAct(world: World, it: Intent): Promise<Result<TaskView>> {
  if (!isId(it.aim.task)) return refuse("no-such-task");
  const loaded = await load(world.db, { task: it.aim.task, line: null, actor: it.actor, key: null, login: null });
  const { line, actor } = loaded;
  if (!line || !actor) return refuse("no-such-task");
  const result = allowed(line, it.aim, it.verb, { actor });
  if (!result.ok) return refused(world, it, loaded, line, result.refusal);
  const view = await readTask(world.db, it.aim.task, it.actor);
  return view ? { ok: true, value: view } : refuse("no-such-task");
}
