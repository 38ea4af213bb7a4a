/** What whoever runs Latchkey writes: the environment's variables, and what the command line is told. */
import fc from "fast-check";
import { test } from "vitest";
import { manifestSlack } from "../../src/cli/manifest-command.ts";
import { ConfigFault, readConfig } from "../../src/config.ts";
import { fuzz, fuzzAsync, LONG, must } from "./fuzzing.ts";
import { damagedText } from "./hostile.ts";

const ENVIRONMENT = {
  DATABASE_URL: "postgres://latchkey:secret-of-the-database@127.0.0.1:5432/latchkey",
  DATABASE_OWNER_URL: "postgresql://owner@db.example/latchkey",
  LATCHKEY_CONFIG_APPLY: "manual",
  LATCHKEY_HOME: "~/.latchkey",
  LATCHKEY_CONFIG: "/etc/latchkey",
  LATCHKEY_TICK: "*/15 * * * * *",
  HOST: "127.0.0.1",
  PORT: "3000",
  METRICS_HOST: "::1",
  METRICS_PORT: "9464",
  PUBLIC_URL: "https://latchkey.example.com",
  LOG_LEVEL: "info",
  SLACK_BOT_TOKEN: "xoxb-1-secret-of-the-bot",
  SLACK_SIGNING_SECRET: "secret-of-the-signatures",
  SLACK_APP_TOKEN: "xapp-1-secret-of-the-app",
  SLACK_API_URL: "https://slack.example/api/",
};

test("THREAT-13 an environment with any of its variables gone wrong is read, or answered with sentences that tell no secret", LONG, () => {
  const variable = fc.tuple(fc.constantFrom(...Object.keys(ENVIRONMENT)), damagedText("", ...Object.values(ENVIRONMENT)));
  fuzz(
    fc.array(variable, { maxLength: 3 }),
    (changes) => {
      const env: NodeJS.ProcessEnv = { ...ENVIRONMENT, ...Object.fromEntries(changes) };
      try {
        const { port, tick } = readConfig(env);
        must(Number.isInteger(port) && port >= 0 && port <= 65_535 && tick.length > 0, "a port and a tick");
      } catch (error) {
        if (!(error instanceof ConfigFault)) throw error;
        must(error.problems.length > 0 && error.problems.every((problem) => /^[A-Z_a-z]/.test(problem)), "sentences");
        must(!error.message.includes("secret-of"), "no secret");
      }
    },
    0.2,
  );
});

test("whatever address and name the manifest is asked for with, it is printed or refused in a sentence", LONG, async () => {
  const addresses = damagedText("https://latchkey.example.com", "https://[::1]:8443/slack/events", "http://localhost:3000/");
  const cases = fc.tuple(addresses, damagedText("Latchkey", "Access 🔑"), fc.boolean());
  await fuzzAsync(
    cases,
    async ([url, name, socket]) => {
      const said = await manifestSlack({ url, name, socket });
      must(said.lines.length > 0, "a manifest or a sentence");
      if (said.ok) must(socket || said.lines.join().includes("https://"), "where Slack comes");
    },
    0.02,
  );
});
