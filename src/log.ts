/**
 * Structured logs, safe at the sink: only fields that stand in the list below are written, each in the one way that it names. What people wrote,
 * secrets and the messages of errors (Postgres quotes what somebody typed) have no field, so they can't be written by mistake. People and places are
 * written as keyed hashes: the same person is the same word in every line, and the word says nothing to whoever reads the log alone.
 */
import { createHmac } from "node:crypto";
import { type DestinationStream, type Logger, pino } from "pino";

/** `word`: short and plain, from our code or Slack's own list; `who`: hashed; `place`: its kind, and hashed; `fault`: name, code and lines of code; `path`: as it is. */
type Kind = "word" | "who" | "place" | "fault" | "path";

export const LOG_FIELDS: Readonly<Record<string, Kind>> = {
  about: "word",
  address: "word",
  again: "word",
  alert: "word",
  attempts: "word",
  changed: "word",
  connections: "word",
  conversation: "who",
  copy: "word",
  data: "path",
  effect: "word",
  err: "fault",
  fault: "word",
  from: "path",
  home: "path",
  kind: "word",
  link: "word",
  linkedTo: "who",
  message: "word",
  metrics: "word",
  missing: "word",
  number: "word",
  outcome: "word",
  people: "who",
  person: "who",
  pid: "word",
  place: "place",
  port: "word",
  reason: "word",
  result: "word",
  seconds: "word",
  silentFor: "word",
  status: "word",
  subject: "place",
  team: "word",
  teams: "word",
  to: "path",
  unknown: "word",
  user: "who",
  verb: "word",
  version: "word",
  waited: "word",
  why: "word",
  words: "path",
};

const HIDDEN = "(hidden)";
/** A list that is longer says no more in a log. */
const MOST_LISTED = 20;

export interface LogOptions {
  /** Keys the hashes; the same for every process that should write the same word for a person, and known to nobody who may only read logs. */
  readonly key?: string;
  /** Left out: standard output. */
  readonly to?: DestinationStream;
}

export function createLog(level: string, { key = "", to }: LogOptions = {}): Logger {
  const hash = (it: string) => hashedName(key, it);
  const options = {
    level,
    base: null,
    formatters: { log: (about: Record<string, unknown>) => safe(about, hash) },
    // An error without words would be written with its own.
    hooks: {
      logMethod(this: Logger, [about, message]: unknown[], method: (...args: unknown[]) => void) {
        if (typeof about === "string") method.apply(this, [about]);
        else method.apply(this, [about instanceof Error ? { err: about } : about, typeof message === "string" ? message : "no words"]);
      },
    },
    // `fault` fields are made by `safe`; pino's own serializer would add the message.
    serializers: { err: (it: unknown) => it },
  };
  return to ? pino(options, to) : pino(options);
}

/** The word that stands in the log for a person, a login or a channel. */
export function hashedName(key: string, it: string): string {
  return `#${createHmac("sha256", key).update(it).digest("hex").slice(0, 12)}`;
}

type Hash = (it: string) => string;

function safe(about: Record<string, unknown>, hash: Hash): Record<string, unknown> {
  return Object.fromEntries(Object.entries(about).map(([name, value]) => [name, shown(LOG_FIELDS[name], value, hash)]));
}

function shown(kind: Kind | undefined, value: unknown, hash: Hash): unknown {
  if (kind === undefined) return HIDDEN;
  if (kind === "fault") return faultOf(value);
  if (value === undefined || value === null || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.slice(0, MOST_LISTED).map((one) => shown(kind, one, hash));
  if (typeof value !== "string") return HIDDEN;
  switch (kind) {
    case "word":
      return /^[\w .:,/()'[\]-]{0,120}$/.test(value) ? value : HIDDEN;
    case "path":
      return value.slice(0, 2_000);
    case "who":
      return hash(value);
    case "place": {
      const [what = ""] = value.split(":", 1);
      return /^[a-z]{1,20}$/.test(what) && what !== value ? `${what}:${hash(value.slice(what.length + 1))}` : hash(value);
    }
  }
}

export interface FaultShown {
  /** Class and code, and those of what caused it. */
  readonly name: string;
  /** Where it happened, the innermost first. */
  readonly at: readonly string[];
}

const MOST_FRAMES = 8;

/** What may be said of any error: its class, its code and the lines of code that it came through; its message may quote anything. */
export function faultOf(error: unknown): FaultShown {
  const names: string[] = [];
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth++) names.push(nameOf(one));
  return { name: names.join(" < ") || typeof error, at: error instanceof Error ? framesOf(error) : [] };
}

function nameOf(error: Error): string {
  const { code } = error as { code?: unknown };
  const words = typeof code === "string" ? [error.name, code] : [error.name];
  return words.map((word) => (/^[\w.-]{1,60}$/.test(word) ? word : HIDDEN)).join(" ");
}

/** The lines below the message; none when the message can't be told from them. */
function framesOf({ stack, message }: Error): readonly string[] {
  const from = stack?.indexOf(message) ?? -1;
  if (stack === undefined || from < 0) return [];
  const lines = stack.slice(from + message.length).split("\n");
  return lines.flatMap((line) => /^ {4}at (.+)$/.exec(line)?.[1] ?? []).slice(0, MOST_FRAMES);
}
