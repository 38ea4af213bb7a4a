/** Where a line stands, in sentences: its state, who holds it and since when, what comes next; and both lives beside each other. */
import type { Line } from "../domain/line.ts";
import { openTask } from "../domain/line.ts";
import { statusOf } from "../domain/status.ts";
import type { Texts } from "../texts/texts.ts";
import type { Fact, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import { group, holders, lookedAfterBy, moment, person, strong } from "./phrases.ts";

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
    case "approved":
    case "failed":
      return texts.requests.since(word, at);
    case "rejected":
    case "complete":
    case "cancelled": {
      const by = line.tasks.findLast((one) => one.decidedBy !== null)?.decidedBy;
      return by ? texts.requests.endedBy(word, person(by, voice), at) : texts.requests.ended(word, at);
    }
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

/** Why it was refused, could not be set up or was cancelled: whatever was said last, while it still matters. */
export function reasonOf(line: Line): string | null {
  const status = statusOf(line).status;
  if (status === "failed") return line.order?.error ?? null;
  if (status !== "rejected" && status !== "cancelled") return null;
  return line.tasks.findLast((task) => task.reason !== null)?.reason ?? null;
}
