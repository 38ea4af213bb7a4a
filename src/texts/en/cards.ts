/** Words of the cards: approvals, orders, reported errors and the requester's own card. */
import type { Said } from "../say.ts";
import { listed, say } from "../say.ts";

/** Promised outside: people's habits and screenshots rely on the labels. */
export const buttons = {
  approve: "Approve",
  reject: "Reject",
  claim: "Claim",
  release: "Release",
  confirm: "Confirm done",
  "report-error": "Report error",
  retry: "Try again",
  "cancel-order": "Cancel order",
  reassign: "Reassign",
  withdraw: "Withdraw",
  nudge: "Nudge",
  /** An administrator's, of a whole request. */
  cancel: "Cancel request",
  show: "Show card",
  /** Where a card had no room for all of it. */
  showAll: "Show all",
  ask: "Request access",
  askAgain: "Request again",
  earlier: "Previous",
  later: "Next",
  /** What a screen reader says. */
  spoken: (label: string, number: number, what: string): string => `${label}, request ${number}, ${what}`,
  spokenFor: (label: string, application: string): string => `${label}, ${application}`,
  spokenPage: (label: string, list: string): string => `${label} page, ${list}`,
};

/** Headings of what a card has no room for. */
export const whole = {
  asked: "Everybody who is asked",
  votes: "Approvals so far",
  others: "Asked together with",
};

export const labels = {
  request: "Request",
  who: "Who",
  askedBy: "Asked by",
  email: "E-mail",
  what: "What",
  about: "About it",
  allows: "What it allows",
  toDo: "To do",
  why: "Why",
  howLong: "How long",
  accountType: "Account type",
  risk: "Risk",
  approvals: "Approvals",
  approvedBy: "Approved by",
  approval: "Approval",
  setup: "Setup",
  login: "Login",
  ends: "Ends",
  create: "Account to enter",
  update: "Account to change",
  instructions: "Instructions",
  yes: "Yes",
};

export const titles = {
  request: (number: number, application: string): string => `Request ${number}: ${application}`,
  order: (number: number, application: string): string => `Request ${number}: ${application}, to set up`,
  review: (number: number, application: string): string => `Request ${number}: ${application}, error`,
  requests: (numbers: readonly number[], application: string): string => `Requests ${span(numbers)}: ${application}`,
};

/** "12 to 14" where no number is left out, else each of them. */
function span(numbers: readonly number[]): string {
  const [first = 0, ...others] = numbers;
  const gapless = others.length > 1 && others.every((number, index) => number === first + index + 1);
  return gapless ? `${first} to ${numbers.at(-1)}` : listed(numbers.map(String), "and").join("");
}

export const approvals = {
  /** What is asked for, with its application; an account alone has no name of its own. */
  item: <P>(entitlement: P, application: P): Said<P> => say<P>`${entitlement} in ${application}`,
  account: <P>(application: P): Said<P> => say<P>`An account in ${application}`,
  /** The same within a sentence. */
  anAccount: <P>(application: P): Said<P> => say<P>`an account in ${application}`,
  itemWords: (application: string, entitlement: string | null): string => (entitlement ? `${application}, ${entitlement}` : application),
  summary: (who: string, what: string, number: number): string => `${who} asks for ${what}. Approve or reject request ${number}.`,
  summaryOver: (number: number, what: string, outcome: string): string => `Request ${number}, ${what}: ${outcome}`,
  highRisk: <P>(): Said<P> => ["High risk. Approve only if you are sure that it is needed."],
  progress: (given: number, needed: number): string => `${given} of ${needed}`,
  step: (step: number, steps: number): string => `step ${step} of ${steps}`,
  waits: <P>(holders: Said<P> | null, at: P): Said<P> => say<P>`Waiting${holders === null ? null : say<P>` for ${holders}`} since ${at}.`,
  /** To the reader: why just they are asked. */
  youAre: {
    manager: <P>({ at, who }: Why<P>): Said<P> => say<P>`You are asked as the manager of ${who}, since ${at}.`,
    "manager-of-manager": <P>({ at, who }: Why<P>): Said<P> => say<P>`You are asked as the manager of ${who}'s manager, since ${at}.`,
    group: <P>({ at, group }: Why<P>): Said<P> => say<P>`You are asked as one of ${group ?? "a group"}, since ${at}.`,
    "fallback-approver": <P>({ at }: Why<P>): Said<P> => say<P>`You are asked as a stand-in, since ${at}: whoever should decide can't.`,
    "business-owner": <P>({ at, application }: Why<P>): Said<P> => say<P>`You are asked as business owner of ${application}, since ${at}.`,
    "technical-owner": <P>({ at, application }: Why<P>): Said<P> =>
      say<P>`You are asked as technical owner of ${application}, since ${at}.`,
    administrator: <P>({ at }: Why<P>): Said<P> => say<P>`You are asked as an administrator of Latchkey, since ${at}.`,
    fulfiller: <P>({ at, application }: Why<P>): Said<P> => say<P>`You are asked because you look after ${application}, since ${at}.`,
    escalated: <P>({ at }: Why<P>): Said<P> => say<P>`You are asked because this is late, since ${at}.`,
    reassigned: <P>({ at }: Why<P>): Said<P> => say<P>`You are asked because an administrator chose you, since ${at}.`,
  },
  /** Other lines of the same request, as "request 13 (Dev seat)". */
  together: <P>(others: Said<P>): Said<P> => say<P>`Asked together with ${others}.`,
  other: <P>(number: number, what: string): Said<P> => [`request ${number} (${what})`],
  vote: <P>(by: P, at: P, comment: string | null): Said<P> => [by, " approved, ", at, comment === null ? "." : `: ${comment}`],
  youVoted: <P>(at: P, missing: number): Said<P> =>
    say<P>`You approved this, ${at}. ${missing === 1 ? "1 more approval is" : `${missing} more approvals are`} needed.`,
  approved: <P>(by: Said<P>, at: P): Said<P> => say<P>`Approved by ${by}, ${at}.`,
  rejected: <P>(by: P, at: P): Said<P> => say<P>`Rejected by ${by}, ${at}.`,
  closed: "Closed. No decision is needed any more.",
  reason: (reason: string): Said<never> => ["Reason: ", reason],
  notYours: <P>(holders: Said<P> | null): Said<P> =>
    holders ? say<P>`No longer waiting for you. It waits for ${holders}.` : ["No longer waiting for you."],
  /** A group with who is in it. */
  members: <P>(group: P, names: Said<P>): Said<P> => say<P>`${group} (${names})`,
};

interface Why<P> {
  readonly at: P;
  /** Who is to receive it. */
  readonly who: P;
  readonly application: P;
  readonly group: P | null;
}

/** How a line ended without being decided or carried out. */
export const closings = {
  withdrawn: <P>(by: P, at: P): Said<P> => say<P>`Withdrawn by ${by}, ${at}. Nothing is left to do.`,
  cancelled: <P>(by: P, at: P): Said<P> => say<P>`Cancelled by ${by}, ${at}. Nothing is left to do.`,
  expired: <P>(at: P): Said<P> => say<P>`Expired, ${at}: nobody decided in time.`,
};

export const orders = {
  create: <P>(application: P, who: P): Said<P> => say<P>`Create an account in ${application} for ${who}.`,
  createWith: <P>(entitlement: P, application: P, who: P): Said<P> =>
    say<P>`Create an account in ${application} for ${who}, with ${entitlement}.`,
  update: <P>(login: P, application: P, who: P): Said<P> => say<P>`Change the account ${login} of ${who} in ${application}.`,
  updateWith: <P>(entitlement: P, login: P, application: P, who: P): Said<P> =>
    say<P>`Add ${entitlement} to the account ${login} of ${who} in ${application}.`,
  onItsWay: "If this account isn't there yet, another request creates it. Do that one first.",
  summary: (number: number, what: string, who: string): string => `To set up: ${what} for ${who}, request ${number}.`,
  row: (name: string, value: string): string => `${name}: ${value}`,
  change: (name: string, current: string, proposed: string): string => `${name}: ${current} -> ${proposed}`,
  approval: <P>(by: P, at: P): Said<P> => say<P>`${by}, ${at}`,
  claimFirst: <P>(at: P): Said<P> => say<P>`Waiting since ${at}. Claim it first, so that nobody does it twice.`,
  claimFirstHere: <P>(holders: Said<P>, at: P): Said<P> =>
    say<P>`Waiting for ${holders} since ${at}. Claim it first, so that nobody does it twice.`,
  onIt: <P>(by: P, at: P): Said<P> => say<P>`${by} has been on it since ${at}.`,
  onItHere: <P>(by: P, at: P): Said<P> => say<P>`${by} has been on it since ${at}. Only ${by} can confirm or release it.`,
  youAreOnIt: <P>(at: P): Said<P> => say<P>`You have been on it since ${at}. Confirm when it is done.`,
  yours: <P>(at: P): Said<P> => say<P>`Waiting for you since ${at}. Confirm when it is done.`,
  done: <P>(by: P, at: P, login: P): Said<P> => say<P>`Done by ${by}, ${at}. Login: ${login}`,
  errored: <P>(by: P, at: P, reason: string): Said<P> => [by, " reported an error, ", at, `: ${reason}`],
  /** What came of a reported error. */
  looksInto: <P>(who: Said<P>): Said<P> => say<P>`Next: ${who} tries again or cancels it.`,
  again: <P>(by: P, at: P): Said<P> => say<P>`${by} sent it back for another try, ${at}. A newer card shows the work.`,
  cancelled: <P>(by: P, at: P): Said<P> => say<P>`${by} cancelled it, ${at}. Nothing is left to do.`,
  /** On the card of the next try. */
  triedBefore: <P>(by: P, at: P): Said<P> => say<P>`${by} sent it back for another try, ${at}.`,
  closed: "Closed. Nothing is left to do.",
};

export const reviews = {
  summary: (number: number, what: string, who: string): string =>
    `${what} for ${who} could not be set up. Decide what happens to request ${number}.`,
  hint: <P>(fulfillers: Said<P>, requester: P): Said<P> =>
    say<P>`Try again sends it back to ${fulfillers}. Cancel order ends the request, and ${requester} hears why.`,
  retried: <P>(by: P, fulfillers: Said<P>, at: P): Said<P> => say<P>`${by} sent it back to ${fulfillers}, ${at}.`,
  cancelled: <P>(by: P, at: P): Said<P> => say<P>`${by} cancelled it, ${at}.`,
};

export const requests = {
  line: <P>(number: P, item: Said<P>): Said<P> => say<P>`${number}: ${item}`,
  number: (number: number): string => `Request ${number}`,
  summary: (title: string, status: string): string => `${title}. ${status}.`,
  forWhom: <P>(who: P): Said<P> => say<P>` for ${who}`,
  notice: (title: string, what: string): string => `${title}: ${what}`,
  /** Beside the label of one of the two lives. */
  waitingFor: <P>(who: Said<P> | null, at: P): Said<P> => say<P>`Waiting${who === null ? null : say<P>` for ${who}`} since ${at}`,
  on: <P>(by: P, at: P): Said<P> => say<P>`${by} has been on it since ${at}`,
  by: <P>(state: string, by: Said<P> | null, at: P): Said<P> => say<P>`${state}${by === null ? null : say<P>` by ${by}`}, ${at}`,
  since: <P>(status: P, at: P): Said<P> => say<P>`${status} since ${at}.`,
  heldBy: <P>(status: P, holders: Said<P>, at: P): Said<P> => say<P>`${status} by ${holders} since ${at}.`,
  ended: <P>(status: P, at: P): Said<P> => say<P>`${status}, ${at}.`,
  endedBy: <P>(status: P, by: P, at: P): Said<P> => say<P>`${status} by ${by}, ${at}.`,
  completeBy: <P>(status: P, by: P, at: P): Said<P> => say<P>`${status}. Set up by ${by}, ${at}.`,
  /** How far it has come where several approvals or steps are needed, one phrase each. */
  progress: ({ given, needed, step, steps }: Progress): readonly string[] => [
    ...(needed > 1 ? [`${given} of ${needed} approvals`] : []),
    ...(steps > 1 ? [approvals.step(step, steps)] : []),
  ],
  next: {
    decides: <P>(who: P): Said<P> => say<P>`Next: decision by ${who}.`,
    manager: "Next: decision by the manager.",
    setUp: <P>(who: Said<P>): Said<P> => say<P>`Next, if approved: setup by ${who}.`,
    expires: <P>(at: P): Said<P> => say<P>`If nobody decides, it expires ${at}.`,
    handedOver: <P>(who: Said<P>): Said<P> => say<P>`Next: setup by ${who}.`,
    confirms: "You are told as soon as it is done.",
    review: <P>(who: Said<P>): Said<P> => say<P>`Next: ${who} tries again or cancels it. You are told.`,
    /** `who`: null: the reader. */
    signIn: <P>(login: P, application: P, who: P | null): Said<P> => say<P>`${who ?? "You"} can sign in to ${application} as ${login} now.`,
    talkTo: <P>(who: P): Said<P> => say<P>`If you still need it, talk to ${who} or request it again and say more.`,
    askAgain: "Request it again if you still need it.",
    send: "Next: send it.",
  },
};

interface Progress {
  readonly given: number;
  readonly needed: number;
  readonly step: number;
  readonly steps: number;
}
