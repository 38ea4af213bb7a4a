/** Whether a form is worth opening: said at the click instead of after the typing. The operation decides again when the form is sent. */

import { alreadyDecided } from "../../domain/approving.ts";
import type { Verb } from "../../domain/commands.ts";
import { claimerOf, holdersOf, isParty } from "../../domain/line.ts";
import type { PersonId } from "../../domain/people.ts";
import type { Refusal } from "../../domain/refusals.ts";
import type { TaskView } from "../../domain/views.ts";

export interface Wish {
  readonly verb: Verb;
  readonly face: number;
  readonly person: PersonId;
}

/** The refusal that the act would meet as things stand; null: none known. Names of people instead of their ids, as operations give them. */
export function whyNot(view: TaskView | null, { verb, face, person }: Wish): Refusal | null {
  if (view === null) return { name: "no-such-task", about: {} };
  const { line, task } = view;
  const number = { number: String(line.number) };
  if (task.kind === "approval" && isParty(line, person)) return { name: "own-request", about: number };
  if (task.state !== "open") {
    const decided = alreadyDecided(task);
    return decided.ok ? null : { ...decided.refusal, about: { ...named(decided.refusal.about, view), ...number } };
  }
  if (!holdersOf(line, task).includes(person)) return { name: "not-yours", about: number };
  if (task.kind === "approval" && task.votes.some((vote) => vote.by === person)) return { name: "already-voted", about: number };
  if (verb === "confirm" || verb === "report-error") {
    const claimer = claimerOf(task);
    if (claimer === null) return { name: "not-claimed", about: number };
    if (claimer !== person) return { name: "not-claimer", about: { ...named({ by: claimer }, view), ...number } };
  }
  return face === task.face ? null : { name: "stale-card", about: number };
}

function named(about: Readonly<Record<string, string>>, view: TaskView): Readonly<Record<string, string>> {
  const { by, ...rest } = about;
  const name = by === undefined ? undefined : view.directory.people[by]?.name;
  return name === undefined ? rest : { ...rest, by: name };
}
