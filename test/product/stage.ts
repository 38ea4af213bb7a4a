/** Latchkey as it is run: configuration from an environment, its own HTTP server, real Postgres; Slack is the stand-in with all of Acme. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import postgres from "postgres";
import { readConfig } from "../../src/config.ts";
import { readFolder } from "../../src/configuration/folder.ts";
import { workspaceOf } from "../../src/playground/acme-slack.ts";
import type { Actor } from "../../src/playground/slack/actor.ts";
import { type StandIn, type StandInOptions, standIn } from "../../src/playground/slack/stand-in.ts";
import type { UserSeed } from "../../src/playground/slack/world.ts";
import { start } from "../../src/wiring.ts";
import { emptyDatabase, type TestDatabase } from "../setup/database.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const ACME = fileURLToPath(new URL("../../examples/acme", import.meta.url));
export const BOT_TOKEN = "xoxb-of-the-product-tests";
export const SIGNING_SECRET = "signing-secret-of-the-product-tests";

/** Logins of the workspace that belong to nobody in people.csv. */
export const STRANGERS: readonly UserSeed[] = [
  { id: "UNORA", name: "nora", real_name: "Nora Newcomer", email: "nora@acme.example" },
  { id: "UGUEST", name: "gil", real_name: "Gil Guest", email: "anna@acme.example", is_restricted: true },
];

export interface Slack {
  readonly world: StandIn;
  /** The root of its Web API. */
  readonly apiUrl: string;
  /** Where it sends what people do; may change, as when Latchkey starts again elsewhere. */
  eventsUrl: string;
  /** By the name before the @ of the e-mail address. */
  as(name: string): Actor;
  close(): Promise<void>;
}

/** Read once, as nobody changes it. */
let acme: ReturnType<typeof readFolder> | undefined;

/** A workspace with everybody of Acme and the strangers; `also` puts more people into channels, by channel name. */
export async function slackOfAcme(
  also: Readonly<Record<string, readonly string[]>> = {},
  more: Partial<StandInOptions> = {},
): Promise<Slack> {
  acme ??= readFolder(ACME);
  const folder = await acme;
  if (!folder.ok) throw new Error("Acme's own configuration is faulty");
  const workspace = workspaceOf(folder);
  const idOf = new Map([...workspace.users, ...STRANGERS].map(({ id, name }) => [name, id]));
  const id = (name: string) => idOf.get(name) ?? fail(`nobody is called ${name}`);
  const slack = { eventsUrl: "" };
  const world = standIn({
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    ...workspace,
    users: [...workspace.users, ...STRANGERS],
    channels: workspace.channels.map((one) => ({ ...one, members: [...(one.members ?? []), ...(also[one.name] ?? []).map(id)] })),
    eventsUrl: () => slack.eventsUrl,
    eventRetriesMs: [],
    ...more,
  });
  const { url, close } = await world.listen();
  return Object.assign(slack, { world, apiUrl: `${url}/api/`, as: (name: string) => world.actAs(id(name)), close });
}

export function environmentOf(slack: Pick<Slack, "apiUrl">, database: Pick<TestDatabase, "url" | "ownerUrl">): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: slack.apiUrl,
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    LATCHKEY_CONFIG: ACME,
    HOST: "127.0.0.1",
    PORT: "0",
  };
}

export interface Product {
  readonly slack: Slack;
  readonly database: TestDatabase;
  /** As the superuser, for looking and for breaking things. */
  readonly sql: postgres.Sql;
  /** Latchkey's own address. */
  readonly address: string;
  /** What it logged, a line of JSON each. */
  readonly logged: string[];
  stop(): Promise<void>;
}

/** Latchkey in real mode in this process, through the same door as `npm start`. */
export async function product(options: Parameters<typeof slackOfAcme>[0] = {}): Promise<Product> {
  const slack = await slackOfAcme(options);
  const database = await emptyDatabase();
  const logged: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void logged.push(line) });
  const running = await start(readConfig(environmentOf(slack, database)), log);
  slack.eventsUrl = `${running.address}/slack/events`;
  const sql = postgres(database.adminUrl, { max: 2, onnotice: () => {} });
  return {
    slack,
    database,
    sql,
    address: running.address,
    logged,
    stop: async () => {
      await running.stop();
      await slack.close();
      await sql.end();
      await database.drop();
    },
  };
}

export interface Child {
  readonly process: ChildProcess;
  /** Everything that it printed so far. */
  said(): string;
  /** Where it listens, once it does; rejects when it ends before. */
  readonly address: Promise<string>;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

const children = new Set<ChildProcess>();

/** What `npm start` runs, where it is compiled from the present sources; else the sources themselves. */
const PROGRAM: readonly string[] = (() => {
  const compiled = statSync(path.join(ROOT, "dist/.built"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const files = readdirSync(path.join(ROOT, "src"), { recursive: true, encoding: "utf8" }).map((name) => path.join(ROOT, "src", name));
  return files.every((file) => statSync(file).mtimeMs <= compiled) ? ["dist/main.js"] : ["--import", "tsx", "src/main.ts"];
})();

/** Latchkey in a process of its own, with this environment and no other. */
export function launch(environment: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, PROGRAM, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  let said = "";
  const ended = new Promise<number | string>((resolve) => {
    child.once("close", (code, signal) => {
      children.delete(child);
      resolve(code ?? signal ?? "gone");
    });
  });
  const address = new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      // In real mode the log says it, in playground mode the greeting.
      const found = /"address":"(http:[^"]+)"/.exec(said) ?? /^ +(http:\/\/\S+)$/m.exec(said);
      if (found?.[1]) resolve(found[1]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void ended.then((how) => reject(new Error(`Latchkey ended (${how}):\n${said}`)));
  });
  address.catch(() => {});
  return { process: child, said: () => said, address, ended };
}

/** Kills what a failed test left running. */
export async function endChildren(): Promise<void> {
  for (const child of children) {
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await gone;
  }
}

/** Looks again and again until there is something; the test's own time limit is the judge of how long. */
export async function eventually<T>(look: () => Promise<T | undefined | null | false> | T | undefined | null | false): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** When everything that was committed has been carried out. */
export async function quiet({ sql }: Pick<Product, "sql">): Promise<void> {
  await eventually(async () => {
    const [row] = await sql<{ due: number }[]>`select count(*)::int as due from effect where state = 'due'`;
    return row?.due === 0;
  });
}

export function fail(why: string): never {
  throw new Error(why);
}
