/** Words of the home page and of its lists. */
import type { Said } from "../say.ts";
import { say } from "../say.ts";

function counted(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

export const home = {
  title: "Latchkey",
  summary: "Your tasks, requests and access",
  tasks: "My tasks",
  requests: "My requests",
  access: "My access",
  /** The administrators' list. */
  late: "Late work",
  count: (heading: string, total: number): string => (total === 0 ? heading : `${heading} (${total})`),
  noTasks: "Nothing waits for you.",
  noRequests: "You have asked for nothing yet. Press Request access to begin.",
  noAccess: "You have no access through Latchkey yet. Press Request access to ask for some.",
  noLate: "Nothing is late.",
  range: (from: number, to: number, total: number): string => `${from} to ${to} of ${total}`,
  decide: <P>(number: P, item: Said<P>, who: P): Said<P> => say<P>`${number}: decide on ${item} for ${who}`,
  setUp: <P>(number: P, item: Said<P>, who: P): Said<P> => say<P>`${number}: set up ${item} for ${who}`,
  mend: <P>(number: P, item: Said<P>, who: P): Said<P> => say<P>`${number}: error with ${item} for ${who}`,
  waiting: <P>(at: P, age: string): Said<P> => say<P>`waiting since ${at} (${age})`,
  waitingFor: <P>(who: Said<P> | null, at: P, age: string): Said<P> =>
    say<P>`waiting${who === null ? null : say<P>` for ${who}`} since ${at} (${age})`,
  onIt: <P>(by: P, at: P, age: string): Said<P> => say<P>`${by} has been on it since ${at} (${age})`,
  youAreOnIt: <P>(at: P, age: string): Said<P> => say<P>`you have been on it since ${at} (${age})`,
  due: <P>(at: P): Said<P> => say<P>`due ${at}`,
  overdue: <P>(at: P, age: string): Said<P> => say<P>`overdue since ${at} (${age})`,
  /** `age`: since it was sent. */
  asked: (age: string): string => (age === "just now" ? "sent just now" : `sent ${age} ago`),
  /** How long something has lasted, rounded down. */
  age: (milliseconds: number): string => {
    const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
    if (minutes < 1) return "just now";
    if (minutes < 60) return counted(minutes, "minute");
    const hours = Math.floor(minutes / 60);
    return hours < 48 ? counted(hours, "hour") : counted(Math.floor(hours / 24), "day");
  },
  accountType: (type: string): string => `${type} account`,
  risk: (risk: string): string => `${risk} risk`,
  why: (why: string): string => `Why: ${why}`,
  error: (reason: string): string => `Error: ${reason}`,
  toEnter: "To enter",
  detailsOnCard: "More on the card: press Show card.",
  states: (approval: string, setup: string): string => `Approval: ${approval}. Setup: ${setup}.`,
  /** Of what is over: both states in short, as the sentence above says more. */
  statesInShort: (approval: string, setup: string): string => `${approval} · ${setup}`,
  askedBy: <P>(by: P): Said<P> => say<P>`Asked by ${by}`,
  held: <P>(item: Said<P>, login: P): Said<P> => say<P>`${item}, as ${login}`,
  heldEnded: <P>(at: P): Said<P> => say<P>`ended on ${at}, and may still have to be removed`,
  heldFrom: <P>(number: string, from: P, until: P | null): Said<P> =>
    until === null ? say<P>`${number}, since ${from}, no end date. ` : say<P>`${number}, since ${from}, until ${until}. `,
  /** What the reader did last. */
  did: {
    approve: <P>(request: P, at: P): Said<P> => say<P>`You approved ${request}, ${at}.`,
    reject: <P>(request: P, at: P): Said<P> => say<P>`You rejected ${request}, ${at}.`,
    claim: <P>(request: P, at: P): Said<P> => say<P>`You claimed ${request}, ${at}.`,
    release: <P>(request: P, at: P): Said<P> => say<P>`You released ${request}, ${at}.`,
    confirm: <P>(request: P, at: P): Said<P> => say<P>`You confirmed ${request}, ${at}.`,
    "report-error": <P>(request: P, at: P): Said<P> => say<P>`You reported an error in ${request}, ${at}.`,
    retry: <P>(request: P, at: P): Said<P> => say<P>`You sent ${request} back for another try, ${at}.`,
    "cancel-order": <P>(request: P, at: P): Said<P> => say<P>`You cancelled the order of ${request}, ${at}.`,
    reassign: <P>(request: P, at: P): Said<P> => say<P>`You reassigned ${request}, ${at}.`,
    withdraw: <P>(request: P, at: P): Said<P> => say<P>`You withdrew ${request}, ${at}.`,
    nudge: <P>(request: P, at: P): Said<P> => say<P>`You sent a reminder for ${request}, ${at}.`,
    cancel: <P>(request: P, at: P): Said<P> => say<P>`You cancelled ${request}, ${at}.`,
    ask: <P>(request: P, at: P): Said<P> => say<P>`You sent ${request}, ${at}.`,
  },
  /** "request 12 (Salesforce)" */
  requestNamed: (number: number, application: string): string => `request ${number} (${application})`,
};
