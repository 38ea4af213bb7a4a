/** latchkey.yaml as a catalogue: the schemas put together, and every fault with its place. */
import type { z } from "zod";
import type { Catalogue } from "../domain/catalogue.ts";
import { applicationSchema } from "./applications.ts";
import { crossChecks } from "./cross-checks.ts";
import type { Document, Path, Spot } from "./document.ts";
import type { Fault } from "./fault.ts";
import { LATER_SECTIONS, laterSchemas } from "./later.ts";
import { calendarSchema, chatSchema, groupSchema, policySchema, references, settingsOf } from "./organisation.ts";
import type { Directory, Outline } from "./outline.ts";
import { isMissing, keyMeant, list, mapOf, sentenceOf, strict } from "./shapes.ts";

export type ReadCatalogue =
  | { readonly ok: true; readonly catalogue: Catalogue }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads and checks the whole document; people are looked up in `directory` unless that couldn't be read. */
export function readCatalogue(document: Document, outline: Outline, directory: Directory | undefined): ReadCatalogue {
  return catalogueReader(outline, directory)(document);
}

/** The same for several documents with one outline: building the schemas takes far longer than reading a small document by them. */
export function catalogueReader(outline: Outline, directory: Directory | undefined): (document: Document) => ReadCatalogue {
  const schema = catalogueSchema(outline, directory);
  return (document) => {
    const fault = (path: Path, spot: Spot, message: string): Fault => ({ file: document.file, ...document.at(path, spot), message });
    const read = schema.safeParse(document.value);
    const issues = read.success ? [] : read.error.issues;
    const meant = new Set(issues.flatMap(({ path, message }) => keyMeant(message).map((key) => placeOf([...path.slice(0, -1), key]))));
    const shape = issues
      .filter((issue) => !(isMissing(issue.message) && meant.has(placeOf(issue.path))))
      .map((issue) => fault(issue.path, spotOf(issue), sentenceOf(issue.message, issue.path)));
    const cross = crossChecks(document.value, outline, directory).map(({ path, spot, message }) => fault(path, spot, message));
    const faults = [...shape, ...cross];
    return read.success && faults.length === 0
      ? { ok: true, catalogue: { ...read.data, later: laterOf(document.value) } }
      : { ok: false, faults };
  };
}

function catalogueSchema(outline: Outline, directory: Directory | undefined) {
  const refs = references(outline, directory);
  return strict("keys such as groups:, policies: and applications:", {
    chat: chatSchema().optional(),
    administrators: refs.people.optional(),
    fallback_approvers: refs.people.optional(),
    calendars: list("calendars", calendarSchema()).optional(),
    groups: list("groups", groupSchema(refs)).optional(),
    policies: list("policies", policySchema(refs)),
    applications: list("applications", applicationSchema(refs, directory)),
    ...laterSchemas(refs, outline, directory),
  }).transform((root) => ({
    settings: settingsOf(root),
    calendars: root.calendars ?? [],
    groups: root.groups ?? [],
    policies: root.policies,
    applications: root.applications,
  }));
}

const placeOf = (path: Path) => JSON.stringify(path.map(String));

function spotOf(issue: z.core.$ZodIssue): Spot {
  return (issue.code === "custom" && (issue.params?.spot as Spot | undefined)) || "value";
}

/** Sections that are checked and not read yet, as written. */
function laterOf(value: unknown): Catalogue["later"] {
  const root = mapOf(value) ?? {};
  return Object.fromEntries(LATER_SECTIONS.flatMap((section) => (root[section] === undefined ? [] : [[section, root[section]]])));
}
