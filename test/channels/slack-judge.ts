/**
 * What Slack takes, judged a second time: by @slack/types as the compiler sees them, and by numbers of its own (from Slack's pages and the doc
 * comments of @slack/types, the smaller one where they differ). It imports nothing of the printer and nothing of the stand-in, so that neither's
 * mistake can hide here. And whether anything printed is alive (markup, mention, link) or reads otherwise than it is.
 */
import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  HomeView,
  InputBlock,
  KnownBlock,
  ModalView,
  RichTextBlock,
  RichTextElement,
} from "@slack/types";

/** Characters are UTF-16 units. */
const MOST = {
  messageBlocks: 50,
  viewBlocks: 100,
  viewBytes: 250_000,
  /** All texts of a message together, with 125 for each further block: bolt-js issue 2509. */
  messageSize: 13_200,
  /** A body that is bigger is turned away at the gate; a view comes back in it. */
  notification: 4_000,
  title: 24,
  header: 150,
  textObject: 3_000,
  richText: 13_000,
  blockId: 255,
  actionId: 255,
  elements: 25,
  contextElements: 10,
  contextText: 3_000,
  button: 75,
  spoken: 75,
  value: 2_000,
  metadata: 3_000,
  callback: 255,
  label: 2_000,
  hint: 2_000,
  placeholder: 150,
  input: 3_000,
  options: 100,
  ticks: 10,
  option: 75,
  error: 1_000,
} as const;

/** Everything wrong with a message; `mentions`: the users it may mention. */
export function messageFaults(
  message: { readonly text: string; readonly blocks: readonly KnownBlock[] },
  mentions: readonly string[] = [],
): readonly string[] {
  const size = weight(message.blocks) + 125 * Math.max(0, message.blocks.length - 1);
  return [
    ...blocksFaults(message.blocks, MOST.messageBlocks, mentions),
    ...over("message", size, MOST.messageSize),
    ...between("notification", message.text, 1, MOST.notification),
    ...(/[<>]|&(?!(?:amp|lt|gt);)/.test(message.text) ? [`the notification has markup: ${message.text}`] : []),
    ...spoofs(message.text, "notification"),
    ...(message.blocks.some((block) => block.type === "input") ? ["an input in a message"] : []),
  ];
}

export function modalFaults(view: ModalView): readonly string[] {
  const asks = view.blocks.some((block) => block.type === "input");
  return [
    ...viewFaults(view),
    ...textFaults("title", view.title, MOST.title),
    ...(view.submit === undefined ? [] : textFaults("submit", view.submit, MOST.title)),
    ...(view.close === undefined ? [] : textFaults("close", view.close, MOST.title)),
    ...(asks && view.submit === undefined ? ["something is asked and nothing submits it"] : []),
    ...between("callback", view.callback_id ?? "x", 1, MOST.callback),
  ];
}

export function homeFaults(view: HomeView): readonly string[] {
  return [...viewFaults(view), ...(view.blocks.some((block) => block.type === "input") ? ["an input on a home page"] : [])];
}

function viewFaults(view: ModalView | HomeView): readonly string[] {
  return [
    ...blocksFaults(view.blocks as readonly KnownBlock[], MOST.viewBlocks, []),
    ...over("view", Buffer.byteLength(JSON.stringify(view)), MOST.viewBytes),
    ...over("metadata", (view.private_metadata ?? "").length, MOST.metadata),
  ];
}

interface Option {
  readonly text: unknown;
  readonly value?: string;
  readonly description?: unknown;
}

/** Options of a list, or an answer to a type-ahead. */
export function optionFaults(options: readonly Option[], most: number = MOST.options): readonly string[] {
  const values = options.map(({ value }) => value);
  return [
    ...over("options", options.length, most),
    ...(new Set(values).size === values.length ? [] : ["two options of one value"]),
    ...options.flatMap(({ text, value, description }) => [
      ...textFaults("option", text, MOST.option),
      ...between("option value", value ?? "", 1, MOST.option),
      ...(description === undefined ? [] : textFaults("description", description, MOST.option)),
    ]),
  ];
}

/** The errors of a view_submission's answer: at inputs of the view, each a sentence. */
export function errorFaults(errors: Readonly<Record<string, string>>, inputs: readonly string[]): readonly string[] {
  return Object.entries(errors).flatMap(([block, said]) => [
    ...(inputs.includes(block) ? [] : [`an error at ${block}, which is no input`]),
    ...between("error", said, 1, MOST.error),
    ...spoofs(said, "error"),
  ]);
}

function blocksFaults(blocks: readonly KnownBlock[], most: number, mentions: readonly string[]): readonly string[] {
  const named = blocks.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id]));
  return [
    ...over("blocks", blocks.length, most),
    ...(new Set(named).size === named.length ? [] : [`a block_id stands twice: ${named.join(" ")}`]),
    ...named.flatMap((id) => between("block_id", id, 1, MOST.blockId)),
    ...blocks.flatMap((block, index) => blockFaults(block, mentions).map((fault) => `block ${index} (${block.type}): ${fault}`)),
  ];
}

/** Only what cards and forms are printed with: anything else is a fault until somebody says what its limits are. */
function blockFaults(block: KnownBlock, mentions: readonly string[]): readonly string[] {
  if (block.type === "divider") {
    return keys(block, []);
  }
  if (block.type === "header") {
    return [...keys(block, ["text"]), ...textFaults("header", (block as HeaderBlock).text, MOST.header)];
  }
  if (block.type === "context") {
    return contextFaults(block as ContextBlock);
  }
  if (block.type === "rich_text") {
    return richFaults(block as RichTextBlock, mentions);
  }
  if (block.type === "actions") {
    return actionsFaults(block as ActionsBlock);
  }
  if (block.type === "input") {
    return inputFaults(block as InputBlock);
  }
  return ["a block that no card uses"];
}

function contextFaults(block: ContextBlock): readonly string[] {
  return [
    ...keys(block, ["elements"]),
    ...(block.elements.length === 0 ? ["no elements"] : over("elements", block.elements.length, MOST.contextElements)),
    ...block.elements.flatMap((element) => textFaults("context", element, MOST.contextText)),
  ];
}

function richFaults(block: RichTextBlock, mentions: readonly string[]): readonly string[] {
  return [
    ...keys(block, ["elements"]),
    ...(block.elements.length === 0 ? ["no elements"] : []),
    ...over("rich text", weight(block), MOST.richText),
    ...block.elements.flatMap((part) => {
      if (part.type !== "rich_text_section" && part.type !== "rich_text_preformatted") return [`a part ${part.type}`];
      return [
        ...(part.elements.length === 0 ? ["an empty part"] : []),
        ...part.elements.flatMap((element) => pieceFaults(element, mentions)),
      ];
    }),
  ];
}

function pieceFaults(element: RichTextElement, mentions: readonly string[]): readonly string[] {
  if (element.type === "text") {
    return [...keys(element, ["text", "style"]), ...between("text", element.text, 1, MOST.richText), ...spoofs(element.text, "text")];
  }
  if (element.type === "date") {
    return [
      ...keys(element, ["timestamp", "format", "fallback"]),
      ...(Number.isSafeInteger(element.timestamp) && element.timestamp >= 0 ? [] : ["no instant"]),
      ...(/^\{date_short\}(?:, \{time\})?$/.test(element.format) ? [] : [`format ${element.format}`]),
      ...spoofs(element.fallback ?? "", "fallback"),
    ];
  }
  if (element.type === "emoji") {
    return element.name === "warning" ? keys(element, ["name"]) : [`the emoji ${element.name}`];
  }
  if (element.type === "user") {
    return mentions.includes(element.user_id) ? keys(element, ["user_id"]) : [`a live mention of ${element.user_id}`];
  }
  return [`a live ${element.type}`];
}

function actionsFaults(block: ActionsBlock): readonly string[] {
  const ids = block.elements.map((element) => ("action_id" in element ? element.action_id : undefined));
  return [
    ...keys(block, ["elements"]),
    ...(block.elements.length === 0 ? ["no buttons"] : over("buttons", block.elements.length, MOST.elements)),
    ...(new Set(ids).size === ids.length ? [] : ["an action_id stands twice"]),
    ...block.elements.flatMap((element) => (element.type === "button" ? buttonFaults(element) : [`a ${element.type}`])),
  ];
}

function buttonFaults(button: Button): readonly string[] {
  return [
    ...keys(button, ["action_id", "text", "value", "style", "accessibility_label"]),
    ...between("action_id", button.action_id ?? "", 1, MOST.actionId),
    ...textFaults("button", button.text, MOST.button),
    ...between("value", button.value ?? "", 1, MOST.value),
    ...(button.style === undefined || ["primary", "danger"].includes(button.style) ? [] : [`style ${button.style}`]),
    ...(button.accessibility_label === undefined
      ? []
      : [...between("spoken", button.accessibility_label, 1, MOST.spoken), ...spoofs(button.accessibility_label, "spoken")]),
  ];
}

function inputFaults({ label, hint, element, ...block }: InputBlock): readonly string[] {
  return [
    ...keys(block, ["optional", "dispatch_action"]),
    ...textFaults("label", label, MOST.label),
    ...(hint === undefined ? [] : textFaults("hint", hint, MOST.hint)),
    ...between("action_id", ("action_id" in element ? element.action_id : "") ?? "", 1, MOST.actionId),
    ...("placeholder" in element && element.placeholder ? textFaults("placeholder", element.placeholder, MOST.placeholder) : []),
    ...elementFaults(element),
  ];
}

function elementFaults(element: InputBlock["element"]): readonly string[] {
  if (element.type === "plain_text_input") {
    return [
      ...over("max_length", element.max_length ?? 0, MOST.input),
      ...over("initial value", (element.initial_value ?? "").length, element.max_length ?? MOST.input),
    ];
  }
  if (element.type === "number_input") {
    return element.initial_value === undefined || /^-?\d+(\.\d+)?$/.test(element.initial_value) ? [] : ["no number"];
  }
  if (element.type === "datepicker") {
    return element.initial_date === undefined || !Number.isNaN(Date.parse(`${element.initial_date}T00:00:00Z`)) ? [] : ["no day"];
  }
  if (element.type === "checkboxes") {
    return [...offered(element.options, MOST.ticks), ...among(element.initial_options, element.options)];
  }
  if (element.type === "static_select") {
    return [...offered(element.options ?? [], MOST.options), ...among(element.initial_option && [element.initial_option], element.options)];
  }
  if (element.type === "multi_static_select") {
    return [...offered(element.options ?? [], MOST.options), ...among(element.initial_options, element.options)];
  }
  if (element.type === "external_select") {
    return optionFaults(element.initial_option ? [element.initial_option as Option] : []);
  }
  if (element.type === "multi_external_select") {
    return element.initial_options === undefined ? [] : offered(element.initial_options, MOST.options);
  }
  return [`an input ${element.type}`];
}

function offered(options: readonly unknown[], most: number): readonly string[] {
  return [...(options.length === 0 ? ["no options"] : []), ...optionFaults(options as readonly Option[], most)];
}

/** Slack refuses what is chosen from the start unless it is exactly one of the options. */
function among(chosen: readonly unknown[] | undefined, options: readonly unknown[] | undefined): readonly string[] {
  if (chosen === undefined) return [];
  const all = new Set((options ?? []).map((option) => JSON.stringify(option)));
  return [
    ...(chosen.length === 0 ? ["an empty choice"] : []),
    ...chosen.filter((one) => !all.has(JSON.stringify(one))).map(() => "chosen and not offered"),
  ];
}

/** Slack's plain text: never markup, and no emoji made of words. */
function textFaults(name: string, text: unknown, most: number): readonly string[] {
  const { type, text: words, emoji } = text as { type?: unknown; text?: unknown; emoji?: unknown };
  if (type !== "plain_text") return [`${name}: ${String(type)} where people's words may stand`];
  if (typeof words !== "string") return [`${name}: no text`];
  return [...(emoji === false ? [] : [`${name}: emoji`]), ...between(name, words, 1, most), ...spoofs(words, name)];
}

function keys(value: object, known: readonly string[]): readonly string[] {
  return Object.keys(value)
    .filter((key) => !["type", "block_id", ...known].includes(key))
    .map((key) => `the key ${key}`);
}

function between(name: string, text: string, least: number, most: number): readonly string[] {
  return text.length < least ? [`${name} is empty`] : over(name, text.length, most);
}

function over(name: string, size: number, most: number): readonly string[] {
  return size > most ? [`${name}: ${size} of at most ${most}`] : [];
}

/** What all texts below come to. */
function weight(value: unknown, key = ""): number {
  if (typeof value === "string") return key === "text" || key === "fallback" ? value.length : 0;
  if (Array.isArray(value)) return value.reduce((sum: number, one: unknown) => sum + weight(one), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce((sum, [name, one]) => sum + weight(one, name), 0);
}

/**
 * Characters that nobody sees and that make a text read otherwise, listed one by one. Isolates may stand there in pairs within one line, the way round
 * that lets a name of another direction keep to itself; more than eight marks on one letter climb over the lines around.
 */
export function spoofs(words: string, name: string): readonly string[] {
  const found: string[] = [];
  for (const text of words.split("\n")) {
    let open = 0;
    let marks = 0;
    for (const letter of text) {
      const code = letter.codePointAt(0) ?? 0;
      if (code === 0x2068) open += 1;
      else if (code === 0x2069) open -= 1;
      else if (isUnseen(code)) found.push(`${name}: the unseen U+${code.toString(16)}`);
      if (open < 0 || open > 1) found.push(`${name}: isolates out of step`);
      marks = /\p{M}/u.test(letter) ? marks + 1 : 0;
      if (marks === 9) found.push(`${name}: a tower of marks`);
    }
    if (open !== 0) found.push(`${name}: an isolate left open`);
  }
  return found;
}

function isUnseen(code: number): boolean {
  const isControl = (code < 32 && code !== 9) || (code >= 127 && code < 160);
  const isBidi =
    code === 0x61c || (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2067);
  const isHidden = [0x200b, 0xad, 0xfeff, 0x180e, 0x3164, 0x115f, 0x1160, 0xffa0, 0x17b4, 0x17b5, 0x34f].includes(code);
  const isFormat =
    (code >= 0x2060 && code <= 0x2065) ||
    (code >= 0x206a && code <= 0x206f) ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe0fff);
  return isControl || isBidi || isHidden || isFormat || (code >= 0xd800 && code <= 0xdfff);
}
