/** Latchkey's Slack channel on a real database, with the stand-in as Slack: both talk over HTTP, signed. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Text } from "../../src/cards/card.ts";
import { taskCard } from "../../src/cards/task-card.ts";
import { inPlain } from "../../src/channels/slack/rich.ts";
import { type Slack, type SlackOptions, slack } from "../../src/channels/slack/slack.ts";
import type { Operations } from "../../src/operations/operations.ts";
import type { Actor } from "../../src/playground/slack/actor.ts";
import type { MessageOnPage, Typed, Values, ViewOnPage } from "../../src/playground/slack/page-interface.ts";
import { type StandIn, type StandInOptions, standIn } from "../../src/playground/slack/stand-in.ts";
import type { Log } from "../../src/ports.ts";
import { en } from "../../src/texts/en.ts";
import { type Company, PEOPLE } from "../operations/company.ts";
import { openTaskOf } from "../setup/tasks.ts";

export const TEAM = "T0ACME";
export const BOT_TOKEN = "xoxb-the-test-bot";
export const SIGNING_SECRET = "the-signing-secret-of-these-tests";

/** Slack's user id of a person of the test company. */
export const userOf = (person: string): string => `U${person.toUpperCase()}`;

export const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const USERS = PEOPLE.map(({ id, name, email }) => ({ id: userOf(id), name: id, real_name: name, email }));

export const WORKSPACE = {
  botToken: BOT_TOKEN,
  signingSecret: SIGNING_SECRET,
  team: { id: TEAM, name: "Acme", domain: "acme" },
  users: [
    ...USERS,
    { id: "UGUEST", name: "gil", real_name: "Gil Guest", email: "rita@acme.example", is_restricted: true },
    { id: "UNOBODY", name: "nora", real_name: "Nora Nobody", email: "nora@acme.example" },
  ],
  channels: [
    { id: "C0HANDS", name: "hands", members: ["ULENA", "UTOM"], bot: true },
    { id: "C0APPROVALS", name: "approvals", members: ["UINES", "UOMAR", "UUMA", "UMAX"], bot: true },
    { id: "C0QUIET", name: "quiet", members: ["ULENA"] },
    { id: "G0PRIVATE", name: "private", kind: "private", members: ["ULENA"], bot: true },
    { id: "C0OLD", name: "old", members: ["ULENA"], bot: true, is_archived: true },
  ],
} as const satisfies Omit<StandInOptions, "deliver" | "eventsUrl">;

export interface Stage {
  readonly slack: Slack;
  readonly world: StandIn;
  /** Latchkey's address for Slack. */
  readonly eventsUrl: string;
  /** The stand-in's own address. */
  readonly slackUrl: string;
  /** Whatever was logged, as text. */
  readonly logged: string[];
  /** From now on another process answers Slack, which knows nothing of what this one has in its memory. */
  anotherProcess(): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly homes?: readonly string[];
  /** Events that the app has subscribed to; left out: the stand-in's own choice. */
  readonly events?: readonly string[];
  /** Left out: cards go out as fast as they come. */
  readonly pacing?: SlackOptions["pacing"];
}

export async function stage(operations: Operations, options: StageOptions = {}): Promise<Stage> {
  let eventsUrl = "";
  const world = standIn({
    ...WORKSPACE,
    eventsUrl: () => eventsUrl,
    eventRetriesMs: [],
    ...(options.events ? { app: { events: options.events } } : {}),
  });
  const { url, close } = await world.listen();
  const logged: string[] = [];
  const note = (about: object, message: string) => void logged.push(`${message} ${JSON.stringify(about)}`);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const process = () =>
    slack({
      botToken: BOT_TOKEN,
      signingSecret: SIGNING_SECRET,
      apiUrl: `${url}/api/`,
      homes: () => options.homes ?? [TEAM],
      operations,
      texts: en,
      log,
      pacing: options.pacing ?? { rates: {} },
    });
  const channel = process();
  await channel.start();
  const processes = [channel];
  const server = createServer((req, res) => void processes.at(-1)?.handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  eventsUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  return {
    slack: channel,
    world,
    eventsUrl,
    slackUrl: url,
    logged,
    anotherProcess: async () => {
      const other = process();
      await other.start();
      processes.push(other);
    },
    close: async () => {
      for (const each of processes) await each.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await close();
    },
  };
}

/** Posts the card of a line's open task, as the outbox would. */
export async function postTask(
  it: Stage,
  company: Company,
  number: number,
  to: { person: string } | { channel: string },
): Promise<{ channel: string; message: string }> {
  const open = await openTaskOf(company.operations, number);
  if (!open) throw new Error(`line ${number} has no open task`);
  const view = await company.operations.task(open.id, "person" in to ? to.person : null);
  if (!view) throw new Error("the task is gone");
  const place =
    "person" in to
      ? ({ kind: "direct", home: TEAM, user: userOf(to.person) } as const)
      : ({ kind: "channel", home: TEAM, channel: to.channel } as const);
  const posted = await it.slack.channel.post(place, taskCard(view, en), `${open.id}:${JSON.stringify(to)}`);
  if (posted.type !== "done") throw new Error(`not posted: ${posted.why}`);
  return { channel: posted.value.conversation, message: posted.value.message };
}

/** All words of blocks without the spaces between them, for tests that ask what a person reads. */
export function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join("");
  if (typeof value !== "object" || value === null) return "";
  const words = Object.entries(value).map(([key, one]) =>
    typeof one === "string" ? (key === "text" || key === "fallback" ? one : "") : wordsOf(one),
  );
  return words.join("").replace(/\s+/g, "");
}

/** A text in the form in which `wordsOf` gives it. */
export function said(text: Text): string {
  return inPlain(text).replace(/\s+/g, "");
}

/** Values for a modal's inputs by the ids of the form's fields. */
export function filledIn(modal: ViewOnPage | undefined, answers: Readonly<Record<string, Typed>>): Values {
  const values: Record<string, Record<string, Typed>> = {};
  for (const [field, typed] of Object.entries(answers)) {
    const { block, action } = inputOf(modal, field);
    values[block] = { [action]: typed };
  }
  return values;
}

/** The block and the input of a field. */
export function inputOf(modal: ViewOnPage | undefined, field: string): { readonly block: string; readonly action: string } {
  for (const [block, held] of Object.entries(modal?.values ?? {})) {
    for (const action of [`in.${field}`, `tick.${field}`]) if (action in held) return { block, action };
  }
  throw new Error(`the form has no field ${field}: ${JSON.stringify(modal?.values)}`);
}

/** What stands in a field; undefined: the form doesn't ask for it. */
export function heldIn(modal: ViewOnPage | undefined, field: string): Typed | undefined {
  for (const held of Object.values(modal?.values ?? {})) {
    const value = held[`in.${field}`] ?? held[`tick.${field}`];
    if (value) return value.typed;
  }
  return undefined;
}

/** The private messages that a person sees, in all conversations. */
export function toldTo(actor: Actor): readonly MessageOnPage[] {
  return actor.sees().conversations.flatMap(({ messages }) => messages.filter(({ ephemeral }) => ephemeral));
}

/** The real operations, with something done before and after each of them. */
export function hooked(
  operations: Operations,
  before: (name: string) => Promise<void>,
  after: (name: string) => Promise<void> = async () => {},
): Operations {
  return new Proxy(operations, {
    get:
      (target, name: keyof Operations) =>
      async (...args: unknown[]) => {
        await before(name);
        const done = await (target[name] as (...args: unknown[]) => unknown)(...args);
        await after(name);
        return done;
      },
  });
}
