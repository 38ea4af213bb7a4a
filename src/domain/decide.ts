/** One door for every act on a task: state, command and facts in; events or a refusal out. */
import { approve, reject } from "./approving.ts";
import type { Aim, Facts, TaskCommand } from "./commands.ts";
import type { LineEvent } from "./events.ts";
import { cancelOrder, claim, confirm, release, reportError, retry } from "./fulfilling.ts";
import type { Line } from "./line.ts";
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
      return release(line, aim, facts);
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
