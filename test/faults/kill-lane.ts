/** A company with a Latchkey that dies again and again: its database, its stand-in Slack, and the process of the moment. */
import { type ChildProcess, spawn } from "node:child_process";
import postgres from "postgres";
import { workspaceOf } from "../../src/playground/acme-slack.ts";
import { standIn } from "../../src/playground/slack/stand-in.ts";
import { application, type Company, company, folder, PEOPLE, person } from "../operations/company.ts";
import { ACME, BOT_TOKEN, environmentOf, eventually, fail, ROOT, SIGNING_SECRET, type Slack } from "../product/stage.ts";
import type { Program } from "./kill-points.ts";
import type { Death, Said, Told } from "./kill-victim.ts";

/** Whoever asks: each of them once for each application, so that no request stands in another's way. */
const ASKERS = 600;
const HOUR = { kind: "elapsed", seconds: 3600 } as const;

export interface Lane {
  readonly company: Company;
  readonly sql: postgres.Sql;
  readonly slack: Slack;
  /** The process that runs now. */
  now(): Victim;
  /** Starts the next process; resolves when it listens. */
  start(): Promise<Victim>;
  /** Somebody who hasn't asked for anything. */
  newcomer(): string;
  close(): Promise<void>;
}

export interface Victim {
  /** Resolves with the exit code or the signal's name. */
  readonly ended: Promise<number | string>;
  /** Kills it, wherever it is. */
  end(): void;
  /** When it began to listen, by `performance.now()`. */
  readonly since: number;
  /** What it wrote, for a test that failed. */
  said(): string;
  dieAt(death: Death): Promise<void>;
  /** Counts the passages of every point while `during` runs. */
  passagesOf(during: () => Promise<void>): Promise<Readonly<Record<string, number>>>;
  /** Keeps the compiled program for the processes after this one. */
  keep(): Promise<void>;
}

export async function openLane(program: Program): Promise<Lane> {
  const people = folderOfLane();
  const it = await company(people);
  const sql = postgres(it.database.adminUrl, { max: 2, onnotice: () => {} });
  // A clone of the tests' template, which is a playground's; this one is run for real.
  await sql`update installation set mark = 'real'`;
  const at = { eventsUrl: "" };
  const world = standIn({
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    ...workspaceOf(folder(people)),
    eventsUrl: () => at.eventsUrl,
    eventRetriesMs: [],
    ownMessageEvents: false,
  });
  const { url, close } = await world.listen();
  const slack: Slack = Object.assign(at, { world, apiUrl: `${url}/api/`, as: (name: string) => world.actAs(userOf(name)), close });
  let running: Victim;
  let asked = 0;
  return {
    company: it,
    sql,
    slack,
    now: () => running ?? fail("nothing was started"),
    start: async () => {
      const { victim, address } = await launched(program, {
        ...environmentOf(slack, it.database),
        // The company's own definitions are applied already; the folder is only named.
        LATCHKEY_CONFIG: ACME,
        LATCHKEY_CONFIG_APPLY: "manual",
        LATCHKEY_TICK: "*/2 * * * * *",
      });
      slack.eventsUrl = `${address}/slack/events`;
      running = victim;
      return victim;
    },
    newcomer: () => {
      asked += 1;
      return asked <= ASKERS ? `p${asked}` : fail("everybody has asked");
    },
    close: async () => {
      running?.end();
      await running?.ended;
      await close();
      await sql.end();
      await it.close();
    },
  };
}

export function userOf(name: string): string {
  return `U${name.toUpperCase()}`;
}

/** Max decides on everything. The hands in their channel work on `crm`, Lena on `wiki`. */
function folderOfLane() {
  const remind = { after: HOUR, every: HOUR, grow: 1, atMost: 3 } as const;
  return {
    people: [...PEOPLE, ...Array.from({ length: ASKERS }, (_, index) => person(`p${index + 1}`, "max"))],
    catalogue: {
      policies: [
        {
          id: "by-manager",
          steps: [{ approvers: { kind: "manager" }, needed: 1, once: false }],
          remind,
          escalate: null,
          expireAfter: null,
        } as const,
      ],
      applications: [application("crm"), application("wiki", { fulfillers: { kind: "person", person: "lena" } })],
    },
  };
}

async function launched(program: Program, environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [program.file], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  let how: number | string | null = null;
  const ended = new Promise<number | string>((resolve) =>
    child.once("close", (code, signal) => {
      how = code ?? signal ?? "gone";
      resolve(how);
    }),
  );
  const address = await eventually(() => {
    if (how !== null) throw new Error(`Latchkey ended (${how}):\n${said}`);
    return /"address":"(http:[^"]+)"/.exec(said)?.[1];
  });
  const victim = {
    ended,
    since: performance.now(),
    said: () => said,
    // It may die before its answer has left.
    dieAt: async (death: Death) => void (await tell(child, { die: death }).catch(() => {})),
    passagesOf: async (during: () => Promise<void>) => {
      await tell(child, { count: true });
      await during();
      const { passages } = (await tell(child, { counted: true })) as Extract<Said, { passages: unknown }>;
      return passages;
    },
    keep: async () => void (await tell(child, { keep: true })),
    end: () => void child.kill("SIGKILL"),
  };
  return { victim, address };
}

/** What it answers; rejects when it is gone. */
function tell(child: ChildProcess, told: Told): Promise<Said> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error("the process is gone"));
    child.once("close", gone);
    child.once("message", (said) => {
      child.off("close", gone);
      resolve(said as Said);
    });
    child.send(told, (error) => {
      if (error) reject(error);
    });
  });
}

/** True once everything that was committed has been carried out; false: not within that time, in milliseconds. */
export async function outboxEmpty({ sql }: Pick<Lane, "sql">, withinMs: number): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 60))) {
    const [row] = await sql`select exists (select from effect where state = 'due') as waits`;
    if (row?.waits === false) return true;
  }
  return false;
}
