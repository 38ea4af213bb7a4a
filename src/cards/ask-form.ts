/** The request form, drawn before and after an application is chosen; what was typed so far is kept. */
import { ASK_FIELDS, formFieldId } from "../domain/asking.ts";
import type { Application, Entitlement, FormField } from "../domain/catalogue.ts";
import { LONGEST_TEXT } from "../domain/commands.ts";
import { daysOf } from "../domain/duration.ts";
import type { AskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import { answersOfLine, chosenEntitlements } from "./ask-answers.ts";
import { itemName, matchNote, otherName, standing } from "./ask-notes.ts";
import type { Text } from "./card.ts";
import type { Answers, Choice, Field, Form } from "./form.ts";
import { strong } from "./phrases.ts";
import { aheadText } from "./steps-ahead.ts";
import { untilFields } from "./until-fields.ts";

/** Up to this many entitlements stand in a list to tick, more are searched: Slack shows at most 10 checkboxes. */
const MOST_TICKED = 10;

type Chosen = NonNullable<AskView["chosen"]>;

export function askForm(view: AskView, texts: Texts, typed: Answers = {}): Form {
  const { askForm: words } = texts;
  const { chosen, beneficiary } = view;
  const answers = view.again ? { ...answersOfLine(view.again), ...typed } : typed;
  const left = chosen ? available(chosen) : [];
  const nothingLeft = chosen !== null && left.length === 0 && hasAccount(chosen);
  return {
    title: words.title,
    // Always there, because Slack demands it beside anything to fill in; what can't be sent is refused at its field.
    submit: words.submit,
    close: words.close,
    purpose: {
      kind: "ask",
      words: view.words,
      application: chosen?.application.id ?? null,
      beneficiary: beneficiary.self ? null : beneficiary.id,
    },
    fields: [
      ...beneficiaryFields(view, texts),
      applicationField(view, texts),
      ...(view.again ? [{ type: "note", id: "again", text: [words.again(view.again.number)] } as const] : []),
      ...(chosen === null ? matchNote(view, texts) : standing(chosen, view, texts)),
      ...(chosen && nothingLeft
        ? [{ type: "warning", id: "nothing", text: words.nothingLeft(strong(chosen.application.name)) } as const]
        : []),
      ...(chosen && !nothingLeft ? askedFields(chosen, left, view, texts, answers) : []),
      ...(chosen === null ? keptFields(view, texts, answers) : []),
    ],
  };
}

/** Whom it is for, and what that means. */
function beneficiaryFields({ beneficiary }: AskView, texts: Texts): readonly Field[] {
  const { askForm: words } = texts;
  const { id, name, self, active } = beneficiary;
  const introduced = [beneficiary.title, beneficiary.department].filter((word) => word !== "").join(", ");
  const field: Field = {
    type: "search",
    id: ASK_FIELDS.beneficiary,
    label: words.forWhom,
    hint: self ? null : words.forWhomHint(name),
    required: true,
    initial: [{ value: id, label: self ? words.you(name) : name, description: introduced || null }],
    many: false,
    redraws: true,
    placeholder: words.forWhomPlaceholder,
  };
  return active ? [field] : [field, { type: "warning", id: "not-active", text: words.notActive(strong(name)) }];
}

function askedFields(chosen: Chosen, left: readonly Entitlement[], view: AskView, texts: Texts, answers: Answers): readonly Field[] {
  const { application } = chosen;
  const name = otherName(view);
  const ticked = (chosenEntitlements(answers) ?? view.entitlements).filter((id) => left.some((one) => one.id === id));
  return [
    ...entitlementField(chosen, left, ticked, name, texts),
    justificationField(name, texts, answers),
    ...untilFields(
      application,
      left.filter((one) => ticked.includes(one.id)),
      { asksDate: asksDateNow(view, answers), answers, name, texts },
    ),
    ...application.form.map((field) => ownField(field, answers[formFieldId(field)], texts)),
    ...aheadFields(chosen, texts),
  ];
}

/** What was typed before stays in the form while no application is chosen: changing one's mind loses nothing. */
function keptFields(view: AskView, texts: Texts, answers: Answers): readonly Field[] {
  return text(answers[ASK_FIELDS.justification]) === "" ? [] : [justificationField(otherName(view), texts, answers)];
}

function justificationField(name: string | null, texts: Texts, answers: Answers): Field {
  return {
    type: "paragraph",
    id: ASK_FIELDS.justification,
    label: texts.askForm.justification(name),
    hint: texts.askForm.justificationHint,
    required: true,
    initial: text(answers[ASK_FIELDS.justification]),
    placeholder: null,
    most: LONGEST_TEXT,
  };
}

function asksDateNow(view: AskView, answers: Answers): boolean {
  return answers[ASK_FIELDS.until] === undefined ? view.asksDate : answers[ASK_FIELDS.until] === "date";
}

function aheadFields({ application, ahead, directory }: Chosen, texts: Texts): readonly Field[] {
  if (ahead.length === 0) return [];
  const nameOf = (id: string | null): Text => [strong(itemName(application, id, texts))];
  const said = aheadText(ahead, application.fulfillers, nameOf, { directory, texts });
  return [said === null ? { type: "warning", id: "ahead", text: [texts.ahead.nobody] } : { type: "text", id: "ahead", text: said }];
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

/** True when asking for the account alone makes no sense any more. */
function hasAccount({ held, asked, login }: Chosen): boolean {
  return login !== null || held.includes(null) || asked.length > 0;
}

function available({ application, held, asked }: Chosen): readonly Entitlement[] {
  return application.entitlements.filter((one) => !held.includes(one.id) && !asked.some(({ entitlement }) => entitlement === one.id));
}

function entitlementField(
  chosen: Chosen,
  left: readonly Entitlement[],
  ticked: readonly string[],
  name: string | null,
  texts: Texts,
): readonly Field[] {
  if (left.length === 0) return [];
  const { askForm: words } = texts;
  const required = hasAccount(chosen);
  const choices = left.map((one) => choiceOf(one, chosen.application, texts));
  const base = {
    id: ASK_FIELDS.entitlements,
    label: words.entitlements(name),
    hint: required ? null : words.entitlementsHint,
    required,
    // A limit of its own changes what else is asked, a policy of its own who decides: only then the form has to be drawn anew.
    redraws: left.some(({ maxDuration, policy }) => maxDuration !== null || (policy !== null && policy !== chosen.application.policy)),
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
