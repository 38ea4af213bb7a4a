/** What could not be delivered is delivered once it is mended, though nobody says so: the chat is asked, now and then, about what is known to be broken. */
import { loginsOf } from "../db/accounts.ts";
import { whomNothingReaches } from "../db/due.ts";
import { lostChannels } from "../db/standing.ts";
import { channelChanged, letIn, loginChanged, MENDED_BY_DIRECTORY, reached, shutOut } from "../operations/happenings.ts";
import { type Courier, destinationsOf } from "./courier.ts";

/** Channels and people that are asked about at a time, and milliseconds between two times: a fraction of what Slack allows. */
const AT_ONCE = 20;
const EVERY_MS = 600_000;

export interface Mending {
  /** Is the app let in? And every ten minutes: what of the rest is mended? */
  look(): Promise<void>;
}

export function mending(courier: Courier, now: () => number = () => performance.now()): Mending {
  let wasOpen = false;
  let askedAt = now();
  return {
    async look() {
      const open = await isOpen(courier, wasOpen);
      // The first time too: another process may have found the door shut, and have ended since.
      if (open && !wasOpen) {
        const waited = await letIn(courier.world);
        if (waited > 0) courier.log.info({ waited }, "what waited while the app was shut out goes out");
      }
      wasOpen = open;
      if (!open || now() - askedAt < EVERY_MS) return;
      askedAt = now();
      await askChannels(courier);
      await askPeople(courier);
    },
  };
}

async function isOpen({ channel, world, log }: Courier, wasOpen: boolean): Promise<boolean> {
  const before = channel.shut();
  if (before === null && wasOpen) return true;
  await channel.knock();
  const why = channel.shut();
  if (why === null) return true;
  log.error({ why }, "the chat lets the app do nothing: what is to be delivered waits until its token works again");
  // It can't be told before it is over: one alert is enough, however long it lasts.
  if (wasOpen) await shutOut(world, channel.platform, why);
  return false;
}

async function askChannels({ world, channel }: Courier): Promise<void> {
  for (const lost of await lostChannels(world.db, channel.platform, AT_ONCE)) {
    const room = await channel.room(lost.home, lost.channel);
    if (room.type !== "done") return;
    if (room.value === null || room.value.why !== null) continue;
    const { conversation, name } = room.value;
    await channelChanged(world, { platform: channel.platform, conversation, names: [lost.channel, name], why: null });
  }
}

async function askPeople(courier: Courier): Promise<void> {
  const { world, channel } = courier;
  const { platform } = channel;
  for (const { person } of await whomNothingReaches(world.db, { platform, whys: MENDED_BY_DIRECTORY, most: AT_ONCE })) {
    const logins = await loginsOf(world.db, { person, platform });
    for (const { home, user } of logins) {
      const found = await channel.userById(home, user);
      if (found.type !== "done") return;
      if (found.value?.standing === "member") await loginChanged(world, { platform, home, user }, found.value);
    }
    if (logins.length > 0) continue;
    const places = await destinationsOf(courier, { kind: "person", person });
    if (places.type === "done") await reached(world, person, platform);
  }
}
