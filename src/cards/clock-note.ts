/** What time has done to an open task, and will do: due, reminded, nudged, others asked, expiry. One note; null: nothing of the kind. */

import type { Because, Line, Task } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { Block, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import { few, group, moment, note, paragraph, person, together } from "./phrases.ts";

const MOST_NAMED = 6;

export function clockBlocks(line: Line, task: Task, voice: Voice): readonly Block[] {
  const { clocks } = voice.texts;
  const { dueAt, expireAt, reminders, nudgedAt } = task.clock;
  const said: readonly Text[] = [
    ...(dueAt === null ? [] : [clocks.due(moment(dueAt))]),
    ...(expireAt === null ? [] : [clocks.expires(moment(expireAt))]),
    ...(reminders === 0 ? [] : [[clocks.reminded(reminders)]]),
    ...(nudgedAt === null ? [] : [clocks.nudged(person(line.requester, voice), moment(nudgedAt))]),
    ...hops(task, "escalated", voice),
    ...hops(task, "reassigned", voice),
  ];
  return said.length === 0 ? [] : [note(said.flatMap((text, index) => (index === 0 ? text : [" ", ...text])))];
}

/** To whoever it was passed on to, and in channels: by whom and why. */
export function handedBlocks(task: Task, viewer: PersonId | null, voice: Voice): readonly Block[] {
  const { handed } = task;
  const chosen = task.assignees.some(
    (one) =>
      one.because === "reassigned" && (viewer === null || (one.kind === "person" ? one.person === viewer : one.members.includes(viewer))),
  );
  return handed && chosen ? [paragraph(voice.texts.clocks.handed(person(handed.by, voice), handed.reason))] : [];
}

/** Whom the task went to later, and since when; who came at one instant is named together. */
function hops(task: Task, because: Extract<Because, "escalated" | "reassigned">, voice: Voice): readonly Text[] {
  const later = task.assignees.filter((assignee) => assignee.because === because);
  const instants = [...new Set(later.map((assignee) => (assignee.since ?? task.openedAt).getTime()))].sort((a, b) => a - b);
  return instants.map((at) => {
    const asked = later.filter((assignee) => (assignee.since ?? task.openedAt).getTime() === at);
    const names = asked.map(
      (assignee): Text => [assignee.kind === "group" ? group(assignee.group, voice) : person(assignee.person, voice)],
    );
    return voice.texts.clocks[because](together(few(names, voice.texts, MOST_NAMED), voice.texts), moment(new Date(at)));
  });
}
