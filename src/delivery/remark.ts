/** Reminders, and what became of a task, in the thread below every copy of its card: there they stand with what they are about. */
import type { Piece } from "../cards/card.ts";
import { digestReminder } from "../cards/digest-reminder.ts";
import { mayAct } from "../cards/phrases.ts";
import { remarkCard } from "../cards/remark-card.ts";
import { loginsOf } from "../db/accounts.ts";
import { readDigest, readReminded } from "../db/digests.ts";
import { type Copy, standingCopies } from "../db/messages.ts";
import { readTask } from "../db/views.ts";
import type { Effect } from "../domain/effects.ts";
import type { PersonId } from "../domain/people.ts";
import { both, type Courier, DONE, type Ended } from "./courier.ts";
import { type Spot, spotOf, viewerOf } from "./places.ts";
import { putUnder } from "./post.ts";

type RemarkEffect = Extract<Effect, { readonly kind: "remark" }>;

/** More mentions than that would be noise: then the remark is shown in the channel instead. */
const MOST_MENTIONED = 3;

export async function remark(courier: Courier, effect: RemarkEffect, id: number): Promise<Ended> {
  const { db } = courier.world;
  const view = await readTask(db, effect.task, null);
  // Decided while the reminder was on its way: nobody needs it any more.
  if (!view || (isCall(effect) && view.task.state !== "open")) return DONE;
  let ended: Ended = DONE;
  for (const copy of await standingCopies(db, `task:${effect.task}`)) {
    const spot = spotOf(copy.place);
    if (!copy.conversation || !copy.message) continue;
    if (spot.kind === "person" && !(isFor(effect, spot.person) && (await hasLogin(courier, spot.person)))) continue;
    const mentions = spot.kind === "channel" ? await mentionsOf(courier, effect.to, copy) : {};
    const broadcast = spot.kind === "channel" && isCall(effect) && Object.keys(mentions).length === 0;
    const { home, conversation, message } = { ...copy, conversation: copy.conversation, message: copy.message };
    const destination = { kind: "thread", home, conversation, message, broadcast } as const;
    const digest = digestIn(copy);
    const shared =
      digest !== null && effect.remark === "reminder" ? await sharedReminder(courier, { effect, id, digest, spot, mentions }) : null;
    // Below a digest it has to be said which of its tasks it is about.
    const own = () => remarkCard(effect, view, { mentions, isNamed: digest !== null }, courier.texts);
    const { subject, draw } = shared ?? { subject: `remark:${id}`, draw: async () => own() };
    const outcome = await putUnder(courier, { subject, spot, destination }, async () => (await draw()) ?? own());
    // A card that is gone has no thread; its showing says so to an administrator.
    if (outcome.type !== "unreachable") ended = both(ended, outcome);
  }
  return ended;
}

function digestIn({ subject }: Copy): string | null {
  return subject.startsWith("digest:") ? subject.slice("digest:".length) : null;
}

interface OnDigest {
  readonly effect: RemarkEffect;
  readonly id: number;
  readonly digest: string;
  readonly spot: Spot;
  readonly mentions: Readonly<Record<PersonId, Piece>>;
}

/** What is reminded of at the same moment shares one reply, drawn anew as more joins it; `draw` gives null while it is only one. */
async function sharedReminder(courier: Courier, { effect, id, digest, spot, mentions }: OnDigest) {
  const { db } = courier.world;
  const { window } = await readReminded(db, { digest, effect: id });
  const draw = async () => {
    const { tasks } = await readReminded(db, { digest, effect: id });
    const read = await readDigest(db, digest);
    const rows = (read?.open ?? []).filter(({ line, task }) => tasks.includes(task.id) && mayAct(line, task, viewerOf(spot)));
    if (!read || rows.length < 2) return null;
    return digestReminder({ rows, to: effect.to, mentions }, { ...read, viewer: viewerOf(spot) }, courier.texts);
  };
  return { subject: `remark:${digest}:${window}`, draw };
}

/** Calls somebody to work: said to those who are asked. The others tell what happened, to everybody who has the card. */
function isCall({ remark: what }: RemarkEffect): boolean {
  return what === "reminder" || what === "nudge";
}

function isFor(effect: RemarkEffect, person: PersonId): boolean {
  return person !== effect.by && (!isCall(effect) || effect.to.includes(person));
}

/** A card may stand before a login that was taken away since, or became a guest: nothing more is said there. */
async function hasLogin({ world, channel }: Courier, person: PersonId): Promise<boolean> {
  return (await loginsOf(world.db, { person, platform: channel.platform })).some(({ proved }) => proved);
}

/** Live mentions of a few people, by their ids; of nobody where they are many. */
async function mentionsOf(courier: Courier, people: readonly PersonId[], { home }: Copy): Promise<Readonly<Record<PersonId, Piece>>> {
  if (people.length > MOST_MENTIONED) return {};
  const mentions: Record<PersonId, Piece> = {};
  for (const person of people) {
    const logins = await loginsOf(courier.world.db, { person, platform: courier.channel.platform });
    const login = logins.find((one) => one.home === home && one.proved);
    if (login) mentions[person] = { mention: person, user: login.user };
  }
  return mentions;
}
