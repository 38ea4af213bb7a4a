/** What a database is for, as the command line decides it. */
import type { Config } from "../config.ts";
import type { MigrateOptions } from "../db/migrate.ts";

/** `--real` and `--playground`; commander sees to it that only one of them is given. */
export interface MarkOptions {
  readonly real?: boolean;
  readonly playground?: boolean;
}

/**
 * An option says it. Else a database keeps its mark, and a new one gets the mode's; but a database of one's own without chat credentials may be a
 * deploy job's as well as a playground's, and a guess would last for good.
 */
export function markOf(config: Pick<Config, "mode" | "databaseUrl">, options: MarkOptions): MigrateOptions["mark"] {
  if (options.real) return "real";
  if (options.playground) return "playground";
  return { otherwise: config.databaseUrl !== undefined && config.mode === "playground" ? null : config.mode };
}
