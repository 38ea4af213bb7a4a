/**
 * The building blocks of the schemas: zod, with a sentence for everything that can be wrong.
 *
 * Each block is told what is wanted in words ("the name of the application"), so that a missing or mistyped value is answered with what
 * to write. All checks sit on single values, because zod skips the checks of an object as soon as one of its values is wrong, and
 * every fault shall be named at once.
 */
import * as z from "zod";
import type { Duration } from "../domain/duration.ts";
import { parseDuration } from "../domain/duration.ts";
import { isDate } from "../domain/until.ts";
import type { Spot } from "./document.ts";
import { oneOf, quote, unknown } from "./suggest.ts";

/** Where inside of the value (or at its key) the fault stands; travels in an issue's `params`. */
export interface Params {
  readonly spot: Spot;
}

type Problem = string | { readonly message: string; readonly spot: Spot } | undefined;

const KEY = { spot: "key" } as const satisfies Params;
/** Control characters but line feed and tab, and the signs that turn the direction of writing and can fake a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** A map with these keys and no others; each unknown key is a fault of its own. */
export function strict<Shape extends z.ZodRawShape>(want: string, shape: Shape): z.ZodObject<Shape> {
  const known = Object.keys(shape);
  const stranger = refusedKey((key) => strangeKey(key, known));
  return z.object(shape, { error: wanted(want) }).catchall(stranger) as unknown as z.ZodObject<Shape>;
}

/** The schema of a key that can't stand where it does, whatever its value is. */
export function refusedKey(why: string | ((key: string) => string)): z.ZodType<never> {
  const error = (issue: { readonly path?: PropertyKey[] | undefined }) => (typeof why === "string" ? why : why(String(issue.path?.at(-1))));
  return z.custom<never>(() => false, { error, params: KEY });
}

function strangeKey(key: string, known: readonly string[]): string {
  if (key === "<<") return "merge keys (<<) aren't read here: write the keys out, or repeat a whole value with an alias";
  return unknown("key", key, known, `the keys here are ${oneOf(known)}`);
}

/** Stands for the name of the value, which only the finished path knows; `sentenceOf` puts it in. */
const NAME = "<name>";

/** The sentence for a value that is missing or of another kind than the wanted one. */
export function wanted(want: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => {
    if (input === undefined) return `${NAME} is missing: write ${want}`;
    if (input === null) return `${NAME} is empty: write ${want}`;
    if (Array.isArray(input)) return `${NAME} must be ${want}, not a list`;
    if (typeof input === "object") return `${NAME} must be ${want}, not keys with values`;
    return `${NAME} must be ${want}, not ${typeof input === "string" ? quote(input) : String(input)}`;
  };
}

/** Says an issue that a value isn't there? */
export function isMissing(message: string): boolean {
  return message.startsWith(`${NAME} is missing`);
}

/** The key that an unknown key's sentence offers instead: it isn't missing then, it is misspelt. */
export function keyMeant(message: string): string[] {
  const [, key] = /^unknown key ".*": (?:did you mean|write) "?([a-z_]+)"?\??$/.exec(message) ?? [];
  return key === undefined ? [] : [key];
}

/** The same where a text is wanted, which YAML takes some texts for something else. */
function wantedText(want: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => {
    if (typeof input === "number" || typeof input === "boolean") return `${NAME} must be a text: put it in quotes, "${String(input)}"`;
    if (Array.isArray(input)) return `${NAME} must be a text, not a list: write ${want}`;
    if (mapOf(input)) return `${NAME} must be a text, not keys with values: write ${want} (a text with ": " or {{ }} in it needs quotes)`;
    return wanted(want)({ input });
  };
}

/** The sentence of a schema's issue, found at this path of the whole document. */
export function sentenceOf(message: string, path: readonly PropertyKey[]): string {
  if (!message.startsWith(NAME)) return message;
  const last = path.at(-1);
  const name = last === undefined ? "the file" : typeof last === "number" ? `entry ${last + 1}` : quote(String(last));
  return name + message.slice(NAME.length);
}

/** A text on which `problem` finds nothing wrong; spaces around it are dropped. */
export function text(want: string, problem: (value: string) => Problem = () => undefined, mistyped = wantedText(want)): z.ZodType<string> {
  return z.string({ error: mistyped }).transform((written, context) => {
    const value = written.trim();
    const found = value === "" ? `this is empty: write ${want}` : UNSEEN.test(value) ? unseen(value) : problem(value);
    if (found === undefined) return value;
    const { message, spot } = typeof found === "string" ? { message: found, spot: undefined } : found;
    context.addIssue({ code: "custom", message, ...(spot === undefined ? {} : { params: { spot } satisfies Params }) });
    return z.NEVER;
  });
}

function unseen(value: string): string {
  const code = UNSEEN.exec(value)?.[0].charCodeAt(0) ?? 0;
  return `a character that can't be seen (U+${code.toString(16).toUpperCase().padStart(4, "0")}) stands in this text: remove it`;
}

/** One line of at most `most` characters. */
export function line(want: string, most: number): z.ZodType<string> {
  return text(want, (value) => {
    if (value.includes("\n")) return `write ${want} on one line`;
    return value.length > most ? `this has ${value.length} characters: write at most ${most}` : undefined;
  });
}

/** Several lines of at most `most` characters together. */
export function prose(want: string, most: number): z.ZodType<string> {
  return text(want, (value) => (value.length > most ? `this has ${value.length} characters: write at most ${most}` : undefined));
}

/** An id of one's own: 1 to 64 of a-z, 0-9, _ and -. */
export function ownId(want: string): z.ZodType<string> {
  return text(want, (value) => {
    if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(value)) return undefined;
    const better = value
      .slice(0, 64)
      .toLowerCase()
      .normalize("NFD")
      .replace(/[^a-z0-9_]+/g, "-")
      .replace(/^[-_]+|-+$/g, "");
    const how = "ids are 1 to 64 of a-z, 0-9, - and _, the first a letter or digit";
    return `${quote(value)} is no id: ${how}${better ? `; for example ${quote(better)}` : ""}`;
  });
}

/** The id of something that stands elsewhere; `known` undefined: that part couldn't be read, so nothing is said about it. */
export function reference(kind: string, known: Iterable<string> | undefined, otherwise: string): z.ZodType<string> {
  const ids = known && new Set(known);
  return text(`the id of a ${kind}`, (value) => (!ids || ids.has(value) ? undefined : unknown(kind, value, ids, otherwise)));
}

/** One of a few words. */
export function word<const Words extends readonly string[]>(kind: string, words: Words): z.ZodType<Words[number]> {
  return text(oneOf(words), (value) => (words.includes(value) ? undefined : unknown(kind, value, words, `write ${oneOf(words)}`)));
}

export function flag(want: string): z.ZodType<boolean> {
  return plain(`true or false (${want})`, (value) => typeof value === "boolean");
}

/** A whole number between two limits, both allowed. */
export function whole(want: string, least: number, most: number): z.ZodType<number> {
  const fits = (value: unknown) => typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
  return plain(`a whole number from ${least} to ${most} (${want})`, fits);
}

function plain<Output extends boolean | number>(want: string, fits: (value: unknown) => boolean): z.ZodType<Output> {
  return z.unknown().transform((value, context) => {
    if (fits(value)) return value as Output;
    context.addIssue({ code: "custom", message: wanted(want)({ input: value }) });
    return z.NEVER;
  });
}

export function list<Item extends z.ZodType>(want: string, item: Item, least = 0, most = 100_000): z.ZodType<z.output<Item>[]> {
  return z
    .array(item, { error: wanted(`a list of ${want}`) })
    .min(least, { error: `this list is empty: add ${want}, at least ${least === 1 ? "one" : least}` })
    .max(most, { error: `at most ${most} of ${want} can stand here` }) as unknown as z.ZodType<z.output<Item>[]>;
}

/** An ISO date that the calendar has. */
export function date(want: string): z.ZodType<string> {
  return text(want, dateProblem);
}

export function dateProblem(value: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return `${quote(value)} is no date: write year-month-day, such as 2026-12-25`;
  return isDate(value) ? undefined : `there is no ${value} in the calendar: write a real date`;
}

/** `any`: working time too. `days`: whole days of elapsed time, because access is given until the end of a day. */
export function duration(want: string, kind: "any" | "days"): z.ZodType<Duration> {
  return text(want, (value) => durationProblem(value, kind), wanted(want)).transform((value) => parseDuration(value)!);
}

function durationProblem(value: string, kind: "any" | "days"): string | undefined {
  const read = parseDuration(value);
  if (!read) {
    const better = /^(\d+) ?(s|m|min|h|d|w)$/.exec(value);
    const units: Record<string, string> = { s: "seconds", m: "minutes", min: "minutes", h: "hours", d: "days", w: "weeks" };
    const example = better ? `"${better[1]} ${units[better[2]!]}"` : '"4 hours", "14 days", "8 working hours" or "1 working day"';
    return `${quote(value)} is no length of time: write ${kind === "days" && !better ? '"30 days"' : example}`;
  }
  if (kind === "any") return undefined;
  if (read.kind !== "elapsed") return "access is limited in plain days, not in working time: write, for example, 30 days";
  return read.seconds % 86_400 === 0 ? undefined : "access is limited in whole days: write, for example, 1 day";
}

/** Reads a value by a schema that is chosen by looking at it; the chosen schema's faults are passed on. */
export function chosen<Output>(choose: (value: unknown) => z.ZodType<Output>): z.ZodType<Output> {
  return z.unknown().transform((value, context) => {
    const read = choose(value).safeParse(value);
    if (read.success) return read.data;
    for (const issue of read.error.issues) {
      const params = issue.code === "custom" && issue.params ? { params: issue.params } : {};
      context.addIssue({ code: "custom", message: issue.message, path: issue.path, ...params });
    }
    return z.NEVER;
  });
}

/** The same for maps whose keys are free: a schema is costly to make, and most applications have the same few keys. */
export function chosenByKeys<Output>(schemaOf: (keys: readonly string[]) => z.ZodType<Output>): z.ZodType<Output> {
  const made = new Map<string, z.ZodType<Output>>();
  return chosen<Output>((value) => {
    const keys = Object.keys(mapOf(value) ?? {}).filter((key) => key !== "__proto__");
    const name = JSON.stringify(keys);
    const schema = made.get(name) ?? schemaOf(keys);
    if (made.size < MOST_MADE) made.set(name, schema);
    return schema;
  });
}

const MOST_MADE = 1000;

/** `value` read as a map without knowing its keys; undefined when it is none. For looking ahead over text not yet checked. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
