/** What is worth knowing about a folder without a fault: people who can't act, votes without room, parts not built yet. */
import type { Application, Catalogue, Policy } from "../domain/catalogue.ts";
import type { People, Person, PersonId } from "../domain/people.ts";
import { attributeOf, isActive } from "../domain/people.ts";
import type { Document, Path, Spot } from "./document.ts";
import type { Note } from "./fault.ts";
import { nearest, quote } from "./suggest.ts";

type Say = (path: Path, message: string, spot?: Spot) => void;

export function notesOn(document: Document, catalogue: Catalogue, people: readonly Person[]): Note[] {
  const notes: Note[] = [];
  const say: Say = (path, message, spot = "value") => notes.push({ file: document.file, ...document.at(path, spot), message });
  const byId = new Map(people.map((person) => [person.id, person]));
  const values = valuesOf(catalogue, people);
  notesOnPeople(say, "administrators", catalogue.settings.administrators, byId);
  notesOnPeople(say, "fallback_approvers", catalogue.settings.fallbackApprovers, byId);
  for (const [index, group] of catalogue.groups.entries()) {
    const path = ["groups", index, "members"];
    for (const member of group.members) sayAbsent(say, path, byId.get(member));
    if (!group.members.some((member) => active(byId, member)))
      say(path, `nobody in group ${quote(group.id)} is active: add somebody who can act`);
  }
  for (const [index, policy] of catalogue.policies.entries()) notesOnVotes(say, ["policies", index], policy, catalogue, byId);
  for (const [index, application] of catalogue.applications.entries()) {
    notesOnApplication(say, ["applications", index], application, byId, values);
  }
  return notes;
}

function active(byId: ReadonlyMap<PersonId, Person>, id: PersonId): boolean {
  const person = byId.get(id);
  return person !== undefined && isActive(person);
}

/** Somebody who has left is no fault: people.csv changes daily, and nothing may stop because of it. */
function sayAbsent(say: Say, path: Path, person: Person | undefined): void {
  if (person?.state === "left") say(path, `${person.name} (${person.email}) has left and can't act here: name somebody else`);
}

function notesOnPeople(say: Say, key: string, people: People | null, byId: ReadonlyMap<PersonId, Person>): void {
  if (people?.kind === "person") sayAbsent(say, [key], byId.get(people.person));
}

/** Requester and beneficiary never vote, so a group needs at least one active member more than votes. */
function notesOnVotes(say: Say, path: Path, policy: Policy, catalogue: Catalogue, byId: ReadonlyMap<PersonId, Person>): void {
  for (const step of policy.steps) {
    if (step.approvers.kind !== "group") continue;
    const id = step.approvers.group;
    const members = catalogue.groups.find((group) => group.id === id)?.members ?? [];
    const able = members.filter((member) => active(byId, member)).length;
    if (step.needed <= able - 1) continue;
    const sentence = `policy ${quote(policy.id)} needs ${step.needed} of group ${quote(id)}, which has ${able} active`;
    say([...path, "stages"], `${sentence}: when one of them asks, fallback_approvers decide; add a member`);
  }
}

function notesOnApplication(
  say: Say,
  path: Path,
  application: Application,
  byId: ReadonlyMap<PersonId, Person>,
  values: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  sayAbsent(say, [...path, "business_owner"], byId.get(application.businessOwner));
  sayAbsent(say, [...path, "technical_owner"], byId.get(application.technicalOwner));
  if (application.fulfillers.kind === "person") sayAbsent(say, [...path, "fulfillers"], byId.get(application.fulfillers.person));
  if (application.kind !== "disconnected") {
    say([...path, "kind"], `${quote(application.kind)}: until its connector is built, the orders of ${application.name} are done by hand`);
  }
  notesOnInstructions(say, path, application);
  for (const [name, allowed] of Object.entries(application.requestableBy ?? {})) {
    for (const [index, value] of allowed.entries()) {
      const known = values.get(name);
      if (!known || known.has(value)) continue;
      const near = nearest(value, known);
      say([...path, "requestable_by", name, index], `nobody has ${name} ${quote(value)}${near ? `: did you mean ${quote(near)}?` : ""}`);
    }
  }
}

/** What the hands would miss on the card: the steps for a new account, or those to add something to one that is there. */
function notesOnInstructions(say: Say, path: Path, { name, instructions, entitlements }: Application): void {
  const { create, update } = instructions;
  const mute = entitlements.some((entitlement) => entitlement.instructions === null);
  if (create === "" && update === "" && (mute || entitlements.length === 0)) {
    say(path, `${name} has no instructions: its fulfillers see the values only; say step by step what they have to do`);
  } else if (create === "") {
    say([...path, "instructions"], `nothing says how to create an account in ${name}: write the steps under instructions, create`);
  } else if (update === "" && mute) {
    const how = "write the steps under instructions, add, or as instructions of each entitlement";
    say([...path, "instructions"], `nothing says how to add an entitlement to an account in ${name}: ${how}`);
  }
  const templated = [
    { at: [...path, "instructions"], text: create + update },
    ...entitlements.map((one, index) => ({ at: [...path, "entitlements", index, "instructions"], text: one.instructions ?? "" })),
  ].filter(({ text }) => /\{\{|\{%/.test(text));
  for (const { at } of templated) say(at, "instructions are shown as written; {{ }} is read in account only");
}

/** For each attribute that rules name: the values that somebody has. */
function valuesOf(catalogue: Catalogue, people: readonly Person[]): Map<string, Set<string>> {
  const names = new Set(catalogue.applications.flatMap((application) => Object.keys(application.requestableBy ?? {})));
  return new Map([...names].map((name) => [name, new Set(people.flatMap((person) => attributeOf(person, name) ?? []))]));
}
