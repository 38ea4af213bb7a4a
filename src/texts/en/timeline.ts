/** One sentence for each kind of event, for whoever looks over the product's shoulder. */
export interface TimelineEntry {
  readonly kind: string;
  readonly actor: string;
  readonly what: string;
  readonly whom: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly to: string;
  readonly step: number;
}

const quoted = (value: unknown) => (typeof value === "string" && value !== "" ? `: “${value}”` : "");

/** How a task ended, by its outcome. */
const ENDED: Readonly<Record<string, string>> = {
  approved: "approved",
  rejected: "rejected",
  executed: "done",
  errored: "it could not be done",
  retried: "sent out again",
  cancelled: "cancelled",
  withdrawn: "withdrawn",
  expired: "nobody decided in time",
};

const ended = (outcome: unknown): string => ENDED[String(outcome)] ?? "over";

/** What somebody tried, by the command's verb; a new request is `ask <application>`. */
export const tried: Readonly<Record<string, string>> = {
  approve: "approve it",
  reject: "reject it",
  claim: "claim the task",
  release: "release the task",
  confirm: "confirm that it is done",
  "report-error": "report an error",
  retry: "send the order out again",
  "cancel-order": "cancel the order",
  reassign: "hand the task to others",
  withdraw: "withdraw it",
  nudge: "send a reminder",
  cancel: "cancel it",
  status: "look at it",
};

const wanted = (verb: string): string => tried[verb] ?? (verb.startsWith("ask ") ? `ask for ${verb.slice(4)}` : "act");

/** Why something was refused, for whoever looks on; by the refusal's name. Goes on after "but". */
export const notDone: Readonly<Record<string, string>> = {
  "no-such-task": "the task isn't there",
  "not-active": "isn't listed as active",
  "own-request": "nobody decides about what they asked for or receive",
  "already-decided": "the task was closed before",
  "already-claimed": "somebody else has claimed it",
  "already-voted": "had said yes before",
  "not-yours": "the task waits for others",
  "not-shown": "the request is shown only to those whom it concerns",
  "not-claimed": "nobody has claimed the task yet",
  "not-claimer": "somebody else has claimed the task",
  "stale-card": "the card had changed meanwhile",
  "reason-missing": "gave no reason",
  "too-long": "the text was too long",
  "login-missing": "named no login",
  "login-taken": "the login belongs to somebody else",
  "end-passed": "the day until which it was asked for is over",
  "not-requester": "only who asked may do that",
  "not-administrator": "only an administrator of Latchkey may do that",
  "already-over": "the request was over before",
  "nudged-already": "had done so a short while ago",
  "nothing-waits": "the request waits for nobody",
  "no-such-person": "the person isn't there",
  "unfit-assignee": "somebody they named can't do it",
  "too-few-named": "named too few people",
  "no-such-application": "the application isn't there",
  "not-requestable": "it isn't offered to them",
  "already-held": "it is theirs already",
  "already-asked": "has asked for it before",
  "nobody-can-approve": "there is nobody who could approve it",
  "too-many-open": "too many of their requests are open",
  "faulty-form": "some answers have faults",
  busy: "others acted at the same moment",
  "key-reused": "the same form was sent before with other content",
};

/** By the event's kind; a kind that isn't listed is shown by its name. */
export const timeline: Readonly<Record<string, (entry: TimelineEntry) => string>> = {
  submitted: ({ actor, what }) => `${actor} asked for ${what}`,
  "fallback-used": () => "Whoever should act can't, so others were asked and an administrator was told",
  "task-opened": ({ data, to }) => {
    const task = data.task as { kind?: string; needed?: number } | undefined;
    const verb = task?.kind === "approval" ? "Approval" : task?.kind === "review" ? "Review" : "Work";
    return `${verb} put before ${to}${task?.needed && task.needed > 1 ? `, ${task.needed} voices needed` : ""}`;
  },
  voted: ({ actor, data }) => {
    const vote = data.vote as { vote?: string; reason?: string } | undefined;
    return `${actor} ${vote?.vote === "rejected" ? "said no" : "said yes"}${quoted(vote?.reason)}`;
  },
  "task-decided": ({ actor, data }) => `${actor} closed the task: ${ended(data.outcome)}`,
  "step-counted": ({ step }) => `Step ${step} needs nobody: who said yes before counts here too`,
  "step-passed": ({ step }) => `Step ${step} passed`,
  approved: () => "Approved",
  rejected: ({ actor, data }) => `${actor} rejected it${quoted(data.reason)}`,
  "order-created": ({ what, whom }) => `Order made: ${what} for ${whom}`,
  "order-transmitted": ({ to }) => `Order put on the list of ${to}`,
  claimed: ({ actor }) => `${actor} claimed the task`,
  released: ({ actor, data }) => `${actor} released the task${quoted(data.reason)}`,
  reassigned: ({ actor, to, data }) =>
    actor === "" ? `People changed, so ${to} is asked now` : `${actor} handed the task to ${to}${quoted(data.reason)}`,
  reminded: ({ to, data }) => `Reminder ${String(data.nth ?? "")} for ${to}`,
  escalated: ({ to, data }) =>
    Array.isArray(data.to) && data.to.length === 0 ? "Late, and nobody is left to turn to" : `Late, so it was taken further to ${to}`,
  nudged: ({ actor }) => `${actor} asked for a reminder`,
  "task-closed": ({ data }) => `The task was closed: ${ended(data.outcome)}`,
  withdrawn: ({ actor, data }) => `${actor} withdrew it${quoted(data.reason)}`,
  cancelled: ({ actor, data }) => `${actor} cancelled it${quoted(data.reason)}`,
  expired: () => "Nobody decided in time: it expired",
  "order-executed": ({ actor, data }) => `${actor} confirmed it is done, login ${String(data.login ?? "")}`,
  "assignment-started": ({ whom, what }) => `${whom} has ${what} from now`,
  "order-errored": ({ actor, data }) => `${actor} reported an error${quoted(data.reason)}`,
  "order-retried": ({ actor }) => `${actor} sent the order out again`,
  "order-cancelled": ({ actor, data }) => `${actor} cancelled the order${quoted(data.reason)}`,
  refused: ({ actor, data }) => `${actor} wanted to ${wanted(String(data.verb ?? ""))}, but ${notDone[String(data.refusal)] ?? "couldn't"}`,
  "account-linked": ({ to, actor }) => `${actor === "" ? to : actor}'s chat account was recognised`,
  "account-unlinked": ({ to, data }) => `An administrator took a chat account away from ${to}: ${String(data.user ?? "")}`,
  "not-linked": ({ data }) => `A chat account belongs to nobody: ${String(data.user ?? "")}`,
  "not-a-member": ({ data }) => `A chat account that people.csv names is no full member's: ${String(data.user ?? "")}`,
  "not-delivered": ({ data }) => `A card could not be delivered: ${String(data.why ?? "")}`,
  "configuration-applied": ({ data }) => `Configuration version ${String(data.version ?? "")} applied`,
  "person-erased": ({ to, data }) => `${to === "" ? String(data.person ?? "") : to}: what was known of them was erased`,
  "assignment-ended": ({ whom, what }) => `${whom} no longer has ${what}`,
  "person-moved": ({ to, data }) => `${to} is now ${String(data.to ?? "")}`,
};

/** Why a request waits for somebody, for the strip that leads a newcomer. */
export const waits = {
  title: ({ what, whom }: { readonly what: string; readonly whom: string }): string => `${what} for ${whom}`,
  needs: (kind: string, isClaimed: boolean): string =>
    kind === "approval"
      ? "Waits for a decision"
      : kind === "review"
        ? "Waits for somebody to sort it out"
        : isClaimed
          ? "Waits for the work to be confirmed"
          : "Waits for somebody to do the work",
  /** `because` is the assignee's, as the rules name it. */
  why: (given: { readonly because: string; readonly group: string | null; readonly whom: string; readonly isClaimed: boolean }): string => {
    if (given.isClaimed) return "claimed it";
    if (given.group !== null) return `one of ${given.group}`;
    return WHY[given.because]?.(given.whom) ?? given.because;
  },
};

const WHY: Readonly<Record<string, (whom: string) => string>> = {
  manager: (whom) => `manager of ${whom}`,
  "manager-of-manager": (whom) => `manager of ${whom}'s manager`,
  "fallback-approver": () => "asked because nobody else can decide",
  "business-owner": () => "owns the application",
  "technical-owner": () => "owns the application technically",
  administrator: () => "administers Latchkey",
  fulfiller: () => "administers the application",
  escalated: () => "asked because it was late",
  reassigned: () => "named by an administrator",
};
