/** Fields of a form as Slack's inputs, and the ids by which Slack keeps what was typed. */
import type { InputBlock, KnownBlock, PlainTextOption } from "@slack/types";
import type { Choice, Field, Purpose } from "../../cards/form.ts";
import { ASK_FIELDS } from "../../domain/asking.ts";
import { digestOf, fieldActionId, optionValueOf, TICKED } from "./fields.ts";
import { LIMIT } from "./limits.ts";
import { apartLine, plain, plainLine, whole } from "./plain.ts";
import { type PrintWords, printBlock } from "./print-block.ts";
import { plainText } from "./rich.ts";

/** How many options stand in a list itself, and whether hints are shown. */
export interface Drawing {
  readonly inline: number;
  readonly hints: boolean;
  readonly words: PrintWords;
}

/** A field as the blocks that stand for it. */
export function printField(field: Field, index: number, purpose: Purpose, drawing: Drawing): readonly KnownBlock[] {
  switch (field.type) {
    case "text":
    case "note":
    case "warning":
      return printBlock({ type: field.type, text: field.text }, `${index}.${field.id}`.slice(0, 200), LIMIT.richText, drawing.words);
    case "line":
    case "paragraph":
    case "choice":
    case "choices":
    case "search":
    case "number":
    case "date":
    case "checkbox":
      return [inputOf(field, purpose, drawing)];
  }
}

type Asked = Exclude<Field, { readonly type: "text" | "note" | "warning" }>;

/** Ids that mean the same whichever application is chosen, so that what was typed there stays when another one is. */
const KEPT: readonly string[] = [
  ASK_FIELDS.beneficiary,
  ASK_FIELDS.application,
  ASK_FIELDS.justification,
  ASK_FIELDS.until,
  ASK_FIELDS.untilDate,
];

/** Asked only with one application, and with its own meaning there. */
export function isOwnToApplication(field: string): boolean {
  return !KEPT.includes(field);
}

/**
 * Slack keeps what was typed as long as block_id and action_id stay the same. The application's own fields carry its id too, so that an
 * answer to one application's question never turns up under another's; and a list carries a digest of its options, so that nothing stays
 * chosen which isn't offered any more or is called otherwise now.
 */
export function blockIdOf(field: Asked, purpose: Purpose): string {
  const of = purpose.kind === "ask" && isOwnToApplication(field.id) ? `@${purpose.application ?? ""}` : "";
  const options = "choices" in field ? `#${digestOf(field.choices.flatMap(({ value, label }) => [value, label]))}` : "";
  return `${`${field.id}${of}`.slice(0, LIMIT.blockId - 20)}${options}` || "?";
}

function inputOf(field: Asked, purpose: Purpose, drawing: Drawing): InputBlock {
  const hint = field.hint === null || !drawing.hints ? "" : plainLine(field.hint);
  return {
    type: "input",
    block_id: blockIdOf(field, purpose),
    label: plainText(field.label, LIMIT.inputLabel),
    ...(hint === "" ? {} : { hint: plainText(hint, LIMIT.inputHint) }),
    optional: !field.required,
    ...("redraws" in field && field.redraws ? { dispatch_action: true } : {}),
    element: elementOf(field, drawing),
  };
}

type Element = InputBlock["element"];

function elementOf(field: Asked, drawing: Drawing): Element {
  const action_id = fieldActionId(field);
  switch (field.type) {
    case "line":
    case "paragraph":
      return textInput(field, action_id);
    case "number":
      return {
        type: "number_input",
        action_id,
        is_decimal_allowed: true,
        ...(field.initial !== null && /^-?\d{1,15}(\.\d{1,6})?$/.test(field.initial) ? { initial_value: field.initial } : {}),
      };
    case "date":
      return { type: "datepicker", action_id, ...(field.initial !== null && isDay(field.initial) ? { initial_date: field.initial } : {}) };
    case "checkbox": {
      const option: PlainTextOption = { text: plainText(field.text, LIMIT.optionText), value: TICKED };
      return { type: "checkboxes", action_id, options: [option], ...(field.initial ? { initial_options: [option] } : {}) };
    }
    case "choice":
    case "choices":
      return listElement(field, action_id, drawing);
    case "search": {
      const chosen = optionsOf(field.initial);
      return typeAhead(field.many, action_id, chosen, field.placeholder);
    }
  }
}

function textInput(field: Extract<Asked, { readonly type: "line" | "paragraph" }>, action_id: string): Element {
  const most = Math.max(1, Math.min(LIMIT.textInput, Number.isFinite(field.most) ? Math.floor(field.most) : LIMIT.textInput));
  const multiline = field.type === "paragraph";
  const initial = whole(multiline ? plain(field.initial) : plainLine(field.initial), most);
  return {
    type: "plain_text_input",
    action_id,
    multiline,
    max_length: most,
    ...(initial === "" ? {} : { initial_value: initial }),
    ...placeholderOf(field.placeholder),
  };
}

function listElement(field: Extract<Asked, { readonly type: "choice" | "choices" }>, action_id: string, drawing: Drawing): Element {
  const options = optionsOf(field.choices);
  const wanted = new Set(field.initial.map(optionValueOf));
  const chosen = options.filter((option) => option.value !== undefined && wanted.has(option.value));
  // Nothing to choose from, or more than a list holds: options are looked for by typing.
  if (options.length === 0 || options.length > drawing.inline) return typeAhead(field.type === "choices", action_id, chosen, null);
  if (field.type === "choices" && options.length <= LIMIT.ticks) {
    return { type: "checkboxes", action_id, options, ...(chosen.length > 0 ? { initial_options: chosen } : {}) };
  }
  if (field.type === "choices")
    return { type: "multi_static_select", action_id, options, ...(chosen.length > 0 ? { initial_options: chosen } : {}) };
  return { type: "static_select", action_id, options, ...(chosen[0] ? { initial_option: chosen[0] } : {}) };
}

/** `min_query_length: 0`: options show before anything is typed. */
function typeAhead(many: boolean, action_id: string, chosen: readonly PlainTextOption[], placeholder: string | null): Element {
  const few = chosen.slice(0, LIMIT.options);
  if (many) {
    return {
      type: "multi_external_select",
      action_id,
      min_query_length: 0,
      ...(few.length > 0 ? { initial_options: few } : {}),
      ...placeholderOf(placeholder),
    };
  }
  return {
    type: "external_select",
    action_id,
    min_query_length: 0,
    ...(few[0] ? { initial_option: few[0] } : {}),
    ...placeholderOf(placeholder),
  };
}

function placeholderOf(placeholder: string | null): { placeholder?: ReturnType<typeof plainText> } {
  return placeholder === null || plainLine(placeholder) === "" ? {} : { placeholder: plainText(placeholder, LIMIT.placeholder) };
}

/** Options of a list or of a type-ahead, each value once. */
export function optionsOf(choices: readonly Choice[]): PlainTextOption[] {
  const seen = new Set<string>();
  return choices.flatMap((choice) => {
    const value = optionValueOf(choice.value);
    if (seen.has(value)) return [];
    seen.add(value);
    const description = choice.description === null ? "" : apartLine(choice.description, LIMIT.optionText);
    return [
      {
        text: plainText(choice.label, LIMIT.optionText),
        value,
        ...(description === "" ? {} : { description: plainText(description, LIMIT.optionText) }),
      },
    ];
  });
}

function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
    new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)
  );
}
