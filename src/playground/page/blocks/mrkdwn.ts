/**
 * Slack's mrkdwn, read as Slack's client reads it, into the elements of a rich text block, which has one renderer. Written here because
 * slack-blocks-to-jsx 1.1.1 (like every Markdown parser) takes escaped `&lt;!channel&gt;`, `[x](y)`, `2*3*4` and even plain_text for
 * markup: a card that passes people's text on safely would look unsafe, and the other way round.
 * Source of the rules: docs.slack.dev/messaging/formatting-message-text.
 */
import type { RichTextBlockElement, RichTextElement, RichTextText } from "@slack/types";
import { emojiNamed } from "./emoji.ts";

type Style = NonNullable<RichTextText["style"]>;
type Inline = RichTextElement;

/** Text between ``` fences is preformatted, lines that begin with > are quotes, the rest is text. */
export function mrkdwn(text: string): readonly RichTextBlockElement[] {
  return text.split(/```/).flatMap((part, index, parts): RichTextBlockElement[] => {
    const fenced = index % 2 === 1 && index < parts.length - 1;
    if (fenced) return [{ type: "rich_text_preformatted", elements: [{ type: "text", text: unescaped(part.replace(/^\n|\n$/g, "")) }] }];
    const open = index % 2 === 1 ? `\`\`\`${part}` : part;
    return index > 0 && open.trim() === "" ? [] : quotesAndText(index > 0 ? open.replace(/^\n/, "") : open);
  });
}

/** plain_text: no markup at all but emoji, and those only where the text object allows them. */
export function plain(text: string, emoji: boolean): readonly RichTextBlockElement[] {
  const elements: Inline[] = [];
  for (const piece of emoji ? text.split(EMOJI_APART) : [text]) {
    const name = /^:(.+):$/.exec(piece)?.[1];
    if (name !== undefined && emojiNamed(name)) elements.push({ type: "emoji", name });
    else if (piece !== "") elements.push({ type: "text", text: piece });
  }
  return [{ type: "rich_text_section", elements }];
}

const EMOJI_APART = /(:[a-z0-9_+'-]+:)/;

function quotesAndText(text: string): RichTextBlockElement[] {
  const blocks: RichTextBlockElement[] = [];
  let lines: string[] = [];
  let quoting = false;
  const flush = () => {
    const elements = inline(lines.join("\n"), {});
    if (elements.length > 0) blocks.push({ type: quoting ? "rich_text_quote" : "rich_text_section", elements });
    lines = [];
  };
  for (const line of text.split("\n")) {
    const quote = /^(?:>|&gt;) ?(.*)$/.exec(line);
    if ((quote !== null) !== quoting) {
      flush();
      quoting = quote !== null;
    }
    lines.push(quote?.[1] ?? line);
  }
  flush();
  return blocks;
}

const MARKS = { "*": "bold", _: "italic", "~": "strike" } as const;
const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

function inline(text: string, style: Style): Inline[] {
  const out: Inline[] = [];
  let said = "";
  const styled = Object.keys(style).length > 0 ? { style } : {};
  const flush = () => {
    if (said !== "") out.push({ type: "text", text: unescaped(said), ...styled });
    said = "";
  };
  const found = (elements: readonly Inline[], end: number) => {
    flush();
    out.push(...elements);
    return end;
  };
  for (let at = 0; at < text.length; ) {
    const character = text[at]!;
    const span = spanAt(text, at, style);
    if (span) at = found(span.elements, span.end);
    else {
      said += character;
      at += 1;
    }
  }
  flush();
  return out;
}

interface Span {
  readonly elements: readonly Inline[];
  readonly end: number;
}

/** What begins at this place, if anything but plain text does. */
function spanAt(text: string, at: number, style: Style): Span | null {
  const character = text[at]!;
  switch (character) {
    case "<":
      return bracketed(text, at, style);
    case "`":
      return code(text, at, style);
    case "*":
    case "_":
    case "~":
      return marked(text, at, style);
    case ":":
      return emoji(text, at);
    case "h":
      return bareLink(text, at, style);
  }
  return null;
}

function bracketed(text: string, at: number, style: Style): Span | null {
  const end = text.indexOf(">", at);
  const inner = end < 0 ? "" : text.slice(at + 1, end);
  if (inner === "" || inner.includes("<") || inner.includes("\n")) return null;
  const [target = "", label] = splitOnce(inner, "|");
  return { elements: [reference(target, label, style)], end: end + 1 };
}

function reference(target: string, label: string | undefined, style: Style): Inline {
  const { code: _code, ...plainStyle } = style;
  const styled = Object.keys(style).length > 0 ? { style: plainStyle } : {};
  if (/^@[A-Z0-9]+$/.test(target)) return { type: "user", user_id: target.slice(1), ...styled };
  if (/^#[A-Z0-9]+$/.test(target)) return { type: "channel", channel_id: target.slice(1), ...styled };
  if (target === "!here" || target === "!channel" || target === "!everyone") {
    return { type: "broadcast", range: target.slice(1) as "here" | "channel" | "everyone" };
  }
  if (target.startsWith("!subteam^")) return { type: "usergroup", usergroup_id: label ?? target.slice("!subteam^".length), ...styled };
  if (target.startsWith("!date^")) return date(target, label);
  return { type: "link", url: unescaped(target), ...(label === undefined ? {} : { text: unescaped(label) }), ...styled };
}

function date(target: string, fallback: string | undefined): Inline {
  const [, seconds = "", format = "", url] = target.split("^");
  const timestamp = Number(seconds);
  if (!Number.isFinite(timestamp) || seconds === "") return { type: "text", text: unescaped(fallback ?? target) };
  return {
    type: "date",
    timestamp,
    format: unescaped(format),
    ...(url === undefined ? {} : { url: unescaped(url) }),
    ...(fallback === undefined ? {} : { fallback: unescaped(fallback) }),
  };
}

function code(text: string, at: number, style: Style): Span | null {
  const end = text.indexOf("`", at + 1);
  const inner = end < 0 ? "" : text.slice(at + 1, end);
  if (inner === "" || inner.includes("\n")) return null;
  return { elements: [{ type: "text", text: unescaped(inner), style: { ...style, code: true } }], end: end + 1 };
}

/** A mark opens after a non-word and before something visible, and closes the other way round on the same line. */
function marked(text: string, at: number, style: Style): Span | null {
  const mark = text[at] as keyof typeof MARKS;
  const next = text[at + 1];
  if (isWord(text[at - 1]) || next === undefined || next === mark || /\s/.test(next)) return null;
  for (let end = at + 2; end < text.length && text[end] !== "\n"; end += 1) {
    if (text[end] === "<") end = Math.max(end, text.indexOf(">", end));
    else if (text[end] === "`") end = Math.max(end, text.indexOf("`", end + 1));
    else if (text[end] === mark && !/\s/.test(text[end - 1]!) && !isWord(text[end + 1])) {
      return { elements: inline(text.slice(at + 1, end), { ...style, [MARKS[mark]]: true }), end: end + 1 };
    }
  }
  return null;
}

function emoji(text: string, at: number): Span | null {
  const name = /^:([a-z0-9_+'-]+):/.exec(text.slice(at, at + 64))?.[1];
  if (name === undefined || !emojiNamed(name)) return null;
  const end = at + name.length + 2;
  const tone = /^:skin-tone-[2-6]:/.exec(text.slice(end, end + 14))?.[0].length ?? 0;
  return { elements: [{ type: "emoji", name }], end: end + tone };
}

function bareLink(text: string, at: number, style: Style): Span | null {
  if (isWord(text[at - 1])) return null;
  const url = /^https?:\/\/[^\s<>|`]+/.exec(text.slice(at))?.[0].replace(/[.,;:!?)*_~]+$/, "");
  if (url === undefined) return null;
  return { elements: [{ type: "link", url: unescaped(url), ...(style.bold ? { style: { bold: true } } : {}) }], end: at + url.length };
}

function splitOnce(text: string, by: string): [string, string | undefined] {
  const at = text.indexOf(by);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const unescaped = (text: string) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
