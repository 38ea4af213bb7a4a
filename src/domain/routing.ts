/** Who is asked: approvers of a step, fulfillers of an order, reviewers of an error; and who instead when they can't act. */
import type { Step } from "./catalogue.ts";
import type { Assignee, Because, Line } from "./line.ts";
import { isParty } from "./line.ts";
import type { GroupId, Person, PersonId } from "./people.ts";
import { isActive } from "./people.ts";

/** Everybody who might come into question for one line, as they are today. */
export interface Candidates {
  /** The beneficiary's manager, that one's manager, and so on upwards. */
  readonly managers: readonly Person[];
  /** Members of the groups that the line's policy and application name. */
  readonly groups: Readonly<Record<GroupId, readonly Person[]>>;
  readonly businessOwner: Person | null;
  readonly technicalOwner: Person | null;
  /** A fulfiller named as a person. */
  readonly fulfiller: Person | null;
  /** Of the setting `fallback_approvers`; null when it is left out. */
  readonly fallback: readonly Person[] | null;
  readonly administrators: readonly Person[];
}

export interface Routing {
  readonly assignees: readonly Assignee[];
  /** True when the policy's own choice could not act, so that an administrator has to hear of it. */
  readonly fellBack: boolean;
}

/** How many managers above the beneficiary's own one are tried: the approver's manager, and no further (the fallback comes next). */
const MANAGERS_TRIED = 2;

/** The approvers of a step. Empty assignees: nobody at all may decide it. */
export function approversOf(line: Line, step: Step, candidates: Candidates): Routing {
  const usable = (person: Person) => isActive(person) && !isParty(line, person.id);
  const { approvers } = step;
  if (approvers.kind === "manager") {
    const index = candidates.managers.slice(0, MANAGERS_TRIED).findIndex(usable);
    const manager = candidates.managers[index];
    if (manager && step.needed === 1)
      return { assignees: [named(manager.id, index === 0 ? "manager" : "manager-of-manager")], fellBack: index > 0 };
    return { assignees: fallback(candidates, usable, step.needed), fellBack: true };
  }
  const members = (candidates.groups[approvers.group] ?? []).filter(usable).map((person) => person.id);
  const group: Assignee = { kind: "group", group: approvers.group, members, because: "group" };
  if (members.length >= step.needed) return { assignees: [group], fellBack: false };
  const others = fallback(candidates, (person) => usable(person) && !members.includes(person.id), step.needed - members.length);
  return { assignees: members.length > 0 ? [group, ...others] : others, fellBack: true };
}

/** The hands of an order: the application's fulfillers, else its technical owner, else the administrators. */
export function fulfillersOf(line: Line, candidates: Candidates): Routing {
  const { fulfillers } = line.application;
  if (fulfillers.kind === "person") {
    const person = candidates.fulfiller;
    if (person && isActive(person)) return { assignees: [named(person.id, "fulfiller")], fellBack: false };
  } else {
    const members = (candidates.groups[fulfillers.group] ?? []).filter(isActive).map((person) => person.id);
    if (members.length > 0)
      return { assignees: [{ kind: "group", group: fulfillers.group, members, because: "fulfiller" }], fellBack: false };
  }
  return { assignees: ownerOrAdministrators(candidates), fellBack: true };
}

/** Who looks into an order that the hands could not carry out. */
export function reviewersOf(candidates: Candidates): Routing {
  const assignees = ownerOrAdministrators(candidates);
  return { assignees, fellBack: assignees[0]?.because !== "technical-owner" };
}

function ownerOrAdministrators(candidates: Candidates): readonly Assignee[] {
  const owner = candidates.technicalOwner;
  if (owner && isActive(owner)) return [named(owner.id, "technical-owner")];
  return candidates.administrators.filter(isActive).map((person) => named(person.id, "administrator"));
}

/**
 * `fallback_approvers`, by default business owner, technical owner, administrators: the first of these bodies that
 * has anybody usable, and the next ones too while more approvals are needed than there are people.
 */
function fallback(candidates: Candidates, usable: (person: Person) => boolean, needed: number): readonly Assignee[] {
  const owner = (person: Person | null) => (person ? [person] : []);
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
    for (const person of people) if (usable(person) && !chosen.has(person.id)) chosen.set(person.id, because);
  }
  return [...chosen].map(([person, because]) => named(person, because));
}

function named(person: PersonId, because: Because): Assignee {
  return { kind: "person", person, because };
}
