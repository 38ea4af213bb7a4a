/** YAML with positions: the plain value, and for every path in it the line and column where it stands. */
import { CORE_SCHEMA, constructFromEvents, parseEvents } from "js-yaml";
import type { Node, Pair, YAMLError, Document as YamlDocument } from "yaml";
import { isAlias, isMap, isScalar, isSeq, parseDocument, visit } from "yaml";
import type { Fault, Position } from "./fault.ts";
import { pieceOf, type QuickPlaces, quickPlaces } from "./places.ts";
import { unknown } from "./suggest.ts";

export type Path = readonly PropertyKey[];

/** `key`: the key itself; `{ text, nth }`: that piece of a text, counted from 0; otherwise the value. */
export type Spot = "value" | "key" | { readonly text: string; readonly nth: number };

export interface Document {
  readonly file: string;
  readonly value: unknown;
  /** Of what stands at the path; of the nearest thing above it when nothing does. */
  at(path: Path, spot?: Spot): Position;
}

export type ReadDocument = { readonly ok: true; readonly document: Document } | { readonly ok: false; readonly faults: readonly Fault[] };

const MOST_SYNTAX_FAULTS = 20;
/** How often what stands at anchors may be repeated, so that a few lines can't grow to gigabytes ("billion laughs"). */
const MOST_ALIASES = 1000;

/**
 * Reads one YAML document (1.2, core schema: dates and yes/no stay texts). Values and most places come from js-yaml, many times as fast as the library that
 * is made to know where everything stands; that one reads the text only when js-yaml refuses it or might read it otherwise, or for the few places it leaves open.
 */
export function readDocument(file: string, text: string): ReadDocument {
  const quick = quickDocument(text);
  if (quick === undefined) return readWithPlaces(file, text);
  let starts: readonly number[] | null = null;
  let placed: ReadDocument | null = null;
  const at = (path: Path, spot: Spot = "value"): Position => {
    const offset = quick.places.offsetOf(path, spot);
    if (offset !== undefined) {
      starts ??= lineStarts(text);
      return positionOf(starts, offset);
    }
    placed ??= readWithPlaces(file, text);
    return placed.ok ? placed.document.at(path, spot) : { line: 1, column: 1 };
  };
  return { ok: true, document: { file, value: quick.value, at } };
}

/**
 * Unseen characters; anchors, aliases and tags, whose repetitions are counted; directives, which change the rules; keys in question marks; block texts that
 * say how far they are indented, of which the two read blank lines at the end otherwise.
 */
const UNUSUAL = /[^\n\P{Cc}]|[\u2028\u2029\ufeff]|(?:^|[\s[{,:-])[&*!?]|^%|\s[|>][-+]?[1-9]/mu;

/** undefined: the other library has to read it, or to say what is wrong with it. */
export function quickDocument(text: string): { readonly value: unknown; readonly places: QuickPlaces } | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    const events = parseEvents(text, {});
    const [value, ...more] = constructFromEvents(events, { source: text, schema: CORE_SCHEMA });
    if (more.length > 0 || !isRecord(value) || hasKeyWithoutName(value)) return undefined;
    return { value, places: quickPlaces(text, events) };
  } catch {
    return undefined;
  }
}

/** Every file of ours is a map; of a single text the two readers take the indentation otherwise. */
function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A key that is nothing (`: x`, `null: x`) is called "null" by one reader and "" by the other. */
function hasKeyWithoutName(value: object): boolean {
  if (Object.hasOwn(value, "null")) return true;
  return Object.values(value).some((one: unknown) => typeof one === "object" && one !== null && hasKeyWithoutName(one));
}

export function readWithPlaces(file: string, text: string): ReadDocument {
  const starts = lineStarts(text);
  try {
    const parsed = parseDocument(text, { prettyErrors: false, logLevel: "error" });
    const place = (offset: number): Position => positionOf(starts, Math.min(offset, text.length));
    const found = causesOf([...parsed.errors, ...parsed.warnings]);
    if (found.length > 0)
      return { ok: false, faults: found.map((error) => ({ file, ...place(error.pos[0]), message: sentenceOf(error) })) };
    const aliases = aliasFaults(parsed).map(({ offset, message }) => ({ file, ...place(offset), message }));
    if (aliases.length > 0) return { ok: false, faults: aliases };
    const value: unknown = parsed.toJS({ maxAliasCount: MOST_ALIASES });
    return { ok: true, document: { file, value, at: (path, spot = "value") => place(offsetOf(parsed, text, path, spot)) } };
  } catch (error) {
    // Deep nesting overflows the parser's stack (RangeError); repeated anchors beyond the limit are a ReferenceError.
    const message =
      error instanceof ReferenceError
        ? "anchors (&) and aliases (*) repeat too much here: write the repeated parts out"
        : "the file can't be read as YAML: lists or keys are nested too deeply";
    return { ok: false, faults: [{ file, line: 1, column: 1, message }] };
  }
}

/** Faults after which what follows can be read as it was meant. */
const HARMLESS: readonly string[] = ["DUPLICATE_KEY", "BAD_DQ_ESCAPE", "TAG_RESOLVE_FAILED", "MULTIPLE_DOCS"] satisfies YAMLError["code"][];

/** Where tabs indent lines, the tabs; else everything down to the first fault that makes the parser misread the lines below it. */
function causesOf(found: readonly YAMLError[]): readonly YAMLError[] {
  const tabs = found.filter((error) => error.code === "TAB_AS_INDENT");
  if (tabs.length > 0) return tabs;
  const inOrder = [...found].sort((a, b) => a.pos[0] - b.pos[0]);
  const first = inOrder.findIndex((error) => !HARMLESS.includes(error.code));
  return inOrder.slice(0, Math.min(MOST_SYNTAX_FAULTS, first === -1 ? found.length : first + 1));
}

/** Offsets at which lines start. The library's own LineCounter misses line ends that the parser skips over after a fault. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function positionOf(starts: readonly number[], offset: number): Position {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

function offsetOf(parsed: YamlDocument, text: string, path: Path, spot: Spot): number {
  let node: unknown = parsed.contents;
  let best = startOf(node) ?? 0;
  let key = best;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(parsed);
    const pair: Pair | undefined = isMap(node) ? node.items.find((one) => keyText(one.key) === String(step)) : undefined;
    const child: unknown = isSeq(node) ? node.items[Number(step)] : pair?.value;
    if (pair) key = startOf(pair.key) ?? best;
    if (!pair && child === undefined) return best;
    node = child;
    best = startOf(child) ?? key;
    if (!pair) key = best;
  }
  if (spot === "key") return key;
  if (spot === "value" || !isScalar(node) || !node.range) return best;
  return pieceOf(text, [node.range[0], node.range[1]], spot) ?? best;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

/** Aliases without an anchor, and aliases inside what they stand for. */
function aliasFaults(parsed: YamlDocument): { offset: number; message: string }[] {
  const faults: { offset: number; message: string }[] = [];
  const anchors: string[] = [];
  visit(parsed, {
    Node: (_, node) => {
      if ("anchor" in node && node.anchor) anchors.push(node.anchor);
    },
    Alias: (_, alias) => {
      const offset = alias.range?.[0] ?? 0;
      const target = alias.resolve(parsed);
      if (!target) {
        const otherwise = `no &${alias.source} stands above it; put the text in quotes if it shall start with *`;
        faults.push({ offset, message: unknown("alias", alias.source, anchors, otherwise) });
      } else if (target.range && target.range[0] <= offset && offset < target.range[2]) {
        faults.push({ offset, message: `*${alias.source} stands inside of what it repeats: write that part out` });
      }
    },
  });
  return faults.slice(0, MOST_SYNTAX_FAULTS);
}

type Sentence = string | ((parsers: string) => string);

/** What to do about it, where the parser's own sentence doesn't say. */
const SENTENCES: Partial<Record<YAMLError["code"], Sentence>> = {
  TAB_AS_INDENT: "a tab indents this line: YAML wants spaces, write two for each level",
  DUPLICATE_KEY: "this key stands here twice: keep one of the two",
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " stands in this value, or the line is indented too far: put texts with a colon in quotes',
  MULTILINE_IMPLICIT_KEY:
    "a key must stand on one line with its colon and a space after that: check the quotes and the indentation above it",
  BLOCK_IN_FLOW: 'a ": " stands in this value, or a bracket above it isn\'t closed: put texts with a colon in quotes',
  MULTIPLE_DOCS: "a second document starts here (---): keep everything in one",
  MISSING_CHAR: (parsers) =>
    parsers.startsWith("sequence item without -")
      ? "this line is indented like the list above it and begins no entry: line it up with the keys of the entry"
      : `${parsers}: close what was opened before, a quote or a bracket`,
  BAD_INDENT: (parsers) => `${parsers}: check the indentation and the closing bracket`,
  BAD_SCALAR_START: (parsers) => `${parsers}: put the text in quotes`,
  BAD_DQ_ESCAPE: (parsers) => `${parsers}: write \\\\ for a backslash, or use single quotes`,
  TAG_RESOLVE_FAILED: (parsers) => `${parsers}: tags (!) aren't used here; put the text in quotes`,
  UNEXPECTED_TOKEN: (parsers) => `${parsers}: check the indentation, and that lists and keys aren't mixed on one level`,
};

function sentenceOf(error: YAMLError): string {
  const sentence = SENTENCES[error.code] ?? ((parsers) => `${parsers}: see https://yaml.org/spec/1.2.2/ for how it is written`);
  return typeof sentence === "string" ? sentence : sentence(lower(error.message));
}

/** The parser's sentence on one line, to be continued. */
function lower(sentence: string): string {
  const line = sentence.split("\n")[0]!.slice(0, 120).replace(/[:.]$/, "");
  return line.charAt(0).toLowerCase() + line.slice(1);
}
