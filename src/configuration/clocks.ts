/** Reminders and ladders of escalation, as policies and service levels both write them. */
import * as z from "zod";
import type { Escalating, Reminding, Rung } from "../domain/catalogue.ts";
import type { References } from "./organisation.ts";
import { chosen, list, mapOf, strict, text, wanted, whole } from "./shapes.ts";
import { oneOf, unknown } from "./suggest.ts";

const MOST_REMINDERS = 3;

/** Words for rungs that are worked out when one is climbed; a policy's ladder serves late work too, so either word for the manager will do. */
const LADDER: Readonly<Record<string, Rung>> = {
  manager_of_approver: { kind: "manager" },
  manager_of_fulfiller: { kind: "manager" },
  business_owner: { kind: "business-owner" },
  technical_owner: { kind: "technical-owner" },
  administrators: { kind: "administrators" },
};

export function clockShapes(refs: References) {
  const remind = strict("{ after: 1 working day, every: 1 working day, at_most: 3 }", {
    after: refs.length,
    every: refs.length.optional(),
    grow: whole("by what each pause is multiplied", 1, 10).optional(),
    at_most: whole("how many reminders", 1, 100).optional(),
  }).transform(
    (written): Reminding => ({
      after: written.after,
      every: written.every ?? written.after,
      grow: written.grow ?? 1,
      atMost: written.at_most ?? MOST_REMINDERS,
    }),
  );
  const escalate = strict("{ after: 3 working days, to: [manager_of_approver] }", {
    after: refs.length,
    to: list("people to turn to", rungSchema(refs), 1, 10),
  }).transform((written): Escalating => ({ after: written.after, to: onceEach(written.to) }));
  return { remind: remind.optional(), escalate: escalate.optional() };
}

function rungSchema(refs: References): z.ZodType<Rung> {
  const wants = z.never({ error: wanted(`${oneOf(Object.keys(LADDER))}, a person (e-mail address or HR id) or { group: <id> }`) });
  const group = refs.groupOf.transform((value): Rung => ({ kind: "group", group: value.group }));
  const person = refs.personOrGroup.transform((id): Rung => ({ kind: "person", person: id }));
  const otherwise = `write ${oneOf(Object.keys(LADDER))}, a person's e-mail address, or { group: <id> }`;
  const word = text("whom to turn to", (value) =>
    Object.hasOwn(LADDER, value) ? undefined : unknown("rung", value, Object.keys(LADDER), otherwise),
  ).transform((value) => LADDER[value]!);
  const named = (value: string) =>
    !Object.hasOwn(LADDER, value.trim()) && (/@/.test(value) || refs.groups.includes(value.trim()) || refs.person.safeParse(value).success);
  return chosen<Rung>((value) => {
    if (mapOf(value)) return group;
    if (typeof value !== "string") return wants;
    return named(value) ? person : word;
  });
}

/** Nobody is turned to twice by the same ladder. */
function onceEach(rungs: readonly Rung[]): readonly Rung[] {
  return [...new Map(rungs.map((rung) => [JSON.stringify(rung), rung])).values()];
}
