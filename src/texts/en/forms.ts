/** Words of the forms. Titles stay under 24 characters, which is all that a modal shows. */
import type { Said } from "../say.ts";
import { say } from "../say.ts";

export const forms = {
  close: "Go back",
  about: <P>(number: P, item: Said<P>, who: P): Said<P> => say<P>`${number}: ${item} for ${who}.`,
  reject: {
    title: (number: number): string => `Reject request ${number}`,
    reason: "Why do you reject it?",
    hint: "The requester reads this.",
    after: <P>(who: P): Said<P> => say<P>`This is final: it ends the request, and ${who} is told.`,
  },
  confirm: {
    title: (number: number): string => `Confirm request ${number}`,
    login: "Login of the account",
    hint: "Change it if you entered another one.",
    after: <P>(who: P): Said<P> => say<P>`The access starts now, and ${who} is told.`,
  },
  error: {
    title: (number: number): string => `Error in request ${number}`,
    reason: "What went wrong?",
    hint: "The requester reads this, and whoever decides about another try.",
  },
  cancelOrder: {
    title: "Cancel the order",
    reason: "Why is it cancelled?",
    hint: "The requester reads this.",
    after: <P>(who: P): Said<P> => say<P>`This is final: it ends the request, and ${who} is told.`,
  },
  reassign: {
    title: (number: number): string => `Pass on request ${number}`,
    to: "Who should do it instead?",
    toHint: "It no longer waits for those it waits for now.",
    placeholder: "Type a name",
    reason: "Why do others do it?",
    hint: "Those you choose read this.",
  },
};

export const askForm = {
  title: "Request access",
  submit: "Send request",
  close: "Cancel",
  forWhom: "For whom?",
  forWhomPlaceholder: "Type a name, an e-mail address or a department",
  forWhomHint: (name: string): string => `${name} gets the access, and you are both told. Neither of you decides.`,
  you: (name: string): string => `${name} (you)`,
  notActive: <P>(name: P): Said<P> => say<P>`${name} is not listed as active, so nothing can be asked for them. Choose somebody else.`,
  again: (number: number): string => `Filled in from request ${number}. Change what you like.`,
  application: "Application",
  applicationPlaceholder: "Type a name or what it is for",
  noMatch: (words: string): string => `Nothing fits "${words}". Try another word.`,
  near: <P>(words: string, names: Said<P>): Said<P> => say<P>`Nothing fits "${words}". Did you mean ${names}?`,
  /** `name`: whom it is for; null: the reader. */
  barred: <P>(application: P, name: P | null, owner: P | null): Said<P> =>
    say<P>`There is ${application}, but it is not open to ${name === null ? "you" : name}: ask ${owner === null ? "an administrator of Latchkey" : owner}.`,
  matches: <P>(words: string, names: Said<P>): Said<P> => say<P>`"${words}" fits ${names}. Choose one.`,
  more: (count: number): string => `${count} more`,
  entitlements: (name: string | null): string => (name === null ? "What do you need there?" : `What does ${name} need there?`),
  entitlementsHint: "Leave it empty to get an account only.",
  entitlementsPlaceholder: "Type a name",
  account: <P>(login: P): Said<P> => say<P>`You have the account ${login}.`,
  accountOf: <P>(name: P): Said<P> => say<P>`${name} has an account there.`,
  held: <P>(names: Said<P>, name: P | null): Said<P> => (name === null ? say<P>`You have ${names}.` : say<P>`${name} has ${names}.`),
  asked: <P>(names: Said<P>): Said<P> => say<P>`Already asked: ${names}.`,
  askedItem: (name: string, number: number): string => `${name} (request ${number})`,
  theAccount: "the account",
  comesWith: (number: number): string => `The account comes with request ${number}.`,
  nothingLeft: <P>(application: P): Said<P> => say<P>`Nothing is left to ask for in ${application}. Choose another application.`,
  risk: { low: null, medium: "Medium risk", high: "High risk" },
  atMost: (days: string): string => `at most ${days}`,
  justification: (name: string | null): string => (name === null ? "Why do you need it?" : `Why does ${name} need it?`),
  justificationHint: "Whoever approves reads this.",
  until: "For how long?",
  forGood: (name: string | null): string => (name === null ? "As long as I need it" : "As long as needed"),
  asLongAsPossible: (days: string): string => `As long as possible (${days})`,
  limited: <P>(names: Said<P>, days: string): Said<P> => say<P>`${names}: at most ${days}.`,
  rest: (howLong: string): string => `Everything else: ${howLong}.`,
  restUntilDate: "until the day you choose",
  restForGood: "for as long as it is needed",
  untilDate: "Until a date...",
  date: "Last day",
  yes: "Yes",
};

/** Who decides and who does the work, said before anything is sent. */
export const ahead = {
  /** `items`: which of the chosen ones go this way; null: all of them. */
  way: <P>(items: Said<P> | null, steps: Said<P>): Said<P> => (items === null ? say<P>`Once sent: ${steps}` : say<P>`${items}: ${steps}`),
  arrow: " → ",
  step: <P>(position: number, who: Said<P>): Said<P> => say<P>`${String(position)}. ${who}`,
  setup: <P>(who: Said<P>): Said<P> => say<P>`set up by ${who}`,
  because: <P>(who: P, because: string): Said<P> => say<P>`${who} (${because})`,
  ofMembers: <P>(group: P, needed: number, members: number): Said<P> => say<P>`${group} (${String(needed)} of ${String(members)})`,
  ofAll: <P>(needed: number, who: Said<P>): Said<P> => say<P>`${String(needed)} of ${who}`,
  insteadOfGroup: <P>(who: Said<P>, group: P, isTooFew: boolean): Said<P> =>
    isTooFew ? say<P>`${who}, as too few of ${group} can act` : say<P>`${who}, as nobody of ${group} can act`,
  insteadOfManager: {
    none: "as there is no manager",
    "own-request": "as the manager asks for it or gets it",
    "not-active": "as the manager is away",
    "not-reachable": "as the manager can't be reached here",
    "too-few": "as the manager alone is too few",
  },
  insteadOfFulfiller: <P>(who: Said<P>): Said<P> => say<P>`${who}, as whoever does this can't act now`,
  nobody: "Nobody can approve this at the moment, so it can't be sent. Ask an administrator of Latchkey to name an approver.",
};
