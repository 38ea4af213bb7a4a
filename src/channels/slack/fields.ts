/** How a form's fields are named in Slack's state, and back: ids of inputs, values of options, what was filled in. */
import { createHash } from "node:crypto";
import type { Answers, Field } from "../../cards/form.ts";
import { LIMIT } from "./limits.ts";

/** Inputs of forms are told from buttons of cards by these beginnings; a tick is the only input whose answer is yes or no. */
export const FIELD_ID = /^(?:in|tick)\./s;

/** The value of the one option of a checkbox. */
export const TICKED = "yes";

export function fieldActionId(field: Pick<Field, "id" | "type">): string {
  return `${field.type === "checkbox" ? "tick" : "in"}.${field.id}`.slice(0, LIMIT.actionId);
}

export function fieldIdOf(actionId: string): string | null {
  return FIELD_ID.test(actionId) ? actionId.slice(actionId.indexOf(".") + 1) : null;
}

/** An option's value as Slack takes it: itself where it is short, else a digest that `longValue` finds again. Never empty. */
export function optionValueOf(value: string): string {
  if (value !== "" && value.length <= LIMIT.optionValue && !value.startsWith("~")) return value;
  return `~${createHash("sha256").update(value).digest("base64url")}`;
}

/** Ten characters that tell one list of options from another. */
export function digestOf(values: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("base64url").slice(0, 10);
}

/** The value behind what Slack sent, among those that the form offers; itself when it is none of them. */
export function longValue(sent: string, offered: readonly string[]): string {
  return sent.startsWith("~") ? (offered.find((value) => optionValueOf(value) === sent) ?? sent) : sent;
}

type Known = Readonly<Record<string, unknown>>;

function known(value: unknown): Known | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Known) : null;
}

/** What stands in a modal's inputs, by field id; anything that isn't an input of ours is passed over. */
export function answersOf(values: unknown): Answers {
  const answers: Record<string, Answers[string]> = Object.create(null);
  for (const block of Object.values(known(values) ?? {})) {
    for (const [actionId, held] of Object.entries(known(block) ?? {})) {
      const field = fieldIdOf(actionId);
      const input = known(held);
      if (field !== null && input) answers[field] = actionId.startsWith("tick.") ? isTicked(input) : answerOf(input);
    }
  }
  return { ...answers };
}

function isTicked(input: Known): boolean {
  return Array.isArray(input.selected_options) && input.selected_options.some((option) => known(option)?.value === TICKED);
}

function answerOf(input: Known): Answers[string] {
  if (Array.isArray(input.selected_options)) return input.selected_options.flatMap((option) => text(known(option)?.value) ?? []);
  if (input.selected_option !== undefined) return text(known(input.selected_option)?.value);
  return text(input.value) ?? text(input.selected_date);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
