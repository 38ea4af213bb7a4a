/** A person as tests use them: acts by name or label, and looks at what that person sees. */
import { act, failed, type Slack } from "./acts.ts";
import { isObject } from "./checks.ts";
import { directMessage } from "./conversations.ts";
import type { Act, ActAnswer, ConversationOnPage, MessageOnPage, Place, Snapshot, Typed, Values, ViewOnPage } from "./page-interface.ts";
import { elementsIn, type Pointed, seenBy } from "./places.ts";
import { snapshot } from "./snapshot.ts";
import { frontModal } from "./views.ts";
import { type Outcome, refused } from "./workspace.ts";

/** An element by any of its ids or its label. Where none is named: the modal in front. Several matching: refused, name more. */
export interface Ref {
  readonly in?: Place | MessageOnPage | ViewOnPage;
  readonly action_id?: string | RegExp;
  readonly block_id?: string | RegExp;
  /** A button's text. */
  readonly text?: string;
}

export interface Actor {
  readonly user: string;
  act(what: Act): Promise<ActAnswer>;
  /** The whole line; in the direct message with the app unless a channel is given. */
  command(line: string, channel?: string): Promise<ActAnswer>;
  click(ref: Ref, values?: Values): Promise<ActAnswer>;
  change(ref: Ref, value: Typed, values?: Values): Promise<ActAnswer>;
  /** Puts something into one input without telling the app. */
  fill(ref: Ref, value: Typed): Promise<ActAnswer>;
  suggest(ref: Ref, query: string): Promise<ActAnswer>;
  /** The modal in front. */
  submit(values?: Values): Promise<ActAnswer>;
  close(all?: boolean): Promise<ActAnswer>;
  home(tab?: "home" | "messages"): Promise<ActAnswer>;
  message(text: string, channel?: string, thread_ts?: string): Promise<ActAnswer>;
  shortcut(callbackId: string): Promise<ActAnswer>;

  sees(): Snapshot;
  /** The direct message with the app. */
  direct(): ConversationOnPage;
  /** By id or name. */
  conversation(idOrName: string): ConversationOnPage | undefined;
  modal(): ViewOnPage | undefined;
  /** Resolves with what `look` finds as soon as it finds something; rejects after `ms` (default 5,000) with what the person sees then. */
  until<T>(look: (seen: Snapshot) => T | undefined | null | false, ms?: number): Promise<T>;
}

export function actor(slack: Slack, user: string): Actor {
  const perform = (what: Act) => act(slack, user, what);
  const sees = (): Snapshot => {
    const seen = snapshot(slack.world, user);
    if (!seen) throw new Error(`nobody called ${user} is in this workspace`);
    return seen;
  };
  const dm = () => directMessage(slack.world, user).id;
  const at = async (ref: Ref, go: (where: { in: Place; block_id: string; action_id: string }) => Act): Promise<ActAnswer> => {
    const found = locate(slack, user, ref);
    if (!found.ok) return failed(found.error);
    const { place, block, element } = found.value;
    return perform(go({ in: place, block_id: block.block_id, action_id: String(element.action_id) }));
  };
  const front = () => frontModal(slack.world, user)?.id ?? "";

  return {
    user,
    act: perform,
    command: (text, channel = dm()) => perform({ type: "command", channel, text }),
    click: (ref, values) => at(ref, (where) => ({ type: "click", ...where, ...(values ? { values } : {}) })),
    change: (ref, value, values) => at(ref, (where) => ({ type: "change", ...where, value, ...(values ? { values } : {}) })),
    fill: (ref, value) => at(ref, (where) => ({ type: "fill", in: where.in, values: { [where.block_id]: { [where.action_id]: value } } })),
    suggest: (ref, query) => at(ref, (where) => ({ type: "suggest", ...where, query })),
    submit: (values) => perform({ type: "submit", view: front(), ...(values ? { values } : {}) }),
    close: (all = false) => perform({ type: "close", view: front(), all }),
    home: (tab = "home") => perform({ type: "home", tab }),
    message: (text, channel = dm(), thread_ts) =>
      perform({ type: "message", channel, text, ...(thread_ts === undefined ? {} : { thread_ts }) }),
    shortcut: (callback_id) => perform({ type: "shortcut", callback_id }),
    sees,
    direct: () => sees().conversations.find((each) => each.kind === "im")!,
    conversation: (idOrName) => sees().conversations.find((each) => each.id === idOrName || (each.kind !== "im" && each.name === idOrName)),
    modal: () => sees().modals.at(-1),
    until: (look, ms = 5_000) => until(slack, sees, look, ms),
  };
}

function placeOf(slack: Slack, user: string, given: Ref["in"]): Place {
  if (given === undefined) return { view: frontModal(slack.world, user)?.id ?? "" };
  if ("ts" in given) return { channel: given.channel, message: given.ts };
  return "hash" in given ? { view: given.id } : given;
}

const matches = (wanted: string | RegExp | undefined, found: string) =>
  wanted === undefined || (typeof wanted === "string" ? wanted === found : wanted.test(found));

function locate(slack: Slack, user: string, ref: Ref): Outcome<Pointed & { place: Place }> {
  const known = slack.world.users.get(user);
  if (!known) return refused("user_not_found");
  const place = placeOf(slack, user, ref.in);
  const where = seenBy(slack.world, known, place);
  if (!where.ok) return where;
  const found = elementsIn(where.value).filter(({ block, element }) => {
    const label = isObject(element.text) ? String(element.text.text) : "";
    return (
      matches(ref.block_id, block.block_id) &&
      matches(ref.action_id, String(element.action_id)) &&
      (ref.text === undefined || ref.text === label)
    );
  });
  const [only] = found;
  if (only === undefined) return refused("element_not_found");
  return found.length > 1 ? refused("several_elements_match") : { ok: true, value: { ...only, place } };
}

function until<T>({ world }: Slack, sees: () => Snapshot, look: (seen: Snapshot) => T | undefined | null | false, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => {
      world.watchers.delete(check);
      clearTimeout(timer);
    };
    const check = () => {
      try {
        const found = look(sees());
        if (found === undefined || found === null || found === false) return;
        end();
        resolve(found);
      } catch (error) {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const timer = setTimeout(() => {
      end();
      const { conversations, modals, home } = sees();
      reject(
        new Error(`not seen within ${ms} ms; what is seen: ${JSON.stringify({ conversations, modals, home }, null, 1).slice(0, 6_000)}`),
      );
    }, ms);
    world.watchers.add(check);
    check();
  });
}
