/**
 * The YAML that people mostly write, read fast: block lists and maps, flow lists and maps, one-line texts, block texts. It reads 12 MB in about half a
 * second, where the library takes ten. Whatever it isn't sure about (anchors, tags, texts over several lines, two keys alike, any mistake) it gives up,
 * and the library reads the file: so there is one truth about what YAML means, and what is wrong with it, and this is only quicker where both agree.
 */
import { columnOf, flow, type Places, PlainEnd, plainEnd, quoted, resolved } from "./plain-scalars.ts";

export interface Plain {
  readonly value: unknown;
  /** Offset of what stands at a path, or of the nearest thing above it when nothing does; undefined: the library knows. */
  offsetOf(path: readonly PropertyKey[], spot: "value" | "key"): number | undefined;
}

/** undefined: the library has to read it. */
export function readPlain(text: string): Plain | undefined {
  if (UNUSUAL.test(text)) return undefined;
  const entries: Entries = new Map();
  const reader = new Blocks(text, entries, null);
  const value = unlessUnsure(() => reader.document());
  return value === undefined ? undefined : { value, offsetOf: (path, spot) => unlessUnsure(() => offsetIn(text, entries, path, spot)) };
}

/** Signs that YAML gives a meaning of their own, or refuses; a document mark or a directive at the start of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are left to the library
const UNUSUAL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]|^(?:---|\.\.\.|%)/m;

/** Section -> where each entry of its list starts, behind the dash. */
type Entries = Map<string, number[]>;

function unlessUnsure<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PlainEnd) return undefined;
    throw error;
  }
}

/** Deeper than any configuration; the library says what is wrong with it. */
const DEEPEST = 30;
const [DASH, SPACE, LINE_END, HASH] = [0x2d, 0x20, 0x0a, 0x23];

/** A key, its colon and what must follow. Words apart by single spaces. */
const KEY = /([\p{L}_][\p{L}\p{N}_./()-]*(?: [\p{L}\p{N}_./()-]+)*):(?=[ \n])/uy;
const NO_KEY = /^(?:null|true|false|__proto__)$/i;

/** Stands at the first character of a line's content, whose column is `indent`; -1: behind the last line. */
class Blocks {
  private readonly text: string;
  private readonly entries: Entries | null;
  private readonly places: Places | null;
  private at = 0;
  private indent = -1;

  constructor(text: string, entries: Entries | null, places: Places | null) {
    this.text = text;
    this.entries = entries;
    this.places = places;
  }

  document(): unknown {
    this.toContent(0);
    if (this.indent !== 0 || this.isDash()) throw new PlainEnd();
    const value = this.mapping(0, 0);
    if (this.at < this.text.length) throw new PlainEnd();
    return value;
  }

  /** One entry of a list, read again from behind its dash. */
  entry(offset: number): unknown {
    this.at = offset;
    return this.item(Math.max(0, columnOf(this.text, offset) - 2), 1);
  }

  private block(depth: number): unknown {
    if (depth > DEEPEST) throw new PlainEnd();
    return this.isDash() ? this.sequence(this.indent, depth, null) : this.mapping(this.indent, depth);
  }

  private mapping(column: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    const places: Record<string, readonly [number, number]> | null = this.places ? {} : null;
    do {
      const start = this.at;
      const key = this.key();
      if (Object.hasOwn(map, key)) throw new PlainEnd();
      this.skipSpaces();
      if (this.isLineEnd()) {
        this.toContent(this.lineEnd());
        const from = this.at;
        const isList = this.isDash() && this.indent >= column;
        const list: number[] | null = depth === 0 && isList ? [] : null;
        if (list) this.entries?.set(key, list);
        map[key] = isList ? this.sequence(this.indent, depth + 1, list) : this.indent > column ? this.block(depth + 1) : null;
        if (places) places[key] = [start, map[key] === null ? Number.NaN : from];
      } else {
        if (places) places[key] = [start, this.at];
        map[key] = this.inline(column);
      }
    } while (this.goesOn(column));
    if (places) this.places?.set(map, places);
    return map;
  }

  private sequence(column: number, depth: number, starts: number[] | null): unknown[] {
    const list: unknown[] = [];
    const places: Record<number, readonly [number, number]> | null = this.places ? {} : null;
    do {
      this.at += 1;
      this.skipSpaces();
      if (this.isLineEnd()) throw new PlainEnd();
      starts?.push(this.at);
      if (places) places[list.length] = [this.at, this.at];
      list.push(this.item(column, depth + 1));
    } while (this.goesOn(column) && this.isDash());
    if (places) this.places?.set(list, places);
    return list;
  }

  /** What stands behind a dash: a map that starts there, or a value on one line. */
  private item(column: number, depth: number): unknown {
    if (depth > DEEPEST || this.isDash()) throw new PlainEnd();
    KEY.lastIndex = this.at;
    return KEY.test(this.text) ? this.mapping(columnOf(this.text, this.at), depth) : this.inline(column);
  }

  /** True: another line of this column follows; one further in fits nowhere. */
  private goesOn(column: number): boolean {
    if (this.indent > column) throw new PlainEnd();
    return this.indent === column;
  }

  private key(): string {
    const sign = this.text[this.at];
    if (sign === '"' || sign === "'") {
      const { value, end } = quoted(this.text, this.at);
      if (this.text[end] !== ":" || !/[ \n]/.test(this.text[end + 1] ?? "") || value.length > 200 || NO_KEY.test(value))
        throw new PlainEnd();
      this.at = end + 1;
      return value;
    }
    KEY.lastIndex = this.at;
    const key = KEY.exec(this.text)?.[1];
    if (key === undefined || key.length > 200 || NO_KEY.test(key)) throw new PlainEnd();
    this.at += key.length + 1;
    return key;
  }

  /** A value that starts on this line; lines of the text that belong to it stand further in than `column`. */
  private inline(column: number): unknown {
    const sign = this.text[this.at];
    if (sign === "|" || sign === ">") return this.blockText(column, sign === ">");
    if (sign === "{" || sign === "[") {
      const { value, end } = flow(this.text, this.at, column, this.places);
      return this.ended(value, end, column);
    }
    if (sign === '"' || sign === "'") {
      const { value, end } = quoted(this.text, this.at);
      return this.ended(value, end, column);
    }
    const end = plainEnd(this.text, this.at);
    return this.ended(resolved(this.text.slice(this.at, end)), end, column);
  }

  /** Nothing but a comment may follow on the line, and nothing further in below it. */
  private ended<T>(value: T, end: number, column: number): T {
    this.at = end;
    this.skipSpaces();
    if (!this.isLineEnd() || (this.text.charCodeAt(this.at) === HASH && this.at === end)) throw new PlainEnd();
    this.toContent(this.lineEnd());
    if (this.indent > column) throw new PlainEnd();
    return value;
  }

  /** Behind `|` or `>`: lines kept as they are, or those of a paragraph joined. One line end stays at the end, none behind a minus. */
  private blockText(column: number, folded: boolean): string {
    const keepsEnd = this.text[this.at + 1] !== "-";
    this.at += keepsEnd ? 1 : 2;
    if (this.text.charCodeAt(this.at) !== LINE_END) throw new PlainEnd();
    const lines: string[] = [];
    let start = this.at + 1;
    let inner = 0;
    for (;;) {
      const end = this.text.indexOf("\n", start);
      if (end === -1) throw new PlainEnd();
      let first = start;
      while (this.text.charCodeAt(first) === SPACE) first += 1;
      if (first === end) {
        if (inner === 0 || first - start > inner) throw new PlainEnd();
        lines.push("");
      } else {
        const indent = first - start;
        if (inner === 0) inner = indent;
        if (indent < inner || indent <= column) break;
        if (folded && indent > inner) throw new PlainEnd();
        lines.push(this.text.slice(start + inner, end));
      }
      start = end + 1;
      if (start >= this.text.length) break;
    }
    while (lines.at(-1) === "") lines.pop();
    this.toContent(start);
    if (lines.length === 0 || this.indent > column) throw new PlainEnd();
    return `${folded ? joined(lines) : lines.join("\n")}${keepsEnd ? "\n" : ""}`;
  }

  private skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at += 1;
  }

  private isDash(): boolean {
    const next = this.text.charCodeAt(this.at + 1);
    return this.text.charCodeAt(this.at) === DASH && (next === SPACE || next === LINE_END);
  }

  private isLineEnd(): boolean {
    const code = this.text.charCodeAt(this.at);
    return code === LINE_END || code === HASH || this.at >= this.text.length;
  }

  /** Where the next line starts. */
  private lineEnd(): number {
    const end = this.text.indexOf("\n", this.at);
    return end === -1 ? this.text.length : end + 1;
  }

  /** To the next line that is neither empty nor a comment. */
  private toContent(lineStart: number): void {
    let start = lineStart;
    for (;;) {
      this.at = start;
      this.skipSpaces();
      this.indent = this.at - start;
      if (this.at >= this.text.length) this.indent = -1;
      if (this.indent === -1 || !this.isLineEnd()) return;
      start = this.lineEnd();
    }
  }
}

function joined(lines: readonly string[]): string {
  let [all, empty] = [lines[0] ?? "", 0];
  for (const line of lines.slice(1)) {
    if (line === "") empty += 1;
    else {
      all += (empty > 0 ? "\n".repeat(empty) : " ") + line;
      empty = 0;
    }
  }
  return all;
}

function offsetIn(text: string, entries: Entries, path: readonly PropertyKey[], spot: "value" | "key"): number {
  const [section, index, ...rest] = path;
  const start = entries.get(String(section))?.[Number(index)];
  if (start === undefined) throw new PlainEnd();
  const places: Places = new Map();
  let node: unknown = rest.length === 0 ? null : new Blocks(text, null, places).entry(start);
  let [key, best] = [start, start];
  for (const step of rest) {
    const place = typeof node === "object" && node !== null ? places.get(node)?.[step as string] : undefined;
    if (place === undefined) return best;
    [key, best] = place;
    if (Number.isNaN(best)) throw new PlainEnd();
    node = (node as Record<PropertyKey, unknown>)[step];
  }
  return spot === "key" ? key : best;
}
