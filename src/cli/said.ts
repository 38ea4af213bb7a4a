/** What a command has to say, and how it is printed. */
export interface Said {
  readonly ok: boolean;
  /** Lines for people. */
  readonly lines: readonly string[];
  /** The same for machines. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Prints it and gives the exit code: 0, or 1 for what was refused or found wanting. */
export function show(said: Said, asJson: boolean): 0 | 1 {
  const out = said.ok ? process.stdout : process.stderr;
  if (asJson) process.stdout.write(`${JSON.stringify({ ok: said.ok, ...said.json })}\n`);
  else if (said.lines.length > 0) out.write(`${said.lines.join("\n")}\n`);
  return said.ok ? 0 : 1;
}

export function failed(lines: readonly string[], json: Readonly<Record<string, unknown>> = { problems: lines }): Said {
  return { ok: false, lines, json };
}

/** `1 application`, `2 applications`; the plural where it isn't an s more. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
