import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action, Card, Text } from "../../src/cards/card.ts";
import { readAction } from "../../src/channels/slack/actions.ts";
import { answersOf, optionValueOf } from "../../src/channels/slack/fields.ts";
import { printForm } from "../../src/channels/slack/modal.ts";
import { clip, plain } from "../../src/channels/slack/plain.ts";
import { printHome, printMessage, printSentence } from "../../src/channels/slack/print.ts";
import { metadataOf, readMetadata } from "../../src/channels/slack/purposes.ts";
import { LIMIT } from "../../src/playground/slack/limits.ts";
import { blockFaults, blocksWeight, viewFaults } from "../../src/playground/slack/validate.ts";
import { en } from "../../src/texts/en.ts";
import { rounds } from "../setup/thorough.ts";
import { spoofs } from "./slack-judge.ts";
import { card, form, text, words } from "./vocabulary.ts";

/** Cards of every state are drawn in slack-hostile.test.ts; here, cards that only the vocabulary knows. */
const RUNS = { numRuns: rounds(60, 1_000) };
const say = en.slack;

/** What of a printed thing Slack would read as markup, mention or link, or show otherwise than it is. */
function live(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(live);
  if (typeof value !== "object" || value === null) return [];
  const found = value as Readonly<Record<string, unknown>>;
  const own: string[] = [];
  const type = String(found.type);
  if (type === "mrkdwn" && !/^<!date\^\d+\^[{}a-z_, ]+\|[\d\- :UTC]+>$/.test(String(found.text))) own.push(`markup: ${String(found.text)}`);
  if (["link", "user", "usergroup", "channel", "broadcast", "team", "markdown", "image"].includes(type)) own.push(`element: ${type}`);
  if (type === "emoji" && found.name !== "warning") own.push("an emoji of somebody's making");
  if (type === "plain_text" && found.emoji !== false) own.push("emoji in plain text");
  for (const one of ["url", "attachments"]) if (one in found) own.push(one);
  if (typeof found.text === "string" && unseen(found.text)) own.push(`unseen: ${JSON.stringify(found.text)}`);
  return [...own, ...Object.values(found).flatMap(live)];
}

/** Judged by slack-judge.ts, not by the printer's own rule. */
function unseen(text: string): boolean {
  return spoofs(text, "text").length > 0;
}

describe("cards in Block Kit", () => {
  test("THREAT-9 any card is a message that Slack takes, and nothing in it is live", () => {
    fc.assert(
      fc.property(card, (any) => {
        const printed = printMessage(any, say);
        expect(blockFaults(printed.blocks)).toEqual([]);
        expect(blocksWeight(printed.blocks)).toBeLessThanOrEqual(LIMIT.messageBlocksText);
        expect(live(printed.blocks)).toEqual([]);
        expect(printed.text.replace(/&(amp|lt|gt);/g, "")).not.toMatch(/[<>&]/);
        expect(unseen(printed.text)).toBe(false);
        expect(printed.text.length).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  test("THREAT-9 any card is a home page that Slack takes, and nothing in it is live", () => {
    fc.assert(
      fc.property(card, (any) => {
        const view = printHome(any, say, "0,0,0");
        expect(viewFaults(view, "home")).toEqual([]);
        expect(new TextEncoder().encode(JSON.stringify(view)).length).toBeLessThan(LIMIT.viewBytes);
        expect(live(view)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("THREAT-9 any form is a modal that Slack takes, and nothing in it is live", () => {
    fc.assert(
      fc.property(form, (any) => {
        const view = printForm(any, metadataOf({ purpose: any.purpose, seen: null }), say);
        expect(viewFaults(view, "modal")).toEqual([]);
        expect(new TextEncoder().encode(JSON.stringify(view)).length).toBeLessThan(LIMIT.viewBytes);
        expect(live(view)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("THREAT-9 any sentence is a message that Slack takes, and nothing in it is live", () => {
    fc.assert(
      fc.property(text, (any: Text) => {
        const printed = printSentence(any, say);
        expect(blockFaults(printed.blocks)).toEqual([]);
        expect(live(printed.blocks)).toEqual([]);
      }),
      RUNS,
    );
  });

  test("a text that has no room ends with how much is missing, and no character is cut in two", () => {
    const long: Card = { title: "t", blocks: [{ type: "text", text: ["😀".repeat(4_000)] }], summary: "s" };
    const [, block] = printMessage(long, say).blocks;
    const shown = JSON.stringify(block);
    expect(shown).toMatch(/😀… \(\d+ more characters\)/);
    const missing = Number(/\((\d+) more/.exec(shown)?.[1]);
    expect(missing + (shown.match(/😀/g)?.length ?? 0) * 2).toBe(8_000);
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 200 }), (any, most) => {
        const cut = clip(plain(any), most, say.more);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(unseen(cut)).toBe(false);
      }),
      RUNS,
    );
  });

  test("a card with too many parts keeps its buttons and says how many parts are missing", () => {
    const many = Array.from({ length: 80 }, (_, index) => ({ type: "text" as const, text: [`row ${index}`] }));
    const buttons = [
      {
        label: "Approve",
        tone: "go" as const,
        action: { kind: "act" as const, verb: "approve" as const, task: "t1", face: 2 },
        spoken: "Approve",
      },
    ];
    const { blocks } = printMessage({ title: "t", blocks: [...many, { type: "buttons", buttons }], summary: "s" }, say);
    expect(blocks.length).toBeGreaterThan(LIMIT.messageBlocks - 3);
    expect(blocks.some((block) => block.type === "actions")).toBe(true);
    expect(JSON.stringify(blocks.at(-1))).toContain(`${many.length - (blocks.length - 3)} more parts`);
  });

  test("a list with too many rows ends at a row: no button stands there without what it is about", () => {
    const button = (task: string) => ({
      label: "Approve",
      tone: "go" as const,
      action: { kind: "act" as const, verb: "approve" as const, task, face: 1 },
      spoken: "",
    });
    const rows = Array.from({ length: 60 }, (_, index) => [
      { type: "text" as const, text: [`row ${index}`] },
      { type: "buttons" as const, buttons: [button(`t${index}`)] },
    ]).flat();
    const { blocks } = printHome({ title: "t", blocks: rows, summary: "s" }, say, "0,0,0");
    expect(blocks.length).toBeGreaterThan(LIMIT.viewBlocks - 3);
    for (const [index, block] of blocks.entries()) {
      if (block.type === "actions") expect(blocks[index - 1]?.type).toBe("rich_text");
    }
    expect(JSON.stringify(blocks.at(-1))).toContain(en.slack.leftOut(rows.length - (blocks.length - 2)));
  });

  test("lines to copy are shown letter by letter", () => {
    const exact = 'Profile: <Standard> & "User"\n\tRegion: *EMEA*  :tada:';
    const { blocks } = printMessage({ title: "t", blocks: [{ type: "copy", label: "Account", text: exact }], summary: "s" }, say);
    expect(blocks[1]).toMatchObject({ elements: [{}, { type: "rich_text_preformatted", elements: [{ type: "text", text: exact }] }] });
  });

  test("a value with a line break can't pass for another fact", () => {
    const facts = [{ label: "Why", value: ["no\nRisk: low"] }];
    const { blocks } = printMessage({ title: "t", blocks: [{ type: "facts", facts }], summary: "s" }, say);
    expect(JSON.stringify(blocks[1])).not.toContain("\\nRisk");
  });

  test("an instant is a date that Slack shows in the reader's zone, with the same instant in UTC to fall back on", () => {
    const at = new Date("2026-05-04T09:30:00Z");
    const card: Card = {
      title: "t",
      blocks: [
        { type: "text", text: ["since ", { at, show: "time" }] },
        { type: "note", text: [{ at, show: "date" }, " it was"] },
      ],
      summary: "s",
    };
    const [, words, note] = printMessage(card, say).blocks;
    expect(words).toMatchObject({
      elements: [{ elements: [{}, { type: "date", timestamp: at.getTime() / 1000, fallback: "2026-05-04 09:30 UTC" }] }],
    });
    expect(note).toMatchObject({
      type: "rich_text",
      elements: [
        {
          elements: [
            { type: "date", timestamp: at.getTime() / 1000, fallback: "2026-05-04" },
            { type: "text", text: " it was" },
          ],
        },
      ],
    });
  });
});

describe("what comes back from Slack", () => {
  test("a button brings back the verb, id and version that it was drawn with", () => {
    const id = fc.string({ minLength: 1, maxLength: 60 }).filter((one) => !one.includes("\0"));
    const verb = fc.constantFrom("approve", "reject", "claim", "release", "confirm", "report-error", "retry", "cancel-order");
    fc.assert(
      fc.property(id, verb, fc.nat(999_999), (task, word, face) => {
        const action = { kind: "act", verb: word, task, face } as Action;
        const { blocks } = printMessage(
          { title: "t", blocks: [{ type: "buttons", buttons: [{ label: "b", tone: "go", action, spoken: "" }] }], summary: "s" },
          say,
        );
        const value = (blocks[1] as { elements: { value: string; action_id: string }[] }).elements[0];
        expect(readAction(value?.value)).toEqual(action);
        expect(value?.action_id).toBe(`do.${word}`);
      }),
      RUNS,
    );
  });

  test("THREAT-5 a value that no button of ours carries reads as nothing", () => {
    fc.assert(
      fc.property(fc.anything(), (any) => {
        const read = readAction(any);
        if (read?.kind === "act") expect(typeof any === "string" && any.startsWith("act:")).toBe(true);
      }),
      RUNS,
    );
    for (const odd of [
      "",
      "act:approve",
      "act:approve:1:",
      "act:toString:1:x",
      "act:approve:-1:x",
      "act:approve:1e3:x",
      "page:toString:0",
      "approve",
      null,
      {},
    ]) {
      expect(readAction(odd)).toBeNull();
    }
  });

  test("what is filled in comes back under its field, whatever stands there", () => {
    const id = fc.string({ minLength: 1, maxLength: 40 }).filter((one) => one !== "__proto__");
    fc.assert(
      fc.property(fc.dictionary(id, words, { noNullPrototype: true }), (typed) => {
        const values = Object.fromEntries(
          Object.entries(typed).map(([field, value], index) => [`b${index}`, { [`in.${field}`]: { type: "plain_text_input", value } }]),
        );
        expect(answersOf(values)).toEqual(
          Object.fromEntries(Object.entries(typed).map(([field, value]) => [field, value === "" ? null : value])),
        );
      }),
      RUNS,
    );
    fc.assert(
      fc.property(fc.anything(), (any) => typeof answersOf(any) === "object"),
      RUNS,
    );
  });

  test("a form's purpose survives its metadata; other metadata is no purpose", () => {
    fc.assert(
      fc.property(form, ({ purpose }) => {
        const read = readMetadata(metadataOf({ purpose, seen: { platform: "slack", conversation: "C1", message: "1.2" } }));
        if (purpose.kind === "act" && purpose.task !== "" && purpose.task.length < 1_000) expect(read?.purpose).toEqual(purpose);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(words, (any) => readMetadata(any) === null || any.startsWith("{")),
      RUNS,
    );
  });

  test("option values too long for Slack are told apart", () => {
    const long = (tail: string) => `${"x".repeat(80)}${tail}`;
    expect(optionValueOf(long("a"))).not.toBe(optionValueOf(long("b")));
    expect(optionValueOf("")).not.toBe("");
    expect(optionValueOf("~x")).not.toBe("~x");
  });
});
