/** Block Kit's composition objects and rich text, as in composition-objects.d.ts and block-elements.d.ts of @slack/types 3.2.0. */
import {
  anyWords,
  type Check,
  fault,
  flag,
  isObject,
  listOf,
  matching,
  object,
  oneOf,
  type Shape,
  type Shapes,
  typed,
  whole,
  words,
} from "./checks.ts";
import { LIMIT } from "./limits.ts";

const textShapes = (max: number): Shapes => ({
  plain_text: { needs: { text: words(max) }, may: { emoji: flag } },
  mrkdwn: { needs: { text: words(max) }, may: { verbatim: flag } },
});
export const plainText = (max: number): Check => typed(textShapes(max), ["plain_text"]);
export const mrkdwn = (max: number): Check => typed(textShapes(max), ["mrkdwn"]);
export const anyText = (max: number): Check => typed(textShapes(max));

export const webAddress: Check = (value, at, findings) => {
  words(LIMIT.url)(value, at, findings);
  matching(/^(https?|slack|mailto):/i, "a valid URL")(value, at, findings);
};

export const confirm = object({
  needs: { text: anyText(LIMIT.confirmText) },
  may: {
    title: plainText(LIMIT.confirmTitle),
    confirm: plainText(LIMIT.confirmButton),
    deny: plainText(LIMIT.confirmButton),
    style: oneOf("primary", "danger"),
  },
});

const option = (text: (max: number) => Check, more: Shape["may"] = {}): Check =>
  object({
    needs: { text: text(LIMIT.optionText), value: words(LIMIT.optionValue) },
    may: { description: text(LIMIT.optionDescription), ...more },
  });
export const menuOption = option(plainText);
/** Only overflow menus' options may carry a URL. */
export const overflowOption = option(plainText, { url: webAddress });
/** Radio buttons and checkboxes take mrkdwn as well. */
export const choiceOption = option(anyText);

export const optionGroup = object({
  needs: { label: plainText(LIMIT.optionText), options: listOf(menuOption, LIMIT.options) },
});

const sameOption = (left: unknown, right: unknown) =>
  isObject(left) &&
  isObject(right) &&
  left.value === right.value &&
  isObject(left.text) &&
  isObject(right.text) &&
  left.text.text === right.text.text;

/** Slack refuses a preselected option that is not exactly one of those offered. */
export const initialAmongOptions: NonNullable<Shape["also"]> = (element, at, findings) => {
  const groups = Array.isArray(element.option_groups) ? element.option_groups : [];
  const offered = [element, ...groups].flatMap((from: unknown) => (isObject(from) && Array.isArray(from.options) ? from.options : []));
  const chosen: [unknown, string][] = [];
  if (element.initial_option !== undefined) chosen.push([element.initial_option, `${at}/initial_option`]);
  if (Array.isArray(element.initial_options)) {
    element.initial_options.forEach((each: unknown, index) => {
      chosen.push([each, `${at}/initial_options/${index}`]);
    });
  }
  for (const [initial, place] of chosen) {
    if (!offered.some((each) => sameOption(each, initial))) fault(findings, place, "must be one of the provided options");
  }
};

export const image: Shape = {
  needs: { alt_text: words(LIMIT.altText) },
  may: { image_url: webAddress, slack_file: object({ may: { id: words(255), url: webAddress } }) },
  also: (value, at, findings) => {
    if ((value.image_url === undefined) === (value.slack_file === undefined))
      fault(findings, at, "must define either `image_url` or `slack_file`");
  },
};

const style = object({ may: { bold: flag, code: flag, italic: flag, strike: flag, underline: flag } });
const inline: Shapes = {
  broadcast: { needs: { range: oneOf("here", "channel", "everyone") }, may: { style } },
  color: { needs: { value: anyWords }, may: { style } },
  channel: { needs: { channel_id: words(255) }, may: { style } },
  date: {
    needs: { timestamp: whole(0, Number.MAX_SAFE_INTEGER), format: words(LIMIT.textObject) },
    may: { style, url: webAddress, fallback: anyWords },
  },
  emoji: { needs: { name: words(255) }, may: { style, unicode: anyWords, url: webAddress, skin_tone: whole(1, 6) } },
  link: { needs: { url: webAddress }, may: { style, text: anyWords, unsafe: flag } },
  team: { needs: { team_id: words(255) }, may: { style } },
  text: { needs: { text: words(Number.MAX_SAFE_INTEGER) }, may: { style } },
  user: { needs: { user_id: words(255) }, may: { style } },
  usergroup: { needs: { usergroup_id: words(255) }, may: { style } },
};
const border = oneOf(0, 1);
const pieces = listOf(typed(inline), Number.MAX_SAFE_INTEGER, 0);
const richTextPart: Shapes = {
  rich_text_section: { needs: { elements: pieces } },
  rich_text_quote: { needs: { elements: pieces }, may: { border } },
  rich_text_preformatted: {
    needs: { elements: listOf(typed(inline, ["text", "link"]), Number.MAX_SAFE_INTEGER, 0) },
    may: { border, language: anyWords },
  },
  rich_text_list: {
    needs: {
      style: oneOf("bullet", "ordered"),
      elements: listOf(
        typed(() => richTextPart, ["rich_text_section"]),
        Number.MAX_SAFE_INTEGER,
      ),
    },
    may: { border, indent: whole(0, 8), offset: whole(0, Number.MAX_SAFE_INTEGER) },
  },
};
export const richText: Shape = {
  needs: { elements: listOf(typed(richTextPart), Number.MAX_SAFE_INTEGER) },
  may: { block_id: words(LIMIT.blockId) },
};
