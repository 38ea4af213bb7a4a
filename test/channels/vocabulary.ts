/** Any card and any form that the vocabulary allows, filled with the worst that people could write. */
import fc from "fast-check";
import type { Action, Block, Button, Card, Piece, Text } from "../../src/cards/card.ts";
import type { Choice, Field, Form, Purpose } from "../../src/cards/form.ts";
import type { LineVerb, Verb } from "../../src/domain/commands.ts";
import { anyCharacter } from "../setup/characters.ts";

/** Markup, mentions, links, controls, overlong and odd strings. */
const NASTY = [
  "<!channel>",
  "<!here|here>",
  "<@U0CEO>",
  "<!subteam^S1|team>",
  "<https://evil.example|Approve>",
  "https://evil.example/login",
  "[click](https://evil.example)",
  "*bold* _it_ ~no~ `code` > quote",
  ":white_check_mark: :tada:",
  "@channel @everyone #general",
  "<!date^1^{date}|now>",
  "&lt;!channel&gt; &amp;",
  "\u202Egnp.exe\u202C",
  "\u2066hidden\u2069\u200B\u200D\uFEFF",
  "\u{E0041}\u{E0042}tagged",
  "line\r\nbreak\u2028more\u0000\u0007\u001B[31m",
  "\uD800 lone \uDC00",
  "👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "مرحبا بالعالم",
  "",
  " ",
  "\n\n\n",
  "x".repeat(5_000),
  "😀".repeat(2_000),
  "<".repeat(1_500),
  '"quotes" \\ {json: "no"}',
  "=1+1",
];

export const words: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 2, arbitrary: fc.string({ unit: anyCharacter, maxLength: 300 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...NASTY), fc.string({ unit: "grapheme", maxLength: 40 })).map((parts) => parts.join("")),
  },
);

const piece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 3, arbitrary: words },
  { weight: 2, arbitrary: fc.record({ strong: words }) },
  { weight: 1, arbitrary: fc.record({ at: fc.date({ noInvalidDate: false }), show: fc.constantFrom("date" as const, "time" as const) }) },
);
export const text: fc.Arbitrary<Text> = fc.oneof(
  { weight: 9, arbitrary: fc.array(piece, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(piece, { maxLength: 25 }) },
);

const verb = fc.constantFrom<Verb>("approve", "reject", "claim", "release", "confirm", "report-error", "retry", "cancel-order", "reassign");
const lineVerb = fc.constantFrom<LineVerb>("withdraw", "nudge", "cancel");
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant("act" as const), verb, task: words, face: fc.nat(1_000) }),
  fc.record({ kind: fc.constant("act-on-line" as const), verb: lineVerb, line: words }),
  fc.record({ kind: fc.constant("show" as const), task: words }),
  fc.record({ kind: fc.constant("ask" as const), application: fc.option(words) }),
  fc.record({ kind: fc.constant("ask" as const), application: fc.option(words), line: fc.uuid() }),
  fc.record({
    kind: fc.constant("page" as const),
    list: fc.constantFrom("tasks" as const, "requests" as const, "access" as const, "late" as const),
    page: fc.nat(500),
  }),
);
const button: fc.Arbitrary<Button> = fc.record({
  label: words,
  tone: fc.constantFrom("go" as const, "stop" as const, "plain" as const),
  action,
  spoken: words,
});

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constantFrom("text" as const, "note" as const, "warning" as const), text }),
  fc.record({ type: fc.constant("facts" as const), facts: fc.array(fc.record({ label: words, value: text }), { maxLength: 24 }) }),
  fc.record({ type: fc.constant("copy" as const), label: words, text: words }),
  fc.record({ type: fc.constant("heading" as const), text: words }),
  fc.constant({ type: "divider" as const }),
  fc.record({ type: fc.constant("buttons" as const), buttons: fc.array(button, { maxLength: 30 }) }),
);

export const card: fc.Arbitrary<Card> = fc.record({
  title: words,
  blocks: fc.oneof(
    { weight: 9, arbitrary: fc.array(block, { maxLength: 8 }) },
    { weight: 1, arbitrary: fc.array(block, { minLength: 40, maxLength: 110 }) },
  ),
  summary: words,
});

const choice: fc.Arbitrary<Choice> = fc.record({ value: words, label: words, description: fc.option(words) });
const choices = fc.oneof(
  { weight: 9, arbitrary: fc.array(choice, { maxLength: 12 }) },
  { weight: 1, arbitrary: fc.array(choice, { minLength: 90, maxLength: 130 }) },
);
const base = { id: words, label: words, hint: fc.option(words), required: fc.boolean() };
const field: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    ...base,
    type: fc.constantFrom("line" as const, "paragraph" as const),
    initial: words,
    placeholder: fc.option(words),
    most: fc.oneof(fc.integer(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0, 254)),
  }),
  fc
    .record({
      ...base,
      type: fc.constantFrom("choice" as const, "choices" as const),
      choices,
      redraws: fc.boolean(),
      picked: fc.array(fc.nat(20), { maxLength: 4 }),
    })
    .map(({ picked, ...rest }) => ({ ...rest, initial: picked.map((index) => rest.choices[index]?.value ?? "none") })),
  fc.record({
    ...base,
    type: fc.constant("search" as const),
    initial: fc.array(choice, { maxLength: 4 }),
    many: fc.boolean(),
    redraws: fc.boolean(),
    placeholder: fc.option(words),
  }),
  fc.record({
    ...base,
    type: fc.constantFrom("number" as const, "date" as const),
    initial: fc.option(fc.oneof(words, fc.constantFrom("12.5", "-3", "2026-02-29", "2028-02-29", "2026-13-01"))),
  }),
  fc.record({ ...base, type: fc.constant("checkbox" as const), initial: fc.boolean(), text: words }),
  fc.record({ type: fc.constantFrom("text" as const, "note" as const, "warning" as const), id: words, text }),
);

const purpose: fc.Arbitrary<Purpose> = fc.oneof(
  fc.record({ kind: fc.constant("ask" as const), words, application: fc.option(words), beneficiary: fc.option(words) }),
  fc.record({ kind: fc.constant("act" as const), verb, task: words, face: fc.nat(1_000) }),
  fc.record({ kind: fc.constant("act-on-line" as const), verb: lineVerb, line: words }),
);

export const form: fc.Arbitrary<Form> = fc.record({
  title: words,
  submit: fc.option(words),
  close: words,
  purpose,
  fields: fc.oneof(
    { weight: 19, arbitrary: fc.array(field, { maxLength: 6 }) },
    { weight: 1, arbitrary: fc.array(field, { minLength: 20, maxLength: 120 }) },
  ),
});
