import { describe, expect, test } from "vitest";
import { readWords } from "../../src/cards/steering-words.ts";
import { en } from "../../src/texts/en.ts";

describe("typed commands", () => {
  test.each([
    ["approve 12", { kind: "act", word: "approve", verb: "approve", number: 12, rest: "" }],
    ["  APPROVE   #12:   looks good  ", { kind: "act", word: "approve", verb: "approve", number: 12, rest: "looks good" }],
    ["reject request 12 2 licences are enough", { kind: "act", word: "reject", verb: "reject", number: 12, rest: "2 licences are enough" }],
    ["error 12\nno\nlicence", { kind: "act", word: "error", verb: "report-error", number: 12, rest: "no\nlicence" }],
    ["report error 12 down", { kind: "act", word: "error", verb: "report-error", number: 12, rest: "down" }],
    ["confirm 12 4711", { kind: "act", word: "confirm", verb: "confirm", number: 12, rest: "4711" }],
    ["cancel-order 12 why", { kind: "act", word: "cancel-order", verb: "cancel-order", number: 12, rest: "why" }],
    ["Cancel Order 12 why", { kind: "act", word: "cancel-order", verb: "cancel-order", number: 12, rest: "why" }],
    ["cancel 12 order twice", { kind: "act-on-line", word: "cancel", verb: "cancel", number: 12, rest: "order twice" }],
    ["withdraw 12", { kind: "act-on-line", word: "withdraw", verb: "withdraw", number: 12, rest: "" }],
    ["nudge #12", { kind: "act-on-line", word: "nudge", verb: "nudge", number: 12, rest: "" }],
    ["status 12", { kind: "status", number: 12 }],
    ["Tasks", { kind: "list", list: "tasks" }],
    ["mine", { kind: "list", list: "access" }],
    ["help", { kind: "help" }],
    ["", { kind: "nothing" }],
    ["approve", { kind: "no-number", word: "approve" }],
    ["approve 12x", { kind: "no-number", word: "approve" }],
    ["approve -12", { kind: "no-number", word: "approve" }],
    ["approve 12 13", { kind: "several", word: "approve" }],
    ["withdraw 12, 13 and 14", { kind: "several", word: "withdraw" }],
  ])("%j is read as it was meant", (text, read) => {
    expect(readWords(text)).toEqual(read);
  });

  test.each([
    ["aprove 12 fine", "approve 12 fine"],
    ["appove 12", "approve 12"],
    ["taks", "tasks"],
    ["wihdraw 12", "withdraw 12"],
    ["reasign 12 x y", "reassign 12 x y"],
    ["hello", null],
    ["please approve 12", null],
    ["__proto__ 12", null],
    ["constructor", null],
  ])("%j is no command; meant was %j", (text, near) => {
    expect(readWords(text)).toMatchObject({ kind: "unknown", near });
  });

  test("every example that people are shown can be read, and so can every line of the help", () => {
    for (const [word, example] of Object.entries(en.typedCommands)) {
      const read = readWords(example);
      expect(["act", "act-on-line", "status", "list", "help"]).toContain(read.kind);
      if ("word" in read) expect(read.word).toBe(word);
    }
    for (const line of [...en.help.typed, ...en.help.administrators]) {
      const read = readWords(line.replace("N", "12"));
      expect(["act", "act-on-line", "status", "list"], line).toContain(read.kind);
    }
  });
});
