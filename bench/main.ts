/** `npm run bench`: measures what Latchkey does beside the limit of the same machine in the same minutes. `npm run bench -- decide` runs one. */
import { Command } from "commander";
import { apply } from "./apply.ts";
import type { Bench, Ground } from "./bench.ts";
import { cards } from "./cards.ts";
import { decide } from "./decide.ts";
import type { Figure } from "./figure.ts";
import { inProcess } from "./in-process.ts";
import { remind } from "./remind.ts";
import { type Server, startServer } from "./server.ts";
import { start } from "./start.ts";
import { printed, reportOf } from "./table.ts";
import { typeAhead } from "./type-ahead.ts";

const BENCHES: readonly Bench[] = [decide, inProcess, cards, remind, typeAhead, start, apply];

interface Options {
  readonly json?: true;
  readonly quick?: true;
  readonly strict?: true;
}

async function main(names: readonly string[], options: Options): Promise<void> {
  const chosen = names.length === 0 ? BENCHES : names.map(named);
  let server: Promise<Server> | null = null;
  const ground: Ground = {
    server: () => {
      server ??= startServer();
      return server;
    },
    quick: options.quick ?? false,
    say: (text) => void process.stderr.write(`${text}\n`),
  };
  const figures: Figure[] = [];
  try {
    for (const bench of chosen) {
      ground.say(`${bench.name}: ${bench.about}`);
      figures.push(...(await bench.run(ground)));
    }
    const version = server === null ? null : (await (server as Promise<Server>)).version;
    const report = reportOf(figures, version, ground.quick);
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : printed(report));
    if (options.strict && report.figures.some(({ met }) => met === false)) process.exitCode = 1;
  } finally {
    if (server !== null) await (await (server as Promise<Server>)).stop();
  }
}

function named(name: string): Bench {
  const found = BENCHES.find((bench) => bench.name === name);
  if (!found) throw new Error(`There is no bench called ${name}; there are ${BENCHES.map((bench) => bench.name).join(", ")}.`);
  return found;
}

await new Command("bench")
  .description(`Measures Latchkey beside its limits.\n\n${BENCHES.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join("\n")}`)
  .argument("[names...]", "only these; all when left out")
  .option("--json", "for machines")
  .option("--quick", "fewer and shorter rounds: shows that it runs, not how fast")
  .option("--strict", "exits with 1 when a target is missed")
  .action(main)
  .parseAsync();
