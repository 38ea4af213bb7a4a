/** A channel that keeps everything in memory: for tests of whoever uses the port. It keeps the same contract as Slack's. */
import type { Card } from "../../src/cards/card.ts";
import type { Channel, ChatUser, Delivery, Destination, Posted } from "../../src/ports.ts";

export interface MemoryPlace {
  readonly id: string;
  readonly name: string;
  /** False: the bot was not invited. */
  readonly bot: boolean;
  readonly archived?: boolean;
}

export interface Shown {
  readonly at: Posted;
  readonly to: Destination;
  readonly key: string;
  readonly card: Card;
}

/** What goes wrong with the next calls, one each. `lost`: done, but the answer never arrives. */
export type Trouble = { readonly type: "limited"; readonly afterMs: number } | { readonly type: "down" } | { readonly type: "lost" };

export interface MemoryChannel extends Channel {
  readonly shown: Shown[];
  readonly homes: Map<string, Card>;
  readonly trouble: Trouble[];
  /** Words for why the platform lets the app do nothing; null: it is let in. `heard` is what the channel knows of it. */
  readonly door: { why: string | null; heard: string | null };
  remove(at: Posted): void;
}

export function memoryChannel(users: readonly ChatUser[], places: readonly MemoryPlace[]): MemoryChannel {
  const shown: Shown[] = [];
  const homes = new Map<string, Card>();
  const trouble: Trouble[] = [];
  const door: MemoryChannel["door"] = { why: null, heard: null };
  let count = 0;

  /** Does it unless trouble comes first; what was lost was done all the same. */
  function carryOut<T>(work: () => Delivery<T>): Promise<Delivery<T>> {
    door.heard ??= door.why;
    if (door.heard !== null)
      return Promise.resolve({ type: "later", afterMs: 600_000, why: `shut: ${door.heard}`, unsent: true, held: "shut" });
    const now = trouble.shift();
    if (now?.type === "limited") return Promise.resolve({ type: "later", afterMs: now.afterMs, why: "ratelimited", unsent: true });
    if (now?.type === "down") return Promise.resolve({ type: "later", afterMs: 1_000, why: "down" });
    const done = work();
    return Promise.resolve(now?.type === "lost" && done.type === "done" ? { type: "later", afterMs: 1_000, why: "lost" } : done);
  }

  const find = (at: Posted) => shown.findIndex((one) => one.at.conversation === at.conversation && one.at.message === at.message);
  const isUser = (home: string, user: string) => (one: ChatUser) => one.home === home && one.user === user;

  function conversationOf(to: Destination): Delivery<string> {
    if (to.kind === "thread") {
      const stands = shown.some((one) => one.at.conversation === to.conversation && one.at.message === to.message);
      return stands ? { type: "done", value: to.conversation } : { type: "unreachable", why: "thread_not_found" };
    }
    if (to.kind === "direct") {
      const user = users.find(isUser(to.home, to.user));
      if (!user) return { type: "unreachable", why: "user_not_found" };
      return user.standing === "bot" || user.standing === "deactivated"
        ? { type: "unreachable", why: "user_disabled" }
        : { type: "done", value: `direct ${user.user}` };
    }
    const place = places.find((one) => one.id === to.channel || one.name === to.channel.replace(/^#/, ""));
    if (!place || place.archived) return { type: "unreachable", why: "channel_not_found" };
    return place.bot ? { type: "done", value: place.id } : { type: "unreachable", why: "not_in_channel" };
  }

  return {
    platform: "slack",
    shown,
    homes,
    trouble,
    door,
    remove: (at) => void shown.splice(find(at), 1),
    post: (to, card, key, perhapsSent = false) =>
      carryOut<Posted>(() => {
        const conversation = conversationOf(to);
        if (conversation.type !== "done") return conversation;
        const before = shown.findIndex((one) => perhapsSent && one.key === key && one.at.conversation === conversation.value);
        const known = shown[before];
        if (known) {
          shown[before] = { ...known, card };
          return { type: "done", value: known.at };
        }
        count += 1;
        const at: Posted = { home: to.home, conversation: conversation.value, message: String(count) };
        shown.push({ at, to, key, card });
        return { type: "done", value: at };
      }),
    redraw: (at, card) =>
      carryOut(() => {
        const index = find(at);
        const before = shown[index];
        if (!before) return { type: "unreachable", why: "message_not_found" };
        shown[index] = { ...before, card };
        return { type: "done", value: null };
      }),
    home: (home, user, card) =>
      carryOut(() => {
        if (!users.some(isUser(home, user))) return { type: "unreachable", why: "user_not_found" };
        homes.set(user, card);
        return { type: "done", value: null };
      }),
    userById: (home, user) => carryOut(() => ({ type: "done", value: users.find(isUser(home, user)) ?? null })),
    userByEmail: (home, email) =>
      carryOut(() => {
        const isLive = (one: ChatUser) => one.standing === "member" || one.standing === "guest";
        return { type: "done", value: users.find((one) => one.home === home && one.email === email && isLive(one)) ?? null };
      }),
    room: (_home, channel) =>
      carryOut(() => {
        const place = places.find((one) => one.id === channel || one.name === channel.replace(/^#/, ""));
        if (!place) return { type: "done", value: null };
        const why = place.archived ? "is_archived" : place.bot ? null : "not_in_channel";
        return { type: "done", value: { conversation: place.id, name: place.name, why } };
      }),
    shut: () => door.heard,
    knock: async () => {
      door.heard = door.why;
    },
  };
}
