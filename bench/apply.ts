/** (k) A configuration of 100,000 people and 10,000 applications: planned and applied by the commands that an administrator types, each a process of its own. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { readFolder } from "../src/configuration/folder.ts";
import { batch } from "../src/db/connect.ts";
import { copyInto } from "../src/db/copy-in.ts";
import { type Size, writeFolder } from "./apply-folder.ts";
import type { Bench } from "./bench.ts";
import type { Figure } from "./figure.ts";
import type { Database } from "./server.ts";

interface Ran {
  readonly seconds: number;
  /** The most memory that the process ever held. */
  readonly mebibytes: number;
}

interface Round {
  readonly plan: Ran;
  readonly apply: Ran;
  readonly again: Ran;
  readonly some: Ran;
  /** Seconds that the server takes to copy the same people and definitions into bare tables. */
  readonly copied: number;
}

export const apply: Bench = {
  name: "apply",
  about: "config plan and config apply with 100,000 people and 10,000 applications of ten entitlements each",
  async run(ground) {
    const large: Size = ground.quick
      ? { people: 2_000, applications: 200, entitlements: 10 }
      : { people: 100_000, applications: 10_000, entitlements: 10 };
    const small: Size = { ...large, people: large.people / 10 };
    const round = async (size: Size): Promise<Round> => {
      ground.say(`apply: ${size.people} people, ${size.applications} applications`);
      const database = await (await ground.server()).fresh();
      const folder = await mkdtemp(path.join(tmpdir(), "latchkey-bench-"));
      try {
        await writeFolder(folder, size);
        const config = (verb: string) => latchkey(database, folder, "config", verb, folder);
        const copied = await copySeconds(database, folder);
        const [plan, applied, again] = [await config("plan"), await config("apply"), await config("apply")];
        await writeFolder(folder, size, size.people / 100);
        return { plan, apply: applied, again, some: await config("apply"), copied };
      } finally {
        await database.drop();
        await rm(folder, { recursive: true, force: true });
      }
    };
    return figuresOf(await round(small), await round(large), large);
  },
};

function figuresOf(few: Round, many: Round, { people, applications }: Size): readonly Figure[] {
  const base = { bench: "apply", spread: null } as const;
  const copy = { what: "the same rows copied into bare tables", value: many.copied };
  const within = (value: number) => ({ type: "at-most", value }) as const;
  const seconds = (what: string, value: number, target: Figure["target"], limit: Figure["limit"] = null): Figure => ({
    ...{ ...base, what, unit: "s", value, limit, target },
  });
  const size = `${people.toLocaleString("en")} people, ${applications.toLocaleString("en")} applications`;
  const most = (round: Round) => Math.max(round.plan.mebibytes, round.apply.mebibytes);
  return [
    seconds(`planned and applied, ${size}`, many.plan.seconds + many.apply.seconds, within(10), copy),
    seconds("of it planned", many.plan.seconds, null),
    seconds("of it applied", many.apply.seconds, null),
    seconds("applied again, nothing changed", many.again.seconds, within(2)),
    seconds("applied again, one person in a hundred changed", many.some.seconds, null),
    {
      ...{ ...base, what: "memory at most, beside that with a tenth of the people", unit: "MiB", value: most(many) },
      ...{ limit: { what: `${(people / 10).toLocaleString("en")} people`, value: most(few) }, target: null },
    },
  ];
}

async function copySeconds(database: Database, folder: string): Promise<number> {
  const read = await readFolder(folder);
  if (!read.ok) throw new Error(`the folder has faults: ${JSON.stringify(read.faults.slice(0, 3))}`);
  return batch(database.url, async ({ sql }) => {
    await sql`create temp table bare (id text, content text) on commit drop`;
    const rows = [...read.people.map(({ person }) => person), ...read.catalogue.applications].map((one) => [one.id, JSON.stringify(one)]);
    const start = performance.now();
    await copyInto(sql, "bare", "id, content", rows);
    return (performance.now() - start) / 1000;
  });
}

/** Written by the process itself when it ends. */
const SAYS_MEMORY = `--import=data:text/javascript,${encodeURIComponent('process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS+"\\n"))')}`;

/** Runs the program as it is installed, and waits for its end. */
async function latchkey(database: Database, folder: string, ...words: readonly string[]): Promise<Ran> {
  const start = performance.now();
  const child = spawn(process.execPath, [SAYS_MEMORY, "dist/cli/latchkey.js", ...words], {
    cwd: path.join(import.meta.dirname, ".."),
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      LATCHKEY_CONFIG: folder,
      ...CREDENTIALS,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`latchkey ${words.join(" ")} ended with ${code}:\n${said}`);
  return { seconds: (performance.now() - start) / 1000, mebibytes: Number(/\npeak (\d+)\n/.exec(said)?.[1]) / 1024 };
}

/** Marks the installation as a real one; no chat is spoken to. */
const CREDENTIALS = { SLACK_BOT_TOKEN: "xoxb-of-the-bench", SLACK_SIGNING_SECRET: "signing-secret-of-the-bench" };
