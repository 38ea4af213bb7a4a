/** Whether Slack would take these blocks, this view, these options. Every fault is worded as Slack words it, with its JSON pointer. */
import { BLOCKS } from "./blocks.ts";
import { type Check, type Findings, fault, flag, isObject, listOf, object, type Surface, typed, words } from "./checks.ts";
import { menuOption, optionGroup, plainText } from "./composition.ts";
import { elementsOf } from "./elements.ts";
import { LIMIT } from "./limits.ts";

function found(surface: Surface, look: (findings: Findings) => void): readonly string[] {
  const findings: Findings = { surface, faults: [] };
  look(findings);
  return findings.faults;
}

function checkBlocks(blocks: unknown, at: string, findings: Findings): void {
  const max = findings.surface === "message" ? LIMIT.messageBlocks : LIMIT.viewBlocks;
  listOf(typed(BLOCKS), max, 0)(blocks, at, findings);
  if (!Array.isArray(blocks)) return;
  const blockIds = new Set<unknown>();
  let focused = 0;
  blocks.forEach((block: unknown, index) => {
    if (!isObject(block)) return;
    if (block.block_id !== undefined && blockIds.has(block.block_id)) {
      fault(findings, `${at}/${index}/block_id`, `\`block_id\` ${String(block.block_id)} already exists`);
    }
    blockIds.add(block.block_id);
    const actionIds = new Set<unknown>();
    for (const element of elementsOf(block)) {
      if (element.action_id !== undefined && actionIds.has(element.action_id)) {
        fault(findings, `${at}/${index}`, `\`action_id\` ${String(element.action_id)} already exists in this block`);
      }
      actionIds.add(element.action_id);
      if (element.focus_on_load === true) focused += 1;
      if (element.response_url_enabled === true && (findings.surface !== "modal" || block.type !== "input")) {
        fault(findings, `${at}/${index}`, "`response_url_enabled` is only allowed on input blocks of modals");
      }
    }
  });
  if (focused > 1) fault(findings, at, "only one element can have `focus_on_load` set to true");
  const markdown = blocks.filter(isObject).reduce((sum, block) => sum + (block.type === "markdown" ? String(block.text).length : 0), 0);
  if (markdown > LIMIT.markdown) fault(findings, at, `markdown blocks must be less than ${LIMIT.markdown + 1} characters together`);
}

/** The faults of a message's blocks; `at` is their JSON pointer. */
export const blockFaults = (blocks: unknown, at = "/blocks"): readonly string[] =>
  found("message", (findings) => checkBlocks(blocks, at, findings));

const button = plainText(LIMIT.modalWords);
const blocksOfView: Check = (blocks, at, findings) => checkBlocks(blocks, at, findings);
const viewExtras = {
  private_metadata: words(LIMIT.privateMetadata, 0),
  callback_id: words(LIMIT.callbackId, 0),
  external_id: words(LIMIT.externalId, 0),
};
const VIEW = {
  modal: object({
    needs: { title: button, blocks: blocksOfView },
    may: { ...viewExtras, submit: button, close: button, clear_on_close: flag, notify_on_close: flag },
    also: (view, at, findings) => {
      const asks = Array.isArray(view.blocks) && view.blocks.some((block) => isObject(block) && block.type === "input");
      if (asks && view.submit === undefined) fault(findings, at, "missing required field: submit");
    },
  }),
  home: object({ needs: { blocks: blocksOfView }, may: viewExtras }),
};

/** The faults of a view for this surface; its own `type` must say the same. */
export function viewFaults(view: unknown, surface: "modal" | "home"): readonly string[] {
  return found(surface, (findings) => {
    if (!isObject(view)) return fault(findings, "/view", "must provide an object");
    if (view.type === undefined) fault(findings, "/view", "missing required field: type");
    else if (view.type !== surface) return fault(findings, "/view/type", `unsupported type: ${String(view.type)}`);
    VIEW[surface](view, "/view", findings);
  });
}

/** The faults of an answer to a block_suggestion. */
export function suggestionFaults(answer: unknown): readonly string[] {
  return found("modal", (findings) => {
    object({
      may: { options: listOf(menuOption, LIMIT.options, 0), option_groups: listOf(optionGroup, LIMIT.optionGroups, 0) },
      also: (value, at) => {
        if ((value.options === undefined) === (value.option_groups === undefined))
          fault(findings, at, "must define either `options` or `option_groups`");
      },
    })(answer, "", findings);
  });
}

/** What chat.postMessage counts against its undocumented limit over all blocks: texts, and a fixed cost for each block but the first. */
export function blocksWeight(blocks: readonly unknown[]): number {
  const texts = (value: unknown, key = ""): number => {
    if (typeof value === "string") return key === "text" ? value.length : 0;
    if (Array.isArray(value)) return value.reduce((sum: number, each: unknown) => sum + texts(each), 0);
    return isObject(value) ? Object.entries(value).reduce((sum, [name, each]) => sum + texts(each, name), 0) : 0;
  };
  return texts(blocks) + Math.max(0, blocks.length - 1) * LIMIT.messageBlockCost;
}
