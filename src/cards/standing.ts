/** Where a line stands, in sentences: its state, who holds it and since when, what comes next; and both lives beside each other. */
import type { Line } from "../domain/line.ts";
import { openTask } from "../domain/line.ts";
import { statusOf } from "../domain/status.ts";
import { endOf, longestGrant } from "../domain/until.ts";
import type { Texts } from "../texts/texts.ts";
import type { Fact, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import { date, group, holders, lookedAfterBy, moment, person, strong } from "./phrases.ts";

/** "Waiting for approval by Ines Roth (manager) since ..." */
export function standingText(line: Line, voice: Voice): Text {
  const { texts } = voice;
  const { status, since } = statusOf(line);
  const word = strong(texts.status[status]);
  const at = moment(since);
  const task = openTask(line);
  switch (status) {
    case "waiting-for-approval":
    case "waiting-for-fulfilment":
    case "being-done": {
      const who = task ? holders(line, task, voice) : null;
      return who ? texts.requests.heldBy(word, who, at) : texts.requests.since(word, at);
    }
    case "draft":
    case "failed":
      return texts.requests.since(word, at);
    case "rejected":
    case "complete":
    case "cancelled": {
      const by = line.tasks.findLast((one) => one.decidedBy !== null)?.decidedBy;
      if (!by) return texts.requests.ended(word, at);
      return texts.requests[status === "complete" ? "completeBy" : "endedBy"](word, person(by, voice), at);
    }
    case "approved":
    case "withdrawn":
    case "expired":
      return texts.requests.ended(word, at);
  }
}

/** Who or what comes next, and what the requester can do; null: nothing is left to say. */
export function nextText(line: Line, voice: Voice): Text | null {
  const { next } = voice.texts.requests;
  const task = openTask(line);
  const who = task ? holders(line, task, voice) : null;
  switch (statusOf(line).status) {
    case "draft":
      return [next.send];
    case "waiting-for-approval":
      return afterApproval(line, voice);
    case "approved":
      return next.handedOver(lookedAfterBy(line.application.fulfillers, voice));
    case "waiting-for-fulfilment":
    case "being-done":
      return [next.confirms];
    case "failed":
      return who ? next.review(who) : null;
    case "complete":
      return next.signIn(strong(line.order?.login ?? ""), strong(line.application.name));
    case "rejected":
    case "cancelled": {
      const by = line.tasks.findLast((one) => one.decidedBy !== null)?.decidedBy;
      return by ? next.talkTo(person(by, voice)) : [next.askAgain];
    }
    case "withdrawn":
    case "expired":
      return [next.askAgain];
  }
}

function afterApproval(line: Line, voice: Voice): Text {
  const { next } = voice.texts.requests;
  const step = line.policy.steps[line.step + 1];
  if (!step) return next.setUp(lookedAfterBy(line.application.fulfillers, voice));
  return step.approvers.kind === "manager" ? [next.manager] : next.decides(group(step.approvers.group, voice));
}

/** The workflow's state and the provisioning state, each in plain words and never mixed. */
export function stateFacts(line: Line, texts: Texts): readonly Fact[] {
  return [
    { label: texts.labels.approval, value: [approvalWords(line, texts)] },
    { label: texts.labels.setup, value: [texts.provisioning[line.order?.state ?? "none"]] },
  ];
}

export function approvalWords(line: Line, texts: Texts): string {
  const state = texts.approval[line.approval];
  if (line.approval !== "pending") return state;
  const { given, needed, step, steps } = statusOf(line);
  return texts.requests.pending(state, { given, needed, step, steps });
}

/** Why it was refused, could not be set up or was cancelled, while it still matters; null: nothing of the kind. */
export function troubleText(line: Line, voice: Voice): Text | null {
  const status = statusOf(line).status;
  if (status === "failed") {
    const failed = line.tasks.findLast((task) => task.outcome === "errored");
    const at = moment(failed?.decidedAt ?? line.submittedAt);
    return voice.texts.orders.errored(person(failed?.decidedBy ?? null, voice), at, failed?.reason ?? line.order?.error ?? "");
  }
  if (status !== "rejected" && status !== "cancelled") return null;
  const reason = line.tasks.findLast((task) => task.reason !== null)?.reason;
  return reason ? voice.texts.approvals.reason(reason) : null;
}

/**
 * When access that was set up ends, or that it doesn't. `known`: the assignment's end (null: for good); left out, it is counted from the confirmation
 * as far as that can be done without the beneficiary's time zone: a date that was asked for is that date.
 */
export function endOfAccess(line: Line, known: Date | null | undefined, texts: Texts): Text {
  const start = line.order?.executedAt;
  if (known === undefined && line.until?.kind === "date") return [texts.time.day(line.until.date)];
  const rule = { timeZone: "UTC", longest: longestGrant(line.application, line.entitlement) };
  const end = known === undefined && start ? endOf(line.until, start, rule) : (known ?? null);
  return [end === null ? texts.time.forGood : date(end)];
}
