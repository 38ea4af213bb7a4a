/** THREAT-9, on the floor of cards: what people wrote reaches a printer letter by letter, as data, and shapes nothing. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { actForm } from "../../src/cards/act-forms.ts";
import { askForm } from "../../src/cards/ask-form.ts";
import type { Block, Card, Text } from "../../src/cards/card.ts";
import { homeCard } from "../../src/cards/home-card.ts";
import { noticeCard } from "../../src/cards/notices.ts";
import { requestCard } from "../../src/cards/request-card.ts";
import { taskCard } from "../../src/cards/task-card.ts";
import type { Line } from "../../src/domain/line.ts";
import type { Directory } from "../../src/domain/views.ts";
import { en } from "../../src/texts/en.ts";
import {
  aLine,
  approved,
  askViewOf,
  cancelled,
  claimed,
  directory,
  done,
  failed,
  rejected,
  salesforce,
  transmitted,
  viewOf,
  voted,
} from "./fixtures.ts";
import { wordsOf } from "./reading.ts";

const MARKUP = [
  "<!channel>",
  "<@U123>",
  "<https://evil.example|click>",
  "*bold* _it_ ~no~ `code`",
  "[x](https://evil.example)",
  "&amp; {{ person.email }} %s",
];
const text = fc.oneof(
  fc.constantFrom(...MARKUP),
  fc.string({ minLength: 1, unit: "grapheme" }).filter((words) => words.trim() !== ""),
);

/** Every text that people can write into a line, told apart from the rest by what it says. */
function written(words: string): { readonly line: Line; readonly names: Directory } {
  const line = aLine({ justification: words, values: { region: words, territory: words } });
  const ana = { name: words, title: words, department: words, email: words };
  return { line, names: { ...directory, people: { ...directory.people, ana } } };
}

function pieces(card: Card): readonly Text[number][] {
  return card.blocks.flatMap((block: Block) => {
    if (block.type === "facts") return block.facts.flatMap(({ value }) => value);
    return "text" in block && typeof block.text !== "string" ? block.text : [];
  });
}

function literally(card: Card, words: string): boolean {
  return pieces(card).some((piece) => (typeof piece === "string" ? piece.includes(words) : "strong" in piece && piece.strong === words));
}

test("THREAT-9 a justification, an answer and a name stand on the approver's card as they were written", () => {
  fc.assert(
    fc.property(text, (words) => {
      const { line, names } = written(words);
      const card = taskCard({ ...viewOf(line, "approval", "paul"), directory: names }, en);
      expect(wordsOf(card)).toContain(words);
      expect(literally(card, words)).toBe(true);
      expect(pieces(card)).toContainEqual({ strong: words });
    }),
  );
});

test("THREAT-9 what people write changes neither the number nor the kinds of blocks, buttons and pieces", () => {
  const shape = (card: Card) =>
    card.blocks.map((block) => [block.type, block.type === "buttons" ? block.buttons.map(({ action }) => action) : null]);
  const cardsOf = (words: string): readonly Card[] => {
    const { line, names } = written(words);
    const lines = [
      line,
      voted(line, "ines", words),
      rejected(line, words),
      transmitted(approved(line)),
      done(claimed(transmitted(approved(line)))),
    ];
    const errored = failed(claimed(transmitted(approved(line))), words);
    return [
      ...[...lines, errored, cancelled(errored, words)].flatMap((one) => [
        ...one.tasks.map((task) => taskCard({ line: one, task, siblings: [], directory: names, viewer: null }, en)),
        requestCard({ requester: "ana", lines: [one], directory: names, ends: {} }, en),
      ]),
      noticeCard("rejected", rejected(line, words), names, en),
      noticeCard("errored", errored, names, en),
    ];
  };
  const plain = cardsOf("word").map(shape);
  for (const words of MARKUP) expect(cardsOf(words).map(shape)).toEqual(plain);
});

test("THREAT-9 a reason stands literally in the requester's card, notice, and the home of a reviewer", () => {
  for (const words of MARKUP) {
    const line = failed(claimed(), words);
    const rows = [{ line, task: line.tasks.at(-1)! }];
    const empty = { rows: [], total: 0, page: 0, size: 5 };
    const tasks = { rows, total: 1, page: 0, size: 5 };
    const home = homeCard(
      { person: "tom", directory, now: new Date(0), tasks, requests: empty, access: empty, late: tasks, last: null },
      en,
    );
    const cards = [
      requestCard({ requester: "ana", lines: [line], directory, ends: {} }, en),
      noticeCard("errored", line, directory, en),
      home,
    ];
    for (const card of cards) expect(literally(card, words)).toBe(true);
  }
});

test("THREAT-9 attributes and instructions are copied exactly", () => {
  for (const words of MARKUP) {
    const line = transmitted(
      approved(aLine({ application: { ...salesforce, instructions: { create: words, update: words } } }), {
        login: words,
        attributes: [{ name: "A", current: null, proposed: words }],
      }),
    );
    const copies = taskCard(viewOf(line, "fulfilment", "lena"), en).blocks.flatMap((block) => (block.type === "copy" ? [block.text] : []));
    expect(copies).toEqual([`Login: ${words}\nA: ${words}`, words]);
  }
});

test("THREAT-9 forms take typed words back as they were", () => {
  for (const words of MARKUP) {
    const view = askViewOf({ words });
    expect(JSON.stringify(askForm(view, en).fields)).toContain(JSON.stringify(words).slice(1, -1));
    const line = claimed(transmitted(approved(aLine(), { login: words })));
    const form = actForm("confirm", viewOf(line, "fulfilment", "lena"), en)!;
    expect(form.fields).toContainEqual(expect.objectContaining({ id: "login", initial: words }));
  }
});
