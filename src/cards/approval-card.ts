/** The card of an approver: who, what, why, how long, how risky; then the decision, or who made it and when. */
import type { Line, Task, Vote } from "../domain/line.ts";
import { riskOf } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { TaskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Card, Fact, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import {
  actButtons,
  describedAs,
  factBlocks,
  formFacts,
  group,
  holders,
  howLong,
  introduced,
  item,
  itemWords,
  mayAct,
  moment,
  nameOf,
  note,
  paragraph,
  person,
  riskFacts,
  warning,
} from "./phrases.ts";

export function approvalCard(view: TaskView, texts: Texts): Card {
  const { line, task, viewer } = view;
  const voice: Voice = { directory: view.directory, texts };
  return {
    title: texts.titles.request(line.number, line.application.name),
    blocks: [
      ...outcome(line, task, voice),
      ...(task.state === "open" && riskOf(line) === "high" ? [warning(texts.approvals.highRisk())] : []),
      ...factBlocks(factsOf(line, task, voice)),
      ...votesOf(line, task, viewer).map((vote) => note(voteText(vote, voice))),
      ...(task.state === "open" ? openPart(line, task, viewer, voice) : []),
    ],
    summary: summaryOf(line, task, voice),
  };
}

function factsOf(line: Line, task: Task, voice: Voice): readonly Fact[] {
  const { labels } = voice.texts;
  const allows = describedAs(line);
  return [
    { label: labels.who, value: introduced(line.beneficiary, voice) },
    ...(line.requester === line.beneficiary ? [] : [{ label: labels.askedBy, value: introduced(line.requester, voice) }]),
    { label: labels.what, value: item(line, voice.texts) },
    ...(allows === "" ? [] : [{ label: line.entitlement ? labels.allows : labels.about, value: [allows] }]),
    { label: labels.why, value: [line.justification] },
    { label: labels.howLong, value: [howLong(line.until, voice.texts)] },
    ...riskFacts(line, voice.texts),
    ...formFacts(line, voice.texts),
    ...progress(line, task, voice.texts),
  ];
}

/** Said only where it isn't plain: several approvals, or several steps. */
function progress(line: Line, task: Task, texts: Texts): readonly Fact[] {
  const steps = line.policy.steps.length;
  const parts = [
    ...(task.needed > 1 ? [texts.approvals.progress(task.votes.filter((vote) => vote.vote === "approved").length, task.needed)] : []),
    ...(steps > 1 ? [texts.approvals.step((task.step ?? line.step) + 1, steps)] : []),
  ];
  return parts.length === 0 ? [] : [{ label: texts.labels.approvals, value: [parts.join(", ")] }];
}

/** Approvals given up to this task, oldest first; the one that decided it, and the viewer's own, are said elsewhere on the card. */
function votesOf(line: Line, task: Task, viewer: PersonId | null): readonly Vote[] {
  const saidElsewhere = (vote: Vote) =>
    vote.reason === null && task.votes.includes(vote) && vote.by === (task.state === "open" ? viewer : task.decidedBy);
  return line.tasks
    .filter((one) => one.kind === "approval" && (one.step ?? 0) <= (task.step ?? 0))
    .flatMap((one) => one.votes)
    .filter((vote) => vote.vote === "approved" && !saidElsewhere(vote));
}

function voteText(vote: Vote, voice: Voice): Text {
  return voice.texts.approvals.vote(person(vote.by, voice), moment(vote.at), vote.reason);
}

function openPart(line: Line, task: Task, viewer: PersonId | null, voice: Voice): readonly Block[] {
  const own = task.votes.find((vote) => vote.by === viewer);
  if (own) {
    const text = voice.texts.approvals.youVoted(moment(own.at), task.needed - task.votes.length);
    return [paragraph(text)];
  }
  if (!mayAct(line, task, viewer)) return [paragraph(voice.texts.approvals.notYours(holders(line, task, voice)))];
  return [note(whyAsked(task, viewer, voice)), ...actButtons(line, task, voice.texts)];
}

function whyAsked(task: Task, viewer: PersonId | null, voice: Voice): Text {
  const { approvals, because } = voice.texts;
  const at = moment(task.openedAt);
  for (const assignee of viewer === null ? [] : task.assignees) {
    if (assignee.kind === "person" && assignee.person === viewer) return approvals.askedAs(at, because[assignee.because]);
    if (assignee.kind === "group" && assignee.members.includes(viewer ?? ""))
      return approvals.askedInGroup(at, group(assignee.group, voice));
  }
  return approvals.asked(at);
}

/** Who decided and when; nothing while it is open. */
function outcome(line: Line, task: Task, voice: Voice): readonly Block[] {
  if (task.state === "open") return [];
  const { approvals } = voice.texts;
  const by = person(task.decidedBy, voice);
  const at = moment(task.decidedAt ?? line.submittedAt);
  const reason: readonly Block[] = task.reason === null ? [] : [warning(approvals.reason(task.reason))];
  if (task.outcome === "approved") return [paragraph(approvals.approved(by, at))];
  if (task.outcome === "rejected") return [paragraph(approvals.rejected(by, at)), ...reason];
  if (task.outcome === "withdrawn") return [paragraph(approvals.withdrawn(by, at)), ...reason];
  return [paragraph([approvals.closed])];
}

function summaryOf(line: Line, task: Task, voice: Voice): string {
  const { approvals, outcomes } = voice.texts;
  const what = itemWords(line, voice.texts);
  if (task.state === "open") return approvals.summary(nameOf(line.beneficiary, voice), what, line.number);
  return approvals.summaryOver(line.number, what, task.outcome === null ? outcomes.closed : outcomes[task.outcome]);
}
