/** Words of the home page and of its three lists. */
import type { Said } from "../say.ts";
import { say } from "../say.ts";

export const home = {
  title: "Latchkey",
  summary: "Your tasks, requests and access",
  tasks: "My tasks",
  requests: "My requests",
  access: "My access",
  count: (heading: string, total: number): string => (total === 0 ? heading : `${heading} (${total})`),
  noTasks: "Nothing waits for you.",
  noRequests: "You have asked for nothing yet. Press Request access to begin.",
  noAccess: "You have no access through Latchkey yet. Press Request access to ask for some.",
  range: (from: number, to: number, total: number): string => `${from} to ${to} of ${total}`,
  decide: <P>(number: P, item: Said<P>, who: P): Said<P> => say<P>`${number}: decide on ${item} for ${who}`,
  setUp: <P>(number: P, item: Said<P>, who: P): Said<P> => say<P>`${number}: set up ${item} for ${who}`,
  mend: <P>(number: P, item: Said<P>, who: P): Said<P> => say<P>`${number}: error with ${item} for ${who}`,
  waiting: <P>(at: P): Said<P> => say<P>`waiting since ${at}`,
  onIt: <P>(by: P, at: P): Said<P> => say<P>`${by} is on it since ${at}`,
  youAreOnIt: <P>(at: P): Said<P> => say<P>`you are on it since ${at}`,
  accountType: (type: string): string => `${type} account`,
  risk: (risk: string): string => `${risk} risk`,
  why: (why: string): string => `Why: ${why}`,
  error: (reason: string): string => `Error: ${reason}`,
  states: (approval: string, setup: string): string => `Approval: ${approval}. Setup: ${setup}.`,
  held: <P>(item: Said<P>, login: P): Said<P> => say<P>`${item}, as ${login}`,
  heldFrom: <P>(number: string, from: P, until: P | null): Said<P> =>
    until === null ? say<P>`${number}, since ${from}, no end date. ` : say<P>`${number}, since ${from}, until ${until}. `,
};
