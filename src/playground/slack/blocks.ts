/** Block Kit's blocks, as in blocks.d.ts of @slack/types 3.2.0. Which surface takes which: docs.slack.dev/reference/block-kit/blocks. */
import {
  anyWords,
  type Check,
  fault,
  flag,
  listOf,
  object,
  oneOf,
  type Shape,
  type Shapes,
  type Surface,
  typed,
  whole,
  words,
} from "./checks.ts";
import { anyText, image, mrkdwn, plainText, richText, webAddress } from "./composition.ts";
import { ELEMENTS, IN_ACTIONS, IN_INPUT, IN_SECTION } from "./elements.ts";
import { LIMIT } from "./limits.ts";

const MESSAGE: readonly Surface[] = ["message"];
const block_id = words(LIMIT.blockId);
const element = (only: readonly string[]): Check => typed(ELEMENTS, only);
const anyOfContext = typed({ image, ...Object.fromEntries(["plain_text", "mrkdwn"].map((type) => [type, contextText(type)])) });
const imageElement = typed({ image });
const richTextBlock = typed({ rich_text: richText });

function contextText(type: string): Shape {
  return { needs: { text: words(LIMIT.textObject) }, may: type === "mrkdwn" ? { verbatim: flag } : { emoji: flag } };
}

const cell = typed({
  rich_text: richText,
  raw_text: { needs: { text: words(Number.MAX_SAFE_INTEGER) } },
  raw_number: { needs: { value: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), text: anyWords } },
});
const rows = listOf(listOf(cell, LIMIT.tableCells), LIMIT.tableRows);

const card: Shape = {
  may: {
    block_id,
    hero_image: imageElement,
    icon: imageElement,
    title: mrkdwn(LIMIT.cardTitle),
    subtitle: mrkdwn(LIMIT.cardTitle),
    body: mrkdwn(LIMIT.cardBody),
    actions: listOf(element(["button"]), LIMIT.actionsElements),
  },
  also: (value, at, findings) => {
    if ([value.hero_image, value.title, value.actions, value.body].every((each) => each === undefined)) {
      fault(findings, at, "must define one of `hero_image`, `title`, `actions` or `body`");
    }
  },
  on: MESSAGE,
};

const taskCard: Shape = {
  needs: { task_id: words(255), title: words(LIMIT.textObject), status: oneOf("pending", "in_progress", "complete", "error") },
  may: {
    block_id,
    details: richTextBlock,
    output: richTextBlock,
    sources: listOf(typed({ url: { needs: { url: webAddress, text: anyWords } } }), 100),
  },
  on: MESSAGE,
};

export const BLOCKS: Shapes = {
  actions: { needs: { elements: listOf(element(IN_ACTIONS), LIMIT.actionsElements) }, may: { block_id } },
  alert: { needs: { text: anyText(LIMIT.textObject) }, may: { block_id, level: oneOf("default", "info", "warning", "error", "success") } },
  context: { needs: { elements: listOf(anyOfContext, LIMIT.contextElements) }, may: { block_id } },
  divider: { may: { block_id } },
  header: { needs: { text: plainText(LIMIT.header) }, may: { block_id } },
  image: { ...image, may: { ...image.may, block_id, title: plainText(LIMIT.imageTitle) } },
  input: {
    needs: { label: plainText(LIMIT.inputLabel), element: element(IN_INPUT) },
    may: { block_id, hint: plainText(LIMIT.inputHint), optional: flag, dispatch_action: flag },
  },
  /** Its limit counts over all markdown blocks of a message (validate.ts). */
  markdown: { needs: { text: words(Number.MAX_SAFE_INTEGER) }, may: { block_id }, on: MESSAGE },
  rich_text: richText,
  section: {
    may: {
      block_id,
      text: anyText(LIMIT.textObject),
      fields: listOf(anyText(LIMIT.sectionField), LIMIT.sectionFields),
      accessory: element(IN_SECTION),
      expand: flag,
    },
    also: (value, at, findings) => {
      if (value.text === undefined && value.fields === undefined) fault(findings, at, "must define either `text` or `fields`");
    },
  },
  table: {
    needs: { rows },
    may: {
      block_id,
      column_settings: listOf(object({ may: { align: oneOf("left", "center", "right"), is_wrapped: flag } }), LIMIT.tableCells),
    },
    on: MESSAGE,
  },
  video: {
    needs: { video_url: webAddress, thumbnail_url: webAddress, alt_text: words(LIMIT.altText), title: plainText(LIMIT.videoTitle - 1) },
    may: {
      block_id,
      title_url: webAddress,
      author_name: words(LIMIT.videoAuthor - 1),
      provider_name: anyWords,
      provider_icon_url: webAddress,
      description: plainText(LIMIT.textObject),
    },
  },
  card,
  carousel: { needs: { elements: listOf(typed({ card }), LIMIT.carouselCards) }, may: { block_id }, on: MESSAGE },
  container: {
    needs: {
      child_blocks: listOf(
        typed(() => BLOCKS, ["actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table", "video"]),
        LIMIT.containerBlocks,
      ),
    },
    may: {
      block_id,
      title: plainText(LIMIT.containerTitle),
      rich_text_title: richTextBlock,
      subtitle: anyText(LIMIT.containerTitle),
      width: oneOf("narrow", "standard", "wide", "full"),
      icon: imageElement,
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
    also: (value, at, findings) => {
      if (value.title === undefined && value.rich_text_title === undefined)
        fault(findings, at, "must define either `title` or `rich_text_title`");
    },
    on: MESSAGE,
  },
  context_actions: {
    needs: { elements: listOf(element(["feedback_buttons", "icon_button"]), LIMIT.contextActionsElements) },
    may: { block_id },
    on: MESSAGE,
  },
  data_table: {
    needs: { rows: listOf(listOf(cell, LIMIT.tableCells), Number.MAX_SAFE_INTEGER), caption: words(LIMIT.textObject) },
    may: { block_id, page_size: whole(1, LIMIT.dataTablePage), row_header_column_index: whole(0, LIMIT.tableCells - 1) },
    on: MESSAGE,
  },
  task_card: taskCard,
  plan: {
    needs: { title: words(LIMIT.textObject) },
    may: { block_id, tasks: listOf(typed({ task_card: taskCard }), 100, 0) },
    on: MESSAGE,
  },
};
