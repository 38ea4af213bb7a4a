/**
 * Cards of any state with hostile words everywhere, judged twice: by the stand-in's validator, and by a judge of its own (slack-judge.ts).
 * LATCHKEY_CARDS says how many (npm test: 180; CI: 20,000), LATCHKEY_SEED repeats a run.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { actForm } from "../../src/cards/act-forms.ts";
import { answerText, fieldFaultText, refusalText } from "../../src/cards/answers.ts";
import { askForm } from "../../src/cards/ask-form.ts";
import type { Card, Text } from "../../src/cards/card.ts";
import type { Form } from "../../src/cards/form.ts";
import { homeCard, listCard } from "../../src/cards/home-card.ts";
import { alertCard, helpCard, noticeCard } from "../../src/cards/notices.ts";
import { howLong } from "../../src/cards/phrases.ts";
import { remarkCard } from "../../src/cards/remark-card.ts";
import { requestCard } from "../../src/cards/request-card.ts";
import { statusCard } from "../../src/cards/steering-card.ts";
import { lineForm, releaseForm } from "../../src/cards/steering-forms.ts";
import { taskCard } from "../../src/cards/task-card.ts";
import { wholeRequestCard, wholeTaskCard } from "../../src/cards/whole-card.ts";
import { wholeView } from "../../src/channels/slack/card-modal.ts";
import { modalOf } from "../../src/channels/slack/envelope.ts";
import { errorsAt } from "../../src/channels/slack/faults.ts";
import { optionsOf } from "../../src/channels/slack/inputs.ts";
import { printForm, printNotice } from "../../src/channels/slack/modal.ts";
import { printHome, printMessage, printSentence } from "../../src/channels/slack/print.ts";
import { metadataOf } from "../../src/channels/slack/purposes.ts";
import { pagesOf } from "../../src/channels/slack/whole.ts";
import type { LineVerb, Verb } from "../../src/domain/commands.ts";
import type { Alert, Notice, Remark } from "../../src/domain/effects.ts";
import { riskOf } from "../../src/domain/line.ts";
import { REFUSALS } from "../../src/domain/refusals.ts";
import { blockFaults, suggestionFaults, viewFaults } from "../../src/playground/slack/validate.ts";
import { en } from "../../src/texts/en.ts";
import { about, askView, homeView, requestView, statusView, taskView } from "../cards/any-state.ts";
import { longWords, words } from "../cards/hostile-words.ts";
import { errorFaults, homeFaults, messageFaults, modalFaults, optionFaults } from "./slack-judge.ts";

/** Of all the cards below together; each kind gets its share. */
const CARDS = Number(process.env.LATCHKEY_CARDS ?? 180);
const SEED = Number(process.env.LATCHKEY_SEED ?? Date.now() % 2 ** 31);
const KINDS = 18;
const runs = (share = 1) => ({ numRuns: Math.ceil((CARDS / KINDS) * share), seed: SEED, endOnFailure: true });

const LONG = { timeout: 30_000 + 60 * CARDS };

const say = en.slack;

function messageIsTaken(card: Card, mentions: readonly string[] = []): void {
  const printed = printMessage(card, say);
  expect(messageFaults(printed, mentions)).toEqual([]);
  expect(blockFaults(printed.blocks)).toEqual([]);
}

function homeIsTaken(card: Card): void {
  const view = printHome(card, say, "0,0,0,0");
  expect(homeFaults(view)).toEqual([]);
  expect(viewFaults(view, "home")).toEqual([]);
}

function formIsTaken(form: Form): void {
  const view = printForm(form, metadataOf({ purpose: form.purpose, seen: null }), say);
  expect(modalFaults(view)).toEqual([]);
  expect(viewFaults(view, "modal")).toEqual([]);
}

function sentenceIsTaken(said: Text): void {
  messageIsTaken({ title: "", blocks: [{ type: "text", text: said }], summary: "s" });
  expect(messageFaults(printSentence(said, say))).toEqual([]);
  const notice = printNotice(say.notice, said, say);
  expect(modalFaults(notice)).toEqual([]);
  expect(viewFaults(notice, "modal")).toEqual([]);
}

const some = <const T>(...of: readonly T[]) => fc.constantFrom(...of);

test("THREAT-9 any task's card is a message that Slack takes, with nothing alive in it", LONG, () => {
  fc.assert(
    fc.property(taskView, (view) => messageIsTaken(taskCard(view, en))),
    runs(3),
  );
});

test("THREAT-9 any request's card is a message that Slack takes, with nothing alive in it", LONG, () => {
  fc.assert(
    fc.property(requestView, fc.boolean(), (view, own) => messageIsTaken(requestCard(view, en, own ? view.requester : "p7"))),
    runs(),
  );
});

test("THREAT-9 any answer to a question for a request's state is a message that Slack takes", LONG, () => {
  fc.assert(
    fc.property(statusView, (view) => messageIsTaken(statusCard(view, en))),
    runs(),
  );
});

test("THREAT-9 any outcome, remark, alert and help is a message that Slack takes", LONG, () => {
  const notice = fc.constantFrom<Notice>(
    "approved",
    "rejected",
    "executed",
    "errored",
    "retried",
    "order-cancelled",
    "withdrawn",
    "cancelled",
    "expired",
  );
  const remark = fc.constantFrom<Remark>("reminder", "nudge", "escalated", "reassigned", "released", "withdrawn", "cancelled", "expired");
  fc.assert(
    fc.property(taskView, notice, remark, longWords, fc.boolean(), (view, told, said, reason, ours) => {
      const { line, directory, viewer } = view;
      messageIsTaken(noticeCard(told, line, directory, en, viewer ?? undefined));
      const it = { remark: said, to: line.tasks[0]?.assignees.length ? ["p0", "p1"] : [], by: viewer, reason };
      messageIsTaken(remarkCard(it, view, { mentions: { p0: { mention: "p0", user: "U0" } }, isNamed: ours }, en), ["U0"]);
      messageIsTaken(helpCard(en, { said: [reason], administrator: ours }));
    }),
    runs(),
  );
});

test("THREAT-9 any alert is a message that Slack takes", LONG, () => {
  const alert = fc.constantFrom(...(Object.keys(en.alerts) as Alert[]));
  fc.assert(
    fc.property(alert, about, (one, known) => messageIsTaken(alertCard(one, known, en))),
    runs(),
  );
});

test("THREAT-9 any home page, and any of its lists as an answer, is taken by Slack", LONG, () => {
  fc.assert(
    fc.property(homeView, some("tasks", "requests", "access", "late"), (view, list) => {
      homeIsTaken(homeCard(view, en));
      messageIsTaken(listCard(list, view, en));
    }),
    runs(2),
  );
});

test("THREAT-9 any request form is a modal that Slack takes, with up to 200 questions and 300 entitlements", LONG, () => {
  fc.assert(
    fc.property(askView, longWords, (view, typed) => formIsTaken(askForm(view, en, { justification: typed }))),
    runs(),
  );
});

test("THREAT-9 any form of an act is a modal that Slack takes", LONG, () => {
  const verb = fc.constantFrom<Verb>("reject", "confirm", "report-error", "cancel-order", "reassign");
  fc.assert(
    fc.property(taskView, verb, some("withdraw", "cancel"), (view, act, onLine: LineVerb) => {
      const { line, directory } = view;
      const forms = [
        actForm(act, view, en),
        releaseForm(view, en),
        lineForm(onLine, line.id, { requester: line.requester, lines: [line], directory, ends: {} }, en),
      ];
      for (const form of forms) if (form) formIsTaken(form);
    }),
    runs(),
  );
});

test("THREAT-9 any answer, refusal and error at a field is taken by Slack", LONG, () => {
  const said = fc.constantFrom(...(Object.keys(en.answers) as (keyof typeof en.answers)[]));
  const fault = fc.constantFrom(...(Object.keys(en.fieldFaults) as (keyof typeof en.fieldFaults)[]));
  fc.assert(
    fc.property(said, some(...REFUSALS), fault, about, askView, (answer, refusal, wrong, known, view) => {
      sentenceIsTaken(answerText({ said: answer, about: known }, en));
      sentenceIsTaken(refusalText({ name: refusal, about: known }, en));
      const form = askForm(view, en);
      const modal = modalOf(printForm(form, metadataOf({ purpose: form.purpose, seen: null }), say));
      const faults = form.fields.map(({ id }) => [id, [fieldFaultText({ name: wrong, about: known }, en)]] as const);
      const errors = errorsAt(modal, [...faults, [null, refusalText({ name: refusal, about: known }, en)]]);
      if (errors) expect(errorFaults(errors.errors, [...modal.inputs.values()])).toEqual([]);
    }),
    runs(),
  );
});

test("THREAT-9 any options that a type-ahead offers are taken by Slack", LONG, () => {
  const choice = fc.record({ value: words, label: words, description: fc.option(words) });
  fc.assert(
    fc.property(fc.array(choice, { maxLength: 150 }), (choices) => {
      const options = optionsOf(choices).slice(0, 100);
      expect(optionFaults(options)).toEqual([]);
      expect(suggestionFaults({ options })).toEqual([]);
    }),
    runs(),
  );
});

/** Many words, each of which can be missed. */
const marked = (name: string, length: number) => Array.from({ length }, (_, index) => `${name}${index} `).join("");

test("ASK-25 what a card has no room for stands in full in what Show all opens, however long it is", LONG, () => {
  fc.assert(
    fc.property(taskView, statusView, fc.integer({ min: 1, max: 1_200 }), (view, status, long) => {
      const said = {
        why: marked("why", long),
        answer: marked("answer", long),
        steps: marked("step", long),
        comment: marked("comment", long),
      };
      const line = { ...view.line, justification: said.why, values: { ...view.line.values, own: said.answer } };
      const own = { id: "own", label: "Own", type: "long_text", options: [], required: false, hint: null, maxLength: null } as const;
      const instructions = { create: said.steps, update: said.steps };
      const application = { ...line.application, instructions, form: [...line.application.form, own] };
      const entitlement = null;
      for (const kind of ["approval", "fulfilment"] as const) {
        const vote = { by: "p3", vote: "approved", reason: said.comment, at: new Date(0) } as const;
        const task = { ...view.task, kind, state: "open", votes: [vote], claimedBy: null, assignees: view.task.assignees } as const;
        const whole = { ...view, line: { ...line, application, entitlement, tasks: [task] }, task };
        const card = wholeTaskCard(whole, en);
        const shown = pagesJudged(card);
        for (const words of [said.answer, said.comment, kind === "approval" ? said.why : said.steps])
          expect(shown).toContain(squeezed(words));
        // Where the card itself shows less, the button to the rest stands on it.
        const printed = printMessage(taskCard(whole, en), say);
        const short = !squeezed(textOf(printed.blocks)).includes(squeezed(said.answer));
        expect(JSON.stringify(printed.blocks).includes(`show:${task.id}`)).toBe(
          short || /more (?:characters|part)/.test(textOf(printed.blocks)) || printed.blocks.length === 0 || titleCut(taskCard(whole, en)),
        );
      }
      const first = { ...status.line, justification: said.why };
      const all = wholeRequestCard(
        { ...status, line: first, request: { ...status.request, lines: [first, ...status.request.lines.slice(1)] } },
        en,
      );
      expect(pagesJudged(all)).toContain(squeezed(said.why));
    }),
    // Each of these prints and judges all pages of three cards.
    runs(0.05),
  );
});

/** Drawing one page prints the whole card: of a card with hundreds of pages these are drawn as they are sent, the others judged by their blocks. */
const MOST_DRAWN = 6;

/** The pages, each judged as a view; gives all words on them without spaces, as cuts fall between words. */
function pagesJudged(card: Card): string {
  const pages = pagesOf(card, say);
  const apart = Math.ceil(pages.length / MOST_DRAWN);
  const draw = (page: number) => wholeView({ number: 7, card }, { kind: "show", task: "t", page }, en);
  const frame = draw(0);
  for (const [at, blocks] of pages.entries()) {
    const isDrawn = at % apart === 0 || at === pages.length - 1;
    const view = isDrawn ? draw(at) : { ...frame, blocks: [...blocks] };
    expect(modalFaults(view)).toEqual([]);
    if (!isDrawn) continue;
    expect(viewFaults(view, "modal")).toEqual([]);
    expect(view.blocks.slice(0, blocks.length)).toEqual(blocks);
  }
  return squeezed(pages.map((blocks) => textOf(blocks)).join(""));
}

function titleCut(card: Card): boolean {
  return card.title.replace(/\s+/g, " ").length > 150;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join("");
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value)
    .map(([key, one]) => (typeof one === "string" ? (key === "text" ? one : "") : textOf(one)))
    .join("");
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, "");
}

test("ASK-24 risk, account type, what, for whom and for how long stand on every approval card, whatever else had no room", LONG, () => {
  fc.assert(
    fc.property(taskView, (view) => {
      const task = { ...view.task, kind: "approval", state: "open", step: 0, outcome: null } as const;
      const line = { ...view.line, tasks: [...view.line.tasks, task] };
      const shown = textOf(printMessage(taskCard({ ...view, line, task }, en), say).blocks);
      const { labels } = en;
      for (const label of [labels.who, labels.what, labels.why, labels.howLong]) expect(shown).toContain(label);
      expect(shown).toContain(`${labels.risk}: ${en.risk[riskOf(line)]}`);
      const { type } = line.application.account;
      const added = line.entitlement?.accountType ?? type;
      expect(shown).toContain(`${labels.accountType}: ${en.accountType[type]}`);
      if (added !== type) expect(shown).toContain(en.rights[added]);
      expect(shown).toContain(howLong(line.until, en));
      if (riskOf(line) === "high") expect(shown).toContain(en.approvals.highRisk().join(""));
    }),
    runs(2),
  );
});

test("a home page and its lists lose no row, however long its words are", LONG, () => {
  fc.assert(
    fc.property(homeView, some("tasks", "requests", "access", "late"), (view, list) => {
      expect(textOf(printHome(homeCard(view, en), say, "0,0,0,0").blocks)).not.toMatch(/had no room here/);
      expect(textOf(printMessage(listCard(list, view, en), say).blocks)).not.toMatch(/had no room here/);
    }),
    runs(),
  );
});
