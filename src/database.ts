/** The database that the environment names, or the embedded one, started. */
import type { Logger } from "pino";
import type { Config } from "./config.ts";

export interface Database {
  readonly url: string;
  readonly ownerUrl: string;
  stop(): Promise<void>;
}

/** Throws a DatabaseFault when the embedded one can't be started; whether the other one answers isn't asked here. */
export async function openDatabase(config: Config, log: Logger): Promise<Database> {
  if (config.databaseUrl) return { url: config.databaseUrl, ownerUrl: config.databaseOwnerUrl ?? config.databaseUrl, stop: async () => {} };
  const { startEmbedded } = await import("./db/embedded/start.ts");
  return startEmbedded(config.home, log);
}
