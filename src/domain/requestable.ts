/** Who may ask for an application at all; obeyed in the list, and again when a request is submitted. */
import type { Application } from "./catalogue.ts";
import type { Person } from "./people.ts";
import { attributeOf } from "./people.ts";

/** True when `requestable_by` is left out, or the person has one of the listed values in each attribute it names. */
export function mayRequest(application: Pick<Application, "requestableBy">, person: Person): boolean {
  if (application.requestableBy === null) return true;
  return Object.entries(application.requestableBy).every(([name, allowed]) => {
    const value = attributeOf(person, name);
    return typeof value === "string" && allowed.includes(value);
  });
}
