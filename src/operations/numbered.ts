/** Lines by the number that stands on every card: for typed commands. */
import { load } from "../db/load.ts";
import { readNumbered, readRequest } from "../db/views.ts";
import { isAdministrator } from "../domain/candidates.ts";
import type { Line } from "../domain/line.ts";
import { holdersOf, isParty } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { Result } from "../domain/refusals.ts";
import { refuse } from "../domain/refusals.ts";
import type { StatusView } from "../domain/views.ts";
import { refused } from "./act.ts";
import type { Numbered, Once } from "./operations.ts";
import type { World } from "./world.ts";

export async function lineNumbered(world: World, number: number): Promise<Numbered | null> {
  return isNumber(number) ? readNumbered(world.db, number) : null;
}

/** The request with that line, for those whom it concerns. */
export async function status(world: World, person: PersonId, number: number, delivery: Once["delivery"]): Promise<Result<StatusView>> {
  const found = await lineNumbered(world, number);
  if (!found) return refuse("no-such-task");
  const loaded = await load(world.db, { task: null, line: found.line, actor: person, key: null, login: null });
  const { line } = loaded;
  if (!line) return refuse("no-such-task");
  const administrator = isAdministrator(person, loaded.candidates);
  if (!concerns(line, person) && !administrator)
    return refused(world, { actor: person, task: null, verb: "status", seen: null, ...(delivery ? { delivery } : {}) }, line, {
      name: "not-shown",
      about: {},
    });
  const request = await readRequest(world.db, found.request);
  const shown = request?.lines.find((one) => one.id === line.id);
  if (!request || !shown) return refuse("no-such-task");
  return { ok: true, value: { line: shown, request, viewer: person, administrator, now: loaded.now } };
}

function concerns(line: Line, person: PersonId): boolean {
  if (isParty(line, person)) return true;
  return line.tasks.some(
    (task) => holdersOf(line, task).includes(person) || task.decidedBy === person || task.votes.some((vote) => vote.by === person),
  );
}

/** What a sequence of Postgres can hold and a number can say exactly. */
function isNumber(number: number): boolean {
  return Number.isSafeInteger(number) && number > 0;
}
