/** One door for every act on a task: state, command and facts in; events or a refusal out. */
import { approve, reject } from "./approving.ts";
import { cancel, nudge, withdraw } from "./closing.ts";
import type { Aim, Facts, LineCommand, TaskCommand } from "./commands.ts";
import type { LineEvent } from "./events.ts";
import { cancelOrder, claim, confirm, release, reportError, retry } from "./fulfilling.ts";
import type { Line } from "./line.ts";
import { reassign } from "./reassigning.ts";
import type { Result } from "./refusals.ts";

export function decide(line: Line, aim: Aim, command: TaskCommand, facts: Facts): Result<readonly LineEvent[]> {
  switch (command.verb) {
    case "approve":
      return approve(line, aim, command.comment, facts);
    case "reject":
      return reject(line, aim, command.reason, facts);
    case "claim":
      return claim(line, aim, facts);
    case "release":
      return release(line, aim, command.reason, facts);
    case "reassign":
      return reassign(line, aim, command, facts);
    case "confirm":
      return confirm(line, aim, command.login, facts);
    case "report-error":
      return reportError(line, aim, command.reason, facts);
    case "retry":
      return retry(line, aim, facts);
    case "cancel-order":
      return cancelOrder(line, aim, command.reason, facts);
  }
}

/** The same for acts on a line as a whole. */
export function decideOnLine(line: Line, command: LineCommand, facts: Facts): Result<readonly LineEvent[]> {
  switch (command.verb) {
    case "withdraw":
      return withdraw(line, command.reason, facts);
    case "nudge":
      return nudge(line, facts);
    case "cancel":
      return cancel(line, command.reason, facts);
  }
}
