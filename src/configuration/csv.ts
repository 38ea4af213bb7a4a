/** CSV with positions: rows of cells, and for every cell the line and column where it stands. */
import { CsvError, parse } from "csv-parse/sync";
import type { Fault, Position } from "./fault.ts";
import { quote } from "./suggest.ts";

export interface Row {
  readonly cells: readonly string[];
  /** Where the cell of this index starts (its quote included); the row's start when it has no such cell. */
  at(index: number): Position;
}

export type ReadCsv = { readonly ok: true; readonly rows: readonly Row[] } | { readonly ok: false; readonly fault: Fault };

/** Longest row in bytes: a quote that is never closed would otherwise swallow the file. */
const LONGEST_ROW = 100_000;

/** Reads comma-separated text (RFC 4180) with \n as line end; empty lines are left out. */
export function readCsv(file: string, text: string): ReadCsv {
  const bytes = Buffer.from(text);
  let [start, line] = [0, 1];
  const rows: Row[] = [];
  const take = (cells: string[], info: { readonly bytes: number; readonly lines: number }): null => {
    const [from, until, first] = [start, info.bytes, line];
    if (cells.length > 1 || cells[0]?.trim())
      rows.push({ cells, at: (index) => positionIn(bytes.subarray(from, until).toString("utf8"), first, index) });
    start = info.bytes;
    line = info.lines + 1;
    return null;
  };
  try {
    parse(bytes, { relax_column_count: true, record_delimiter: "\n", max_record_size: LONGEST_ROW, on_record: take });
    return { ok: true, rows };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const row = bytes.subarray(start, Math.min(bytes.length, start + LONGEST_ROW)).toString("utf8");
    const column = Number((error as { column?: unknown }).column);
    const position = positionIn(row, line, Number.isInteger(column) ? column : 0);
    return { ok: false, fault: { file, ...position, message: SENTENCES[error.code] ?? `this row can't be read: ${quote(error.message)}` } };
  }
}

/** Where a cell of the row starts that begins on this line, quotes and line feeds inside of cells counted. */
function positionIn(row: string, first: number, index: number): Position {
  let [cell, line, column, quoted] = [0, first, 1, false];
  for (let at = 0; at < row.length && cell < index; at++) {
    const sign = row[at];
    column++;
    if (sign === '"') quoted = !quoted;
    else if (sign === "," && !quoted) cell++;
    else if (sign === "\n") [line, column] = [line + 1, 1];
  }
  return cell === index ? { line, column } : { line: first, column: 1 };
}

const SENTENCES: Partial<Record<CsvError["code"], string>> = {
  CSV_QUOTE_NOT_CLOSED: 'the quote that opens here is never closed: add a " at the end of the cell',
  INVALID_OPENING_QUOTE:
    'a quote stands inside of this cell: put the whole cell in quotes and double those inside, as in "Ana ""Ace"" Lopez"',
  CSV_INVALID_CLOSING_QUOTE:
    'after the closing quote of this cell something follows: double quotes inside of a cell, as in "Ana ""Ace"" Lopez"',
  CSV_MAX_RECORD_SIZE: "this row is too long, probably because a quote in it is never closed: look for a single quote",
};
