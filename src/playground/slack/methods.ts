/** What a Web API method is, and how it says that an argument is missing. */
import type { Arguments } from "./arguments.ts";
import { type Outcome, type Refused, refused } from "./workspace.ts";
import type { Json, World } from "./world.ts";

export type Method = (world: World, args: Arguments) => Outcome<Json>;

/** Slack's refusal of a call without these arguments; undefined when all are there. */
export function missing(args: Arguments, ...names: readonly string[]): Refused | undefined {
  const absent = names.filter((name) => args.all[name] === undefined || args.all[name] === "");
  return absent.length === 0
    ? undefined
    : refused(
        "invalid_arguments",
        absent.map((name) => `missing required field: ${name}`),
      );
}
