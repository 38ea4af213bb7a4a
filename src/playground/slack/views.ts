/** Modals and App Homes: the stack of at most three, hashes against overwriting, and Slack's `view` object. */
import { valuesFor } from "./inputs.ts";
import { LIMIT } from "./limits.ts";
import { withIds } from "./messages.ts";
import { liveTrigger } from "./triggers.ts";
import { viewFaults } from "./validate.ts";
import { changed, done, newId, type Outcome, refused } from "./workspace.ts";
import type { Json, OpenView, Trigger, World } from "./world.ts";

export const stackOf = (world: World, user: string): readonly OpenView[] => world.modals.get(user) ?? [];

export function frontModal(world: World, user: string): OpenView | undefined {
  return stackOf(world, user).at(-1);
}

const openViews = (world: World): readonly OpenView[] => [...[...world.modals.values()].flat(), ...world.homes.values()];
export const viewById = (world: World, id: string): OpenView | undefined => openViews(world).find((each) => each.id === id);

/** Checks a view as it was sent and fills in the ids left out. `except`: the view that this one replaces. */
function accept(world: World, view: unknown, surface: "modal" | "home", except?: OpenView): Outcome<OpenView["content"]> {
  if (JSON.stringify(view ?? null).length > LIMIT.viewBytes) return refused("view_too_large");
  const faults = viewFaults(view, surface);
  if (faults.length > 0) return refused("invalid_arguments", faults);
  const content = view as Json & { blocks: readonly unknown[] };
  const external = content.external_id;
  if (
    external !== undefined &&
    external !== "" &&
    openViews(world).some((each) => each !== except && each.content.external_id === external)
  ) {
    return refused("duplicate_external_id");
  }
  return done({ ...content, blocks: withIds(content.blocks) });
}

/** As Slack's: a time and a random part, e.g. `1700000000.AbC1`. */
const newHash = (world: World): string => newId(world, `${Math.floor(world.now() / 1000)}.`);

function place(
  world: World,
  trigger: Pick<Trigger, "user" | "channel">,
  content: OpenView["content"],
  below: readonly OpenView[],
): OpenView {
  const id = newId(world, "V");
  const view: OpenView = {
    id,
    user: trigger.user,
    type: "modal",
    content,
    hash: newHash(world),
    values: valuesFor(content.blocks, {}, trigger.channel),
    errors: {},
    root: below[0]?.id ?? id,
    previous: below.at(-1)?.id ?? null,
    ...(trigger.channel === undefined ? {} : { channel: trigger.channel }),
  };
  world.modals.set(trigger.user, [...below, view]);
  changed(world);
  return view;
}

export function open(world: World, triggerId: string, view: unknown): Outcome<OpenView> {
  const accepted = accept(world, view, "modal");
  if (!accepted.ok) return accepted;
  const trigger = liveTrigger(world, triggerId);
  if (!trigger.ok) return trigger;
  trigger.value.exchanged = true;
  return done(place(world, trigger.value, accepted.value, []));
}

export function push(world: World, triggerId: string, view: unknown): Outcome<OpenView> {
  const accepted = accept(world, view, "modal");
  if (!accepted.ok) return accepted;
  const trigger = liveTrigger(world, triggerId);
  if (!trigger.ok) return trigger;
  const stack = stackOf(world, trigger.value.user);
  if (!stack.some((each) => each.id === trigger.value.view)) return refused("view_not_found");
  if (stack.length >= LIMIT.modalStack) return refused("push_limit_reached");
  trigger.value.exchanged = true;
  return done(place(world, trigger.value, accepted.value, stack));
}

/** A push that answers a view_submission needs no trigger. */
export function pushOnto(world: World, below: OpenView, view: unknown): Outcome<OpenView> {
  const stack = stackOf(world, below.user);
  if (stack.length >= LIMIT.modalStack) return refused("push_limit_reached");
  const accepted = accept(world, view, "modal");
  return accepted.ok ? done(place(world, below, accepted.value, stack)) : accepted;
}

export interface Update {
  readonly view_id?: string | undefined;
  readonly external_id?: string | undefined;
  readonly hash?: string | undefined;
  readonly view: unknown;
}

/** views.update, and `response_action: update`. What stood in inputs that are still there is kept; errors go. */
export function update(world: World, asked: Update): Outcome<OpenView> {
  const target = openViews(world).find((each) =>
    asked.view_id === undefined ? each.content.external_id === asked.external_id : each.id === asked.view_id,
  );
  if (!target) return refused("not_found");
  if (asked.hash !== undefined && asked.hash !== target.hash) return refused("hash_conflict");
  const accepted = accept(world, asked.view, target.type, target);
  if (!accepted.ok) return accepted;
  replace(world, target, accepted.value);
  return done(target);
}

export function publish(world: World, user: string, view: unknown, hash: string | undefined): Outcome<OpenView> {
  if (!world.users.has(user)) return refused("user_not_found");
  const before = world.homes.get(user);
  if (before && hash !== undefined && hash !== before.hash) return refused("hash_conflict");
  const accepted = accept(world, view, "home", before);
  if (!accepted.ok) return accepted;
  if (before) {
    replace(world, before, accepted.value);
    return done(before);
  }
  const id = newId(world, "V");
  const values = valuesFor(accepted.value.blocks);
  const home: OpenView = {
    id,
    user,
    type: "home",
    content: accepted.value,
    hash: newHash(world),
    values,
    errors: {},
    root: id,
    previous: null,
  };
  world.homes.set(user, home);
  changed(world);
  return done(home);
}

function replace(world: World, target: OpenView, content: OpenView["content"]): void {
  target.content = content;
  target.values = valuesFor(content.blocks, target.values, target.channel);
  target.errors = {};
  target.hash = newHash(world);
  changed(world);
}

/** Takes modals off the person's stack: this one (and what was pushed onto it), or all. Answers those that went, the front one first. */
export function takeOff(world: World, view: OpenView, all: boolean): readonly OpenView[] {
  const stack = stackOf(world, view.user);
  const from = all ? 0 : stack.indexOf(view);
  if (from < 0) return [];
  const gone = stack.slice(from).reverse();
  world.modals.set(view.user, stack.slice(0, from));
  for (const key of world.offered.keys()) if (gone.some((each) => key.startsWith(`${each.user} ${each.id} `))) world.offered.delete(key);
  changed(world);
  return gone;
}

/** Slack's `view` object, as Web API answers and payloads carry it. */
export function asView(world: World, view: OpenView): Json {
  const { title = null, submit = null, close = null } = view.content;
  return {
    id: view.id,
    team_id: world.team.id,
    type: view.type,
    blocks: view.content.blocks,
    private_metadata: view.content.private_metadata ?? "",
    callback_id: view.content.callback_id ?? "",
    external_id: view.content.external_id ?? "",
    state: { values: view.values },
    hash: view.hash,
    title: title ?? { type: "plain_text", text: "View Title", emoji: true },
    submit,
    close,
    clear_on_close: view.content.clear_on_close ?? false,
    notify_on_close: view.content.notify_on_close ?? false,
    previous_view_id: view.previous,
    root_view_id: view.root,
    app_id: world.app.id,
    app_installed_team_id: world.team.id,
    bot_id: world.app.botId,
  };
}
