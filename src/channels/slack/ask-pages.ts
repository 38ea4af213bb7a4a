/**
 * A request form with more questions than a modal holds, in pages. Whom it is for, why, how long and who decides stand on the first page; where the pages
 * part doesn't depend on what was filled in, so that nothing moves to another page meanwhile.
 */
import type { KnownBlock, ModalView } from "@slack/types";
import type { Text } from "../../cards/card.ts";
import type { Field, Form } from "../../cards/form.ts";
import { formFieldId } from "../../domain/asking.ts";
import { fieldIdOf } from "./fields.ts";
import { LIMIT } from "./limits.ts";
import { type FormWords, printWhole, sizeAlone } from "./modal.ts";
import { context } from "./print-block.ts";
import { plainText } from "./rich.ts";

/** A press of it comes with what stands on the page. */
export const BACK_ID = "turn.back";

/** Questions on a page: fewer than fit, since nobody likes a page without an end. */
const MOST_QUESTIONS = 50;
/** How big its questions may get when they are filled in, encoded; the form's own fields and what Slack sends beside them need room as well. */
const MOST_BYTES = 90_000;

const OWN = formFieldId({ id: "" });

/** At least one. `always`: in pages even where all of it would fit, since somebody is on one of them. */
export function pagesOf(form: Form, metadata: string, words: FormWords, always: boolean): readonly Form[] {
  if (!always && printWhole(form, metadata, words) !== null) return [form];
  const own = form.fields.filter(isOwn);
  const pages = chunks(own, form);
  if (pages.length < 2) return [form];
  const last = form.fields.findLastIndex(isOwn);
  const before = form.fields.slice(0, last).filter((field) => !isOwn(field));
  const after = form.fields.slice(last).filter((field) => !isOwn(field));
  return pages.map((fields, page) => ({
    ...form,
    submit: page < pages.length - 1 ? words.go : form.submit,
    fields: page === 0 ? [...before, ...fields, ...after] : fields,
  }));
}

function isOwn({ id }: Field): boolean {
  return id.startsWith(OWN);
}

function chunks(own: readonly Field[], form: Form): readonly (readonly Field[])[] {
  const pages: Field[][] = [[]];
  let size = 0;
  for (const field of own) {
    const cost = sizeAlone(fullest(field), form.purpose) + typedBytes(field);
    const page = pages.at(-1) ?? [];
    if (page.length >= MOST_QUESTIONS || (page.length > 0 && size + cost > MOST_BYTES)) {
      pages.push([field]);
      size = cost;
    } else {
      page.push(field);
      size += cost;
    }
  }
  return pages;
}

/** The question with as much chosen as can be, and no text in it. */
function fullest(field: Field): Field {
  switch (field.type) {
    case "line":
    case "paragraph":
      return { ...field, initial: "" };
    case "choice":
    case "choices":
      return { ...field, initial: field.choices.slice(0, field.type === "choice" ? 1 : field.choices.length).map(({ value }) => value) };
    case "search":
    case "number":
    case "date":
    case "checkbox":
    case "text":
    case "note":
    case "warning":
      return field;
  }
}

/** A letter takes up to three bytes of three characters where a body is encoded, most take two at the most. */
function typedBytes(field: Field): number {
  return field.type === "line" || field.type === "paragraph" ? field.most * 6 : 0;
}

/** The page on which a field stands; the first where it stands on none. */
export function pageOf(pages: readonly Form[], field: string): number {
  return Math.max(
    0,
    pages.findIndex(({ fields }) => fields.some(({ id }) => id === field)),
  );
}

export interface Marks {
  /** Said at the top. */
  readonly said?: Text | undefined;
  /** By field id: said above the field, since only the page that was sent can show it at the field itself. */
  readonly faults?: ReadonlyMap<string, string> | undefined;
}

export interface PageWords extends FormWords {
  readonly back: string;
  readonly page: (page: number, pages: number) => string;
  readonly faultAt: (label: string, fault: string) => string;
}

export function withMarks(form: Form, { said, faults }: Marks, words: Pick<PageWords, "faultAt">): Form {
  const first: readonly Field[] = said ? [{ type: "warning", id: "said", text: said }] : [];
  const fields = form.fields.flatMap((field): readonly Field[] => {
    const fault = faults?.get(field.id);
    if (fault === undefined) return [field];
    const label = "label" in field ? field.label : "";
    return [{ type: "warning", id: `fault.${field.id}`, text: [words.faultAt(label, fault)] }, field];
  });
  return { ...form, fields: [...first, ...fields] };
}

/** One page as a modal; null: it doesn't fit, which only texts can bring about that are longer than the fields allow. */
export function printPage(form: Form, page: number, pages: number, metadata: string, words: PageWords): ModalView | null {
  const counted = context([words.page(page + 1, pages)], "page", words);
  const back: KnownBlock = {
    type: "actions",
    block_id: "turn",
    elements: [{ type: "button", action_id: BACK_ID, text: plainText(words.back, LIMIT.buttonText) }],
  };
  return printWhole(form, metadata, words, { before: [counted], after: page > 0 ? [back] : [] });
}

/** Whether something was filled in that isn't asked for on this page. */
export function reachesBeyond(page: Form, inputs: Iterable<string>): boolean {
  const here = new Set(page.fields.map(({ id }) => id));
  return [...inputs].some((action) => {
    const field = fieldIdOf(action);
    return field?.startsWith(OWN) === true && !here.has(field);
  });
}
