/**
 * Where everything stands in a YAML text, from what js-yaml met while reading it, kept in a few numbers for each: the library that is made to know places
 * takes a hundred times as much memory. What is not certain here (block texts, empty values, keys with escapes) is left to that one.
 */
import { EVENT_ID, type Event, SCALAR_STYLE } from "js-yaml";
import type { Path, Spot } from "./document.ts";

export interface QuickPlaces {
  /** Offset in the text of what stands at the path; undefined: ask the other library. */
  offsetOf(path: Path, spot: Spot): number | undefined;
}

/** Besides the styles of scalars, which are 1 to 5. */
const MAP = 10;
const LIST = 11;

/** For a text of one document, read without a fault, in which there are no anchors, aliases and tags. */
export function quickPlaces(text: string, events: readonly Event[]): QuickPlaces {
  const { kinds, starts, ends, nexts } = compact(events);
  const { PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED } = SCALAR_STYLE;
  const isQuoted = (node: number) => kinds[node] === SINGLE_QUOTED || kinds[node] === DOUBLE_QUOTED;
  const after = (node: number) => nexts[node]!;

  /** Of each list that was looked into, its entries, so that thousands of them are found without counting anew. */
  const entries = new Map<number, readonly number[]>();
  function entry(list: number, index: number): number | undefined {
    let found = entries.get(list);
    if (!found) {
      const all: number[] = [];
      for (let child = list + 1; child < after(list) - 1; child = after(child)) all.push(child);
      entries.set(list, all);
      found = all;
    }
    return found[index];
  }

  function pair(map: number, name: string): readonly [key: number, value: number] | undefined {
    for (let key = map + 1; key < after(map) - 1; key = after(after(key))) if (isNamed(key, name)) return [key, after(key)];
    return undefined;
  }

  function isNamed(key: number, name: string): boolean {
    const [start, end] = [starts[key]!, ends[key]!];
    return (kinds[key] === PLAIN || isQuoted(key)) && end - start === name.length && text.startsWith(name, start);
  }

  /** Undefined: where the other library sees its start isn't known here. */
  function startOf(node: number): number | undefined {
    const start = starts[node]!;
    if (start < 0) return undefined;
    if (kinds[node] === PLAIN || kinds[node] === MAP || kinds[node] === LIST) return start;
    return isQuoted(node) ? start - 1 : undefined;
  }

  return {
    offsetOf(path, spot) {
      let node = 1; // behind the document itself
      let key: number | undefined;
      for (const step of path) {
        if (kinds[node] === LIST) {
          const next = entry(node, Number(step));
          if (next === undefined) return undefined;
          [key, node] = [next, next];
        } else {
          const found = kinds[node] === MAP ? pair(node, String(step)) : undefined;
          if (!found) return undefined;
          [key, node] = found;
        }
      }
      if (spot === "key") return startOf(key ?? node);
      const start = startOf(node);
      if (start === undefined || typeof spot === "string" || kinds[node] === MAP || kinds[node] === LIST) return start;
      return pieceOf(text, [start, ends[node]! + (isQuoted(node) ? 1 : 0)], spot) ?? start;
    },
  };
}

/** Where the nth piece of a text stands in the file, whatever the style it is quoted in; undefined when escapes hide it. */
export function pieceOf(text: string, range: readonly [number, number], spot: { text: string; nth: number }): number | undefined {
  let offset = range[0] - 1;
  for (let count = 0; count <= spot.nth; count++) {
    offset = text.indexOf(spot.text, offset + 1);
    if (offset === -1 || offset >= range[1]) return undefined;
  }
  return offset;
}

/** By event: what it is, where its value starts and ends (-1: nothing stands there), and the event behind it and all that is in it. */
function compact(events: readonly Event[]) {
  const kinds = new Uint8Array(events.length);
  const starts = new Int32Array(events.length).fill(-1);
  const ends = new Int32Array(events.length).fill(-1);
  const nexts = new Int32Array(events.length);
  const open: number[] = [];
  for (const [at, event] of events.entries()) {
    nexts[at] = at + 1;
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        open.push(at);
        if (event.type === EVENT_ID.DOCUMENT) break;
        kinds[at] = event.type === EVENT_ID.MAPPING ? MAP : LIST;
        starts[at] = event.start;
        break;
      case EVENT_ID.POP:
        nexts[open.pop() ?? 0] = at + 1;
        break;
      case EVENT_ID.SCALAR:
        kinds[at] = event.style;
        starts[at] = event.valueStart;
        ends[at] = event.valueEnd;
        break;
      case EVENT_ID.ALIAS:
        break;
    }
  }
  return { kinds, starts, ends, nexts };
}
