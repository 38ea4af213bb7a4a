/** What a check of `latchkey doctor` finds. */

export type Area = "configuration" | "database" | "slack" | "channels" | "people" | "delivery" | "invariants";

export interface Finding {
  readonly area: Area;
  /** `wanting`: somebody has to mend it. `note`: good to know. */
  readonly weight: "wanting" | "note";
  readonly what: string;
  /** Why it matters. */
  readonly why: string;
  /** What to do. */
  readonly todo: string;
}

/** One area, examined. */
export interface Examined {
  readonly area: Area;
  /** How it stands, in a sentence, whatever was found. */
  readonly stands: string;
  readonly findings: readonly Finding[];
}

type Words = Omit<Finding, "area" | "weight">;

export function wanting(area: Area, words: Words): Finding {
  return { area, weight: "wanting", ...words };
}

export function note(area: Area, words: Words): Finding {
  return { area, weight: "note", ...words };
}

/** `a, b, c and 7 more`: as many as people read. */
export function someOf(words: readonly string[], most = 10): string {
  const more = words.length - most;
  return more > 0 ? `${words.slice(0, most).join(", ")} and ${more} more` : words.join(", ");
}
