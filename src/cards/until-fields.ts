/** How long access shall last: a choice within the limit of what is asked for, and a date when one is wanted. */
import { ASK_FIELDS } from "../domain/asking.ts";
import type { Application, Entitlement } from "../domain/catalogue.ts";
import { longestGrant } from "../domain/until.ts";
import type { Texts } from "../texts/texts.ts";
import { UNTIL } from "./ask-answers.ts";
import type { Answers, Choice, Field } from "./form.ts";

const OFFERED_DAYS = [1, 7, 30, 90, 180, 365];

/** `asksDate`: "until a date" is chosen. What was chosen before stays chosen while the limit allows it, else the longest time is. */
export function untilFields(
  application: Application,
  chosen: readonly Entitlement[],
  form: { readonly asksDate: boolean; readonly answers: Answers; readonly texts: Texts },
): readonly Field[] {
  const { texts, answers } = form;
  const limit = limitOf(application, chosen);
  const choices = untilChoices(limit, texts);
  const before = form.asksDate ? UNTIL.date : answers[ASK_FIELDS.until];
  const kept = choices.find(({ value }) => value === before);
  const longest = choices.findLast(({ value }) => value !== UNTIL.date) ?? choices[0];
  const initial = kept ?? (limit === null ? choices[0] : longest);
  const until: Field = {
    type: "choice",
    id: ASK_FIELDS.until,
    label: texts.askForm.until,
    hint: limit === null ? null : texts.askForm.limit(texts.time.days(limit)),
    required: true,
    choices,
    initial: initial ? [initial.value] : [],
    redraws: true,
  };
  if (initial?.value !== UNTIL.date) return [until];
  const day = answers[ASK_FIELDS.untilDate];
  const date: Field = {
    type: "date",
    id: ASK_FIELDS.untilDate,
    label: texts.askForm.date,
    hint: null,
    required: true,
    initial: typeof day === "string" && day !== "" ? day : null,
  };
  return [until, date];
}

/** The shortest of the limits of everything that is asked for; null: none. */
export function limitOf(application: Application, chosen: readonly Entitlement[]): number | null {
  const limits = (chosen.length === 0 ? [null] : chosen).map((one) => longestGrant(application, one)).filter((days) => days !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}

/** Without a limit access for good comes first; with one, the limit itself is among the times. */
function untilChoices(limit: number | null, texts: Texts): readonly Choice[] {
  const days = [...new Set(limit === null ? OFFERED_DAYS : [...OFFERED_DAYS.filter((one) => one < limit), limit])].filter(
    (one) => one >= 1,
  );
  return [
    ...(limit === null ? [{ value: UNTIL.forGood, label: texts.askForm.forGood, description: null }] : []),
    ...days.map((one) => ({ value: UNTIL.days(one), label: texts.time.days(one), description: null })),
    { value: UNTIL.date, label: texts.askForm.untilDate, description: null },
  ];
}
