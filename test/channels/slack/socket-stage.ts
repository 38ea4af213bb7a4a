/** Latchkey's Slack channel over Socket Mode: a real front with real websockets, the stand-in behind it, and a clock that tests move. */
import { type Slack, slack } from "../../../src/channels/slack/slack.ts";
import type { Clock } from "../../../src/channels/slack/socket-watch.ts";
import type { Operations } from "../../../src/operations/operations.ts";
import { type StandIn, standIn } from "../../../src/playground/slack/stand-in.ts";
import type { Log } from "../../../src/ports.ts";
import { en } from "../../../src/texts/en.ts";
import { type Front, socketFront } from "../../setup/socket-front.ts";
import { BOT_TOKEN, TEAM, WORKSPACE } from "../stage.ts";

export const APP_TOKEN = "xapp-1-A0STANDIN-1-the-test-app";

export interface HandClock extends Clock {
  /** Moves the time on, and does what is due meanwhile in its order. */
  advance(ms: number): void;
}

export function handClock(): HandClock {
  let now = 0;
  const due = new Map<object, { readonly at: number; readonly act: () => void }>();
  return {
    now: () => now,
    after(ms, act) {
      const key = {};
      due.set(key, { at: now + ms, act });
      return () => void due.delete(key);
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = [...due].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
        if (!next) break;
        due.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].act();
      }
      now = until;
    },
  };
}

export interface Latchkey {
  readonly slack: Slack;
  readonly clock: HandClock;
  /** Whatever was logged at any level, as text. */
  readonly logged: string[];
  readonly troubles: string[];
  readonly left: () => number;
}

export interface SocketStage {
  readonly front: Front;
  readonly world: StandIn;
  /** A process of Latchkey's; what the clock of each shows is its own affair. */
  latchkey(operations: Operations, options?: { homes?: () => readonly string[]; start?: boolean }): Promise<Latchkey>;
  close(): Promise<void>;
}

export async function socketStage(): Promise<SocketStage> {
  let apiUrl = "";
  const front = await socketFront(() => apiUrl);
  const world = standIn({ ...WORKSPACE, deliver: front.carry, eventRetriesMs: [] });
  const { url, close } = await world.listen();
  apiUrl = `${url}/api/`;
  const begun: Slack[] = [];
  return {
    front,
    world,
    async latchkey(operations, { homes = () => [TEAM], start = true } = {}) {
      const clock = handClock();
      const logged: string[] = [];
      const troubles: string[] = [];
      let left = 0;
      const note = (about: object, message: string) => void logged.push(`${message} ${JSON.stringify(about)}`);
      const log: Log = { debug: note, info: note, warn: note, error: note };
      const channel = slack({
        botToken: BOT_TOKEN,
        socket: {
          appToken: APP_TOKEN,
          trouble: (kind, why) => void troubles.push(`${kind} ${why}`),
          leave: () => {
            left += 1;
          },
          clock,
          random: () => 0.5,
        },
        apiUrl: front.apiUrl,
        homes,
        operations,
        texts: en,
        log,
      });
      begun.push(channel);
      if (start) await channel.start();
      return { slack: channel, clock, logged, troubles, left: () => left };
    },
    close: async () => {
      for (const one of begun) await one.stop();
      await front.close();
      await close();
    },
  };
}
