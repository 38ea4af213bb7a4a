/** Delivery on a real database into a channel in memory, with a hand on what the channel does. */
import type { Card } from "../../src/cards/card.ts";
import { manual } from "../../src/connectors/manual.ts";
import type { Connection } from "../../src/db/connect.ts";
import { loadSettings } from "../../src/db/load.ts";
import type { Courier } from "../../src/delivery/courier.ts";
import { drain } from "../../src/delivery/drain.ts";
import type { Channel, ChatUser, Log } from "../../src/ports.ts";
import { en } from "../../src/texts/en.ts";
import { type Company, PEOPLE } from "../operations/company.ts";
import { type MemoryChannel, type MemoryPlace, memoryChannel } from "../ports/memory-channel.ts";

const PLACES: readonly MemoryPlace[] = [
  { id: "C0HANDS", name: "hands", bot: true },
  { id: "C0APPROVALS", name: "approvals", bot: true },
  { id: "C0QUIET", name: "quiet", bot: false },
];

export const USERS: readonly ChatUser[] = PEOPLE.map(({ id, email }) => ({
  platform: "slack",
  home: "T0ACME",
  user: `U${id.toUpperCase()}`,
  email,
  standing: "member",
}));

export interface Note {
  readonly level: "warn" | "error";
  readonly message: string;
  readonly about: Readonly<Record<string, unknown>>;
}

export interface Stage {
  readonly channel: MemoryChannel;
  readonly courier: Courier;
  readonly notes: Note[];
  /** Delivers whatever is due now. */
  deliver(): Promise<void>;
  /** The cards that stand before a person or in a channel now, in the order in which they were posted. */
  cardsOf(place: { person: string } | { channel: string }): readonly Card[];
}

export interface StageOptions {
  readonly users?: readonly ChatUser[];
  readonly channel?: MemoryChannel;
  /** Stands between delivery and the channel. */
  readonly through?: (channel: MemoryChannel) => Channel;
  /** Connections of a replica's own. */
  readonly connection?: Connection;
}

export function stage(it: Company, options: StageOptions = {}): Stage {
  const channel = options.channel ?? memoryChannel(options.users ?? USERS, PLACES);
  const notes: Note[] = [];
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: (about, message) => void notes.push({ level: "warn", message, about: { ...about } }),
    error: (about, message) => void notes.push({ level: "error", message, about: { ...about } }),
  };
  const world = options.connection ? { ...it.world, db: options.connection.db } : it.world;
  const courier: Courier = {
    world,
    channel: options.through?.(channel) ?? channel,
    connectors: {},
    byHand: manual,
    texts: en,
    log,
    settings: () => loadSettings(world.db),
    inHand: { effects: new Set(), copies: new Set() },
  };
  return {
    channel,
    courier,
    notes,
    deliver: async () => {
      await drain(courier, () => true);
    },
    cardsOf: (place) => {
      const conversation = "person" in place ? `direct U${place.person.toUpperCase()}` : place.channel;
      return channel.shown.filter(({ at }) => at.conversation === conversation).map(({ card }) => card);
    },
  };
}

/** What was put off or is held is due at once: moves the database's clocks instead of sleeping. */
export async function hasten(it: Company): Promise<void> {
  await it.connection
    .sql`update effect set leased_until = clock_timestamp() - interval '1 second' where state = 'due' and leased_until is not null`;
  await it.connection.sql`update message set leased_until = clock_timestamp() - interval '1 second' where leased_until is not null`;
}

/** Delivers until nothing is due any more, however often something is put off. */
export async function settled(it: Company, ...stages: readonly Stage[]): Promise<void> {
  for (let round = 0; round < 50; round++) {
    await Promise.all(stages.map((one) => one.deliver()));
    const [row] = await it.connection.sql`select count(*)::int as n from effect where state = 'due'`;
    if (row?.n === 0) return;
    await it.connection.sql`update effect set leased_until = null where state = 'due'`;
  }
  throw new Error("effects keep being put off");
}

/** Verbs of the buttons that act on a task. */
export function verbsOn(card: Card | undefined): readonly string[] {
  return (card?.blocks ?? []).flatMap((block) =>
    block.type === "buttons" ? block.buttons.flatMap(({ action }) => (action.kind === "act" ? [action.verb] : [])) : [],
  );
}

/** Everything that a person reads on a card, in one line. */
export function wordsOf(card: Card | undefined): string {
  const words = (value: unknown): string => {
    if (typeof value === "string") return value;
    if (Array.isArray(value)) return value.map(words).join(" ");
    if (typeof value !== "object" || value === null) return "";
    return Object.entries(value)
      .filter(([key]) => !["type", "action", "tone", "spoken", "show"].includes(key))
      .map(([, one]) => words(one))
      .join(" ");
  };
  return words(card).replace(/\s+/g, " ");
}
