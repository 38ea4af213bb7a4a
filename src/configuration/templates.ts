/** Checks account templates: that they can be read, and that they read only what is there. */
import type { TemplateFault, TemplateVariable } from "../domain/template.ts";
import {
  APPLICATION_VARIABLES,
  ENTITLEMENT_VARIABLES,
  PERSON_VARIABLES,
  REQUEST_VARIABLES,
  templateWords,
  variablesOf,
} from "../domain/template.ts";
import type { Spot } from "./document.ts";
import { oneOf, quote, unknown } from "./suggest.ts";

export interface TemplateProblem {
  readonly spot: Spot;
  readonly message: string;
}

/** Root -> the names under it; undefined: they couldn't be read, so every name is taken. */
export type KnownVariables = Readonly<Record<string, readonly string[] | undefined>>;

/** What the templates of one application may read. */
export function knownVariables(formIds: readonly string[], attributes: readonly string[] | undefined): KnownVariables {
  return {
    person: attributes && [...PERSON_VARIABLES, ...attributes],
    form: formIds,
    application: APPLICATION_VARIABLES,
    entitlement: ENTITLEMENT_VARIABLES,
    request: REQUEST_VARIABLES,
  };
}

/** Most applications share the same few templates: each is read once. */
const readBefore = new Map<string, ReturnType<typeof variablesOf>>();
const MOST_READ = 1000;

export function templateProblems(template: string, known: KnownVariables): TemplateProblem[] {
  const read = readBefore.get(template) ?? variablesOf(template);
  if (readBefore.size < MOST_READ) readBefore.set(template, read);
  if (!read.ok)
    return [{ spot: spotOf(template, read.why.kind === "syntax" ? "" : read.why.what, read.offset), message: sentenceOf(read.why) }];
  return read.variables.flatMap((variable) => {
    const message = problemOf(variable, known);
    return message === undefined ? [] : [{ spot: spotOf(template, variable.segments[0]!, variable.offset), message }];
  });
}

function problemOf({ segments }: TemplateVariable, known: KnownVariables): string | undefined {
  const [root = "", name, ...more] = segments;
  const written = segments.join(".");
  if (!Object.hasOwn(known, root))
    return unknown("variable", root, Object.keys(known), `variables start with ${oneOf(Object.keys(known))}`);
  const names = known[root];
  const example = names?.[0] ?? "id";
  if (name === undefined) return `${quote(root)} alone says nothing: write ${quote(`${root}.${example}`)} or another of its values`;
  if (more.length > 0 || name === "[...]")
    return `${quote(written)} can't be read: write ${root}. and one name, such as ${quote(`${root}.${example}`)}`;
  if (!names || names.includes(name)) return undefined;
  if (names.length === 0) return `unknown variable ${quote(written)}: the application has no form fields`;
  const full = names.map((one) => `${root}.${one}`);
  return unknown("variable", written, full, `${root} has ${oneOf(names)}`);
}

function sentenceOf(fault: TemplateFault): string {
  switch (fault.kind) {
    case "filter":
    case "tag":
      return unknown(fault.kind, fault.what, templateWords(fault.kind), `the ${fault.kind}s are ${oneOf(templateWords(fault.kind))}`);
    case "syntax":
      return `this template can't be read: ${fault.what.slice(0, 120).replaceAll("\n", " ")}; write it as in "{{ person.email }}"`;
  }
}

/** The piece of text at an offset of the template, by how many times it stood there before. */
function spotOf(template: string, piece: string, offset: number): Spot {
  const text = piece === "" ? template.slice(offset, offset + 2) : piece;
  const at = template.indexOf(text, offset);
  if (text.trim() === "" || at === -1) return "value";
  return { text, nth: template.slice(0, at).split(text).length - 1 };
}
