/** Names the concrete parts and puts them together; nothing else does. What only some need is imported where they do: it takes time to start and memory. */
import type { Logger } from "pino";
import { v7 } from "uuid";
import { inspectSlack, SCOPES, type SlackInspector } from "./channels/slack/inspect.ts";
import { type SlackOptions, slack } from "./channels/slack/slack.ts";
import type { Config, SlackConfig } from "./config.ts";
import { manual } from "./connectors/manual.ts";
import { openDatabase } from "./database.ts";
import { type Applied, applyFolder, type Folder } from "./db/apply.ts";
import { type Connection, connect, reach } from "./db/connect.ts";
import { versionOf } from "./db/in-force.ts";
import { loadSettings } from "./db/load.ts";
import { migrate, migrationGaps } from "./db/migrate.ts";
import { outboxDepth } from "./db/outbox-depth.ts";
import { pulse } from "./db/pulse.ts";
import { watchdog } from "./db/watchdog.ts";
import type { Courier } from "./delivery/courier.ts";
import { measuredChannel } from "./delivery/measured.ts";
import { schedule } from "./delivery/schedule.ts";
import { type HttpServer, listen } from "./http.ts";
import { watch } from "./meters.ts";
import { alertOnce } from "./operations/alert.ts";
import { listedHomes } from "./operations/listed-homes.ts";
import { measured } from "./operations/measured.ts";
import { operations } from "./operations/wire.ts";
import type { World } from "./operations/world.ts";
import type { Playground } from "./playground/playground.ts";
import type { Parts } from "./readiness.ts";
import { StartFault } from "./start-fault.ts";
import { en } from "./texts/en.ts";
import { LOOPBACK_NAMES, listenForMetrics, metricsPage, ownVersion, probes } from "./watching.ts";

export interface Running {
  /** Where it listens, for people. */
  readonly address: string;
  readonly applied: Applied | null;
  stop(): Promise<void>;
}

export type { SlackInspector };
/** The scopes that Latchkey needs of Slack, and what is missing without each. */
export const SLACK_SCOPES = SCOPES;

/** What stands in place of what was erased. */
export const ERASED_WORDS = en.erased;

/** What the command line may ask of Slack; null: no credentials are set. */
export function slackOf(config: Config, log: Logger): SlackInspector | null {
  if (!config.slack) return null;
  const { botToken, inbound, apiUrl = null } = config.slack;
  return inspectSlack({ botToken, appToken: inbound.kind === "socket" ? inbound.appToken : null, apiUrl, log });
}

/**
 * Reads the folder, migrates, applies the folder if that is wanted, opens the channels and starts to deliver. A folder with a fault stops the start
 * before anything is touched; whatever fails later stops what was started before it.
 */
export async function start(config: Config, log: Logger): Promise<Running> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse())
      await step().catch((error: unknown) => log.warn({ err: error }, "a part did not stop cleanly"));
  };
  try {
    const read = config.applyAtStart || config.mode === "playground" ? await folderOrVersion(config) : null;
    const database = await openDatabase(config, log);
    undo.push(() => database.stop());
    await migrate({ ownerUrl: database.ownerUrl, runtimeUrl: database.url, mark: config.mode });
    const applied = read !== null && config.applyAtStart ? await applyAtStart(read, database.url, log) : null;
    const connection = connect(database.url);
    undo.push(() => connection.close());
    await reach(connection);
    const address = await open(config, log, { connection, folder: typeof read === "object" ? read : null, undo });
    return { address, applied, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The folder, or the version in force where that was read from the very same bytes: a large folder takes seconds to read.
 * A faulty folder stops the start: better no bot than one that asks the wrong people.
 */
async function folderOrVersion({ folder, mode, databaseUrl }: Config): Promise<Folder | number> {
  const { openFolder } = await import("./configuration/unread.ts");
  const unread = await openFolder(folder);
  // The playground acts as the people of the folder, and the embedded database doesn't run yet.
  const version = mode === "real" && databaseUrl ? await versionOf(databaseUrl, unread.bytesDigest) : null;
  if (version !== null) return version;
  const read = await unread.read();
  if (!read.ok) throw StartFault.ofFolder(folder, read.faults);
  return read;
}

async function applyAtStart(folder: Folder | number, url: string, log: Logger): Promise<Applied> {
  if (typeof folder === "number") return { type: "unchanged", version: folder };
  const applied = await applyFolder(url, folder, { by: "start", newId: v7 });
  if (applied.type === "too-many-leavers") {
    throw new StartFault(
      `people.csv would make ${applied.leaving} of ${applied.active} active people leave at once. If that is right, run: latchkey config apply --many-may-leave`,
    );
  }
  if (applied.type !== "applied") return applied;
  for (const { user, person, linkedTo } of applied.linkedOtherwise)
    log.warn({ user, person, linkedTo }, "people.csv gives a login to somebody else than it is linked to; a link never moves");
  if (applied.erased.length > 0)
    log.warn({ people: applied.erased }, "people.csv holds people who were erased; their rows are passed over");
  log.info({ version: applied.version, changed: applied.changed, missing: applied.missing.length }, "the configuration was applied");
  return applied;
}

interface Ground {
  readonly connection: Connection;
  /** null: neither to be applied nor to be played in. */
  readonly folder: Folder | null;
  /** What stops the parts, in the order in which they were started. */
  readonly undo: (() => Promise<void>)[];
}

async function open(config: Config, log: Logger, { connection, folder, undo }: Ground): Promise<string> {
  const { db } = connection;
  const bell = { ring: () => {}, tick: async () => {} };
  const seen = watch({ version: ownVersion(), outbox: () => outboxDepth(db) });
  const { meters } = seen;
  const world: World = { db, newId: v7, wake: () => bell.ring(), meters };
  const verbs = measured(operations(world), meters, log);
  const server = await listenOrSay(config);
  undo.push(() => server.close(3000));
  const apart = config.metrics ? await listenForMetrics(config.metrics, seen, log) : null;
  undo.push(async () => apart?.close(0));

  let stage: Playground | null = null;
  if (config.mode === "playground" && folder) {
    const { playground } = await import("./playground/playground.ts");
    stage = await playground({ folder, db, port: server.port, wake: () => bell.tick() });
    undo.push(async () => stage?.stop());
  }
  const homes = listedHomes(async () =>
    ((await loadSettings(db))?.homes ?? []).filter(({ platform }) => platform === "slack").map(({ id }) => id),
  );
  // Read once while it surely answers. A database that isn't this version's has none; readiness says so.
  await homes().catch(() => {});
  const credentials = stage?.slack ?? config.slack;
  if (!credentials) throw new StartFault("No chat is configured.");
  const bolt = slack({
    botToken: credentials.botToken,
    ...inboundOf(credentials, world, log),
    ...(credentials.apiUrl ? { apiUrl: credentials.apiUrl } : {}),
    homes,
    operations: verbs,
    texts: en,
    log,
    meters,
    // What stands in for Slack on this machine sets its own limits.
    ...(isLocal(credentials.apiUrl) ? { pacing: { rates: {} } } : {}),
  });
  const courier: Courier = {
    world,
    channel: measuredChannel(bolt.channel, meters),
    connectors: {},
    byHand: manual,
    texts: en,
    log,
    meters,
    settings: () => loadSettings(db),
    inHand: { effects: new Set(), copies: new Set() },
  };
  const standing = { started: false, stopping: false };
  const migrated = await isMigrated(connection, log);
  const heart = pulse({ ping: () => connection.sql`select 1`, asked: meters.asked });
  const parts = async (): Promise<Parts> => ({
    database: await heart.health(),
    schema: migrated ? "migrated" : "behind",
    chat: !standing.started ? "starting" : bolt.channel.shut() !== null ? "shut-out" : bolt.up() ? "up" : "down",
    process: standing.stopping ? "stopping" : "runs",
  });
  server.route({
    ...stage?.routes,
    "/slack/events": (request, response) => bolt.handle(request, response),
    ...probes(parts),
    // Beside everything else only where nothing but loopback is served.
    ...(config.metrics ? {} : { "/metrics": metricsPage(seen) }),
  });
  undo.push(() => bolt.stop());
  // What it throws is a sentence for whoever starts it.
  await bolt.start().catch((error: unknown) => {
    throw new StartFault(error instanceof Error ? error.message : String(error));
  });
  standing.started = true;
  const running = schedule(courier, config.tick);
  bell.ring = running.wake;
  bell.tick = async () => {
    await running.tick();
    running.wake();
  };
  undo.push(() => running.stop());
  const dog = watchdog({ ping: heart.ask, log, exit: (code) => process.exit(code) });
  undo.push(async () => dog.stop());
  // Undone first: a balancer should look elsewhere while what was begun comes to its end.
  undo.push(async () => {
    standing.stopping = true;
  });
  return `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${server.port}`;
}

/** Slack calls us, or over Socket Mode we keep links to it; when those can't be had for a reason that people have to mend, administrators are told once a day. */
function inboundOf(
  credentials: Playground["slack"] | SlackConfig,
  world: World,
  log: Logger,
): Pick<SlackOptions, "signingSecret" | "socket"> {
  if ("signingSecret" in credentials) return { signingSecret: credentials.signingSecret };
  const { inbound } = credentials;
  if (inbound.kind === "http") return { signingSecret: inbound.signingSecret };
  const trouble = (_: string, why: string) =>
    void alertOnce(world, { alert: "slack-cut-off", about: { why }, key: `slack-cut-off:${why}` }).catch((error: unknown) =>
      log.error({ err: error }, "administrators could not be told that Slack is cut off"),
    );
  return { socket: { appToken: inbound.appToken, trouble, leave: () => process.exit(1) } };
}

/** Migrating speaks as the owner, running as somebody else, and the two addresses may name two databases. */
async function isMigrated(connection: Connection, log: Logger): Promise<boolean> {
  const { missing, unknown } = await migrationGaps(connection.sql);
  if (missing.length === 0 && unknown.length === 0) return true;
  log.error({ missing, unknown }, "DATABASE_URL is not migrated to this version: does DATABASE_OWNER_URL name another database?");
  return false;
}

function isLocal(url: string | undefined): boolean {
  return url !== undefined && LOOPBACK.includes(new URL(url).hostname);
}

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

async function listenOrSay(config: Config): Promise<HttpServer> {
  const hosts = config.mode === "playground" ? LOOPBACK_NAMES : undefined;
  try {
    return await listen({ host: config.host, port: config.port, ...(hosts ? { hosts } : {}) });
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "EADDRINUSE")
      throw new StartFault(`Port ${config.port} is taken by another program. Set PORT to a free one, such as PORT=${config.port + 1}.`);
    if (code === "EACCES")
      throw new StartFault(`Port ${config.port} needs rights that this user doesn't have. Set PORT to one above 1023.`);
    if (code === "EADDRNOTAVAIL") throw new StartFault(`HOST ${config.host} is no address of this machine.`);
    throw error;
  }
}
