/** Messages: outcomes for the requester, alerts for administrators, and help. */
import type { Alert, Notice } from "../domain/effects.ts";
import type { Line, Outcome } from "../domain/line.ts";
import { commented, openTask } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import type { Directory } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import { aboutPieces } from "./answers.ts";
import type { Block, Card, Text } from "./card.ts";
import { closingReason } from "./closing.ts";
import type { Voice } from "./phrases.ts";
import {
  approversOf,
  askAgainButton,
  askButton,
  holders,
  item,
  itemFor,
  itemWords,
  lookedAfterBy,
  moment,
  note,
  paragraph,
  people,
  person,
  warning,
} from "./phrases.ts";
import { endOfAccess, signInText } from "./standing.ts";
import { wholeRequestButton } from "./steering-buttons.ts";

/** What came of a line, with the next step; for requester and beneficiary alike. `reader`: who of them. */
export function noticeCard(notice: Notice, line: Line, directory: Directory, texts: Texts, reader: PersonId = line.requester): Card {
  const voice: Voice = { directory, texts };
  const title = texts.notices[notice].title(line.number);
  return {
    title,
    blocks: noticeBlocks(notice, line, reader, voice),
    summary: texts.requests.notice(title, itemWords(line, texts)),
    rest: wholeRequestButton(line, texts),
  };
}

function noticeBlocks(notice: Notice, line: Line, reader: PersonId, voice: Voice): readonly Block[] {
  const { notices, approvals } = voice.texts;
  const what = itemFor(line, voice);
  const outcome = OUTCOME[notice];
  const done = outcome === null ? undefined : line.tasks.findLast((task) => task.outcome === outcome);
  const by = person(done?.decidedBy ?? null, voice);
  const reason = done?.reason ? [warning(approvals.reason(done.reason))] : [];
  switch (notice) {
    case "approved":
      return [
        paragraph(notices.approved.text(what, allWhoApproved(line, voice))),
        ...commented(line).map((vote) => note(approvals.vote(person(vote.by, voice), moment(vote.at), vote.reason))),
        note(notices.approved.next(lookedAfterBy(line.application.fulfillers, voice))),
      ];
    case "rejected":
      return [paragraph(notices.rejected.text(what, by)), ...reason, note(notices.rejected.next(by)), again(line, voice)];
    case "executed":
      return [
        paragraph(notices.executed.text(what, by)),
        paragraph(signInText(line, voice, reader)),
        note(notices.executed.ends(endOfAccess(line, undefined, voice.texts))),
      ];
    case "retried":
      return [paragraph(notices.retried.text(what, by)), note(notices.retried.next(lookedAfterBy(line.application.fulfillers, voice)))];
    case "errored":
      return [
        paragraph(notices.errored.text(itemFor(line, voice, item(line, voice.texts)), by)),
        ...reason,
        note(notices.errored.next(reviewersOf(line, voice))),
      ];
    case "order-cancelled":
      return [
        paragraph(notices["order-cancelled"].text(what, by)),
        ...reason,
        note(notices["order-cancelled"].next(by)),
        again(line, voice),
      ];
    case "cancelled":
    case "withdrawn":
    case "expired":
      return endedBlocks(notice, line, voice);
  }
}

/** The outcome of the task that led to the notice; null: the line as a whole was ended. */
const OUTCOME = {
  approved: "approved",
  rejected: "rejected",
  executed: "executed",
  errored: "errored",
  retried: "retried",
  "order-cancelled": "cancelled",
  cancelled: null,
  withdrawn: null,
  expired: null,
} as const satisfies Record<Notice, Outcome | null>;

function endedBlocks(notice: "cancelled" | "withdrawn" | "expired", line: Line, voice: Voice): readonly Block[] {
  const { notices } = voice.texts;
  const what = itemFor(line, voice);
  const by = person(line.closing?.by ?? null, voice);
  const reason = line.closing ? closingReason(line.closing, voice) : [];
  switch (notice) {
    case "cancelled":
      return [paragraph(notices.cancelled.text(what, by)), ...reason, note(notices.cancelled.next(by)), again(line, voice)];
    case "withdrawn":
      return [paragraph(notices.withdrawn.text(what, by)), ...reason, note([notices.withdrawn.next])];
    case "expired":
      return [paragraph(notices.expired.text(what)), note([notices.expired.next]), again(line, voice)];
  }
}

function allWhoApproved(line: Line, voice: Voice): Text {
  const all = approversOf(line);
  return all.length === 0 ? [person(null, voice)] : people(all, voice);
}

function reviewersOf(line: Line, voice: Voice): Text {
  const task = openTask(line);
  return (task ? holders(line, task, voice) : null) ?? [person(null, voice)];
}

function again(line: Line, { texts }: Voice): Block {
  return { type: "buttons", buttons: [askAgainButton(line, texts)] };
}

/** For administrators: what happened and what they can do about it. Keys of `about`: see `aboutPieces`. */
export function alertCard(alert: Alert, about: Readonly<Record<string, string>>, texts: Texts): Card {
  const { title, text, next } = texts.alerts[alert];
  const why = about.why === undefined ? {} : { why: inWords(texts.undelivered, about.why) ?? about.why };
  const cause = { cause: inWords(texts.causes, about.cause ?? about.why ?? "") ?? "" };
  return { title, blocks: [paragraph(text(aboutPieces({ ...about, ...why, ...cause }))), note([next])], summary: title };
}

/** What the table says of it; a platform's word may be one that every object has, such as "constructor". */
function inWords(table: Readonly<Record<string, string>>, word: string): string | null {
  return Object.hasOwn(table, word) ? (table[word] ?? null) : null;
}

/** Answer to `/access help`, and to an empty command, of which something is `said` first. Administrators read their own commands too. */
export function helpCard(
  texts: Texts,
  { said = null, administrator }: { readonly said?: Text | null; readonly administrator: boolean },
): Card {
  const { help } = texts;
  return {
    title: help.title,
    blocks: [
      ...(said === null ? [] : [paragraph(said)]),
      { type: "copy", label: help.commandsTitle, text: help.commands.join("\n") },
      { type: "copy", label: help.typedTitle, text: help.typed.join("\n") },
      ...(administrator ? [{ type: "copy", label: help.administratorsTitle, text: help.administrators.join("\n") } as const] : []),
      note([help.next]),
      { type: "buttons", buttons: [askButton(texts.buttons.ask, null, texts)] },
    ],
    summary: help.title,
  };
}
