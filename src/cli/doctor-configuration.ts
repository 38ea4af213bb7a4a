/** Doctor: is the folder sound, and is it what is in force? */
import type { Config } from "../config.ts";
import { printFault } from "../configuration/fault.ts";
import { readFolder } from "../configuration/folder.ts";
import type { Db } from "../db/connect.ts";
import { erasedAmong } from "../db/erase.ts";
import { configurationInForce } from "../db/health.ts";
import { type Examined, type Finding, someOf, wanting } from "./doctor-finding.ts";

const MOST_FAULTS = 20;

export async function examineConfiguration(db: Db, config: Config): Promise<Examined> {
  const area = "configuration";
  const findings: Finding[] = [];
  const [inForce, read] = await Promise.all([configurationInForce(db), readFolder(config.folder)]);
  if (!read.ok) {
    for (const fault of read.faults.slice(0, MOST_FAULTS))
      findings.push(
        wanting(area, {
          what: printFault(fault),
          why: "A folder with a mistake is not applied, and Latchkey doesn't start with it.",
          todo: `Correct it in ${config.folder}, then run: latchkey config check`,
        }),
      );
  } else if (inForce && inForce.digest !== read.digest) {
    findings.push(
      wanting(area, {
        what: `The folder ${config.folder} differs from version ${inForce.version}, which is in force.`,
        why: "What was changed in the folder doesn't count yet.",
        todo: config.applyAtStart ? "Run: latchkey config apply (a start of Latchkey does it too)" : "Run: latchkey config apply",
      }),
    );
  }
  const erased = read.ok
    ? await erasedAmong(
        db.$client,
        read.people.map(({ person }) => person.id),
      )
    : [];
  if (erased.length > 0)
    findings.push(
      wanting(area, {
        what: `people.csv still holds ${erased.length === 1 ? "somebody" : "people"} whose data was erased: ${someOf(erased)}.`,
        why: "Latchkey passes these rows over, but the file keeps what was to be forgotten.",
        todo: "Take the rows out of people.csv and out of its source. Who comes back to the company gets a new id.",
      }),
    );
  if (!inForce)
    findings.push(
      wanting(area, {
        what: "No configuration was applied yet.",
        why: "Without one nobody is let in and nothing can be asked for.",
        todo: "Run: latchkey config apply",
      }),
    );
  const stands = inForce
    ? `version ${inForce.version} is in force since ${inForce.appliedAt.slice(0, 16).replace("T", " ")} (by ${inForce.appliedBy})`
    : "nothing is in force";
  return { area, stands, findings };
}
