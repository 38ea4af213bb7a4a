/** Buttons that steer a request as a whole: the requester's, and the administrators'. What they offer is a courtesy; the right is worked out at the click. */
import type { LineVerb } from "../domain/commands.ts";
import type { Line, Task } from "../domain/line.ts";
import { awaited, openTask } from "../domain/line.ts";
import { hindrance, hindranceOnLine } from "../domain/may.ts";
import type { PersonId } from "../domain/people.ts";
import { statusOf } from "../domain/status.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Button } from "./card.ts";
import { actButton, askAgainButton, itemWords } from "./phrases.ts";

const TONES: Readonly<Record<LineVerb, Button["tone"]>> = { withdraw: "plain", nudge: "plain", cancel: "stop" };

export function lineButton(verb: LineVerb, line: Line, texts: Texts): Button {
  const label = texts.buttons[verb];
  const spoken = texts.buttons.spoken(label, line.number, itemWords(line, texts));
  return { label, tone: TONES[verb], action: { kind: "act-on-line", verb, line: line.id }, spoken };
}

export function showButton(line: Line, task: Task, texts: Texts): Button {
  const label = texts.buttons.show;
  return {
    label,
    tone: "plain",
    action: { kind: "show", task: task.id },
    spoken: texts.buttons.spoken(label, line.number, itemWords(line, texts)),
  };
}

/** Opens the whole card of a task, where a place had no room for it. */
export function wholeTaskButton(line: Line, task: Task, texts: Texts): Button {
  const label = texts.buttons.showAll;
  const spoken = texts.buttons.spoken(label, line.number, itemWords(line, texts));
  return { label, tone: "plain", action: { kind: "show", task: task.id }, spoken };
}

/** Opens everything about the line's request. */
export function wholeRequestButton(line: Line, texts: Texts): Button {
  const label = texts.buttons.showAll;
  const spoken = texts.buttons.spoken(label, line.number, itemWords(line, texts));
  return { label, tone: "plain", action: { kind: "show-request", number: line.number }, spoken };
}

/** Nudge while somebody holds an open task, Withdraw while there is something to withdraw, Request again once it ended without access. */
export function requesterButtons(line: Line, texts: Texts): readonly Button[] {
  const offers = (verb: LineVerb) => hindranceOnLine(line, verb, line.requester, { administrator: false }) === null;
  const task = openTask(line);
  const held = task !== undefined && awaited(line, task).some((person) => person !== line.requester);
  return [
    ...(held && offers("nudge") ? [lineButton("nudge", line, texts)] : []),
    ...(offers("withdraw") ? [lineButton("withdraw", line, texts)] : []),
    ...(mayAskAgain(line) ? [askAgainButton(line, texts)] : []),
  ];
}

export function mayAskAgain(line: Line): boolean {
  const { status } = statusOf(line);
  return status === "rejected" || status === "cancelled" || status === "withdrawn" || status === "expired";
}

/** What an administrator may do about the line now. */
export function administratorButtons(line: Line, administrator: PersonId, texts: Texts): readonly Button[] {
  const rights = { administrator: true };
  const task = openTask(line);
  const on = (verb: "reassign" | "release") =>
    task && hindrance(line, task, verb, administrator, rights) === null ? [actButton(verb, line, task, texts)] : [];
  const offersRelease = task?.kind === "fulfilment" && task.claimedBy !== null;
  return [
    ...on("reassign"),
    ...(offersRelease ? on("release") : []),
    ...(hindranceOnLine(line, "cancel", administrator, rights) === null ? [lineButton("cancel", line, texts)] : []),
  ];
}

/** A row of buttons, where there are any. */
export function buttonRow(buttons: readonly Button[]): readonly Block[] {
  return buttons.length === 0 ? [] : [{ type: "buttons", buttons }];
}
