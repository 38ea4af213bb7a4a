/** Clicks on Approve as Slack sends them: the whole card comes back, form-encoded and signed anew each time. */
import { createHmac } from "node:crypto";
import type { KnownBlock } from "@slack/types";
import autocannon from "autocannon";
import { taskCard } from "../src/cards/task-card.ts";
import { printMessage } from "../src/channels/slack/print.ts";
import type { Db } from "../src/db/connect.ts";
import { readTask } from "../src/db/views.ts";
import { en } from "../src/texts/en.ts";
import { TEAM, userOf, waiting } from "./decide-company.ts";
import { SIGNING_SECRET } from "./decide-processes.ts";

export interface Clicks {
  /** The next click: each on a task of its own. */
  next(): { readonly body: string; readonly headers: Record<string, string> };
  /** How many there were so far. */
  count(): number;
}

/** Clicks from the nth request on; `slackUrl`: where private answers may be sent. */
export async function clicks(db: Db, slackUrl: string, from = 0): Promise<Clicks> {
  const view = await readTask(db, waiting(from).task, waiting(from).approver);
  if (!view) throw new Error("there is no task to click on");
  const { blocks } = printMessage(taskCard(view, en), en.slack);
  let n = from;
  return {
    count: () => n - from,
    next: () => {
      const body = `payload=${encodeURIComponent(JSON.stringify(payload(n, blocks, slackUrl)))}`;
      n += 1;
      const timestamp = Math.floor(Date.now() / 1000);
      const signature = createHmac("sha256", SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest("hex");
      return {
        body,
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "x-slack-request-timestamp": String(timestamp),
          "x-slack-signature": `v0=${signature}`,
        },
      };
    },
  };
}

function payload(n: number, blocks: readonly KnownBlock[], slackUrl: string): object {
  const { task, approver } = waiting(n);
  const user = userOf(approver);
  const ts = `1790000000.${String(n).padStart(6, "0")}`;
  return {
    type: "block_actions",
    user: { id: user, username: approver, name: approver, team_id: TEAM },
    api_app_id: "A0BENCH",
    token: "verification",
    container: { type: "message", message_ts: ts, channel_id: `D${user}`, is_ephemeral: false },
    trigger_id: `${n}.1.abcdef`,
    team: { id: TEAM, domain: "bench" },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: `D${user}`, name: "directmessage" },
    message: { type: "message", user: "U0BOT", bot_id: "B0BOT", app_id: "A0BENCH", ts, text: "A request", team: TEAM, blocks },
    state: { values: {} },
    response_url: `${slackUrl}/response/${n}`,
    actions: [
      {
        type: "button",
        action_id: "do.approve",
        block_id: "acts",
        value: `act:approve:1:${task}`,
        action_ts: ts,
        text: { type: "plain_text", text: "Approve" },
      },
    ],
  };
}

export interface Round {
  readonly seconds: number;
  /** Acknowledged with 200. */
  readonly acknowledged: number;
  /** Milliseconds of each of them, from sending to the answer. */
  readonly latencies: readonly number[];
}

/** Keeps so many connections busy for so long, one click at a time on each; throws when anything but 200 comes back. */
export async function shoot(url: string, of: Clicks, { connections, seconds }: { connections: number; seconds: number }): Promise<Round> {
  const latencies: number[] = [];
  let odd = 0;
  const setupRequest = (request: autocannon.Request): autocannon.Request => ({ ...request, ...of.next() });
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options = { url: `${url}/slack/events`, connections, duration: seconds, requests: [{ method: "POST" as const, setupRequest }] };
    const running = autocannon(options, (error: Error | null, it) => (error ? reject(error) : resolve(it)));
    running.on("response", (_client, status, _bytes, took) => {
      if (status === 200) latencies.push(took);
      else odd += 1;
    });
  });
  if (odd > 0 || result.errors > 0) throw new Error(`${odd} clicks were answered otherwise than with 200, ${result.errors} not at all`);
  return { seconds: result.duration, acknowledged: latencies.length, latencies };
}
