/** A small workspace for the tests of the stand-in for Slack, and the app that they connect to it. */
import { App, type Logger, LogLevel } from "@slack/bolt";
import { WebClient } from "@slack/web-api";
import { type StandIn, type StandInOptions, standIn } from "../../src/playground/slack/stand-in.ts";

export const BOT_TOKEN = "xoxb-test-stand-in";
export const SIGNING_SECRET = "a-signing-secret-of-the-tests";
export const INES = "U0INES";
export const OMAR = "U0OMAR";
export const GUEST = "U0GUEST";
export const GONE = "U0GONE";

export const workspace = {
  botToken: BOT_TOKEN,
  signingSecret: SIGNING_SECRET,
  team: { id: "T0ACME", name: "Acme", domain: "acme" },
  users: [
    { id: INES, name: "ines", real_name: "Ines Costa", email: "ines@acme.example", title: "Account manager", department: "Sales" },
    { id: OMAR, name: "omar", real_name: "Omar Haddad", email: "omar@acme.example", tz: "America/New_York" },
    { id: GUEST, name: "guest", real_name: "Gil Guest", email: "gil@elsewhere.example", is_ultra_restricted: true },
    { id: GONE, name: "gone", real_name: "Gus Gone", email: "gus@acme.example", deleted: true },
  ],
  channels: [
    { id: "C0SALES", name: "sales", members: [INES, OMAR], bot: true },
    { id: "C0OTHER", name: "other", members: [OMAR] },
    { id: "G0SECRET", name: "secret", kind: "private", members: [OMAR] },
    { id: "C0OLD", name: "old", members: [INES], bot: true, is_archived: true },
  ],
} as const satisfies Omit<StandInOptions, "deliver" | "eventsUrl">;

/** Refusals are what many of these tests ask for; the client would print each. */
const SILENT: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** A client that never retries and never waits, so that a test sees each answer. */
export const clientOf = (url: string, token = BOT_TOKEN): WebClient =>
  new WebClient(token, {
    slackApiUrl: `${url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
  });

/** Slack's error name, its validator's messages and all, of a call that is meant to fail. */
export async function errorOf(call: Promise<unknown>): Promise<{ error: string; messages: readonly string[] }> {
  try {
    await call;
  } catch (thrown) {
    const data = (thrown as { data?: { error?: string; response_metadata?: { messages?: string[] } } }).data;
    if (data?.error === undefined) throw thrown;
    return { error: data.error, messages: data.response_metadata?.messages ?? [] };
  }
  throw new Error("the call was expected to fail");
}

export interface Connected {
  readonly slack: StandIn;
  readonly app: App;
  readonly client: WebClient;
  readonly url: string;
  close(): Promise<void>;
}

/** A Bolt app and a stand-in that talk to each other over HTTP. `listeners` sets up the app before it starts. */
export async function connect(listeners: (app: App) => void, options: Partial<StandInOptions> = {}): Promise<Connected> {
  let eventsUrl = "";
  const slack = standIn({ ...workspace, eventsUrl: () => eventsUrl, eventRetriesMs: [], ...options });
  const { url, close } = await slack.listen();
  const app = new App({
    token: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    clientOptions: { slackApiUrl: `${url}/api/`, retryConfig: { retries: 0 } },
    convoStore: false,
    logLevel: LogLevel.ERROR,
  });
  listeners(app);
  const server = (await app.start(0)) as { address(): { port: number } };
  eventsUrl = `http://127.0.0.1:${server.address().port}/slack/events`;
  return {
    slack,
    app,
    url,
    client: clientOf(url),
    close: async () => {
      await app.stop();
      await close();
    },
  };
}
