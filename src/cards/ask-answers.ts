/** The way back from the request form: what was filled in, as the rules want it. Nothing about it is believed yet. */
import type { Submission } from "../domain/asking.ts";
import { ASK_FIELDS, formFieldId } from "../domain/asking.ts";
import type { Application, FormField } from "../domain/catalogue.ts";
import type { FormValue, Line } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { Until } from "../domain/until.ts";
import type { Answers } from "./form.ts";

/** Values of the field that asks for how long. */
export const UNTIL = { forGood: "for-good", date: "date", days: (days: number): string => `days:${days}` } as const;

export function submissionOf(answers: Answers, application: Application): Submission {
  return {
    entitlements: chosenEntitlements(answers) ?? [],
    justification: words(answers[ASK_FIELDS.justification]),
    until: untilOf(answers),
    values: Object.fromEntries(
      application.form.flatMap((field): readonly (readonly [string, FormValue])[] => {
        const value = formValue(field, answers[formFieldId(field)]);
        return value === null ? [] : [[field.id, value]];
      }),
    ),
  };
}

/** The form as a line was filled in, for asking again: the way of `submissionOf` backwards. */
export function answersOfLine(line: Line): Answers {
  const { until } = line;
  return {
    [ASK_FIELDS.entitlements]: line.entitlement ? [line.entitlement.id] : [],
    [ASK_FIELDS.justification]: line.justification,
    [ASK_FIELDS.until]: until === null ? UNTIL.forGood : until.kind === "date" ? UNTIL.date : UNTIL.days(until.days),
    [ASK_FIELDS.untilDate]: until?.kind === "date" ? until.date : null,
    ...Object.fromEntries(Object.entries(line.values).map(([id, value]) => [formFieldId({ id }), value])),
  };
}

/** Whom it is for; null: not said (yet), which means oneself. */
export function chosenBeneficiary(answers: Answers): PersonId | null {
  return words(answers[ASK_FIELDS.beneficiary]) || null;
}

/** The application chosen in the form; null: none yet. */
export function chosenApplication(answers: Answers): string | null {
  return words(answers[ASK_FIELDS.application]) || null;
}

/** Null when the form doesn't ask for entitlements (yet). */
export function chosenEntitlements(answers: Answers): readonly string[] | null {
  const answer = answers[ASK_FIELDS.entitlements];
  if (typeof answer === "string") return answer === "" ? [] : [answer];
  return Array.isArray(answer) ? answer : null;
}

/** True while "until a date" is chosen, so that the form has to ask for the date. */
export function asksDate(answers: Answers): boolean {
  return answers[ASK_FIELDS.until] === UNTIL.date;
}

/** An answer that isn't one of the choices becomes a time that the rules refuse: silence must never mean "for good". */
function untilOf(answers: Answers): Until | null {
  const answer = answers[ASK_FIELDS.until];
  if (answer === UNTIL.forGood) return null;
  if (answer === UNTIL.date) return { kind: "date", date: words(answers[ASK_FIELDS.untilDate]) };
  const days = /^days:(\d{1,5})$/.exec(words(answer));
  return { kind: "days", days: days ? Number(days[1]) : 0 };
}

function formValue(field: FormField, answer: Answers[string] | undefined): FormValue | null {
  if (answer === undefined || answer === null) return null;
  if (field.type === "choices") return typeof answer === "string" ? [answer] : answer;
  return answer;
}

function words(answer: Answers[string] | undefined): string {
  return typeof answer === "string" ? answer : "";
}
