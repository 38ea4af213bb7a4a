/** Forms: data that a channel prints as a modal or dialog. A field's id is what its fault and its answer carry. */

import type { LineVerb, Verb } from "../domain/commands.ts";
import type { PersonId } from "../domain/people.ts";
import type { Text } from "./card.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description: string | null;
}

interface FieldBase {
  readonly id: string;
  readonly label: string;
  readonly hint: string | null;
  readonly required: boolean;
}

export type Field =
  | (FieldBase & {
      readonly type: "line" | "paragraph";
      readonly initial: string;
      readonly placeholder: string | null;
      readonly most: number;
    })
  | (FieldBase & {
      readonly type: "choice" | "choices";
      readonly choices: readonly Choice[];
      readonly initial: readonly string[];
      readonly redraws: boolean;
    })
  /** Type-ahead; the channel asks `search` for options while somebody types. */
  | (FieldBase & {
      readonly type: "search";
      readonly initial: readonly Choice[];
      readonly many: boolean;
      readonly redraws: boolean;
      readonly placeholder: string | null;
    })
  | (FieldBase & { readonly type: "number" | "date"; readonly initial: string | null })
  | (FieldBase & { readonly type: "checkbox"; readonly initial: boolean; readonly text: string })
  /** Not asked, only said. */
  | { readonly type: "text" | "note" | "warning"; readonly id: string; readonly text: Text };

/** What the form is for; comes back, sealed against nothing, with its submission: every right is checked again there. */
export type Purpose =
  /** `beneficiary`: whom it is for; null: who fills it in. */
  | { readonly kind: "ask"; readonly words: string; readonly application: string | null; readonly beneficiary: PersonId | null }
  | { readonly kind: "act"; readonly verb: Verb; readonly task: string; readonly face: number }
  | { readonly kind: "act-on-line"; readonly verb: LineVerb; readonly line: string };

export interface Form {
  readonly title: string;
  readonly submit: string | null;
  readonly close: string;
  readonly purpose: Purpose;
  readonly fields: readonly Field[];
}

/** What was filled in, by field id: text, one choice, several, yes or no; null: left empty. */
export type Answers = Readonly<Record<string, string | readonly string[] | boolean | null>>;
