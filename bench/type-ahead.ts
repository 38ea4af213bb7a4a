/** (f) What is offered while somebody types, with 10,000 applications and 100,000 entitlements behind it: in the database, and through the product's own door. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { v7 } from "uuid";
import { readFolder } from "../src/configuration/folder.ts";
import { applyFolder } from "../src/db/apply.ts";
import type { Db } from "../src/db/connect.ts";
import { findApplications } from "../src/db/search.ts";
import { findNearApplications } from "../src/db/search-near.ts";
import type { Person } from "../src/domain/people.ts";
import { blockSuggestion } from "../src/playground/slack/envelope.ts";
import { standIn } from "../src/playground/slack/stand-in.ts";
import { writeFolder } from "./apply-folder.ts";
import type { Bench } from "./bench.ts";
import { type Figure, spreadOf } from "./figure.ts";
import type { Database } from "./server.ts";
import { typedInputs } from "./type-ahead-typed.ts";

const SEED = 20_261_121;
const [BOT_TOKEN, SECRET, USER] = ["xoxb-of-the-bench", "signing-secret-of-the-bench", "UBENCH5"];

export const typeAhead: Bench = {
  name: "type-ahead",
  about: "options offered while somebody types, among 10,000 applications with 100,000 entitlements",
  async run(ground) {
    const applications = ground.quick ? 500 : 10_000;
    const database = await (await ground.server()).fresh();
    const folder = await mkdtemp(path.join(tmpdir(), "latchkey-bench-"));
    try {
      ground.say(`type-ahead: applying ${applications} applications`);
      await writeFolder(folder, { people: 2_000, applications, entitlements: 10 });
      const read = await readFolder(folder);
      if (!read.ok) throw new Error(`the folder has faults: ${JSON.stringify(read.faults.slice(0, 3))}`);
      await applyFolder(database.url, read, { by: "bench", newId: v7 });
      const admin = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
      await admin`vacuum analyze`;
      await admin.end();
      const typed = typedInputs(ground.quick ? 120 : 2_400, applications, SEED);
      const person = read.people[4]?.person;
      if (!person) throw new Error("nobody is there to search");
      return [await inDatabase(database, typed, person), ...(await endToEnd(database, folder, typed))];
    } finally {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** By the server's own clock: the execution of all statements of one search together, near words included where nothing fits. */
async function inDatabase(database: Database, typed: readonly string[], person: Person): Promise<Figure> {
  const sql = postgres(database.url, { max: 1, onnotice: () => {}, connection: { jit: "off" } });
  const prepared = new Map<string, string>();
  let spent = 0;
  const unsafe = async (text: string, values: readonly unknown[]) => {
    const name = prepared.get(text) ?? `timed${prepared.size}`;
    if (!prepared.has(text)) await sql.unsafe(`prepare ${name} as ${text}`);
    prepared.set(text, name);
    const given = values.map((value) => (value === null ? "null" : `'${String(value).replaceAll("'", "''")}'`)).join(", ");
    const call = `execute ${name}${given === "" ? "" : `(${given})`}`;
    const [row] = await sql.unsafe(`explain (analyze, timing off, format json) ${call}`);
    spent += row?.["QUERY PLAN"][0]["Execution Time"] as number;
    return sql.unsafe(call);
  };
  const db = { $client: { unsafe } } as unknown as Db;
  const search = async (words: string): Promise<number> => {
    spent = 0;
    const sought = { person, door: "open", limit: 100 } as const;
    if ((await findApplications(db, words, sought)).length === 0) await findNearApplications(db, words, sought);
    return spent;
  };
  try {
    for (const words of typed.slice(0, 50)) await search(words); // pages come into memory, plans become general
    const samples: number[] = [];
    for (const words of typed) samples.push(await search(words));
    const spread = spreadOf(samples);
    return {
      bench: "type-ahead",
      what: "p99 in the database",
      unit: "ms",
      value: spread.p99,
      limit: null,
      target: { type: "at-most", value: 5 },
      spread,
    };
  } finally {
    await sql.end();
  }
}

/** A signed request for options over HTTP into Latchkey in a process of its own, its answer read, one after the other; beside a bare request to the same process. */
async function endToEnd(database: Database, folder: string, typed: readonly string[]): Promise<readonly Figure[]> {
  let eventsUrl = "";
  const slack = standIn({
    botToken: BOT_TOKEN,
    signingSecret: SECRET,
    team: { id: "T0ACME", name: "Acme", domain: "acme" },
    users: [{ id: USER, name: "person5", real_name: "Person Five", email: "person5@acme.example" }],
    channels: [],
    eventsUrl: () => eventsUrl,
  });
  const api = await slack.listen();
  const product = launch({
    ...{ SLACK_BOT_TOKEN: BOT_TOKEN, SLACK_SIGNING_SECRET: SECRET, SLACK_API_URL: `${api.url}/api/`, LATCHKEY_CONFIG: folder },
    ...{ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl, HOST: "127.0.0.1", PORT: "0" },
  });
  try {
    const address = await product.address;
    eventsUrl = `${address}/slack/events`;
    await slack.actAs(USER).command("/request-access");
    const view = slack.world.modals.get(USER)?.at(-1);
    const user = slack.world.users.get(USER);
    const block = view?.content.blocks.find((one) => /application/.test(one.block_id));
    if (!view || !user || !block) throw new Error("the form did not open");
    const action_id = String((block as { element?: { action_id?: string } }).element?.action_id);
    const ask = async (value: string): Promise<number> => {
      const payload = blockSuggestion(slack.world, user, { view }, { block_id: block.block_id, action_id, value });
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      const headers = slack.sign(body);
      const start = performance.now();
      const response = await fetch(eventsUrl, { method: "POST", headers, body });
      const answer = (await response.json()) as { options?: readonly unknown[] };
      const took = performance.now() - start;
      if (!answer.options) throw new Error(`no options came for ${JSON.stringify(value)}: ${response.status}`);
      return took;
    };
    const bare = async (): Promise<number> => {
      const start = performance.now();
      await (await fetch(`${address}/healthz`)).json();
      return performance.now() - start;
    };
    for (const words of typed.slice(0, 50)) await ask(words).then(bare);
    const [asked, plain]: [number[], number[]] = [[], []];
    for (const words of typed) {
      asked.push(await ask(words));
      plain.push(await bare());
    }
    const spread = spreadOf(asked);
    const limit = { what: "p99 of a bare request", value: spreadOf(plain).p99 };
    return [
      { bench: "type-ahead", what: "p99 end to end", unit: "ms", value: spread.p99, limit, target: { type: "at-most", value: 20 }, spread },
    ];
  } finally {
    await product.stop();
    await api.close();
  }
}

/** What `npm start` runs. */
function launch(environment: Readonly<Record<string, string>>): { readonly address: Promise<string>; stop(): Promise<void> } {
  const child = spawn(process.execPath, ["dist/main.js"], {
    cwd: path.join(import.meta.dirname, ".."),
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let said = "";
  const address = new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000);
      const found = /"address":"(http:[^"]+)"/.exec(said)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void ended.then(() => reject(new Error(`Latchkey ended:\n${said}`)));
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
  };
  return { address, stop };
}
