/** Where a line stands, in sentences: its state, who holds it and since when, what comes next; and both lives beside each other. */
import type { Line, Outcome } from "../domain/line.ts";
import { askedSince, openTask } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import { statusOf } from "../domain/status.ts";
import { endOf, longestGrant } from "../domain/until.ts";
import type { Texts } from "../texts/texts.ts";
import type { Fact, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import { approversOf, date, group, holders, lookedAfterBy, moment, people, person, strong } from "./phrases.ts";

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
    case "withdrawn":
    case "cancelled": {
      const by = line.closing ? line.closing.by : line.tasks.findLast((one) => one.decidedBy !== null)?.decidedBy;
      if (!by) return texts.requests.ended(word, at);
      return texts.requests[status === "complete" ? "completeBy" : "endedBy"](word, person(by, voice), at);
    }
    case "approved":
    case "expired":
      return texts.requests.ended(word, at);
  }
}

/** Who or what comes next, and what the reader can do; null: nothing is left to say. */
export function nextText(line: Line, voice: Voice, reader: PersonId = line.requester): Text | null {
  const { next } = voice.texts.requests;
  const task = openTask(line);
  const who = task ? holders(line, task, voice) : null;
  switch (statusOf(line).status) {
    case "draft":
      return [next.send];
    case "waiting-for-approval": {
      const expires = task?.clock.expireAt;
      return [...afterApproval(line, voice), ...(expires ? [" ", ...next.expires(moment(expires))] : [])];
    }
    case "approved":
      return next.handedOver(lookedAfterBy(line.application.fulfillers, voice));
    case "waiting-for-fulfilment":
    case "being-done":
      return [next.confirms];
    case "failed":
      return who ? next.review(who) : null;
    case "complete":
      return signInText(line, voice, reader);
    case "rejected":
    case "cancelled": {
      const by = line.closing ? line.closing.by : line.tasks.findLast((one) => one.decidedBy !== null)?.decidedBy;
      return by ? next.talkTo(person(by, voice)) : [next.askAgain];
    }
    case "withdrawn":
    case "expired":
      return [next.askAgain];
  }
}

/** To whoever received it, or of them. */
export function signInText(line: Line, voice: Voice, reader: PersonId): Text {
  const who = line.beneficiary === reader ? null : person(line.beneficiary, voice);
  return voice.texts.requests.next.signIn(strong(line.order?.login ?? ""), strong(line.application.name), who);
}

function afterApproval(line: Line, voice: Voice): Text {
  const { next } = voice.texts.requests;
  const step = line.policy.steps[line.step + 1];
  if (!step) return next.setUp(lookedAfterBy(line.application.fulfillers, voice));
  return step.approvers.kind === "manager" ? [next.manager] : next.decides(group(step.approvers.group, voice));
}

/** The workflow's state and the provisioning state, never mixed; each with who holds it or who ended it, and when. */
export function stateFacts(line: Line, voice: Voice): readonly Fact[] {
  const { labels } = voice.texts;
  return [
    { label: labels.approval, value: approvalText(line, voice) },
    { label: labels.setup, value: setupText(line, voice) },
  ];
}

function approvalText(line: Line, voice: Voice): Text {
  const { texts } = voice;
  const state = texts.approval[line.approval];
  switch (line.approval) {
    case "draft":
      return [state];
    case "pending": {
      const task = openTask(line);
      const who = task ? holders(line, task, voice) : null;
      const waiting = texts.requests.waitingFor(who, moment(task ? askedSince(task, null) : line.submittedAt));
      return [...waiting, ...texts.requests.progress(statusOf(line)).map((part) => `, ${part}`)];
    }
    case "approved": {
      const all = approversOf(line);
      return texts.requests.by(state, all.length === 0 ? null : people(all, voice), moment(line.decidedAt ?? line.submittedAt));
    }
    case "rejected": {
      const by = line.tasks.findLast((task) => task.outcome === "rejected")?.decidedBy ?? null;
      return texts.requests.by(state, by === null ? null : [person(by, voice)], moment(line.decidedAt ?? line.submittedAt));
    }
    case "withdrawn":
    case "expired": {
      const by = line.closing?.by ?? null;
      const word = line.closing?.how === "cancelled" ? texts.status.cancelled : state;
      return texts.requests.by(word, by === null ? null : [person(by, voice)], moment(line.decidedAt ?? line.submittedAt));
    }
  }
}

function setupText(line: Line, voice: Voice): Text {
  const { texts } = voice;
  const state = texts.provisioning[line.order?.state ?? "none"];
  const task = openTask(line);
  switch (line.order?.state) {
    case "transmitted":
      if (task?.claimedBy) return texts.requests.on(person(task.claimedBy, voice), moment(task.claimedAt ?? task.openedAt));
      return task ? texts.requests.waitingFor(holders(line, task, voice), moment(askedSince(task, null))) : [state];
    case "executed":
    case "verified":
      return endedBy("executed");
    case "cancelled":
      if (line.closing) return texts.requests.by(state, line.closing.by ? [person(line.closing.by, voice)] : null, moment(line.closing.at));
      return endedBy("cancelled");
    case undefined:
    case "awaiting-review":
    case "scheduled":
    case "pending":
    case "errored":
    case "inactive":
      return [state];
  }

  function endedBy(outcome: Outcome): Text {
    const last = line.tasks.findLast((one) => one.outcome === outcome);
    return last?.decidedAt
      ? texts.requests.by(state, last.decidedBy ? [person(last.decidedBy, voice)] : null, moment(last.decidedAt))
      : [state];
  }
}

export function approvalWords(line: Line, texts: Texts): string {
  const state = texts.approval[line.approval];
  return line.approval === "pending" ? [state, ...texts.requests.progress(statusOf(line))].join(", ") : state;
}

/** Why it was refused, could not be set up or was cancelled, while it still matters; null: nothing of the kind. */
export function troubleText(line: Line, voice: Voice): Text | null {
  const status = statusOf(line).status;
  if (status === "failed") {
    const failed = line.tasks.findLast((task) => task.outcome === "errored");
    const at = moment(failed?.decidedAt ?? line.submittedAt);
    return voice.texts.orders.errored(person(failed?.decidedBy ?? null, voice), at, failed?.reason ?? line.order?.error ?? "");
  }
  if (line.closing) return line.closing.reason === null ? null : voice.texts.approvals.reason(line.closing.reason);
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
