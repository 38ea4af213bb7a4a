/** What is wrong with one answer to a question of an application's own form. */
import type { FormField } from "./catalogue.ts";
import { LONGEST_TEXT } from "./commands.ts";
import type { FormValue } from "./line.ts";
import type { FieldFault } from "./refusals.ts";
import { isDate } from "./until.ts";

/** What is wrong with one answer of the application's own form; null when nothing is. */
export function fieldFault(field: FormField, value: FormValue | undefined): FieldFault | null {
  if (value === undefined || isEmpty(value)) return field.required ? { name: "missing", about: {} } : null;
  switch (field.type) {
    case "text":
    case "long_text": {
      const most = field.maxLength ?? LONGEST_TEXT;
      return typeof value === "string" && value.length <= most ? null : { name: "too-long", about: { most: String(most) } };
    }
    case "choice":
      return typeof value === "string" && field.options.includes(value) ? null : { name: "not-an-option", about: {} };
    case "choices":
      return Array.isArray(value) && value.every((one) => field.options.includes(one)) ? null : { name: "not-an-option", about: {} };
    case "number":
      return typeof value === "string" && /^-?\d{1,15}([.,]\d{1,6})?$/.test(value.trim()) ? null : { name: "not-a-number", about: {} };
    case "date":
      return typeof value === "string" && isDate(value) ? null : { name: "not-a-date", about: {} };
    case "checkbox":
      return typeof value === "boolean" ? null : { name: "not-an-option", about: {} };
  }
}

/** A box that isn't ticked, a text of spaces and a list of nothing don't answer a required question. */
export function isEmpty(value: FormValue): boolean {
  return value === false || (typeof value === "string" ? value.trim() === "" : Array.isArray(value) && value.length === 0);
}
