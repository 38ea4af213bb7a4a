/** Effects -> rows of the outbox. */
import type { Effect } from "../domain/effects.ts";
import { priorityOf } from "../domain/effects.ts";

type Row = Readonly<Record<string, unknown>>;

/** Effects as rows; `line` null: they belong to no line. Effects with one subject do the same thing. */
export function effectRows(effects: readonly Effect[], at: Date, line: string | null): readonly Row[] {
  return effects.map((effect) => ({
    line_id: line,
    kind: effect.kind,
    priority: priorityOf(effect),
    subject: subjectOf(effect, at),
    body: effect,
    run_at: at.toISOString(),
  }));
}

function subjectOf(effect: Effect, at: Date): string {
  switch (effect.kind) {
    case "show":
      return `${effect.subject}:${effect.id}`;
    case "tell":
      // The same outcome twice (an error, tried again, an error) is told twice, also when both are still waiting to be sent.
      return `tell:${effect.notice}:${effect.line}:${effect.person}:${at.toISOString()}`;
    case "alert":
      return `alert:${effect.alert}:${JSON.stringify(effect.about)}`;
    case "remark":
      return `remark:${effect.remark}:${effect.task}:${at.toISOString()}`;
    case "transmit":
      return `transmit:${effect.line}`;
    case "reroute":
      return `reroute:${effect.line}`;
    case "home":
      return `home:${effect.person}`;
  }
}
