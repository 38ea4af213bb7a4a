/** Opens the database for one command, and turns whatever is wrong with settings or database into what the command says. */
import { type Config, ConfigFault, readConfig } from "../config.ts";
import { type Database, openDatabase } from "../database.ts";
import { DatabaseFault } from "../db/fault.ts";
import { createLog } from "../log.ts";
import { failed, type Said } from "./said.ts";

export interface DatabaseOptions {
  /** True: beside a Latchkey that runs on the embedded database, instead of being refused its folder. */
  readonly join?: boolean;
}

export async function withDatabase(
  env: NodeJS.ProcessEnv,
  run: (database: Database, config: Config) => Promise<Said>,
  { join = false }: DatabaseOptions = {},
): Promise<Said> {
  let database: Database | undefined;
  try {
    const config = readConfig(env);
    const running =
      join && config.databaseUrl === undefined ? await (await import("../db/embedded/join.ts")).joinEmbedded(config.home) : null;
    database = running
      ? { ...running, stop: async () => {} }
      : await openDatabase(config, createLog(config.logLevel === "info" ? "warn" : config.logLevel));
    return await run(database, config);
  } catch (error) {
    if (error instanceof ConfigFault) return failed(error.problems);
    if (error instanceof DatabaseFault) return failed([error.message]);
    throw error;
  } finally {
    await database?.stop();
  }
}
