/** What delivering works with, and the way from a person to a place where a card can stand. */
import { type LoginOf, loginsOf, proveLogin } from "../db/accounts.ts";
import { personById } from "../db/people.ts";
import type { Settings } from "../domain/catalogue.ts";
import { isActive } from "../domain/people.ts";
import { linkByEmail } from "../operations/identify.ts";
import type { World } from "../operations/world.ts";
import type { Channel, Connector, Delivery, Destination, Held, Log, Meters, Urgency } from "../ports.ts";
import type { Texts } from "../texts/texts.ts";
import type { Spot } from "./places.ts";

export interface Courier {
  readonly world: World;
  readonly channel: Channel;
  /** By an application's `kind`; kinds without a connector of their own are done by hand. */
  readonly connectors: Readonly<Record<string, Connector>>;
  readonly byHand: Connector;
  readonly texts: Texts;
  readonly log: Log;
  /** Left out: nobody watches. */
  readonly meters?: Pick<Meters, "carriedOut" | "ticked">;
  readonly settings: () => Promise<Settings | null>;
  /** What is being worked on right now, whose leases are extended while it lasts. */
  readonly inHand: { readonly effects: Set<number>; readonly copies: Set<string> };
}

/** How one effect ended. */
export type Ended =
  | { readonly type: "done" }
  | { readonly type: "later"; readonly afterMs: number; readonly why: string; readonly held?: Held };

export const DONE: Ended = { type: "done" };

/** Where a spot's card can go, best first; a person who isn't linked yet is looked up by e-mail where the configuration trusts it. */
export async function destinationsOf(courier: Courier, spot: Spot): Promise<Delivery<Places>> {
  if (spot.kind === "channel") {
    const [home] = await homesOf(courier);
    return home ? found([{ kind: "channel", home: home.id, channel: spot.channel }]) : lost("no-workspace");
  }
  const logins = await loginsOf(courier.world.db, { person: spot.person, platform: courier.channel.platform });
  if (logins.length > 0) return usable(courier, logins);
  const person = await personById(courier.world.db, spot.person);
  if (!person || !isActive(person)) return lost("not-active");
  for (const home of (await homesOf(courier)).filter((one) => one.trustEmail)) {
    const looked = await courier.channel.userByEmail(home.id, person.email);
    if (looked.type === "later") return looked;
    if (looked.type === "unreachable" || looked.value?.standing !== "member") continue;
    const login = { platform: courier.channel.platform, home: home.id, user: looked.value.user };
    const linked = await linkByEmail(courier.world, { login, email: person.email, home });
    if (linked?.id === person.id) return found([direct(login)]);
  }
  return lost("not-linked");
}

async function homesOf({ settings, channel }: Courier): Promise<Settings["homes"]> {
  return ((await settings())?.homes ?? []).filter(({ platform }) => platform === channel.platform);
}

/** Those logins that cards may go to: one that only people.csv names once the directory calls it a full member, which is remembered. */
async function usable(courier: Courier, logins: readonly LoginOf[]): Promise<Delivery<Places>> {
  const places: Destination[] = [];
  let otherwise: Delivery<never> = lost("not-a-member");
  for (const { home, user, proved } of logins) {
    if (!proved) {
      const looked = await courier.channel.userById(home, user);
      if (looked.type !== "done" && otherwise.type !== "later") otherwise = looked;
      if (looked.type !== "done" || looked.value?.standing !== "member") continue;
      await proveLogin(courier.world.db, { platform: courier.channel.platform, home, user });
    }
    places.push(direct({ home, user }));
  }
  const [first, ...rest] = places;
  return first ? found([first, ...rest]) : otherwise;
}

export type Places = readonly [Destination, ...Destination[]];

function direct({ home, user }: { readonly home: string; readonly user: string }): Destination {
  return { kind: "direct", home, user };
}

function found(value: Places): Delivery<Places> {
  return { type: "done", value };
}

function lost(why: string): Delivery<never> {
  return { type: "unreachable", why };
}

/** Copies of one card that wait for their turn are gathered for so long: each try looks at all of them. Milliseconds. */
const GATHER_MS = 3_000;

/** Several endings as one: later, if any of them has to be tried again; as soon as the first of them may be, or a little later with more of them. */
export function both(a: Ended, b: Ended): Ended {
  if (a.type === "done") return b;
  if (b.type === "done") return a;
  const [first, last] = a.afterMs <= b.afterMs ? [a, b] : [b, a];
  // What the outside refused counts, whatever else is only waiting its turn.
  const { why, held } = a.held ? b : a;
  const afterMs = Math.max(first.afterMs, Math.min(last.afterMs, GATHER_MS));
  return { type: "later", afterMs, why, ...(held ? { held } : {}) };
}

/** The same courier for what is so urgent. */
export function urgently(courier: Courier, urgency: Urgency): Courier {
  const { channel } = courier;
  return {
    ...courier,
    channel: {
      ...channel,
      post: (to, card, key, perhapsSent) => channel.post(to, card, key, perhapsSent, urgency),
      redraw: (at, card) => channel.redraw(at, card, urgency),
      home: (home, user, card) => channel.home(home, user, card, urgency),
    },
  };
}
