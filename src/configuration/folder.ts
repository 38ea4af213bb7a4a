/** The configuration folder, read and checked as one: latchkey.yaml and people.csv beside it. */
import type { Catalogue } from "../domain/catalogue.ts";
import { readCatalogue } from "./catalogue.ts";
import { digestOf } from "./digest.ts";
import { readDocument } from "./document.ts";
import type { Fault, Note } from "./fault.ts";
import { inOrder } from "./fault.ts";
import { notesOn } from "./notes.ts";
import { outlineOf } from "./outline.ts";
import type { ListedPerson, ReadPeople } from "./people.ts";
import { readPeople } from "./people.ts";
import { mapOf } from "./shapes.ts";
import type { Source } from "./source.ts";
import { openFolder } from "./unread.ts";

const CATALOGUE = "latchkey.yaml";
const PEOPLE = "people.csv";

export type ReadFolder =
  | {
      readonly ok: true;
      readonly catalogue: Catalogue;
      readonly people: readonly ListedPerson[];
      /** sha256 in hex of what both files say; see digest.ts for what doesn't count. */
      readonly digest: string;
      /** See unread.ts. */
      readonly bytesDigest?: string | null;
      readonly notes: readonly Note[];
    }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads the folder; whatever is wrong in either file is named at once. Doesn't throw on what it finds there. */
export async function readFolder(folder: string): Promise<ReadFolder> {
  return (await openFolder(folder)).read();
}

/** The same for files at hand. */
export function readSources(catalogueSource: Source, peopleSource: Source): ReadFolder {
  const faults: Fault[] = [];
  if (!catalogueSource.ok) faults.push(catalogueSource.fault);
  if (!peopleSource.ok) faults.push(peopleSource.fault);

  const document = catalogueSource.ok ? readDocument(CATALOGUE, catalogueSource.text) : undefined;
  if (document && !document.ok) faults.push(...document.faults);
  const outline = document?.ok && mapOf(document.document.value) ? outlineOf(document.document.value) : undefined;
  const nobody: ReadPeople = { people: [], faults: [], notes: [], directory: undefined };
  const { people, directory, ...found } = peopleSource.ok ? readPeople(PEOPLE, peopleSource.text, outline) : nobody;
  faults.push(...found.faults);
  if (!document?.ok) return { ok: false, faults: shown(faults) };

  const read = readCatalogue(document.document, outline ?? outlineOf({}), directory);
  if (!read.ok) faults.push(...read.faults);
  if (!read.ok || faults.length > 0) return { ok: false, faults: shown(faults) };
  const { catalogue } = read;
  const sorted = [...people].sort((a, b) => (a.person.id < b.person.id ? -1 : 1));
  const notes = notesOn(
    document.document,
    catalogue,
    people.map(({ person }) => person),
  );
  return { ok: true, catalogue, people, digest: digestOf({ catalogue, people: sorted }), notes: inOrder([...notes, ...found.notes]) };
}

/** A sentence that stands at more places than this is said once, with the lines. */
const MOST_ALIKE = 2;
const MOST_LINES = 12;

/** One cause, such as a misspelt id that twenty others refer to, is one fault: said at the first place, with the lines of the others. */
function together(faults: readonly Fault[]): readonly Fault[] {
  const alike = new Map<string, Fault[]>();
  for (const fault of faults) {
    const same = alike.get(fault.message);
    if (same) same.push(fault);
    else alike.set(fault.message, [fault]);
  }
  return faults.flatMap((fault) => {
    const same = alike.get(fault.message)!;
    if (same.length <= MOST_ALIKE) return [fault];
    return same[0] === fault ? [{ ...fault, message: `${fault.message} (the same in ${linesOf(same.slice(1))})` }] : [];
  });
}

function linesOf(faults: readonly Fault[]): string {
  const lines = [...new Set(faults.map((fault) => fault.line))];
  const named = lines.slice(0, MOST_LINES).join(", ");
  return `line${lines.length === 1 ? "" : "s"} ${named}${lines.length > MOST_LINES ? ` and ${lines.length - MOST_LINES} more` : ""}`;
}

/** In one file. More than anybody reads; a file of another kind (or with other quotes) can have a fault in each of 100,000 lines. */
const MOST_SHOWN = 1000;

function shown(faults: readonly Fault[]): readonly Fault[] {
  const all = inOrder(faults);
  return [CATALOGUE, PEOPLE].flatMap((file) => {
    const own = together(all.filter((fault) => fault.file === file));
    const next = own[MOST_SHOWN];
    if (!next) return own;
    const message = `and ${own.length - MOST_SHOWN} more faults from here on: mend those above first`;
    return [...own.slice(0, MOST_SHOWN), { ...next, message }];
  });
}
