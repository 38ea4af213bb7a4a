/** What people do in these tests, in their own words: ask, find a card, press a button, read. */
import type { Actor } from "../../src/playground/slack/actor.ts";
import type { ActAnswer, MessageOnPage, Typed, Values, ViewOnPage } from "../../src/playground/slack/page-interface.ts";
import { fail } from "./stage.ts";

/** Everything that a person can read in all their conversations, oldest first in each. */
export function messagesOf(person: Actor): readonly MessageOnPage[] {
  return person.sees().conversations.flatMap(({ messages }) => messages);
}

/** What stands there, letter by letter, a line for each block; buttons are not read. */
export function read(it: { readonly blocks: readonly unknown[] } | null | undefined): string {
  return (it?.blocks ?? [])
    .map(lettersOf)
    .filter((line) => line !== "")
    .join("\n");
}

function lettersOf(block: unknown): string {
  const { type, text, elements, fallback, fields } = block as { [key in "type" | "text" | "elements" | "fallback" | "fields"]?: unknown };
  if (type === "actions" || type === "input") return "";
  if (type === "date") return String(fallback);
  if (typeof text === "string") return text;
  if (text !== undefined) return lettersOf(text);
  const parts = [elements, fields].flatMap((list) => (Array.isArray(list) ? list : []));
  return parts.map(lettersOf).join(type === "rich_text" ? "\n" : "");
}

export interface Card {
  readonly title: string | RegExp;
  /** A channel's name; left out: the direct message with the app. */
  readonly in?: string;
}

/** The newest card with that title, as this person sees it now. */
export function card(person: Actor, { title, in: channel }: Card): MessageOnPage | undefined {
  const place = channel === undefined ? person.direct() : person.conversation(channel);
  return place?.messages.findLast((message) => !message.ephemeral && titled(message, title));
}

function titled(message: MessageOnPage, title: string | RegExp): boolean {
  const heading = message.blocks[0]?.type === "header" ? message.blocks[0].text.text : "";
  return typeof title === "string" ? heading === title : title.test(heading);
}

/** The card once it is there and says all of this. */
export async function cardSaying(person: Actor, which: Card, ...words: readonly (string | RegExp)[]): Promise<MessageOnPage> {
  const says = (text: string) => words.every((word) => (typeof word === "string" ? text.includes(word) : word.test(text)));
  try {
    return await person.until(() => {
      const found = card(person, which);
      return found && says(read(found)) ? found : undefined;
    }, PATIENCE_MS);
  } catch {
    const there = which.in === undefined ? person.direct() : person.conversation(which.in);
    const seen = read(card(person, which)) || `no such card, but:\n${there?.messages.map((one) => `- ${read(one)}`).join("\n")}`;
    return fail(`${person.user} waits for "${which.title}" saying ${words.map(String).join(" and ")}, and sees: ${seen}`);
  }
}

/** How long a person looks before they give up; on a busy machine cards take a while. */
const PATIENCE_MS = 15_000;

export function buttonsOf({ blocks }: Pick<MessageOnPage, "blocks">): readonly string[] {
  return blocks.flatMap((block) =>
    block.type === "actions" ? block.elements.flatMap((element) => (element.type === "button" ? [element.text.text] : [])) : [],
  );
}

/** Presses a button of a card as it stands now, or as it stood when it was read. */
export async function press(person: Actor, on: MessageOnPage, label: string): Promise<void> {
  const pressed = await person.click({ in: on, text: label });
  if (!pressed.ok) throw new Error(`${label}: ${pressed.error} ${pressed.seen}`);
}

/** The newest thing that only this person was told, after the message `since` if it is given. */
export function whisper(person: Actor, words: string | RegExp, since = ""): Promise<string> {
  return person.until(() => {
    const told = messagesOf(person).filter(({ ephemeral, ts }) => ephemeral && ts > since);
    return told.map(read).findLast((text) => (typeof words === "string" ? text.includes(words) : words.test(text)));
  }, PATIENCE_MS);
}

/** The `ts` of the newest message that somebody sees. */
export function newest(person: Actor): string {
  return (
    messagesOf(person)
      .map(({ ts }) => ts)
      .sort()
      .at(-1) ?? ""
  );
}

/** The input blocks of a form by field: `entitlements`, `justification`, `until`, `form.region`. */
export function blockOf(view: ViewOnPage | undefined, field: string): { readonly block: string; readonly action: string } {
  for (const block of view?.blocks ?? []) {
    const action = actionOf(block);
    if (action === `in.${field}` || action === `tick.${field}`) return { block: String(block.block_id), action };
  }
  return fail(`the form has no field ${field}; it has ${(view?.blocks ?? []).map((block) => block.block_id).join(", ")}`);
}

function actionOf(block: { readonly type: string }): string {
  return block.type === "input" && "element" in block ? String((block.element as { action_id?: string }).action_id) : "";
}

export function filled(view: ViewOnPage | undefined, fields: Readonly<Record<string, Typed>>): Values {
  const at = Object.entries(fields).map(([field, value]) => ({ ...blockOf(view, field), value }));
  return Object.fromEntries(at.map(({ block, action, value }) => [block, { [action]: value }]));
}

/** Opens the form for the application that the words name. */
export async function openForm(person: Actor, words: string): Promise<ViewOnPage> {
  const opened = await person.command(`/request-access ${words}`);
  if (!opened.ok) throw new Error(`the form did not open: ${opened.seen}`);
  return person.modal() ?? fail("no form is open");
}

/** Fills in the form that is open and sends it; what is ticked is told at once, as Slack does. */
export async function send(person: Actor, fields: Readonly<Record<string, Typed>>): Promise<ActAnswer> {
  const { entitlements, ...rest } = fields;
  if (entitlements !== undefined) {
    const { block, action } = blockOf(person.modal(), "entitlements");
    await person.change({ block_id: block, action_id: action }, entitlements);
  }
  return person.submit(filled(person.modal(), rest));
}

/** Asks as people do, and gives the request's number. */
export async function ask(person: Actor, words: string, fields: Readonly<Record<string, Typed>>): Promise<number> {
  const before = newest(person);
  await openForm(person, words);
  const sent = await send(person, { justification: "It is my job now", ...fields });
  if (!sent.ok) throw new Error(`not sent: ${sent.seen} ${JSON.stringify(sent.errors ?? {})}`);
  return Number(/Sent as requests? (\d+)/.exec(await whisper(person, /Sent as requests? \d/, before))?.[1]);
}

/** The errors that stand in the open form, by field. */
export function faultsIn(view: ViewOnPage | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (view?.blocks ?? []).flatMap((block) => {
      const said = view?.errors[String(block.block_id)];
      return said === undefined ? [] : [[actionOf(block).replace(/^(in|tick)\./, ""), said]];
    }),
  );
}
