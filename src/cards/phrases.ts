/** Phrases that several cards share: who, what, how long, where it stands. Whatever people wrote stays a literal piece. */
import { answerOf } from "../domain/asking.ts";
import type { Application } from "../domain/catalogue.ts";
import type { Verb } from "../domain/commands.ts";
import type { Assignee, FormValue, Line, Task } from "../domain/line.ts";
import { claimerOf, holdersOf, riskOf } from "../domain/line.ts";
import { hindrance } from "../domain/may.ts";
import type { People, PersonId } from "../domain/people.ts";
import type { Until } from "../domain/until.ts";
import type { Directory } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Button, Fact, Piece, Text } from "./card.ts";

/** What every phrase needs: the names that go with the ids, and the language. */
export interface Voice {
  readonly directory: Directory;
  readonly texts: Texts;
}

export function paragraph(text: Text): Block {
  return { type: "text", text };
}

export function note(text: Text): Block {
  return { type: "note", text };
}

export function warning(text: Text): Block {
  return { type: "warning", text };
}

export function strong(words: string): Piece {
  return { strong: words };
}

/** An instant with its hour, in the reader's own time zone. */
export function moment(at: Date): Piece {
  return { at, show: "time" };
}

export function date(at: Date): Piece {
  return { at, show: "date" };
}

export function nameOf(person: PersonId | null, { directory, texts }: Voice): string {
  return (person === null ? undefined : directory.people[person]?.name) ?? texts.somebody;
}

export function person(id: PersonId | null, voice: Voice): Piece {
  return strong(nameOf(id, voice));
}

/** Name, title and department; what is unknown is left out. */
export function introduced(id: PersonId, voice: Voice): Text {
  const known = voice.directory.people[id];
  const more = known ? [known.title, known.department].filter((word) => word !== "") : [];
  return [person(id, voice), ...more.map((word) => `, ${word}`)];
}

export function group(id: string, { directory }: Voice): Piece {
  return strong(directory.groups[id] ?? id);
}

export function lookedAfterBy(people: People, voice: Voice): Text {
  return [people.kind === "person" ? person(people.person, voice) : group(people.group, voice)];
}

const MOST_NAMES = 3;

/** Whom an open task waits for: its claimer, else its groups by name and its people with why they are asked; null: nobody. */
export function holders(line: Line, task: Task, voice: Voice): Text | null {
  if (task.claimedBy) return [person(task.claimedBy, voice)];
  const spoken = new Set(task.votes.map((vote) => vote.by));
  const able = new Set(holdersOf(line, task).filter((id) => !spoken.has(id)));
  const names = task.assignees.flatMap((assignee): readonly Text[] => {
    if (assignee.kind === "group") return [groupWith(assignee, able, voice)];
    if (!able.has(assignee.person)) return [];
    // Of fulfillers the sentence around says already what they are.
    if (assignee.because === "fulfiller") return [[person(assignee.person, voice)]];
    return [[person(assignee.person, voice), ` (${voice.texts.because[assignee.because]})`]];
  });
  return names.length === 0 ? null : either(few(names, voice.texts), voice.texts);
}

/** A group by its name, with who of it can act: a name alone tells a newcomer nothing. */
function groupWith(asked: Extract<Assignee, { readonly kind: "group" }>, able: ReadonlySet<PersonId>, voice: Voice): Text {
  const name = group(asked.group, voice);
  const names = asked.members.filter((id) => able.has(id)).map((id): Text => [nameOf(id, voice)]);
  return names.length === 0 ? [name] : voice.texts.approvals.members(name, either(few(names, voice.texts), voice.texts));
}

/** At most so many phrases, the last of which says how many others there are. */
export function few(phrases: readonly Text[], texts: Texts, most = MOST_NAMES): readonly Text[] {
  return phrases.length <= most ? phrases : [...phrases.slice(0, most - 1), [texts.others(phrases.length - most + 1)]];
}

/** Everybody who approved it, up to the given task or, without one, in all steps; each once. */
export function approversOf(line: Line, task?: Task): readonly PersonId[] {
  const votes = (task ? [task] : line.tasks).flatMap((one) => one.votes).filter((vote) => vote.vote === "approved");
  return [...new Set(votes.map((vote) => vote.by))];
}

/** At most a few by name: hundreds may have voted. */
export function people(ids: readonly PersonId[], voice: Voice): Text {
  return together(
    few(
      ids.map((id): Text => [person(id, voice)]),
      voice.texts,
      MOST_PEOPLE,
    ),
    voice.texts,
  );
}

const MOST_PEOPLE = 8;
/** Facts in one block, so that one that has no room takes few others with it. */
const FACTS_A_BLOCK = 20;

/** Phrases joined by "or". */
export function either(phrases: readonly Text[], texts: Texts): Text {
  return texts.or<number>(phrases.map((_, index) => index)).flatMap((part) => (typeof part === "number" ? (phrases[part] ?? []) : [part]));
}

/** Phrases joined by "and". */
export function together(phrases: readonly Text[], texts: Texts): Text {
  return texts.and<number>(phrases.map((_, index) => index)).flatMap((part) => (typeof part === "number" ? (phrases[part] ?? []) : [part]));
}

/**
 * True when a copy may carry buttons. In a channel: as long as the rules choose who is asked; the right is worked out at the click. A task that an
 * administrator passed on has its buttons on the chosen people's own copies. For a person: when it is theirs now.
 */
export function mayAct(line: Line, task: Task, viewer: PersonId | null): boolean {
  if (viewer === null) return task.state === "open" && task.assignees.some((one) => one.because !== "reassigned");
  return verbsOf(task).some((verb) => hindrance(line, task, verb, viewer) === null);
}

/** Within a sentence: "Report builder in Salesforce", or "an account in Salesforce". */
export function item(line: Line, texts: Texts): Text {
  const application = strong(line.application.name);
  return line.entitlement ? texts.approvals.item(strong(line.entitlement.name), application) : texts.approvals.anAccount(application);
}

/** The same at a beginning: "An account in Salesforce". */
export function itemFirst(line: Line, texts: Texts): Text {
  return line.entitlement ? item(line, texts) : texts.approvals.account(strong(line.application.name));
}

/** With the beneficiary's name where somebody else asked. */
export function itemFor(line: Line, voice: Voice, what: Text = itemFirst(line, voice.texts)): Text {
  return line.requester === line.beneficiary ? what : [...what, ...voice.texts.requests.forWhom(person(line.beneficiary, voice))];
}

/** The same for titles, screen readers and notifications. */
export function itemWords(line: Line, texts: Texts): string {
  return texts.approvals.itemWords(line.application.name, line.entitlement?.name ?? null);
}

export function describedAs(line: Line): string {
  return line.entitlement ? line.entitlement.description : line.application.description;
}

export function howLong(until: Until | null, { time }: Texts): string {
  if (until === null) return time.forGood;
  return until.kind === "days" ? time.daysFromSetup(until.days) : time.untilDay(time.day(until.date));
}

/** Account type and risk stand on every card on which somebody decides. */
export function riskFacts(line: Line, texts: Texts): readonly Fact[] {
  return [accountFact(line, texts), { label: texts.labels.risk, value: [texts.risk[riskOf(line)]] }];
}

/** The type of the account itself, and what the entitlement adds to it. */
export function accountFact(line: Line, texts: Texts): Fact {
  const { type } = line.application.account;
  const added = line.entitlement?.accountType ?? type;
  const account = texts.accountType[type];
  return { label: texts.labels.accountType, value: [added === type ? account : texts.accountWith(account, texts.rights[added])] };
}

/** Every answer of the application's own form; what was left empty isn't shown. */
export function formFacts(line: Line, texts: Texts): readonly Fact[] {
  return line.application.form.flatMap((field) => {
    const value = valueWords(answerOf(line.values, field.id), texts);
    if (value === "") return [];
    return [{ label: field.label, value: [field.type === "date" ? texts.time.day(value) : value] }];
  });
}

function valueWords(value: FormValue | undefined, texts: Texts): string {
  if (value === undefined || value === false) return "";
  if (value === true) return texts.labels.yes;
  return typeof value === "string" ? value.trim() : value.join(", ");
}

const LONGEST_FACT = 150;

/** Short facts side by side; long ones, and those of several lines, as a paragraph of their own below. */
export function factBlocks(facts: readonly Fact[]): readonly Block[] {
  const short = facts.filter((fact) => !isLong(fact));
  const rows = Math.ceil(short.length / FACTS_A_BLOCK);
  const blocks = Array.from({ length: rows }, (_, row): Block => {
    return { type: "facts", facts: short.slice(row * FACTS_A_BLOCK, (row + 1) * FACTS_A_BLOCK) };
  });
  const long = facts.filter(isLong).map(({ label, value }): Block => ({ type: "text", text: [strong(label), "\n", ...value] }));
  return [...blocks, ...long];
}

/** What a card can do without where a place has no room for all of it: answers to an application's own questions, single votes. */
export function spared(blocks: readonly Block[]): readonly Block[] {
  return blocks.map((block) =>
    block.type === "facts" || block.type === "text" || block.type === "note" ? { ...block, spare: true } : block,
  );
}

/** The application's own questions stand beside the other facts where they are few. */
export function withFormFacts(facts: readonly Fact[], line: Line, texts: Texts): readonly Block[] {
  const own = formFacts(line, texts);
  const all = [...facts, ...own];
  if (all.length <= FACTS_A_BLOCK && all.every((fact) => !isLong(fact))) return factBlocks(all);
  return [...factBlocks(facts), ...spared(factBlocks(own))];
}

function isLong({ value }: Fact): boolean {
  const words = value.filter((piece) => typeof piece === "string").join("");
  return words.length > LONGEST_FACT || words.includes("\n");
}

const TONES: Readonly<Record<Verb, Button["tone"]>> = {
  approve: "go",
  reject: "stop",
  claim: "go",
  release: "plain",
  confirm: "go",
  "report-error": "stop",
  retry: "go",
  "cancel-order": "stop",
  reassign: "plain",
};

/** A button that acts on the task, carrying the face that its reader sees. */
export function actButton(verb: Verb, line: Line, task: Task, texts: Texts): Button {
  const label = texts.buttons[verb];
  return {
    label,
    tone: TONES[verb],
    action: { kind: "act", verb, task: task.id, face: task.face },
    spoken: texts.buttons.spoken(label, line.number, itemWords(line, texts)),
  };
}

export function askButton(label: string, application: Application | null, texts: Texts): Button {
  const spoken = application ? texts.buttons.spokenFor(label, application.name) : label;
  return { label, tone: "go", action: { kind: "ask", application: application?.id ?? null }, spoken };
}

/** Opens the request form as the line was filled in. */
export function askAgainButton(line: Line, texts: Texts): Button {
  const button = askButton(texts.buttons.askAgain, line.application, texts);
  return { ...button, action: { kind: "ask", application: line.application.id, line: line.id } };
}

/** What a task offers at this moment: nothing when it is over. */
export function verbsOf(task: Task): readonly Verb[] {
  if (task.state !== "open") return [];
  switch (task.kind) {
    case "approval":
      return ["approve", "reject"];
    case "review":
      return ["retry", "cancel-order"];
    case "fulfilment":
      if (task.claimedBy) return ["confirm", "report-error", "release"];
      return claimerOf(task) ? ["confirm", "report-error"] : ["claim"];
  }
}

/** `viewer`: only what that person may do now; null: everything, for a copy that many see. */
export function actButtons(line: Line, task: Task, texts: Texts, viewer: PersonId | null = null): readonly Block[] {
  const verbs = verbsOf(task).filter((verb) => viewer === null || hindrance(line, task, verb, viewer) === null);
  return verbs.length === 0 ? [] : [{ type: "buttons", buttons: verbs.map((verb) => actButton(verb, line, task, texts)) }];
}
