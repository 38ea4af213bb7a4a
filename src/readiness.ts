/** Whether this process should be sent work, and if not, which part of it isn't there: by a word, for balancers and for people. */

export interface Parts {
  /** `slow`: it answers, and takes its time. `silent`: it can't be reached, or hasn't answered for seconds. */
  readonly database: "answers" | "slow" | "silent";
  /** `behind`: the database is not of this version. */
  readonly schema: "migrated" | "behind";
  /** `down`: no link to the chat stands. `shut-out`: the chat refuses the app's token, so nothing can be delivered. */
  readonly chat: "up" | "starting" | "down" | "shut-out";
  readonly process: "runs" | "stopping";
}

export interface Readiness {
  readonly ready: boolean;
  readonly parts: Parts;
}

export function readiness(parts: Parts): Readiness {
  const { database, schema, chat, process } = parts;
  return { ready: database !== "silent" && schema === "migrated" && chat === "up" && process === "runs", parts };
}
