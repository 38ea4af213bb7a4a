/** A refusal shown in the form that caused it: at its field where there is one, so that nothing typed is lost. */
import type { Text } from "../../cards/card.ts";
import type { ModalState } from "./envelope.ts";
import { fieldIdOf } from "./fields.ts";
import { LIMIT } from "./limits.ts";
import { apartLine } from "./plain.ts";
import { inPlain } from "./rich.ts";

export interface Errors {
  readonly response_action: "errors";
  readonly errors: Record<string, string>;
}

/** Faults by field id; null: about the whole form. A fault at a field that isn't shown stands at `fallback`, or at the first input. */
export function errorsAt(
  view: ModalState,
  faults: readonly (readonly [string | null, Text])[],
  fallback: string | null = null,
): Errors | null {
  const blocks = new Map([...view.inputs].map(([action, block]) => [fieldIdOf(action), block] as const));
  const first = (fallback === null ? undefined : blocks.get(fallback)) ?? [...view.inputs.values()][0];
  if (first === undefined) return null;
  const faulty = new Map<string, string>();
  for (const [field, said] of faults) {
    const block = (field === null ? undefined : blocks.get(field)) ?? first;
    const sentence = inPlain(said);
    const before = faulty.get(block);
    faulty.set(block, before === undefined ? sentence : `${before} ${sentence}`);
  }
  const errors = Object.fromEntries([...faulty].map(([block, said]) => [block, apartLine(said, LIMIT.errorText) || "–"]));
  return faulty.size === 0 ? null : { response_action: "errors", errors };
}
