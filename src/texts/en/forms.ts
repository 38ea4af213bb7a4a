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
    hint: "The requester and those who can mend it read this.",
  },
  cancelOrder: {
    title: (number: number): string => `Cancel request ${number}`,
    reason: "Why is it cancelled?",
    hint: "The requester reads this.",
    after: <P>(who: P): Said<P> => say<P>`This ends the request, and ${who} is told.`,
  },
};

export const askForm = {
  title: "Request access",
  submit: "Send request",
  close: "Cancel",
  application: "Application",
  applicationPlaceholder: "Type a name or what it is for",
  noMatch: (words: string): string => `Nothing fits "${words}". Try another word.`,
  matches: <P>(words: string, names: Said<P>): Said<P> => say<P>`"${words}" fits ${names}. Choose one.`,
  more: (count: number): string => `${count} more`,
  entitlements: "What do you need there?",
  entitlementsHint: "Leave it empty to get an account only.",
  entitlementsPlaceholder: "Type a name",
  account: <P>(login: P): Said<P> => say<P>`You have the account ${login}.`,
  held: <P>(names: Said<P>): Said<P> => say<P>`You have ${names}.`,
  asked: <P>(names: Said<P>): Said<P> => say<P>`Already asked: ${names}.`,
  askedItem: (name: string, number: number): string => `${name} (request ${number})`,
  theAccount: "the account",
  nothingLeft: <P>(application: P): Said<P> => say<P>`Nothing is left to ask for in ${application}. Choose another application.`,
  risk: { low: null, medium: "Medium risk", high: "High risk" },
  atMost: (days: string): string => `at most ${days}`,
  justification: "Why do you need it?",
  justificationHint: "Whoever approves reads this.",
  until: "For how long?",
  limit: (days: string): string => `At most ${days} for what you chose.`,
  forGood: "As long as I need it",
  untilDate: "Until a date...",
  date: "Last day",
  yes: "Yes",
};
