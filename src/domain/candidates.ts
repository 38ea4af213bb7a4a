/** Everybody who might come into question for one line, as they are today. Filled by the load, read by the rules. */
import type { Calendar } from "./catalogue.ts";
import type { GroupId, Person, PersonId } from "./people.ts";
import { isActive } from "./people.ts";

export interface Candidates {
  /** The beneficiary's manager, that one's manager, and so on upwards. */
  readonly managers: readonly Person[];
  /** Members of the groups that the line's policy, application and tasks name. */
  readonly groups: Readonly<Record<GroupId, readonly Person[]>>;
  readonly businessOwner: Person | null;
  readonly technicalOwner: Person | null;
  /** A fulfiller named as a person. */
  readonly fulfiller: Person | null;
  /** Of the setting `fallback_approvers`; null when it is left out. */
  readonly fallback: readonly Person[] | null;
  readonly administrators: readonly Person[];
  /** People whom the line's tasks or its policy's ladder name, or whom a command names. */
  readonly named: Readonly<Record<PersonId, Person>>;
  /** Managers of those whom the open task asks, by the id of whom they manage. */
  readonly managerOf: Readonly<Record<PersonId, Person>>;
  /** Who has no chat account and can't get one by themselves, or whose account no card reaches: asking them would strand a request. */
  readonly unreachable: readonly PersonId[];
  /** The first one is for everybody who names none. */
  readonly calendars: readonly Calendar[];
  readonly groupCalendars: Readonly<Record<GroupId, string | null>>;
}

/** Active, and a card can reach them. */
export function canAct(person: Person, { unreachable }: Pick<Candidates, "unreachable">): boolean {
  return isActive(person) && !unreachable.includes(person.id);
}

/** The person with that id, wherever among the candidates; null: nobody who comes into question. */
export function candidate(id: PersonId, candidates: Candidates): Person | null {
  const { managers, groups, businessOwner, technicalOwner, fulfiller, fallback, administrators, named, managerOf } = candidates;
  const singles = [businessOwner, technicalOwner, fulfiller].filter((person) => person !== null);
  const lists = [managers, singles, fallback ?? [], administrators, Object.values(managerOf), ...Object.values(groups)];
  return named[id] ?? lists.flat().find((person) => person.id === id) ?? null;
}

export function isAdministrator(person: PersonId, { administrators }: Pick<Candidates, "administrators">): boolean {
  return administrators.some((one) => one.id === person && isActive(one));
}
