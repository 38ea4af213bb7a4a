/** Programs of a bench in processes of their own: Latchkey as it is installed, and what stands around it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { platform } from "node:os";
import { fileURLToPath } from "node:url";
import { freePort } from "../src/db/embedded/server.ts";

export const BOT_TOKEN = "xoxb-the-bench-bot";
export const SIGNING_SECRET = "the-signing-secret-of-the-bench";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
/** Milliseconds for a program to come up or go, on a busy machine too. */
const PATIENCE_MS = 30_000;

export interface Program {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly child: ChildProcess;
  /** Milliseconds from the start of the process until it was ready. */
  readonly readyAfterMs: number;
  stop(): Promise<void>;
}

export interface LatchkeyOptions {
  readonly databaseUrl: string;
  /** Root of the Web API, with a slash at its end. */
  readonly slackApiUrl: string;
  readonly ownerUrl?: string;
}

/** `node dist/main.js` for real, Slack over HTTP, with a configuration that is applied already. Ready when /readyz says so. */
export async function startLatchkey({ databaseUrl, ownerUrl, slackApiUrl }: LatchkeyOptions): Promise<Program> {
  if (!existsSync(MAIN)) throw new Error("dist/main.js is missing: run npm run build");
  const port = await freePort();
  const env = {
    DATABASE_URL: databaseUrl,
    ...(ownerUrl ? { DATABASE_OWNER_URL: ownerUrl } : {}),
    LATCHKEY_CONFIG: ROOT,
    LATCHKEY_CONFIG_APPLY: "manual",
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: slackApiUrl,
    HOST: "127.0.0.1",
    PORT: String(port),
    METRICS_PORT: String(await freePort()),
    LOG_LEVEL: "error",
  };
  return program([MAIN], { env, url: `http://127.0.0.1:${port}`, ready: "/readyz" });
}

/** A program of this folder, such as `decide-bolt.ts`, which listens on PORT and says so by answering at all. */
export async function startBeside(file: string, host = "127.0.0.1", more: Readonly<Record<string, string>> = {}): Promise<Program> {
  const port = await freePort();
  const path = fileURLToPath(new URL(file, import.meta.url));
  return program(["--import", "tsx", path], {
    env: { ...more, HOST: host, PORT: String(port) },
    url: `http://${host}:${port}`,
    ready: "/",
  });
}

/**
 * An address of this machine that Latchkey doesn't take for a local stand-in, so that it paces its calls as it does with Slack; Linux has all of 127/8, the
 * others only one address, and there Latchkey sends as fast as it can.
 */
export const PACED_HOST = platform() === "linux" ? "127.0.0.2" : "127.0.0.1";

/** The memory that the process holds, in MiB; null where /proc isn't there to say it. */
export function rssOf({ child }: Program): number | null {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
    return kib === undefined ? null : Number(kib) / 1024;
  } catch {
    return null;
  }
}

interface Spec {
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  /** Path that answers with less than 500 once the program is ready. */
  readonly ready: string;
}

async function program(words: readonly string[], { env, url, ready }: Spec): Promise<Program> {
  const began = performance.now();
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const gone = once(child, "exit");
  while (!(await answers(`${url}${ready}`))) {
    if (child.exitCode !== null) throw new Error(`${words.at(-1)} ended with ${child.exitCode}`);
    if (performance.now() - began > PATIENCE_MS) {
      child.kill("SIGKILL");
      throw new Error(`${words.at(-1)} did not come up`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const readyAfterMs = performance.now() - began;
  return {
    url,
    child,
    readyAfterMs,
    stop: async () => {
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      await gone;
      clearTimeout(forced);
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}
