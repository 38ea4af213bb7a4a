/** The way of every delivery to Slack: in turn, and not at all while Slack lets the app do nothing. */
import type { WebClient } from "@slack/web-api";
import { WebAPIPlatformError } from "@slack/web-api";
import { HeldBack, limitOf, nameOf, SHUT_OUT } from "./client.ts";
import type { Pacer, Wanted } from "./pacing.ts";

export interface Door {
  /** Makes the call, or throws HeldBack without making it; what Slack says of its limits and of the token is heeded. */
  through<T>(wanted: Wanted, call: () => Promise<T>): Promise<T>;
  /** Slack's word for why the token opens nothing, as last heard; null: it does. */
  shut(): string | null;
  /** Asks Slack about the token. Without an answer all stays as it was. */
  knock(): Promise<void>;
}

/** What waits for the token is looked at again so much later; whoever finds that the token works again wakes all of it. */
const SHUT_MS = 600_000;

export function door(client: WebClient, pacer: Pacer): Door {
  let shut: string | null = null;
  let knocking: Promise<void> | null = null;

  async function askOnce(): Promise<void> {
    try {
      await client.auth.test();
      shut = null;
    } catch (error) {
      if (saysShutOut(error)) shut = nameOf(error);
    }
  }

  function knock(): Promise<void> {
    knocking ??= askOnce().finally(() => {
      knocking = null;
    });
    return knocking;
  }

  function demandOpen(): void {
    if (shut !== null) throw new HeldBack({ afterMs: SHUT_MS, why: `shut: ${shut}`, held: "shut" });
  }

  return {
    shut: () => shut,
    knock,
    async through(wanted, call) {
      demandOpen();
      const afterMs = pacer.ask(wanted);
      if (afterMs > 0) throw new HeldBack({ afterMs, why: `in turn: ${wanted.method}`, held: "turn" });
      try {
        return await call();
      } catch (error) {
        const limit = limitOf(error);
        if (limit !== null) pacer.hold(wanted.method, wanted.conversation, limit);
        if (saysShutOut(error)) {
          await knock();
          demandOpen();
        }
        throw error;
      }
    },
  };
}

function saysShutOut(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && SHUT_OUT.includes(error.data.error);
}
