/** The environment, read once and wholly: every problem is reported at once, by name and never by value. */
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { validate } from "node-cron";
import * as z from "zod";

const LOOPBACK = ["127.0.0.1", "localhost", "::1"];
const ACME = fileURLToPath(new URL("../examples/acme", import.meta.url));

/** An empty variable counts as unset: that is what `FOO= npm start` and most container files mean. */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (value === "" ? undefined : value), schema.optional());
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, "must begin with postgres:// or postgresql://");
const port = z.coerce
  .number({ error: "must be a number" })
  .int("must be a whole number")
  .min(0, "must be 0 or more")
  .max(65_535, "must be 65535 or less");

/** Where exporters of metrics listen when nothing else is said: OpenTelemetry's exporter for Prometheus took it first. */
const METRICS_PORT = 9464;

const Environment = z.object({
  DATABASE_URL: optional(postgresUrl),
  DATABASE_OWNER_URL: optional(postgresUrl),
  LATCHKEY_CONFIG_APPLY: optional(z.enum(["at-start", "manual"], { error: "must be at-start or manual" })),
  LATCHKEY_HOME: optional(z.string()),
  LATCHKEY_CONFIG: optional(z.string()),
  LATCHKEY_TICK: optional(
    z
      .string()
      .refine((tick) => /^\S+( \S+){5}$/.test(tick) && validate(tick), "must be a cron expression of six parts, such as */15 * * * * *"),
  ),
  HOST: optional(z.string()),
  PORT: optional(port),
  METRICS_HOST: optional(z.string()),
  METRICS_PORT: optional(port),
  PUBLIC_URL: optional(z.url({ error: "must be a web address" })),
  LOG_LEVEL: optional(
    z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: "must be one of fatal, error, warn, info, debug, trace, silent",
    }),
  ),
  SLACK_BOT_TOKEN: optional(z.string().startsWith("xoxb-", "must be a bot token, which begins with xoxb-")),
  SLACK_SIGNING_SECRET: optional(z.string().min(16, "is too short to be Slack's signing secret")),
  SLACK_APP_TOKEN: optional(z.string().startsWith("xapp-", "must be an app-level token, which begins with xapp-")),
  SLACK_API_URL: optional(z.url({ error: "must be a web address" })),
});

export interface SlackConfig {
  readonly botToken: string;
  readonly inbound: SlackInbound;
  readonly apiUrl: string | undefined;
}

/** How Slack reaches Latchkey. An app token means Socket Mode: then nothing may come over HTTP, also where the secret is set. */
export type SlackInbound =
  | { readonly kind: "http"; readonly signingSecret: string }
  | { readonly kind: "socket"; readonly appToken: string };

/** Where /metrics is served, on a listener of its own. */
export interface MetricsConfig {
  readonly host: string;
  readonly port: number;
  /** Somebody named the port: then Latchkey doesn't start without it. */
  readonly portIsNamed: boolean;
}

export interface Config {
  /** `playground`: no chat credentials are set, so Latchkey brings its own stand-in for Slack. */
  readonly mode: "playground" | "real";
  readonly databaseUrl: string | undefined;
  readonly databaseOwnerUrl: string | undefined;
  readonly home: string;
  readonly folder: string;
  readonly applyAtStart: boolean;
  /** node-cron expression, with seconds. */
  readonly tick: string;
  readonly host: string;
  readonly port: number;
  /** null: beside everything else, which playground mode serves on loopback only. */
  readonly metrics: MetricsConfig | null;
  readonly publicUrl: string | undefined;
  readonly logLevel: string;
  readonly slack: SlackConfig | undefined;
}

/** Problems of the environment, a sentence each that says what to set. */
export class ConfigFault extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigFault";
    this.problems = problems;
  }
}

/** Reads `env`; throws a ConfigFault that lists every problem. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = Environment.safeParse(env);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`);
  const has = (name: string) => env[name] !== undefined && env[name] !== "";
  const real = ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"].some(has);
  problems.push(...slackProblems(has), ...laterProblems(env, has));
  const host = has("HOST") ? String(env.HOST) : real ? "0.0.0.0" : "127.0.0.1";
  if (!real && !LOOPBACK.includes(host)) {
    problems.push(
      "HOST must be a loopback address in playground mode, where everybody may act as anybody. Set SLACK_BOT_TOKEN, and SLACK_SIGNING_SECRET or SLACK_APP_TOKEN, to run for real.",
    );
  }
  if (!real && has("METRICS_HOST") && !LOOPBACK.includes(String(env.METRICS_HOST)))
    problems.push("METRICS_HOST must be a loopback address in playground mode.");
  if (real && !has("LATCHKEY_CONFIG"))
    problems.push("LATCHKEY_CONFIG is missing: set it to the folder that holds latchkey.yaml and people.csv.");
  if (!parsed.success || problems.length > 0) throw new ConfigFault(problems);

  const it = parsed.data;
  return {
    mode: real ? "real" : "playground",
    databaseUrl: it.DATABASE_URL,
    databaseOwnerUrl: it.DATABASE_OWNER_URL,
    home: fromHome(it.LATCHKEY_HOME ?? ".latchkey"),
    folder: fromHome(it.LATCHKEY_CONFIG ?? ACME),
    applyAtStart: it.LATCHKEY_CONFIG_APPLY !== "manual",
    tick: it.LATCHKEY_TICK ?? "*/15 * * * * *",
    host,
    port: it.PORT ?? 3000,
    metrics: real || it.METRICS_HOST !== undefined || it.METRICS_PORT !== undefined ? metricsOf(it) : null,
    publicUrl: it.PUBLIC_URL,
    logLevel: it.LOG_LEVEL ?? "info",
    slack: slackOf(it),
  };
}

/** Whoever takes any free port for one takes it for both. */
function metricsOf(it: z.infer<typeof Environment>): MetricsConfig {
  const otherwise = it.PORT === 0 ? 0 : METRICS_PORT;
  return { host: it.METRICS_HOST ?? "127.0.0.1", port: it.METRICS_PORT ?? otherwise, portIsNamed: it.METRICS_PORT !== undefined };
}

/** Shells put the home folder for a leading ~, files of variables and quotes don't. */
function fromHome(path: string): string {
  return path === "~" || /^~[/\\]/.test(path) ? join(homedir(), path.slice(1)) : path;
}

function slackOf(it: z.infer<typeof Environment>): SlackConfig | undefined {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret, SLACK_API_URL: apiUrl } = it;
  if (!botToken) return undefined;
  if (appToken) return { botToken, apiUrl, inbound: { kind: "socket", appToken } };
  return signingSecret ? { botToken, apiUrl, inbound: { kind: "http", signingSecret } } : undefined;
}

/** Half a Slack configuration is a mistake, not a choice. */
function slackProblems(has: (name: string) => boolean): readonly string[] {
  const ways = ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"].filter(has);
  if (has("SLACK_BOT_TOKEN"))
    return ways.length > 0
      ? []
      : [
          "SLACK_SIGNING_SECRET is missing: SLACK_BOT_TOKEN needs it beside it. (Or SLACK_APP_TOKEN, for Socket Mode, where nothing has to reach this machine.)",
        ];
  return ways.length === 0 ? [] : [`SLACK_BOT_TOKEN is missing: ${ways.join(" and ")} ${ways.length === 1 ? "needs" : "need"} it.`];
}

/** What is promised but not built is refused rather than ignored. */
function laterProblems(env: NodeJS.ProcessEnv, has: (name: string) => boolean): readonly string[] {
  const teams = Object.keys(env).filter((name) => (name.startsWith("MicrosoftApp") || name === "TEAMS_EMULATOR_URL") && has(name));
  return teams.length === 0
    ? []
    : [`${teams.sort().join(", ")}: Microsoft Teams isn't built yet. Unset ${teams.length === 1 ? "it" : "them"}.`];
}
