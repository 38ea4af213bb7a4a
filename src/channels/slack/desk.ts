/** What every listener works with, and who stands before it. */
import type { WebClient } from "@slack/web-api";
import type { Identity, Operations } from "../../operations/operations.ts";
import type { Log } from "../../ports.ts";
import type { Texts } from "../../texts/texts.ts";
import { lookUpById } from "./directory.ts";
import type { Sender } from "./envelope.ts";

export interface Desk {
  readonly operations: Operations;
  readonly texts: Texts;
  /** The client that somebody waits for: no queue, a short timeout. */
  readonly interactive: WebClient;
  readonly log: Log;
}

/** The person behind the verified envelope; the directory is asked only for logins that aren't linked yet or not proved. */
export function whoIs(desk: Desk, { home, user }: Sender): Promise<Identity> {
  return desk.operations.identify({ platform: "slack", home, user }, async () => {
    const found = await lookUpById(desk.interactive, home, user);
    if (found.type !== "done") {
      desk.log.warn({ why: found.why }, "Slack's directory did not answer");
      return null;
    }
    return found.value && { email: found.value.email, standing: found.value.standing };
  });
}
