/** Typed commands, in the direct message and after `/access`: they end in the same operations as the buttons. */
import { commandOf } from "../../cards/act-forms.ts";
import { refusalText } from "../../cards/answers.ts";
import type { Card, Text } from "../../cards/card.ts";
import { listCard } from "../../cards/home-card.ts";
import { helpCard } from "../../cards/notices.ts";
import { standingText } from "../../cards/standing.ts";
import { statusCard } from "../../cards/steering-card.ts";
import { lineCommandOf } from "../../cards/steering-forms.ts";
import { type Read, readWords, type Word } from "../../cards/steering-words.ts";
import type { TaskCommand, Verb } from "../../domain/commands.ts";
import { kindsOf } from "../../domain/may.ts";
import type { Person, PersonId } from "../../domain/people.ts";
import type { Refusal, Result } from "../../domain/refusals.ts";
import type { Answer, NamedAs, Numbered, Once, Seen } from "../../operations/operations.ts";
import { FIRST_PAGES } from "./actions.ts";
import type { Desk } from "./desk.ts";
import type { Sender } from "./envelope.ts";
import { delivered } from "./once.ts";
import { answered } from "./telling.ts";
import { MENTION, mentioned, readText, type TypedText, withNames } from "./typed-text.ts";

export interface Writing {
  readonly person: PersonId;
  readonly sender: Sender;
  /** As Slack sends it. */
  readonly text: string;
  readonly once: (content: unknown) => Once;
  readonly seen: Seen;
}

/** What is said to it: a sentence, or a card. */
export type Spoken = { readonly text: Text } | { readonly card: Card };

type Acting = Extract<Read, { readonly kind: "act" | "act-on-line" }>;

export async function carryOut(desk: Desk, it: Writing): Promise<Spoken> {
  const { texts } = desk;
  const text = readText(it.text);
  const read = readWords(text.words);
  switch (read.kind) {
    case "help":
      return { card: await help(desk, it) };
    case "nothing":
      return { card: await help(desk, it, [texts.typed.nothingWritten]) };
    case "unknown": {
      const people = await mentioned(desk, it.sender.home, text);
      const named = (words: string) => withNames(words, people, 0, texts.typed.somebody);
      const unknown = texts.typed.unknown(named(read.words));
      // Who was nearly understood needs no more than that; who wasn't at all sees what can be written.
      if (read.near === null) return { card: await help(desk, it, [unknown]) };
      return { text: [unknown, " ", texts.typed.didYouMean(named(read.near)), " ", texts.typed.helpHint] };
    }
    case "no-number":
      return { text: [texts.typed.noNumber(read.word, texts.typedCommands[read.word])] };
    case "several":
      return { text: [texts.typed.oneAtATime(read.word)] };
    case "list": {
      const view = await desk.operations.home(it.person, FIRST_PAGES);
      if (read.list === "late" && !view.late) return { text: refusalText({ name: "not-administrator", about: {} }, texts) };
      return { card: listCard(read.list, view, texts) };
    }
    case "status": {
      const found = await desk.operations.status(it.person, read.number, delivered(it.sender).delivery);
      return found.ok ? { card: statusCard(found.value, texts) } : { text: refusedText(desk, found.refusal, read.number) };
    }
    case "act":
    case "act-on-line":
      return { text: await act(desk, it, read, text) };
  }
}

async function help(desk: Desk, { person }: Writing, said: Text | null = null): Promise<Card> {
  const { late } = await desk.operations.home(person, FIRST_PAGES);
  return helpCard(desk.texts, { said, administrator: late !== null });
}

async function act(desk: Desk, it: Writing, read: Acting, text: TypedText): Promise<Text> {
  const found = await desk.operations.lineNumbered(read.number);
  if (!found) return [desk.texts.typed.noSuchRequest(read.number)];
  const people = await mentioned(desk, it.sender.home, text);
  if (read.kind === "act-on-line")
    return actOnLine(desk, it, read, { found, reason: withNames(read.rest, people, 0, desk.texts.typed.somebody) });
  const task = taskFor(found, read.verb);
  if (task === null) return notNow(desk, it, read);
  const made = await commandFor(desk, it, { read, task, people });
  if ("text" in made) return made.text;
  const { command } = made;
  const result = await desk.operations.act({
    actor: it.person,
    aim: { task, face: null },
    command,
    once: it.once({ number: read.number, command }),
    seen: it.seen,
  });
  return resultText(desk, result, read);
}

async function actOnLine(
  desk: Desk,
  it: Writing,
  read: Extract<Acting, { readonly kind: "act-on-line" }>,
  { found, reason }: { readonly found: Numbered; readonly reason: string },
): Promise<Text> {
  const command = lineCommandOf(read.verb, { reason });
  const once = it.once({ number: read.number, command });
  const result = await desk.operations.actOnLine({ actor: it.person, line: found.line, command, once, seen: it.seen });
  return resultText(desk, result, read);
}

/** The open task if the verb is one of its kind's, else the newest of that kind, so that the refusal says who decided. */
function taskFor({ tasks }: Numbered, verb: Verb): string | null {
  const fitting = tasks.filter(({ kind }) => kindsOf(verb).includes(kind));
  return (fitting.findLast(({ state }) => state === "open") ?? fitting.at(-1))?.id ?? null;
}

type Made = { readonly command: TaskCommand } | { readonly text: Text };

async function commandFor(
  desk: Desk,
  it: Writing,
  {
    read,
    task,
    people,
  }: { readonly read: Extract<Acting, { readonly kind: "act" }>; readonly task: string; readonly people: readonly (Person | null)[] },
): Promise<Made> {
  if (read.verb === "reassign") return reassignment(desk, it, { read, task, people });
  const rest = withNames(read.rest, people, 0, desk.texts.typed.somebody);
  if (read.verb === "confirm" && rest === "") {
    const view = await desk.operations.task(task, it.person);
    return { command: { verb: "confirm", login: view?.line.order?.login ?? "" } };
  }
  return { command: commandOf(read.verb, { reason: rest, login: rest }) };
}

/** Those who are named stand first, as mentions, e-mail addresses or HR ids; what follows them is the reason. */
async function reassignment(
  desk: Desk,
  it: Writing,
  { read, task, people }: { readonly read: Acting; readonly task: string; readonly people: readonly (Person | null)[] },
): Promise<Made> {
  const { typed, typedCommands } = desk.texts;
  // Before anything is said of people: who may not do this learns nothing about them.
  const allowed = await desk.operations.mayAct({
    actor: it.person,
    aim: { task, face: null },
    verb: "reassign",
    seen: it.seen,
    ...delivered(it.sender),
  });
  if (!allowed.ok) return { text: refusalText(allowed.refusal, desk.texts) };
  const { targets, reason } = await targetsIn(desk, read.rest, people);
  if (targets.length === 0) return { text: [typed.whoElse(typedCommands.reassign)] };
  const unknown = targets.find(({ person }) => person === null);
  if (unknown) return { text: [typed.nobodyKnown(unknown.words)] };
  const to = targets.flatMap(({ person }) => (person ? [person.id] : []));
  return { command: { verb: "reassign", to, reason } };
}

interface Target {
  readonly words: string;
  readonly person: Person | null;
}

async function targetsIn(
  desk: Desk,
  rest: string,
  people: readonly (Person | null)[],
): Promise<{ readonly targets: readonly Target[]; readonly reason: string }> {
  const words = rest.split(/\s+/).filter((word) => word !== "");
  const targets: Target[] = [];
  let mentions = 0;
  let used = 0;
  /** A bare id is one of them only where one is expected: a reason may well begin with somebody's. */
  let expected = true;
  for (const word of words) {
    const key = word.replace(/[,;]$/, "");
    if (key === MENTION) targets.push({ words: desk.texts.typed.somebody, person: people[mentions++] ?? null });
    else if (key === "" || key.toLowerCase() === "and") {
      // "and" between two of them; before a reason it belongs to the reason.
      if (key !== "" && (targets.length === 0 || !(await isTarget(desk, words[used + 1])))) break;
    } else {
      const isEmail = /^[^@\s]+@[^@\s]+$/.test(key);
      if (!isEmail && !expected) break;
      const [person] = await desk.operations.named([named(key)]);
      // An e-mail address that nobody has is a mistake, and so is a name that looks like a mention; anything else begins the reason.
      if (!person && !isEmail && !key.startsWith("@")) break;
      targets.push({ words: key, person: person ?? null });
    }
    expected = key === "" || key.toLowerCase() === "and" || key !== word;
    used += 1;
  }
  const reason = withNames(words.slice(used).join(" "), people, mentions, desk.texts.typed.somebody);
  return { targets, reason: reason.replace(/^[:,;.\s]+/, "") };
}

function named(words: string): NamedAs {
  return { words };
}

async function isTarget(desk: Desk, word: string | undefined): Promise<boolean> {
  if (word === undefined) return false;
  if (word === MENTION || word.includes("@")) return true;
  return (await desk.operations.named([named(word)]))[0] !== null;
}

/** Nothing of that kind was ever opened on the line: those whom it concerns hear where it stands, others what they would hear anyway. */
async function notNow(desk: Desk, it: Writing, { word, number }: Acting): Promise<Text> {
  const found = await desk.operations.status(it.person, number, delivered(it.sender).delivery);
  if (!found.ok) return refusedText(desk, found.refusal, number);
  const { line, request } = found.value;
  return [desk.texts.typed.notNow(word, number), " ", ...standingText(line, { directory: request.directory, texts: desk.texts })];
}

function refusedText(desk: Desk, refusal: Refusal, number: number): Text {
  return refusal.name === "no-such-task" ? [desk.texts.typed.noSuchRequest(number)] : refusalText(refusal, desk.texts);
}

async function resultText(desk: Desk, result: Result<Answer>, { word }: { readonly word: Word }): Promise<Text> {
  if (result.ok) return answered(desk, result.value);
  const said = refusalText(result.refusal, desk.texts);
  const { name } = result.refusal;
  const isMissing = name === "reason-missing" || name === "login-missing" || name === "too-few-named";
  return isMissing ? [...said, " ", desk.texts.typed.example(desk.texts.typedCommands[word])] : said;
}

/** A typed command of somebody who may not use Latchkey now is refused as on any other ground, so that the attempt is written down. */
export async function refuseTyped(desk: Desk, it: Writing): Promise<void> {
  const read = readWords(readText(it.text).words);
  if (read.kind !== "act" && read.kind !== "act-on-line") return;
  const found = await desk.operations.lineNumbered(read.number);
  if (!found) return;
  if (read.kind === "act-on-line") {
    await desk.operations.mayActOnLine({ actor: it.person, line: found.line, verb: read.verb, seen: it.seen, ...delivered(it.sender) });
    return;
  }
  const task = taskFor(found, read.verb);
  if (task !== null)
    await desk.operations.mayAct({ actor: it.person, aim: { task, face: null }, verb: read.verb, seen: it.seen, ...delivered(it.sender) });
}
