/** Inputs as Slack's client keeps them: what they hold at first, what a person may put in, what must be right before a submit. */
import { isObject } from "./checks.ts";
import { elementsOf } from "./elements.ts";
import { LIMIT } from "./limits.ts";
import type { Typed } from "./page-interface.ts";
import { done, type Outcome, refused } from "./workspace.ts";
import type { Block, Json, StateValues, World } from "./world.ts";

/** How each stateful element's value is called in `state.values`, how in the element's initial property, and of what kind it is. */
const FIELD: { readonly [type: string]: { readonly value: string; readonly initial: string; readonly kind: Kind } } = {
  plain_text_input: { value: "value", initial: "initial_value", kind: "text" },
  number_input: { value: "value", initial: "initial_value", kind: "text" },
  email_text_input: { value: "value", initial: "initial_value", kind: "text" },
  url_text_input: { value: "value", initial: "initial_value", kind: "text" },
  rich_text_input: { value: "rich_text_value", initial: "initial_value", kind: "richText" },
  datepicker: { value: "selected_date", initial: "initial_date", kind: "text" },
  timepicker: { value: "selected_time", initial: "initial_time", kind: "text" },
  datetimepicker: { value: "selected_date_time", initial: "initial_date_time", kind: "seconds" },
  static_select: { value: "selected_option", initial: "initial_option", kind: "option" },
  external_select: { value: "selected_option", initial: "initial_option", kind: "option" },
  radio_buttons: { value: "selected_option", initial: "initial_option", kind: "option" },
  multi_static_select: { value: "selected_options", initial: "initial_options", kind: "options" },
  multi_external_select: { value: "selected_options", initial: "initial_options", kind: "options" },
  checkboxes: { value: "selected_options", initial: "initial_options", kind: "options" },
  users_select: { value: "selected_user", initial: "initial_user", kind: "id" },
  channels_select: { value: "selected_channel", initial: "initial_channel", kind: "id" },
  conversations_select: { value: "selected_conversation", initial: "initial_conversation", kind: "id" },
  multi_users_select: { value: "selected_users", initial: "initial_users", kind: "ids" },
  multi_channels_select: { value: "selected_channels", initial: "initial_channels", kind: "ids" },
  multi_conversations_select: { value: "selected_conversations", initial: "initial_conversations", kind: "ids" },
  file_input: { value: "files", initial: "", kind: "ids" },
};
type Kind = "text" | "seconds" | "richText" | "option" | "options" | "id" | "ids";

const fieldOf = (type: unknown) => (Object.hasOwn(FIELD, String(type)) ? FIELD[String(type)] : undefined);
export const holdsValue = (element: Json): boolean => fieldOf(element.type) !== undefined;

/** `state.values` of freshly shown blocks. What stood in an input of the same block_id, action_id and type before is kept. */
export function valuesFor(blocks: readonly Block[], before: StateValues = {}, currentChannel?: string): StateValues {
  const values: StateValues = {};
  for (const block of blocks) {
    const held = before[block.block_id] ?? {};
    const now: { [actionId: string]: Json } = {};
    for (const element of elementsOf(block)) {
      const field = fieldOf(element.type);
      if (!field) continue;
      const id = String(element.action_id);
      const kept = held[id]?.type === element.type ? held[id] : undefined;
      now[id] = kept ?? { type: element.type, [field.value]: initialOf(element, field, currentChannel) };
    }
    if (Object.keys(now).length > 0) values[block.block_id] = now;
  }
  return values;
}

function initialOf(element: Json, field: { initial: string; kind: Kind }, currentChannel?: string): unknown {
  const given = element[field.initial];
  if (given !== undefined) return given;
  const current = element.default_to_current_conversation === true ? currentChannel : undefined;
  if (field.kind === "id") return current ?? null;
  if (field.kind === "ids") return current === undefined ? [] : [current];
  return field.kind === "options" ? [] : null;
}

/** Turns what a person put in into Slack's state value, or refuses what no client would let them put in. `offered`: type-ahead's options. */
export function take(world: World, element: Json, typed: Typed, offered: ReadonlyMap<string, Json>): Outcome<Json> {
  const field = fieldOf(element.type);
  if (!field) return refused("element_holds_no_value");
  const result = read(world, element, field.kind, typed, offered);
  return result.ok ? done({ type: element.type, [field.value]: result.value }) : result;
}

function read(world: World, element: Json, kind: Kind, typed: Typed, offered: ReadonlyMap<string, Json>): Outcome<unknown> {
  const several = kind === "options" || kind === "ids";
  if (several !== Array.isArray(typed) && typed !== null) return refused("wrong_kind_of_value");
  const list = typed === null ? [] : typeof typed === "string" ? [typed] : typed;
  if (typeof element.max_selected_items === "number" && list.length > element.max_selected_items) return refused("too_many_selected");
  switch (kind) {
    case "text":
      return done(typed === "" ? null : typed);
    case "seconds":
      return typed === null || typed === ""
        ? done(null)
        : /^\d{10}$/.test(String(typed))
          ? done(Number(typed))
          : refused("wrong_kind_of_value");
    case "richText":
      return done(typed === null || typed === "" ? null : asRichText(String(typed)));
    case "id":
    case "ids": {
      const known = list.every((id) => world.users.has(id) || world.channels.has(id));
      return known ? done(several ? list : (list[0] ?? null)) : refused("option_not_offered");
    }
    case "option":
    case "options": {
      const options = list.map((value) => optionsOf(element).find((each) => each.value === value) ?? offered.get(value));
      if (options.includes(undefined)) return refused("option_not_offered");
      return done(several ? options : (options[0] ?? null));
    }
  }
}

/** The options written into an element, those of its groups and the preselected ones among them. */
export function optionsOf(element: Json): readonly Json[] {
  const groups = Array.isArray(element.option_groups) ? element.option_groups : [];
  const preset = [element.initial_option, ...(Array.isArray(element.initial_options) ? element.initial_options : [])];
  return [element, ...groups]
    .flatMap((from: unknown) => (isObject(from) && Array.isArray(from.options) ? from.options : []))
    .concat(preset)
    .filter(isObject);
}

export const asRichText = (text: string): Json => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});

/** What the page shows for a state value, and would send back. */
export function shown(value: Json): { typed: Typed; options: readonly Json[] } {
  const field = fieldOf(value.type);
  const held = field ? value[field.value] : null;
  const options = (field?.kind === "options" ? (held as Json[]) : field?.kind === "option" && held ? [held as Json] : []).filter(isObject);
  if (!field || held === null || held === undefined) return { typed: null, options };
  switch (field.kind) {
    case "text":
    case "id":
      return { typed: String(held), options };
    case "seconds":
      return { typed: String(held), options };
    case "ids":
      return { typed: held as string[], options };
    case "richText":
      return { typed: plainOf(held), options };
    case "option":
      return { typed: String((held as Json).value), options };
    case "options":
      return { typed: options.map((each) => String(each.value)), options };
  }
}

function plainOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(plainOf).join("");
  if (!isObject(value)) return "";
  return typeof value.text === "string" ? value.text : plainOf(value.elements);
}

/** What Slack's client says under an input before it lets a modal be submitted; undefined: nothing wrong. */
export function complaint(block: Block, value: Json | undefined): string | undefined {
  if (block.type !== "input") return undefined;
  const element = block.element as Json;
  const { typed } = value ? shown(value) : { typed: null };
  if (typed === null || typed.length === 0) return block.optional === true ? undefined : "Please complete this required field.";
  if (typeof typed !== "string") return undefined;
  switch (element.type) {
    case "plain_text_input":
      return lengthComplaint(typed, element);
    case "number_input":
      return numberComplaint(typed, element);
    case "email_text_input":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed) ? undefined : "Please enter a valid email address.";
    case "url_text_input":
      return URL.canParse(typed) ? undefined : "Please enter a valid URL.";
    case "datepicker":
      return isDate(typed) ? undefined : "Please enter a valid date.";
    case "timepicker":
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(typed) ? undefined : "Please enter a valid time.";
  }
  return undefined;
}

function lengthComplaint(text: string, element: Json): string | undefined {
  const min = Number(element.min_length ?? 0);
  const max = Number(element.max_length ?? LIMIT.plainTextInput);
  if (text.length < min) return `Must be at least ${min} characters long.`;
  return text.length > max ? `Must be at most ${max} characters long.` : undefined;
}

function numberComplaint(text: string, element: Json): string | undefined {
  const pattern = element.is_decimal_allowed === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(text)) return "Please enter a valid number.";
  if (element.min_value !== undefined && Number(text) < Number(element.min_value)) return `Must be at least ${String(element.min_value)}.`;
  return element.max_value !== undefined && Number(text) > Number(element.max_value)
    ? `Must be at most ${String(element.max_value)}.`
    : undefined;
}

const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
