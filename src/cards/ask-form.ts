/** The request form, drawn before and after an application is chosen; what was typed so far is kept. */
import { ASK_FIELDS, formFieldId } from "../domain/asking.ts";
import type { Application, Entitlement, FormField } from "../domain/catalogue.ts";
import { LONGEST_TEXT } from "../domain/commands.ts";
import { daysOf } from "../domain/duration.ts";
import type { AskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import { chosenEntitlements } from "./ask-answers.ts";
import type { Answers, Choice, Field, Form } from "./form.ts";
import { strong } from "./phrases.ts";
import { untilFields } from "./until-fields.ts";

/** Up to this many entitlements stand in a list to tick, more are searched: Slack shows at most 10 checkboxes. */
const MOST_TICKED = 10;
const MOST_NAMED = 5;

type Chosen = NonNullable<AskView["chosen"]>;

export function askForm(view: AskView, texts: Texts, answers: Answers = {}): Form {
  const { askForm: words } = texts;
  const { chosen } = view;
  const left = chosen ? available(chosen) : [];
  const nothingLeft = chosen !== null && left.length === 0 && hasAccount(chosen);
  return {
    title: words.title,
    // Always there, because Slack demands it beside anything to fill in; what can't be sent is refused at its field.
    submit: words.submit,
    close: words.close,
    purpose: { kind: "ask", words: view.words, application: chosen?.application.id ?? null },
    fields: [
      applicationField(view, texts),
      ...(chosen === null ? matchNote(view, texts) : standing(chosen, texts)),
      ...(chosen && nothingLeft
        ? [{ type: "warning", id: "nothing", text: words.nothingLeft(strong(chosen.application.name)) } as const]
        : []),
      ...(chosen && !nothingLeft ? askedFields(chosen, left, view, texts, answers) : []),
    ],
  };
}

function askedFields(chosen: Chosen, left: readonly Entitlement[], view: AskView, texts: Texts, answers: Answers): readonly Field[] {
  const { application } = chosen;
  const ticked = (chosenEntitlements(answers) ?? view.entitlements).filter((id) => left.some((one) => one.id === id));
  const asksDate = answers[ASK_FIELDS.until] === undefined ? view.asksDate : answers[ASK_FIELDS.until] === "date";
  return [
    ...entitlementField(chosen, left, ticked, texts),
    {
      type: "paragraph",
      id: ASK_FIELDS.justification,
      label: texts.askForm.justification,
      hint: texts.askForm.justificationHint,
      required: true,
      initial: text(answers[ASK_FIELDS.justification]),
      placeholder: null,
      most: LONGEST_TEXT,
    },
    ...untilFields(
      application,
      left.filter((one) => ticked.includes(one.id)),
      { asksDate, answers, texts },
    ),
    ...application.form.map((field) => ownField(field, answers[formFieldId(field)], texts)),
  ];
}

function applicationField({ chosen }: AskView, texts: Texts): Field {
  const initial: readonly Choice[] = chosen ? [{ value: chosen.application.id, label: chosen.application.name, description: null }] : [];
  return {
    type: "search",
    id: ASK_FIELDS.application,
    label: texts.askForm.application,
    hint: chosen ? chosen.application.description || null : null,
    required: true,
    initial,
    many: false,
    redraws: true,
    placeholder: texts.askForm.applicationPlaceholder,
  };
}

/** What became of the words that the command was given: nothing fits, or several do. */
function matchNote({ words, matches }: AskView, texts: Texts): readonly Field[] {
  if (words.trim() === "") return [];
  const names = matches.map(({ name }) => strong(name));
  if (names.length === 0) return [{ type: "warning", id: "matches", text: [texts.askForm.noMatch(words.trim())] }];
  const shown = names.length > MOST_NAMED ? [...names.slice(0, MOST_NAMED - 1), texts.askForm.more(names.length - MOST_NAMED + 1)] : names;
  return [{ type: "note", id: "matches", text: texts.askForm.matches(words.trim(), texts.and(shown)) }];
}

/** What the person has there, and what is on its way: said, and left out of the choice. */
function standing(chosen: Chosen, texts: Texts): readonly Field[] {
  const { askForm: words } = texts;
  const nameOf = (id: string | null) =>
    id === null ? words.theAccount : (chosen.application.entitlements.find((one) => one.id === id)?.name ?? id);
  const held = chosen.held.filter((id) => id !== null).map((id) => strong(nameOf(id)));
  const asked = chosen.asked.map(({ entitlement, number }) => words.askedItem(nameOf(entitlement), number));
  const sentences = [
    ...(chosen.login === null ? [] : [words.account(strong(chosen.login))]),
    ...(held.length === 0 ? [] : [words.held(texts.and(held))]),
    ...(asked.length === 0 ? [] : [words.asked(texts.and(asked))]),
  ];
  if (sentences.length === 0) return [];
  return [{ type: "note", id: "standing", text: sentences.flatMap((one, index) => (index === 0 ? one : [" ", ...one])) }];
}

/** True when asking for the account alone makes no sense any more. */
function hasAccount({ held, asked, login }: Chosen): boolean {
  return login !== null || held.includes(null) || asked.some(({ entitlement }) => entitlement === null);
}

function available({ application, held, asked }: Chosen): readonly Entitlement[] {
  return application.entitlements.filter((one) => !held.includes(one.id) && !asked.some(({ entitlement }) => entitlement === one.id));
}

function entitlementField(chosen: Chosen, left: readonly Entitlement[], ticked: readonly string[], texts: Texts): readonly Field[] {
  if (left.length === 0) return [];
  const { askForm: words } = texts;
  const required = hasAccount(chosen);
  const choices = left.map((one) => choiceOf(one, chosen.application, texts));
  const base = {
    id: ASK_FIELDS.entitlements,
    label: words.entitlements,
    hint: required ? null : words.entitlementsHint,
    required,
    // Only a limit of its own changes what else is asked, so only then the form has to be drawn anew.
    redraws: left.some((one) => one.maxDuration !== null),
  };
  if (choices.length <= MOST_TICKED) return [{ ...base, type: "choices", choices, initial: ticked }];
  const initial = choices.filter(({ value }) => ticked.includes(value));
  return [{ ...base, type: "search", initial, many: true, placeholder: words.entitlementsPlaceholder }];
}

/** Risk and limit stand first, because long descriptions are clipped. */
function choiceOf(entitlement: Entitlement, application: Application, texts: Texts): Choice {
  const { askForm: words } = texts;
  const limit = entitlement.maxDuration === null ? undefined : daysOf(entitlement.maxDuration);
  const parts = [words.risk[entitlement.risk], limit === undefined ? null : words.atMost(texts.time.days(limit))].filter(
    (part) => part !== null,
  );
  const description = [parts.join(", "), entitlement.description || (parts.length === 0 ? application.name : "")].filter(
    (part) => part !== "",
  );
  return { value: entitlement.id, label: entitlement.name, description: description.join(". ") || null };
}

function ownField(field: FormField, answer: Answers[string] | undefined, texts: Texts): Field {
  const base = { id: formFieldId(field), label: field.label, hint: field.hint, required: field.required };
  const most = field.maxLength ?? LONGEST_TEXT;
  switch (field.type) {
    case "text":
      return { ...base, type: "line", initial: text(answer), placeholder: null, most };
    case "long_text":
      return { ...base, type: "paragraph", initial: text(answer), placeholder: null, most };
    case "choice":
    case "choices": {
      const picked = typeof answer === "string" ? [answer] : Array.isArray(answer) ? answer : [];
      const initial = field.options.filter((option) => picked.includes(option));
      const choices = field.options.map((option) => ({ value: option, label: option, description: null }));
      return { ...base, type: field.type, choices, initial, redraws: false };
    }
    case "number":
    case "date":
      return { ...base, type: field.type, initial: typeof answer === "string" && answer !== "" ? answer : null };
    case "checkbox":
      return { ...base, type: "checkbox", initial: answer === true, text: texts.askForm.yes };
  }
}

function text(answer: Answers[string] | undefined): string {
  return typeof answer === "string" ? answer : "";
}
