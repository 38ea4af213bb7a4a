import { describe, expect, test } from "vitest";
import { blockFaults, suggestionFaults, viewFaults } from "../../src/playground/slack/validate.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const x = (count: number) => "x".repeat(count);
const option = (value: string, text = value) => ({ text: plain(text), value });
const options = (count: number) => Array.from({ length: count }, (_, index) => option(`o${index}`));
const actions = (...elements: object[]) => ({ type: "actions", elements });
const input = (element: object, more: object = {}) => ({ type: "input", label: plain("L"), element, ...more });
const modal = (blocks: object[], more: object = {}) => ({ type: "modal", title: plain("T"), submit: plain("S"), blocks, ...more });
const section = { type: "section", text: plain("x") };
const button = { type: "button", text: plain("Go"), action_id: "go" };

describe("a message's blocks at Slack's limits are taken, and one more is refused where it stands", () => {
  const cases: [name: string, taken: object[], refused: object[], message: string][] = [
    ["blocks", Array(50).fill(section), Array(51).fill(section), "no more than 50 items allowed [json-pointer:/blocks]"],
    [
      "section text",
      [{ type: "section", text: mrkdwn(x(3000)) }],
      [{ type: "section", text: mrkdwn(x(3001)) }],
      "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "section fields",
      [{ type: "section", fields: Array(10).fill(plain("x")) }],
      [{ type: "section", fields: Array(11).fill(plain("x")) }],
      "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ],
    [
      "field text",
      [{ type: "section", fields: [plain(x(2000))] }],
      [{ type: "section", fields: [plain(x(2001))] }],
      "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ],
    [
      "header",
      [{ type: "header", text: plain(x(150)) }],
      [{ type: "header", text: plain(x(151)) }],
      "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ],
    [
      "context",
      [{ type: "context", elements: Array(10).fill(mrkdwn("x")) }],
      [{ type: "context", elements: Array(11).fill(mrkdwn("x")) }],
      "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ],
    [
      "actions",
      [actions(...Array.from({ length: 25 }, (_, index) => ({ ...button, action_id: `a${index}` })))],
      [actions(...Array.from({ length: 26 }, (_, index) => ({ ...button, action_id: `a${index}` })))],
      "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ],
    [
      "button text",
      [actions({ ...button, text: plain(x(75)) })],
      [actions({ ...button, text: plain(x(76)) })],
      "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ],
    [
      "button value",
      [actions({ ...button, value: x(2000) })],
      [actions({ ...button, value: x(2001) })],
      "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ],
    [
      "action_id",
      [actions({ ...button, action_id: x(255) })],
      [actions({ ...button, action_id: x(256) })],
      "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ],
    [
      "block_id",
      [{ ...section, block_id: x(255) }],
      [{ ...section, block_id: x(256) }],
      "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ],
    [
      "url",
      [actions({ ...button, url: `https://a.example/${x(2982)}` })],
      [actions({ ...button, url: `https://a.example/${x(2983)}` })],
      "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]",
    ],
    [
      "options",
      [actions({ type: "static_select", options: options(100) })],
      [actions({ type: "static_select", options: options(101) })],
      "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ],
    [
      "option value",
      [actions({ type: "static_select", options: [option(x(75), "t")] })],
      [actions({ type: "static_select", options: [option(x(76), "t")] })],
      "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ],
    [
      "option text",
      [actions({ type: "static_select", options: [option("v", x(75))] })],
      [actions({ type: "static_select", options: [option("v", x(76))] })],
      "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ],
    [
      "overflow",
      [actions({ type: "overflow", options: options(5) })],
      [actions({ type: "overflow", options: options(6) })],
      "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ],
    [
      "radio buttons",
      [actions({ type: "radio_buttons", options: options(10) })],
      [actions({ type: "radio_buttons", options: options(11) })],
      "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ],
    [
      "confirm",
      [actions({ ...button, confirm: { text: plain(x(300)) } })],
      [actions({ ...button, confirm: { text: plain(x(301)) } })],
      "must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]",
    ],
    [
      "markdown",
      [
        { type: "markdown", text: x(6000) },
        { type: "markdown", text: x(6000) },
      ],
      [
        { type: "markdown", text: x(6000) },
        { type: "markdown", text: x(6001) },
      ],
      "markdown blocks must be less than 12001 characters together [json-pointer:/blocks]",
    ],
    [
      "table cells",
      [{ type: "table", rows: [Array(20).fill({ type: "raw_text", text: "x" })] }],
      [{ type: "table", rows: [Array(21).fill({ type: "raw_text", text: "x" })] }],
      "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ],
  ];
  test.each(cases)("%s", (_, taken, refused, message) => {
    expect(blockFaults(taken)).toEqual([]);
    expect(blockFaults(refused)).toEqual([message]);
  });
});

describe("what Slack refuses in blocks of any size", () => {
  const cases: [name: string, block: object, message: string][] = [
    ["an empty text", { type: "section", text: plain("") }, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"],
    [
      "mrkdwn where only plain text stands",
      { type: "header", text: mrkdwn("x") },
      "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ],
    [
      "emoji on mrkdwn",
      { type: "section", text: { ...mrkdwn("x"), emoji: true } },
      "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ],
    ["an unknown block", { type: "grid" }, "unsupported type: grid [json-pointer:/blocks/0/type]"],
    [
      "a block type that is a property of every object",
      { type: "constructor" },
      "unsupported type: constructor [json-pointer:/blocks/0/type]",
    ],
    ["a section with nothing in it", { type: "section" }, "must define either `text` or `fields` [json-pointer:/blocks/0]"],
    ["a missing part", { type: "actions" }, "missing required field: elements [json-pointer:/blocks/0]"],
    ["no elements", { type: "actions", elements: [] }, "no less than 1 items allowed [json-pointer:/blocks/0/elements]"],
    [
      "an unknown property of an element",
      actions({ ...button, colour: "red" }),
      "invalid additional property: colour [json-pointer:/blocks/0/elements/0]",
    ],
    [
      "an unknown style",
      actions({ ...button, style: "default" }),
      "value must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ],
    [
      "a text input among actions",
      actions({ type: "plain_text_input" }),
      "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ],
    [
      "an input in a section",
      { ...section, accessory: { type: "datetimepicker" } },
      "unsupported type: datetimepicker [json-pointer:/blocks/0/accessory/type]",
    ],
    ["one action_id twice in a block", actions(button, button), "`action_id` go already exists in this block [json-pointer:/blocks/0]"],
    [
      "a preselected option that is not offered",
      actions({ type: "static_select", options: options(2), initial_option: option("z") }),
      "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
    ],
    [
      "a preselected option under another text",
      actions({ type: "radio_buttons", options: options(2), initial_option: option("o1", "One") }),
      "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
    ],
    [
      "a select without options",
      actions({ type: "static_select" }),
      "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
    ],
    [
      "a date that is not one",
      actions({ type: "datepicker", initial_date: "21.11.2026" }),
      "must be a date in the format YYYY-MM-DD [json-pointer:/blocks/0/elements/0/initial_date]",
    ],
    ["a script as link", actions({ ...button, url: "javascript:alert(1)" }), "must be a valid URL [json-pointer:/blocks/0/elements/0/url]"],
    [
      "a rich text with a foreign part",
      { type: "rich_text", elements: [{ type: "section", elements: [] }] },
      "unsupported type: section [json-pointer:/blocks/0/elements/0/type]",
    ],
    [
      "a list without style",
      { type: "rich_text", elements: [{ type: "rich_text_list", elements: [{ type: "rich_text_section", elements: [] }] }] },
      "missing required field: style [json-pointer:/blocks/0/elements/0]",
    ],
    [
      "an emoji in preformatted text",
      { type: "rich_text", elements: [{ type: "rich_text_preformatted", elements: [{ type: "emoji", name: "x" }] }] },
      "unsupported type: emoji [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ],
    [
      "an unknown style in rich text",
      { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "x", style: { blink: true } }] }] },
      "invalid additional property: blink [json-pointer:/blocks/0/elements/0/elements/0/style]",
    ],
    [
      "an image without a text for those who don't see it",
      { type: "image", image_url: "https://a.example/i.png" },
      "missing required field: alt_text [json-pointer:/blocks/0]",
    ],
  ];
  test.each(cases)("%s", (_, block, message) => {
    expect(blockFaults([block])).toEqual([message]);
  });

  test("one block_id twice", () => {
    const twice = [
      { ...section, block_id: "same" },
      { ...section, block_id: "same" },
    ];
    expect(blockFaults(twice)).toEqual(["`block_id` same already exists [json-pointer:/blocks/1/block_id]"]);
  });

  test("anything that is not blocks at all", () => {
    for (const junk of [null, "blocks", 7, {}, [null], ["x"], [[]], [{ type: null }]]) expect(blockFaults(junk).length).toBeGreaterThan(0);
  });
});

describe("modals and App Homes", () => {
  test("a full form is taken", () => {
    const form = modal(
      [
        input(
          { type: "external_select", action_id: "a", min_query_length: 0, placeholder: plain("Search") },
          { block_id: "app", dispatch_action: true, hint: plain("h") },
        ),
        input(
          { type: "plain_text_input", action_id: "w", multiline: true, max_length: 3000, min_length: 1, initial_value: "x" },
          { optional: true },
        ),
        input({ type: "datepicker", action_id: "d", initial_date: "2026-12-24" }),
        input({ type: "multi_static_select", action_id: "m", options: options(3), initial_options: [option("o1")], max_selected_items: 2 }),
        input({ type: "checkboxes", action_id: "c", options: [{ text: mrkdwn("*x*"), value: "x", description: mrkdwn("y") }] }),
        input({ type: "number_input", action_id: "n", is_decimal_allowed: false, min_value: "1", max_value: "9" }),
        { type: "rich_text", elements: [{ type: "rich_text_preformatted", border: 0, elements: [{ type: "text", text: "copy me" }] }] },
      ],
      {
        close: plain("Cancel"),
        callback_id: "c",
        private_metadata: x(3000),
        external_id: "e",
        clear_on_close: true,
        notify_on_close: true,
      },
    );
    expect(viewFaults(form, "modal")).toEqual([]);
  });

  const cases: [name: string, view: object, message: string][] = [
    ["no title", { type: "modal", blocks: [] }, "missing required field: title [json-pointer:/view]"],
    ["a long title", modal([], { title: plain(x(25)) }), "must be less than 25 characters [json-pointer:/view/title/text]"],
    ["a long submit", modal([], { submit: plain(x(25)) }), "must be less than 25 characters [json-pointer:/view/submit/text]"],
    ["mrkdwn in its title", modal([], { title: mrkdwn("x") }), "unsupported type: mrkdwn [json-pointer:/view/title/type]"],
    [
      "long private_metadata",
      modal([], { private_metadata: x(3001) }),
      "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ],
    ["a long callback_id", modal([], { callback_id: x(256) }), "must be less than 256 characters [json-pointer:/view/callback_id]"],
    ["too many blocks", modal(Array(101).fill(section)), "no more than 100 items allowed [json-pointer:/view/blocks]"],
    [
      "an input without submit",
      { type: "modal", title: plain("T"), blocks: [input({ type: "plain_text_input" })] },
      "missing required field: submit [json-pointer:/view]",
    ],
    ["an unknown property", modal([], { state: {} }), "invalid additional property: state [json-pointer:/view]"],
    [
      "a message's table",
      modal([{ type: "table", rows: [[{ type: "raw_text", text: "x" }]] }]),
      "unsupported type: table [json-pointer:/view/blocks/0/type]",
    ],
    ["a button as input", modal([input(button)]), "unsupported type: button [json-pointer:/view/blocks/0/element/type]"],
    [
      "a long label",
      modal([input({ type: "plain_text_input" }, { label: plain(x(2001)) })]),
      "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]",
    ],
    [
      "a max_length beyond Slack's",
      modal([input({ type: "plain_text_input", max_length: 3001 })]),
      "must be less than or equal to 3000 [json-pointer:/view/blocks/0/element/max_length]",
    ],
    [
      "a first value beyond its own max_length",
      modal([input({ type: "plain_text_input", max_length: 2, initial_value: "abc" })]),
      "must not be greater than `max_length` [json-pointer:/view/blocks/0/element/initial_value]",
    ],
    [
      "two elements in focus",
      modal([input({ type: "plain_text_input", focus_on_load: true }), input({ type: "datepicker", focus_on_load: true })]),
      "only one element can have `focus_on_load` set to true [json-pointer:/view/blocks]",
    ],
    ["a home's type", { type: "home", blocks: [] }, "unsupported type: home [json-pointer:/view/type]"],
  ];
  test.each(cases)("a modal is refused for %s", (_, view, message) => {
    expect(viewFaults(view, "modal")).toEqual([message]);
  });

  test("a home has neither title nor number inputs", () => {
    expect(viewFaults({ type: "home", blocks: [section], callback_id: "h" }, "home")).toEqual([]);
    expect(viewFaults({ type: "home", title: plain("x"), blocks: [] }, "home")).toEqual([
      "invalid additional property: title [json-pointer:/view]",
    ]);
    const number = input({ type: "number_input", is_decimal_allowed: true });
    expect(viewFaults({ type: "home", blocks: [number] }, "home")).toEqual([
      "unsupported type: number_input [json-pointer:/view/blocks/0/element/type]",
    ]);
  });
});

describe("answers to type-ahead", () => {
  test("up to a hundred options, none at all, or groups", () => {
    expect(suggestionFaults({ options: options(100) })).toEqual([]);
    expect(suggestionFaults({ options: [] })).toEqual([]);
    expect(suggestionFaults({ option_groups: [{ label: plain("G"), options: options(2) }] })).toEqual([]);
  });
  test("more, longer or other things are refused", () => {
    expect(suggestionFaults({ options: options(101) })).toEqual(["no more than 100 items allowed [json-pointer:/options]"]);
    expect(suggestionFaults({ options: [option(x(76), "t")] })).toEqual([
      "must be less than 76 characters [json-pointer:/options/0/value]",
    ]);
    expect(suggestionFaults({})).toEqual(["must define either `options` or `option_groups` [json-pointer:]"]);
    expect(suggestionFaults("no")).toEqual(["must provide an object [json-pointer:]"]);
  });
});
