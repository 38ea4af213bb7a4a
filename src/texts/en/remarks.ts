/** What stands in the thread of a card: reminders, and what became of it. */
import type { Said } from "../say.ts";
import { say } from "../say.ts";

export const remarks = {
  reminder: <P>(to: Said<P> | null, since: P, expires: P | null): Said<P> => [
    ...(to ? say<P>`${to}, this waits for you since ${since}.` : say<P>`This waits since ${since}.`),
    ...(expires === null ? [] : say<P>` It expires ${expires}.`),
  ],
  nudge: <P>(to: Said<P> | null, by: P): Said<P> =>
    to ? say<P>`${to}, ${by} asks you to look at this.` : say<P>`${by} asks you to look at this.`,
  escalated: <P>(to: Said<P> | null): Said<P> => say<P>`Nobody has acted in time, so ${to ?? "others"} can act now too.`,
  reassigned: <P>(to: Said<P> | null, by: P | null): Said<P> =>
    by === null
      ? say<P>`This waits for ${to ?? "others"} now, because people changed.`
      : say<P>`${by} passed this on: it waits for ${to ?? "others"} now.`,
  released: <P>(to: Said<P> | null, by: P | null): Said<P> =>
    say<P>`${by ?? "An administrator"} took the claim away${to ? say<P>` from ${to}` : null}. Anybody asked can claim it.`,
  withdrawn: <P>(by: P): Said<P> => say<P>`${by} withdrew the request. Nothing is left to do here.`,
  cancelled: <P>(by: P | null): Said<P> => say<P>`${by ?? "An administrator"} cancelled the request. Nothing is left to do here.`,
  expired: <P>(): Said<P> => ["Nobody decided in time, so the request expired. Nothing is left to do here."],
  /** For notifications. */
  summary: {
    reminder: (number: number, what: string) => `Reminder: request ${number}, ${what}`,
    nudge: (number: number, what: string) => `You are asked to look at request ${number}, ${what}`,
    escalated: (number: number, what: string) => `Escalated: request ${number}, ${what}`,
    reassigned: (number: number, what: string) => `Passed on: request ${number}, ${what}`,
    released: (number: number, what: string) => `Claim taken away: request ${number}, ${what}`,
    withdrawn: (number: number, what: string) => `Withdrawn: request ${number}, ${what}`,
    cancelled: (number: number, what: string) => `Cancelled: request ${number}, ${what}`,
    expired: (number: number, what: string) => `Expired: request ${number}, ${what}`,
  },
};
