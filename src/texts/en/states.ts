/** States, risks and times in plain words. */
import type { Said } from "../say.ts";
import { say } from "../say.ts";

/** Where a line stands, in one phrase. */
export const status = {
  draft: "Draft",
  "waiting-for-approval": "Waiting for approval",
  approved: "Approved",
  "waiting-for-fulfilment": "Waiting to be set up",
  "being-done": "Being set up",
  failed: "Failed",
  complete: "Complete",
  rejected: "Rejected",
  withdrawn: "Withdrawn",
  expired: "Expired",
  cancelled: "Cancelled",
};

/** The workflow's state, shown beside the label Approval. */
export const approval = {
  draft: "Not sent yet",
  pending: "Waiting",
  approved: "Approved",
  rejected: "Rejected",
  withdrawn: "Withdrawn",
  expired: "Expired",
};

/** The provisioning state, shown beside the label Setup. */
export const provisioning = {
  none: "Not started",
  "awaiting-review": "Waiting for a check",
  scheduled: "Planned",
  pending: "About to start",
  transmitted: "On the work list",
  executed: "Done",
  verified: "Done and checked",
  errored: "Failed",
  inactive: "Lapsed",
  cancelled: "Cancelled",
};

/** What became of a task. */
export const outcomes = {
  approved: "approved",
  rejected: "rejected",
  executed: "set up",
  errored: "an error was reported",
  retried: "sent back for another try",
  cancelled: "cancelled",
  withdrawn: "withdrawn",
  expired: "expired",
  closed: "closed",
};

export const risk = { low: "Low", medium: "Medium", high: "High" };

export const accountType = { standard: "Standard", privileged: "Privileged", shared: "Shared", service: "Service" };

/** What an entitlement makes of an account of another type. */
export const rights = { standard: "standard rights", privileged: "privileged rights", shared: "shared rights", service: "service rights" };

/** Both at once: an entitlement doesn't change what the account is, but what one can do with it. */
export const accountWith = (account: string, added: string): string => `${account}, gains ${added}`;

/** Why somebody is asked; stands in brackets after the name. */
export const because = {
  manager: "manager",
  "manager-of-manager": "manager's manager",
  group: "group",
  "fallback-approver": "stand-in approver",
  "business-owner": "business owner",
  "technical-owner": "technical owner",
  administrator: "administrator",
  fulfiller: "does the setup",
  escalated: "asked because it is late",
  reassigned: "chosen by an administrator",
};

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

/** What time does to a task. */
export const clocks = {
  due: <P>(at: P): Said<P> => say<P>`Due ${at}.`,
  expires: <P>(at: P): Said<P> => say<P>`Expires ${at}.`,
  reminded: (count: number): string => (count === 1 ? "Reminded once." : `Reminded ${count} times.`),
  nudged: <P>(by: P, at: P): Said<P> => say<P>`Nudged by ${by}, ${at}.`,
  escalated: <P>(to: Said<P>, at: P): Said<P> => say<P>`It was late, so ${to} can act too since ${at}.`,
  reassigned: <P>(to: Said<P>, at: P): Said<P> => say<P>`Passed on to ${to}, ${at}.`,
  /** By an administrator, to the reader. */
  handed: <P>(by: P, reason: string | null): Said<P> => ["Passed on by ", by, reason === null || reason === "" ? "." : `: ${reason}`],
};

export const time = {
  days,
  /** A calendar day that is the same for everybody, from its ISO form (YYYY-MM-DD); written as Slack writes instants in English. */
  day: (iso: string): string => {
    const [year, month, day] = iso.split("-");
    return `${MONTHS[Number(month) - 1] ?? month} ${Number(day)}, ${year}`;
  },
  daysFromSetup: (count: number): string => `${days(count)}, from when it is set up`,
  untilDay: (day: string): string => `Until ${day}`,
  forGood: "No end date",
};
