/**
 * A sentence with places to fill: the language's words, and between them whatever the reader of the catalogue puts there
 * (a name that stands out, an instant in somebody's own time zone). Nothing is joined to one string, so nothing has to be escaped.
 */
export type Said<P> = readonly (string | P)[];

/** Template tag: say`${by} approved this.` keeps what is filled in apart from the words; null leaves its place empty. */
export function say<P>(words: TemplateStringsArray, ...filled: readonly (P | string | Said<P> | null)[]): Said<P> {
  const said: (string | P)[] = [];
  for (const [index, word] of words.entries()) {
    if (word !== "") said.push(word);
    const piece = filled[index];
    if (piece === undefined || piece === null || piece === "") continue;
    if (isSaid<P>(piece)) said.push(...piece);
    else said.push(piece);
  }
  return said;
}

function isSaid<P>(piece: P | string | Said<P>): piece is Said<P> {
  return Array.isArray(piece);
}

/** Joins with commas and a last word: `A, B and C`. */
export function listed<P>(items: readonly P[], last: string): Said<P> {
  return items.flatMap((item, index): Said<P> => {
    if (index === 0) return [item];
    return [index === items.length - 1 ? ` ${last} ` : ", ", item];
  });
}

/** What may be known about an answer, a refusal or an alert; null: not said. */
export interface About<P> {
  readonly number: P | null;
  readonly by: P | null;
  readonly at: P | null;
  readonly item: P | null;
  readonly application: P | null;
  readonly login: P | null;
  readonly most: P | null;
  /** Approvals that are still needed. */
  readonly missing: number | null;
  readonly name: P | null;
  readonly email: P | null;
  /** Workspace or tenant. */
  readonly home: P | null;
  readonly to: P | null;
  readonly why: P | null;
  /** Why those who are named could not be asked, in words. */
  readonly cause: P | null;
  /** When something is possible again. */
  readonly again: P | null;
  readonly needed: P | null;
  /** A task's outcome by its name in the rules. */
  readonly outcome: string | null;
}
