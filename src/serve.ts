/** Runs until it is told to stop. Problems with the start are sentences, not stack traces. */
import { ConfigFault, readConfig } from "./config.ts";
import { DatabaseFault } from "./db/fault.ts";
import { createLog, faultOf } from "./log.ts";
import { StartFault } from "./start-fault.ts";
import { type Running, start } from "./wiring.ts";

/** Milliseconds for what was begun; after that the process leaves anyway, and the next one carries on. */
const DRAIN_MS = 5000;

/** Resolves with the exit code once Latchkey has stopped: 0 told to, 1 could not start. */
export async function serve(env: NodeJS.ProcessEnv): Promise<number> {
  let running: Running;
  try {
    const config = readConfig(env);
    // A person who tries the playground wants the address, not a stream of JSON: there the log begins at warnings unless asked for.
    const level = config.mode === "playground" && !env.LOG_LEVEL ? "warn" : config.logLevel;
    const log = createLog(level, { key: config.slack?.botToken ?? "playground" });
    process.on("unhandledRejection", (reason) => log.error({ err: reason }, "a rejection nobody handled"));
    // Node would print the error with all that it carries, such as the row that Postgres refused.
    process.on("uncaughtException", (error) => {
      log.fatal({ err: error }, "an error nobody caught: leaving");
      process.exit(1);
    });
    const told = new Promise<void>((resolve) => {
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
    });
    running = await start(config, log);
    if (config.mode === "playground") {
      process.stdout.write(
        `\n  Latchkey runs in playground mode. Open this page and act as anybody there:\n\n      ${running.address}\n\n  Stop with Ctrl+C. Nothing here reaches a real chat.\n\n`,
      );
    } else log.info({ address: running.address }, "Latchkey runs");
    await told;
    const leave = setTimeout(() => process.exit(0), DRAIN_MS);
    leave.unref();
    await running.stop();
    clearTimeout(leave);
    return 0;
  } catch (error) {
    process.stderr.write(`${saying(error)}\n`);
    return 1;
  }
}

/** A fault that we know is its sentence; of anything else, where it happened, but never its message, which may quote a secret or what somebody wrote. */
export function saying(error: unknown): string {
  if (error instanceof ConfigFault)
    return `Latchkey can't start with these settings:\n${error.problems.map((problem) => `  - ${problem}`).join("\n")}`;
  if (error instanceof StartFault || error instanceof DatabaseFault) return error.message;
  const { name, at } = faultOf(error);
  return [`Latchkey could not go on: ${name}`, ...at.map((line) => `    at ${line}`)].join("\n");
}
