/** Typed commands: a word, the number of a request, and what else the command needs. A second way to everything that a button does. */
import type { LineVerb, Verb } from "../domain/commands.ts";
import { distance } from "../domain/near.ts";
import type { Texts } from "../texts/texts.ts";
import type { HomeList } from "./card.ts";

export type Word = keyof Texts["typedCommands"];

/** What was typed, as far as it can be read. `rest` is what follows the number, as it was typed. */
export type Read =
  | { readonly kind: "act"; readonly word: Word; readonly verb: Verb; readonly number: number; readonly rest: string }
  | { readonly kind: "act-on-line"; readonly word: Word; readonly verb: LineVerb; readonly number: number; readonly rest: string }
  | { readonly kind: "status"; readonly number: number }
  | { readonly kind: "list"; readonly list: HomeList }
  | { readonly kind: "help" }
  | { readonly kind: "nothing" }
  | { readonly kind: "no-number"; readonly word: Word }
  /** Several numbers stand where one belongs. */
  | { readonly kind: "several"; readonly word: Word }
  /** `near`: the whole line as it was probably meant; null: nothing is near. */
  | { readonly kind: "unknown"; readonly words: string; readonly near: string | null };

type Meaning =
  | { readonly kind: "act"; readonly verb: Verb }
  | { readonly kind: "act-on-line"; readonly verb: LineVerb }
  | { readonly kind: "status" }
  | { readonly kind: "list"; readonly list: HomeList }
  | { readonly kind: "help" };

const MEANINGS: Readonly<Record<Word, Meaning>> = {
  approve: { kind: "act", verb: "approve" },
  reject: { kind: "act", verb: "reject" },
  claim: { kind: "act", verb: "claim" },
  release: { kind: "act", verb: "release" },
  confirm: { kind: "act", verb: "confirm" },
  error: { kind: "act", verb: "report-error" },
  retry: { kind: "act", verb: "retry" },
  "cancel-order": { kind: "act", verb: "cancel-order" },
  reassign: { kind: "act", verb: "reassign" },
  withdraw: { kind: "act-on-line", verb: "withdraw" },
  nudge: { kind: "act-on-line", verb: "nudge" },
  cancel: { kind: "act-on-line", verb: "cancel" },
  status: { kind: "status" },
  tasks: { kind: "list", list: "tasks" },
  requests: { kind: "list", list: "requests" },
  mine: { kind: "list", list: "access" },
  late: { kind: "list", list: "late" },
  help: { kind: "help" },
};

/** Characters of an unknown line that are said back. */
const SAID_BACK = 60;

export function readWords(text: string): Read {
  const line = text.trim();
  if (line === "") return { kind: "nothing" };
  const [head = "", tail = ""] = split(line.replace(/^cancel\s+order\b/i, "cancel-order").replace(/^report[\s-]+error\b/i, "error"));
  const word = head.toLowerCase();
  if (!isWord(word)) return unknown(line, word, tail);
  const meaning = MEANINGS[word];
  switch (meaning.kind) {
    case "help":
      return { kind: "help" };
    case "list":
      return { kind: "list", list: meaning.list };
    case "status":
    case "act":
    case "act-on-line":
      return numbered(word, meaning, tail);
  }
}

function numbered(word: Word, meaning: Extract<Meaning, { readonly kind: "status" | "act" | "act-on-line" }>, tail: string): Read {
  const [first = "", rest = ""] = split(tail.replace(/^request\s+/i, ""));
  // At most 15 digits: what a number can say exactly.
  const found = /^#?(\d{1,15})[.,:;]?$/.exec(first);
  if (!found) return { kind: "no-number", word };
  // A login may be a number; nothing else that follows is one.
  if (word !== "confirm" && /^(?:and|&|,|#|\d|\s)+$/i.test(rest)) return { kind: "several", word };
  const number = Number(found[1]);
  switch (meaning.kind) {
    case "status":
      return { kind: "status", number };
    case "act":
      return { kind: "act", word, verb: meaning.verb, number, rest };
    case "act-on-line":
      return { kind: "act-on-line", word, verb: meaning.verb, number, rest };
  }
}

function split(line: string): readonly [string, string] {
  const space = line.search(/\s/);
  return space < 0 ? [line, ""] : [line.slice(0, space), line.slice(space).trim()];
}

function isWord(word: string): word is Word {
  return Object.hasOwn(MEANINGS, word);
}

function unknown(line: string, word: string, tail: string): Read {
  const near = nearest(word);
  const words = line.length > SAID_BACK ? `${line.slice(0, SAID_BACK)}…` : line;
  return { kind: "unknown", words, near: near && [near, tail].filter((part) => part !== "").join(" ") };
}

/** The command that a word is a typing error away from; two errors only in long words. */
function nearest(word: string): Word | null {
  const most = word.length < 7 ? 1 : 2;
  const far = (Object.keys(MEANINGS) as Word[]).flatMap((one) => {
    const errors = distance([word], [one]);
    return errors === null || errors > most ? [] : [{ one, errors }];
  });
  return far.sort((a, b) => a.errors - b.errors)[0]?.one ?? null;
}
