/** Block Kit's elements, as in block-elements.d.ts of @slack/types 3.2.0, and which block takes which of them (blocks.d.ts). */
import {
  anyWords,
  fault,
  flag,
  isObject,
  listOf,
  matching,
  object,
  oneOf,
  type Shape,
  type Shapes,
  typed,
  whole,
  words,
} from "./checks.ts";
import {
  choiceOption,
  confirm,
  image,
  initialAmongOptions,
  menuOption,
  optionGroup,
  overflowOption,
  plainText,
  richText,
  webAddress,
} from "./composition.ts";
import { LIMIT } from "./limits.ts";

const action_id = words(LIMIT.actionId);
const placeholder = plainText(LIMIT.placeholder);
const focus_on_load = flag;
const max_selected_items = whole(1, Number.MAX_SAFE_INTEGER);
const dispatch_action_config = object({
  may: { trigger_actions_on: listOf(oneOf("on_enter_pressed", "on_character_entered"), 2) },
});
const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "a date in the format YYYY-MM-DD");
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, "a time in the format HH:mm");
const number = matching(/^-?\d+(\.\d+)?$/, "a number");
const filter = object({
  may: {
    include: listOf(oneOf("im", "mpim", "private", "public"), 4),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
});

const menu = { action_id, confirm, focus_on_load, placeholder };
const entry = { action_id, dispatch_action_config, focus_on_load, placeholder };

/** Either `options` or `option_groups`, and what is chosen from the start stands among them. */
const staticOptions: NonNullable<Shape["also"]> = (element, at, findings) => {
  if ((element.options === undefined) === (element.option_groups === undefined))
    fault(findings, at, "must define either `options` or `option_groups`");
  initialAmongOptions(element, at, findings);
};
const fixed = { options: listOf(menuOption, LIMIT.options), option_groups: listOf(optionGroup, LIMIT.optionGroups) };
const initialOptions = listOf(menuOption, LIMIT.options);

/** Numbers given as text in `low` and `high` must stand in that order, and `initial` between them. */
const between =
  (low: string, high: string, initial: string, measure: (value: unknown) => number): NonNullable<Shape["also"]> =>
  (element, at, findings) => {
    const [min, max, start] = [element[low], element[high], element[initial]];
    if (min !== undefined && max !== undefined && Number(min) > Number(max))
      fault(findings, `${at}/${low}`, `must not be greater than \`${high}\``);
    if (start === undefined) return;
    if (max !== undefined && measure(start) > Number(max)) fault(findings, `${at}/${initial}`, `must not be greater than \`${high}\``);
    if (min !== undefined && measure(start) < Number(min)) fault(findings, `${at}/${initial}`, `must not be less than \`${low}\``);
  };

export const ELEMENTS: Shapes = {
  button: {
    needs: { text: plainText(LIMIT.buttonText) },
    may: {
      action_id,
      confirm,
      value: words(LIMIT.buttonValue),
      url: webAddress,
      style: oneOf("primary", "danger"),
      accessibility_label: words(LIMIT.accessibilityLabel),
    },
  },
  workflow_button: {
    needs: {
      text: plainText(LIMIT.buttonText),
      workflow: object({
        needs: {
          trigger: object({
            needs: { url: webAddress },
            may: { customizable_input_parameters: listOf(object({ needs: { name: anyWords, value: anyWords } }), 100) },
          }),
        },
      }),
    },
    may: { action_id, confirm, style: oneOf("primary", "danger"), accessibility_label: words(LIMIT.accessibilityLabel) },
  },
  icon_button: {
    needs: { icon: words(255), text: plainText(LIMIT.buttonText) },
    may: {
      action_id,
      confirm,
      value: words(LIMIT.buttonValue),
      accessibility_label: words(LIMIT.accessibilityLabel),
      visible_to_user_ids: listOf(words(255), 100),
    },
  },
  feedback_buttons: (() => {
    const side = object({
      needs: { text: plainText(LIMIT.buttonText), value: words(LIMIT.buttonValue) },
      may: { accessibility_label: words(LIMIT.accessibilityLabel) },
    });
    return { needs: { positive_button: side, negative_button: side }, may: { action_id } };
  })(),
  image,
  overflow: { needs: { options: listOf(overflowOption, LIMIT.overflowOptions) }, may: { action_id, confirm } },
  checkboxes: {
    needs: { options: listOf(choiceOption, LIMIT.choiceOptions) },
    may: { action_id, confirm, focus_on_load, initial_options: listOf(choiceOption, LIMIT.choiceOptions) },
    also: initialAmongOptions,
  },
  radio_buttons: {
    needs: { options: listOf(choiceOption, LIMIT.choiceOptions) },
    may: { action_id, confirm, focus_on_load, initial_option: choiceOption },
    also: initialAmongOptions,
  },
  datepicker: { may: { ...menu, initial_date: date } },
  timepicker: { may: { ...menu, initial_time: time, timezone: words(255) } },
  datetimepicker: {
    may: { action_id, confirm, focus_on_load, initial_date_time: whole(1_000_000_000, 9_999_999_999) },
    on: ["message", "modal"],
  },

  static_select: { may: { ...menu, ...fixed, initial_option: menuOption }, also: staticOptions },
  multi_static_select: { may: { ...menu, ...fixed, initial_options: initialOptions, max_selected_items }, also: staticOptions },
  external_select: { may: { ...menu, initial_option: menuOption, min_query_length: whole(0, LIMIT.optionText) } },
  multi_external_select: {
    may: { ...menu, initial_options: initialOptions, max_selected_items, min_query_length: whole(0, LIMIT.optionText) },
  },
  users_select: { may: { ...menu, initial_user: words(255) } },
  multi_users_select: { may: { ...menu, initial_users: listOf(words(255), 100), max_selected_items } },
  channels_select: { may: { ...menu, initial_channel: words(255), response_url_enabled: flag } },
  multi_channels_select: { may: { ...menu, initial_channels: listOf(words(255), 100), max_selected_items } },
  conversations_select: {
    may: { ...menu, initial_conversation: words(255), default_to_current_conversation: flag, filter, response_url_enabled: flag },
  },
  multi_conversations_select: {
    may: { ...menu, initial_conversations: listOf(words(255), 100), default_to_current_conversation: flag, filter, max_selected_items },
  },

  plain_text_input: {
    may: {
      ...entry,
      initial_value: anyWords,
      multiline: flag,
      min_length: whole(0, LIMIT.plainTextInput),
      max_length: whole(1, LIMIT.plainTextInput),
    },
    also: between("min_length", "max_length", "initial_value", (value) => String(value).length),
  },
  rich_text_input: {
    may: { ...entry, initial_value: typed({ rich_text: richText }), min_lines: whole(1, 100), max_lines: whole(1, 100) },
  },
  number_input: {
    needs: { is_decimal_allowed: flag },
    may: { ...entry, initial_value: number, min_value: number, max_value: number },
    also: between("min_value", "max_value", "initial_value", Number),
    on: ["modal"],
  },
  email_text_input: { may: { ...entry, initial_value: words(255) }, on: ["modal"] },
  url_text_input: { may: { ...entry, initial_value: webAddress }, on: ["modal"] },
  file_input: { may: { action_id, filetypes: listOf(words(255), 100), max_files: whole(1, LIMIT.files) }, on: ["modal"] },
};

const SELECTS = ["static_select", "external_select", "users_select", "channels_select", "conversations_select"] as const;
const MULTI_SELECTS = SELECTS.map((type) => `multi_${type}`);
const CHOICES = ["checkboxes", "radio_buttons", "datepicker", "timepicker"] as const;

/** `button` and the like that dispatch but hold no value. */
export const PRESSED: readonly string[] = ["button", "workflow_button", "icon_button", "feedback_buttons", "overflow"];

export const IN_ACTIONS: readonly string[] = [
  ...SELECTS,
  ...MULTI_SELECTS,
  ...CHOICES,
  "button",
  "workflow_button",
  "overflow",
  "datetimepicker",
  "rich_text_input",
];
export const IN_SECTION: readonly string[] = [...SELECTS, ...MULTI_SELECTS, ...CHOICES, "button", "workflow_button", "overflow", "image"];
export const IN_INPUT: readonly string[] = [
  ...SELECTS,
  ...MULTI_SELECTS,
  ...CHOICES,
  "datetimepicker",
  "plain_text_input",
  "rich_text_input",
  "number_input",
  "email_text_input",
  "url_text_input",
  "file_input",
];

/** Every interactive element of a block: those that carry an action_id. */
export function elementsOf(block: { readonly [key: string]: unknown }): { [key: string]: unknown }[] {
  const candidates = [
    block.element,
    block.accessory,
    ...(Array.isArray(block.elements) ? block.elements : []),
    ...(Array.isArray(block.actions) ? block.actions : []),
  ];
  return candidates.filter(isObject).filter((each) => each.type !== "image" && Object.hasOwn(ELEMENTS, String(each.type)));
}
