/** What a modal is for, kept in its private metadata. Nothing in it is believed: every right is worked out again when the form comes back. */
import type { Purpose } from "../../cards/form.ts";
import type { Seen } from "../../operations/operations.ts";
import { isLineVerb, isVerb } from "./actions.ts";
import { at, text } from "./envelope.ts";
import { LIMIT } from "./limits.ts";
import { whole } from "./plain.ts";

/** Words of a slash command that a form remembers; searches look at 64. */
const LONGEST_WORDS = 200;

export interface Kept {
  readonly purpose: Purpose;
  /** The card on which the form was opened. */
  readonly seen: Seen | null;
  /** Digest of what the form said about items that end earlier than chosen; left out: nothing. */
  readonly limits?: string;
  /** The page of a form that has several, from 0; left out: it has one. */
  readonly page?: number;
}

export function metadataOf({ purpose, seen, ...rest }: Kept): string {
  const written = JSON.stringify({ purpose: shortened(purpose), seen, ...rest });
  return written.length <= LIMIT.privateMetadata
    ? written
    : JSON.stringify({ purpose: shortened(purpose), seen: null, ...rest }).slice(0, LIMIT.privateMetadata);
}

function shortened(purpose: Purpose): Purpose {
  return purpose.kind === "ask" ? { ...purpose, words: whole(purpose.words, LONGEST_WORDS) } : purpose;
}

/** null: not metadata of ours. */
export function readMetadata(metadata: string): Kept | null {
  const parsed = parse(metadata);
  const purpose = purposeOf(at(parsed, "purpose"));
  const limits = text(parsed, "limits");
  const page = at(parsed, "page");
  const turned = typeof page === "number" && Number.isSafeInteger(page) && page >= 0 ? { page } : {};
  return purpose && { purpose, seen: seenOf(at(parsed, "seen")), ...(limits === "" ? {} : { limits }), ...turned };
}

function parse(metadata: string): unknown {
  try {
    return JSON.parse(metadata);
  } catch {
    return null;
  }
}

function purposeOf(value: unknown): Purpose | null {
  const kind = text(value, "kind");
  if (kind === "ask") {
    const { words, application, beneficiary } = {
      words: text(value, "words"),
      application: text(value, "application"),
      beneficiary: text(value, "beneficiary"),
    };
    return { kind, words, application: application || null, beneficiary: beneficiary || null };
  }
  if (kind === "act-on-line") {
    const [verb, line] = [text(value, "verb"), text(value, "line")];
    return isLineVerb(verb) && line !== "" ? { kind, verb, line } : null;
  }
  const [verb, task, face] = [text(value, "verb"), text(value, "task"), at(value, "face")];
  if (kind !== "act" || !isVerb(verb) || task === "" || typeof face !== "number" || !Number.isSafeInteger(face)) return null;
  return { kind, verb, task, face };
}

function seenOf(value: unknown): Seen | null {
  const [platform, conversation, message] = [text(value, "platform"), text(value, "conversation"), text(value, "message")];
  return platform === "slack" && conversation !== "" && message !== "" ? { platform, conversation, message } : null;
}
