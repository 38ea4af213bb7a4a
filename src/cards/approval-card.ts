/** The card of an approver: who, what, why, how long, how risky; then the decision, or who made it and when. */
import type { Line, Task, Vote } from "../domain/line.ts";
import { askedSince, riskOf } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { TaskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Card, Fact, Text } from "./card.ts";
import { clockBlocks, handedBlocks } from "./clock-note.ts";
import { closingBlocks } from "./closing.ts";
import type { Voice } from "./phrases.ts";
import {
  actButtons,
  approversOf,
  describedAs,
  few,
  group,
  holders,
  howLong,
  introduced,
  itemFirst,
  itemWords,
  mayAct,
  moment,
  nameOf,
  note,
  paragraph,
  people,
  person,
  riskFacts,
  spared,
  strong,
  together,
  warning,
  withFormFacts,
} from "./phrases.ts";
import { wholeTaskButton } from "./steering-buttons.ts";

export function approvalCard(view: TaskView, texts: Texts): Card {
  const { line, task, viewer } = view;
  const voice: Voice = { directory: view.directory, texts };
  return {
    title: texts.titles.request(line.number, line.application.name),
    blocks: [
      ...approvalOutcome(line, task, voice),
      ...(task.state === "open" && riskOf(line) === "high" ? [warning(texts.approvals.highRisk())] : []),
      ...withFormFacts(factsOf(line, task, voice), line, texts),
      ...siblings(view, texts),
      ...spared(votesOf(line, task, viewer).map((vote) => note(voteText(vote, voice)))),
      ...(task.state === "open" ? openPart(line, task, viewer, voice) : []),
    ],
    summary: summaryOf(line, task, voice),
    rest: wholeTaskButton(line, task, texts),
  };
}

function factsOf(line: Line, task: Task, voice: Voice): readonly Fact[] {
  const { labels } = voice.texts;
  const allows = describedAs(line);
  return [
    { label: labels.who, value: introduced(line.beneficiary, voice) },
    ...(line.requester === line.beneficiary ? [] : [{ label: labels.askedBy, value: introduced(line.requester, voice) }]),
    { label: labels.what, value: itemFirst(line, voice.texts) },
    ...(allows === "" ? [] : [{ label: line.entitlement ? labels.allows : labels.about, value: [allows] }]),
    { label: labels.why, value: [line.justification] },
    { label: labels.howLong, value: [howLong(line.until, voice.texts)] },
    ...riskFacts(line, voice.texts),
    ...progress(line, task, voice.texts),
  ];
}

/** Said only where it isn't plain: several approvals, as long as some are missing, or several steps. */
function progress(line: Line, task: Task, texts: Texts): readonly Fact[] {
  const steps = line.policy.steps.length;
  const parts = [
    ...(task.needed > 1 && task.state === "open"
      ? [texts.approvals.progress(task.votes.filter((vote) => vote.vote === "approved").length, task.needed)]
      : []),
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
  return [
    ...handedBlocks(task, viewer, voice),
    ...clockBlocks(line, task, voice),
    note(whyAsked(line, task, viewer, voice)),
    ...actButtons(line, task, voice.texts),
  ];
}

/** To a person: why just they are asked; in a channel: who is. */
function whyAsked(line: Line, task: Task, viewer: PersonId | null, voice: Voice): Text {
  const { approvals } = voice.texts;
  const own = task.assignees.find((one) => (one.kind === "person" ? one.person === viewer : one.members.some((id) => id === viewer)));
  if (!own) return approvals.waits(holders(line, task, voice), moment(askedSince(task, null)));
  return approvals.youAre[own.because]({
    at: moment(own.since ?? task.openedAt),
    who: person(line.beneficiary, voice),
    application: strong(line.application.name),
    group: own.kind === "group" ? group(own.group, voice) : null,
  });
}

/** What else was asked for in the same breath: often one thing is only right with the other. */
function siblings({ siblings: others }: TaskView, texts: Texts): readonly Block[] {
  if (others.length === 0) return [];
  const named = others.map((one): Text => texts.approvals.other(one.number, one.item));
  return [note(texts.approvals.together(together(few(named, texts, MOST_SIBLINGS), texts)))];
}

const MOST_SIBLINGS = 6;

/** Who decided and when; nothing while it is open. */
export function approvalOutcome(line: Line, task: Task, voice: Voice): readonly Block[] {
  if (task.state === "open") return [];
  const { approvals } = voice.texts;
  const by = person(task.decidedBy, voice);
  const at = moment(task.decidedAt ?? line.submittedAt);
  const reason: readonly Block[] = task.reason === null ? [] : [warning(approvals.reason(task.reason))];
  if (task.outcome === "approved") {
    const all = approversOf(line, task);
    return [paragraph(approvals.approved(all.length === 0 ? [by] : people(all, voice), at))];
  }
  if (task.outcome === "rejected") return [paragraph(approvals.rejected(by, at)), ...reason];
  return closingBlocks(line, approvals.closed, voice);
}

function summaryOf(line: Line, task: Task, voice: Voice): string {
  const { approvals, outcomes } = voice.texts;
  const what = itemWords(line, voice.texts);
  if (task.state === "open") return approvals.summary(nameOf(line.beneficiary, voice), what, line.number);
  return approvals.summaryOver(line.number, what, task.outcome === null ? outcomes.closed : outcomes[task.outcome]);
}
