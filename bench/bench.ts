import type { Figure } from "./figure.ts";
import type { Server } from "./server.ts";

/** What every bench stands on. */
export interface Ground {
  /** The temporary Postgres, started at the first call and shared by all benches of the run. */
  server(): Promise<Server>;
  /** Fewer and shorter rounds: to see that a bench runs, not for figures. */
  readonly quick: boolean;
  /** Says on stderr what is being done. */
  say(text: string): void;
}

export interface Bench {
  /** As in `npm run bench -- decide`. */
  readonly name: string;
  /** One line for `npm run bench -- --list`. */
  readonly about: string;
  run(ground: Ground): Promise<readonly Figure[]>;
}
