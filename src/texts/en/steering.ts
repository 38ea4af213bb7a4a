/** Words for steering a request: withdrawing, nudging, an administrator's acts, where it stands, and typed commands. */
import type { Said } from "../say.ts";
import { say } from "../say.ts";

/** What to write for each typed command, as an example. Promised outside: the words themselves never change. */
export const typedCommands = {
  approve: "approve 12",
  reject: "reject 12 we have no licences left",
  claim: "claim 12",
  release: "release 12 I am on holiday",
  confirm: "confirm 12 anna.berg",
  error: "error 12 the system is down",
  withdraw: "withdraw 12",
  nudge: "nudge 12",
  status: "status 12",
  retry: "retry 12",
  "cancel-order": "cancel-order 12 we stop using it",
  cancel: "cancel 12 asked for by mistake",
  reassign: "reassign 12 @person she is on holiday",
  tasks: "tasks",
  requests: "requests",
  mine: "mine",
  late: "late",
  help: "help",
};

export const steering = {
  withdraw: {
    title: (number: number): string => `Withdraw request ${number}`,
    reason: "Why do you withdraw it?",
    hint: "You can leave this empty. Whoever it waits for reads it.",
    after: "This ends the request. You can ask again whenever you like.",
  },
  cancel: {
    title: (number: number): string => `Cancel request ${number}`,
    reason: "Why is it cancelled?",
    hint: "The requester reads this, and whoever it waits for.",
    after: <P>(who: P): Said<P> => say<P>`This is final: it ends the request, and ${who} is told.`,
  },
  release: {
    title: (number: number): string => `Release request ${number}`,
    reason: "Why do you take it away?",
    hint: (who: string): string => `${who} reads this. Afterwards others can claim it.`,
  },
  step: (step: number, steps: number): string => (steps === 1 ? "Approval" : `Step ${step} of ${steps}`),
  /** What a step that has no task of its own is. */
  later: {
    manager: "Then: decision by the manager",
    group: <P>(group: P): Said<P> => say<P>`Then: decision by ${group}`,
    counted: "Counted: who approved an earlier step approved this one too",
    over: "Not needed any more",
  },
  /** Beside the waiting: how far it has come, and when it is due. */
  waits: <P>(who: Said<P> | null, at: P, age: string): Said<P> =>
    say<P>`Waiting${who === null ? null : say<P>` for ${who}`} since ${at} (${age})`,
  decidedBy: <P>(outcome: string, by: Said<P> | null, at: P): Said<P> => say<P>`${outcome}${by === null ? null : say<P>` by ${by}`}, ${at}`,
  /** At the end of a card that is too full for buttons. */
  writeInstead: "To withdraw one or to remind somebody, write me withdraw or nudge and its number.",
};

export const typed = {
  unknown: (words: string): string => `I don't know "${words}".`,
  helpHint: 'Write "help" to me, or "/access help" anywhere, to see all commands.',
  didYouMean: (line: string): string => `Did you mean "${line}"?`,
  noNumber: (word: string, example: string): string =>
    `Write the number of the request after "${word}", such as "${example}". It stands on every card.`,
  oneAtATime: (word: string): string => `Please write one request at a time, such as "${word} 12". Nothing was changed.`,
  noSuchRequest: (number: number): string => `There is no request ${number}. Write "tasks" or "requests" to see yours.`,
  /** The request has no task that the command is about. */
  notNow: (word: string, number: number): string => `Nothing in request ${number} can be answered with "${word}" just now.`,
  example: (example: string): string => `Write it like this: "${example}".`,
  whoElse: (example: string): string => `Say who should do it: mention them or write their e-mail address, such as "${example}".`,
  nobodyKnown: (who: string): string =>
    `I don't know ${who}. Mention somebody whose chat account is linked, or write their e-mail address. Nothing was changed.`,
  somebody: "that person",
  nothingWritten: "Write me a command, or use the buttons on my home page.",
};
