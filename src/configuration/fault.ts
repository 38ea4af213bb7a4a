/** What is wrong with the configuration, and where: everything that `latchkey config check` prints. */

export interface Fault {
  /** Name inside the configuration folder, such as latchkey.yaml. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters (UTF-16 units, as editors count them). */
  readonly column: number;
  /** What is wrong, and what to write instead. */
  readonly message: string;
}

/** Worth knowing, but no reason not to apply the folder. */
export type Note = Fault;

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** As compilers print it, so that editors can jump to it: `latchkey.yaml:23:15: unknown group ...`. */
export function printFault(fault: Fault): string {
  return `${fault.file}:${fault.line}:${fault.column}: ${fault.message}`;
}

/** By file, line and column, each only once. */
export function inOrder(faults: readonly Fault[]): Fault[] {
  const once = new Map(faults.map((fault) => [printFault(fault), fault]));
  return [...once.values()].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
