/** How long access shall last: a choice for everything that is asked for, what becomes of it where an item has a limit, and a date when one is wanted. */
import { ASK_FIELDS, longestChoice } from "../domain/asking.ts";
import type { Application, Entitlement } from "../domain/catalogue.ts";
import { longestGrant } from "../domain/until.ts";
import type { Texts } from "../texts/texts.ts";
import { UNTIL } from "./ask-answers.ts";
import type { Text } from "./card.ts";
import type { Answers, Choice, Field } from "./form.ts";
import { strong } from "./phrases.ts";

const OFFERED_DAYS = [1, 7, 30, 90, 180, 365];

/** The field that says which items end earlier than what is chosen for all of them. */
export const LIMITS_FIELD = "limits";

export interface UntilForm {
  /** "Until a date" is chosen. */
  readonly asksDate: boolean;
  readonly answers: Answers;
  /** Whom it is for; null: who fills it in. */
  readonly name: string | null;
  readonly texts: Texts;
}

/** What was chosen before stays chosen while the limits allow it; "as long as I need it" always does, and then means: as long as the limit allows. */
export function untilFields(application: Application, chosen: readonly Entitlement[], form: UntilForm): readonly Field[] {
  const { texts, answers } = form;
  const items = chosen.length === 0 ? [null] : chosen;
  const limit = longestChoice(application, items);
  const before = form.asksDate ? UNTIL.date : answers[ASK_FIELDS.until];
  const choices = untilChoices(limit, daysIn(before), form);
  const kept = choices.find(({ value }) => value === before) ?? (daysIn(before) === null ? undefined : atLimit(choices, limit));
  const initial = kept ?? choices[0];
  const until: Field = {
    type: "choice",
    id: ASK_FIELDS.until,
    label: texts.askForm.until,
    hint: null,
    required: true,
    choices,
    initial: initial ? [initial.value] : [],
    redraws: true,
  };
  const limits = limitNote(application, items, initial?.value ?? "", texts);
  if (initial?.value !== UNTIL.date) return [until, ...limits];
  const day = answers[ASK_FIELDS.untilDate];
  const date: Field = {
    type: "date",
    id: ASK_FIELDS.untilDate,
    label: texts.askForm.date,
    hint: null,
    required: true,
    initial: typeof day === "string" && day !== "" ? day : null,
  };
  return [until, date, ...limits];
}

/** With a limit, the longest time stands in place of "as long as I need it"; a limit of less than a day leaves only the date. */
function untilChoices(limit: number | null, wanted: number | null, { name, texts }: UntilForm): readonly Choice[] {
  const shorter = OFFERED_DAYS.filter((days) => limit === null || days < limit);
  // Days that were chosen before and are too many now come down to the limit as days, so that a limit that goes away again doesn't turn them into "for good".
  const days = limit !== null && limit >= 1 && wanted !== null && wanted >= limit ? [...shorter, limit] : shorter;
  const longest = limit === null ? texts.askForm.forGood(name) : texts.askForm.asLongAsPossible(texts.time.days(limit));
  return [
    ...(limit === null || limit >= 1 ? [{ value: UNTIL.forGood, label: longest, description: null }] : []),
    ...days.map((one) => ({ value: UNTIL.days(one), label: texts.time.days(one), description: null })),
    { value: UNTIL.date, label: texts.askForm.untilDate, description: null },
  ];
}

function atLimit(choices: readonly Choice[], limit: number | null): Choice | undefined {
  return limit === null ? undefined : choices.find(({ value }) => value === UNTIL.days(limit));
}

/** The number of days of a choice; null for other answers. */
function daysIn(answer: Answers[string] | undefined): number | null {
  const days = typeof answer === "string" ? /^days:(\d{1,5})$/.exec(answer) : null;
  return days ? Number(days[1]) : null;
}

/** Which items end earlier than was chosen, each with its own limit, and how long everything else lasts; nothing when none does. */
function limitNote(application: Application, items: readonly (Entitlement | null)[], until: string, texts: Texts): readonly Field[] {
  const { askForm: words, time } = texts;
  const wanted = daysIn(until);
  const byLimit = new Map<number, string[]>();
  for (const item of items) {
    const limit = longestGrant(application, item);
    if (limit !== null && limit >= 1 && (wanted === null || wanted > limit))
      byLimit.set(limit, [...(byLimit.get(limit) ?? []), item?.name ?? application.name]);
  }
  if (byLimit.size === 0) return [];
  const limited = [...byLimit].sort(([a], [b]) => a - b);
  const sentences: Text[] = limited.map(([limit, names]) => words.limited(texts.and(names.map((name) => strong(name))), time.days(limit)));
  const isAll = limited.reduce((sum, [, names]) => sum + names.length, 0) === items.length;
  const rest = until === UNTIL.date ? words.restUntilDate : wanted === null ? words.restForGood : time.days(wanted);
  const said = isAll ? sentences : [...sentences, [words.rest(rest)]];
  return [{ type: "warning", id: LIMITS_FIELD, text: said.flatMap((one, index) => (index === 0 ? one : [" ", ...one])) }];
}
