/** Who is asked: approvers of a step, fulfillers of an order, reviewers of an error; and who instead when they can't act. */
import { type Candidates, canAct } from "./candidates.ts";
import type { Step } from "./catalogue.ts";
import type { Assignee, Because, Line } from "./line.ts";
import { isParty } from "./line.ts";
import type { Person, PersonId } from "./people.ts";

/** Why the policy's own choice could not act: an administrator hears it. */
export type Cause =
  /** There is nobody at all. */
  | "none"
  /** Only who asked or will receive it. */
  | "own-request"
  /** On leave, not started, or gone. */
  | "not-active"
  | "not-reachable"
  /** Some can act, and fewer than have to. */
  | "too-few";

export interface Routing {
  readonly assignees: readonly Assignee[];
  /** null: the policy's own choice is asked. */
  readonly fellBack: Cause | null;
}

/** How a step is asked while its task is open: what is still missing, and who needn't be asked because they have spoken. */
export interface Asking {
  readonly needed: number;
  readonly spoken: readonly PersonId[];
}

/** How many managers above the beneficiary's own one are tried: the approver's manager, and no further (the fallback comes next). */
const MANAGERS_TRIED = 2;

/** The approvers of a step. Empty assignees: nobody at all may decide it. */
export function approversOf(line: Line, step: Step, candidates: Candidates, asking: Partial<Asking> = {}): Routing {
  const { needed = step.needed, spoken = [] } = asking;
  const usable = (person: Person) => canAct(person, candidates) && !isParty(line, person.id) && !spoken.includes(person.id);
  const { approvers } = step;
  if (approvers.kind === "manager") {
    const tried = candidates.managers.slice(0, MANAGERS_TRIED);
    const index = tried.findIndex(usable);
    const manager = tried[index];
    const fellBack = index === 0 ? null : causeOf(line, tried.slice(0, 1), candidates);
    if (manager && needed === 1) return { assignees: [person(manager.id, index === 0 ? "manager" : "manager-of-manager")], fellBack };
    return { assignees: fallback(candidates, usable, needed), fellBack: manager ? "too-few" : (fellBack ?? "none") };
  }
  const everybody = candidates.groups[approvers.group] ?? [];
  const members = everybody.filter(usable).map(({ id }) => id);
  const group: Assignee = { kind: "group", group: approvers.group, members, because: "group" };
  if (members.length >= needed) return { assignees: [group], fellBack: null };
  const others = fallback(candidates, (one) => usable(one) && !members.includes(one.id), needed - members.length);
  const fellBack = members.length > 0 ? "too-few" : causeOf(line, everybody, candidates);
  return { assignees: members.length > 0 ? [group, ...others] : others, fellBack };
}

/** The hands of an order: the application's fulfillers, else its technical owner, else the administrators. */
export function fulfillersOf(line: Line, candidates: Candidates): Routing {
  const { fulfillers } = line.application;
  const able = (one: Person) => canAct(one, candidates);
  const chosen =
    fulfillers.kind === "person" ? (candidates.fulfiller ? [candidates.fulfiller] : []) : (candidates.groups[fulfillers.group] ?? []);
  const hands = chosen.filter(able).map(({ id }) => id);
  const [first] = hands;
  if (first !== undefined) {
    const asked: Assignee =
      fulfillers.kind === "person"
        ? person(first, "fulfiller")
        : { kind: "group", group: fulfillers.group, members: hands, because: "fulfiller" };
    return { assignees: [asked], fellBack: null };
  }
  return { assignees: ownerOrAdministrators(candidates), fellBack: causeOf(line, chosen, candidates, false) };
}

/** Who looks into an order that the hands could not carry out. */
export function reviewersOf(candidates: Candidates): Routing {
  const assignees = ownerOrAdministrators(candidates);
  const fine = assignees[0]?.because === "technical-owner";
  return { assignees, fellBack: fine ? null : candidates.technicalOwner ? "not-active" : "none" };
}

function ownerOrAdministrators(candidates: Candidates): readonly Assignee[] {
  const owner = candidates.technicalOwner;
  if (owner && canAct(owner, candidates)) return [person(owner.id, "technical-owner")];
  return candidates.administrators.filter((one) => canAct(one, candidates)).map(({ id }) => person(id, "administrator"));
}

/**
 * `fallback_approvers`, by default business owner, technical owner, administrators: the first of these bodies that
 * has anybody usable, and the next ones too while more approvals are needed than there are people.
 */
function fallback(candidates: Candidates, usable: (person: Person) => boolean, needed: number): readonly Assignee[] {
  const owner = (one: Person | null) => (one ? [one] : []);
  const bodies: readonly (readonly [Because, readonly Person[]])[] = [
    ...(candidates.fallback
      ? ([["fallback-approver", candidates.fallback]] as const)
      : ([
          ["business-owner", owner(candidates.businessOwner)],
          ["technical-owner", owner(candidates.technicalOwner)],
        ] as const)),
    ["administrator", candidates.administrators],
  ];
  const chosen = new Map<PersonId, Because>();
  for (const [because, people] of bodies) {
    if (chosen.size >= needed) break;
    for (const one of people) if (usable(one) && !chosen.has(one.id)) chosen.set(one.id, because);
  }
  return [...chosen].map(([id, because]) => person(id, because));
}

/** Why none of these can act, the reason that explains most of them. */
function causeOf(line: Line, people: readonly Person[], candidates: Candidates, partiesToo = true): Cause {
  const others = partiesToo ? people.filter(({ id }) => !isParty(line, id)) : people;
  if (people.length === 0) return "none";
  if (others.length === 0) return "own-request";
  return others.some(({ id, state }) => state === "active" && candidates.unreachable.includes(id)) ? "not-reachable" : "not-active";
}

function person(id: PersonId, because: Because): Assignee {
  return { kind: "person", person: id, because };
}
