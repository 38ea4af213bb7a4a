/** The requester's one live card: for each line what it is, where it stands, what comes next. */
import type { Line } from "../domain/line.ts";
import { requestStatus, statusOf } from "../domain/status.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Card, Fact } from "./card.ts";
import type { Voice } from "./phrases.ts";
import { askButton, date, factBlocks, howLong, itemFor, note, paragraph, strong, warning } from "./phrases.ts";
import { nextText, reasonOf, standingText, stateFacts } from "./standing.ts";
import type { RequestView } from "./views.ts";

export function requestCard(view: RequestView, texts: Texts): Card {
  const voice: Voice = { directory: view.directory, texts };
  const many = view.lines.length > 1;
  return {
    title: titleOf(view.lines, texts),
    blocks: view.lines.flatMap((line, index): readonly Block[] => [
      ...(index === 0 ? [] : [{ type: "divider" } as const]),
      ...lineBlocks(line, view, many, voice),
    ]),
    summary: texts.requests.summary(
      titleOf(view.lines, texts),
      texts.status[requestStatus(view.lines.map((line) => statusOf(line).status))],
    ),
  };
}

function lineBlocks(line: Line, view: RequestView, many: boolean, voice: Voice): readonly Block[] {
  const { texts } = voice;
  const what = itemFor(line, voice);
  const reason = reasonOf(line);
  const next = nextText(line, voice);
  return [
    paragraph(many ? texts.requests.line(strong(texts.requests.number(line.number)), what) : what),
    paragraph(standingText(line, voice)),
    ...(reason === null ? [] : [warning(texts.approvals.reason(reason))]),
    ...factBlocks([...stateFacts(line, texts), ...accessFacts(line, view.ends, texts)]),
    ...(next === null ? [] : [note(next)]),
    ...(mayAskAgain(line) ? [askAgain(line, texts)] : []),
  ];
}

/** Until it is done, how long it shall last; then the login and the day on which it ends. */
function accessFacts(line: Line, ends: RequestView["ends"], texts: Texts): readonly Fact[] {
  const { labels } = texts;
  if (statusOf(line).status !== "complete") return [{ label: labels.howLong, value: [howLong(line.until, texts)] }];
  const end = ends[line.id];
  return [
    { label: labels.login, value: [strong(line.order?.login ?? "")] },
    { label: labels.ends, value: [end === undefined ? howLong(line.until, texts) : end === null ? texts.time.forGood : date(end)] },
  ];
}

function mayAskAgain(line: Line): boolean {
  const { status } = statusOf(line);
  return status === "rejected" || status === "cancelled" || status === "withdrawn" || status === "expired";
}

function askAgain(line: Line, texts: Texts): Block {
  return { type: "buttons", buttons: [askButton(texts.buttons.askAgain, line.application, texts)] };
}

function titleOf(lines: readonly Line[], texts: Texts): string {
  const [first] = lines;
  const last = lines.at(-1);
  if (!first || !last) return texts.labels.request;
  if (first === last) return texts.titles.request(first.number, first.application.name);
  const numbers = lines.map((line) => line.number);
  return texts.titles.requests(Math.min(...numbers), Math.max(...numbers), first.application.name);
}
