/** When to look: at once after a commit of this process, at least once a second for what others left, and housekeeping at every tick. */
import cron from "node-cron";
import { faultName } from "../db/fault.ts";
import { holdOn, prune } from "../db/outbox.ts";
import { forgetOldCards } from "../db/retention.ts";
import { tick as ticked } from "../operations/tick.ts";
import type { Courier } from "./courier.ts";
import { type Bell, drain } from "./drain.ts";
import { mending } from "./mend.ts";

/** Milliseconds between extensions of the leases in hand: well under their length. */
const HOLD_ON_MS = 1000;
/** Milliseconds between looks when nobody wakes us: how long a card may wait for another replica to pick it up. */
const POLL_MS = 1000;
/** Milliseconds by which the machine's clock is off its even run from one look at it to the next when somebody has set it. */
const SET_MS = 1000;
/** When old cards' places are forgotten: once an hour, as a cron expression. */
const FORGETTING = "23 * * * *";

export interface Schedule {
  /** Something may be due now. Never waits. */
  wake(): void;
  /** Looks at the clocks now: what is due happens. */
  tick(): Promise<void>;
  /** Stops taking work; resolves once what was begun has ended. */
  stop(): Promise<void>;
}

/** `tick` is a node-cron expression with seconds; it only pokes: what is due stands in the database. */
export function schedule(courier: Courier, tick: string): Schedule {
  let stopped = false;
  let rung = false;
  let rouse: () => void = () => {};

  const bell: Bell = {
    heed: () => {
      rung = false;
    },
    sleep: (ms) => {
      // Nobody sleeps twice: a sleep that was left behind has nobody to wake.
      rouse();
      if (rung) return Promise.resolve();
      return new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        rouse = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };

  const run = async () => {
    while (!stopped) {
      let wait: number | null = null;
      try {
        wait = await drain(courier, () => !stopped, bell);
      } catch (error) {
        courier.log.error({ fault: faultName(error) }, "the outbox could not be read");
      }
      if (!stopped) await bell.sleep(Math.max(10, Math.min(wait ?? POLL_MS, POLL_MS)));
    }
  };
  const wake = () => {
    rung = true;
    rouse();
  };
  const mender = mending(courier);
  const mend = () =>
    mender.look().catch((error: unknown) => courier.log.warn({ fault: faultName(error) }, "what is broken could not be looked after"));
  let ticking = Promise.resolve();
  // One at a time in a process: a tick that takes longer than the pause to the next isn't overtaken by it.
  const look = () => {
    ticking = ticking.then(async () => {
      if (stopped) return;
      const began = performance.now();
      const count = (outcome: "done" | "failed") => courier.meters?.ticked(outcome, (performance.now() - began) / 1000);
      try {
        await ticked(courier.world, () => !stopped);
        count("done");
      } catch (error) {
        count("failed");
        courier.log.error({ fault: faultName(error) }, "the clocks could not be read");
      }
    });
    return ticking;
  };
  const task = cron.schedule(tick, async () => {
    wake();
    await look();
    if (!stopped) await mend();
    await prune(courier.world.db).catch((error: unknown) => courier.log.warn({ fault: faultName(error) }, "housekeeping failed"));
  });
  // It reads a whole table, and nothing hurries: an hour that is missed is made up for by the next.
  const hourly = cron.schedule(FORGETTING, async () => {
    await forgetOldCards(courier.world.db, () => !stopped).catch((error: unknown) =>
      courier.log.warn({ fault: faultName(error) }, "housekeeping failed"),
    );
  });
  const ahead = () => Date.now() - performance.now();
  let was = ahead();
  // Cron worked out its next time by the clock as it stood: set back by an hour, it would wait for an hour more.
  const minding = () => {
    const is = ahead();
    const set = Math.abs(is - was) > SET_MS;
    was = is;
    if (!set || stopped) return;
    courier.log.warn({}, "the machine's clock was set: the next looks are worked out anew");
    for (const one of [task, hourly]) {
      void one.stop();
      void one.start();
    }
    wake();
    void look();
  };
  const holding = setInterval(() => {
    minding();
    const { effects, copies } = courier.inHand;
    // A database that doesn't answer now answers later, or the leases run out and others take over: both are fine.
    holdOn(courier.world.db, { effects: [...effects], copies: [...copies] }).catch(() => {});
  }, HOLD_ON_MS);
  const running = run();
  // What ran out while nobody was there is made up for at once.
  void look();
  ticking = ticking.then(mend);
  return {
    wake,
    tick: look,
    stop: async () => {
      stopped = true;
      rouse();
      await Promise.all([task.stop(), hourly.stop()]);
      await Promise.all([running, ticking]);
      clearInterval(holding);
    },
  };
}
