/** What people are told at once, why something was not done, and messages about outcomes. */
import type { About, Said } from "../say.ts";
import { say } from "../say.ts";

export function request<P>(about: About<P>): Said<P> {
  return about.number === null ? ["The request"] : say<P>`Request ${about.number}`;
}

function isSeveral(number: unknown): boolean {
  return typeof number === "string" && number.includes(",");
}

export const answers = {
  approved: <P>(about: About<P>): Said<P> =>
    say<P>`Thank you. You approved ${about.number === null ? "it" : say<P>`request ${about.number}`}.`,
  "vote-counted": <P>(about: About<P>): Said<P> =>
    say<P>`Thank you, your approval counts. ${request(about)} needs ${about.missing === 1 ? "1 more" : `${about.missing ?? "some"} more`}.`,
  rejected: <P>(about: About<P>): Said<P> => say<P>`${request(about)} is rejected. The requester is told why.`,
  claimed: <P>(about: About<P>): Said<P> => say<P>`${request(about)} is yours. Press Confirm done when it is set up.`,
  released: <P>(about: About<P>): Said<P> => say<P>`${request(about)} is free again for others to claim.`,
  confirmed: <P>(about: About<P>): Said<P> => say<P>`Thank you. ${request(about)} is complete, and the requester is told.`,
  "error-reported": <P>(about: About<P>): Said<P> =>
    about.to === null
      ? say<P>`Thank you. ${request(about)} goes to whoever decides about another try, and the requester is told.`
      : say<P>`Thank you. ${request(about)} goes to ${about.to}, who can send it back or cancel it. The requester is told.`,
  retried: <P>(about: About<P>): Said<P> =>
    say<P>`${request(about)} goes back ${about.to === null ? "for another try" : say<P>`to ${about.to}`}.`,
  "order-cancelled": <P>(about: About<P>): Said<P> => say<P>`${request(about)} is cancelled. The requester is told why.`,
  reassigned: <P>(about: About<P>): Said<P> => say<P>`${request(about)} now waits for ${about.to ?? "those you chose"}. They are told.`,
  withdrawn: <P>(about: About<P>): Said<P> => say<P>`${request(about)} is withdrawn. Whoever it waited for is told.`,
  nudged: <P>(about: About<P>): Said<P> => say<P>`${about.to ?? "Whoever it waits for"} got a friendly reminder.`,
  cancelled: <P>(about: About<P>): Said<P> => say<P>`${request(about)} is cancelled. The requester and whoever it waited for are told.`,
  filed: <P>({ number }: About<P>): Said<P> => {
    if (number === null) return ["Sent. A card in our direct messages shows where it stands."];
    if (isSeveral(number)) return say<P>`Sent as requests ${number}. A card in our direct messages shows where each of them stands.`;
    return say<P>`Sent as request ${number}. A card in our direct messages shows where it stands.`;
  },
};

/** Said of whoever was faster: by a task's outcome. */
const DECIDED: Readonly<Record<string, string>> = {
  approved: "approved this",
  rejected: "rejected this",
  executed: "confirmed this",
  errored: "reported an error here",
  retried: "sent this back for another try",
  cancelled: "cancelled this",
  withdrawn: "withdrawn this",
};

export const refusals = {
  "no-such-task": <P>(_about: About<P>): Said<P> => ["This task can't be found. Your home page shows what waits for you."],
  "not-active": <P>(_about: About<P>): Said<P> => [
    "You are not listed as active, so nothing was changed. Ask an administrator of Latchkey.",
  ],
  "own-request": <P>(_about: About<P>): Said<P> => ["You asked for this or will receive it, so somebody else has to decide."],
  "already-decided": <P>({ by, at, outcome }: About<P>): Said<P> => {
    if (outcome === "expired") return ["This has expired, because nobody decided in time. You don't need to do anything."];
    if (by === null) return ["This is closed already. You don't need to do anything."];
    return say<P>`${by} has already ${past(outcome)}${at === null ? null : say<P>`, ${at}`}. You don't need to do anything.`;
  },
  "already-claimed": <P>({ by, at }: About<P>): Said<P> =>
    by === null
      ? ["Somebody else is on it already. You don't need to do anything."]
      : say<P>`${at === null ? say<P>`${by} is on it` : say<P>`${by} has been on it since ${at}`}. You don't need to do anything.`,
  "already-voted": <P>(_about: About<P>): Said<P> => ["Your approval is counted already. Now it waits for others."],
  "not-yours": <P>({ by, at, outcome }: About<P>): Said<P> =>
    by !== null && outcome === "reassigned"
      ? say<P>`${by} has asked somebody else to do this${at === null ? null : say<P>`, ${at}`}. You don't need to do anything.`
      : ["This doesn't wait for you, so nothing was changed. If it should, ask an administrator of Latchkey."],
  "not-shown": <P>(about: About<P>): Said<P> =>
    say<P>`You can't see ${about.number === null ? "this request" : say<P>`request ${about.number}`}: it is shown to who asked, who receives it, and whom it asks.`,
  "not-claimed": <P>(_about: About<P>): Said<P> => ["Nobody has claimed this yet. Press Claim first."],
  "not-claimer": <P>({ by }: About<P>): Said<P> =>
    by === null ? ["A colleague is on it. Only they can do this."] : say<P>`${by} is on it. To take over, ask ${by} to release it.`,
  "stale-card": <P>(_about: About<P>): Said<P> => [
    "This card has changed since you saw it, so nothing was done. Look again, then press the button once more.",
  ],
  "reason-missing": <P>(_about: About<P>): Said<P> => ["Write a reason, so that the others know why."],
  "too-long": <P>({ most }: About<P>): Said<P> =>
    most === null ? ["This is too long. Please shorten it."] : say<P>`This is too long. Please use at most ${most} characters.`,
  "login-missing": <P>(_about: About<P>): Said<P> => ["Write the login of the account."],
  "login-taken": <P>({ login, by }: About<P>): Said<P> =>
    say<P>`The login${login === null ? null : say<P>` ${login}`} belongs to ${by === null ? "somebody else" : by}. Check it, and enter the right one.`,
  "end-passed": <P>(_about: About<P>): Said<P> => [
    "The day until which this was asked for is over. Reject it or report an error, so that it can be asked for again.",
  ],
  "not-requester": <P>(_about: About<P>): Said<P> => ["Only who asked for this can do that, so nothing was changed."],
  "not-administrator": <P>(_about: About<P>): Said<P> => ["Only an administrator of Latchkey can do that, so nothing was changed."],
  "already-over": <P>(about: About<P>): Said<P> => {
    const { by, at, outcome } = about;
    if (by === null || outcome === "expired") return say<P>`${request(about)} is over already, so nothing was changed.`;
    return say<P>`${by} has already ${past(outcome)}${at === null ? null : say<P>`, ${at}`}. Nothing was changed.`;
  },
  "nudged-already": <P>({ again }: About<P>): Said<P> =>
    again === null
      ? ["You have reminded them already. Please give them some time."]
      : say<P>`You have reminded them already. You can do it again from ${again}.`,
  "nothing-waits": <P>(about: About<P>): Said<P> => say<P>`${request(about)} waits for nobody just now, so there is nobody to remind.`,
  "no-such-person": <P>(_about: About<P>): Said<P> => ["This person can't be found. Search for another name."],
  "unfit-assignee": <P>({ by }: About<P>): Said<P> =>
    say<P>`${by === null ? "Somebody you chose" : by} can't do this: they asked for it, receive it, or are away. Choose somebody else.`,
  "too-few-named": <P>({ needed }: About<P>): Said<P> =>
    say<P>`Choose ${needed === null ? "more people" : say<P>`at least ${needed} people`}: so many have to approve this.`,
  "no-such-application": <P>(_about: About<P>): Said<P> => ["This application can't be found. Search for another name."],
  "not-requestable": <P>({ application, name }: About<P>): Said<P> =>
    name === null
      ? say<P>`You can't ask for ${application === null ? "this application" : application}. If you need it, ask an administrator of Latchkey.`
      : say<P>`${application === null ? "This application" : application} can't be asked for, for ${name}. Choose another one, or ask an administrator of Latchkey.`,
  "already-held": <P>({ item }: About<P>): Said<P> => say<P>`You already have ${item === null ? "this" : item}. Choose something else.`,
  "already-asked": <P>({ item, number }: About<P>): Said<P> =>
    say<P>`You have already asked for ${item === null ? "this" : item}${number === null ? null : say<P>`: see request ${number}`}.`,
  "nobody-can-approve": <P>(_about: About<P>): Said<P> => [
    "Nobody can approve this at the moment, so it was not sent. Ask an administrator of Latchkey to name an approver.",
  ],
  "too-many-open": <P>({ most }: About<P>): Said<P> =>
    say<P>`You have asked for as much as may be open at once${most === null ? null : say<P>` (${most})`}, so this was not sent. Wait until some of it is done, or withdraw what you no longer need.`,
  "faulty-form": <P>(_about: About<P>): Said<P> => ["Some answers need a change. Each one is marked."],
  busy: <P>(_about: About<P>): Said<P> => ["Others acted on this at the same moment, so nothing was changed. Please try again."],
  "key-reused": <P>(_about: About<P>): Said<P> => ["This was sent once already with other content. Open it again and send it anew."],
};

function past(outcome: string | null): string {
  return (outcome === null ? null : DECIDED[outcome]) ?? "decided this";
}

/** Shown at a field of a form, as plain words. */
export const fieldFaults = {
  missing: (): string => "Please fill this in.",
  "too-long": (about: FaultAbout): string => `Please use at most ${about.most ?? "fewer"} characters.`,
  "not-an-option": (): string => "Please choose from the list.",
  "not-a-number": (): string => "Please write a number, such as 250 or 12.5.",
  "not-a-date": (): string => "Please choose a day.",
  past: (): string => "This day is over. Please choose a later one.",
  "too-long-a-time": (about: FaultAbout): string =>
    `Please choose at most ${about.most ?? "fewer"} ${about.most === "1" ? "day" : "days"}.`,
  "already-held": ({ name, item }: FaultAbout): string =>
    `${name ? `${name} already has` : "You already have"} ${item ?? "an account here"}. Choose something else.`,
  "already-asked": ({ name, item, number }: FaultAbout): string =>
    name
      ? `${item ?? "This account"} is already asked for, for ${name}: see request ${number ?? ""}.`
      : `You have already asked for ${item ?? "this account"}: see request ${number ?? ""}.`,
  "comes-with": ({ number }: FaultAbout): string =>
    `The account comes with request ${number ?? ""}. Choose something else, or wait for it.`,
  "not-active": ({ name }: FaultAbout): string =>
    `${name ?? "This person"} is not listed as active, so nothing can be asked for them. Choose somebody else.`,
};

type FaultAbout = Readonly<Record<string, string>>;

/** Said to a login that is nobody here. */
export const strangers = {
  "foreign-home": "This workspace is not connected to Latchkey. Write from your company's own workspace.",
  guest: "Guests can't use Latchkey. Ask your contact in the company to request access for you.",
  "not-linked": "I don't know yet who you are. Ask an administrator of Latchkey to link your chat account, then try again.",
  "not-active": "You are not listed as active in your company's records. Ask your manager or an administrator of Latchkey.",
  "directory-silent": "I could not check who you are just now. Please try again in a minute.",
};

/** Outcomes, with the next step; the title of the card and what stands below. */
export const notices = {
  approved: {
    title: (number: number): string => `Request ${number} is approved`,
    text: <P>(item: Said<P>, by: Said<P>): Said<P> => say<P>`${item} was approved by ${by}.`,
    next: <P>(fulfillers: Said<P>): Said<P> => say<P>`Next: setup by ${fulfillers}. You are told when it is done.`,
  },
  rejected: {
    title: (number: number): string => `Request ${number} is rejected`,
    text: <P>(item: Said<P>, by: P): Said<P> => say<P>`${item} was rejected by ${by}.`,
    next: <P>(by: P): Said<P> => say<P>`Next: talk to ${by}, or ask again and say more.`,
  },
  executed: {
    title: (number: number): string => `Request ${number} is complete`,
    text: <P>(item: Said<P>, by: P): Said<P> => say<P>`${item} was set up by ${by}.`,
    ends: <P>(end: Said<P>): Said<P> => say<P>`Ends: ${end}`,
  },
  retried: {
    title: (number: number): string => `Request ${number} is being tried again`,
    text: <P>(item: Said<P>, by: P): Said<P> => say<P>`${item} was sent back for another try by ${by}.`,
    next: <P>(fulfillers: Said<P>): Said<P> => say<P>`Next: setup by ${fulfillers}. You are told when it is done.`,
  },
  errored: {
    title: (number: number): string => `Request ${number} could not be set up`,
    /** The item within a sentence. */
    text: <P>(item: Said<P>, by: P): Said<P> => say<P>`${by} reported an error with ${item}.`,
    next: <P>(reviewers: Said<P>): Said<P> => say<P>`Next: ${reviewers} tries again or cancels it. You don't need to do anything.`,
  },
  "order-cancelled": {
    title: (number: number): string => `Request ${number} is cancelled`,
    text: <P>(item: Said<P>, by: P): Said<P> => say<P>`${item} was cancelled by ${by}.`,
    next: <P>(by: P): Said<P> => say<P>`Next: talk to ${by}, or ask again if you still need it.`,
  },
  cancelled: {
    title: (number: number): string => `Request ${number} is cancelled`,
    text: <P>(item: Said<P>, by: P): Said<P> => say<P>`${item} was cancelled by ${by}, an administrator.`,
    next: <P>(by: P): Said<P> => say<P>`Next: talk to ${by}, or ask again if you still need it.`,
  },
  withdrawn: {
    title: (number: number): string => `Request ${number} is withdrawn`,
    text: <P>(item: Said<P>, by: P): Said<P> => say<P>`${item} was withdrawn by ${by}.`,
    next: "You don't need to do anything.",
  },
  expired: {
    title: (number: number): string => `Request ${number} has expired`,
    text: <P>(item: Said<P>): Said<P> => say<P>`${item} expired, because nobody decided in time.`,
    next: "Next: ask again if you still need it.",
  },
};
