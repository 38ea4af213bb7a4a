/**
 * The playground: a stand-in for Slack with the people of the configuration, and a page to act as any of them. Only for loopback: here everybody may
 * be anybody.
 */
import { randomBytes } from "node:crypto";
import type { Folder } from "../db/apply.ts";
import type { Db } from "../db/connect.ts";
import { repostEverything } from "../db/replay.ts";
import type { Routes } from "../http.ts";
import { slackIdOf, workspaceOf } from "./acme-slack.ts";
import { playgroundClock } from "./clock.ts";
import { pageFiles } from "./page-files.ts";
import { standIn } from "./slack/stand-in.ts";
import { changed } from "./slack/workspace.ts";
import { timelineEndpoint } from "./timeline.ts";

export interface Playground {
  readonly slack: { readonly botToken: string; readonly signingSecret: string; readonly apiUrl: string };
  readonly routes: Routes;
  stop(): void;
}

export interface PlaygroundOptions {
  readonly folder: Folder;
  readonly db: Db;
  /** Of Latchkey's own server, which serves the page and the stand-in too. */
  readonly port: number;
  /** Called when the clock was moved: something may be due now. */
  readonly wake: () => Promise<void>;
}

const COMMANDS = [
  { command: "/request-access", hint: "[application]", description: "Ask for access to an application" },
  { command: "/access", hint: "[tasks|requests|mine|help]", description: "Your tasks, requests and access", should_escape: true },
];

export async function playground({ folder, db, port, wake }: PlaygroundOptions): Promise<Playground> {
  const base = `http://127.0.0.1:${port}`;
  const botToken = `xoxb-playground-${randomBytes(12).toString("hex")}`;
  const signingSecret = randomBytes(16).toString("hex");
  const workspace = workspaceOf(folder);
  const clock = await playgroundClock({
    db,
    calendar: folder.catalogue.calendars[0] ?? null,
    onMove: async () => {
      await wake();
      changed(slack.world);
    },
  });
  const slack = standIn({
    ...workspace,
    botToken,
    signingSecret,
    eventsUrl: `${base}/slack/events`,
    url: `${base}/playground/slack`,
    clock: () => Math.floor(clock.now()),
    app: { commands: COMMANDS, shortcuts: [{ callback_id: "request_access", name: "Request access" }] },
  });
  // The stand-in remembers nothing over a restart, the database does: so the cards are posted again.
  await repostEverything(db);
  const page = pageFiles();
  const users = new Map(folder.people.map(({ person, slack: login }) => [person.id, login?.userId ?? slackIdOf(person.id)]));
  return {
    slack: { botToken, signingSecret, apiUrl: `${base}/playground/slack/api/` },
    routes: {
      "/": (_request, response) => {
        response.writeHead(302, { location: "/playground/" }).end();
      },
      "/playground/": page,
      "/playground/timeline": timelineEndpoint(db, (person) => users.get(person) ?? slackIdOf(person)),
      "/playground/clock": clock.handle,
      "/playground/slack/": (request, response) => slack.handle(request, response),
    },
    stop: () => slack.stop(),
  };
}
