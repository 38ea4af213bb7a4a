/** The two short-lived rights that an interaction carries: the trigger_id, and the response_url. */
import { LIMIT } from "./limits.ts";
import { done, newId, type Outcome, refused } from "./workspace.ts";
import type { ResponseUrl, Trigger, World } from "./world.ts";

/** Long enough that a late exchange is told "expired" and not "invalid". */
const FORGET_TRIGGER_MS = 10 * 60_000;

export function newTrigger(world: World, user: string, from: { readonly view?: string; readonly channel?: string } = {}): string {
  const made = world.now();
  for (const [id, old] of world.triggers) if (made - old.made > FORGET_TRIGGER_MS) world.triggers.delete(id);
  const id = `${newId(world, "")}.${made}.${newId(world, "")}`;
  world.triggers.set(id, { id, user, made, exchanged: false, ...from });
  return id;
}

/** Looks at a trigger without using it up, so that an invalid view leaves it whole. */
export function liveTrigger(world: World, id: string): Outcome<Trigger> {
  const trigger = world.triggers.get(id);
  if (!trigger) return refused("invalid_trigger_id");
  if (trigger.exchanged) return refused("exchanged_trigger_id");
  if (world.now() - trigger.made > LIMIT.triggerMs) return refused("expired_trigger_id");
  return done(trigger);
}

export function newResponseUrl(world: World, about: Pick<ResponseUrl, "user" | "channel" | "message" | "thread_ts">): string {
  const id = `${newId(world, "")}${newId(world, "")}`;
  world.responseUrls.set(id, { id, made: world.now(), uses: 0, ...about });
  return id;
}

/** Counts one use. */
export function spendResponseUrl(world: World, id: string): Outcome<ResponseUrl> {
  const known = world.responseUrls.get(id);
  if (!known) return refused("invalid_url");
  if (world.now() - known.made > LIMIT.responseUrlMs) return refused("expired_url");
  if (known.uses >= LIMIT.responseUrlUses) return refused("used_url");
  known.uses += 1;
  return done(known);
}
