/** Finding what a person points at, and keeping what they put into it. */
import { elementsOf } from "./elements.ts";
import type { Where } from "./envelope.ts";
import { take, valuesFor } from "./inputs.ts";
import { find } from "./messages.ts";
import type { Place, Typed, Values } from "./page-interface.ts";
import { viewById } from "./views.ts";
import { changed, done, type Outcome, refused } from "./workspace.ts";
import type { Block, Json, Message, StateValues, User, World } from "./world.ts";

/** A message or view that this person can see now. */
export function seenBy(world: World, user: User, place: Place): Outcome<Where> {
  if ("view" in place) {
    const view = viewById(world, place.view);
    return view && view.user === user.id ? done({ view }) : refused("not_found");
  }
  const channel = world.channels.get(place.channel);
  if (!channel?.members.has(user.id)) return refused("not_in_channel");
  const message = find(channel, place.message);
  if (!message || (message.visibleTo !== undefined && message.visibleTo !== user.id)) return refused("message_not_found");
  return done({ channel, message });
}

export interface Pointed {
  readonly block: Block;
  readonly element: Json;
}

const blocksIn = (where: Where): readonly Block[] => {
  if ("view" in where) return where.view.content.blocks;
  return [
    ...where.message.blocks,
    ...where.message.attachments.flatMap((each) => (Array.isArray(each.blocks) ? (each.blocks as Block[]) : [])),
  ];
};

export function pointed(where: Where, blockId: string, actionId: string): Outcome<Pointed> {
  const block = blocksIn(where).find((each) => each.block_id === blockId);
  const element = block && elementsOf(block).find((each) => each.action_id === actionId);
  return block && element ? done({ block, element }) : refused("element_not_found");
}

/** Every interactive element of a place. */
export const elementsIn = (where: Where): readonly Pointed[] =>
  blocksIn(where).flatMap((block) => elementsOf(block).map((element) => ({ block, element })));

/** What stands in the inputs of a place for this person. Messages keep it for each person apart. */
export function valuesIn(where: Where, user: string): StateValues {
  return "view" in where ? where.view.values : valuesOfMessage(where.message, user);
}

export const valuesOfMessage = (message: Message, user: string): StateValues => valuesFor(message.blocks, message.states.get(user));

function keep(where: Where, user: string, values: StateValues): void {
  if ("view" in where) where.view.values = values;
  else where.message.states.set(user, values);
}

const offeredKey = (where: Where, user: string, blockId: string, actionId: string): string =>
  [user, "view" in where ? where.view.id : `${where.channel.id} ${where.message.ts}`, blockId, actionId].join(" ");

/** Remembers the options that the app offered at type-ahead: only these can be chosen. */
export function offer(world: World, where: Where, user: string, { block, element }: Pointed, options: readonly Json[]): void {
  const key = offeredKey(where, user, block.block_id, String(element.action_id));
  const known = world.offered.get(key) ?? new Map<string, Json>();
  for (const option of options) known.set(String(option.value), option);
  world.offered.set(key, known);
}

/** Puts one thing into one input. */
export function put(world: World, where: Where, user: string, { block, element }: Pointed, typed: Typed): Outcome<StateValues> {
  const actionId = String(element.action_id);
  const taken = take(world, element, typed, world.offered.get(offeredKey(where, user, block.block_id, actionId)) ?? new Map());
  if (!taken.ok) return taken;
  const before = valuesIn(where, user);
  const values = { ...before, [block.block_id]: { ...before[block.block_id], [actionId]: taken.value } };
  keep(where, user, values);
  if ("view" in where) where.view.errors = Object.fromEntries(Object.entries(where.view.errors).filter(([id]) => id !== block.block_id));
  changed(world);
  return done(values);
}

/** Puts several things in; inputs that are no longer there are passed over, since the app may have redrawn meanwhile. */
export function putAll(world: World, where: Where, user: string, values: Values): Outcome<undefined> {
  for (const [blockId, actions] of Object.entries(values)) {
    for (const [actionId, typed] of Object.entries(actions)) {
      const at = pointed(where, blockId, actionId);
      if (!at.ok) continue;
      const kept = put(world, where, user, at.value, typed);
      if (!kept.ok) return kept;
    }
  }
  return done(undefined);
}
