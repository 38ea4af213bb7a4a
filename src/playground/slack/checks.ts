/** The small vocabulary in which Block Kit's shapes are written down (elements.ts, blocks.ts). Each check appends Slack-worded faults. */

/** Where blocks are shown. */
export type Surface = "message" | "modal" | "home";

export interface Findings {
  readonly surface: Surface;
  /** `must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]` */
  readonly faults: string[];
}

export type Check = (value: unknown, at: string, findings: Findings) => void;

export function fault(findings: Findings, at: string, sentence: string): void {
  findings.faults.push(`${sentence} [json-pointer:${at}]`);
}

export const isObject = (value: unknown): value is { [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A string of `min` to `max` characters. */
export const words =
  (max: number, min = 1): Check =>
  (value, at, findings) => {
    if (typeof value !== "string") return fault(findings, at, "must provide a string");
    if (value.length < min) fault(findings, at, `must be more than ${min - 1} characters`);
    if (value.length > max) fault(findings, at, `must be less than ${max + 1} characters`);
  };

export const anyWords: Check = words(Number.MAX_SAFE_INTEGER, 0);

export const matching =
  (pattern: RegExp, meaning: string): Check =>
  (value, at, findings) => {
    if (typeof value !== "string" || !pattern.test(value)) fault(findings, at, `must be ${meaning}`);
  };

export const flag: Check = (value, at, findings) => {
  if (typeof value !== "boolean") fault(findings, at, "must provide a boolean");
};

export const whole =
  (min: number, max: number): Check =>
  (value, at, findings) => {
    if (typeof value !== "number" || !Number.isInteger(value)) return fault(findings, at, "must provide an integer");
    if (value < min) fault(findings, at, `must be greater than or equal to ${min}`);
    if (value > max) fault(findings, at, `must be less than or equal to ${max}`);
  };

export const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value, at, findings) => {
    if (!allowed.includes(value)) fault(findings, at, `value must be one of: ${allowed.map(String).join(", ")}`);
  };

export const listOf =
  (item: Check, max: number, min = 1): Check =>
  (value, at, findings) => {
    if (!Array.isArray(value)) return fault(findings, at, "must provide an array");
    if (value.length < min) fault(findings, at, `no less than ${min} items allowed`);
    if (value.length > max) fault(findings, at, `no more than ${max} items allowed`);
    value.forEach((each: unknown, index) => {
      item(each, `${at}/${index}`, findings);
    });
  };

export interface Shape {
  readonly needs?: { readonly [property: string]: Check };
  readonly may?: { readonly [property: string]: Check };
  /** Rules between properties. */
  readonly also?: (value: { [key: string]: unknown }, at: string, findings: Findings) => void;
  /** Left out: every surface. */
  readonly on?: readonly Surface[];
}

/** An object with these properties and no others; `type` is known to the caller. */
export const object =
  (shape: Shape): Check =>
  (value, at, findings) => {
    if (!isObject(value)) return fault(findings, at, "must provide an object");
    for (const [property, check] of Object.entries(shape.needs ?? {})) {
      if (value[property] === undefined) fault(findings, at, `missing required field: ${property}`);
      else check(value[property], `${at}/${property}`, findings);
    }
    for (const [property, found] of Object.entries(value)) {
      if (found === undefined || property === "type" || shape.needs?.[property] !== undefined) continue;
      const check = shape.may?.[property];
      if (check === undefined) fault(findings, at, `invalid additional property: ${property}`);
      else check(found, `${at}/${property}`, findings);
    }
    shape.also?.(value, at, findings);
  };

export type Shapes = { readonly [type: string]: Shape };

/** One of several objects told apart by `type`; `only` narrows the table to what this place accepts. */
export const typed =
  (shapes: Shapes | (() => Shapes), only?: readonly string[]): Check =>
  (value, at, findings) => {
    if (!isObject(value)) return fault(findings, at, "must provide an object");
    if (value.type === undefined) return fault(findings, at, "missing required field: type");
    const table = typeof shapes === "function" ? shapes() : shapes;
    const type = String(value.type);
    const shape = Object.hasOwn(table, type) ? table[type] : undefined;
    if (shape === undefined || (only && !only.includes(type)) || (shape.on && !shape.on.includes(findings.surface))) {
      return fault(findings, `${at}/type`, `unsupported type: ${type}`);
    }
    object(shape)(value, at, findings);
  };
