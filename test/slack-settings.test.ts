/** Which of Slack's variables belong together: a whole way in, or a sentence that stops the start. */
import { expect, test } from "vitest";
import { ConfigFault, readConfig } from "../src/config.ts";

const BOT = { SLACK_BOT_TOKEN: "xoxb-a-bot" };
const SECRET = { SLACK_SIGNING_SECRET: "a-secret-of-slack-for-an-app" };
const APP = { SLACK_APP_TOKEN: "xapp-1-an-app" };
const FOLDER = { LATCHKEY_CONFIG: "somewhere" };

const read = (...env: readonly Record<string, string>[]) => readConfig(Object.assign({}, FOLDER, ...env));

function problems(...env: readonly Record<string, string>[]): readonly string[] {
  try {
    read(...env);
    return [];
  } catch (error) {
    if (error instanceof ConfigFault) return error.problems;
    throw error;
  }
}

test("a bot token and a signing secret are Slack over HTTP", () => {
  expect(read(BOT, SECRET)).toMatchObject({
    mode: "real",
    slack: { botToken: BOT.SLACK_BOT_TOKEN, inbound: { kind: "http", signingSecret: SECRET.SLACK_SIGNING_SECRET } },
  });
});

test("an app token switches Socket Mode on, and no signing secret is needed; where it is set nothing comes over HTTP all the same", () => {
  const socket = { mode: "real", slack: { inbound: { kind: "socket", appToken: APP.SLACK_APP_TOKEN } } };
  expect(read(BOT, APP)).toMatchObject(socket);
  expect(read(BOT, APP, SECRET)).toMatchObject(socket);
  expect(read(BOT, APP, { SLACK_SIGNING_SECRET: "" })).toMatchObject(socket);
  expect(read(BOT, APP, { SLACK_API_URL: "https://proxy.example/api/" })).toMatchObject({
    slack: { apiUrl: "https://proxy.example/api/" },
  });
});

test("half of either stops the start with a sentence that names what is missing", () => {
  expect(problems(BOT)).toEqual([expect.stringMatching(/^SLACK_SIGNING_SECRET is missing.*SLACK_APP_TOKEN, for Socket Mode/)]);
  expect(problems(SECRET)).toEqual([expect.stringMatching(/^SLACK_BOT_TOKEN is missing: SLACK_SIGNING_SECRET needs it/)]);
  expect(problems(APP)).toEqual([expect.stringMatching(/^SLACK_BOT_TOKEN is missing: SLACK_APP_TOKEN needs it/)]);
  expect(problems(APP, SECRET)).toEqual([
    expect.stringMatching(/^SLACK_BOT_TOKEN is missing: SLACK_APP_TOKEN and SLACK_SIGNING_SECRET need it/),
  ]);
});

test("one token in the other's place is named, and its value is not", () => {
  const swapped = problems({ SLACK_BOT_TOKEN: APP.SLACK_APP_TOKEN, SLACK_APP_TOKEN: BOT.SLACK_BOT_TOKEN });
  expect(swapped).toEqual([
    "SLACK_BOT_TOKEN must be a bot token, which begins with xoxb-.",
    "SLACK_APP_TOKEN must be an app-level token, which begins with xapp-.",
  ]);
  expect(swapped.join()).not.toContain("a-bot");
});
