/** A stage for the page: the built page, the stand-in for Slack beside it, and a small desk app behind real Bolt. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { build } from "vite";
import type { OpenTask, TimelineEvent } from "../../src/playground/page/live/timeline-event.ts";
import { type StandIn, standIn } from "../../src/playground/slack/stand-in.ts";
import { startDesk } from "./page-desk.ts";

const PAGE = join(import.meta.dirname, "../../src/playground/page");
const MIME: { readonly [extension: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
};

export interface Stage {
  readonly slack: StandIn;
  /** The page's address, with the slash at its end. */
  readonly url: string;
  /** What the timeline endpoint answers; null: there is none. */
  timeline: TimelineEvent[] | null;
  /** What the timeline's endpoint says of open tasks. */
  open: OpenTask[];
  /** false: every request is cut, as if the server were gone. */
  reachable: boolean;
  /** The app sends a person a card to decide; resolves with where it stands. */
  post(user: string, why: string): Promise<{ readonly conversation: string; readonly message: string }>;
  /** The app replies in a thread. */
  reply(channel: string, thread: string, text: string): Promise<void>;
  close(): Promise<void>;
}

const person = (id: string, real_name: string, title: string, department: string) => ({
  id,
  name: real_name.split(" ")[0]!.toLowerCase(),
  real_name,
  title,
  department,
});

export async function setStage(): Promise<Stage> {
  const folder = await builtPage();
  let mounted = "";
  let appUrl = "";
  const slack = standIn({
    botToken: "xoxb-stage",
    signingSecret: "stage-secret",
    eventsUrl: () => appUrl,
    url: () => `${mounted}playground/slack`,
    eventRetriesMs: [],
    team: { id: "T0ACME", name: "Acme", domain: "acme" },
    users: [
      person("UMARIA", "Maria Santos", "Vice president sales", "Sales"),
      person("UANNA", "Anna Lindqvist", "Account executive", "Sales"),
      person("UINES", "Ines Moreau", "Sales operations lead", "Sales"),
      person("ULENA", "Lena Vogt", "Systems administrator", "Operations"),
      ...Array.from({ length: 36 }, (_, n) => person(`U${100 + n}`, `Person ${String(n + 1).padStart(2, "0")}`, "Engineer", "Engineering")),
    ],
    channels: [
      { id: "CADMINS", name: "salesforce-admins", members: ["ULENA", "UINES"], bot: true, topic: "Who gives Salesforce accounts" },
      { id: "CGENERAL", name: "general", members: ["UMARIA", "UANNA", "UINES", "ULENA"], bot: false },
    ],
    app: {
      commands: [
        { command: "/request-access", hint: "[words]", description: "Ask for access to an application" },
        { command: "/access", hint: "[tasks|requests|mine|help]", description: "See your tasks and requests" },
      ],
      shortcuts: [{ callback_id: "request_access", name: "Request access" }],
    },
  });

  const stage: Pick<Stage, "timeline" | "open" | "reachable"> = { timeline: [], open: [], reachable: true };
  const server = createServer((request, response) => {
    if (!stage.reachable) return void request.socket.destroy();
    if (request.url?.startsWith("/playground/slack/")) return slack.handle(request, response);
    void answer(folder, stage, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  mounted = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const desk = await startDesk({ signingSecret: "stage-secret", token: "xoxb-stage", slackApiUrl: `${mounted}playground/slack/api/` });
  appUrl = desk.url;

  return Object.assign(stage, {
    slack,
    url: `${mounted}playground/`,
    post: desk.post,
    reply: desk.reply,
    close: async () => {
      slack.stop();
      server.closeAllConnections();
      server.close();
      await desk.close();
    },
  });
}

async function answer(
  folder: string,
  { timeline, open }: Pick<Stage, "timeline" | "open">,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://stage");
  if (pathname === "/playground/timeline" && timeline) {
    const events = timeline.filter((event) => event.seq > Number(searchParams.get("after")));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ events, open }));
    return;
  }
  const name = pathname === "/playground/" ? "index.html" : pathname.replace(/^\/playground\//, "");
  const content = await readFile(join(folder, name)).catch(() => null);
  if (content) response.writeHead(200, { "content-type": MIME[extname(name)] ?? "application/octet-stream" }).end(content);
  else response.writeHead(404).end();
}

/** Builds the page once for its present sources; test files that run at the same time may build twice, and one of them wins. */
async function builtPage(): Promise<string> {
  const sources = readdirSync(PAGE, { recursive: true, encoding: "utf8", withFileTypes: true }).filter((entry) => entry.isFile());
  const compiled = join(PAGE, "../../../dist/page");
  const compiledAt = statSync(join(compiled, "index.html"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.every((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs <= compiledAt)) return compiled;
  const hash = createHash("sha256");
  for (const path of sources.map((entry) => join(entry.parentPath, entry.name)).sort()) hash.update(path).update(readFileSync(path));
  const folder = join(tmpdir(), `latchkey-page-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const own = `${folder}-${process.pid}`;
  await build({ configFile: join(PAGE, "vite.config.ts"), logLevel: "error", build: { outDir: own } });
  try {
    renameSync(own, folder);
  } catch {
    rmSync(own, { recursive: true, force: true });
  }
  return folder;
}
