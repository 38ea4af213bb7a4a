/** The requester's one live card: for each line what it is, where it stands, what comes next. */
import type { Line } from "../domain/line.ts";
import { commented, isOpen } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import { requestStatus, statusOf } from "../domain/status.ts";
import type { RequestView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import type { Block, Card, Fact, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import {
  askAgainButton,
  factBlocks,
  howLong,
  introduced,
  itemFor,
  moment,
  note,
  paragraph,
  person,
  spared,
  strong,
  warning,
  withFormFacts,
} from "./phrases.ts";
import { approvalWords, endOfAccess, nextText, standingText, stateFacts, troubleText } from "./standing.ts";
import { buttonRow, mayAskAgain, requesterButtons, wholeRequestButton } from "./steering-buttons.ts";

/** From this many lines on, each is said in a few words, so that the card stays one that can be read. */
const MANY_LINES = 6;
const LINES_A_PARAGRAPH = 5;

/** `viewer`: whose copy it is; only the requester's own carries buttons that steer. */
export function requestCard(view: RequestView, texts: Texts, viewer: PersonId = view.requester): Card {
  const voice: Voice = { directory: view.directory, texts };
  const title = titleOf(view.lines, texts);
  const status = requestStatus(view.lines.map((line) => statusOf(line).status));
  const lines =
    view.lines.length < MANY_LINES
      ? view.lines.flatMap((line, index): readonly Block[] => [
          ...(index === 0 ? [] : [{ type: "divider" } as const]),
          ...lineBlocks(line, { view, viewer }, voice),
        ])
      : [...inBrief(view.lines, voice), ...writeInstead(view, viewer, texts)];
  const blocks = view.lines.length > 1 ? [...lines, ...whatWasSaid(view.lines, viewer, voice)] : lines;
  const [first] = view.lines;
  const rest = first ? { rest: wholeRequestButton(first, texts) } : {};
  return { title, blocks, summary: texts.requests.summary(title, texts.status[status]), ...rest };
}

/** Buttons for each line would be too many to tell apart. */
function writeInstead({ requester, lines }: RequestView, viewer: PersonId, texts: Texts): readonly Block[] {
  const offers = viewer === requester && lines.some((line) => isOpen(line) && line.closing === null);
  return offers ? [note([texts.steering.writeInstead])] : [];
}

/** One line of several, or the only one. */
export function lineBlocks(
  line: Line,
  { view, viewer }: { readonly view: RequestView; readonly viewer: PersonId },
  voice: Voice,
): readonly Block[] {
  const { texts } = voice;
  const own = viewer === line.requester;
  const what = itemFor(line, voice);
  const trouble = troubleText(line, voice);
  const next = nextText(line, voice, viewer);
  const single = view.lines.length === 1;
  const named = single ? what : texts.requests.line(strong(texts.requests.number(line.number)), what);
  return [
    paragraph([...named, "\n", strong(texts.status[statusOf(line).status])]),
    ...(trouble === null ? [] : [warning(trouble)]),
    ...(single
      ? withFormFacts([...stateFacts(line, voice), ...accessFacts(line, view.ends, texts), ...saidFacts(line, viewer, voice)], line, texts)
      : factBlocks([...stateFacts(line, voice), ...accessFacts(line, view.ends, texts)])),
    ...spared(comments(line, voice)),
    ...(next === null ? [] : [note(next)]),
    ...buttonRow(own ? requesterButtons(line, texts) : mayAskAgain(line) ? [askAgainButton(line, texts)] : []),
  ];
}

/** What approvers wrote with their approval. */
function comments(line: Line, voice: Voice): readonly Block[] {
  return commented(line).map(({ by, at, reason }) => note(voice.texts.approvals.vote(person(by, voice), moment(at), reason)));
}

/** The requester's own words, as those who decide see them; to whoever else receives it, who asked. */
function saidFacts(line: Line, viewer: PersonId, voice: Voice): readonly Fact[] {
  const { labels } = voice.texts;
  return [
    ...(viewer === line.requester ? [] : [{ label: labels.askedBy, value: introduced(line.requester, voice) }]),
    { label: labels.why, value: [line.justification] },
  ];
}

/** What was said of several lines at once stands once, below them. */
function whatWasSaid([first]: readonly Line[], viewer: PersonId, voice: Voice): readonly Block[] {
  return first ? [{ type: "divider" }, ...withFormFacts(saidFacts(first, viewer, voice), first, voice.texts)] : [];
}

function inBrief(lines: readonly Line[], voice: Voice): readonly Block[] {
  const said = lines.map((line) => lineInBrief(line, voice));
  const paragraphs = Math.ceil(said.length / LINES_A_PARAGRAPH);
  return Array.from({ length: paragraphs }, (_, index) => {
    const part = said.slice(index * LINES_A_PARAGRAPH, (index + 1) * LINES_A_PARAGRAPH);
    return { ...paragraph(part.flatMap((text, position) => (position === 0 ? text : ["\n\n", ...text]))), spare: true };
  });
}

/** Number and item, where it stands, both states. */
function lineInBrief(line: Line, voice: Voice): Text {
  const { texts } = voice;
  const states = texts.home.states(approvalWords(line, texts), texts.provisioning[line.order?.state ?? "none"]);
  const what = texts.requests.line(strong(texts.requests.number(line.number)), itemFor(line, voice));
  return [...what, "\n", ...standingText(line, voice), "\n", states];
}

/** Until it is done, how long it shall last; then the login and the day on which it ends. */
function accessFacts(line: Line, ends: RequestView["ends"], texts: Texts): readonly Fact[] {
  const { labels } = texts;
  if (statusOf(line).status !== "complete") return [{ label: labels.howLong, value: [howLong(line.until, texts)] }];
  return [
    { label: labels.login, value: [strong(line.order?.login ?? "")] },
    { label: labels.ends, value: endOfAccess(line, ends[line.id], texts) },
  ];
}

function titleOf(lines: readonly Line[], texts: Texts): string {
  const [first] = lines;
  const last = lines.at(-1);
  if (!first || !last) return texts.labels.request;
  if (first === last) return texts.titles.request(first.number, first.application.name);
  const numbers = lines.map((line) => line.number).sort((a, b) => a - b);
  return texts.titles.requests(numbers, first.application.name);
}
